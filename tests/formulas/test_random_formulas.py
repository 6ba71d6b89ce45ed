"""Formulas drawn at random over every operation: what is recorded, what is filled in and what is computed directly are the same number."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas import elementwise as e
from stockhub.values import Explanation
from stockhub.values.explanation import OPERATIONS, register_operation

NAN = math.nan
NAMES = ("a", "b", "c", "d")


@e.operation
def _halved_above_ten(x: e.FloatArray) -> e.FloatArray:
    return np.where(np.greater(x, 10.0), np.divide(x, 2.0), x)


def _comparison(op: str, holds: Callable[..., Any]) -> Callable[..., Any]:
    """A comparison that explanations have and no formula has needed yet."""
    return partial(e._apply, op, e._flag(holds))


#: By operation: how many arguments it takes, and the elementwise function that records it.
BUILDERS: Mapping[str, tuple[int, Callable[..., Any]]] = {
    "add": (2, lambda a, b: a + b),
    "sub": (2, lambda a, b: a - b),
    "mul": (2, lambda a, b: a * b),
    "neg": (1, lambda a: -a),
    "div": (2, e.ratio),
    "max": (2, e.maximum),
    "min": (2, e.minimum),
    "ceil": (1, e.round_up),
    "floor": (1, e.round_down),
    "sqrt": (1, e.root),
    "pow": (2, e.power),
    "exp": (1, e.exponential),
    "log": (1, e.logarithm),
    "sum": (3, lambda *terms: e.total(terms)),
    "gt": (2, e.greater),
    "ge": (2, e.at_least),
    "lt": (2, _comparison("lt", np.less)),
    "le": (2, _comparison("le", np.less_equal)),
    "and": (2, e.both),
    "or": (2, e.either),
    "where": (3, e.where),
    "halved_above_ten": (1, _halved_above_ten),
}


@dataclass(frozen=True)
class Formula:
    """A name, a number, or an operation over formulas: one function of a mapping, whether of numbers, arrays or explanations."""

    op: str
    args: tuple[Formula, ...] = ()
    leaf: Any = None

    def __call__(self, inputs: Mapping[str, Any]) -> Any:  # noqa: ANN401 - whatever kind the inputs are
        if not self.args:
            return inputs[self.leaf] if isinstance(self.leaf, str) else self.leaf
        result = BUILDERS[self.op][1](*(argument(inputs) for argument in self.args))
        if isinstance(result, Explanation):
            return result
        # Outside the finite numbers a tree is missing, where plain + - * of numbers go on with infinity.
        return np.where(np.isfinite(result), result, NAN) if np.ndim(result) else result if math.isfinite(result) else NAN


numbers = st.one_of(st.integers(-20, 20).map(float), st.floats(-50, 50))
leaves = st.sampled_from(NAMES).map(lambda name: Formula("input", leaf=name))
# A constant never stands alone under an operation: then the result would be a number in a tree of explanations.
constants = numbers.map(lambda value: Formula("constant", leaf=value))


def _compound(children: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    def of(op: str) -> st.SearchStrategy[Formula]:
        count = BUILDERS[op][0]
        rest = st.one_of(children, constants) if op in ("add", "sub", "mul", "div", "max", "min") else children
        return st.tuples(children, *[rest] * (count - 1)).map(lambda args: Formula(op, tuple(args)))

    return st.sampled_from(sorted(BUILDERS)).flatmap(of)


formulas = st.recursive(leaves, _compound, max_leaves=12)
rows = st.fixed_dictionaries({name: st.one_of(numbers, st.just(NAN)) for name in NAMES})


def _templates() -> dict[str, Explanation]:
    return {name: Explanation.input(name) for name in NAMES}


def _close(told: float | None, computed: float) -> bool:
    """Equal, or nearly so: `sum` is exact in a tree, and the functions of two libraries differ in the last digit."""
    if told is None or math.isnan(computed):
        return told is None and math.isnan(computed)
    return math.isclose(told, computed, rel_tol=1e-9, abs_tol=1e-9)


def _steady(formula: Formula, row: Mapping[str, float]) -> bool:
    """Whether no step lies within dust of an edge, where a rounding or a comparison may go either way."""
    if not formula.args:
        return True
    arguments = [argument(row) for argument in formula.args]
    near: dict[str, Callable[..., bool]] = {
        "ceil": lambda a: abs(a - round(a)) < 1e-6 and a != round(a),
        "floor": lambda a: abs(a - round(a)) < 1e-6 and a != round(a),
        "sqrt": lambda a: 0 < abs(a) < 1e-6,
        "log": lambda a: 0 < abs(a) < 1e-6,
        "halved_above_ten": lambda a: 0 < abs(a - 10.0) < 1e-6,
        "div": lambda _a, b: 0 < abs(b) < 1e-6,
        "where": lambda condition, *_: 0 < abs(condition) < 1e-6,
        "pow": lambda a, b: 0 < abs(a) < 1e-6 or 0 < abs(b - round(b)) < 1e-6,
    }
    comparing = formula.op in ("gt", "ge", "lt", "le", "and", "or")
    if comparing and all(map(math.isfinite, arguments)):
        close = 0 < abs(arguments[0] - arguments[1]) < 1e-6 or any(0 < abs(a) < 1e-6 for a in arguments)
    else:
        close = formula.op in near and all(map(math.isfinite, arguments)) and near[formula.op](*arguments)
    large = any(math.isfinite(a) and abs(a) > 1e6 for a in arguments)
    return not close and not large and all(_steady(argument, row) for argument in formula.args)


def test_every_operation_of_the_core_is_drawn() -> None:
    here = {
        "add",
        "sub",
        "mul",
        "div",
        "neg",
        "max",
        "min",
        "ceil",
        "floor",
        "sqrt",
        "pow",
        "exp",
        "log",
        "sum",
        "gt",
        "ge",
        "lt",
        "le",
        "and",
        "or",
    }
    assert here <= set(BUILDERS)
    assert here <= set(OPERATIONS)


@settings(max_examples=60, deadline=None)
@given(formula=formulas, row=rows)
def test_evaluation_equals_the_value_and_filling_a_template_equals_recording_with_values(formula: Formula, row: dict[str, float]) -> None:
    recorded = formula({name: Explanation.input(name, value) for name, value in row.items()})
    filled = formula(_templates()).fill(row)
    assert recorded.evaluate() == recorded.value == filled.value == filled.evaluate()
    assert recorded.to_json() == filled.to_json()


@settings(max_examples=200, deadline=None)
@given(formula=formulas, table=st.lists(rows, min_size=1, max_size=3))
def test_filling_equals_computing_with_numbers_and_with_arrays(formula: Formula, table: list[dict[str, float]]) -> None:
    template = formula(_templates())
    steady = [row for row in table if _steady(formula, row)]
    for row in steady:
        assert _close(template.fill(row).value, formula(row))
    if steady:
        at_once = formula({name: np.array([row[name] for row in steady]) for name in NAMES})
        for row, computed in zip(steady, np.broadcast_to(at_once, len(steady)).tolist(), strict=True):
            assert _close(template.fill(row).value, computed)


@settings(max_examples=60, deadline=None)
@given(formula=formulas, row=rows)
def test_json_carries_the_whole_tree(formula: Formula, row: dict[str, float]) -> None:
    tree = formula(_templates()).fill(row)
    document = json.loads(json.dumps(tree.to_json(), allow_nan=False))
    back = Explanation.from_json(document)
    assert back.to_json() == document == tree.to_json()
    assert back.value == back.evaluate() == tree.value
    assert back.inputs().keys() == tree.inputs().keys()


@settings(max_examples=60, deadline=None)
@given(formula=formulas, row=rows, missing=st.sampled_from(NAMES))
def test_what_needs_a_missing_input_is_missing(formula: Formula, row: dict[str, float], missing: str) -> None:
    """Every node above the input, but for the branch of a `where` that is not taken; all others keep their values."""
    known = formula(_templates()).fill({name: 1.0 if math.isnan(value) else value for name, value in row.items()})
    lacking = known.fill({name: node.value for name, node in known.inputs().items() if name != missing})
    for before, after in zip(known.walk(), lacking.walk(), strict=True):
        if missing not in before.inputs():
            assert after.value == before.value
        elif before.op == "where":
            taken = after.args[1 if after.args[0].value else 2].value
            assert after.value == (None if after.args[0].value is None else taken)
        elif any(argument.value is None for argument in after.args) or before.op == "input":
            assert after.value is None


def test_a_chain_of_thousands_of_terms_overflows_no_stack() -> None:
    terms = 5000

    def chain(length: int) -> Explanation:
        tree = Explanation.input("x0")
        for n in range(1, length):
            tree = tree + Explanation.input(f"x{n}")
        return tree

    inputs = {f"x{n}": float(n) for n in range(terms)}
    filled = chain(terms).fill(inputs)
    expected = terms * (terms - 1) / 2
    assert filled.value == filled.evaluate() == expected
    assert len(filled.inputs()) == terms
    nodes = list(filled.walk())
    assert len(nodes) == 2 * terms - 1
    assert [node.name for node in nodes[:3]] == ["x0", "x1", None]
    assert nodes[-1] is filled
    back = Explanation.from_json(filled.to_json())
    assert back.fill(inputs).evaluate() == back.value == expected
    assert repr(filled) == f"Explanation(add {expected})"


def test_a_shared_step_is_visited_once() -> None:
    calls: list[float] = []

    def counted(x: float) -> float:
        calls.append(x)
        return x + 1.0

    if "counted_for_this_test" not in OPERATIONS:
        register_operation("counted_for_this_test", counted)
    tree = Explanation.apply("counted_for_this_test", Explanation.input("x"))
    for _ in range(60):
        tree = tree + tree
    filled = tree.fill({"x": 0.0})
    assert (filled.value, calls) == (2.0**60, [0.0])
    assert (filled.evaluate(), calls) == (2.0**60, [0.0, 0.0])
    assert len(list(filled.walk())) == 62
    assert filled.written_nodes() == 2**60 * 3 - 1
    assert Explanation.from_json(filled.to_json()).evaluate() == 2.0**60
    assert len(calls) == 3
