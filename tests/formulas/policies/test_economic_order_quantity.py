"""Economic lots: the textbook's numbers, and that no other lot costs less."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.policies.economic_order_quantity import (
    backorder_lot_size_cost,
    backorder_order_cost,
    backorder_order_quantity,
    backordered_share,
    economic_order_cost,
    economic_order_quantity,
    economic_production_cost,
    economic_production_quantity,
    holding_cost_while_produced,
    lot_size_cost,
)

amounts = st.floats(0.01, 10_000)
factors = st.floats(0.2, 5.0)


def test_the_textbook_lot_of_304() -> None:
    """Snyder and Shen 2019, example 3.1."""
    assert economic_order_quantity(8.0, 1300.0, 0.225) == pytest.approx(304.0467800264368)
    assert economic_order_cost(8.0, 1300.0, 0.225) == pytest.approx(68.41052550594829)


def test_the_textbook_lot_with_backorders() -> None:
    """Snyder and Shen 2019, example 3.8."""
    assert backorder_order_quantity(8.0, 1300.0, 0.225, 5.0) == pytest.approx(310.81255515896464)
    assert backordered_share(0.225, 5.0) == pytest.approx(0.0430622009569378)
    assert backorder_order_cost(8.0, 1300.0, 0.225, 5.0) == pytest.approx(66.92136355097325)


@settings(max_examples=60, deadline=None)
@given(fixed=amounts, demand=amounts, holding=amounts, factor=factors)
def test_no_other_lot_costs_less(fixed: float, demand: float, holding: float, factor: float) -> None:
    best = economic_order_quantity(fixed, demand, holding)
    cost = economic_order_cost(fixed, demand, holding)
    assert lot_size_cost(best, fixed, demand, holding) == pytest.approx(cost)
    assert lot_size_cost(best * factor, fixed, demand, holding) >= cost * (1 - 1e-12)


@settings(max_examples=60, deadline=None)
@given(fixed=amounts, demand=amounts, holding=amounts, short=amounts, factor=factors, share=st.floats(0, 1))
def test_no_other_lot_and_share_that_waits_costs_less(
    fixed: float, demand: float, holding: float, short: float, factor: float, share: float
) -> None:
    best, cost = backorder_order_quantity(fixed, demand, holding, short), backorder_order_cost(fixed, demand, holding, short)
    waiting = backordered_share(holding, short)
    assert backorder_lot_size_cost(best, waiting, fixed, demand, holding, short) == pytest.approx(cost)
    assert backorder_lot_size_cost(best * factor, share, fixed, demand, holding, short) >= cost * (1 - 1e-12)
    assert cost <= economic_order_cost(fixed, demand, holding) * (1 + 1e-12)


def test_a_producer_who_is_much_faster_than_demand_orders_the_economic_lot() -> None:
    assert holding_cost_while_produced(4.0, 300.0, 400.0) == 1.0
    assert economic_production_quantity(8.0, 1300.0, 0.225, 1e15) == pytest.approx(economic_order_quantity(8.0, 1300.0, 0.225))
    assert economic_production_quantity(50.0, 300.0, 4.0, 400.0) == pytest.approx(math.sqrt(30_000.0))
    assert economic_production_cost(50.0, 300.0, 4.0, 400.0) == pytest.approx(math.sqrt(30_000.0))


def test_where_there_is_no_lot() -> None:
    assert economic_order_quantity(8.0, 0.0, 0.225) == economic_order_cost(8.0, 0.0, 0.225) == 0.0
    assert economic_order_quantity(0.0, 1300.0, 0.225) == 0.0
    assert math.isnan(economic_order_quantity(8.0, 1300.0, 0.0))
    assert math.isnan(lot_size_cost(0.0, 8.0, 1300.0, 0.225))
    assert [math.isnan(economic_production_quantity(8.0, 400.0, 1.0, rate)) for rate in (300.0, 400.0, 0.0)] == [True] * 3
    assert math.isnan(backorder_order_quantity(8.0, 1300.0, 0.225, 0.0))
