"""A run looks back two years where enough series are old enough for the season of last year, and what that costs."""

from __future__ import annotations

import tracemalloc
from datetime import timedelta

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.demand.calibration import OLD_DAYS, TWO_YEARS
from stockhub.demand.frames import rows_of
from stockhub.demand.models import Forecast, ForecastSettings, LeadTimeCalibration
from stockhub.demand.true_demand import true_demand_of
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
YESTERDAY = DAY - timedelta(days=1)


@pytest.fixture
def world() -> World:
    ForecastSettings.objects.create(chain=["recent-average"], horizon_days=28, quantile_levels=[0.5, 0.9])
    return make_world()


def shop(world: World, *ages: int) -> list[int]:
    """SKUs that have sold for so many days."""
    rng, ids = np.random.default_rng(728), []
    for number, days in enumerate(ages):
        sku = world.sku(f"T{number}")
        world.sold(sku, rng.poisson(4.0, days).astype(float).tolist(), last_on=YESTERDAY)
        ids.append(sku.pk)
    return ids


def days_looked_at() -> int:
    return LeadTimeCalibration.objects.latest("id").history_days


def test_u9_where_a_quarter_of_the_series_are_old_enough_a_run_looks_back_two_years(world: World) -> None:
    shop(world, 800, 100, 100, 100)
    run_cycle("forecast")
    assert days_looked_at() == TWO_YEARS == 728
    used = dict(Forecast.objects.values_list("sku__code", "history_days"))
    assert used == {"T0": 728, "T1": 100, "T2": 100, "T3": 100}


@pytest.mark.parametrize("ages", [(OLD_DAYS, 100, 100, 100), (800, 100, 100, 100, 100)])
def test_u9_too_few_old_series_or_none_old_enough_keep_a_run_at_one_year(world: World, ages: tuple[int, ...]) -> None:
    shop(world, *ages)
    run_cycle("forecast")
    assert days_looked_at() == 365
    assert Forecast.objects.get(sku__code="T0").history_days == 365


def test_u9_looking_back_two_years_can_be_switched_off_and_a_longer_history_is_kept(world: World) -> None:
    shop(world, 800, 800)
    ForecastSettings.objects.update(looks_back_two_years=False)
    run_cycle("forecast")
    assert days_looked_at() == 365
    ForecastSettings.objects.update(looks_back_two_years=True, history_days=790)
    run_cycle("forecast", NOW + timedelta(minutes=1))
    assert days_looked_at() == 790


def test_u9_the_second_year_costs_no_query_and_at_most_twice_the_memory(world: World) -> None:
    rows = rows_of(shop(world, *[800] * 60))
    wanted = ForecastSettings.objects.get()
    true_demand_of(rows, wanted, last_on=YESTERDAY, days=365)
    asked, peak = {}, {}
    for days in (365, TWO_YEARS):
        tracemalloc.start()
        try:
            with CaptureQueriesContext(connection) as queries:
                truth = true_demand_of(rows, wanted, last_on=YESTERDAY, days=days)
            peak[days] = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert truth.panel().values.shape == (60, days)
        assert np.isfinite(truth.panel().values).all()
        asked[days] = len(queries)
    assert asked[TWO_YEARS] == asked[365]
    assert peak[TWO_YEARS] <= 2.1 * peak[365]
