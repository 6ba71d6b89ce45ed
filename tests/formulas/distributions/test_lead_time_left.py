"""How long an order that has not come may still take."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import gamma

from stockhub.formulas.distributions.lead_time_left import days_left, mean_and_sd
from stockhub.formulas.errors import InvalidParameterError

HALVES = np.array([[0.1, 0.5, 0.9]])


def test_n13_a_fresh_order_takes_what_orders_take() -> None:
    found = days_left(np.array([-0.5]), HALVES, 14.0, 3.5)
    np.testing.assert_array_equal(found[0], np.rint(gamma(16.0, scale=14.0 / 16.0).ppf(HALVES[0])) + 0.5)


def test_n13_an_order_that_is_late_is_expected_soon_but_not_for_certain() -> None:
    late = days_left(np.array([20.0]), HALVES, 14.0, 3.5)[0]
    known = gamma(16.0, scale=14.0 / 16.0)
    # Of the orders that take more than 20½ days, so many have come.
    np.testing.assert_array_equal(late, np.maximum(np.rint(known.isf(known.sf(20.5) * (1.0 - HALVES[0]))) - 20.0, 1.0))
    assert late.tolist() == [1.0, 2.0, 5.0]


def test_n13_an_order_later_than_any_ever_was_has_days_left_that_are_numbers() -> None:
    lost = days_left(np.array([400.0]), HALVES, 14.0, 3.5)[0]
    assert np.isfinite(lost).all()
    assert (lost >= 1.0).all()
    assert (np.diff(lost) >= 0.0).all()


def test_no_order_comes_sooner_than_the_fastest_can() -> None:
    assert days_left(np.array([2.0]), np.array([[1e-6]]), 14.0, 3.5, fastest=10.0).tolist() == [[8.0]]


def test_lead_times_are_learned_from_five_on_and_promised_before() -> None:
    assert mean_and_sd(np.array([10.0, 12.0]), 14.0) == (14.0, 3.5)
    assert mean_and_sd(np.array([10.0, 12.0, 14.0, 16.0, 18.0]), 30.0) == pytest.approx((14.0, 10.0**0.5))
    # Lead times that never differed still may.
    assert mean_and_sd(np.full(9, 20.0), 30.0) == (20.0, 0.4)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(InvalidParameterError):
        mean_and_sd(np.zeros(0), 0.0)
    with pytest.raises(InvalidParameterError):
        days_left(np.zeros(1), HALVES, 14.0, 0.0)
