"""Lead times that pause while a supplier is closed."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.business_days.closures import Closure, arrivals_with_closures, closed_days_within, merged
from stockhub.formulas.errors import InvalidParameterError

NEW_YEAR: Closure = (date(2026, 2, 14), date(2026, 2, 23))
day_numbers = st.integers(0, 60)
closures_drawn = st.lists(st.tuples(day_numbers, st.integers(0, 12)), max_size=5)


def days(*texts: str) -> np.ndarray:
    return np.array(texts, "datetime64[D]")


def test_new_year_holds_up_what_is_under_way() -> None:
    starts, lead_times = days("2026-02-01", "2026-02-10", "2026-02-20", "2026-02-24"), np.array([10, 10, 10, 10])
    assert closed_days_within(starts, lead_times, [NEW_YEAR]).tolist() == [0, 6, 4, 0]
    assert arrivals_with_closures(starts, lead_times, [NEW_YEAR]).astype(str).tolist() == [
        "2026-02-11",
        "2026-03-02",
        "2026-03-06",
        "2026-03-06",
    ]


def test_without_closures_a_lead_time_is_a_lead_time() -> None:
    assert arrivals_with_closures(days("2026-02-01"), np.array([10]), []).astype(str).tolist() == ["2026-02-11"]
    assert closed_days_within(days("2026-02-01"), np.array([10]), []).tolist() == [0]


def test_a_lead_time_that_ends_as_the_closure_begins_is_not_held_up() -> None:
    assert arrivals_with_closures(days("2026-02-04"), np.array([10]), [NEW_YEAR]).astype(str).tolist() == ["2026-02-14"]
    assert arrivals_with_closures(days("2026-02-05"), np.array([10]), [NEW_YEAR]).astype(str).tolist() == ["2026-02-25"]


def test_nothing_takes_no_time_even_on_a_closed_day() -> None:
    assert arrivals_with_closures(days("2026-02-15"), np.array([0]), [NEW_YEAR]).astype(str).tolist() == ["2026-02-15"]
    assert closed_days_within(days("2026-02-15"), np.array([0]), [NEW_YEAR]).tolist() == [0]


def test_closures_that_overlap_or_touch_are_one() -> None:
    assert merged([(date(2026, 1, 5), date(2026, 1, 6)), (date(2026, 1, 1), date(2026, 1, 4))]) == [(date(2026, 1, 1), date(2026, 1, 6))]
    assert merged([(date(2026, 1, 1), date(2026, 1, 9)), (date(2026, 1, 2), date(2026, 1, 3))]) == [(date(2026, 1, 1), date(2026, 1, 9))]
    apart = [(date(2026, 1, 1), date(2026, 1, 2)), (date(2026, 1, 4), date(2026, 1, 4))]
    assert merged(apart) == apart


def test_a_closure_that_ends_before_it_begins_is_an_error() -> None:
    with pytest.raises(InvalidParameterError) as caught:
        merged([(date(2026, 2, 2), date(2026, 2, 1))])
    assert caught.value.path == ("closure",)


@settings(max_examples=60, deadline=None)
@given(drawn=closures_drawn, orders=st.lists(st.tuples(day_numbers, st.integers(0, 40)), min_size=1, max_size=5))
def test_arrays_equal_a_walk_from_day_to_day(drawn: list[tuple[int, int]], orders: list[tuple[int, int]]) -> None:
    origin = date(1969, 12, 1)  # so that days lie on both sides of the epoch
    closures = [(origin + timedelta(days=first), origin + timedelta(days=first + length)) for first, length in drawn]
    closed = {first + n for first, length in drawn for n in range(length + 1)}
    starts = np.array([origin + timedelta(days=start) for start, _ in orders], "datetime64[D]")
    lead_times = np.array([lead for _, lead in orders])
    within, arrivals = [], []
    for start, lead in orders:
        within.append(sum(day in closed for day in range(start, start + lead)))
        day, left = start, lead
        while left:
            left -= day not in closed
            day += 1
        arrivals.append(origin + timedelta(days=day))
    assert closed_days_within(starts, lead_times, closures).tolist() == within
    assert arrivals_with_closures(starts, lead_times, closures).tolist() == arrivals
