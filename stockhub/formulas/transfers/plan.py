"""A transfer plan: what moves where, what stays short and what stays over, what it costs, and how that cost comes about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from stockhub.formulas.elementwise import FloatArray, N, explained, positive_part, ratio, round_up, total
from stockhub.formulas.sourcing.integer_programme import relative_gap
from stockhub.formulas.transfers.gain import transfer_cost
from stockhub.formulas.transfers.network import IntArray
from stockhub.formulas.transfers.problem import SharedLanes, TransferProblem
from stockhub.values import Explanation


class Shipment(NamedTuple):
    """Units of a SKU on a lane."""

    sku: str
    source: str
    destination: str
    units: int


@dataclass(frozen=True, kw_only=True)
class TransferPlan:
    """Arrays are in the order of the problem's codes."""

    problem: TransferProblem
    #: (S, I, J) units.
    flow: IntArray
    #: (I, J); 0 where loads are not sent by the truck.
    trucks: IntArray
    cost: float
    #: What no plan costs less than.
    bound: float

    @property
    def gap(self) -> float:
        """How far the cost may be above the least there is, as a share of it; 0 where proven least."""
        return relative_gap(self.cost, self.bound)

    @property
    def shortage(self) -> FloatArray:
        """(S, J): units still missing."""
        return units_short(self.problem.need, self.flow.sum(axis=1).astype(np.float64))

    @property
    def residual(self) -> FloatArray:
        """(S, I): surplus units that stay."""
        left: FloatArray = self.problem.surplus - self.flow.sum(axis=2)
        return left

    def shipments(self) -> list[Shipment]:
        """What moves, by SKU, source and destination."""
        problem = self.problem
        moved = zip(*np.nonzero(self.flow), strict=True)
        each = [Shipment(problem.skus[s], problem.sources[i], problem.destinations[j], int(self.flow[s, i, j])) for s, i, j in moved]
        return sorted(each)

    def explanation(self) -> Explanation:
        """The tree of the cost: each shipment, each shortage and each residual that costs something, and the trucks."""
        return _explanation(self)


@explained(unit="unit")
def units_short(need: N, received: N) -> N:
    """What a site still misses."""
    return positive_part(need - received)


@explained(unit="base currency")
def shortage_cost(need: N, received: N, penalty: N) -> N:
    """What a site's missing units are expected to cost."""
    return units_short(need, received) * penalty


@explained(unit="base currency")
def residual_cost(surplus: N, shipped: N, penalty: N) -> N:
    """What a site's surplus that stays is expected to cost."""
    return (surplus - shipped) * penalty


@explained(unit="base currency")
def trucks_cost(load: N, truck_load: N, truck_cost: N) -> N:
    """What the trucks for a load cost; a truck begun is a truck."""
    return round_up(ratio(load, truck_load)) * truck_cost


@explained(unit="base currency")
def transfer_plan_cost(terms: Sequence[N]) -> N:
    """What a plan costs in all."""
    return total(terms)


def plan_cost(problem: TransferProblem, flow: IntArray, trucks: IntArray) -> float:
    """The cost of a flow (S, I, J) with trucks (I, J)."""
    moved = np.nan_to_num(problem.unit_cost) * flow + problem.fixed_cost * (flow > 0)
    missing = shortage_cost(problem.need, flow.sum(axis=1).astype(np.float64), problem.shortage_penalty)
    left = residual_cost(problem.surplus, flow.sum(axis=2).astype(np.float64), problem.residual_penalty)
    by_truck = float((trucks * problem.shared.truck_cost).sum()) if problem.shared is not None else 0.0
    return float(moved.sum() + missing.sum() + left.sum()) + by_truck


def _explanation(plan: TransferPlan) -> Explanation:
    problem, flow = plan.problem, plan.flow
    units = {(s, i, j): _given("units", int(flow[s, i, j]), "unit", problem, s, i, j) for s, i, j in _where(flow)}
    terms = [
        transfer_cost(
            moved,
            _given("unit_cost", float(problem.unit_cost[at]), "base currency/unit", problem, *at),
            _given("fixed_cost", float(problem.fixed_cost[at]), "base currency", problem, *at),
        )
        for at, moved in units.items()
    ]
    for s, j in _where(problem.need * problem.shortage_penalty):
        received = _sum([moved for at, moved in units.items() if (at[0], at[2]) == (s, j)])
        need = Explanation.input(f"need:{problem.skus[s]}:{problem.destinations[j]}", problem.need[s, j], unit="unit")
        penalty = Explanation.input(f"shortage_penalty:{problem.skus[s]}:{problem.destinations[j]}", problem.shortage_penalty[s, j])
        terms.append(shortage_cost(need, received, penalty))
    for s, i in _where(problem.surplus * problem.residual_penalty):
        shipped = _sum([moved for at, moved in units.items() if at[:2] == (s, i)])
        surplus = Explanation.input(f"surplus:{problem.skus[s]}:{problem.sources[i]}", problem.surplus[s, i], unit="unit")
        penalty = Explanation.input(f"residual_penalty:{problem.skus[s]}:{problem.sources[i]}", problem.residual_penalty[s, i])
        terms.append(residual_cost(surplus, shipped, penalty))
    if problem.shared is not None:
        terms += [_truck_term(problem, problem.shared, i, j, units) for i, j in _where(plan.trucks * problem.shared.truck_cost)]
    return transfer_plan_cost(terms) if terms else Explanation.constant(0.0)


def _truck_term(
    problem: TransferProblem, shared: SharedLanes, i: int, j: int, units: dict[tuple[int, int, int], Explanation]
) -> Explanation:
    lane = f"{problem.sources[i]}:{problem.destinations[j]}"
    loads = [
        moved * Explanation.input(f"load:{problem.skus[at[0]]}", shared.load[at[0]]) for at, moved in units.items() if at[1:] == (i, j)
    ]
    truck_load = Explanation.input(f"truck_load:{lane}", shared.truck_load[i, j])
    return trucks_cost(_sum(loads), truck_load, Explanation.input(f"truck_cost:{lane}", shared.truck_cost[i, j], unit="base currency"))


def _given(name: str, value: float, unit: str, problem: TransferProblem, s: int, i: int, j: int) -> Explanation:
    return Explanation.input(f"{name}:{problem.skus[s]}:{problem.sources[i]}:{problem.destinations[j]}", value, unit=unit)


def _sum(terms: Sequence[Explanation]) -> Explanation:
    return total(terms) if terms else Explanation.constant(0.0)


def _where(values: FloatArray | IntArray) -> list[tuple[int, ...]]:
    return [tuple(int(each) for each in at) for at in zip(*np.nonzero(values), strict=True)]
