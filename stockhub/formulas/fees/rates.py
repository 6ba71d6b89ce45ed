"""Dated rates: the facts that fees are computed from, as data that a marketplace's plugin brings (science.md 8; E14).

A row says which rate holds, for what, from when to when, who says so and how sure that is. A lookup finds the one row of a date, a tier
and a band, or raises: what is not in the table is unknown, never the nearest row and never 0. What is free has a row with a rate of 0.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Final, Literal

from stockhub.formulas.fees.bands import EVERYWHERE, Band
from stockhub.formulas.fees.exact import decimal_of
from stockhub.values import DomainError

#: How sure a rate is: A official text read, B two sources or a full transcription, C one secondary source, D an assumption.
Confidence = Literal["A", "B", "C", "D"]
#: The tier of a rate that is the same for all.
ANY_TIER: Final = "any"


class UnknownRateError(DomainError, LookupError):
    """No row of the table says what a fee is: for its tier, on that date, or for that number."""

    def __init__(self, marketplace: str, fee: str, tier: str, on: date, what: str) -> None:
        super().__init__(
            "unknown_rate",
            f"The rate of {fee} ({tier}) in {marketplace} on {on} is unknown: there is no row for {what}. Add one to the rate table.",
            path=(fee, tier),
            params={"marketplace": marketplace, "fee": fee, "tier": tier, "on": on.isoformat(), "missing": what},
        )


class AmbiguousRatesError(DomainError, ValueError):
    """Two rows of a table claim the same date, tier and numbers."""

    def __init__(self, first: RateRow, second: RateRow) -> None:
        super().__init__(
            "ambiguous_rates",
            f"Two rates of {first.fee} ({first.tier}) in {first.marketplace} hold at once, from {first.effective_from} and from "
            f"{second.effective_from}, for {first.band} and {second.band}: end the earlier one the day before the later one starts.",
            path=(first.fee, first.tier),
            params={"marketplace": first.marketplace, "fee": first.fee, "tier": first.tier},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRow:
    """One rate. What `band` and `within` count depends on the fee, whose module says it: days of age, pounds, a price, a month.

    `effective_from` and `effective_to` are days, both inclusive; None is no end, or a source that gives no start. `rate` is per `per`, in
    `currency` unless `per` is a share. `fixed` is charged a unit besides; with `step`, `rate` is for each started step of what exceeds the
    band's lower bound. `least` and `most` bound a unit's fee. `applies_to` is a price band's grammar: "whole", its rate is that of
    the whole price, or "portion", it is that of the portion in the band. `exempt_categories` pay nothing.
    """

    marketplace: str
    fee: str
    tier: str
    effective_from: date | None
    effective_to: date | None = None
    rate: Decimal
    per: str
    currency: str
    source: str
    confidence: Confidence
    band: Band = EVERYWHERE
    within: Band = EVERYWHERE
    fixed: Decimal = Decimal(0)
    step: Decimal | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    applies_to: Literal["whole", "portion"] = "whole"
    exempt_categories: frozenset[str] = field(default_factory=frozenset)

    def holds_on(self, on: date) -> bool:
        """Whether the rate is in force on a day."""
        return (self.effective_from is None or self.effective_from <= on) and (self.effective_to is None or on <= self.effective_to)

    def clashes_with(self, other: RateRow) -> bool:
        """Whether a day and a number exist for which both rows hold."""
        starts_late = self.effective_from is not None and other.effective_to is not None and self.effective_from > other.effective_to
        ends_early = self.effective_to is not None and other.effective_from is not None and self.effective_to < other.effective_from
        return not (starts_late or ends_early) and self.band.overlaps(other.band) and self.within.overlaps(other.within)


class RateTable:
    """The rates of one marketplace. AmbiguousRatesError where two of its rows hold at once."""

    def __init__(self, marketplace: str, rows: Iterable[RateRow]) -> None:
        """Takes the marketplace's own rows; those of others are left out."""
        self.marketplace = marketplace
        by_tier: dict[tuple[str, str], list[RateRow]] = defaultdict(list)
        for row in rows:
            if row.marketplace == marketplace:
                by_tier[row.fee, row.tier].append(row)
        for of_tier in by_tier.values():
            for first, second in combinations(of_tier, 2):
                if first.clashes_with(second):
                    raise AmbiguousRatesError(first, second)
        self._rows: Mapping[tuple[str, str], tuple[RateRow, ...]] = {key: tuple(sorted(of, key=_order)) for key, of in by_tier.items()}

    def rows_on(self, fee: str, tier: str, on: date) -> tuple[RateRow, ...]:
        """The rows of a fee's tier that are in force on a day, lowest band first; UnknownRateError where there are none."""
        rows = self._rows.get((fee, tier))
        if rows is None:
            raise UnknownRateError(self.marketplace, fee, tier, on, "this tier")
        if found := tuple(row for row in rows if row.holds_on(on)):
            return found
        raise UnknownRateError(self.marketplace, fee, tier, on, "this date")

    def rows_in_force(self, on: date) -> tuple[RateRow, ...]:
        """Every row that holds on a day, by fee and tier, lowest band first."""
        return tuple(row for _key, rows in sorted(self._rows.items()) for row in rows if row.holds_on(on))

    def row(self, fee: str, tier: str, on: date, *, at: float | Decimal = 0, within: float | Decimal = 0) -> RateRow:
        """The one row of a fee's tier on a day whose bands hold `at` and `within`; UnknownRateError where there is none."""
        for row in self.rows_on(fee, tier, on):
            if decimal_of(at) in row.band and decimal_of(within) in row.within:
                return row
        raise UnknownRateError(self.marketplace, fee, tier, on, f"{at} (within {within})")


def _order(row: RateRow) -> tuple[bool, Decimal, bool, Decimal]:
    lower, within = row.band.lower, row.within.lower
    return lower is not None, lower or Decimal(0), within is not None, within or Decimal(0)
