"""(r, Q) policies: the textbook's, no better neighbours, and what happens at the edges."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.policies.economic_order_quantity import backorder_order_quantity, economic_order_quantity
from stockhub.formulas.policies.reorder_quantity import (
    backlog_reorder_point,
    balanced_reorder_point,
    expected_inventory_cost,
    expected_inventory_policy,
    expected_inventory_reorder_point,
    loss_function_policy,
    reorder_quantity_cost,
    safety_stock_reorder_point,
)
from stockhub.formulas.policies.reorder_quantity_poisson import optimal_reorder_quantity, poisson_reorder_quantity_cost
from stockhub.values import Explanation

BOOK = {"demand_mean": 1300.0, "demand_sd": 150.0, "lead_time": 1.0 / 12.0, "holding_cost": 0.225, "shortage_cost": 7.5}

terms = st.fixed_dictionaries(
    {
        "demand_mean": st.floats(10, 3000),
        "demand_sd": st.floats(1, 500),
        "lead_time": st.floats(0.02, 2),
        "holding_cost": st.floats(0.05, 3),
        "shortage_cost": st.floats(5, 100),
    }
)


def test_the_textbook_policies() -> None:
    """Snyder and Shen 2019, examples 5.1 to 5.4."""
    point, lot = (float(number[0]) for number in expected_inventory_policy(**BOOK, fixed_cost=8.0))
    assert [point, lot] == pytest.approx([213.97044213580244, 318.5901810768729], rel=1e-6)
    assert expected_inventory_cost(reorder_point=point, quantity=lot, fixed_cost=8.0, **BOOK) == pytest.approx(95.45114022285196)
    lot = backorder_order_quantity(8.0, 1300.0, 0.225, 7.5)
    assert balanced_reorder_point(quantity=lot, **BOOK) == pytest.approx(128.63781442427097, rel=1e-6)
    assert safety_stock_reorder_point(**BOOK) == pytest.approx(190.3369965715624)
    cost = reorder_quantity_cost(reorder_point=190.3369965715624, quantity=304.0467800264368, fixed_cost=8.0, **BOOK)
    assert cost == pytest.approx(87.04837003438256)


def test_the_textbook_policy_for_poisson_demand() -> None:
    """Snyder and Shen 2019, example 5.8."""
    given_ = {"demand_mean": 1.5, "lead_time": 2.0, "fixed_cost": 100.0, "holding_cost": 20.0, "shortage_cost": 150.0}
    point, lot = (float(number) for number in optimal_reorder_quantity(**given_))
    assert (point, lot) == (3.0, 5.0)
    assert poisson_reorder_quantity_cost(reorder_point=point, quantity=lot, **given_) == pytest.approx(107.92358063314975)


@settings(max_examples=60, deadline=None)
@given(
    mean=st.floats(0.05, 15),
    lead=st.sampled_from([0.0, 0.5, 1.0, 4.0]),
    fixed=st.floats(0.1, 200),
    hold=st.floats(0.1, 20),
    times=st.floats(0.2, 40),
)
def test_no_neighbour_of_the_poisson_policy_costs_less(mean: float, lead: float, fixed: float, hold: float, times: float) -> None:
    given_ = {"demand_mean": mean, "lead_time": lead, "fixed_cost": fixed, "holding_cost": hold, "shortage_cost": hold * times}
    point, lot = (float(number) for number in optimal_reorder_quantity(**given_))
    best = poisson_reorder_quantity_cost(reorder_point=point, quantity=lot, **given_)
    steps = np.arange(-2.0, 3.0)
    points, lots = (grid.reshape(-1) for grid in np.meshgrid(point + steps, lot + steps))
    rows = {name: np.full(len(points), number) for name, number in given_.items()}
    prices = poisson_reorder_quantity_cost(reorder_point=points, quantity=lots, **rows)
    assert np.isnan(prices).tolist() == (lots < 1).tolist()
    assert np.nanmin(prices) >= best * (1 - 1e-9)


@settings(max_examples=60, deadline=None)
@given(given_=terms, fixed=st.floats(1, 200), lot=st.floats(5, 2000), shift=st.floats(-200, 200), factor=st.floats(0.5, 2))
def test_no_other_point_costs_less_for_a_lot(given_: dict[str, float], fixed: float, lot: float, shift: float, factor: float) -> None:
    def cost(point: float) -> float:
        return reorder_quantity_cost(reorder_point=point, quantity=lot, fixed_cost=fixed, **given_)

    best = balanced_reorder_point(quantity=lot, **given_)
    assert cost(best + shift) >= cost(best) - 1e-9 * abs(cost(best))
    point, quantity = (float(number[0]) for number in expected_inventory_policy(**given_, fixed_cost=fixed))
    if not math.isnan(point):
        expected = expected_inventory_cost(reorder_point=point, quantity=quantity, fixed_cost=fixed, **given_)
        assert expected_inventory_cost(reorder_point=point, quantity=quantity * factor, fixed_cost=fixed, **given_) >= expected * (1 - 1e-9)
        assert point == pytest.approx(expected_inventory_reorder_point(quantity=quantity, **given_), rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(given_=terms, fixed=st.floats(1, 200))
def test_the_loss_function_policy_is_where_point_and_lot_agree(given_: dict[str, float], fixed: float) -> None:
    point, lot = (float(number[0]) for number in loss_function_policy(**given_, fixed_cost=fixed))
    assert point == pytest.approx(backlog_reorder_point(quantity=lot, **given_), rel=1e-9)
    assert lot >= economic_order_quantity(fixed, given_["demand_mean"], given_["holding_cost"])
    cost = reorder_quantity_cost(reorder_point=point, quantity=lot, fixed_cost=fixed, **given_)
    eoq = economic_order_quantity(fixed, given_["demand_mean"], given_["holding_cost"])
    safest = safety_stock_reorder_point(**given_)
    assert cost <= 1.5 * reorder_quantity_cost(reorder_point=safest, quantity=eoq, fixed_cost=fixed, **given_)


POINTS: list[Callable[..., Any]] = [expected_inventory_reorder_point, balanced_reorder_point, backlog_reorder_point]
COSTS: list[Callable[..., Any]] = [reorder_quantity_cost, expected_inventory_cost]


@pytest.mark.parametrize("formula", [*POINTS, *COSTS], ids=lambda formula: formula.__name__)
@settings(max_examples=30, deadline=None)
@given(rows=st.lists(terms, min_size=2, max_size=3), lot=st.floats(1, 500))
def test_a_number_an_array_and_an_explanation_agree(formula: Callable[..., Any], rows: list[dict[str, float]], lot: float) -> None:
    more = {"quantity": lot} | ({"reorder_point": 50.0, "fixed_cost": 9.0} if formula in COSTS else {})
    full = [row | more for row in rows]
    one_by_one = [formula(**row) for row in full]
    np.testing.assert_allclose(formula(**{name: np.array([row[name] for row in full]) for name in full[0]}), one_by_one, rtol=1e-9)
    told = [formula(**{name: Explanation.input(name, number) for name, number in row.items()}) for row in full]
    np.testing.assert_allclose([math.nan if tree.value is None else tree.value for tree in told], one_by_one, rtol=1e-9)
    assert [tree.evaluate() for tree in told] == [tree.value for tree in told]


def test_without_deviation_the_points_are_those_of_certain_demand() -> None:
    certain = BOOK | {"demand_sd": 0.0}
    mean = 1300.0 / 12.0
    assert safety_stock_reorder_point(**certain) == pytest.approx(mean)
    assert balanced_reorder_point(quantity=309.0, **certain) == pytest.approx(mean - 309.0 * 0.225 / 7.725)
    assert backlog_reorder_point(quantity=309.0, **certain) == pytest.approx(mean - 309.0 * 0.225 / 7.725)
    point, lot = expected_inventory_policy(**certain, fixed_cost=8.0)
    assert (point[0], lot[0]) == (pytest.approx(mean), pytest.approx(economic_order_quantity(8.0, 1300.0, 0.225)))


def test_without_lead_time_the_point_lets_a_lot_be_late() -> None:
    assert balanced_reorder_point(quantity=100.0, **(BOOK | {"lead_time": 0.0})) == pytest.approx(-100.0 * 0.225 / 7.725)
    point, lot = optimal_reorder_quantity(demand_mean=1.5, lead_time=0.0, fixed_cost=100.0, holding_cost=20.0, shortage_cost=150.0)
    assert point < 0 < lot


def test_where_there_is_no_policy() -> None:
    dear = BOOK | {"holding_cost": 90.0, "shortage_cost": 0.01, "fixed_cost": 500.0}
    assert np.isnan(np.stack(expected_inventory_policy(**dear))).all()
    found = optimal_reorder_quantity(
        demand_mean=[1.5, 0.0, math.nan, 1.5], lead_time=2.0, fixed_cost=[1.0, 1.0, 1.0, 0.0], holding_cost=1.0, shortage_cost=9.0
    )
    assert np.isnan(found.quantity).tolist() == [False, True, True, True]
    assert math.isnan(balanced_reorder_point(quantity=0.0, **BOOK))
    nothing = {"lead_time": 2.0, "fixed_cost": 1.0, "holding_cost": 1.0, "shortage_cost": 1.0}
    assert optimal_reorder_quantity(demand_mean=[], **nothing).quantity.shape == (0,)


def test_the_poisson_cost_explains_itself() -> None:
    given_ = {"demand_mean": 1.5, "lead_time": 2.0, "fixed_cost": 100.0, "holding_cost": 20.0, "shortage_cost": 150.0}
    tree = poisson_reorder_quantity_cost(
        reorder_point=Explanation.input("reorder_point", 3.0),
        quantity=Explanation.input("quantity", 5.0),
        **{name: Explanation.input(name, number) for name, number in given_.items()},
    )
    assert tree.evaluate() == pytest.approx(107.92358063314975)
    assert "lead_time_demand" in {node.name for node in tree.walk()}
