"""Transfers with a cost for using a lane at all, or by the truck: an integer programme over the SKUs that these couple."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.sourcing.integer_programme import TimeLimitError, money_scale, scaled, solve_in_order
from stockhub.formulas.transfers.coupling import coupling_lanes, lane_limits, truck_lanes
from stockhub.formulas.transfers.network import IntArray, Network

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

#: A load is counted in whole parts of its unit; this much of a part is the dust of floating point.
LOAD_DUST = 1e-6


class Improved(NamedTuple):
    """Lots on all arcs, and how much their objective may be above the least there is."""

    lots: IntArray
    slack: float


def improved(network: Network, skus: IntArray, start: IntArray, seconds: float) -> Improved | None:
    """The best lots of some SKUs that the time allows, from `start` on; None where the time was too short for any.

    Equal plans: the lowest sum of the lanes' places over the lots, as for flows.
    """
    programme = _LaneProgramme(network, skus, start)
    try:
        solution = solve_in_order(programme.model, programme.objectives(), seconds=seconds, start=programme.start)
    except TimeLimitError:
        return None
    if solution is None:
        return None
    lots = start.copy()
    lots[programme.arcs] = [solution.values[each.index] for each in programme.lots]
    return Improved(lots, max(solution.objective - solution.bound, 0.0) / programme.scale)


class _LaneProgramme:
    """Lots and use of each arc, what of a site's need is served in whole lots and as the rest, and the trucks on each lane."""

    def __init__(self, network: Network, skus: IntArray, start: IntArray) -> None:
        from ortools.sat.python import cp_model as cp

        self.network, self.initial = network, start
        self.arcs = network.arcs_of(skus)
        self.model = cp.CpModel()
        #: A value to begin with for each variable, and what each costs.
        self.start: list[int] = []
        self.costs: list[tuple[cp_model.IntVar, int, float]] = []
        self.lots = [self._arc(int(arc)) for arc in self.arcs]
        self._add_sources()
        self._add_sites()
        self._add_lanes()
        self.scale = money_scale(math.fsum(abs(cost) * most for _, most, cost in self.costs))

    def objectives(self) -> list[cp_model.LinearExprT]:
        """Costs less savings; then the places of the lanes used."""
        places = sum(lots * int(self.network.lane[arc] + 1) for arc, lots in zip(self.arcs, self.lots, strict=True))
        return [sum(variable * scaled(cost, self.scale) for variable, _, cost in self.costs), places]

    def _variable(self, most: int, cost: float, start: int) -> cp_model.IntVar:
        variable = self.model.new_int_var(0, most, "")
        self.costs.append((variable, most, cost))
        self.start.append(start)
        return variable

    def _arc(self, arc: int) -> cp_model.IntVar:
        net = self.network
        saved = net.problem.residual_penalty[net.sku[arc], net.source[arc]]
        most, start = int(net.most[arc]), int(self.initial[arc])
        lots = self._variable(most, float((net.unit_cost[arc] - saved) * net.problem.lot[net.sku[arc]]), start)
        if net.fixed_cost[arc] > 0:
            self.model.add(lots <= most * self._variable(1, float(net.fixed_cost[arc]), int(start > 0)))
        return lots

    def _grouped(self, end: IntArray) -> dict[tuple[int, int], list[int]]:
        """Positions of arcs by SKU and one of their ends."""
        groups: dict[tuple[int, int], list[int]] = {}
        for at, arc in enumerate(self.arcs):
            groups.setdefault((int(self.network.sku[arc]), int(end[arc])), []).append(at)
        return groups

    def _add_sources(self) -> None:
        for (sku, source), members in self._grouped(self.network.source).items():
            self.model.add(sum(self.lots[at] for at in members) <= int(self.network.supply[sku, source]))

    def _add_sites(self) -> None:
        net, penalty = self.network, self.network.problem.shortage_penalty
        for (sku, site), members in self._grouped(net.destination).items():
            received = sum(self.lots[at] for at in members)
            lots = int(self.initial[self.arcs[members]].sum())
            whole, rest = int(net.whole[sku, site]), float(net.rest[sku, site])
            worth = float(penalty[sku, site])
            served = self._variable(whole, -worth * float(net.problem.lot[sku]), min(lots, whole))
            served_rest = self._variable(int(rest > 0), -worth * rest, min(max(lots - whole, 0), int(rest > 0)))
            self.model.add(served + served_rest <= received)
            self.model.add(received <= int(net.room[sku, site]))

    def _add_lanes(self) -> None:
        net, limit = self.network, lane_limits(self.network)
        by_truck, coupling = truck_lanes(net), coupling_lanes(net)
        members: dict[int, list[int]] = {}
        for at, arc in enumerate(self.arcs):
            if coupling[net.lane[arc]] and net.load[arc] > 0:
                members.setdefault(int(net.lane[arc]), []).append(at)
        for lane, positions in members.items():
            loads = net.load[self.arcs[positions]]
            most = float((loads * net.most[self.arcs[positions]]).sum())
            scale = money_scale(most)
            load = sum(self.lots[at] * math.ceil(each * scale - LOAD_DUST) for at, each in zip(positions, loads, strict=True))
            if limit[lane] < most:
                self.model.add(load <= math.floor(float(limit[lane]) * scale + LOAD_DUST))
            if by_truck[lane]:
                self._add_trucks(lane, load, most, float((loads * self.initial[self.arcs[positions]]).sum()), scale)

    def _add_trucks(self, lane: int, load: cp_model.LinearExprT, most: float, start: float, scale: int) -> None:
        shared = self.network.problem.shared
        if shared is None:
            return
        truck_load, truck_cost = float(shared.truck_load.ravel()[lane]), float(shared.truck_cost.ravel()[lane])
        trucks = self._variable(_trucks(most, truck_load), truck_cost, _trucks(start, truck_load))
        self.model.add(load <= trucks * math.floor(truck_load * scale + LOAD_DUST))


def _trucks(load: float, truck_load: float) -> int:
    return math.ceil(load / truck_load - LOAD_DUST)


def trucks_used(loads: FloatArray, truck_load: FloatArray) -> IntArray:
    """Trucks for loads on lanes; none where loads are not sent by the truck."""
    trucks: IntArray = np.ceil(np.where(np.isfinite(truck_load), loads / truck_load, 0.0) - LOAD_DUST).clip(0).astype(np.int64)
    return trucks
