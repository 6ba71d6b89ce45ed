"""Would a transfer plan still be right if things went otherwise? Demand up or down, lanes closed (H76; science.md 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray, N, at_least, both, explained, ratio
from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.sourcing.integer_programme import DEFAULT_SECONDS
from stockhub.formulas.transfers.network import IntArray
from stockhub.formulas.transfers.plan import TransferPlan, plan_cost
from stockhub.formulas.transfers.planner import plan_transfers
from stockhub.formulas.transfers.problem import TransferProblem, broadcast, require_each


@dataclass(frozen=True, kw_only=True)
class TransferScenario:
    """What sites would have to spare and miss (S, I) and (S, J), at other demand, and which lanes are open (I, J)."""

    name: str
    surplus: FloatArray
    need: FloatArray
    open_lanes: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class ScenarioOutcome:
    """The plan in one scenario, against moving nothing and against planning with hindsight; money in the base currency."""

    name: str
    survived: bool
    net_gain: float
    #: Units that the plan takes from sites which would have needed them.
    overdrawn: float
    #: What the plan costs more than the best plan for the scenario; None where that was not asked for.
    regret: float | None


@explained(unit="flag")
def plan_survives(net_gain: N, overdrawn_units: N, allowed_units: N | float = 0.0) -> N:
    """Whether a plan is no worse than moving nothing, and takes no more than allowed from sites that would need it themselves."""
    return both(at_least(net_gain, 0.0), at_least(allowed_units, overdrawn_units))


@explained(unit="1")
def survival_share(survived: N, scenarios: N) -> N:
    """The share of scenarios that a plan survives; missing where there are none."""
    return ratio(survived, scenarios)


@explained(unit="flag")
def plan_is_robust(survived: N, scenarios: N, least_share: N | float) -> N:
    """Whether a plan survives at least the share of scenarios asked for (H76)."""
    return at_least(survival_share(survived, scenarios), least_share)


def simulated(
    plan: TransferPlan,
    scenarios: Sequence[TransferScenario],
    *,
    allowed_units: float = 0.0,
    replan: bool = False,
    seconds: float = DEFAULT_SECONDS,
) -> list[ScenarioOutcome]:
    """The plan in each scenario; with `replan`, its regret too, each new plan within `seconds`.

    What was to go over a closed lane stays where it is and costs no way. What a plan takes from a site that would have needed it is not
    free: it counts as moved, and as overdrawn.
    """
    outcomes = []
    for scenario in scenarios:
        problem = _in_scenario(plan.problem, scenario)
        flow = np.where(scenario.open_lanes[None], plan.flow, 0)
        trucks: IntArray = np.where(scenario.open_lanes, plan.trucks, 0)
        shipped = flow.sum(axis=2)
        overdrawn = float(np.maximum(shipped - problem.surplus, 0.0).sum())
        covered = replace(problem, surplus=np.maximum(problem.surplus, shipped))
        cost = plan_cost(covered, flow, trucks)
        gain = plan_cost(problem, np.zeros_like(flow), np.zeros_like(trucks)) - cost
        regret = cost - plan_transfers(problem, seconds=seconds).cost if replan else None
        survived = bool(plan_survives(gain, overdrawn, allowed_units))
        outcomes.append(ScenarioOutcome(name=scenario.name, survived=survived, net_gain=gain, overdrawn=overdrawn, regret=regret))
    return outcomes


def survived_share(outcomes: Sequence[ScenarioOutcome]) -> float:
    """The share of outcomes that were survived; NaN where there are none."""
    return survival_share(float(sum(each.survived for each in outcomes)), float(len(outcomes)))


def demand_factors(random: np.random.Generator, scenarios: int, sites: int, variation: float) -> FloatArray:
    """(scenarios, sites): by what demand is multiplied, log-normal with mean 1 and the coefficient of variation given."""
    if not (variation >= 0 and np.isfinite(variation)):
        raise InvalidParameterError("variation", variation, "a coefficient of variation of at least 0")
    spread = np.sqrt(np.log1p(variation**2))
    factors: FloatArray = np.exp(random.normal(0.0, 1.0, (scenarios, sites)) * spread - spread**2 / 2)
    return factors


def lane_closures(random: np.random.Generator, scenarios: int, probability: FloatArray) -> NDArray[np.bool_]:
    """(scenarios, I, J): whether a lane is open, each closed with its own probability (I, J)."""
    if not ((probability >= 0) & (probability <= 1)).all():
        raise InvalidParameterError("probability", "outside", "probabilities from 0 to 1")
    return random.random((scenarios, *probability.shape)) >= probability


def _in_scenario(problem: TransferProblem, scenario: TransferScenario) -> TransferProblem:
    s, i, j = problem.shape
    surplus, need = broadcast("surplus", scenario.surplus, (s, i)), broadcast("need", scenario.need, (s, j))
    for name, units in (("surplus", surplus), ("need", need)):
        require_each(name, units)
    if scenario.open_lanes.shape != (i, j):
        raise InvalidParameterError("open_lanes", f"of shape {scenario.open_lanes.shape}", f"an array of shape {(i, j)}")
    unit_cost = np.where(scenario.open_lanes[None], problem.unit_cost, np.nan)
    return replace(problem, surplus=surplus, need=need, unit_cost=unit_cost)
