"""Monthly storage (science.md 8): the daily average volume of a calendar month at the rate of that month.

Rows: fee `monthly_storage`, tier a size class such as `standard`, band the number of the month, so that a peak season is a row of its own.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from stockhub.formulas.elementwise import N, explained, ratio, total
from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.fees.charge import Charge, estimated_charge, measure, rate_of
from stockhub.formulas.fees.rates import RateRow, RateTable
from stockhub.formulas.fees.volume import charged_volume, volume_factor

MONTHLY_STORAGE: Final = "monthly_storage"


@explained(unit="currency")
def storage_fee(mean_volume: N, monthly_rate: N | float) -> N:
    """A month's fee for the mean of its daily volumes."""
    return mean_volume * monthly_rate


@explained(unit="currency")
def storage_fee_for_days(volume: N, monthly_rate: N | float, days: N | float, days_in_month: N | float) -> N:
    """The part of a month's fee that is due to a volume stored on some of its days."""
    return storage_fee(volume, monthly_rate) * ratio(days, days_in_month)


@explained(unit="currency")
def storage_fee_between(cubic_feet: N, start: date, end: date, *, table: RateTable, tier: str) -> N:
    """What a steady volume costs from `start` until before `end`, not rounded: additive over days, whatever the months and seasons.

    UnknownRateError where the rate of a month is not known; InvalidParameterError where `end` lies before `start`.
    """
    if end < start:
        raise InvalidParameterError("end", end, f"a date from {start} on")
    terms: list[N] = [0.0 * cubic_feet]
    for first, days in _months(start, end):
        row = storage_rate_on(table, tier, first)
        volume: N = charged_volume(cubic_feet, float(volume_factor(row)))
        terms.append(storage_fee_for_days(volume, float(row.rate), float(days), float(monthrange(first.year, first.month)[1])))
    return total(terms)


def storage_rate_on(table: RateTable, tier: str, on: date) -> RateRow:
    """The row for storage in the month of a day: the rate in force on the month's first day is that of the whole month."""
    return table.row(MONTHLY_STORAGE, tier, on.replace(day=1), at=on.month)


def storage_charge(table: RateTable, *, month: date, tier: str, mean_cubic_feet: float | Decimal) -> Charge:
    """The storage of one month, any day of which is `month`, for its mean daily volume."""
    row = storage_rate_on(table, tier, month)
    volume = charged_volume(measure("mean_cubic_feet", mean_cubic_feet, "cuft"), float(volume_factor(row)))
    return estimated_charge(MONTHLY_STORAGE, storage_fee(volume, rate_of(row, row.rate, "monthly_rate")), row)


def _months(start: date, end: date) -> Iterator[tuple[date, int]]:
    """The pieces of a period by calendar month: each with its first day and its number of days."""
    while start < end:
        next_month = date(start.year + start.month // 12, start.month % 12 + 1, 1)
        until = min(next_month, end)
        yield start, (until - start) // timedelta(days=1)
        start = until
