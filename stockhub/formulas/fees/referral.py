"""Referral fee: a share of the total price by category, in two grammars that differ by whole fees (science.md 8).

"For products with a total price of …" re-rates the whole price once a bound is passed, so that one cent more can cost a dollar; "for the
portion of the total price …" rates each portion by its own band. Public calculators mix them up.

Rows: fees `referral` and `closing`, tier the category, band the total price, `applies_to` the grammar, `least` the minimum an item.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import inf
from typing import Final

from stockhub.formulas.elementwise import N, explained, maximum, minimum, positive_part, round_down, total
from stockhub.formulas.fees.bands import Band, of_band
from stockhub.formulas.fees.charge import Charge, estimated_charge, measure, rate_of
from stockhub.formulas.fees.rates import RateTable

REFERRAL: Final = "referral"
CLOSING: Final = "closing"


@dataclass(frozen=True, slots=True)
class ReferralTerms:
    """A category's bands of the price with their rates, lowest first, and the least fee an item."""

    bands: tuple[tuple[Band, float], ...]
    by_portion: bool = False
    least: float = 0.0


@explained(unit="currency")
def referral_fee(price: N, terms: ReferralTerms) -> N:
    """The fee on a total price, not rounded; missing where no band holds the price."""
    return maximum(_by_portion(price, terms) if terms.by_portion else _by_whole(price, terms), terms.least)


def _by_whole(price: N, terms: ReferralTerms) -> N:
    return price * of_band(price, terms.bands)


def _by_portion(price: N, terms: ReferralTerms) -> N:
    """Each band's rate on the part of the price that lies in it."""
    portions: list[N] = []
    for band, rate in terms.bands:
        above: N = price if band.lower is None else positive_part(price - float(band.lower))
        width = inf if band.upper is None else float(band.upper - (band.lower or 0))
        portions.append((above if width == inf else minimum(above, width)) * rate)
    return total(portions)


@explained(unit="currency")
def to_cents(amount: N, minor_unit: float = 0.01) -> N:
    """An amount at least 0 in whole minor units, half up, as a marketplace bills it for one item."""
    per_unit = round(1.0 / minor_unit)
    return round_down(amount * float(per_unit) + 0.5) * (1.0 / per_unit)


def referral_terms(table: RateTable, category: str, on: date) -> ReferralTerms:
    """The terms of a category on a date; UnknownRateError where the table does not have them."""
    rows = table.rows_on(REFERRAL, category, on)
    bands = tuple((row.band, float(row.rate)) for row in rows)
    return ReferralTerms(bands, rows[0].applies_to == "portion", float(max(row.least or Decimal(0) for row in rows)))


def referral_charge(table: RateTable, *, on: date, category: str, total_price: float | Decimal) -> Charge:
    """The fee on one item sold on a date at a price that includes shipping and gift wrap and excludes tax."""
    rows = table.rows_on(REFERRAL, category, on)
    table.row(REFERRAL, category, on, at=total_price)
    price = measure("total_price", total_price, rows[0].currency)
    return estimated_charge(REFERRAL, referral_fee(price, referral_terms(table, category, on)), *rows)


def closing_charge(table: RateTable, *, on: date, category: str, units: float = 1.0) -> Charge:
    """The fixed fee an item of media; UnknownRateError for categories that have none."""
    row = table.row(CLOSING, category, on)
    return estimated_charge(CLOSING, measure("units", units, "unit") * rate_of(row, row.fixed, "fixed_fee", f"{row.currency}/unit"), row)
