"""One order of several SKUs with one supplier."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.sourcing.joint_order import joint_order
from stockhub.formulas.sourcing.joint_order_problem import JointLine, JointOrderProblem, PriceBreak

EACH = (PriceBreak(1, 10.0),)


def line_of(sku: str, need: float, most: float, **more: Any) -> JointLine:  # noqa: ANN401 - whatever a line takes
    return JointLine(sku=sku, need=need, most=most, **({"prices": EACH} | more))


@st.composite
def problems(draw: st.DrawFn) -> JointOrderProblem:
    def line(sku: str) -> JointLine:
        need, price = draw(st.integers(0, 8)), draw(st.integers(200, 900)) / 100
        breaks = [PriceBreak(1, price), *([PriceBreak(draw(st.integers(5, 12)), price * 0.75)] if draw(st.booleans()) else [])]
        return JointLine(
            sku=sku,
            need=need,
            most=need + draw(st.integers(0, 8)),
            prices=breaks,
            early_cost=draw(st.integers(0, 200)) / 100,
            line_cost=draw(st.integers(0, 5)),
            moq=draw(st.sampled_from([0, 0, 6])),
            case_pack=draw(st.integers(1, 3)),
            weight=draw(st.integers(1, 30)) / 10,
            volume=draw(st.integers(1, 30)) / 10,
        )

    return JointOrderProblem(
        lines=[line("A"), line("B")],
        fixed_cost=draw(st.integers(0, 40)),
        min_value=draw(st.sampled_from([0.0, 60.0])),
        min_weight=draw(st.sampled_from([0.0, 15.0])),
        container_volume=draw(st.sampled_from([math.inf, 10.0])),
        container_cost=draw(st.integers(0, 15)),
        max_containers=draw(st.integers(1, 4)),
    )


def enumerated(problem: JointOrderProblem) -> tuple[float | None, int]:
    """The least cost that meets every need, and the most units of need that can be met, by trying everything."""
    least, served = None, 0
    choices = [[0, *(q for q in range(x.case_pack, int(x.most) + 1, x.case_pack) if q >= x.moq)] for x in problem.lines]
    for units in itertools.product(*choices):
        pairs = list(zip(problem.lines, units, strict=True))
        value = sum(q * x.price_of(q) for x, q in pairs)
        containers = math.ceil(sum(q * x.volume for x, q in pairs) / problem.container_volume - 1e-9)
        below = value < problem.min_value - 1e-9 or sum(q * x.weight for x, q in pairs) < problem.min_weight - 1e-9
        if (any(units) and below) or containers > problem.max_containers:
            continue
        served = max(served, sum(min(q, x.needed_units) for x, q in pairs))
        if all(q >= x.need for x, q in pairs):
            early = sum(max(q - x.need, 0) * (x.early_cost - x.later_price) + (q > 0) * x.line_cost for x, q in pairs)
            cost = value + early + any(units) * problem.fixed_cost + containers * problem.container_cost
            least = cost if least is None else min(least, cost)
    return least, served


@settings(max_examples=25, deadline=None)
@given(problem=problems())
def test_a_joint_order_costs_what_trying_everything_finds(problem: JointOrderProblem) -> None:
    plan, (least, served) = joint_order(problem), enumerated(problem)
    assert plan.feasible == (least is not None)
    assert plan.gap == 0.0
    if least is None:
        assert (plan.served, bool(plan.binding)) == (served, True)
    else:
        assert plan.cost == pytest.approx(least, abs=1e-5)
        assert plan.served == plan.needed
    for line in problem.lines:
        units = plan.quantities[line.sku]
        assert units % line.case_pack == 0
        assert units == 0 or line.moq <= units <= line.most
    assert plan.explanation.evaluate() == plan.cost


def test_a_minimum_is_filled_with_what_is_cheapest_to_have_early() -> None:
    lines = [line_of("A", 5, 50, early_cost=0.9), line_of("B", 0, 50, early_cost=0.2), line_of("C", 5, 50, early_cost=0.5)]
    plan = joint_order(JointOrderProblem(lines=lines, fixed_cost=30.0, min_value=200.0))
    assert plan.quantities == {"A": 5, "B": 10, "C": 5}
    assert (plan.value, plan.cost) == (200.0, 30.0 + 100.0 + 10 * 0.2)


def test_a_price_break_is_taken_where_it_saves_more_than_holding_costs() -> None:
    prices = (PriceBreak(1, 10.0), PriceBreak(100, 9.0))
    cheap, dear = (joint_order(JointOrderProblem(lines=[line_of("A", 80, 200, prices=prices, early_cost=cost)])) for cost in (1.0, 5.0))
    assert cheap.quantities == {"A": 100}
    assert cheap.cost == 100 * 9.0 - 20 * 10.0 + 20 * 1.0
    assert (dear.quantities, dear.cost) == ({"A": 80}, 800.0)


def test_one_container_is_not_passed_for_a_few_units_ahead_of_need() -> None:
    prices = (PriceBreak(1, 10.0), PriceBreak(100, 9.9))
    line = line_of("A", 80, 200, prices=prices, volume=1.0)
    plan = joint_order(JointOrderProblem(lines=[line], container_volume=90.0, container_cost=500.0))
    assert (plan.quantities, plan.containers) == ({"A": 80}, 1)


def test_an_order_below_the_suppliers_minimum_is_no_order_and_says_what_could_be_reached() -> None:
    plan = joint_order(JointOrderProblem(lines=[line_of("A", 5, 8, weight=2.0)], min_value=100.0))
    assert (plan.feasible, plan.quantities, plan.served, plan.binding) == (False, {"A": 0}, 0, ("min_value",))
    assert (plan.reachable_value, plan.reachable_weight) == (80.0, 16.0)


def test_equal_costs_go_to_fewer_lines_and_the_first_skus() -> None:
    lines = [line_of(sku, 0, 50) for sku in ("C", "A", "B")]
    plan = joint_order(JointOrderProblem(lines=[*lines, line_of("D", 5, 5)], min_value=100.0))
    assert plan.quantities == {"A": 5, "B": 0, "C": 0, "D": 5}


def test_nothing_needed_is_no_order() -> None:
    for lines in ([], [line_of("A", 0, 50)]):
        plan = joint_order(JointOrderProblem(lines=lines, fixed_cost=30.0, min_value=100.0))
        assert (plan.feasible, sum(plan.quantities.values()), plan.cost) == (True, 0, 0.0)


@pytest.mark.parametrize(
    ("given_line", "name"),
    [
        ({"need": -1.0}, "need"),
        ({"need": 9.0, "most": 8.0}, "most"),
        ({"prices": ()}, "prices"),
        ({"prices": (PriceBreak(5, 10.0),)}, "prices"),
        ({"prices": (PriceBreak(1, 10.0), PriceBreak(1, 9.0))}, "prices"),
        ({"prices": (PriceBreak(1, math.nan),)}, "unit_price"),
        ({"case_pack": 1.5}, "case_pack"),
        ({"weight": math.inf}, "weight"),
    ],
)
def test_lines_that_make_no_sense_are_refused(given_line: dict[str, Any], name: str) -> None:
    with pytest.raises(InvalidParameterError, match=name):
        line_of("A", **({"need": 1.0, "most": 8.0} | given_line))
    with pytest.raises(InvalidParameterError, match="each SKU once"):
        JointOrderProblem(lines=[line_of("A", 1, 1), line_of("A", 1, 1)])
    with pytest.raises(InvalidParameterError, match="container_volume"):
        JointOrderProblem(lines=[], container_volume=0.0)
