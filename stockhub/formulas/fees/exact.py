"""Cents from an explanation: the same tree in decimal arithmetic.

A fee's formula is written once, elementwise, for statistics in float64. A bill has to be right to the cent, so its amount is the formula's
explanation evaluated anew in decimals, in which 0.15 × 99.9 is 14.985 and rounds up, as the marketplace's own does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from typing import Final

from stockhub.formulas.errors import InvalidParameterError
from stockhub.values import Explanation

#: Digits kept on the way: products of a few amounts and rates need no more than these, and a quotient loses nothing that a cent would show.
_PRECISION: Final = 50

_OPERATIONS: Final[Mapping[str, Callable[..., Decimal | None]]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b if b else None,
    "neg": lambda a: -a,
    "max": max,
    "min": min,
    "ceil": lambda a: a.to_integral_value(ROUND_CEILING),
    "floor": lambda a: a.to_integral_value(ROUND_FLOOR),
    "sum": lambda *terms: sum(terms, Decimal(0)),
    "gt": lambda a, b: Decimal(a > b),
    "ge": lambda a, b: Decimal(a >= b),
    "and": lambda a, b: Decimal(bool(a) and bool(b)),
    "or": lambda a, b: Decimal(bool(a) or bool(b)),
}


def decimal_of(number: float | Decimal) -> Decimal:
    """A number as a decimal, a float by the shortest text that means it: 0.1 is one tenth."""
    return number if isinstance(number, Decimal) else Decimal(str(number))


def exact(tree: Explanation) -> Decimal | None:
    """The value of a tree of sums, products, quotients, bounds and choices in decimal arithmetic; None where it is missing.

    InvalidParameterError for a tree with a step that has no exact value, such as a root.
    """
    values: dict[int, Decimal | None] = {}
    with localcontext() as context:
        context.prec = _PRECISION
        for node in tree.walk():
            values[id(node)] = _exact_step(node, [values[id(a)] for a in node.args])
    return values[id(tree)]


def _exact_step(node: Explanation, args: list[Decimal | None]) -> Decimal | None:
    if node.op in ("input", "constant"):
        return None if node.value is None or not math.isfinite(node.value) else decimal_of(node.value)
    if node.op == "where":
        condition, yes, no = args
        return None if condition is None else (yes if condition else no)
    if node.op not in _OPERATIONS:
        raise InvalidParameterError("tree", node.op, f"only steps that are exact in decimals: {', '.join(_OPERATIONS)}")
    known = [a for a in args if a is not None]
    return _OPERATIONS[node.op](*known) if len(known) == len(args) else None
