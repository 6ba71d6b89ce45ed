"""One SKU's transfers when it shares nothing: a flow of least cost, exact and in whole lots."""

from __future__ import annotations

import numpy as np

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.sourcing.integer_programme import MONEY_SCALE
from stockhub.formulas.transfers.network import IntArray, Network

#: Costs times nodes squared have to stay below: the solver's potentials are 64-bit.
MOST_POTENTIAL = 2.0**61


class LotFlow:
    """Flows of a network at given unit costs, (A,).

    Among the cheapest it takes the flow whose lots have the lowest sum of their lanes' places in the order of source and destination: few
    lots, and the first lanes.
    """

    def __init__(self, network: Network, unit_cost: FloatArray) -> None:
        self.network = network
        problem = network.problem
        lot = problem.lot.astype(np.float64)
        #: A lot's cost on each arc less what it saves at its source, and what it saves at a destination, whole and as the rest.
        self.arc_cost = (unit_cost - problem.residual_penalty[network.sku, network.source]) * network.lot
        self.saved_whole = problem.shortage_penalty * lot[:, None]
        self.saved_rest = problem.shortage_penalty * network.rest
        _, i, j = problem.shape
        self.sources, self.destinations = i, j
        nodes = np.arange(i + j)
        self._sink = i + j
        self._more_tails = np.concatenate([nodes[:i], nodes[i:], nodes[i:], nodes[i:]])
        self._more_heads = np.full(i + 3 * j, self._sink)
        self._nothing = np.zeros(j, dtype=np.int64)

    def lots_of(self, sku: int, most: IntArray | None = None) -> IntArray:
        """Lots on each of the SKU's arcs; `most` may say how many its lanes have room for."""
        from ortools.graph.python import min_cost_flow

        net = self.network
        at = slice(net.start[sku], net.start[sku + 1])
        supply, room = net.supply[sku], net.room[sku]
        full = np.minimum(net.whole[sku], room)
        rest = np.minimum((net.rest[sku] > 0).astype(np.int64), room - full)
        costs = np.concatenate([self.arc_cost[at], np.zeros(self.sources), -self.saved_whole[sku], -self.saved_rest[sku]])
        whole = whole_costs(costs, net.lane[at], nodes=self._sink + 2, lanes=net.lanes, lots=int(supply.sum()))
        flow = min_cost_flow.SimpleMinCostFlow()
        arcs = flow.add_arcs_with_capacity_and_unit_cost(
            np.concatenate([net.source[at], self._more_tails]),
            np.concatenate([net.destination[at] + self.sources, self._more_heads]),
            np.concatenate([net.most[at] if most is None else most, supply, full, rest, room - full - rest]),
            np.concatenate([whole, self._nothing]),
        )
        flow.set_nodes_supplies(np.arange(self.sources), supply)
        flow.set_node_supply(self._sink, -int(supply.sum()))
        if flow.solve() != flow.OPTIMAL:
            raise AssertionError("A flow whose every unit may stay where it is has a solution.")
        lots: IntArray = flow.flows(arcs[: at.stop - at.start])
        return lots


def whole_costs(costs: FloatArray, lane: IntArray, *, nodes: int, lanes: int, lots: int) -> IntArray:
    """Costs as whole numbers for a flow, the first of them with the lane's place below: it decides among equal costs.

    Money is counted in millionths, or coarser where nodes and lots are many; the places are left out where not even that fits.
    """
    largest = max(float(np.abs(costs).max(initial=0.0)), 1.0 / MONEY_SCALE)
    fits = MOST_POTENTIAL / nodes**2 / largest
    places = lanes * max(lots, 1) + 1
    if fits < places:
        places = 1
    scale = min(10.0 ** np.floor(np.log10(fits / places)), MONEY_SCALE)
    whole: IntArray = np.rint(costs * scale).astype(np.int64) * places
    if places > 1:
        whole[: len(lane)] += lane + 1
    return whole


def objective(network: Network, arc_cost: FloatArray, lots: IntArray, skus: IntArray) -> float:
    """What the lots of some SKUs change against moving nothing: costs less savings, both as `LotFlow` counts them."""
    problem = network.problem
    arcs = network.arcs_of(skus)
    received = np.zeros((len(problem.skus), len(problem.destinations)))
    np.add.at(received, (network.sku[arcs], network.destination[arcs]), lots[arcs] * network.lot[arcs])
    saved = np.minimum(received[skus], problem.need[skus]) * problem.shortage_penalty[skus]
    return float((arc_cost[arcs] * lots[arcs]).sum() - saved.sum())
