"""Transfer plans against HiGHS, and what holds for every plan."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.transfers.plan import Shipment, TransferPlan
from stockhub.formulas.transfers.planner import plan_transfers
from stockhub.formulas.transfers.problem import SharedLanes, TransferProblem
from tests.formulas.transfers.worlds import least_cost, one_lane, problems


def require_kept(plan: TransferPlan) -> None:
    """Every limit of the problem holds, and the explanation evaluates to the cost."""
    problem = plan.problem
    assert (plan.flow >= 0).all()
    assert (plan.flow % problem.lot[:, None, None] == 0).all()
    assert (plan.flow.sum(axis=2) <= problem.surplus).all()
    assert (plan.flow.sum(axis=1) <= problem.receiving).all()
    assert (plan.flow <= problem.capacity).all()
    assert not plan.flow[np.isnan(problem.unit_cost)].any()
    if problem.shared is not None:
        loads = np.einsum("sij,s->ij", plan.flow, problem.shared.load)
        assert (loads <= problem.shared.capacity * (1 + 1e-9)).all()
        sent = np.isfinite(problem.shared.truck_load)
        assert (loads[sent] <= plan.trucks[sent] * problem.shared.truck_load[sent] * (1 + 1e-6) + 1e-6).all()
        assert not plan.trucks[~sent].any()
    assert plan.explanation().evaluate() == pytest.approx(plan.cost, rel=1e-12, abs=1e-9)
    assert plan.bound <= plan.cost


@settings(max_examples=60, deadline=None)
@given(problem=problems())
def test_a_sku_by_itself_is_planned_at_the_least_cost(problem: TransferProblem) -> None:
    plan = plan_transfers(problem)
    require_kept(plan)
    assert plan.cost == pytest.approx(least_cost(problem), rel=1e-9, abs=1e-6)
    assert plan.gap == 0.0


@settings(max_examples=25, deadline=None)
@given(problem=problems(fixed=True))
def test_costs_of_using_a_lane_are_paid_where_they_are_worth_it(problem: TransferProblem) -> None:
    plan = plan_transfers(problem)
    require_kept(plan)
    assert plan.cost == pytest.approx(least_cost(problem), rel=1e-9, abs=1e-6)
    assert plan.gap == pytest.approx(0.0, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(problem=problems(skus=4, shared=True))
def test_skus_that_share_lanes_are_planned_at_the_least_cost(problem: TransferProblem) -> None:
    plan = plan_transfers(problem)
    require_kept(plan)
    assert plan.cost == pytest.approx(least_cost(problem), rel=1e-9, abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(problem=problems(skus=2, fixed=True, trucks=True))
def test_trucks_are_shared_at_the_least_cost(problem: TransferProblem) -> None:
    plan = plan_transfers(problem)
    require_kept(plan)
    least = least_cost(problem)
    assert plan.bound <= least + 1e-5
    if plan.gap <= 1e-9:
        assert plan.cost == pytest.approx(least, rel=1e-9, abs=1e-5)


@settings(max_examples=10, deadline=None)
@given(problem=problems(skus=3, fixed=True, trucks=True))
def test_hardly_any_time_still_gives_a_plan_that_says_how_good_it_is(problem: TransferProblem) -> None:
    plan = plan_transfers(problem, seconds=1e-4)
    require_kept(plan)
    assert plan.bound <= least_cost(problem) + 1e-5


@settings(max_examples=20, deadline=None)
@given(problem=problems(skus=3, shared=True), data=st.data())
def test_the_order_of_codes_changes_nothing(problem: TransferProblem, data: st.DataObject) -> None:
    s, i, j = (np.array(data.draw(st.permutations(range(size))), dtype=np.int64) for size in problem.shape)
    plan, shuffled = plan_transfers(problem), plan_transfers(problem.taken(s, i, j))
    np.testing.assert_array_equal(shuffled.flow, plan.flow[np.ix_(s, i, j)])
    assert shuffled.shipments() == plan.shipments()


@settings(max_examples=60, deadline=None)
@given(problem=problems(), dearer=st.integers(1, 500), data=st.data())
def test_a_dearer_lane_never_moves_more_nor_makes_a_plan_cheaper(problem: TransferProblem, dearer: int, data: st.DataObject) -> None:
    at = tuple(data.draw(st.integers(0, size - 1)) for size in problem.shape)
    cost = problem.unit_cost.copy()
    cost[at] += dearer / 100
    before, after = plan_transfers(problem), plan_transfers(replace(problem, unit_cost=cost))
    assert after.flow[at] <= before.flow[at]
    assert after.cost >= before.cost - 1e-9


@settings(max_examples=12, deadline=None)
@given(problem=problems(skus=2, fixed=True))
def test_the_same_input_gives_the_same_plan(problem: TransferProblem) -> None:
    assert plan_transfers(problem).shipments() == plan_transfers(problem).shipments()


def test_h74_300_free_units_go_where_600_are_missing_if_the_gain_is_above_the_cost() -> None:
    pays, does_not = (plan_transfers(one_lane(300.0, 600.0, cost)) for cost in (9.99, 10.0))
    assert pays.shipments() == [Shipment("sku", "north", "south", 300)]
    assert (pays.shortage.tolist(), pays.residual.tolist()) == ([[300.0]], [[0.0]])
    assert pays.cost == pytest.approx(300 * 9.99 + 300 * 10.0)
    assert (does_not.shipments(), does_not.cost) == ([], 6000.0)


def test_h74_a_cost_for_the_whole_lane_is_part_of_the_test() -> None:
    fixed = [plan_transfers(one_lane(300.0, 600.0, 8.0, fixed_cost=[[[cost]]])).flow.sum() for cost in (599.0, 600.0)]
    assert fixed == [300, 0]


def weighted(shortage: list[float], residual: list[float]) -> TransferPlan:
    """Fresh and stale goods for two markets, lanes of 30 each that SKUs would share; the stale goods' way is dearer."""
    shared = SharedLanes(load=np.ones(1), capacity=np.full((2, 2), 30.0), truck_load=np.full((2, 2), np.inf), truck_cost=np.zeros((2, 2)))
    problem = TransferProblem(
        skus=["sku"],
        sources=["fresh", "stale"],
        destinations=["core", "other"],
        surplus=np.array([[50.0, 50.0]]),
        need=np.array([[50.0, 50.0]]),
        unit_cost=np.array([[[2.0, 2.0], [3.0, 3.0]]]),
        shortage_penalty=np.array([shortage]),
        residual_penalty=np.array([residual]),
        receiving=np.array([[50.0, 50.0]]),
        lot=np.array([10]),
        shared=shared,
    )
    return plan_transfers(problem)


def test_h75_a_raised_weight_changes_the_chosen_lane() -> None:
    assert weighted([2.5, 2.4], [0.0, 0.0]).flow[0].tolist() == [[30, 20], [0, 0]]
    assert weighted([2.4, 2.5], [0.0, 0.0]).flow[0].tolist() == [[20, 30], [0, 0]]


def test_h75_stale_goods_go_first_when_their_weight_is_raised() -> None:
    assert weighted([2.5, 2.4], [0.0, 2.0]).flow[0].sum(axis=1).tolist() == [50, 50]
    assert weighted([2.5, 2.4], [0.0, 2.0]).flow[0].sum(axis=0).tolist() == [50, 50]
    scarce = replace(weighted([2.5, 2.4], [0.0, 2.0]).problem, need=np.array([[50.0, 0.0]]), receiving=np.array([[50.0, 0.0]]))
    assert plan_transfers(scarce).flow[0, :, 0].tolist() == [20, 30]


def test_equal_plans_take_the_first_lanes_and_the_fewest_lots() -> None:
    problem = TransferProblem(
        skus=["sku"],
        sources=["b", "a"],
        destinations=["y", "x"],
        surplus=np.array([[10.0, 10.0]]),
        need=np.array([[5.0, 5.0]]),
        unit_cost=np.full((1, 2, 2), 1.0),
        shortage_penalty=np.full((1, 2), 4.0),
        residual_penalty=np.zeros((1, 2)),
    )
    assert plan_transfers(problem).shipments() == [Shipment("sku", "a", "x", 5), Shipment("sku", "a", "y", 5)]


def test_a_rest_below_a_lot_is_served_where_it_is_worth_a_lot() -> None:
    assert [plan_transfers(one_lane(100.0, 37.0, cost, lot=[5])).flow.sum() for cost in (3.9, 4.1)] == [40, 35]
    assert plan_transfers(one_lane(39.0, 50.0, 1.0, lot=[12])).flow.sum() == 36
    assert plan_transfers(one_lane(10.6, 50.5, 1.0)).shortage.tolist() == [[40.5]]


def test_surplus_that_costs_more_than_its_way_goes_even_where_it_is_not_needed_up_to_what_is_taken_in() -> None:
    leaving = one_lane(100.0, 20.0, 1.0, residual_penalty=[[1.5]])
    assert plan_transfers(leaving).flow.sum() == 100
    assert plan_transfers(replace(leaving, receiving=np.array([[60.0]]))).flow.sum() == 60


def test_a_full_truck_goes_and_a_bad_one_does_not() -> None:
    def moved(cost: float) -> TransferPlan:
        shared = SharedLanes(
            load=np.array([2.0]), capacity=np.array([[np.inf]]), truck_load=np.array([[100.0]]), truck_cost=np.array([[cost]])
        )
        return plan_transfers(one_lane(80.0, 80.0, 1.0, shared=shared))

    assert [(int(moved(cost).flow.sum()), int(moved(cost).trucks[0, 0])) for cost in (200.0, 300.0, 460.0)] == [(80, 2), (50, 1), (0, 0)]


def test_without_lanes_surplus_or_need_nothing_moves() -> None:
    assert plan_transfers(one_lane(300.0, 600.0, math.nan)).cost == 6000.0
    assert plan_transfers(one_lane(0.0, 600.0, 1.0)).shipments() == []
    still = plan_transfers(one_lane(300.0, 0.0, 1.0))
    assert (still.shipments(), still.cost, still.gap, still.explanation().evaluate()) == ([], 0.0, 0.0, 0.0)
    shapes: dict[str, Any] = {"surplus": np.zeros((0, 2)), "need": np.zeros((0, 1)), "unit_cost": np.zeros((0, 2, 1))}
    shapes |= {"shortage_penalty": np.zeros((0, 1)), "residual_penalty": np.zeros((0, 2)), "lot": np.zeros(0, dtype=np.int64)}
    empty = TransferProblem(skus=[], sources=["a", "b"], destinations=["c"], **shapes)
    assert plan_transfers(empty).flow.shape == (0, 2, 1)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"surplus": [[-1.0]]}, "surplus"),
        ({"need": [[math.nan]]}, "need"),
        ({"need": [[1e12]]}, "need"),
        ({"unit_cost": [[[-0.1]]]}, "unit_cost"),
        ({"unit_cost": [[[math.inf]]]}, "unit_cost"),
        ({"shortage_penalty": [[math.nan]]}, "shortage_penalty"),
        ({"capacity": [[[math.nan]]]}, "capacity"),
        ({"lot": [0]}, "lot"),
        ({"lot": [1.5]}, "lot"),
        ({"surplus": [[1.0, 2.0]]}, "surplus"),
        ({"sources": ["north", "north"], "surplus": [[1.0, 1.0]]}, "sources"),
    ],
)
def test_problems_that_make_no_sense_are_refused(asked: dict[str, Any], name: str) -> None:
    with pytest.raises(InvalidParameterError, match=name):
        one_lane(1.0, 1.0, 1.0, **asked)
    lanes = np.ones((1, 1))
    with pytest.raises(InvalidParameterError, match="truck_load"):
        one_lane(1.0, 1.0, 1.0, shared=SharedLanes(load=np.ones(1), capacity=lanes, truck_load=lanes * 0, truck_cost=lanes))
