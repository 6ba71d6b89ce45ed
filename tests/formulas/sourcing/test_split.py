"""The split of an order over suppliers."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.sourcing.binding_limits import binding_limits
from stockhub.formulas.sourcing.split import SplitPlan, split_order
from stockhub.formulas.sourcing.split_problem import SplitProblem, SupplierTerms


def terms_of(code: str, price: float = 10.0, **more: Any) -> SupplierTerms:  # noqa: ANN401 - whatever terms take
    return SupplierTerms(supplier=code, price=price, **more)


suppliers = st.lists(
    st.builds(
        lambda price, fixed, moq, pack, capacity, in_time: {
            "price": price / 100,
            "fixed_cost": float(fixed),
            "moq": float(moq),
            "case_pack": pack,
            "capacity": float(capacity),
            "in_time": in_time,
        },
        st.integers(500, 1200),
        st.integers(0, 260),
        st.sampled_from([0, 20, 100]),
        st.sampled_from([1, 10, 24]),
        st.integers(0, 300),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
)
problems = st.builds(
    lambda rows, quantity, urgent, at_least, share: SplitProblem(
        terms=[terms_of(f"S{at}", **row) for at, row in enumerate(rows)],
        quantity=float(quantity),
        urgent_quantity=float(min(urgent, quantity)),
        min_suppliers=at_least,
        max_share=share,
    ),
    suppliers,
    st.integers(0, 300),
    st.sampled_from([0, 0, 50]),
    st.integers(0, 2),
    st.sampled_from([0.5, 0.7, 1.0, math.inf]),
)


def least_cost(problem: SplitProblem) -> float | None:
    """The same programme for HiGHS; None where infeasible."""
    n = len(problem.terms)
    pack = np.array([each.case_pack for each in problem.terms], dtype=np.float64)
    cost = np.concatenate([pack * [each.unit_cost for each in problem.terms], [each.fixed_cost for each in problem.terms]])
    timely = np.array([each.in_time for each in problem.terms])
    limits = [each.capacity for each in problem.terms]
    zero, one = np.zeros(n), np.ones(n)
    rows = [np.concatenate([pack, zero]), np.concatenate([pack * timely, zero]), np.concatenate([zero, one])]
    least = [problem.quantity, problem.urgent_quantity, problem.min_suppliers if problem.quantity else 0]
    for at, each in enumerate(problem.terms):
        unit, use = np.zeros(n), np.zeros(n)
        unit[at], use[at] = pack[at], 1.0
        rows += [np.concatenate([unit, -max(each.moq, 1.0) * use]), np.concatenate([-unit, limits[at] * use])]
        least += [0.0, 0.0]
    most = [min(limits[at], problem.max_share * problem.quantity) / pack[at] for at in range(n)]
    bounds = Bounds(0, np.concatenate([np.floor(np.array(most) + 1e-9), one]))
    constraints = LinearConstraint(np.array(rows), np.array(least, dtype=np.float64), np.inf)
    found = milp(cost, constraints=constraints, integrality=np.ones(2 * n, dtype=np.int64), bounds=bounds, options={"mip_rel_gap": 0.0})
    return float(found.fun) if found.status == 0 else None


@settings(max_examples=40, deadline=None)
@given(problem=problems)
def test_a_split_costs_what_highs_finds_and_keeps_every_limit(problem: SplitProblem) -> None:
    plan = split_order(problem)
    expected = least_cost(problem)
    assert plan.feasible == (expected is not None)
    if expected is not None:
        assert plan.cost == pytest.approx(expected, abs=1e-6)
        assert (plan.gap, plan.binding) == (0.0, ())
        assert plan.total >= problem.quantity
        assert sum(plan.quantities[each.supplier] for each in problem.terms if each.in_time) >= problem.urgent_quantity
        assert sum(units > 0 for units in plan.quantities.values()) >= (problem.min_suppliers if problem.quantity else 0)
    else:
        assert plan.binding
        used = sum(units > 0 for units in plan.quantities.values())
        short = plan.attainable < problem.units or plan.attainable_urgent < problem.urgent_units
        assert short or used < problem.min_suppliers
    for each in problem.terms:
        units = plan.quantities[each.supplier]
        assert units % each.case_pack == 0
        assert units == 0 or each.moq <= units <= min(each.capacity, problem.max_share * problem.quantity + 1e-9)
    assert plan.explanation.evaluate() == plan.cost


@settings(max_examples=12, deadline=None)
@given(problem=problems, data=st.data())
def test_the_order_of_suppliers_changes_nothing(problem: SplitProblem, data: st.DataObject) -> None:
    shuffled = SplitProblem(
        terms=data.draw(st.permutations(problem.terms)),
        quantity=problem.quantity,
        urgent_quantity=problem.urgent_quantity,
        min_suppliers=problem.min_suppliers,
        max_share=problem.max_share,
    )
    one, other = split_order(problem), split_order(shuffled)
    assert (one.quantities, one.cost, one.binding) == (other.quantities, other.cost, other.binding)


def split(*terms: SupplierTerms, quantity: float, **asked: Any) -> SplitPlan:  # noqa: ANN401 - whatever the problem takes
    return split_order(SplitProblem(terms=terms, quantity=quantity, **asked))


def test_equal_costs_go_to_fewer_suppliers_then_to_the_first_codes_and_most_to_the_first() -> None:
    assert split(terms_of("C"), terms_of("B"), terms_of("A"), quantity=90.0).quantities == {"A": 90, "B": 0, "C": 0}
    halves = split(terms_of("A", capacity=50.0), terms_of("B", capacity=60.0), terms_of("C", capacity=60.0), quantity=90.0)
    assert halves.quantities == {"A": 50, "B": 40, "C": 0}
    assert split(terms_of("A", 9.0), terms_of("B", 9.0), quantity=10.0, min_suppliers=2).quantities == {"A": 9, "B": 1}


def test_d5_a_share_limit_and_a_least_number_keep_off_a_single_source() -> None:
    plan = split(terms_of("A", 8.0), terms_of("B", 10.0), quantity=100.0, max_share=0.7)
    assert (plan.quantities, plan.cost) == ({"A": 70, "B": 30}, 860.0)


def test_the_urgent_part_comes_from_who_is_in_time_and_the_base_from_who_is_cheap() -> None:
    plan = split(terms_of("air", 14.0), terms_of("sea", 8.0, in_time=False), quantity=500.0, urgent_quantity=120.0)
    assert (plan.quantities, plan.cost) == ({"air": 120, "sea": 380}, 14.0 * 120 + 8.0 * 380)
    assert (plan.attainable, plan.attainable_urgent) == (500, 120)


@pytest.mark.parametrize(
    ("terms", "asked", "binding", "attainable"),
    [
        ([terms_of("A", capacity=200.0)], {}, ("capacity",), 200),
        ([terms_of("A")], {"max_share": 0.6}, ("max_share",), 300),
        ([terms_of("A", moq=800.0, capacity=600.0)], {}, ("capacity",), 0),
        ([terms_of("A", case_pack=300, capacity=510.0)], {}, ("capacity",), 300),
        ([terms_of("A")], {"min_suppliers": 2}, ("min_suppliers",), 500),
        ([terms_of("A", in_time=False)], {"urgent_quantity": 100.0}, ("lead_time",), 500),
        ([terms_of("A", capacity=200.0)], {"max_share": 0.5, "min_suppliers": 1}, ("capacity", "max_share"), 200),
        ([], {}, ("no_supplier",), 0),
    ],
)
def test_what_cannot_be_had_says_why_and_how_much_can(
    terms: list[SupplierTerms], asked: dict[str, Any], binding: tuple[str, ...], attainable: int
) -> None:
    plan = split(*terms, quantity=500.0, **asked)
    assert (plan.feasible, plan.binding, plan.attainable) == (False, binding, attainable)
    assert plan.total >= attainable


def test_nothing_to_order_is_an_empty_plan() -> None:
    for terms in ([], [terms_of("A")]):
        plan = split(*terms, quantity=0.0, min_suppliers=1)
        assert (plan.feasible, plan.total, plan.cost, plan.explanation.evaluate()) == (True, 0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("given_terms", "name"),
    [
        ({"price": math.nan}, "price"),
        ({"price": -1.0}, "price"),
        ({"defect_rate": 1.5}, "defect_rate"),
        ({"moq": -1.0}, "moq"),
        ({"case_pack": 0}, "case_pack"),
        ({"capacity": math.nan}, "capacity"),
    ],
)
def test_terms_that_make_no_sense_are_refused(given_terms: dict[str, Any], name: str) -> None:
    with pytest.raises(InvalidParameterError, match=name):
        terms_of("A", **given_terms)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"quantity": -1.0}, "quantity"),
        ({"urgent_quantity": 200.0}, "urgent"),
        ({"max_share": 0.0}, "max_share"),
        ({"min_suppliers": -1}, "min"),
    ],
)
def test_requests_that_make_no_sense_are_refused(asked: dict[str, Any], name: str) -> None:
    with pytest.raises(InvalidParameterError, match=name):
        split(terms_of("A"), **({"quantity": 100.0} | asked))
    with pytest.raises(InvalidParameterError, match="each supplier once"):
        SplitProblem(terms=[terms_of("A"), terms_of("A")], quantity=1.0)
    with pytest.raises(InvalidParameterError, match="seconds"):
        split_order(SplitProblem(terms=[terms_of("A")], quantity=1.0), seconds=0.0)


def test_the_explanation_tells_the_terms_of_each_supplier() -> None:
    plan = split(terms_of("A", 8.0, defect_rate=0.05, risk_cost=0.4, fixed_cost=30.0), quantity=100.0)
    assert plan.cost == pytest.approx((8.0 * 1.05 + 0.4) * 100 + 30.0)
    inputs = plan.explanation.inputs()
    assert {name: node.value for name, node in inputs.items()} == {
        "quantity:A": 100.0,
        "price:A": 8.0,
        "defect_rate:A": 0.05,
        "risk_cost:A": 0.4,
        "fixed_cost:A": 30.0,
    }
    assert (plan.explanation.name, plan.explanation.unit) == ("split_cost", "base currency")


@settings(max_examples=60, deadline=None)
@given(needed=st.lists(st.sets(st.sampled_from("abcd"), min_size=1), min_size=1, max_size=3))
def test_binding_limits_are_the_fewest_that_are_enough(needed: list[set[str]]) -> None:
    found = binding_limits("abcd", lambda lifted: any(each <= lifted for each in needed))
    assert any(each <= set(found) for each in needed)
    for fewer in itertools.combinations("abcd", len(found) - 1):
        assert not any(each <= set(fewer) for each in needed)
    assert binding_limits("ab", lambda _: True) == ()
    assert binding_limits("ab", lambda _: False) == ("a", "b")
