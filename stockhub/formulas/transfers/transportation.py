"""The transportation problem: every demand met from supplies at the least cost; and what is in the way where it cannot be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stockhub.formulas.elementwise import FloatArray, N, explained, total
from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.sourcing.binding_limits import binding_limits
from stockhub.formulas.transfers.lot_flow import cost_scales
from stockhub.formulas.transfers.network import IntArray
from stockhub.formulas.transfers.problem import MOST_UNITS, broadcast, require_each
from stockhub.values import Explanation

#: What can leave a demand unmet, in the order in which they are lifted to find out.
TRANSPORT_LIMITS = ("supply", "lanes")


@dataclass(frozen=True, kw_only=True)
class TransportPlan:
    """Units (I, J) from each supply to each demand. Where not every demand can be met, the most that can, at the least cost."""

    feasible: bool
    flow: IntArray
    cost: float
    #: Units of demand met.
    attainable: int
    binding: tuple[str, ...]
    explanation: Explanation


@explained(unit="base currency")
def lane_total(units: N, unit_cost: N) -> N:
    """What units on a lane cost."""
    return units * unit_cost


def transport(supply: FloatArray, demand: FloatArray, unit_cost: FloatArray, capacity: FloatArray | None = None) -> TransportPlan:
    """The cheapest flow from supplies (I,) to demands (J,), whole units; `unit_cost` (I, J) is NaN where there is no lane.

    Equal plans: the lowest sum, over the units, of the places of their lanes in order. Raises InvalidParameterError for parts of units,
    and where a number is missing or negative.
    """
    supply, demand, unit_cost = (np.asarray(each, dtype=np.float64) for each in (supply, demand, unit_cost))
    shape = (len(supply), len(demand))
    unit_cost = broadcast("unit_cost", unit_cost, shape)
    room = np.full(shape, np.inf) if capacity is None else broadcast("capacity", np.asarray(capacity, dtype=np.float64), shape)
    for name, units in (("supply", supply), ("demand", demand)):
        require_each(name, units, most=MOST_UNITS)
        if (units != np.floor(units)).any():
            raise InvalidParameterError(name, "a part of a unit", "whole units")
    require_each("unit_cost", np.nan_to_num(unit_cost))
    require_each("capacity", room, most=np.inf)
    flow = _most_flow(supply, demand, unit_cost, room)
    asked, met = int(demand.sum()), int(flow.sum())
    binding = () if met == asked else binding_limits(TRANSPORT_LIMITS, lambda lifted: _meets(supply, demand, unit_cost, room, lifted))
    costs = [_explained_lane(int(i), int(j), int(flow[i, j]), float(unit_cost[i, j])) for i, j in zip(*np.nonzero(flow), strict=True)]
    explanation = total(costs).named("transport_cost", "base currency") if costs else Explanation.constant(0.0)
    cost = explanation.value or 0.0
    return TransportPlan(feasible=met == asked, flow=flow, cost=cost, attainable=met, binding=binding, explanation=explanation)


def _meets(supply: FloatArray, demand: FloatArray, unit_cost: FloatArray, room: FloatArray, lifted: frozenset[str]) -> bool:
    if "supply" in lifted:
        supply = np.full_like(supply, demand.sum())
    if "lanes" in lifted:
        unit_cost, room = np.zeros_like(unit_cost), np.full_like(room, np.inf)
    return int(_most_flow(supply, demand, unit_cost, room).sum()) == int(demand.sum())


def _most_flow(supply: FloatArray, demand: FloatArray, unit_cost: FloatArray, room: FloatArray) -> IntArray:
    """The flow that meets the most demand, and of those the cheapest."""
    from ortools.graph.python import min_cost_flow

    i, j = unit_cost.shape
    source, destination = np.nonzero(np.isfinite(unit_cost))
    lane = source * j + destination
    most = np.minimum(np.minimum(supply[source], demand[destination]), np.floor(room[source, destination]))
    flow = min_cost_flow.SimpleMinCostFlow()
    cost = unit_cost[source, destination]
    units = np.array([int(min(supply.sum(), demand.sum()))])
    # The solver adds a node on each side.
    scale, places = cost_scales(np.array([cost.max(initial=0.0)]), nodes=np.array([i + j + 2]), lanes=i * j, lots=units)
    whole = np.rint(cost * scale).astype(np.int64) * places + np.where(places > 1, lane + 1, 0)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(source, destination + i, most.astype(np.int64), whole)
    flow.set_nodes_supplies(np.arange(i + j), np.concatenate([supply, -demand]).astype(np.int64))
    if len(arcs) and flow.solve_max_flow_with_min_cost() != flow.OPTIMAL:
        raise AssertionError("A flow of as much as possible exists.")
    moved = np.zeros((i, j), dtype=np.int64)
    if len(arcs):
        moved[source, destination] = flow.flows(arcs)
    return moved


def _explained_lane(i: int, j: int, units: int, unit_cost: float) -> Explanation:
    moved = Explanation.input(f"units:{i}:{j}", units, unit="unit", source="transport")
    return lane_total(moved, Explanation.input(f"unit_cost:{i}:{j}", unit_cost, unit="base currency/unit", source="lane"))
