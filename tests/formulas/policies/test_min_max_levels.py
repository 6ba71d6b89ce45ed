"""(s, S) levels: the textbook's, no better neighbours, and what happens at the edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.distributions.families import POISSON
from stockhub.formulas.policies.base_stock import base_stock_cost, base_stock_level
from stockhub.formulas.policies.min_max_levels import (
    expected_visits,
    min_max_cost,
    optimal_min_max_levels,
    power_approximation_maximum,
    power_approximation_minimum,
)
from stockhub.values import Explanation

means = st.floats(0.05, 15)
money = st.floats(0.1, 20)


def test_the_textbook_levels_exact() -> None:
    """Snyder and Shen 2019, example 4.7."""
    low, high, cost = optimal_min_max_levels(6.0, 5.0, 1.0, 4.0)
    assert [float(low), float(high)] == [4.0, 10.0]
    assert cost == pytest.approx(8.034111561471642, rel=1e-12)


def test_the_textbook_levels_by_the_power_approximation() -> None:
    """Snyder and Shen 2019, example 4.8."""
    assert power_approximation_minimum(50.0, 8.0, 2.5, 0.18, 0.7) == pytest.approx(40.19461695647407)
    assert power_approximation_maximum(50.0, 8.0, 2.5, 0.18, 0.7) == pytest.approx(74.29017010980579)


@settings(max_examples=60, deadline=None)
@given(mean=means, fixed=st.floats(0.01, 150), holding=money, times=st.floats(0.2, 40), lead_time=st.integers(0, 4).map(float))
def test_no_neighbour_costs_less(mean: float, fixed: float, holding: float, times: float, lead_time: float) -> None:
    short = holding * times
    low, high, cost = (float(number) for number in optimal_min_max_levels(mean, fixed, holding, short, lead_time))

    steps = np.arange(-2.0, 3.0)
    minima, maxima = (grid.reshape(-1) for grid in np.meshgrid(low + steps, high + steps))
    terms = {"demand_mean": mean, "fixed_cost": fixed, "holding_cost": holding, "shortage_cost": short, "lead_time": lead_time}
    rows = {name: np.full(len(minima), number) for name, number in terms.items()}
    prices = min_max_cost(minimum=minima, maximum=maxima, **rows)
    assert prices[(minima == low) & (maxima == high)] == pytest.approx([cost], rel=1e-9)
    assert np.isnan(prices).tolist() == (maxima <= minima).tolist()
    assert np.nanmin(prices) >= cost * (1 - 1e-9)


def test_periods_are_visited_as_poisson_demand_leaves_them() -> None:
    """m(0) = 1 / (1 − e^−λ), and from far down each unit is seen 1 / λ times."""
    visits = expected_visits(np.array([2.0, 0.5]), 60)
    np.testing.assert_allclose(visits[:, 0], 1.0 / (1.0 - np.exp([-2.0, -0.5])), rtol=1e-14)
    np.testing.assert_allclose(visits[:, -1], [0.5, 2.0], rtol=1e-12)


def test_a_small_fixed_cost_is_the_base_stock_policy() -> None:
    low, high, cost = optimal_min_max_levels(6.0, 1e-9, 1.0, 4.0, 2.0)
    terms = {"demand_mean": 6.0, "demand_variance": 6.0, "lead_time": 2.0, "holding_cost": 1.0, "shortage_cost": 4.0, "family": POISSON}
    level = base_stock_level(**terms)
    assert [float(low) + 1.0, float(high)] == [level, level]
    assert cost == pytest.approx(base_stock_cost(level=level, **terms))


def test_skus_are_solved_together_as_each_alone_and_those_without_an_answer_are_missing() -> None:
    mean = np.array([6.0, 0.0, 0.3, np.nan, 12.0, -1.0])
    together = np.stack(optimal_min_max_levels(mean, [[5.0], [60.0]], 1.0, 4.0))
    assert together.shape == (3, 2, 6)
    assert np.isnan(together).all(axis=(0, 1)).tolist() == [False, True, False, True, False, True]
    for row, fixed in enumerate((5.0, 60.0)):
        for column in (0, 2, 4):
            np.testing.assert_allclose(together[:, row, column], optimal_min_max_levels(mean[column], fixed, 1.0, 4.0), rtol=1e-12)
    assert np.stack(optimal_min_max_levels([], 1.0, 1.0, 1.0)).shape == (3, 0)
    assert [bool(np.isnan(optimal_min_max_levels(6.0, *costs).cost)) for costs in ((0.0, 1.0, 1.0), (1.0, 0.0, 1.0), (1.0, 1.0, 0.0))] == [
        True
    ] * 3


def test_levels_that_are_none_have_no_cost() -> None:
    terms = {"demand_mean": 6.0, "fixed_cost": 5.0, "holding_cost": 1.0, "shortage_cost": 4.0}
    assert np.isnan(min_max_cost(minimum=10.0, maximum=10.0, **terms))
    assert np.isnan(min_max_cost(minimum=4.0, maximum=10.0, **(terms | {"demand_mean": 0.0})))
    assert np.isnan(power_approximation_minimum(50.0, 0.0, 2.5, 0.18, 0.7))


def test_the_cost_of_levels_explains_itself() -> None:
    low, high, cost = (float(number) for number in optimal_min_max_levels(6.0, 5.0, 1.0, 4.0))
    given_ = {"minimum": low, "maximum": high, "demand_mean": 6.0, "fixed_cost": 5.0, "holding_cost": 1.0, "shortage_cost": 4.0}
    tree = min_max_cost(**{name: Explanation.input(name, number) for name, number in given_.items()})
    assert tree.evaluate() == pytest.approx(cost)
    assert {"min_max_cost", "min_max_cycle_cost", "min_max_cycle_periods"} <= {node.name for node in tree.walk()}
    rows = {name: np.array([number, number]) for name, number in given_.items()}
    assert min_max_cost(**rows).tolist() == pytest.approx([cost, cost])
