"""What to order of each SKU when several share a supplier's fixed cost, order minimum, containers and price breaks (science.md 3.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stockhub.formulas.elementwise import N, explained, greater, positive_part, total, where
from stockhub.formulas.sourcing.binding_limits import binding_limits
from stockhub.formulas.sourcing.integer_programme import DEFAULT_SECONDS, solve_in_order
from stockhub.formulas.sourcing.joint_order_model import JointModel
from stockhub.formulas.sourcing.joint_order_problem import JOINT_LIMITS, JointLine, JointOrderProblem
from stockhub.values import Explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class JointOrderPlan:
    """One order. Where not every need can be met, `quantities` meet the most units of need that can be, and `binding` says why."""

    feasible: bool
    #: Units by SKU, in the order of their codes.
    quantities: dict[str, int]
    #: Units of need that the order meets, of all.
    served: int
    needed: int
    binding: tuple[str, ...]
    containers: int
    value: float
    weight: float
    #: The most that an order within the other limits is worth and weighs, against the supplier's minimum; only where not feasible.
    reachable_value: float | None
    reachable_weight: float | None
    #: What the order costs, less what the units ahead of need would cost later.
    cost: float
    #: How far the cost may be above the least there is, as a share of it; 0 where proven least.
    gap: float
    explanation: Explanation


@explained(unit="base currency")
def joint_line_cost(quantity: N, unit_price: N, need: N, later_price: N, early_cost: N, line_cost: N) -> N:
    """A line's cost: its price, its own fixed cost, and for units ahead of need their holding less the purchase that they save later."""
    early = positive_part(quantity - need)
    return quantity * unit_price + early * (early_cost - later_price) + where(greater(quantity, 0.0), line_cost, 0.0)


@explained(unit="base currency")
def joint_order_cost(lines: Sequence[N], fixed_cost: N, containers: N, container_cost: N) -> N:
    """What an order costs in all."""
    return total(lines) + fixed_cost + containers * container_cost


def joint_order(problem: JointOrderProblem, *, seconds: float = DEFAULT_SECONDS) -> JointOrderPlan:
    """The cheapest order that meets every need; ties go to fewer lines, to the SKUs that come first, then to fewer units.

    Units ahead of need are bought where a minimum, a container or a price break makes them worth it, up to each line's `most`. Where no
    order meets every need within the limits, the one that meets the most of it, which may be none at all: a supplier that takes no order
    below its minimum delivers nothing. Raises TimeLimitError where the time is over with nothing found.
    """
    model = JointModel(problem)
    model.require_needs()
    solution = solve_in_order(model.programme, [model.cost(), *model.ties()], seconds=seconds)
    if solution is not None:
        return _plan(problem, model, solution.values, solution.gap, ())
    binding = binding_limits(JOINT_LIMITS, lambda lifted: _possible(problem, lifted, seconds))
    model = JointModel(problem)
    solution = solve_in_order(model.programme, [-model.needs_met(), model.cost(), *model.ties()], seconds=seconds)
    return _plan(problem, model, solution.values if solution else None, solution.gap if solution else 0.0, binding)


def _possible(problem: JointOrderProblem, lifted: frozenset[str], seconds: float) -> bool:
    model = JointModel(problem, lifted)
    model.require_needs()
    return solve_in_order(model.programme, [0], seconds=seconds) is not None


def _reachable(problem: JointOrderProblem) -> tuple[float, float]:
    """The most that an order may be worth and weigh when the supplier's minimum is set aside."""
    found = []
    for measure in ("value", "weight"):
        model = JointModel(problem, frozenset({"min_value", "min_weight"}))
        solution = solve_in_order(model.programme, [-model.measure(measure)])
        found.append(model.measured(measure, solution.values if solution else None))
    return found[0], found[1]


def _plan(
    problem: JointOrderProblem, model: JointModel, values: tuple[int, ...] | None, gap: float, binding: tuple[str, ...]
) -> JointOrderPlan:
    units = model.units_in(values)
    containers = model.containers_in(values)
    pairs = list(zip(problem.lines, units, strict=True))
    explanation = _explanation(problem, pairs, containers)
    reachable_value, reachable_weight = _reachable(problem) if binding else (None, None)
    return JointOrderPlan(
        feasible=not binding,
        quantities={line.sku: quantity for line, quantity in pairs},
        served=sum(min(quantity, line.needed_units) for line, quantity in pairs),
        needed=sum(line.needed_units for line in problem.lines),
        binding=binding,
        containers=containers,
        value=model.measured("value", values),
        weight=model.measured("weight", values),
        reachable_value=reachable_value,
        reachable_weight=reachable_weight,
        cost=explanation.value or 0.0,
        gap=gap,
        explanation=explanation,
    )


def _explanation(problem: JointOrderProblem, pairs: Sequence[tuple[JointLine, int]], containers: int) -> Explanation:
    costs = [_cost_of(line, quantity) for line, quantity in pairs if quantity]
    if not costs:
        return Explanation.constant(0.0)
    return joint_order_cost(
        costs,
        Explanation.input("fixed_cost", problem.fixed_cost, unit="base currency", source="offer"),
        Explanation.input("containers", containers, unit="container", source="joint order"),
        Explanation.input("container_cost", problem.container_cost, unit="base currency/container", source="offer"),
    )


def _cost_of(line: JointLine, quantity: int) -> Explanation:
    def given(name: str, value: float, unit: str, source: str = "offer") -> Explanation:
        return Explanation.input(f"{name}:{line.sku}", value, unit=unit, source=source)

    return joint_line_cost(
        given("quantity", quantity, "unit", "joint order"),
        given("unit_price", line.price_of(quantity), "base currency/unit"),
        given("need", line.needed_units, "unit", "replenishment"),
        given("later_price", line.later_price, "base currency/unit"),
        given("early_cost", line.early_cost, "base currency/unit", "parameter:holding_cost"),
        given("line_cost", line.line_cost, "base currency"),
    )
