"""Which SKUs have to be planned together: those that share a lane which may be full, or is paid for by the truck."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.transfers.network import LOAD_TOLERANCE, IntArray, Network


def truck_lanes(network: Network) -> NDArray[np.bool_]:
    """(lanes,): whether a lane is paid for by the truck."""
    shared = network.problem.shared
    if shared is None:
        return np.zeros(network.lanes, dtype=np.bool_)
    by_truck: NDArray[np.bool_] = (np.isfinite(shared.truck_load) & (shared.truck_cost > 0)).ravel()
    return by_truck


def lane_limits(network: Network) -> FloatArray:
    """(lanes,): the load that a lane takes."""
    shared = network.problem.shared
    return np.full(network.lanes, np.inf) if shared is None else np.asarray(shared.capacity.ravel(), dtype=np.float64)


def coupling_lanes(network: Network) -> NDArray[np.bool_]:
    """(lanes,): whether a lane couples SKUs: by the truck, or because more could be sent over it than it takes."""
    could_be = network.loads(network.most)
    return truck_lanes(network) | (could_be > lane_limits(network) * (1 + LOAD_TOLERANCE))


def coupled_groups(network: Network) -> list[IntArray]:
    """Groups of SKUs that nothing couples with one another; a SKU by itself is not in any. In the order of their first SKU."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    s = len(network.problem.skus)
    on = coupling_lanes(network)[network.lane] & (network.load > 0)
    links = coo_array((np.ones(int(on.sum())), (network.sku[on], s + network.lane[on])), shape=(s + network.lanes, s + network.lanes))
    _, label = connected_components(links, directed=False)
    together = np.unique(network.sku[on])
    by_label: dict[int, list[int]] = {}
    for sku in together:
        by_label.setdefault(int(label[sku]), []).append(int(sku))
    return [np.array(group, dtype=np.int64) for group in by_label.values()]


def with_use_cost(network: Network) -> NDArray[np.bool_]:
    """(S,): whether using one of a SKU's lanes costs something at all, by itself or by the truck."""
    arcs = (network.fixed_cost > 0) | (truck_lanes(network)[network.lane] & (network.load > 0))
    return np.bincount(network.sku[arcs], minlength=len(network.problem.skus)) > 0


def spread_cost(network: Network) -> FloatArray:
    """(A,): a unit's cost with the costs of use spread over the most that could use them: no plan costs less than at these."""
    cost = network.unit_cost + network.fixed_cost / (network.most * network.lot)
    shared = network.problem.shared
    if shared is None:
        return cost
    per_load = np.where(truck_lanes(network), shared.truck_cost.ravel() / shared.truck_load.ravel(), 0.0)
    return cost + per_load[network.lane] * network.load / network.lot
