"""Bands of a tariff: from which number to which a rate holds, and on which side a bound itself belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import nan
from typing import Final, Literal

from stockhub.formulas.elementwise import N, at_least, both, greater, where
from stockhub.formulas.errors import InvalidParameterError

#: Which bounds belong to a band.
Closed = Literal["lower", "upper", "both", "neither"]


@dataclass(frozen=True, slots=True)
class Band:
    """The numbers between two bounds; None is no bound. By default the upper bound belongs to it and the lower does not: "above 2 to 4"."""

    lower: Decimal | None = None
    upper: Decimal | None = None
    closed: Closed = "upper"

    def __post_init__(self) -> None:
        if self.lower is not None and self.upper is not None and self.lower > self.upper:
            raise InvalidParameterError("lower", self.lower, f"a bound of at most {self.upper}, the upper one")

    def __contains__(self, number: Decimal) -> bool:
        above = self.lower is None or number > self.lower or (number == self.lower and self.closed in ("lower", "both"))
        below = self.upper is None or number < self.upper or (number == self.upper and self.closed in ("upper", "both"))
        return above and below

    def overlaps(self, other: Band) -> bool:
        """Whether a number can lie in both bands."""
        return not (self._ends_before(other) or other._ends_before(self))

    def _ends_before(self, other: Band) -> bool:
        if self.upper is None or other.lower is None:
            return False
        touching = self.closed in ("upper", "both") and other.closed in ("lower", "both")
        return self.upper < other.lower or (self.upper == other.lower and not touching)

    def __str__(self) -> str:
        opening, closing = ("[" if self.closed in ("lower", "both") else "("), ("]" if self.closed in ("upper", "both") else ")")
        return f"{opening}{'…' if self.lower is None else self.lower}, {'…' if self.upper is None else self.upper}{closing}"


#: The band that holds every number: for what does not depend on any.
EVERYWHERE: Final = Band()


def _inside(number: N, band: Band) -> N | None:
    """1 where the number lies in the band, 0 where not; None where every number does."""
    flags: list[N] = []
    if band.lower is not None:
        flags.append((at_least if band.closed in ("lower", "both") else greater)(number, float(band.lower)))
    if band.upper is not None:
        flags.append((at_least if band.closed in ("upper", "both") else greater)(float(band.upper), number))
    if not flags:
        return None
    return flags[0] if len(flags) == 1 else both(flags[0], flags[1])


def of_band(number: N, values: Sequence[tuple[Band, float]]) -> N:
    """The value of the band that a number lies in; missing where it lies in none. The steps are part of an explanation."""
    chosen: N | float = nan
    for band, value in reversed(values):
        flag = _inside(number, band)
        chosen = value if flag is None else where(flag, value, chosen)
    # A single band that holds everything leaves a plain number, which takes the shape of the others here.
    return number * 0.0 + chosen if isinstance(chosen, float) else chosen
