"""Seasons of categories: learned where their series agree, from the top down, and without effect where nothing speaks for one (F5)."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from stockhub.pluginapi import ForecastBatch, ForecastResult, Panel
from stockhub_forecasters.lead_time.forecaster import LeadTimeDemand

LEVELS = (0.5, 0.9, 0.98)
LEAD_TIMES = (14, 28)
DAYS = 700
#: Last year's season began where the next day is now, and lasted eight weeks.
SEASON = slice(DAYS - 364, DAYS - 364 + 56)
TOYS, GARDEN = 7, 9


def panel_of(demand: NDArray[np.floating], categories: NDArray[np.int64] | None = None) -> Panel:
    values = demand.astype(np.float32)
    return Panel(np.arange(len(values)) * 13 + 5, date(2024, 1, 1), values, np.isfinite(values), categories=categories)


def answer(panel: Panel) -> ForecastResult:
    forecaster = LeadTimeDemand()
    return forecaster.forecast(ForecastBatch(panel, 28, LEVELS, LEAD_TIMES), forecaster.fit_for(panel, LEAD_TIMES))


def shop(lift: float, seed: int = 5) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """200 SKUs that sell one in five days: 40 toys, whose last season sold `lift` times as much, 40 of the garden, others of neither.

    The last ten of the toys are new: they have not seen a season.
    """
    rng = np.random.default_rng(seed)
    rate = np.full((200, DAYS), 0.2)
    rate[:40, SEASON] *= lift
    demand = rng.poisson(rate).astype(np.float64)
    demand[30:40, : DAYS - 120] = np.nan
    categories = np.full((200, 1), -1, np.int64)
    categories[:40], categories[40:80] = TOYS, GARDEN
    return demand, categories


def test_f5_sparse_skus_of_a_category_with_a_season_expect_it_again_and_others_do_not() -> None:
    demand, categories = shop(4.0)
    plain, seasonal = answer(panel_of(demand)), answer(panel_of(demand, categories))
    raised = seasonal.mean.sum(axis=1) / plain.mean.sum(axis=1)
    # Of a season that quadruples the category's sales the whole shop shows little and a SKU with a sale in five days hardly anything.
    assert plain.mean[:40].sum() < 1.8 * 0.2 * 28 * 40
    assert 2.0 * 0.2 * 28 * 40 < seasonal.mean[:40].sum() < 4.4 * 0.2 * 28 * 40
    assert np.median(raised[:30]) > 1.5
    # New ones lean on the category alone.
    assert np.median(raised[30:40]) > 1.5
    # The garden had no season, and the shop's, which toys made, is no longer expected of it; those of no category go by the shop.
    without_toys = answer(panel_of(demand[40:])).mean[:40].sum()
    assert plain.mean[40:80].sum() > 1.15 * without_toys
    assert seasonal.mean[40:80].sum() == pytest.approx(without_toys, rel=0.05)
    assert np.median(raised[80:]) == pytest.approx(1.0, abs=0.05)
    assert seasonal.lead_time_quantiles is not None
    assert plain.lead_time_quantiles is not None
    assert seasonal.lead_time_quantiles[:40, 1].mean() > 1.3 * plain.lead_time_quantiles[:40, 1].mean()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_f5_where_categories_have_no_season_they_change_next_to_nothing(seed: int) -> None:
    demand, categories = shop(1.0, seed)
    plain, seasonal = answer(panel_of(demand)), answer(panel_of(demand, categories))
    ratio = seasonal.mean.sum(axis=1) / plain.mean.sum(axis=1)
    assert np.abs(np.log(ratio)).max() < 0.25
    assert seasonal.mean.sum() == pytest.approx(plain.mean.sum(), rel=0.03)


def test_f5_a_narrow_category_leans_on_the_broad_one_that_it_is_part_of() -> None:
    demand, categories = shop(4.0)
    # Twenty kinds of toys, two SKUs each: none can tell a season alone.
    kinds = np.where(categories[:, 0] == TOYS, 100 + np.arange(200) // 2, -1)
    seasonal = answer(panel_of(demand, np.column_stack([categories[:, 0], kinds])))
    alone = answer(panel_of(demand, kinds[:, None]))
    assert seasonal.mean[:40].sum() > 2.0 * 0.2 * 28 * 40
    assert alone.mean[:40].sum() < 1.8 * 0.2 * 28 * 40


def test_f5_with_less_than_sixteen_months_or_without_categories_nothing_changes() -> None:
    demand, categories = shop(4.0)
    young = demand[:, DAYS - 470 :]
    for history, of_none in ((young, categories), (demand, np.full_like(categories, -1))):
        plain, seasonal = answer(panel_of(history)), answer(panel_of(history, of_none))
        np.testing.assert_array_equal(plain.mean, seasonal.mean)
        np.testing.assert_array_equal(plain.lead_time_quantiles, seasonal.lead_time_quantiles)


def test_f5_the_state_knows_the_season_of_a_category_and_a_batch_equals_its_members() -> None:
    demand, categories = shop(4.0)
    panel, forecaster = panel_of(demand, categories), LeadTimeDemand()
    state = forecaster.fit_for(panel, LEAD_TIMES)
    whole = forecaster.forecast(ForecastBatch(panel, 28, LEVELS, LEAD_TIMES), state)
    for row in (0, 35, 60, 150):
        alone = forecaster.forecast(ForecastBatch(panel.rows(np.array([row])), 28, LEVELS, LEAD_TIMES), state)
        np.testing.assert_allclose(alone.mean[0], whole.mean[row], rtol=1e-6)
    # A category that nobody has learned of has the shop's season.
    unknown = Panel(panel.series_ids, panel.start_on, panel.values, panel.observed, categories=np.full_like(categories, 12345))
    none = Panel(panel.series_ids, panel.start_on, panel.values, panel.observed)
    found = [forecaster.forecast(ForecastBatch(each, 28, LEVELS, LEAD_TIMES), state).mean for each in (unknown, none)]
    np.testing.assert_array_equal(found[0], found[1])
