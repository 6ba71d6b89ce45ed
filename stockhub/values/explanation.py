"""Explanation: a number's formula as a tree, built by running the formula itself.

A formula is ordinary arithmetic, so calling it with `Explanation` inputs in place of numbers records the tree, and nothing has to
be written twice. A tree whose inputs have no values is a template: a warning cycle records one for each rule and stores only the
inputs of each alert; `fill` puts them together when somebody asks why.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
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


def _sum(*terms: float) -> float | None:
    try:
        return math.fsum(terms)
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
    "sum": _sum,
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


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Explanation:
    """A node: an input, a constant, `where(condition, yes, no)`, or one of `OPERATIONS` over its arguments.

    Nodes may share arguments, so that the tree is a graph without cycles in truth; everything below visits a shared node once, and without
    recursion, so that neither many uses of one intermediate result nor a chain of thousands of terms is too much.

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
        filled: dict[int, Explanation] = {}
        for node in self.walk():
            if node.op == "input":
                filled[id(node)] = replace(node, value=_finite(inputs.get(node.name or "")))
            elif node.op == "constant":
                filled[id(node)] = node
            else:
                args = tuple(filled[id(a)] for a in node.args)
                filled[id(node)] = replace(node, args=args, value=_evaluate(node.op, [a.value for a in args]))
        return filled[id(self)]

    def evaluate(self) -> float | None:
        """The number computed afresh from the leaves: equal to `value` for every tree that `apply` or `fill` made."""
        values: dict[int, float | None] = {}
        for node in self.walk():
            leaf = node.op in ("input", "constant")
            values[id(node)] = node.value if leaf else _evaluate(node.op, [values[id(a)] for a in node.args])
        return values[id(self)]

    def walk(self) -> Iterator[Explanation]:
        """Every node once, arguments before the nodes that use them."""
        # A node lies on the stack twice: first to put its arguments above it, then, all of them seen, to be given out itself.
        seen: set[int] = set()
        stack: list[tuple[Explanation, bool]] = [(self, False)]
        while stack:
            node, arguments_seen = stack.pop()
            if arguments_seen:
                yield node
            elif id(node) not in seen:
                seen.add(id(node))
                stack.append((node, True))
                stack.extend((a, False) for a in reversed(node.args))

    def inputs(self) -> dict[str, Explanation]:
        """The named inputs, each once."""
        return {n.name: n for n in self.walk() if n.op == "input" and n.name}

    def written_nodes(self) -> int:
        """How many nodes the JSON text has, which writes a shared node out at every use: this can grow as 2 to the number of nodes."""
        sizes: dict[int, int] = {}
        for node in self.walk():
            sizes[id(node)] = 1 + sum(sizes[id(a)] for a in node.args)
        return sizes[id(self)]

    def to_json(self) -> dict[str, Any]:
        """A JSON object: `op` and whichever of name, unit, source, value and args there are.

        Uses of one node share one object. `json` itself nests no deeper than the interpreter's recursion limit: a sum of hundreds of terms
        is written with `sum`, which is one step.
        """
        written: dict[int, dict[str, Any]] = {}
        for node in self.walk():
            out: dict[str, Any] = {"op": node.op}
            out |= {k: v for k in ("name", "unit", "source", "value") if (v := getattr(node, k)) is not None}
            if node.args:
                out["args"] = [written[id(a)] for a in node.args]
            written[id(node)] = out
        return written[id(self)]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Explanation:
        """The inverse of `to_json`; KeyError or ValueError where `data` is no tree."""
        read: dict[int, Explanation] = {}
        stack: list[tuple[Mapping[str, Any], bool]] = [(data, False)]
        while stack:
            entry, arguments_read = stack.pop()
            if arguments_read:
                args = tuple(read[id(a)] for a in entry.get("args", ()))
                read[id(entry)] = cls(entry["op"], args, entry.get("value"), entry.get("name"), entry.get("unit"), entry.get("source"))
            elif id(entry) not in read:
                stack.append((entry, True))
                stack.extend((a, False) for a in reversed(_arguments(entry)))
        return read[id(data)]

    def __repr__(self) -> str:
        """The node itself, without what is beneath it."""
        return f"Explanation({' '.join(str(part) for part in (self.op, self.name, self.value, self.unit) if part is not None)})"

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


def _arguments(entry: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The arguments of a node's JSON; KeyError or ValueError where it is none."""
    args = entry.get("args", ()) if isinstance(entry, Mapping) else None
    if not isinstance(args, list | tuple):
        raise ValueError(f"A node of an explanation is an object with a list of arguments, not {entry!r:.80}.")  # noqa: TRY004 - a wrong document
    if (op := entry["op"]) not in OPERATIONS and op not in ("input", "constant", "where"):
        raise ValueError(f"Unknown operation {op!r} in an explanation.")
    return args


def _evaluate(op: str, values: list[float | None]) -> float | None:
    if op == "where":
        # Only the branch taken has to be known.
        return None if values[0] is None else (values[1] if values[0] else values[2])
    known = [v for v in values if v is not None]
    return _finite(OPERATIONS[op](*known)) if len(known) == len(values) else None
