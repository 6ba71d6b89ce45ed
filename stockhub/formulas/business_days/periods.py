"""Weeks and natural months of business days (science.md 0, 11). Arrays of days are `datetime64[D]`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.business_days.sites import Days

#: A Monday; weeks are counted from it.
_MONDAY: Final = np.datetime64("1970-01-05", "D")


def week_starts(days: Days) -> Days:
    """The Mondays (…) on or before days (…)."""
    whole = days.astype("datetime64[D]")
    return (whole - (whole - _MONDAY) % np.timedelta64(7, "D")).astype("datetime64[D]")


def week_start(day: date) -> date:
    """The Monday on or before a day."""
    return day - timedelta(days=day.weekday())


def whole_weeks(first: date, last: date) -> Days:
    """The Mondays (w,) of the weeks that lie wholly within first to last, both included; a partial week says nothing about a week."""
    start = week_start(first + timedelta(days=6))
    count = max((last - start).days + 1, 0) // 7
    return np.datetime64(start, "D") + np.arange(count) * np.timedelta64(7, "D")


def month_starts(days: Days) -> Days:
    """The first days (…) of the natural months of days (…)."""
    return days.astype("datetime64[M]").astype("datetime64[D]")


def month_lengths(days: Days) -> NDArray[np.int64]:
    """Days (…) in the natural months of days (…), none of which may be NaT."""
    months = days.astype("datetime64[M]")
    lengths: NDArray[np.int64] = ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64)
    return lengths
