"""Weights and volumes between the units of tariffs, exactly (science.md 11).

All are fractions: a tier's edge is a matter of money, and a binary 0.1 lies on the wrong side of some of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Final

Exact = int | Decimal | Fraction

#: The international avoirdupois pound, by definition.
KILOGRAMS_A_POUND: Final = Fraction(45_359_237, 100_000_000)
OUNCES_A_POUND: Final = 16
CUBIC_INCHES_A_CUBIC_FOOT: Final = 1728
#: As tariffs round it; the exact product of 0.3048 m is 0.028316846592.
CUBIC_METRES_A_CUBIC_FOOT: Final = Fraction(283_168_466, 10_000_000_000)


def cubic_feet(length_in: Exact, width_in: Exact, height_in: Exact) -> Fraction:
    """The volume in cubic feet of a box whose sides are given in inches."""
    return Fraction(length_in) * Fraction(width_in) * Fraction(height_in) / CUBIC_INCHES_A_CUBIC_FOOT


def cubic_metres_of_cubic_feet(volume: Exact) -> Fraction:
    return Fraction(volume) * CUBIC_METRES_A_CUBIC_FOOT


def cubic_feet_of_cubic_metres(volume: Exact) -> Fraction:
    return Fraction(volume) / CUBIC_METRES_A_CUBIC_FOOT


def kilograms_of_pounds(weight: Exact) -> Fraction:
    return Fraction(weight) * KILOGRAMS_A_POUND


def pounds_of_kilograms(weight: Exact) -> Fraction:
    return Fraction(weight) / KILOGRAMS_A_POUND


def rounded_up_to_step(weight: Exact, step: Exact) -> Fraction:
    """The next whole multiple of `step` at or above a weight: what is billed a started pound. ValueError for a step that is not above 0."""
    if step <= 0:
        raise ValueError(f"A tariff's step is above 0, not {step}.")
    return ceil(Fraction(weight) / Fraction(step)) * Fraction(step)


def weight_tier(weight: Exact, limits: Sequence[Exact]) -> int | None:
    """The first tier whose upper limit, inclusive, holds a weight; None above the last. ValueError where limits do not ascend."""
    if any(lower >= upper for lower, upper in pairwise(limits)):
        raise ValueError("The limits of tiers ascend.")
    return next((tier for tier, limit in enumerate(limits) if weight <= limit), None)
