"""How long stock lasts, and when the next order has to be placed (H11, H12, H39, E8, E13; science.md 3.7, 3.10).

Days count from the day of the snapshot, which is day 0. Rates are units a day; where nothing is sold there is no number of days: missing,
never 0 and never a huge number.
"""

from datetime import date, datetime, timedelta
from math import isnan
from typing import Final

from stockhub.formulas.elementwise import N, explained, maximum, ratio, round_down
from stockhub.values import Metric

#: Ten years. Beyond them a number of days says that next to nothing is used up, and is no forecast of anything.
LONGEST_COVER_DAYS: Final = 3_650.0


@explained(unit="day")
def days_of_cover(position: N, daily_rate: N, safety_stock: N | float = 0.0) -> N:
    """Days until the position is down to the safety stock at a steady rate; with no safety stock, the day on which it is used up (H11)."""
    return ratio(position - safety_stock, daily_rate)


@explained(unit="day")
def latest_order_day(position: N, daily_rate: N, safety_stock: N, lead_time: N) -> N:
    """The last day on which an order arrives before safety stock is touched; negative where that day has passed.

    floor((IP − SS) / rate − Σ legs), legs added up in `lead_time`: 1,000 units at 50 a day and 15 days are day 5, with 100 of safety stock
    day 3 (H12, E8).
    """
    return round_down(days_of_cover(position, daily_rate, safety_stock) - lead_time)


@explained(unit="unit/day")
def daily_rate(units: N, days: N | float) -> N:
    """The mean a day of units over a number of days."""
    return ratio(units, days)


@explained(unit="day")
def days_of_supply(stock: N, sold: N, days: N | float) -> N:
    """Days that stock lasts at the pace of the last `days` days; missing where nothing was sold (H39, E13)."""
    return ratio(stock * days, sold)


@explained(unit="day")
def days_overdue(order_day: N) -> N:
    """Days since the latest order day; 0 while it lies ahead."""
    return maximum(-order_day, 0.0)


@explained(unit="base currency")
def cost_of_delay(rate: N, unit_worth: N, order_day: N) -> N:
    """A day's sales, each worth so much (its price, or its margin), for each day that an order is late; one day's where it is in time."""
    return rate * unit_worth * maximum(days_overdue(order_day), 1.0)


@explained(unit="base currency")
def cost_of_another_day(rate: N, unit_worth: N) -> N:
    """A day's sales, each worth so much: what it costs to order tomorrow and not today, however late the order is already."""
    return rate * unit_worth


def latest_order_on(as_of: date, order_day: float) -> date | None:
    """The date of `latest_order_day`, and `as_of` itself where it has passed; None where stock is never used up."""
    return None if isnan(order_day) else as_of + timedelta(days=max(int(order_day), 0))


def is_beyond_telling(days: float) -> bool:
    """Whether a number of days, owed or left, is longer than anything that it could be a forecast of."""
    return abs(days) > LONGEST_COVER_DAYS


def days_of_supply_metric(stock: float, sold: float, days: float, *, as_of: datetime | None = None) -> Metric:
    """`days_of_supply` at the boundary: no number and the reason NO_SALES where nothing was sold, NO_DATA where an input is missing,
    BEYOND_TEN_YEARS where so little was sold that the days say nothing.
    """
    value = days_of_supply(stock, sold, days)
    return _days(value, as_of) if not isnan(value) else Metric(None, "day", as_of, reason="NO_SALES" if sold == 0 else "NO_DATA")


def days_of_cover_metric(position: float, daily_rate: float, *, as_of: datetime | None = None) -> Metric:
    """`days_of_cover` at the boundary: NO_DEMAND where nothing is asked for, NO_STOCK_DATA and NO_FORECAST where a side is missing,
    BEYOND_TEN_YEARS where so little is asked for that the days say nothing.
    """
    if isnan(position):
        return Metric(None, "day", as_of, reason="NO_STOCK_DATA")
    if isnan(daily_rate):
        return Metric(None, "day", as_of, reason="NO_FORECAST")
    value = days_of_cover(position, daily_rate)
    return Metric(None, "day", as_of, reason="NO_DEMAND") if isnan(value) else _days(value, as_of)


def _days(value: float, as_of: datetime | None) -> Metric:
    return Metric(None, "day", as_of, reason="BEYOND_TEN_YEARS") if is_beyond_telling(value) else Metric(value, "day", as_of)
