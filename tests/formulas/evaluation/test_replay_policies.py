"""The policies that others are held against."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.evaluation.replay import Policy, Replay, replay
from stockhub.formulas.evaluation.replay_metrics import replay_cost, replay_stock_cost, replay_sums
from stockhub.formulas.evaluation.replay_policies import (
    clairvoyant_policy,
    frozen_min_max_levels,
    lots_to_order,
    min_max_order,
    min_max_policy,
    one_lot_to_order,
    order_up_to,
    reorder_quantity_policy,
    rule_of_thumb_order,
    rule_of_thumb_policy,
)
from stockhub.values import Explanation

NAN = math.nan
numbers = st.one_of(st.just(NAN), st.integers(-50, 200).map(float), st.floats(-500, 500))


def test_one_lot_or_as_many_as_lift_the_position_above_the_point() -> None:
    assert [one_lot_to_order(position, 50.0, 30.0) for position in (51.0, 50.0, -100.0)] == [0.0, 30.0, 30.0]
    assert [lots_to_order(position, 50.0, 30.0) for position in (51.0, 50.0, 20.0, 19.0, -100.0)] == [0.0, 30.0, 60.0, 60.0, 180.0]


def test_h19_the_rule_of_thumb_orders_30_days_below_30_days() -> None:
    assert [rule_of_thumb_order(position, 20.0) for position in (599.0, 600.0)] == [600.0, 0.0]
    run = replay([[20.0] * 40], rule_of_thumb_policy(), lead_time=5, on_hand=619.0)
    assert run.orders[0, :2].tolist() == [600.0, 0.0]


def test_the_pace_of_the_rule_is_that_of_the_last_known_days() -> None:
    demand = [[100.0, 100.0, 2.0, np.nan, 4.0]]
    run = replay(demand, rule_of_thumb_policy(cover_days=10.0, window_days=3), lead_time=9, on_hand=1000.0)
    assert run.orders[0].tolist() == [1000.0, 0.0, 0.0, 0.0, 0.0]
    assert replay([[np.nan, np.nan]], rule_of_thumb_policy(), lead_time=1, on_hand=0.0).orders.sum() == 0.0


def test_order_up_to_a_forecasts_level_on_review_days_in_whole_units() -> None:
    run = replay([[3.0] * 6], order_up_to(lambda today: np.nanmean(today.demand, axis=1) * 3.5, review_days=3), lead_time=1, on_hand=3.0)
    assert run.orders[0].tolist() == [11.0, 0.0, 0.0, 9.0, 0.0, 0.0]
    with pytest.raises(InvalidParameterError, match="review_days"):
        order_up_to(lambda _: 0.0, review_days=0)


def test_frozen_levels_come_from_the_history_before() -> None:
    history = [[4.0, 6.0, np.nan, 5.0, 5.0], [7.0, np.nan, np.nan, np.nan, np.nan], [0.0] * 5]
    low, high = frozen_min_max_levels(history, lead_time=4.0, service_factor=1.645, fixed_cost=10.0, holding_cost_a_day=0.1)
    sd = math.sqrt(2.0 / 3.0)
    assert low[0] == math.ceil(5.0 * 4.0 + 1.645 * sd * 2.0)
    assert high[0] == math.ceil(5.0 * 4.0 + 1.645 * sd * 2.0 + math.sqrt(2 * 10.0 * 5.0 / 0.1))
    assert np.isnan([low[1], high[1]]).all()
    assert (low[2], high[2]) == (0.0, 1.0)


def _cost(demand: list[float], policy: Policy, lead_time: int, opening: float, fixed: float, *, waits: bool) -> tuple[float, Replay]:
    run = replay(demand, policy, lead_time=lead_time, on_hand=opening, unmet_waits=waits)
    sums = replay_sums(run)
    stock = replay_stock_cost(
        orders=sums.orders,
        on_hand_days=sums.on_hand_days,
        waiting_days=sums.waiting_days,
        fixed_cost=fixed,
        holding_cost_a_day=0.5,
        waiting_cost_a_day=50.0,
    )
    cost = replay_cost(stock_cost=stock, ordered=sums.ordered, unmet=sums.unmet, lost_margin=0.0 if waits else 500.0)
    return float(cost[0]), run


@settings(max_examples=60, deadline=None)
@given(
    demand=st.lists(st.integers(0, 20).map(float), min_size=12, max_size=30),
    lead_time=st.integers(1, 6),
    opening=st.integers(0, 60).map(float),
    fixed=st.floats(1, 100),
    low=st.integers(0, 80).map(float),
    lot=st.integers(1, 80).map(float),
    waits=st.booleans(),
)
def test_nobody_is_cheaper_than_the_clairvoyant(
    demand: list[float], lead_time: int, opening: float, fixed: float, low: float, lot: float, *, waits: bool
) -> None:
    knowing = clairvoyant_policy(demand, lead_time=lead_time, on_hand=opening, fixed_cost=fixed, holding_cost_a_day=0.5, unmet_waits=waits)
    bound, run = _cost(demand, knowing, lead_time, opening, fixed, waits=waits)
    assert (run.unmet[:, lead_time + 1 :] == 0).all()
    others = [min_max_policy(low, low + lot), reorder_quantity_policy(low, lot, several_lots=True), rule_of_thumb_policy(7.0, 7)]
    for policy in others:
        assert _cost(demand, policy, lead_time, opening, fixed, waits=waits)[0] >= bound - 1e-6


def test_a_clairvoyant_of_fewer_days_than_the_lead_time_orders_nothing() -> None:
    policy = clairvoyant_policy([5.0, 5.0], lead_time=4, on_hand=3.0, fixed_cost=1.0, holding_cost_a_day=1.0)
    assert replay([5.0, 5.0], policy, lead_time=4, on_hand=3.0).orders.tolist() == [[0.0, 0.0]]


FORMULAS: dict[Callable[..., Any], int] = {lots_to_order: 3, one_lot_to_order: 3, min_max_order: 3, rule_of_thumb_order: 2}


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.__name__)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_number_an_array_and_an_explanation_agree(formula: Callable[..., Any], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.tuples(*[numbers] * FORMULAS[formula]), min_size=2, max_size=3))
    one_by_one = [formula(*row) for row in rows]
    told = [formula(*[Explanation.input(str(i), value) for i, value in enumerate(row)]) for row in rows]
    np.testing.assert_allclose(formula(*[np.array(column) for column in zip(*rows, strict=True)]), one_by_one, rtol=1e-12)
    np.testing.assert_allclose([NAN if tree.value is None else tree.value for tree in told], one_by_one, rtol=1e-12)
    assert [tree.evaluate() for tree in told] == [tree.value for tree in told]
