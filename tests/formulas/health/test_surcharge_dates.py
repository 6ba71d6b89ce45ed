"""Aged stock and the day it is charged for (E14; science.md 3.11)."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.health.ageing import AGE_BUCKETS, age_histogram, bucket_of, fifo_remaining
from stockhub.formulas.health.surcharge_dates import days_until_age, first_surcharge_on, next_assessment_on


def test_e14_the_surcharge_starts_on_day_181_and_is_assessed_on_the_15th() -> None:
    received = date(2026, 1, 16)
    reached = received + timedelta(days=181)
    assert reached == date(2026, 7, 16)
    assert first_surcharge_on(received, 181) == date(2026, 8, 15)
    assert first_surcharge_on(received - timedelta(days=1), 181) == date(2026, 7, 15)
    assert days_until_age(np.array([150.0, 181.0, 400.0]), 181.0).tolist() == [31.0, 0.0, 0.0]
    assert first_surcharge_on(received, 241) == date(2026, 9, 15), "Day 241 of another marketplace is another argument."


def test_e14_buckets_of_the_age_that_is_left_first_in_first_out() -> None:
    """450 and 190 days old: 80 sold come off the older lot, whichever units left the shelf."""
    left = fifo_remaining(np.array([100.0, 50.0]), 80.0)
    units = age_histogram(np.zeros(2, dtype=np.int64), np.array([450.0, 190.0]), left, 1)[0]
    assert dict(zip(AGE_BUCKETS, units.tolist(), strict=True)) == {
        "0-30": 0, "31-60": 0, "61-90": 0, "91-180": 0, "181-270": 50, "271-365": 0, "366-455": 20, "456+": 0,
    }  # fmt: skip
    edges = [AGE_BUCKETS[i] for i in bucket_of(np.array([180.0, 181, 270, 271, 365, 366, 455, 456]))]
    assert edges == ["91-180", "181-270", "181-270", "271-365", "271-365", "366-455", "366-455", "456+"]


def test_the_next_assessment_is_today_or_later() -> None:
    assert [next_assessment_on(date(2026, 12, day)) for day in (14, 15, 16)] == [date(2026, 12, 15)] * 2 + [date(2027, 1, 15)]
    assert next_assessment_on(date(2026, 1, 31)) == date(2026, 2, 15)
    for day in (0, 29):
        with pytest.raises(InvalidParameterError, match="1 to 28"):
            next_assessment_on(date(2026, 1, 1), day)
