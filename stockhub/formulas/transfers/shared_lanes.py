"""Transfers of SKUs that share lanes: a flow a SKU, and one linear programme over those SKUs alone that a full lane couples.

The programme starts with the SKUs that use a lane beyond its limit when each is planned alone. It gives such a lane a price. SKUs outside
of it that use a lane with a price join; where there are none, the flows outside are best at these prices too, for a higher price on lanes
that they do not use changes nothing for them, and the whole is best (complementary slackness).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.transfers.lot_flow import LotFlow, objective
from stockhub.formulas.transfers.network import LOAD_TOLERANCE, IntArray, Network

#: Below this a price, a share of a lot or of a limit is the dust of floating point.
DUST = 1e-7


@dataclass(frozen=True, slots=True)
class SharedFlow:
    """Lots of all arcs of some SKUs (others 0), and what no plan's objective can be below."""

    lots: IntArray
    bound: float


def shared_flow(network: Network, flow: LotFlow, skus: IntArray, limit: FloatArray) -> SharedFlow:
    """The cheapest lots of some SKUs, in order, under the lanes' limits (lanes,) of load; `flow` holds the costs.

    The linear programme may cut lots; the few SKUs whose lots it cuts, at most one for each full lane, are planned again one by one in
    what room the others leave, so the result can be above `bound`, and is exact where no lane is full.
    """
    lots = alone(network, flow, skus)
    coupled = np.zeros(len(network.problem.skus), dtype=np.bool_)
    outside = skus
    relaxed, priced = lots.astype(np.float64), network.loads(lots) > limit * (1 + LOAD_TOLERANCE)
    bound = 0.0
    while (joining := _users(network, lots, outside, priced)).size:
        coupled[joining] = True
        outside = skus[~coupled[skus]]
        left = limit - network.loads(np.where(coupled[network.sku], 0, lots))
        relaxed, prices, bound = _programme(network, flow, np.flatnonzero(coupled), left)
        priced = prices > DUST
    bound += objective(network, flow.arc_cost, lots, outside)
    inside = coupled[network.sku]
    lots = np.where(inside, 0, lots)
    return SharedFlow(_whole_lots(network, flow, np.flatnonzero(coupled), relaxed, lots, limit), bound)


def alone(network: Network, flow: LotFlow, skus: IntArray) -> IntArray:
    """The cheapest lots of each SKU by itself."""
    lots = np.zeros(len(network.sku), dtype=np.int64)
    for sku in skus[network.start[skus + 1] > network.start[skus]]:
        lots[network.start[sku] : network.start[sku + 1]] = flow.lots_of(sku)
    return lots


def _users(network: Network, lots: IntArray, outside: IntArray, priced: NDArray[np.bool_]) -> IntArray:
    """The SKUs outside of the programme that use a lane with a price."""
    using = np.unique(network.sku[(lots > 0) & (network.load > 0) & priced[network.lane]])
    users: IntArray = np.intersect1d(using, outside)
    return users


def _programme(network: Network, flow: LotFlow, skus: IntArray, left: FloatArray) -> tuple[FloatArray, FloatArray, float]:
    """Lots that may be cut (A,), the lanes' prices (lanes,) and the least objective.

    Variables are the lots of each arc, then the lots that serve each site's whole and its rest; rows are what each source gives, what each
    site serves out of what it gets and has room for, and the lanes' loads.
    """
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    arcs = network.arcs_of(skus)
    source, source_of = np.unique(network.sku[arcs] * len(network.problem.sources) + network.source[arcs], return_inverse=True)
    site, site_of = np.unique(network.sku[arcs] * len(network.problem.destinations) + network.destination[arcs], return_inverse=True)
    limited = np.flatnonzero(np.isfinite(left[network.lane[arcs]]))
    lane, lane_of = np.unique(network.lane[arcs[limited]], return_inverse=True)
    a, n, m = len(arcs), len(source), len(site)
    column, each_site = np.arange(a), np.arange(m)
    rows = [source_of, n + site_of, n + each_site, n + each_site, n + m + site_of, n + 2 * m + lane_of]
    columns = [column, column, a + each_site, a + m + each_site, column, limited]
    entries = [np.ones(a), -np.ones(a), np.ones(m), np.ones(m), np.ones(a), network.load[arcs[limited]]]
    shape = (n + 2 * m + len(lane), a + 2 * m)
    matrix = coo_array((np.concatenate(entries), (np.concatenate(rows), np.concatenate(columns))), shape=shape).tocsr()
    whole, rest = network.whole.ravel()[site], (network.rest.ravel()[site] > 0).astype(np.float64)
    right = [network.supply.ravel()[source], np.zeros(m), network.room.ravel()[site], np.maximum(left[lane], 0.0)]
    cost = np.concatenate([flow.arc_cost[arcs], -flow.saved_whole.ravel()[site], -flow.saved_rest.ravel()[site]])
    upper = np.concatenate([network.most[arcs], whole, rest])
    # The stubs know dense matrices only.
    result: Any = linprog(  # type: ignore[call-overload]
        cost, matrix, np.concatenate(right), bounds=np.column_stack([np.zeros(len(upper)), upper]), method="highs-ds"
    )
    if result.status != 0:
        raise AssertionError(f"A linear programme in which nothing has to move has a solution: {result.message}")
    lots, prices = np.zeros(len(network.sku)), np.zeros(network.lanes)
    lots[arcs] = result.x[:a]
    prices[lane] = -result.ineqlin.marginals[n + 2 * m :]
    return lots, prices, float(result.fun)


def _whole_lots(network: Network, flow: LotFlow, skus: IntArray, relaxed: FloatArray, lots: IntArray, limit: FloatArray) -> IntArray:
    """The lots with those of the programme put in: as they are where whole, planned again in the room left where cut."""
    nearest = np.rint(relaxed)
    cut = np.zeros(len(network.problem.skus), dtype=np.bool_)
    cut[network.sku[np.abs(relaxed - nearest) > DUST]] = True
    coupled = np.zeros_like(cut)
    coupled[skus] = True
    lots = np.where((coupled & ~cut)[network.sku], nearest.astype(np.int64), lots)
    for sku in np.flatnonzero(cut & coupled):
        put_in_room(network, flow, int(sku), lots, limit)
    return lots


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
