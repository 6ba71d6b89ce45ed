"""The best transfers: from where, to where, how much, by which lane (H74, H75; science.md 9)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.sourcing.integer_programme import DEFAULT_SECONDS
from stockhub.formulas.transfers.closing import objective_with_use, without_losing_lanes
from stockhub.formulas.transfers.coupling import coupled_groups, lane_limits, spread_cost, with_use_cost
from stockhub.formulas.transfers.lane_prices import DUST
from stockhub.formulas.transfers.lane_programme import improved, trucks_used
from stockhub.formulas.transfers.lot_flow import LotFlow, alone
from stockhub.formulas.transfers.network import IntArray, Network, network_of
from stockhub.formulas.transfers.plan import TransferPlan, plan_cost
from stockhub.formulas.transfers.problem import TransferProblem
from stockhub.formulas.transfers.shared_lanes import shared_flow

#: With more arcs than this an integer programme takes longer to write down than it could gain in the time.
MOST_ARCS = 50_000
#: SKUs that only share full lanes are planned again where they are few, or where more than this part is left open.
FEW_ARCS, CLOSE_ENOUGH = 2_000, 1e-3


def plan_transfers(problem: TransferProblem, *, seconds: float = DEFAULT_SECONDS) -> TransferPlan:
    """The transfers of least cost: costs of lanes, of what stays missing and of what stays over.

    SKUs that share nothing are planned one by one, as flows, which is exact; those that share a lane which is full, by its price; those for
    which using a lane costs something at all, and few that share full lanes, by integer programmes, which have equal parts of `seconds`
    to solve; to write them down is not counted.
    The plan's `gap` says how far its cost may be above the least. A shortage can always stay, so there always is a plan.

    Among equally cheap plans of a SKU that shares no full lane it is the one with the lowest sum, over the lots moved, of the places of
    their lanes in the order of source and destination codes. The order in which codes are given changes nothing.
    """
    s, i, j = problem.orders()
    network = network_of(problem.taken(s, i, j))
    lots, slack = _lots(network, seconds)
    ordered = np.zeros(problem.shape, dtype=np.int64)
    ordered[network.sku, network.source, network.destination] = lots * network.problem.lot[network.sku]
    flow, trucks = np.zeros_like(ordered), np.zeros(problem.shape[1:], dtype=np.int64)
    flow[np.ix_(s, i, j)] = ordered
    if network.problem.shared is not None:
        trucks[np.ix_(i, j)] = trucks_used(network.loads(lots), network.problem.shared.truck_load.ravel()).reshape(trucks.shape)
    cost = plan_cost(problem, flow, trucks)
    return TransferPlan(problem=problem, flow=flow, trucks=trucks, cost=cost, bound=cost - slack)


def _lots(network: Network, seconds: float) -> tuple[IntArray, float]:
    """Lots on all arcs, and how much less than theirs the cost might be."""
    flow, limit = LotFlow(network, spread_cost(network)), lane_limits(network)
    groups, use_costs = coupled_groups(network), with_use_cost(network)
    single = np.ones(len(network.problem.skus), dtype=np.bool_)
    for group in groups:
        single[group] = False
    lots = alone(network, flow, np.flatnonzero(single & ~use_costs))
    groups += [np.array([sku], dtype=np.int64) for sku in np.flatnonzero(single & use_costs)]
    starts = [_start(network, flow, group, limit, closing=bool(use_costs[group].any())) for group in groups]
    improvable = [_improvable(network, start, uses=bool(use_costs[start.skus].any())) for start in starts]
    slack = 0.0
    for start, hard in zip(starts, improvable, strict=True):
        best = _improved(network, start, seconds / sum(improvable)) if hard else start
        lots += best.lots
        slack += best.slack
    return lots, slack


@dataclass(frozen=True, slots=True)
class _GroupPlan:
    """The lots (A,) of a group of SKUs, those of others 0; their objective, and how much lower it might be."""

    skus: IntArray
    lots: IntArray
    objective: float
    slack: float


def _start(network: Network, flow: LotFlow, group: IntArray, limit: FloatArray, *, closing: bool) -> _GroupPlan:
    """A group's plan by flows at spread costs, without the lanes that do not pay for their use."""
    close_enough = 0.0 if len(network.arcs_of(group)) <= FEW_ARCS else CLOSE_ENOUGH
    shared = shared_flow(network, flow, group, limit, close_enough)
    lots = without_losing_lanes(network, flow, group, shared.lots, limit) if closing else shared.lots
    reached = objective_with_use(network, lots, group)
    return _GroupPlan(group, lots, reached, max(reached - shared.bound, 0.0))


def _improvable(network: Network, plan: _GroupPlan, *, uses: bool) -> bool:
    """Whether an integer programme is worth its time: where something could be left to gain, and not too much to write down."""
    arcs = len(network.arcs_of(plan.skus))
    open_share = plan.slack / max(abs(plan.objective), DUST)
    return 0 < arcs <= MOST_ARCS and (uses or (plan.slack > DUST and (arcs <= FEW_ARCS or open_share > CLOSE_ENOUGH)))


def _improved(network: Network, start: _GroupPlan, seconds: float) -> _GroupPlan:
    found = improved(network, start.skus, start.lots, seconds)
    if found is None:
        return start
    reached = objective_with_use(network, found.lots, start.skus)
    if reached > start.objective:
        return start
    return _GroupPlan(start.skus, found.lots, reached, min(reached - (start.objective - start.slack), found.slack))
