"""Formulas of lots and levels: a number, an array and an explanation give the same answer."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.policies.base_stock import poisson_period_cost
from stockhub.formulas.policies.economic_order_quantity import (
    backorder_lot_size_cost,
    backorder_order_cost,
    backorder_order_quantity,
    backordered_share,
    economic_order_cost,
    economic_order_quantity,
    economic_production_cost,
    economic_production_quantity,
    lot_size_cost,
)
from stockhub.formulas.policies.level_search import poisson_period_costs
from stockhub.formulas.policies.min_max_levels import min_max_cycle_cost, power_approximation_maximum, power_approximation_minimum
from tests.formulas.agreement import assert_forms_agree

FORMULAS: dict[Callable[..., Any], int] = {
    economic_order_quantity: 3,
    economic_order_cost: 3,
    lot_size_cost: 4,
    backordered_share: 2,
    backorder_order_quantity: 4,
    backorder_order_cost: 4,
    backorder_lot_size_cost: 6,
    economic_production_quantity: 4,
    economic_production_cost: 4,
    power_approximation_minimum: 5,
    power_approximation_maximum: 5,
    poisson_period_cost: 4,
}
numbers = st.one_of(
    st.just(0.0), st.just(math.nan), st.integers(-5, 500).map(float), st.floats(-10, 1e4).map(lambda number: round(number, 6))
)


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.__name__)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_the_three_forms_agree(formula: Callable[..., Any], data: st.DataObject) -> None:
    assert_forms_agree(formula, data.draw(st.lists(st.tuples(*[numbers] * FORMULAS[formula]), min_size=2, max_size=3)), rtol=1e-9)


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.tuples(st.integers(-3, 9), st.integers(1, 20), st.floats(0.1, 9)), min_size=2, max_size=3))
def test_the_three_forms_of_a_cycles_cost_agree(rows: list[tuple[int, int, float]]) -> None:
    assert_forms_agree(min_max_cycle_cost, [(float(low), float(low + lot), mean, 1.0, 9.0) for low, lot, mean in rows], rtol=1e-9)


@settings(max_examples=60, deadline=None)
@given(mean=st.floats(0, 300), low=st.integers(-40, 200).map(float), width=st.integers(1, 200))
def test_costs_of_consecutive_levels_are_those_of_each(mean: float, low: float, width: int) -> None:
    levels = np.asarray(low + np.arange(width, dtype=np.float64))[None, :]
    one = np.ones((1, 1))
    along = poisson_period_costs(levels, one * mean, one, one * 9.0)
    each = poisson_period_cost(levels, np.full_like(levels, mean), np.ones_like(levels), np.full_like(levels, 9.0))
    np.testing.assert_allclose(along, each, rtol=1e-9, atol=1e-9)
