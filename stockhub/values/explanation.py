"""Explanation: a number's formula as a tree, built by running the formula itself.

A formula is ordinary arithmetic, so calling it with `Explanation` inputs in place of numbers records the tree, and nothing has to
be written twice. A tree whose inputs have no values is a template: a warning cycle records one for each rule and stores only the
inputs of each alert; `fill` puts them together when somebody asks why.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

Number = float | int


def _divide(left: float, right: float) -> float | None:
    return left / right if right else None


def _power(base: float, exponent: float) -> float | None:
    try:
        return math.pow(base, exponent)
    except (ValueError, OverflowError):
        return None  # a root of a negative number, 0 to a negative power, or more than a float holds


def _exponential(exponent: float) -> float | None:
    try:
        return math.exp(exponent)
    except OverflowError:
        return None


_operations: Final[dict[str, Callable[..., float | None]]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": _divide,
    "neg": lambda a: -a,
    "max": max,
    "min": min,
    "ceil": lambda a: float(math.ceil(a)),
    "floor": lambda a: float(math.floor(a)),
    "sqrt": lambda a: math.sqrt(a) if a >= 0 else None,
    "pow": _power,
    "exp": _exponential,
    "log": lambda a: math.log(a) if a > 0 else None,
    "sum": lambda *terms: math.fsum(terms),
    "gt": lambda a, b: float(a > b),
    "ge": lambda a, b: float(a >= b),
    "lt": lambda a, b: float(a < b),
    "le": lambda a, b: float(a <= b),
    "and": lambda a, b: float(bool(a) and bool(b)),
    "or": lambda a, b: float(bool(a) or bool(b)),
}

#: Every operation that a tree may hold besides `where`: the arithmetic above, which a reader in another language needs, and the functions
#: that formulas register. An operation on a missing number is missing; so is a division by zero.
OPERATIONS: Final[Mapping[str, Callable[..., float | None]]] = MappingProxyType(_operations)


def register_operation(op: str, evaluate: Callable[..., float | None]) -> None:
    """Adds a function to the operations that a tree may hold, under a name that says what it computes; ValueError where that is taken."""
    if op in (*_operations, "input", "constant", "where"):
        raise ValueError(f"There is an operation {op!r} already: give the function a name of its own.")
    _operations[op] = evaluate


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """A node: an input, a constant, `where(condition, yes, no)`, or one of `OPERATIONS` over its arguments.

    `value` is None where a number that it needs is missing. `name` is a slug (`safety_stock`); `unit` a glossary unit (`unit`, `day`,
    `unit/day`, `CNY`); `source` says where an input comes from (`ledger`, `forecast`, `parameter:horizon_days`).
    """

    op: str
    args: tuple[Explanation, ...] = ()
    value: float | None = None
    name: str | None = None
    unit: str | None = None
    source: str | None = None

    # numpy scalars and arrays leave arithmetic with an Explanation to the methods below.
    __array_ufunc__ = None

    # --- building -----------------------------------------------------------------------------------------------------

    @classmethod
    def input(cls, name: str, value: Number | None = None, *, unit: str | None = None, source: str | None = None) -> Explanation:
        """A named input; without a value it is a place in a template."""
        return cls("input", (), _finite(value), name, unit, source)

    @classmethod
    def constant(cls, value: Number) -> Explanation:
        return cls("constant", (), _finite(value))

    @classmethod
    def apply(cls, op: str, *args: Explanation | Number) -> Explanation:
        """The node of `op` over the arguments, evaluated where their values are known."""
        nodes = tuple(a if isinstance(a, Explanation) else cls.constant(a) for a in args)
        return cls(op, nodes, _evaluate(op, [n.value for n in nodes]))

    @classmethod
    def where(cls, condition: Explanation | Number, yes: Explanation | Number, no: Explanation | Number) -> Explanation:
        return cls.apply("where", condition, yes, no)

    def named(self, name: str, unit: str | None = None) -> Explanation:
        """The same node as a named intermediate result; an input keeps its own name."""
        return self if self.op in ("input", "constant") else replace(self, name=name, unit=unit or self.unit)

    # --- using --------------------------------------------------------------------------------------------------------

    def fill(self, inputs: Mapping[str, Number | None]) -> Explanation:
        """The tree with its inputs' values put in and every node evaluated. An input that is not given becomes missing."""
        if self.op == "input":
            return replace(self, value=_finite(inputs.get(self.name or "")))
        if self.op == "constant":
            return self
        args = tuple(a.fill(inputs) for a in self.args)
        return replace(self, args=args, value=_evaluate(self.op, [a.value for a in args]))

    def evaluate(self) -> float | None:
        """The number computed afresh from the leaves: equal to `value` for every tree that `apply` or `fill` made."""
        if self.op in ("input", "constant"):
            return self.value
        return _evaluate(self.op, [a.evaluate() for a in self.args])

    def walk(self) -> Iterator[Explanation]:
        """Every node, arguments before the node that uses them."""
        for arg in self.args:
            yield from arg.walk()
        yield self

    def inputs(self) -> dict[str, Explanation]:
        """The named inputs, each once."""
        return {n.name: n for n in self.walk() if n.op == "input" and n.name}

    def to_json(self) -> dict[str, Any]:
        """A JSON object: `op` and whichever of name, unit, source, value and args there are."""
        out: dict[str, Any] = {"op": self.op}
        out |= {k: v for k in ("name", "unit", "source", "value") if (v := getattr(self, k)) is not None}
        if self.args:
            out["args"] = [a.to_json() for a in self.args]
        return out

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Explanation:
        """The inverse of `to_json`; KeyError or ValueError where `data` is no tree."""
        op = data["op"]
        if op not in OPERATIONS and op not in ("input", "constant", "where"):
            raise ValueError(f"Unknown operation {op!r} in an explanation.")
        args = tuple(cls.from_json(a) for a in data.get("args", ()))
        return cls(op, args, data.get("value"), data.get("name"), data.get("unit"), data.get("source"))

    # --- arithmetic ---------------------------------------------------------------------------------------------------

    def __add__(self, other: Explanation | Number) -> Explanation:
        return self.apply("add", self, other)

    def __radd__(self, other: Number) -> Explanation:
        return self.apply("add", other, self)

    def __sub__(self, other: Explanation | Number) -> Explanation:
        return self.apply("sub", self, other)

    def __rsub__(self, other: Number) -> Explanation:
        return self.apply("sub", other, self)

    def __mul__(self, other: Explanation | Number) -> Explanation:
        return self.apply("mul", self, other)

    def __rmul__(self, other: Number) -> Explanation:
        return self.apply("mul", other, self)

    def __truediv__(self, other: Explanation | Number) -> Explanation:
        return self.apply("div", self, other)

    def __rtruediv__(self, other: Number) -> Explanation:
        return self.apply("div", other, self)

    def __pow__(self, other: Explanation | Number) -> Explanation:
        return self.apply("pow", self, other)

    def __neg__(self) -> Explanation:
        return self.apply("neg", self)

    def __gt__(self, other: Explanation | Number) -> Explanation:
        return self.apply("gt", self, other)

    def __ge__(self, other: Explanation | Number) -> Explanation:
        return self.apply("ge", self, other)

    def __lt__(self, other: Explanation | Number) -> Explanation:
        return self.apply("lt", self, other)

    def __le__(self, other: Explanation | Number) -> Explanation:
        return self.apply("le", self, other)

    def __and__(self, other: Explanation | Number) -> Explanation:
        return self.apply("and", self, other)

    def __or__(self, other: Explanation | Number) -> Explanation:
        return self.apply("or", self, other)

    def __bool__(self) -> bool:
        raise TypeError("A formula branched on a traced value: use where(), so that the branch becomes part of the explanation.")


def _finite(value: Number | None) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None


def _evaluate(op: str, values: list[float | None]) -> float | None:
    if op == "where":
        # Only the branch taken has to be known.
        return None if values[0] is None else (values[1] if values[0] else values[2])
    known = [v for v in values if v is not None]
    return _finite(OPERATIONS[op](*known)) if len(known) == len(values) else None
