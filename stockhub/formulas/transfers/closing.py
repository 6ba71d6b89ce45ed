"""Lanes that a plan uses although their use costs more than they gain: they are closed, and their SKUs planned again."""

from __future__ import annotations

import numpy as np

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.transfers.coupling import truck_lanes
from stockhub.formulas.transfers.lane_programme import trucks_used
from stockhub.formulas.transfers.lot_flow import LotFlow
from stockhub.formulas.transfers.network import IntArray, Network
from stockhub.formulas.transfers.shared_lanes import put_in_room


def without_losing_lanes(network: Network, flow: LotFlow, skus: IntArray, lots: IntArray, limit: FloatArray) -> IntArray:
    """The lots of some SKUs after closing, round by round, what cannot pay for its use even if every unit saved a shortage."""
    open_arcs = np.ones(len(lots), dtype=np.bool_)
    mine = np.zeros(len(lots), dtype=np.bool_)
    mine[network.arcs_of(skus)] = True
    lots = lots.copy()
    while (losing := _losing(network, lots) & mine & open_arcs & (lots > 0)).any():
        open_arcs &= ~losing
        for sku in np.unique(network.sku[losing]):
            put_in_room(network, flow, int(sku), lots, limit, open_arcs)
    return lots


def _losing(network: Network, lots: IntArray) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    problem = network.problem
    wanted = problem.shortage_penalty[network.sku, network.destination]
    saved = problem.residual_penalty[network.sku, network.source] + wanted - network.unit_cost
    gain = saved * lots * network.lot - network.fixed_cost * (lots > 0)
    losing = (gain <= 0) & (network.fixed_cost > 0)
    if problem.shared is None:
        return losing
    trucks = trucks_used(network.loads(lots), problem.shared.truck_load.ravel())
    on_lane = np.bincount(network.lane, gain, network.lanes)
    lost = truck_lanes(network) & (trucks > 0) & (on_lane <= trucks * problem.shared.truck_cost.ravel())
    return losing | (lost[network.lane] & (network.load > 0))
