"""Lanes and trucks that a plan uses although they may gain less than they cost: without them its SKUs are planned again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.transfers.coupling import truck_lanes
from stockhub.formulas.transfers.lane_programme import trucks_used
from stockhub.formulas.transfers.lot_flow import LotFlow, objectives
from stockhub.formulas.transfers.network import IntArray, Network
from stockhub.formulas.transfers.shared_lanes import put_in_room

MOST_ROUNDS = 30


@dataclass(frozen=True, slots=True)
class _Open:
    """(A,) arcs that may be used, and (lanes,) the loads that may be sent."""

    arcs: NDArray[np.bool_]
    limit: FloatArray


def objective_with_use(network: Network, lots: IntArray, skus: IntArray) -> float:
    """What the lots of some SKUs, those of others being 0, change against moving nothing, with the costs of use as they are."""
    shared = network.problem.shared
    own = (network.unit_cost - network.problem.residual_penalty[network.sku, network.source]) * network.lot
    used = float(network.fixed_cost[lots > 0].sum())
    if shared is not None:
        used += float((trucks_used(network.loads(lots), shared.truck_load.ravel()) * shared.truck_cost.ravel()).sum())
    return float(objectives(network, own, lots)[skus].sum()) + used


def without_losing_lanes(network: Network, flow: LotFlow, skus: IntArray, lots: IntArray, limit: FloatArray) -> IntArray:
    """The lots (A,) of some SKUs, others 0, after rounds that take out what seems to lose, as long as the plan becomes cheaper.

    No round sends more trucks over any lane than the one before: what is taken out moves on lanes and trucks that run anyway, or not.
    """
    best = objective_with_use(network, lots, skus)
    left = _Open(np.ones(len(lots), dtype=np.bool_), limit)
    for _ in range(MOST_ROUNDS):
        losing = _losing_arcs(network, lots)
        full = _full_trucks(network, lots, left.limit)
        left = _Open(left.arcs & ~losing, full)
        replanned = losing | ((network.loads(lots) > full)[network.lane] & (lots > 0) & (network.load > 0))
        if not replanned.any():
            break
        trial = lots.copy()
        affected = np.unique(network.sku[replanned])
        trial[network.arcs_of(affected)] = 0
        for sku in affected:
            put_in_room(network, flow, int(sku), trial, left.limit, left.arcs)
        reached = objective_with_use(network, trial, skus)
        if reached >= best:
            break
        lots, best = trial, reached
    return lots


def _gain(network: Network, lots: IntArray) -> FloatArray:
    """(A,): what each arc's lots would gain if every unit saved a shortage, less the arc's own cost of use."""
    problem = network.problem
    wanted = problem.shortage_penalty[network.sku, network.destination]
    saved = problem.residual_penalty[network.sku, network.source] + wanted - network.unit_cost
    gain: FloatArray = saved * lots * network.lot - network.fixed_cost * (lots > 0)
    return gain


def _losing_arcs(network: Network, lots: IntArray) -> NDArray[np.bool_]:
    """(A,): whether an arc that is used cannot even so pay for its use."""
    losing: NDArray[np.bool_] = (lots > 0) & (network.fixed_cost > 0) & (_gain(network, lots) <= 0)
    return losing


def _full_trucks(network: Network, lots: IntArray, limit: FloatArray) -> FloatArray:
    """(lanes,): limits at which each lane keeps its trucks, but not a last one whose part of the lane's gain is below its cost."""
    shared = network.problem.shared
    if shared is None:
        return limit
    load = network.loads(lots)
    truck_load, by_truck = shared.truck_load.ravel(), truck_lanes(network)
    trucks = trucks_used(load, truck_load)
    with np.errstate(invalid="ignore"):
        before_last = np.where(trucks > 0, (trucks - 1) * truck_load, 0.0)
        kept = np.where(trucks > 0, trucks * truck_load, 0.0)
    gain = np.bincount(network.lane, np.where(network.load > 0, _gain(network, lots), 0.0), network.lanes)
    of_last = np.divide(gain * (load - before_last), load, out=np.zeros(network.lanes), where=load > 0)
    most = np.where(of_last <= shared.truck_cost.ravel(), before_last, kept)
    return np.where(by_truck, np.minimum(limit, most), limit)
