"""Seasons that recur every year and may cross New Year (H33). A season begins and ends on a (month, day), both included."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

MonthDay = tuple[int, int]


def season_end_after(day: date, starts: MonthDay, ends: MonthDay) -> date | None:
    """The last day of the season that `day` lies in; None out of season.

    A season from November to March crosses New Year: on 5 January it began last year. 29 February ends on the 28th of other years.
    """
    for year in (day.year - 1, day.year):
        begins = _on(year, starts)
        last = _on(year if starts <= ends else year + 1, ends)
        if begins <= day <= last:
            return last
    return None


def days_to_season_end(day: date, starts: MonthDay, ends: MonthDay) -> float:
    """Days from `day` to the last day of the season, 0 on that day; NaN out of season."""
    last = season_end_after(day, starts, ends)
    return float("nan") if last is None else float((last - day) / timedelta(days=1))


def _on(year: int, at: MonthDay) -> date:
    month, day = at
    return date(year, month, min(day, monthrange(year, month)[1]))
