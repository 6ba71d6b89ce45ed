"""Weeks from Monday, natural months."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.business_days.periods import month_lengths, month_starts, week_start, week_starts, whole_weeks

days = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@settings(max_examples=60, deadline=None)
@given(given_days=st.lists(days, min_size=1, max_size=5))
def test_a_week_starts_on_monday_and_a_month_on_its_first(given_days: list[date]) -> None:
    array = np.array(given_days, "datetime64[D]")
    assert (
        week_starts(array).tolist()
        == [week_start(day) for day in given_days]
        == [day - timedelta(days=day.weekday()) for day in given_days]
    )
    assert month_starts(array).tolist() == [day.replace(day=1) for day in given_days]
    assert month_lengths(array).tolist() == [monthrange(day.year, day.month)[1] for day in given_days]


def test_the_week_of_a_sunday_began_six_days_before() -> None:
    assert week_start(date(2026, 3, 8)) == date(2026, 3, 2)
    assert week_start(date(2026, 3, 9)) == date(2026, 3, 9)


def test_partial_weeks_are_dropped_at_both_ends() -> None:
    assert whole_weeks(date(2026, 3, 1), date(2026, 3, 23)).tolist() == [date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 16)]
    assert whole_weeks(date(2026, 3, 2), date(2026, 3, 8)).tolist() == [date(2026, 3, 2)]
    assert whole_weeks(date(2026, 3, 3), date(2026, 3, 14)).tolist() == []
    assert whole_weeks(date(2026, 3, 2), date(2026, 3, 7)).tolist() == []
    assert whole_weeks(date(2026, 3, 9), date(2026, 3, 2)).tolist() == []
    assert whole_weeks(date(2026, 3, 2), date(2026, 3, 1)).dtype == np.dtype("datetime64[D]")


@settings(max_examples=60, deadline=None)
@given(first=days, length=st.integers(-10, 100))
def test_whole_weeks_lie_within_and_no_other_does(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    mondays = [first + timedelta(days=n) for n in range(max(length + 1, 0)) if (first + timedelta(days=n)).weekday() == 0]
    assert whole_weeks(first, last).tolist() == [monday for monday in mondays if monday + timedelta(days=6) <= last]


def test_unknown_days_stay_unknown() -> None:
    assert np.isnat(week_starts(np.array(["NaT"], "datetime64[D]"))).all()
    assert np.isnat(month_starts(np.array(["NaT"], "datetime64[D]"))).all()
