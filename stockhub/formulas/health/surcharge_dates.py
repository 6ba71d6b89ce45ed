"""When aged stock enters a surcharge: age by first in, first out, assessed on one day of each month (E14; science.md 3.11, 8).

From which day of age, on which day of the month and at what rate is a dated fee table's to say; the numbers come in as arguments.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import numpy as np

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.errors import InvalidParameterError


def next_assessment_on(on_or_after: date, day_of_month: int = 15) -> date:
    """The first assessment on or after a date; InvalidParameterError for a day that not every month has."""
    if not 1 <= day_of_month <= monthrange(2001, 2)[1]:
        raise InvalidParameterError("day_of_month", day_of_month, "a day from 1 to 28, which every month has")
    if on_or_after.day <= day_of_month:
        return on_or_after.replace(day=day_of_month)
    following = on_or_after.replace(day=1) + timedelta(days=31)
    return following.replace(day=day_of_month)


def first_surcharge_on(received_on: date, from_day_of_age: int, day_of_month: int = 15) -> date:
    """The first assessment at which a lot has reached an age, such as 181 days; its units that are left then are charged."""
    return next_assessment_on(received_on + timedelta(days=from_day_of_age), day_of_month)


def days_until_age(age_days: FloatArray, from_day_of_age: float) -> FloatArray:
    """Days (…) until lots reach an age; 0 for those that have. Age 150 and a fee from day 181: 31 days."""
    return np.maximum(from_day_of_age - age_days, 0.0)
