"""From what was sold to what an ordinary day asks for: stock-outs, events, outliers, figures that cannot be."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from stockhub.demand.cleaning.bad_numbers import IMPLAUSIBLE_QUANTITY, NEGATIVE_SALES, NOT_A_NUMBER
from stockhub.demand.cleaning.cleaned import STOCK_CONTRADICTS_SALES, CleanedDemand, cleaned
from stockhub.formulas.demand.outliers import judged, outlier_days, spike_days, winsorised
from stockhub.formulas.demand.promotions import DAY_LABELS, REGULAR


def clean(
    days: list[float], in_stock: list[float] | None = None, event: slice | None = None, *, cut_outliers: bool = True
) -> CleanedDemand:
    values = np.array([days], np.float32)
    stock = np.full(values.shape, np.nan, np.float32) if in_stock is None else np.array([in_stock], np.float32)
    tags = np.full(values.shape, REGULAR)
    if event:
        tags[0, event] = 0
    return cleaned(values, stock, tags, cut_outliers=cut_outliers)


def label_of(demand: CleanedDemand, day: int) -> str:
    return DAY_LABELS[int(demand.labels(demand.begun.shape[1])[0, day])]


def test_h22_a_promotion_day_is_excluded_from_the_baseline_and_its_label_is_visible() -> None:
    days = [10.0] * 28 + [26.0] * 2 + [4.0] * 2 + [10.0] * 4
    demand = clean(days, event=slice(28, 32))
    assert demand.observed[0].tolist() == [True] * 28 + [False] * 4 + [True] * 4
    assert demand.baseline[0].tolist() == [10.0] * 36
    assert demand.demand[0].tolist() == days
    assert (label_of(demand, 29), label_of(demand, 33)) == ("promotion", "regular")


def test_f3_sales_of_half_a_day_stand_for_a_whole_one_and_days_without_stock_say_nothing() -> None:
    demand = clean([5.0] * 28 + [3.0, 0.0, 0.0, 5.0], [100.0] * 28 + [50.0, 0.0, 0.0, 100.0])
    assert (demand.baseline[0, 28], demand.baseline[0, 31]) == (6.0, 5.0)
    # The median of the weekday at the level of late, which the day of 6 has raised by less than one per cent.
    assert demand.baseline[0, 29:31].tolist() == pytest.approx([5.0, 5.0], rel=0.01)
    assert demand.observed[0, 28:].tolist() == [True, False, False, True]
    assert [label_of(demand, day) for day in (28, 29, 30, 31)] == ["regular", "censored", "censored", "regular"]


def test_a_history_of_stock_that_sales_contradict_is_not_believed() -> None:
    demand = clean([5.0] * 40, [0.0] * 40)
    assert demand.observed.all()
    assert demand.problems == {0: (STOCK_CONTRADICTS_SALES,)}


def test_f4_one_outlier_is_cut_to_its_bound_and_stays_stored_and_two_in_a_row_are_a_spike() -> None:
    days = [8.0, 10.0, 12.0, 9.0, 11.0, 10.0, 10.0] * 5
    alone = clean([*days, 400.0, *days])
    assert alone.outliers[0].nonzero()[0].tolist() == [35]
    # Median 10, MAD 1: three scaled deviations above.
    assert alone.baseline[0, 35] == pytest.approx(10 + 3 * 1.482602218505602)
    assert (alone.demand[0, 35], bool(alone.observed[0, 35])) == (400.0, True)
    assert clean([*days, 400.0, *days], cut_outliers=False).baseline[0, 35] == 400.0
    viral = clean([*days, 400.0, 380.0, *days])
    assert viral.spikes[0].nonzero()[0].tolist() == [35, 36]
    assert viral.baseline[0, 35:37].tolist() == [400.0, 380.0]


def test_f4_strong_weekends_are_a_shape_and_no_outliers() -> None:
    demand = clean([10.0, 11.0, 9.0, 10.0, 12.0, 10.0, 40.0] * 8)
    assert not demand.outliers.any()
    assert demand.baseline[0, 6] == 40.0


def test_a_sku_that_is_always_on_promotion_has_its_promotions_for_ordinary_days() -> None:
    demand = clean([7.0] * 30, event=slice(5, 30))
    assert demand.always_on_promotion.tolist() == [True]
    assert demand.observed.all()


@pytest.mark.parametrize(
    ("bad", "code"), [(np.nan, NOT_A_NUMBER), (-4.0, NEGATIVE_SALES), (1e9, IMPLAUSIBLE_QUANTITY), (np.inf, IMPLAUSIBLE_QUANTITY)]
)
def test_a_figure_that_cannot_be_is_named_and_the_rest_goes_on(bad: float, code: str) -> None:
    values = np.array([[np.nan, *[5.0] * 30, bad, *[5.0] * 7], [5.0] * 39], np.float32)
    demand = cleaned(values, np.full(values.shape, np.nan, np.float32))
    assert demand.problems == {0: (code,)}
    assert (bool(demand.observed[0, 31]), demand.baseline[0, 31]) == (False, 5.0)
    assert np.isnan(demand.baseline[0, 0])
    assert np.isfinite(demand.baseline[0, 1:]).all()
    assert demand.observed[1].all()


@pytest.mark.parametrize("days", [[], [5.0], [0.0] * 40, [np.nan] * 40])
def test_series_of_nothing_are_cleaned_too(days: list[float]) -> None:
    demand = clean(days)
    assert demand.problems == {}
    assert not demand.outliers.any()
    assert demand.baseline.shape == (1, len(days))


def test_statistics_taken_once_judge_as_those_taken_for_each() -> None:
    generator = np.random.default_rng(5)
    days: NDArray[np.float64] = generator.poisson(3.0, (40, 200)).astype(np.float64)
    days[:, ::37] *= 9
    days[:, 61:63] = 50
    days[generator.random(days.shape) < 0.1] = np.nan
    found = judged(days)
    assert np.array_equal(found.outliers, outlier_days(days))
    assert np.array_equal(found.spikes, spike_days(days))
    assert np.array_equal(found.winsorised, winsorised(days), equal_nan=True)
    assert found.outliers.any()
    assert found.spikes.any()
