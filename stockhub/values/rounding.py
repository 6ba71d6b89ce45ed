"""Decimal rounding, the same whatever the caller's decimal context is (science.md 11)."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from typing import Final

#: Arithmetic without loss: more digits than the largest float has, so that nothing is cut before it is rounded on purpose.
EXACT: Final = Context(prec=400)


def half_up(amount: Decimal, digits: int) -> Decimal:
    """To `digits` decimal places, a half away from zero: 2.345 is 2.35 and -2.345 is -2.35. ValueError for what is not finite."""
    return _rounded(amount, digits, ROUND_HALF_UP)


def half_even(amount: Decimal, digits: int) -> Decimal:
    """To `digits` decimal places, a half to the even neighbour: 2.345 is 2.34. ValueError for what is not finite."""
    return _rounded(amount, digits, ROUND_HALF_EVEN)


def _rounded(amount: Decimal, digits: int, rounding: str) -> Decimal:
    if not amount.is_finite():
        raise ValueError(f"{amount} has no decimal places.")
    rounded = amount.quantize(Decimal(1).scaleb(-digits), rounding=rounding, context=EXACT)
    return abs(rounded) if rounded.is_zero() else rounded  # a person does not read -0.00
