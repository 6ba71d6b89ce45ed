"""Forecasts against actuals: written down once a week, compared when the days are over."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import numpy as np
import pytest

from stockhub.alerts.models import Alert
from stockhub.alerts.rules.forecast_bias import ForecastBiasParameters, ForecastBiasRule
from stockhub.demand.mini_reviews import mini_reviews
from stockhub.demand.models import Forecast, ForecastSettings
from stockhub.demand.track_models import ForecastTrack
from stockhub.demand.tracking import LEAN_WEEKS, MOST_KEPT
from stockhub.pluginapi.testing.snapshots import snapshot_of
from tests.worlds import DAY, NOW, World, make_world, run_cycle

WEEKS = 6


def found(error: float, mean: float, forecast: float, weeks: float = WEEKS) -> tuple[float, int]:
    row = {"tracked_error": error, "tracked_mean_error": mean, "tracked_forecast": forecast, "tracked_weeks": weeks}
    findings = ForecastBiasRule().evaluate(snapshot_of(row), ForecastBiasParameters())
    return float(findings.value[0]), int(findings.level[0])


def test_h2_six_times_a_hundred_forecast_and_eighty_sold_is_a_bias_alert() -> None:
    assert found(6 * (80 - 100), 20.0, 600.0) == (-6.0, 1)


def test_h2_a_signal_within_four_is_none_and_half_of_the_forecast_is_level_two() -> None:
    assert found(-80.0, 20.0, 600.0)[1] == 0
    assert found(-81.0, 20.0, 600.0)[1] == 1
    assert found(300.0, 50.0, 600.0) == (6.0, 2)
    # Always by one unit of a hundred: no chance, and no matter.
    assert found(-6.0, 1.0, 600.0) == (-6.0, 0)


def test_h2_an_open_alert_stays_until_the_signal_is_well_below_the_limit() -> None:
    rule, row = ForecastBiasRule(), {"tracked_mean_error": 20.0, "tracked_forecast": 600.0, "tracked_weeks": 6.0}
    levels = [
        rule.evaluate(snapshot_of({**row, "tracked_error": error}), ForecastBiasParameters()).hold_level[0] for error in (-70.0, -50.0)
    ]
    assert levels == [1, 0]


def test_nothing_compared_is_nothing_to_say_and_a_missing_number_is_told() -> None:
    findings = ForecastBiasRule().evaluate(snapshot_of({"tracked_weeks": 0.0}, {"tracked_weeks": 6.0}), ForecastBiasParameters())
    assert findings.level.tolist() == [0, -1]
    assert findings.reasons["NO_TRACKED_FORECAST"].tolist() == [False, True]


@pytest.fixture
def world() -> World:
    ForecastSettings.objects.create(chain=["recent-average"], horizon_days=30, quantile_levels=[0.5], uses_champions=False)
    return make_world()


def told(world: World, code: str, *, weeks: int, forecast: float, sold: float) -> None:
    """A SKU whose forecasts of some weeks were all the same, and all wrong by the same."""
    sku = world.sku(code)
    start = DAY - timedelta(days=7 * weeks)
    ForecastTrack.objects.create(
        sku=sku,
        pool=world.pool,
        origins=np.array([(start + timedelta(days=7 * week)).toordinal() for week in range(weeks)], np.int32),
        promised=np.tile(np.array([forecast, 2 * forecast, np.nan], np.float32), weeks),
    )
    world.sold(sku, [sold / 7] * 90, last_on=DAY - timedelta(days=1))


@pytest.mark.django_db
@pytest.mark.both_databases
def test_h2_a_lean_is_found_in_the_forecasts_that_were_kept_and_raises_an_alert(world: World) -> None:
    told(world, "HIGH", weeks=WEEKS, forecast=105.0, sold=84.0)
    told(world, "GOOD", weeks=WEEKS, forecast=84.0, sold=84.0)
    run_cycle("forecast")
    high = ForecastTrack.objects.get(sku__code="HIGH")
    assert (high.weeks, high.error_sum, high.mean_error, high.forecast_sum) == (6, -126.0, 21.0, 630.0)
    assert ForecastTrack.objects.get(sku__code="GOOD").error_sum == pytest.approx(0.0, abs=1e-4)
    # Today's forecast is kept, too: 12 a day.
    assert (high.days[-1], high.sums[-1].tolist()) == (DAY, [84.0, 168.0, 360.0])
    run_cycle("warnings")
    [alert] = Alert.objects.filter(kind="forecast-bias")
    assert (alert.sku and alert.sku.code, alert.level, alert.value, alert.side) == ("HIGH", 1, -6.0, "data")


@pytest.mark.django_db
@pytest.mark.both_databases
def test_a_forecast_is_kept_once_a_week_and_half_a_year_of_them(world: World) -> None:
    sku = world.sku("A")
    world.sold(sku, [4.0] * 60, last_on=DAY + timedelta(days=12))
    for day in (0, 1, 6, 7, 8):
        cycle = run_cycle("forecast", NOW + timedelta(days=day))
        assert cycle.counts["tracked"] == (1 if day in (0, 7) else 0)
    track = ForecastTrack.objects.get()
    assert track.days == [DAY, DAY + timedelta(days=7)]
    assert (track.weeks, track.error_sum, track.mean_error) == (1, 0.0, 0.0)
    track.origins = np.arange(MOST_KEPT, dtype=np.int32) * 7 + DAY.toordinal() - 7 * MOST_KEPT
    track.promised = np.full(MOST_KEPT * 3, 21.0, np.float32)
    track.save()
    run_cycle("forecast", NOW + timedelta(days=9))
    track.refresh_from_db()
    assert (len(track.days), track.days[-1]) == (MOST_KEPT, DAY + timedelta(days=9))
    # Forty-two days were sold of the sixty; the days before the first sale are not known, and no more than eight weeks are judged.
    assert 0 < track.weeks <= LEAN_WEEKS
    assert track.error_sum == 7.0 * track.weeks


@pytest.mark.django_db
def test_a_week_with_a_stock_out_is_not_compared(world: World) -> None:
    sku = world.sku("A")
    world.stock(sku, 30, at=NOW - timedelta(days=30))
    world.take(sku, 30, "gone", at=NOW - timedelta(days=4))
    start = DAY - timedelta(days=14)
    ForecastTrack.objects.create(
        sku=sku, pool=world.pool, origins=np.array([start.toordinal(), start.toordinal() + 7], np.int32),
        promised=np.array([35, 70, np.nan] * 2, np.float32),
    )  # fmt: skip
    world.sold(sku, [5.0] * 57 + [0.0] * 3, last_on=DAY - timedelta(days=1))
    run_cycle("forecast")
    track = ForecastTrack.objects.get()
    assert (track.weeks, track.error_sum) == (1, 0.0)


@pytest.mark.django_db
@pytest.mark.both_databases
def test_h102_the_first_week_and_the_first_month_against_the_forecast(world: World) -> None:
    sku = world.sku("A")
    world.sold(sku, [4.0] * 30, last_on=DAY - timedelta(days=1))
    run_cycle("forecast")
    assert Forecast.objects.get().mean[0] == 4.0
    sales = sku.sales.get()
    sales.daily = np.concatenate([sales.daily, np.full(30, 5.0, np.float32)])
    sales.save()
    asked = partial(mini_reviews, sku_id=sku.pk, pool_id=world.pool.pk, since=DAY + timedelta(days=2))
    week, month = asked(today=DAY + timedelta(days=7))
    assert (week.first_on, week.due_on, week.forecast_qty, week.actual_qty) == (DAY, DAY + timedelta(days=7), 28.0, 35.0)
    assert (week.difference, week.share, week.stockout_days, week.reason) == (7.0, 0.25, 0, "")
    assert (month.days, month.forecast_qty, month.actual_qty, month.share, month.reason) == (30, 120.0, None, None, "NO_DATA_YET")
    _week, month = asked(today=DAY + timedelta(days=30))
    assert (month.actual_qty, month.share) == (150.0, 0.25)
    assert mini_reviews(sku_id=sku.pk + 1, pool_id=world.pool.pk, since=DAY, today=DAY) == []
