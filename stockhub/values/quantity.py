"""Quantity: a whole number of an item's base unit, or of a fixed decimal part of it where items are weighed or measured (science.md 11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import total_ordering

from stockhub.values.allocation import Weight, allocate_units
from stockhub.values.errors import DomainError
from stockhub.values.rounding import EXACT

#: The finest part of a base unit that is counted: one millionth, as for money.
MOST_SCALE_DIGITS = 6


class QuantityMismatchError(DomainError):
    """Two quantities in different base units, or counted in different parts of one, met."""

    def __init__(self, left: Quantity, right: Quantity) -> None:
        super().__init__(
            "quantity_mismatch",
            f"Cannot combine {left.kind} with {right.kind}: convert one of them first.",
            params={"left": left.kind, "right": right.kind},
        )


class NotCountableError(DomainError):
    """A number of units that the item's base unit cannot express, such as half a piece."""

    def __init__(self, number: int | Decimal | Fraction, kind: Quantity) -> None:
        super().__init__(
            "not_countable",
            f"{number} {kind.unit} cannot be counted: give a number with at most {kind.scale} decimal places.",
            params={"number": str(number), "unit": kind.unit, "scale": kind.scale},
        )


@total_ordering
@dataclass(frozen=True, slots=True)
class Quantity:
    """`count` parts of a base unit, `scale` digits after the point: 3 `piece` are (3, piece, 0) and 1.5 `kg` to the gram (1500, kg, 3).

    The scale belongs to the item, so that all its quantities are counted alike. A quantity may be negative: a movement, or stock with a
    flagged cause.
    """

    count: int
    unit: str
    scale: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.count, int) or isinstance(self.count, bool):
            raise TypeError(f"A quantity counts in whole numbers, not {type(self.count).__name__}: use Quantity.of for 1.5 kg.")
        if not self.unit:
            raise ValueError("A quantity needs its base unit, such as piece or kg.")
        if not 0 <= self.scale <= MOST_SCALE_DIGITS:
            raise ValueError(f"A base unit is counted in 0 to {MOST_SCALE_DIGITS} decimal places, not {self.scale}.")

    @classmethod
    def of(cls, number: int | Decimal | Fraction, unit: str, scale: int = 0) -> Quantity:
        """The quantity that is exactly this number of base units; NotCountableError where there is none: nothing is rounded."""
        nothing = cls(0, unit, scale)
        count = Fraction(number) * 10**scale
        if count.denominator != 1:
            raise NotCountableError(number, nothing)
        return replace(nothing, count=int(count))

    @property
    def number(self) -> Decimal:
        """The number of base units."""
        return Decimal(self.count).scaleb(-self.scale, EXACT)

    @property
    def kind(self) -> str:
        """What is counted: `piece`, or `kg to 3 places`."""
        return f"{self.unit} to {self.scale} places" if self.scale else self.unit

    def allocate(self, weights: Sequence[Weight]) -> tuple[Quantity, ...]:
        """Parts in proportion to the weights whose sum is this quantity: `allocate_units`."""
        return tuple(Quantity(part, self.unit, self.scale) for part in allocate_units(self.count, weights))

    def _same(self, other: Quantity) -> None:
        if (self.unit, self.scale) != (other.unit, other.scale):
            raise QuantityMismatchError(self, other)

    def __add__(self, other: Quantity) -> Quantity:
        self._same(other)
        return Quantity(self.count + other.count, self.unit, self.scale)

    def __sub__(self, other: Quantity) -> Quantity:
        self._same(other)
        return Quantity(self.count - other.count, self.unit, self.scale)

    def __neg__(self) -> Quantity:
        return Quantity(-self.count, self.unit, self.scale)

    def __mul__(self, times: int) -> Quantity:
        return Quantity(self.count * times, self.unit, self.scale)

    def __lt__(self, other: Quantity) -> bool:
        self._same(other)
        return self.count < other.count

    def __str__(self) -> str:
        return f"{self.number} {self.unit}"
