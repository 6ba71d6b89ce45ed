"""Present values are those of numpy_financial and linear in the flows; the best option is the one worth most, then the soonest over."""

from __future__ import annotations

import math

import numpy as np
import numpy_financial
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.clearance.present_value import best_option, discount_factor, present_value
from stockhub.formulas.errors import InvalidParameterError
from stockhub.values import Explanation

flows = st.lists(st.floats(-1000, 1000), min_size=6, max_size=6)


@settings(max_examples=60, deadline=None)
@given(one=flows, other=flows, times=st.floats(-5, 5), rate=st.floats(-0.2, 0.5))
def test_present_value_is_linear_in_the_flows_and_that_of_numpy_financial(
    one: list[float], other: list[float], times: float, rate: float
) -> None:
    together = present_value([times * a + b for a, b in zip(one, other, strict=True)], rate)
    assert together == pytest.approx(times * present_value(one, rate) + present_value(other, rate), abs=1e-6)
    assert present_value(one, rate) == pytest.approx(numpy_financial.npv(rate, one), abs=1e-8)


def test_today_is_not_discounted_and_nothing_is_worth_nothing() -> None:
    assert present_value([100.0], 0.01) == 100.0
    assert present_value([0.0, 101.0], 0.01) == pytest.approx(100.0)
    assert present_value([], 0.01) == 0.0
    assert discount_factor(12.0, 0.0) == 1.0
    assert math.isnan(present_value([1.0, 1.0], -1.0))


def test_of_equal_options_the_soonest_over_wins_and_then_the_first() -> None:
    assert best_option([5.0, 7.0, 6.0], [1.0, 9.0, 1.0]) == 1.0
    assert best_option([5.0, 5.0, 5.0], [6.0, 1.0, 3.0]) == 1.0
    assert best_option([5.0, 5.0], [3.0, 3.0]) == 0.0
    assert math.isnan(best_option([5.0, math.nan], [1.0, 1.0]))
    assert best_option([np.array([1.0, 9.0]), np.array([2.0, 2.0])], [np.array([1.0, 1.0]), np.array([1.0, 1.0])]).tolist() == [1.0, 0.0]
    wrong: list[tuple[list[float], list[float]]] = [([], []), ([1.0], [])]
    for values, months in wrong:
        with pytest.raises(InvalidParameterError):
            best_option(values, months)


def test_the_choice_is_explained() -> None:
    rate = Explanation.input("rate", 0.01)
    later = present_value([Explanation.input("now", 1.0), Explanation.input("in_a_month", 5.0)], rate)
    values = [later, present_value([Explanation.input("at_once", 5.5)], rate)]
    best = best_option(values, [Explanation.constant(2.0), Explanation.constant(1.0)])
    assert best.value == best.evaluate() == 0.0
    assert best.fill({"now": 1.0, "in_a_month": 4.0, "at_once": 5.5, "rate": 0.01}).value == 1.0
