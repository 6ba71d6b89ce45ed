"""SKUs lean on the season of their category unless a person says otherwise; a file of a backtest names categories in a column (F5)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from stockhub.catalog.models import Category, Sku
from stockhub.demand.backtesting.answers import Question, answers_at
from stockhub.demand.backtesting.files import read_rows
from stockhub.demand.backtesting.series import Frequency, series_of
from stockhub.demand.frames import rows_of
from stockhub.demand.models import Forecast, ForecastSettings
from stockhub.demand.plans.targets import TargetRows
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
YESTERDAY = DAY - timedelta(days=1)
DAYS = 640


@pytest.fixture
def world() -> World:
    ForecastSettings.objects.create(chain=["lead-time"], horizon_days=28, quantile_levels=[0.5, 0.9], uses_champions=False)
    return make_world()


def of_category(world: World, code: str, category: Category | None) -> Sku:
    sku = world.sku(code)
    Sku.objects.filter(pk=sku.pk).update(category=category)
    return sku


def test_f5_the_path_of_a_category_begins_with_the_broadest_that_was_chosen(world: World) -> None:
    home = Category.objects.create(code="home", name="Home")
    toys = Category.objects.create(code="toys", name="Toys", parent=home)
    dolls = Category.objects.create(code="dolls", name="Dolls", parent=toys)
    skus = [of_category(world, code, category) for code, category in (("A", dolls), ("B", toys), ("C", home), ("D", None))]
    for sku in skus:
        world.sold(sku, [1.0], last_on=YESTERDAY)
    targets = TargetRows(rows_of([sku.pk for sku in skus]), YESTERDAY)
    assert targets.category_paths(["no-such"]) is None
    found = targets.category_paths(["toys"])
    assert found is not None
    assert found.tolist() == [[toys.pk, dolls.pk], [toys.pk, -1], [-1, -1], [-1, -1]]
    for wanted in ([], ["home", "toys"]):
        whole = targets.category_paths(wanted)
        assert whole is not None
        assert whole.tolist() == [[home.pk, toys.pk, dolls.pk], [home.pk, toys.pk, -1], [home.pk, -1, -1], [-1, -1, -1]]


def test_f5_sparse_skus_expect_the_season_of_their_category_again_unless_it_is_switched_off(world: World) -> None:
    rng, toys = np.random.default_rng(8), Category.objects.create(code="toys", name="Toys")
    for number in range(60):
        rate = np.full(DAYS, 0.25)
        if number < 10:
            rate[DAYS - 364 : DAYS - 364 + 56] *= 4.0
        sku = of_category(world, f"S{number:02}", toys if number < 10 else None)
        world.sold(sku, rng.poisson(rate).astype(float).tolist(), last_on=YESTERDAY)

    def of_toys() -> float:
        return float(sum(forecast.mean.sum() for forecast in Forecast.objects.filter(sku__category=toys)))

    run_cycle("forecast")
    seasonal = of_toys()
    ForecastSettings.objects.update(seasons_by_category=False)
    run_cycle("forecast", NOW + timedelta(minutes=1))
    assert seasonal > 1.3 * of_toys()


def test_f5_a_file_names_categories_and_nothing_after_a_cutoff_changes_a_forecast(tmp_path: Path) -> None:
    rng, known = np.random.default_rng(3), 520
    demand = rng.poisson(0.5, (30, known + 28))
    demand[:15, known - 364 : known - 336] += rng.poisson(1.5, (15, 28))
    shuffled = demand.copy()
    shuffled[:, known:] = rng.permuted(shuffled[:, known:], axis=1)
    shuffled[:, known:] = rng.permuted(shuffled[:, known:], axis=0)
    assert (shuffled != demand).any()
    found = []
    for name, units in (("real", demand), ("shuffled", shuffled)):
        path = tmp_path / f"{name}.csv"
        lines = [
            f"S{row:02},{date(2024, 1, 1) + timedelta(days=day)},{units[row, day]},{'Home > Toys' if row < 15 else 'Home'}"
            for row in range(30)
            for day in range(known + 28)
        ]
        path.write_text("\n".join(["series_id,date,qty,category", *lines]))
        series = series_of(read_rows(path), Frequency.DAY, date(2100, 1, 1))
        assert series.categories is not None
        assert series.categories.tolist() == [[0, 1]] * 15 + [[0, -1]] * 15
        # So that a series' first sale is on the same day in both.
        assert (~np.isnan(series.values[:, known - 400])).all()
        found.append(answers_at(series, known, ("lead-time",), Question(28, (7, 28))).answers["lead-time"])
    np.testing.assert_array_equal(found[0].mean, found[1].mean)
    np.testing.assert_array_equal(found[0].sums, found[1].sums)
