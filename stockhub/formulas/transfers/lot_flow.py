"""One SKU's transfers when it shares nothing: a flow of least cost, exact and in whole lots."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.sourcing.integer_programme import MONEY_SCALE
from stockhub.formulas.transfers.network import IntArray, Network

#: Costs times nodes squared have to stay below: the solver's potentials are 64-bit.
MOST_POTENTIAL = 2.0**61
#: Units of money for costs of four decimals, and what of such a unit is the dust of floating point.
FEW_UNITS, UNIT_DUST = 10_000, 1e-6


class LotFlow:
    """Flows of a network at given unit costs, (A,).

    Among the cheapest it takes the flow whose lots have the lowest sum of their lanes' places in the order of source and destination: few
    lots, and the first lanes.
    """

    def __init__(self, network: Network, unit_cost: FloatArray, *, by_place: bool = True) -> None:
        """`by_place` off leaves open which of the cheapest: a little quicker."""
        from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

        self._new_flow = SimpleMinCostFlow
        problem = network.problem
        self.network, self.unit_cost, self._by_place = network, unit_cost, by_place
        #: A lot's cost on each arc less what it saves at its source, and what it saves at a destination, whole and as the rest.
        self.arc_cost = (unit_cost - problem.residual_penalty[network.sku, network.source]) * network.lot
        self.saved_whole = problem.shortage_penalty * problem.lot[:, None]
        self.saved_rest = problem.shortage_penalty * network.rest
        self._lay_out()

    def _lay_out(self) -> None:
        """Nodes and arcs of every SKU one after the other, so that a SKU's are a slice.

        A SKU's nodes are its sources, its sites and a sink. Its arcs are its lanes; from each source to the sink, for what stays; and from
        each site, for whole lots that it needs, for the rest, and for what it takes in beyond need, where moving saves enough at a source.
        """
        net = self.network
        s, i, j = net.problem.shape
        source, source_at = np.unique(net.sku * i + net.source, return_inverse=True)
        site, site_at = np.unique(net.sku * j + net.destination, return_inverse=True)
        source_sku, site_sku = source // max(i, 1), site // max(j, 1)
        every = np.arange(s + 1)
        first_source, first_site = np.searchsorted(source_sku, every), np.searchsorted(site_sku, every)
        sources = np.diff(first_source)
        source_node = np.arange(len(source)) - first_source[source_sku]
        site_node = np.arange(len(site)) - first_site[site_sku] + sources[site_sku]
        self._sink = sources + np.diff(first_site)
        self._nodes = np.arange(i)
        self._supply, self._first_source = net.supply.ravel()[source], first_source
        full = np.minimum(net.whole.ravel()[site], net.room.ravel()[site])
        rest = np.minimum(net.rest.ravel()[site] > 0, net.room.ravel()[site] - full)
        saving = np.zeros(len(site), dtype=np.bool_)
        saving[site_at[self.arc_cost < 0]] = True
        beyond = np.where(saving, net.room.ravel()[site] - full - rest, 0)
        sku = np.concatenate([net.sku, source_sku, site_sku, site_sku, site_sku])
        most = np.concatenate([net.most, self._supply, full, rest, beyond])
        # A lane without room stays, so that a SKU's first arcs are its lanes.
        order = np.argsort(sku, kind="stable")
        order = order[(most[order] > 0) | (order < len(net.sku))]
        none = np.zeros(len(site))
        cost = [self.arc_cost, np.zeros(len(source)), -self.saved_whole.ravel()[site], -self.saved_rest.ravel()[site], none]
        self._tail = np.concatenate([source_node[source_at], source_node, site_node, site_node, site_node])[order]
        self._head = np.concatenate([site_node[site_at], self._sink[sku[len(net.sku) :]]])[order]
        self._most = most[order]
        self._first = np.searchsorted(sku[order], every)
        self._cost = self._whole_costs(np.concatenate(cost)[order], sku[order], order < len(net.sku))

    def _whole_costs(self, cost: FloatArray, sku: IntArray, lanes: NDArray[np.bool_]) -> IntArray:
        """The costs of every SKU as whole numbers; those of lanes have the lane's place below them."""
        net = self.network
        largest = np.full(len(net.problem.skus), 0.0)
        np.maximum.at(largest, sku, np.abs(cost))
        scale, places = cost_scales(largest, nodes=self._sink + 1, lanes=net.lanes * self._by_place, lots=net.supply.sum(axis=1))
        scale = np.minimum(scale, _scale_enough(cost))
        whole: IntArray = np.rint(cost * scale[sku]).astype(np.int64) * places[sku]
        whole[lanes] += np.where(places[net.sku] > 1, net.lane + 1, 0)
        return whole

    def lots_of(self, sku: int, most: IntArray | None = None) -> IntArray:
        """Lots on each of the SKU's arcs; `most` may say how many its lanes have room for."""
        at = slice(self._first[sku], self._first[sku + 1])
        lanes = int(self.network.start[sku + 1] - self.network.start[sku])
        capacity = self._most[at] if most is None else np.concatenate([most, self._most[at][lanes:]])
        supply = self._supply[self._first_source[sku] : self._first_source[sku + 1]]
        flow = self._new_flow()
        arcs = flow.add_arcs_with_capacity_and_unit_cost(self._tail[at], self._head[at], capacity, self._cost[at])
        flow.set_nodes_supplies(self._nodes[: len(supply)], supply)
        flow.set_node_supply(int(self._sink[sku]), -int(supply.sum()))
        if flow.solve() != flow.OPTIMAL:
            raise AssertionError("A flow whose every lot may stay where it is has a solution.")
        lots: IntArray = flow.flows(arcs[:lanes])
        return lots


def cost_scales(largest: FloatArray, *, nodes: IntArray, lanes: int, lots: IntArray) -> tuple[FloatArray, IntArray]:
    """Into how many whole units to count one unit of money in some flows, (n,) each, and by how much to multiply these for places below.

    `largest` are their largest costs; without lanes there are no places. Money is counted in millionths, or coarser where nodes and lots
    are many; there is no room for places (a factor of 1) where not even that fits.
    """
    fits = MOST_POTENTIAL / nodes.astype(np.float64) ** 2 / np.maximum(largest, 1.0 / MONEY_SCALE)
    places = lanes * np.maximum(lots, 1) + 1
    places = np.where(fits < places, 1, places)
    scale = np.minimum(10.0 ** np.floor(np.log10(fits / places)), MONEY_SCALE)
    return scale, places


def _scale_enough(cost: FloatArray) -> int:
    """How many whole units of one unit of money are enough: smaller numbers are solved quicker, and most prices have few decimals."""
    finer = cost * FEW_UNITS
    return FEW_UNITS if (np.abs(finer - np.rint(finer)) < UNIT_DUST).all() else MONEY_SCALE


def alone(network: Network, flow: LotFlow, skus: IntArray) -> IntArray:
    """The cheapest lots (A,) of each of some SKUs by itself; those of others 0."""
    lots = np.zeros(len(network.sku), dtype=np.int64)
    for sku in skus[network.start[skus + 1] > network.start[skus]]:
        lots[network.start[sku] : network.start[sku + 1]] = flow.lots_of(sku)
    return lots


def objectives(network: Network, arc_cost: FloatArray, lots: IntArray) -> FloatArray:
    """(S,): what each SKU's lots change against moving nothing: costs less savings, both as `LotFlow` counts them."""
    problem = network.problem
    s, _, j = problem.shape
    received = np.bincount(network.sku * j + network.destination, lots * network.lot, s * j).reshape(s, j)
    saved = (np.minimum(received, problem.need) * problem.shortage_penalty).sum(axis=1)
    changed: FloatArray = np.bincount(network.sku, arc_cost * lots, s) - saved
    return changed
