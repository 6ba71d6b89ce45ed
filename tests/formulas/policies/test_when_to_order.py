"""When to order, orders near the end of a product's life, and the cliffs on both sides of cover."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.demand.decay import decayed_demand
from stockhub.formulas.policies.cover_target import target_between_cliffs, units_beyond_excess_limit, units_to_low_cover_limit
from stockhub.formulas.policies.end_of_life_orders import (
    MINIMUM_ORDER_CHOICES,
    ORDER_MINIMUM,
    SKIP,
    last_buy_quantity,
    minimum_order_choice,
    minimum_order_gain,
    minimum_order_is_doubtful,
    order_by_stage,
)
from stockhub.formulas.policies.ordering import order_due, order_quantity, order_trigger
from stockhub.values import Explanation

NAN = math.nan
units = st.integers(0, 5000).map(float)


def test_h15_inbound_is_netted_before_cases() -> None:
    assert order_quantity(500.0, 300.0) == 200.0
    assert order_quantity(500.0, 200.0 + 300.0, 100.0, 24.0) == 0.0


def test_h19_less_than_30_days_of_sales_is_ordered() -> None:
    trigger = order_trigger(20.0, 30.0, 450.0)
    assert trigger == 600.0
    assert [order_due(position, trigger) for position in (599.0, 600.0)] == [1.0, 0.0]


def test_h19_the_trigger_is_the_reorder_point_where_that_is_higher() -> None:
    """30 days are not enough for a lead time of 45 (science.md §12, 4)."""
    trigger = order_trigger(20.0, 30.0, 20.0 * 45.0 + 80.0)
    assert trigger == 980.0
    assert [order_due(position, trigger) for position in (600.0, 979.0, 980.0)] == [1.0, 1.0, 0.0]
    assert math.isnan(order_due(600.0, order_trigger(NAN, 30.0, 100.0)))


def test_e15_cover_has_a_cliff_on_either_side() -> None:
    """10 a day: the fee ends at 280, excess begins beyond 900."""
    assert [units_to_low_cover_limit(10.0, stock) for stock in (250.0, 280.0, 900.0)] == [30.0, 0.0, 0.0]
    assert [units_beyond_excess_limit(10.0, stock) for stock in (280.0, 900.0, 940.0)] == [0.0, 0.0, 40.0]
    assert [target_between_cliffs(target, 10.0) for target in (100.0, 500.0, 2000.0)] == [280.0, 500.0, 900.0]


def test_e15_nothing_is_aimed_at_where_nothing_is_sold() -> None:
    assert target_between_cliffs(100.0, 0.0) == 0.0
    assert units_beyond_excess_limit(0.0, 40.0) == 40.0


def test_demand_decays_week_by_week() -> None:
    assert decayed_demand(100.0, 0.5, 3.0) == pytest.approx(50.0 + 25.0 + 12.5)
    assert decayed_demand(100.0, 1.0, 3.0) == 300.0
    assert decayed_demand(100.0, 0.0, 3.0) == 0.0
    assert decayed_demand(100.0, 0.999999, 4.0) == pytest.approx(400.0, rel=1e-5)


def test_an_ended_product_is_not_ordered_but_for_a_last_buy() -> None:
    assert [order_by_stage(240.0, ended) for ended in (0.0, 1.0)] == [240.0, 0.0]
    assert order_by_stage(240.0, 1.0, 96.0) == 96.0


def test_e16_a_last_buy_stays_within_the_demand_that_remains() -> None:
    assert last_buy_quantity(500.0, 120.0, 400.0) == 280.0
    assert last_buy_quantity(300.0, 120.0, 400.0, 24.0) == 168.0
    assert last_buy_quantity(300.0, 400.0, 400.0) == 0.0


@settings(max_examples=60, deadline=None)
@given(level=units, position=units, remaining=units, pack=st.integers(1, 50).map(float))
def test_e16_a_last_buy_is_whole_cases_that_will_be_sold(level: float, position: float, remaining: float, pack: float) -> None:
    quantity = last_buy_quantity(level, position, remaining, pack)
    assert quantity % pack == 0
    assert quantity >= 0
    if quantity:
        assert position + quantity <= min(level, remaining)


def test_a_minimum_order_that_outlasts_demand_is_weighed_against_none() -> None:
    """Certain demand of 50 and a minimum of 500: 450 are left over at 2 each, against 50 short at 10."""
    choice = {"minimum_order": 500.0, "position": 0.0, "demand_mean": 50.0, "demand_sd": 0.0, "overage_cost": 2.0, "underage_cost": 10.0}
    assert minimum_order_is_doubtful(500.0, 0.0, 50.0) == 1.0
    assert minimum_order_gain(**choice) == 50 * 10.0 - 450 * 2.0
    assert minimum_order_choice(**choice) == SKIP
    assert minimum_order_choice(**(choice | {"underage_cost": 30.0})) == ORDER_MINIMUM
    assert minimum_order_choice(**(choice | {"minimum_order": 50.0, "underage_cost": 0.1, "fixed_cost": 99.0})) == ORDER_MINIMUM
    assert MINIMUM_ORDER_CHOICES[int(SKIP)] == "skip"


FORMULAS: dict[Callable[..., Any], int] = {
    order_trigger: 3,
    order_due: 2,
    decayed_demand: 3,
    last_buy_quantity: 4,
    order_by_stage: 3,
    minimum_order_is_doubtful: 3,
    target_between_cliffs: 2,
    units_to_low_cover_limit: 2,
    units_beyond_excess_limit: 2,
}
numbers = st.one_of(st.just(0.0), st.just(1.0), st.just(NAN), st.integers(-50, 500).map(float), st.floats(-1e3, 1e3))


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.__name__)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_number_an_array_and_an_explanation_agree(formula: Callable[..., Any], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.tuples(*[numbers] * FORMULAS[formula]), min_size=2, max_size=3))
    one_by_one = [formula(*row) for row in rows]
    at_once = formula(*[np.array(column) for column in zip(*rows, strict=True)])
    told = [formula(*[Explanation.input(str(i), value) for i, value in enumerate(row)]) for row in rows]
    assert all(type(number) is float for number in one_by_one)
    np.testing.assert_allclose(at_once, one_by_one, rtol=1e-9)
    np.testing.assert_allclose([NAN if t.value is None else t.value for t in told], one_by_one, rtol=1e-9)


def test_the_choice_about_a_minimum_order_explains_itself() -> None:
    given_ = {"minimum_order": 500.0, "position": 0.0, "demand_mean": 50.0, "demand_sd": 9.0, "overage_cost": 2.0, "underage_cost": 10.0}
    tree = minimum_order_choice(**{name: Explanation.input(name, number) for name, number in given_.items()})
    assert tree.evaluate() == minimum_order_choice(**given_) == SKIP
    assert {"minimum_order_gain", "position_mismatch_cost", "minimum_order_is_doubtful"} <= {node.name for node in tree.walk()}
