"""The best transfers: from where, to where, how much, by which lane (H74, H75; science.md 9)."""

from __future__ import annotations

import numpy as np

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.sourcing.integer_programme import DEFAULT_SECONDS
from stockhub.formulas.transfers.closing import without_losing_lanes
from stockhub.formulas.transfers.coupling import coupled_groups, lane_limits, spread_cost, with_use_cost
from stockhub.formulas.transfers.lane_programme import improved, trucks_used
from stockhub.formulas.transfers.lot_flow import LotFlow, objective
from stockhub.formulas.transfers.network import IntArray, Network, network_of
from stockhub.formulas.transfers.plan import TransferPlan, plan_cost
from stockhub.formulas.transfers.problem import TransferProblem
from stockhub.formulas.transfers.shared_lanes import alone, shared_flow

#: With more arcs than this an integer programme takes longer to write down than it could gain in the time.
MOST_ARCS = 50_000


def plan_transfers(problem: TransferProblem, *, seconds: float = DEFAULT_SECONDS) -> TransferPlan:
    """The transfers of least cost: costs of lanes, of what stays missing and of what stays over.

    SKUs that share nothing are planned one by one, as flows, which is exact; those that share a lane which is full, together; those for
    which using a lane costs something at all by an integer programme, which has its equal part of `seconds`. The plan's `gap` says how far
    its cost may be above the least. A shortage can always stay, so there always is a plan. Among equally cheap ones: the lowest sum, over
    the lots moved, of the places of their lanes in the order of source and destination codes; the order in which codes come in is nothing.
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
    hard = sum(bool(use_costs[group].any()) for group in groups)
    slack = 0.0
    for group in groups:
        shared = shared_flow(network, flow, group, limit)
        chosen, left = shared.lots, objective(network, flow.arc_cost, shared.lots, group) - shared.bound
        if use_costs[group].any():
            chosen, left = _with_use_costs(network, flow, group, chosen, shared.bound, limit, seconds / hard)
        lots += chosen
        slack += max(left, 0.0)
    return lots, slack


def _with_use_costs(
    network: Network, flow: LotFlow, group: IntArray, lots: IntArray, bound: float, limit: FloatArray, seconds: float
) -> tuple[IntArray, float]:
    """A group's lots when using its lanes costs something: the flow at spread costs is where the integer programme begins."""
    best = without_losing_lanes(network, flow, group, lots, limit)
    slack = _objective(network, best, group) - bound
    if len(network.arcs_of(group)) <= MOST_ARCS:
        found = improved(network, group, best, seconds)
        if found is not None and _objective(network, found.lots, group) <= _objective(network, best, group):
            return found.lots, min(_objective(network, found.lots, group) - bound, found.slack)
    return best, slack


def _objective(network: Network, lots: IntArray, group: IntArray) -> float:
    """What the lots of a group change against moving nothing, with the costs of use as they are."""
    shared = network.problem.shared
    own = (network.unit_cost - network.problem.residual_penalty[network.sku, network.source]) * network.lot
    used = float(network.fixed_cost[lots > 0].sum())
    if shared is not None:
        used += float((trucks_used(network.loads(lots), shared.truck_load.ravel()) * shared.truck_cost.ravel()).sum())
    return objective(network, own, lots, group) + used
