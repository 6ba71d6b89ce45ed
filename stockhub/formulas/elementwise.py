"""Arithmetic that numbers, arrays and explanations share: what a formula is written with.

A formula uses `+ - *`, the functions below and `operation`s, and nothing else; then the same code computes one SKU, computes 100,000 and
records its own explanation. Missing is NaN in numbers and arrays and a node without a value in explanations, and everything that needs a
missing number is missing: so comparisons are functions too, because `nan > 0` is false where it ought to be unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce, wraps
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stockhub.values import Explanation
from stockhub.values.explanation import register_operation

FloatArray = NDArray[np.float64]
#: A number, an array of them, or the record of how a number comes about.
N = TypeVar("N", float, FloatArray, Explanation)
F = TypeVar("F", bound=Callable[..., Any])

#: Whole units are rounded with this tolerance, so that 3.0000000001 cases are three (science.md §0).
ROUNDING_TOLERANCE = 1e-9


def explained(*, unit: str) -> Callable[[F], F]:
    """Makes a formula's result a named node of the explanation: the function's name, in `unit`. Numbers and arrays pass unchanged."""

    def decorate(formula: F) -> F:
        @wraps(formula)
        def named(*args: object, **kwargs: object) -> object:
            result = formula(*args, **kwargs)
            return result.named(formula.__name__, unit) if isinstance(result, Explanation) else result

        return cast("F", named)

    return decorate


def _apply(op: str, compute: Callable[..., Any], *args: N | float) -> N:
    """`op` over explanations, or `compute` over numbers and arrays, whose results outside the finite numbers are missing."""
    operands: tuple[Any, ...] = args
    result: Any
    if any(isinstance(operand, Explanation) for operand in operands):
        result = Explanation.apply(op, *operands)
    else:
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            result = compute(*operands)
        result = result if np.ndim(result) else float(result)
    return cast("N", result)


def _finite(compute: Callable[..., ArrayLike]) -> Callable[..., FloatArray]:
    """The function with missing in place of what is not finite or rests on a missing number (numpy has nan ** 0 == 1)."""

    def finite(*args: ArrayLike) -> FloatArray:
        result = np.asarray(compute(*args), dtype=np.float64)
        known = reduce(np.logical_and, (np.isfinite(arg) for arg in args), np.isfinite(result))
        return np.where(known, result, np.nan)

    return finite


class Operation:
    """What `operation` makes: callable with numbers, arrays and explanations."""

    def __init__(self, compute: Callable[..., ArrayLike]) -> None:
        self.op = compute.__name__.lstrip("_")
        self.__doc__ = compute.__doc__
        self._compute = _finite(compute)
        register_operation(self.op, lambda *args: float(self._compute(*args)))

    def __call__(self, *args: N | float) -> N:
        return _apply(self.op, self._compute, *args)


def operation(compute: Callable[..., ArrayLike]) -> Operation:
    """Makes a function over numbers and arrays one step of an explanation: for what arithmetic cannot express, such as a quantile or the
    root of an equation.

    The node carries the function's name, without a leading underscore, and evaluating it calls the function. All arguments are numbers or
    arrays that broadcast; a result that is not finite is missing. Give it a formula around it, which has the signature and the unit:

        @operation
        def _normal_quantile(p): return ndtri(p)

        @explained(unit="1")
        def normal_quantile(p: N) -> N:
            return _normal_quantile(p)
    """
    return Operation(compute)


def _flag(holds: Callable[..., NDArray[np.bool_]]) -> Callable[[ArrayLike, ArrayLike], FloatArray]:
    """A comparison as 1 or 0, and NaN where a side is NaN."""
    return lambda a, b: np.where(np.isnan(a) | np.isnan(b), np.nan, holds(a, b))


def _ratio(a: ArrayLike, b: ArrayLike) -> FloatArray:
    quotient = np.divide(a, np.where(np.equal(b, 0.0), np.nan, b))
    return np.where(np.isfinite(quotient), quotient, np.nan)


def _where(condition: ArrayLike, yes: ArrayLike, no: ArrayLike) -> FloatArray:
    return np.where(np.isnan(condition), np.nan, np.where(np.equal(condition, 0.0), no, yes))


def maximum(a: N | float, b: N | float) -> N:
    """The larger of two numbers; missing where one of them is."""
    return _apply("max", np.maximum, a, b)


def minimum(a: N | float, b: N | float) -> N:
    """The smaller of two numbers; missing where one of them is."""
    return _apply("min", np.minimum, a, b)


def positive_part(a: N) -> N:
    """The number itself where it is above 0, else 0."""
    return maximum(a, 0.0)


def ratio(a: N | float, b: N | float) -> N:
    """The quotient a / b; missing, never infinite, where b is 0."""
    return _apply("div", _ratio, a, b)


def root(a: N) -> N:
    """The square root; missing below 0."""
    return _apply("sqrt", np.sqrt, a)


def exponential(a: N) -> N:
    """Euler's number to the power of a number; missing where that is more than a float holds."""
    return _apply("exp", _finite(np.exp), a)


def logarithm(a: N) -> N:
    """The natural logarithm; missing at 0 and below."""
    return _apply("log", _finite(np.log), a)


def power(base: N | float, exponent: N | float) -> N:
    """`base` to the power of `exponent`; missing where that is no real number."""
    return _apply("pow", _finite(np.float_power), base, exponent)


def total(terms: Sequence[N | float]) -> N:
    """The sum of any number of terms as one step; missing where one is, 0 where there are none."""
    return _apply("sum", lambda *each: reduce(np.add, each, 0.0), *terms)


def round_up(a: N) -> N:
    """The next whole number at or above."""
    return _apply("ceil", np.ceil, a - ROUNDING_TOLERANCE)


def round_down(a: N) -> N:
    """The next whole number at or below."""
    return _apply("floor", np.floor, a + ROUNDING_TOLERANCE)


def greater(a: N | float, b: N | float) -> N:
    """1 where a > b, 0 where not, missing where either is."""
    return _apply("gt", _flag(np.greater), a, b)


def at_least(a: N | float, b: N | float) -> N:
    """1 where a >= b, 0 where not, missing where either is."""
    return _apply("ge", _flag(np.greater_equal), a, b)


def negation(a: N) -> N:
    """1 where a flag is not set, 0 where it is; missing where it is."""
    return 1.0 - a


def both(a: N, b: N) -> N:
    """1 where both flags are set; missing where either is."""
    return _apply("and", _flag(np.logical_and), a, b)


def either(a: N, b: N) -> N:
    """1 where one of the flags is set; missing where either is."""
    return _apply("or", _flag(np.logical_or), a, b)


def where(condition: N, yes: N | float, no: N | float) -> N:
    """`yes` where the flag is set, else `no`; missing where the flag is, and only the branch taken has to be known."""
    return _apply("where", _where, condition, yes, no)
