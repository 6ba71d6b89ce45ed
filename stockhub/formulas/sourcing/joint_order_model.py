"""The integer programme of a joint order: cases of each line and price break, its use, and the containers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from stockhub.formulas.elementwise import ROUNDING_TOLERANCE
from stockhub.formulas.sourcing.integer_programme import MONEY_SCALE, first_in_order, money_scale, scaled
from stockhub.formulas.sourcing.joint_order_problem import JointLine, JointOrderProblem

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

#: Weights and volumes are counted in millionths of their unit.
LOAD_SCALE = MONEY_SCALE
Measure = Literal["value", "weight"]


@dataclass(frozen=True, slots=True)
class _Tier:
    """The cases of a line that are bought at one of its prices."""

    line: JointLine
    pack: int
    unit_price: float
    cases: cp_model.IntVar


class JointModel:
    """The programme with some limits lifted. Needs are met only as far as `require_needs` or an objective asks for it."""

    def __init__(self, problem: JointOrderProblem, lifted: frozenset[str] = frozenset()) -> None:
        from ortools.sat.python import cp_model as cp

        self.problem = problem
        self.programme = cp.CpModel()
        self.lifted = lifted
        self.tiers: list[_Tier] = []
        self.used: list[cp_model.IntVar] = []
        self.met: list[cp_model.IntVar] = []
        self.early: list[cp_model.IntVar] = []
        self.placed = self.programme.new_bool_var("placed")
        self.scale = money_scale(self._largest_cost())
        for line in problem.lines:
            self._add_line(line)
        self.containers = self._add_containers()
        self._add_minima()

    def _add_line(self, line: JointLine) -> None:
        pack = 1 if "case_pack" in self.lifted else int(line.case_pack)
        fewest = max(math.ceil((0.0 if "min_order" in self.lifted else line.moq) / pack - ROUNDING_TOLERANCE), 1)
        most = self._most_cases(line, pack, fewest)
        used = self.programme.new_bool_var("used")
        self.programme.add_implication(used, self.placed)
        self.used.append(used)
        bought = []
        starts = [each.from_units for each in line.prices]
        for at, price in enumerate(line.prices):
            least = max(-(-price.from_units // pack), fewest)
            last = min((starts[at + 1] - 1) // pack, most) if at + 1 < len(starts) else most
            chosen = self.programme.new_bool_var("chosen")
            cases = self.programme.new_int_var(0, max(last, 0), "cases")
            if last < least:
                self.programme.add(chosen == 0)
            self.programme.add(cases >= least * chosen)
            self.programme.add(cases <= max(last, 0) * chosen)
            self.tiers.append(_Tier(line, pack, price.unit_price, cases))
            bought.append(chosen)
        self.programme.add(sum(bought) == used)
        self._add_need(line, sum(tier.cases * tier.pack for tier in self.tiers[-len(bought) :]), most * pack)

    def _most_cases(self, line: JointLine, pack: int, fewest: int) -> int:
        if "most" in self.lifted:
            return max(math.ceil(line.most / pack - ROUNDING_TOLERANCE), fewest)
        return math.floor(line.most / pack + ROUNDING_TOLERANCE)

    def _add_need(self, line: JointLine, quantity: cp_model.LinearExprT, most: int) -> None:
        """What of the need is met, and what comes ahead of it: the quantity is the one or the other."""
        need = line.needed_units
        met = self.programme.new_int_var(0, need, "met")
        early = self.programme.new_int_var(0, max(most, 0), "early")
        ahead = self.programme.new_bool_var("ahead")
        self.programme.add(quantity == met + early)
        self.programme.add(met >= need * ahead)
        self.programme.add(early <= max(most, 0) * ahead)
        self.met.append(met)
        self.early.append(early)

    def _add_containers(self) -> cp_model.IntVar:
        counted = math.isfinite(self.problem.container_volume)
        limit = 10**6 if "max_containers" in self.lifted else int(self.problem.max_containers)
        containers = self.programme.new_int_var(0, limit if counted else 0, "containers")
        if counted:
            filled = sum(tier.cases * scaled(tier.line.volume * tier.pack, LOAD_SCALE) for tier in self.tiers)
            self.programme.add(filled <= containers * scaled(self.problem.container_volume, LOAD_SCALE))
        return containers

    def _add_minima(self) -> None:
        if "min_value" not in self.lifted:
            self.programme.add(self.measure("value") >= self.placed * scaled(self.problem.min_value, self.scale))
        if "min_weight" not in self.lifted:
            self.programme.add(self.measure("weight") >= self.placed * scaled(self.problem.min_weight, LOAD_SCALE))

    def _largest_cost(self) -> float:
        dearest = [max(each.unit_price for each in line.prices) for line in self.problem.lines]
        lines = [
            max(line.most, line.moq, line.case_pack) * 2 * (price + line.early_cost) + line.line_cost
            for line, price in zip(self.problem.lines, dearest, strict=True)
        ]
        containers = self.problem.max_containers * self.problem.container_cost if math.isfinite(self.problem.container_volume) else 0.0
        return sum(lines) + self.problem.fixed_cost + containers + self.problem.min_value

    def require_needs(self) -> None:
        for met, line in zip(self.met, self.problem.lines, strict=True):
            self.programme.add(met == line.needed_units)

    def needs_met(self) -> cp_model.LinearExprT:
        return sum(self.met)

    def cost(self) -> cp_model.LinearExprT:
        """The cost in whole units of money; a case's is rounded, not a unit's."""
        terms = [
            self.measure("value"),
            self.placed * scaled(self.problem.fixed_cost, self.scale),
            self.containers * scaled(self.problem.container_cost, self.scale),
        ]
        for line, used, early in zip(self.problem.lines, self.used, self.early, strict=True):
            terms.append(used * scaled(line.line_cost, self.scale))
            terms.append(early * scaled(line.early_cost - line.later_price, self.scale))
        return sum(terms)

    def ties(self) -> list[cp_model.LinearExprT]:
        """What decides among the cheapest: fewer lines, then the SKUs that come first, then fewer units."""
        place = {line.sku: at + 1 for at, line in enumerate(self.problem.lines)}
        units = sum(tier.cases * (tier.pack * (len(place) + place[tier.line.sku])) for tier in self.tiers)
        return [sum(self.used), *first_in_order(self.used), units + self.placed + self.containers]

    def measure(self, of: Measure) -> cp_model.LinearExprT:
        """What the order is worth, or weighs, in whole units."""
        if of == "value":
            return sum(tier.cases * scaled(tier.unit_price * tier.pack, self.scale) for tier in self.tiers)
        return sum(tier.cases * scaled(tier.line.weight * tier.pack, LOAD_SCALE) for tier in self.tiers)

    def measured(self, of: Measure, values: tuple[int, ...] | None) -> float:
        """The same of a solution, in money and in the unit of weight."""
        if values is None:
            return 0.0
        each = [tier.unit_price if of == "value" else tier.line.weight for tier in self.tiers]
        return math.fsum(values[tier.cases.index] * tier.pack * amount for tier, amount in zip(self.tiers, each, strict=True))

    def units_in(self, values: tuple[int, ...] | None) -> list[int]:
        units = {line.sku: 0 for line in self.problem.lines}
        for tier in self.tiers:
            units[tier.line.sku] += values[tier.cases.index] * tier.pack if values else 0
        return list(units.values())

    def containers_in(self, values: tuple[int, ...] | None) -> int:
        return values[self.containers.index] if values else 0
