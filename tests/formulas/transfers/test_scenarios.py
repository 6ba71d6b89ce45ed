"""A transfer plan in scenarios (H76)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings

from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.transfers.planner import plan_transfers
from stockhub.formulas.transfers.problem import TransferProblem
from stockhub.formulas.transfers.quantities import transfer_need, transfer_surplus
from stockhub.formulas.transfers.scenarios import (
    TransferScenario,
    demand_factors,
    lane_closures,
    plan_is_robust,
    simulated,
    survived_share,
)
from tests.formulas.transfers.worlds import one_lane, problems


def scenario(name: str, here: float = 1.0, there: float = 1.0, *, is_open: bool = True) -> TransferScenario:
    """H74's two sites with their demand multiplied."""
    return TransferScenario(
        name=name,
        surplus=np.array([[transfer_surplus(900.0, 30.0 * here, 20.0)]]),
        need=np.array([[transfer_need(30.0 * there, 25.0, 150.0)]]),
        open_lanes=np.array([[is_open]]),
    )


SCENARIOS = [
    scenario("as planned"),
    scenario("half of the demand there", there=0.5),
    scenario("hardly any demand there", there=0.2),
    scenario("more demand here", here=1.2),
    scenario("the lane is closed", is_open=False),
]


def test_h76_a_plan_is_robust_if_it_survives_the_share_of_scenarios_asked_for() -> None:
    plan = plan_transfers(one_lane(300.0, 600.0, 4.0))
    outcomes = simulated(plan, SCENARIOS)
    assert {each.name: (each.survived, each.net_gain, each.overdrawn) for each in outcomes} == {
        "as planned": (True, 300 * 6.0, 0.0),
        "half of the demand there": (True, 225 * 10.0 - 300 * 4.0, 0.0),
        "hardly any demand there": (False, -300 * 4.0, 0.0),
        "more demand here": (False, 300 * 6.0, 120.0),
        "the lane is closed": (True, 0.0, 0.0),
    }
    assert survived_share(outcomes) == 0.6
    assert [plan_is_robust(3.0, 5.0, share) for share in (0.6, 0.61)] == [1.0, 0.0]
    assert survived_share(simulated(plan, SCENARIOS, allowed_units=120.0)) == 0.8


def test_h76_the_regret_is_against_the_best_plan_for_the_scenario() -> None:
    plan = plan_transfers(one_lane(300.0, 600.0, 4.0))
    regrets = [each.regret for each in simulated(plan, SCENARIOS[:3], replan=True)]
    assert regrets == [0.0, pytest.approx(75 * 4.0), pytest.approx(300 * 4.0)]


@settings(max_examples=12, deadline=None)
@given(problem=problems(skus=2, fixed=True, trucks=True))
def test_a_plan_in_its_own_scenario_gains_what_it_was_made_for(problem: TransferProblem) -> None:
    plan = plan_transfers(problem, seconds=1.0)
    every = np.ones(plan.problem.shape[1:], dtype=np.bool_)
    own = TransferScenario(name="own", surplus=plan.problem.surplus, need=plan.problem.need, open_lanes=every)
    shut = TransferScenario(name="shut", surplus=plan.problem.surplus, need=plan.problem.need, open_lanes=~every)
    outcome, closed = simulated(plan, [own, shut])
    nothing = (plan.problem.need * plan.problem.shortage_penalty).sum() + (plan.problem.surplus * plan.problem.residual_penalty).sum()
    assert outcome.net_gain == pytest.approx(nothing - plan.cost, abs=1e-6)
    assert (outcome.survived, outcome.overdrawn) == (outcome.net_gain >= 0, 0.0)
    assert closed.net_gain == pytest.approx(0.0, abs=1e-9)


def test_factors_of_demand_have_mean_1_and_the_variation_asked_for() -> None:
    factors = demand_factors(np.random.default_rng(618), 40_000, 2, 0.4)
    assert factors.mean() == pytest.approx(1.0, abs=0.01)
    assert factors.std() == pytest.approx(0.4, abs=0.02)
    assert (demand_factors(np.random.default_rng(1), 3, 2, 0.0) == 1.0).all()
    np.testing.assert_array_equal(demand_factors(np.random.default_rng(1), 3, 2, 0.4), demand_factors(np.random.default_rng(1), 3, 2, 0.4))
    with pytest.raises(InvalidParameterError, match="variation"):
        demand_factors(np.random.default_rng(1), 3, 2, -0.1)


def test_lanes_close_with_their_own_probability() -> None:
    is_open = lane_closures(np.random.default_rng(618), 20_000, np.array([[0.0, 0.25, 1.0]]))
    assert is_open.shape == (20_000, 1, 3)
    assert is_open[:, 0, 0].all()
    assert not is_open[:, 0, 2].any()
    assert is_open[:, 0, 1].mean() == pytest.approx(0.75, abs=0.01)
    with pytest.raises(InvalidParameterError, match="probability"):
        lane_closures(np.random.default_rng(618), 2, np.array([[1.5]]))


def test_scenarios_that_do_not_fit_are_refused_and_none_give_no_share() -> None:
    plan = plan_transfers(one_lane(300.0, 600.0, 4.0))
    assert math.isnan(survived_share([]))
    wrong = scenario("wrong")
    for name, other in (("surplus", np.array([[math.nan]])), ("need", np.zeros((1, 2))), ("open_lanes", np.ones((2, 2), dtype=np.bool_))):
        fields = {"surplus": wrong.surplus, "need": wrong.need, "open_lanes": wrong.open_lanes} | {name: other}
        with pytest.raises(InvalidParameterError, match=name):
            simulated(plan, [TransferScenario(name="wrong", **fields)])
