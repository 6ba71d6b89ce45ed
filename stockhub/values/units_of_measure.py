"""Units in which an item is bought, packed and sold: pieces, boxes, cartons, as exact ratios to its base unit (science.md 11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from stockhub.values.errors import DomainError
from stockhub.values.quantity import Quantity, QuantityMismatchError

#: 1 of the first unit is so many of the second: ("carton", 12, "box").
Definition = tuple[str, int | Decimal | Fraction, str]


class UnitOfMeasureError(DomainError):
    """An item's units are not defined well, or one is asked for that it does not have.

    `unknown_unit`, `unit_not_positive`, `unit_contradiction` or `unit_not_connected`.
    """


class UnitsOfMeasure:
    """The units of one item. `in_base` says how many base units each is; the base unit itself is 1."""

    def __init__(self, base: str, definitions: Iterable[Definition] = (), *, scale: int = 0) -> None:
        """From definitions in any order and direction; `scale` is that of the item's quantities (`Quantity`).

        UnitOfMeasureError where a definition is not above 0, contradicts the others or leads nowhere near the base unit.
        """
        self.base = base
        self.scale = scale
        self.in_base: Mapping[str, Fraction] = MappingProxyType(_resolved(base, list(definitions)))

    def ratio(self, source: str, target: str) -> Fraction:
        """How many of `target` one `source` is: a box of 12 in cartons of 144 is 1/12."""
        return self._of(source) / self._of(target)

    def convert(self, number: int | Decimal | Fraction, source: str, target: str) -> Fraction:
        """A number of one unit in another, exactly."""
        return Fraction(number) * self.ratio(source, target)

    def quantity(self, number: int | Decimal | Fraction, unit: str) -> Quantity:
        """The quantity of the item that a number of a unit is; NotCountableError where that is no whole count of base units."""
        return Quantity.of(self.convert(number, unit, self.base), self.base, self.scale)

    def number(self, quantity: Quantity, unit: str) -> Fraction:
        """A quantity of the item in one of its units, exactly: 18 pieces are 3/2 boxes of 12. QuantityMismatchError for another item's."""
        if (quantity.unit, quantity.scale) != (self.base, self.scale):
            raise QuantityMismatchError(quantity, Quantity(0, self.base, self.scale))
        return self.convert(quantity.number, self.base, unit)

    def _of(self, unit: str) -> Fraction:
        if unit not in self.in_base:
            known = ", ".join(sorted(self.in_base))
            raise UnitOfMeasureError("unknown_unit", f"The item has no unit {unit!r}: use one of {known}.", params={"unit": unit})
        return self.in_base[unit]


def _resolved(base: str, definitions: list[Definition]) -> dict[str, Fraction]:
    """Every unit in base units, found from the base outwards."""
    for unit, count, other in definitions:
        if count <= 0:
            raise UnitOfMeasureError("unit_not_positive", f"One {unit} is {count} {other}: give a number above 0.", params={"unit": unit})
    found = {base: Fraction(1)}
    waiting = definitions
    while waiting:
        reached = [d for d in waiting if d[0] in found or d[2] in found]
        if not reached:
            unit, _, other = waiting[0]
            raise UnitOfMeasureError(
                "unit_not_connected", f"Nothing says what {unit} or {other} is in {base}: define one of them.", params={"unit": unit}
            )
        for unit, count, other in reached:
            _take(found, unit, Fraction(count), other)
        waiting = [d for d in waiting if d not in reached]
    return found


def _take(found: dict[str, Fraction], unit: str, count: Fraction, other: str) -> None:
    if other not in found:
        found[other] = found[unit] / count
    value = count * found[other]
    if found.setdefault(unit, value) != value:
        raise UnitOfMeasureError(
            "unit_contradiction",
            f"One {unit} cannot be both {found[unit]} and {value} base units: correct one of its definitions.",
            params={"unit": unit},
        )
