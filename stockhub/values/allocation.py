"""Whole units divided so that the parts sum to the total: the method of largest remainders (Hamilton; science.md 11)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor

from stockhub.values.errors import DomainError

Weight = int | Decimal | Fraction


class AllocationError(DomainError):
    """A total cannot be divided as asked: `no_weight`, `negative_weight` or `not_in_minor_units`."""


def allocate_units(total: int, weights: Sequence[Weight]) -> tuple[int, ...]:
    """Whole parts of a total in proportion to the weights; their sum is the total, and each is within 1 of its exact share.

    What rounding down leaves goes to the largest remainders, the lowest index first among equals; a negative total mirrors the positive
    one. AllocationError where a weight is negative, or where no weight is above 0.
    """
    exact = [Fraction(weight) for weight in weights]
    for index, weight in enumerate(exact):
        if weight < 0:
            raise AllocationError(
                "negative_weight",
                f"Weight {index} is {weights[index]}: give weights of 0 or more.",
                path=("weights", str(index)),
                params={"index": index, "weight": str(weights[index])},
            )
    whole = sum(exact)
    if not whole:
        raise AllocationError("no_weight", "There is nothing to divide by: give at least one weight above 0.", path=("weights",))
    return round_together([total * weight / whole for weight in exact])


def round_together(shares: Sequence[Fraction]) -> tuple[int, ...]:
    """Exact shares as whole numbers whose sum is the shares' sum, a half rounded away from zero; each is within 1 of its share."""
    total = sum(shares)
    if total < 0:
        return tuple(-part for part in round_together([-share for share in shares]))
    parts = [floor(share) for share in shares]
    left = floor(total + Fraction(1, 2)) - sum(parts)
    by_remainder = sorted(range(len(shares)), key=lambda index: parts[index] - shares[index])
    for index in by_remainder[:left]:
        parts[index] += 1
    return tuple(parts)
