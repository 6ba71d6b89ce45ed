"""Quantiles of sums from past errors: how often they hold, and what they do where little is known."""

from __future__ import annotations

import numpy as np
import pytest

from stockhub.formulas.distributions.conformal_sums import (
    FEWEST,
    FEWEST_OF_KIND,
    PastSums,
    conformal_sums,
    error_scale,
    known_sums,
    learn_sums,
    together,
)

LEVELS = (0.1, 0.5, 0.9, 0.95)


def past(errors: np.ndarray, kinds: np.ndarray | None = None) -> PastSums:
    """Sums of 100 expected units over 4 days of deviation 10, so that the scale of an error is hardly more than 20."""
    n = len(errors)
    kinds = np.zeros(n, np.int64) if kinds is None else kinds
    return PastSums(np.full(n, 100.0), 100.0 + errors, np.full(n, 10.0), np.full(n, 4.0), kinds)


def said(learned: np.ndarray, kind: int = 0, *, lead_times: tuple[int, ...] = (4,)) -> np.ndarray:
    days = np.array([lead_times], np.float64)
    return np.asarray(conformal_sums(learned, 25.0 * days, np.array([10.0]), days, lead_times, np.array([kind]))[0])


def test_f9_a_level_is_the_order_statistic_of_past_errors_and_never_beyond_the_greatest() -> None:
    errors = np.arange(1.0, 20.0)  # nineteen are too few
    assert np.isnan(learn_sums([past(errors)], LEVELS, 1)).all()
    errors = np.arange(1.0, FEWEST + 1)
    found = said(learn_sums([past(errors)], (0.1, 0.5, 0.9, 0.99), 1))[:, 0]
    # ⌈21·0.1⌉ = 3rd, ⌈10.5⌉ = 11th, ⌈18.9⌉ = 19th, and of 0.99 the greatest.
    np.testing.assert_allclose(found, [103.0, 111.0, 119.0, 120.0])


def test_f9_of_new_sums_as_many_lie_below_as_the_level_says() -> None:
    rng = np.random.default_rng(48)
    errors = rng.gamma(0.5, 40.0, 6000) - 20.0  # as skewed as lumpy demand
    learned = learn_sums([past(errors[:3000])], LEVELS, 1)
    covered = [(100.0 + errors[3000:] <= level).mean() for level in said(learned)[:, 0]]
    np.testing.assert_allclose(covered, LEVELS, atol=0.02)


def test_a_kind_with_enough_past_sums_speaks_for_itself_and_the_others_together() -> None:
    kinds = np.repeat([0, 1], [FEWEST_OF_KIND, 10])
    errors = np.where(kinds == 0, 0.0, 50.0)
    learned = learn_sums([past(errors, kinds)], (0.5, 0.99), 3)
    assert said(learned, 0)[:, 0].tolist() == [100.0, 100.0]
    np.testing.assert_allclose(said(learned, 1)[:, 0], [100.0, 150.0])
    np.testing.assert_allclose(said(learned, 2)[:, 0], said(learned, 1)[:, 0])


def test_beyond_what_is_known_errors_grow_with_time_and_quantiles_stay_in_order() -> None:
    rng = np.random.default_rng(1)
    nothing = past(np.zeros(0))
    learned = learn_sums([nothing, past(rng.normal(0.0, 20.0, 500)), nothing], LEVELS, 1)
    assert np.isnan(learned[:, :, [0, 2]]).all()
    found = said(learned, lead_times=(2, 4, 16))
    assert (np.diff(found, axis=0) >= 0).all()
    above = found[2] - np.array([50.0, 100.0, 400.0])
    # A shorter time by the root of it, four times as long by four.
    np.testing.assert_allclose(above[0] / above[1], 0.5**0.5, rtol=0.01)
    np.testing.assert_allclose(above[2] / above[1], 4.0, rtol=0.01)


def test_nothing_is_below_zero_and_what_never_sells_is_not_divided_by_zero() -> None:
    learned = learn_sums([past(np.full(50, -300.0))], LEVELS, 1)
    assert said(learned)[:, 0].tolist() == [0.0] * 4
    assert error_scale(np.zeros(1), np.array([np.nan]), np.ones(1))[0] == pytest.approx(0.5**0.5)
    assert error_scale(np.array([9.0]), np.array([np.nan]), np.ones(1))[0] == pytest.approx(9.5**0.5)


def test_a_sum_with_few_unknown_days_is_compared_over_the_known_ones_and_one_with_many_not_at_all() -> None:
    demand = np.full((3, 8), 3.0)
    demand[1, 7], demand[2, :4] = np.nan, np.nan
    is_open = np.ones((3, 8), np.bool_)
    is_open[0, 0] = False
    [four, eight, longer] = known_sums(demand, np.full((3, 8), 2.0), np.full(3, np.nan), is_open, np.arange(3), (4, 8, 9))
    assert (four.kinds.tolist(), four.expected.tolist(), four.came.tolist()) == ([0, 1], [6.0, 8.0], [9.0, 12.0])
    assert (eight.kinds.tolist(), eight.days.tolist(), eight.came.tolist()) == ([0, 1], [7.0, 7.0], [21.0, 21.0])
    assert len(longer.came) == 0
    both = together([[four], [eight]])
    assert both[0].kinds.tolist() == [0, 1, 0, 1]
