"""Aged inventory surcharge (H44, E14; science.md 8): on the 15th of a month, for stock older than some six months, FIFO by marketplace.

Rows: fee `aged_inventory_surcharge`, tier ANY_TIER, band the age in days, `least` the floor a unit. Ages are whole days.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import numpy as np

from stockhub.formulas.elementwise import FloatArray, N, explained, greater, maximum, positive_part, ratio, round_up, where
from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.fees.bands import of_band
from stockhub.formulas.fees.charge import Charge, estimated_charge, measure, rate_of
from stockhub.formulas.fees.rates import ANY_TIER, RateRow, RateTable, UnknownRateError
from stockhub.formulas.fees.volume import charged_volume, volume_factor

AGED_SURCHARGE: Final = "aged_inventory_surcharge"
#: The day of a month on which ages are looked at.
SNAPSHOT_DAY: Final = 15


@explained(unit="currency")
def aged_surcharge(units: N, unit_volume: N, rate: N | float, least_each: N | float) -> N:
    """What units of one age cost at a snapshot: by volume, and at least so much each."""
    return maximum(unit_volume * rate, least_each) * units


@explained(unit="day")
def days_until_charged_age(age_days: N, first_charged_age: N | float) -> N:
    """Days until stock reaches the first age that is charged, 0 where it has: aged 150, charged from day 181, 31 days (H44)."""
    return positive_part(first_charged_age - age_days)


@explained(unit="day")
def days_to_be_through(age_days: N, first_charged_age: N, days_to_snapshot: N) -> N:
    """Days in which stock has to be gone not to be charged: until it has the age, and where it has, until the next snapshot."""
    return where(greater(first_charged_age, age_days), days_until_charged_age(age_days, first_charged_age), days_to_snapshot)


@explained(unit="base currency")
def surcharge_to_come(units: N, charge_each: N) -> N:
    """What units that will still be there are charged at a snapshot."""
    return units * charge_each


@explained(unit="unit/day")
def daily_sales_to_clear(units: N, days: N) -> N:
    """Units to sell a day to have none left in time, rounded up: 620 in 31 days are 20 a day (H44). Missing where no day is left."""
    return round_up(ratio(units, where(greater(days, 0.0), days, 0.0)))


def aged_charge(
    table: RateTable,
    *,
    snapshot_on: date,
    age_days: int,
    unit_cubic_feet: float | Decimal,
    units: float,
    category: str | None = None,
    tier: str = ANY_TIER,
) -> Charge:
    """The surcharge of units of one age at one snapshot; 0 for categories that are exempt at that age."""
    row = table.row(AGED_SURCHARGE, tier, snapshot_on, at=age_days)
    exempt = category in row.exempt_categories
    rate, least = (Decimal(0), Decimal(0)) if exempt else (row.rate, row.least or Decimal(0))
    volume = charged_volume(measure("unit_cubic_feet", unit_cubic_feet, "cuft"), float(volume_factor(row)))
    tree = aged_surcharge(
        measure("units", units, "unit"), volume, rate_of(row, rate), rate_of(row, least, "least_each", unit=f"{row.currency}/unit")
    )
    return estimated_charge(AGED_SURCHARGE, tree, row)


def aged_surcharges(
    table: RateTable, snapshot_on: date, age_days: FloatArray, unit_cubic_feet: FloatArray, units: FloatArray
) -> FloatArray:
    """`aged_surcharge` (m,) of m lots without exemption, not rounded. UnknownRateError where a lot's age lies in no row."""
    rows = table.rows_on(AGED_SURCHARGE, ANY_TIER, snapshot_on)
    rate = of_band(age_days, [(row.band, float(row.rate * volume_factor(row))) for row in rows])
    least = of_band(age_days, [(row.band, float(row.least or 0)) for row in rows])
    if (unknown := age_days[np.isnan(rate)]).size:
        raise UnknownRateError(table.marketplace, AGED_SURCHARGE, ANY_TIER, snapshot_on, f"an age of {unknown[0]} days")
    return aged_surcharge(units, unit_cubic_feet, rate, least)


def first_charged_age(table: RateTable, on: date, category: str | None = None, tier: str = ANY_TIER) -> int | None:
    """The first day of age that costs something on a date: 181 in the United States, 241 in Europe; None where no age does."""
    charged = (row for row in table.rows_on(AGED_SURCHARGE, tier, on) if _costs(row) and category not in row.exempt_categories)
    first = next(charged, None)
    return None if first is None or first.band.lower is None else int(first.band.lower) + (first.band.closed in ("upper", "neither"))


def next_snapshot_on(on: date, day: int = SNAPSHOT_DAY) -> date:
    """The first snapshot on a date or after it."""
    if not 1 <= day <= 28:
        raise InvalidParameterError("day", day, "a day that every month has, 1 to 28")
    if on.day <= day:
        return on.replace(day=day)
    return date(on.year + on.month // 12, on.month % 12 + 1, day)


def first_assessment_on(as_of: date, age_days: int, charged_age: int, day: int = SNAPSHOT_DAY) -> date:
    """The snapshot at which stock is first charged: the first one on which it has the age that is charged, or more."""
    return next_snapshot_on(as_of + timedelta(days=max(charged_age - age_days, 0)), day)


def _costs(row: RateRow) -> bool:
    return row.rate > 0 or (row.least or 0) > 0
