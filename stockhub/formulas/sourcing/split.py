"""Who gets how much of an order: the cheapest split that keeps every limit, and what is in the way where there is none (science.md 5.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stockhub.formulas.elementwise import N, explained, greater, total, where
from stockhub.formulas.sourcing.binding_limits import binding_limits
from stockhub.formulas.sourcing.integer_programme import DEFAULT_SECONDS, first_in_order, money_scale, scaled, solve_in_order
from stockhub.formulas.sourcing.split_problem import SPLIT_LIMITS, SplitProblem, SupplierTerms, expected_unit_cost
from stockhub.values import Explanation

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

#: What is in the way where there is nobody to order from.
NO_SUPPLIER = "no_supplier"
NO_LIMIT_LIFTED: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitPlan:
    """How an order is split. Where not everything can be had, `quantities` are the most that can, at the least cost, and say so."""

    feasible: bool
    #: Units by supplier, in the order of their codes.
    quantities: dict[str, int]
    #: Of what was asked for: everything where feasible. The urgent part counts what is in time.
    attainable: int
    attainable_urgent: int
    #: The fewest limits whose lifting would make everything attainable; empty where it is.
    binding: tuple[str, ...]
    cost: float
    #: How far the cost may be above the least there is, as a share of it; 0 where proven least. Where not everything can be had, the
    #: same of the units.
    gap: float
    explanation: Explanation

    @property
    def total(self) -> int:
        """Units ordered, which whole cases may take above what was asked for."""
        return sum(self.quantities.values())


@explained(unit="base currency")
def supplier_cost(quantity: N, price: N, defect_rate: N, risk_cost: N, fixed_cost: N) -> N:
    """What an order with one supplier is expected to cost; nothing where none is placed."""
    return expected_unit_cost(price, defect_rate, risk_cost) * quantity + where(greater(quantity, 0.0), fixed_cost, 0.0)


@explained(unit="base currency")
def split_cost(each: Sequence[N]) -> N:
    """What a split costs in all."""
    return total(each)


def split_order(problem: SplitProblem, *, seconds: float = DEFAULT_SECONDS) -> SplitPlan:
    """The cheapest split; ties go to fewer suppliers, then to those whose codes come first, then to as much as possible with the first.

    A supplier counts when it gets at least a case. Where not everything can be had, the urgent part comes first, then the whole, then the
    cost; `min_suppliers` is let go of only where it cannot be kept at all. Raises TimeLimitError where the time is over with nothing found.
    """
    programme = _Programme(problem, NO_LIMIT_LIFTED)
    programme.require_everything()
    solution = solve_in_order(programme.model, [programme.cost(), *programme.ties()], seconds=seconds)
    if solution is not None:
        return _plan(problem, programme.units_in(solution.values), solution.gap, ())
    if not problem.terms:
        return _plan(problem, [], 0.0, (NO_SUPPLIER,))
    binding = binding_limits(SPLIT_LIMITS, lambda lifted: _attainable(problem, lifted, seconds))
    for lifted in (NO_LIMIT_LIFTED, frozenset({"min_suppliers"})):
        programme = _Programme(problem, lifted)
        goals = [-programme.urgent_served, -programme.served, programme.cost(), *programme.ties()]
        solution = solve_in_order(programme.model, goals, seconds=seconds)
        if solution is not None:
            break
    return _plan(problem, programme.units_in(solution.values if solution else None), solution.gap if solution else 0.0, binding)


def _attainable(problem: SplitProblem, lifted: frozenset[str], seconds: float) -> bool:
    programme = _Programme(problem, lifted)
    programme.require_everything()
    return solve_in_order(programme.model, [0], seconds=seconds) is not None


class _Programme:
    """The model: cases z and use y of each supplier, and what of the quantity and of its urgent part is served."""

    def __init__(self, problem: SplitProblem, lifted: frozenset[str]) -> None:
        from ortools.sat.python import cp_model as cp

        self.problem = problem
        self.model = cp.CpModel()
        self.used: list[cp_model.IntVar] = []
        self.cases: list[cp_model.IntVar] = []
        self.packs: list[int] = []
        for terms in problem.terms:
            self._add_supplier(*problem.cases(terms, lifted))
        units = [cases * pack for cases, pack in zip(self.cases, self.packs, strict=True)]
        timely = [each for each, terms in zip(units, problem.terms, strict=True) if terms.in_time or "lead_time" in lifted]
        self.served = self._served(problem.units, units)
        self.urgent_served = self._served(problem.urgent_units, timely)
        if "min_suppliers" not in lifted and problem.units:
            self.model.add(sum(self.used) >= problem.min_suppliers)

    def _add_supplier(self, fewest: int, most: int, pack: int) -> None:
        used = self.model.new_bool_var("used")
        cases = self.model.new_int_var(0, max(most, 0), "cases")
        if most < fewest:
            self.model.add(used == 0)
        self.model.add(cases >= fewest * used)
        self.model.add(cases <= max(most, 0) * used)
        self.used.append(used)
        self.cases.append(cases)
        self.packs.append(pack)

    def _served(self, wanted: int, units: Sequence[cp_model.LinearExprT]) -> cp_model.IntVar:
        served = self.model.new_int_var(0, wanted, "served")
        self.model.add(served <= sum(units))
        return served

    def require_everything(self) -> None:
        self.model.add(self.served == self.problem.units)
        self.model.add(self.urgent_served == self.problem.urgent_units)

    def cost(self) -> cp_model.LinearExprT:
        """The cost in whole units of money; a case's cost is rounded, not a unit's."""
        offers = list(zip(self.problem.terms, self.cases, self.used, self.packs, strict=True))
        most = self.problem.units + max((pack * self.problem.cases(terms)[0] for terms, _, _, pack in offers), default=0)
        scale = money_scale(sum(terms.unit_cost * most + terms.fixed_cost for terms in self.problem.terms))
        return sum(
            cases * scaled(terms.unit_cost * pack, scale) + used * scaled(terms.fixed_cost, scale) for terms, cases, used, pack in offers
        )

    def ties(self) -> list[cp_model.LinearExprT]:
        """What decides among the cheapest: fewer suppliers, then each in turn used if possible, then as much as possible with the first."""
        return [sum(self.used), *first_in_order(self.used), *[-cases for cases in self.cases[:-1]]]

    def units_in(self, values: tuple[int, ...] | None) -> list[int]:
        if values is None:
            return [0] * len(self.cases)
        return [values[cases.index] * pack for cases, pack in zip(self.cases, self.packs, strict=True)]


def _plan(problem: SplitProblem, units: Sequence[int], gap: float, binding: tuple[str, ...]) -> SplitPlan:
    terms = problem.terms
    costs = [_cost_of(each, quantity) for each, quantity in zip(terms, units, strict=True) if quantity]
    explanation = split_cost(costs) if costs else Explanation.constant(0.0)
    in_time = sum(quantity for each, quantity in zip(terms, units, strict=True) if each.in_time)
    return SplitPlan(
        feasible=not binding,
        quantities={each.supplier: quantity for each, quantity in zip(terms, units, strict=True)},
        attainable=min(sum(units), problem.units),
        attainable_urgent=min(in_time, problem.urgent_units),
        binding=binding,
        cost=explanation.value or 0.0,
        gap=gap,
        explanation=explanation,
    )


def _cost_of(terms: SupplierTerms, quantity: int) -> Explanation:
    def given(name: str, value: float, unit: str, source: str = "offer") -> Explanation:
        return Explanation.input(f"{name}:{terms.supplier}", value, unit=unit, source=source)

    return supplier_cost(
        given("quantity", quantity, "unit", "split"),
        given("price", terms.price, "base currency/unit"),
        given("defect_rate", terms.defect_rate, "1", "supplier record"),
        given("risk_cost", terms.risk_cost, "base currency/unit", "supplier record"),
        given("fixed_cost", terms.fixed_cost, "base currency"),
    )
