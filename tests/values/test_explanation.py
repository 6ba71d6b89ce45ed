"""Explanations: trees that running a formula records, and whose evaluation gives the number."""

from __future__ import annotations

import json
import math
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.values import Explanation

A, B = Explanation.input("a", unit="unit", source="ledger"), Explanation.input("b")


def shortage(forecast: Explanation, safety: Explanation, position: Explanation) -> Explanation:
    return (forecast + safety - position).named("shortage_index", "unit")


def test_arithmetic_records_the_tree_and_its_value() -> None:
    tree = shortage(Explanation.input("forecast", 400), Explanation.input("safety", 100), Explanation.input("position", 450))
    assert tree.value == 50.0
    assert tree.evaluate() == 50.0
    assert (tree.name, tree.unit, tree.op) == ("shortage_index", "unit", "sub")
    assert sorted(tree.inputs()) == ["forecast", "position", "safety"]


def test_a_template_is_filled_later() -> None:
    template = shortage(Explanation.input("forecast"), Explanation.input("safety"), Explanation.input("position"))
    assert template.value is None
    filled = template.fill({"forecast": 400, "safety": 100, "position": 600})
    assert filled.value == filled.evaluate() == -100.0
    assert filled.name == "shortage_index"
    assert template.value is None


@pytest.mark.parametrize("missing", [None, math.nan, math.inf])
def test_what_needs_a_missing_number_is_missing(missing: float | None) -> None:
    assert (A + B).fill({"a": 1.0, "b": missing}).value is None
    assert (A + B).fill({"a": 1.0}).value is None


def test_json_holds_the_whole_tree() -> None:
    tree = Explanation.where(A > 1, shortage(A, B, A * 2), -B).fill({"a": 3.0, "b": 4.0})
    document = json.loads(json.dumps(tree.to_json()))
    back = Explanation.from_json(document)
    assert back.to_json() == document
    assert back.evaluate() == tree.value == 1.0
    assert back.inputs()["a"].source == "ledger"
    assert back.inputs()["a"].unit == "unit"


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"op": "exec"},
        {"op": "add", "args": [{"op": "import"}]},
        {"op": "add", "args": ["a", "b"]},
        {"op": "add", "args": "ab"},
        {"op": "add", "args": {"a": 1}},
    ],
)
def test_json_that_is_no_tree_is_refused(document: dict[str, object]) -> None:
    with pytest.raises((KeyError, ValueError)):
        Explanation.from_json(document)


def test_where_needs_only_the_branch_taken() -> None:
    tree = Explanation.where(A > 0, A, B)
    assert tree.fill({"a": 5.0, "b": None}).value == 5.0
    assert tree.fill({"a": -1.0, "b": None}).value is None
    assert tree.fill({"a": None, "b": 1.0}).value is None


@pytest.mark.parametrize(
    "compute",
    [lambda a, b: a / b, lambda a, b: (a - 1) ** (b - 1), lambda a, b: (a - 3) ** (b + 0.5), lambda a, b: (a * 1e3) ** (b + 1e3)],
    ids=["division by zero", "zero to a negative power", "root of a negative", "overflow"],
)
def test_what_has_no_number_is_missing_and_not_an_error(compute: Callable[[Explanation, Explanation], Explanation]) -> None:
    tree = compute(A, B).fill({"a": 1.0, "b": 0.0})
    assert tree.value is None
    assert tree.evaluate() is None


def test_a_sum_beyond_a_float_is_missing() -> None:
    assert Explanation.apply("sum", A, A, B).fill({"a": 1.7e308, "b": 1.0}).value is None


def test_sqrt_below_zero_is_missing() -> None:
    assert Explanation.apply("sqrt", A).fill({"a": -1.0}).value is None


def test_a_formula_cannot_branch_on_a_traced_value() -> None:
    with pytest.raises(TypeError, match="where"):
        bool(A > 0)


def test_an_input_keeps_its_own_name() -> None:
    assert A.named("other") is A
    assert (A + 1).named("other").name == "other"


@settings(max_examples=60, deadline=None)
@given(a=st.floats(-1e6, 1e6), b=st.floats(-1e6, 1e6), c=st.floats(-1e6, 1e6))
def test_evaluation_equals_the_value_and_plain_arithmetic(a: float, b: float, c: float) -> None:
    x, y, z = (Explanation.input(name, value) for name, value in (("x", a), ("y", b), ("z", c)))
    tree = x * y - z / (Explanation.apply("max", y, z) + 2e6)
    assert tree.value == tree.evaluate() == a * b - c / (max(b, c) + 2e6)
