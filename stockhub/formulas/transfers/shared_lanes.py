"""Transfers of SKUs that share lanes, in whole lots: a flow a SKU, and where lanes would be too full, the prices of these lanes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.transfers.lane_prices import LanePrices
from stockhub.formulas.transfers.lot_flow import LotFlow, alone, objectives
from stockhub.formulas.transfers.network import LOAD_TOLERANCE, IntArray, Network


@dataclass(frozen=True, slots=True)
class SharedFlow:
    """Lots of all arcs of some SKUs (others 0), and what no plan's objective can be below."""

    lots: IntArray
    bound: float


def shared_flow(network: Network, flow: LotFlow, skus: IntArray, limit: FloatArray, close_enough: float) -> SharedFlow:
    """The cheapest lots of some SKUs under the lanes' limits (lanes,) of load, within a part of the least there is; `flow` has the costs.

    The few SKUs that are left with a mixed plan are planned again one by one, in order, in what room the others leave: the result can be
    above `bound`, and is exact where no lane is full.
    """
    lots = alone(network, flow, skus)
    if not (network.loads(lots) > limit * (1 + LOAD_TOLERANCE)).any():
        return SharedFlow(lots, float(objectives(network, flow.arc_cost, lots)[skus].sum()))
    mixed = LanePrices(network, flow, skus, lots, limit).mixed(close_enough)
    lots = mixed.lots
    for sku in mixed.cut:
        put_in_room(network, flow, int(sku), lots, limit)
    return SharedFlow(lots, mixed.bound)


def put_in_room(
    network: Network, flow: LotFlow, sku: int, lots: IntArray, limit: FloatArray, open_arcs: NDArray[np.bool_] | None = None
) -> None:
    """Plans one SKU in the room that the others leave on its lanes, or on those that are open, in place."""
    at = slice(network.start[sku], network.start[sku + 1])
    lots[at] = 0
    left = (limit - network.loads(lots))[network.lane[at]]
    load = network.load[at]
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.where(load > 0, np.floor(np.maximum(left, 0.0) / load + LOAD_TOLERANCE), np.inf)
    most = np.minimum(network.most[at], room).astype(np.int64)
    lots[at] = flow.lots_of(sku, most if open_arcs is None else most * open_arcs[at])
