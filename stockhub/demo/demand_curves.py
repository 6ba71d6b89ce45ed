"""True mean demand of the demo's SKUs: what a SKU would sell on a day if there were no chance in it and always stock."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

#: Days ahead of now that the truth is known for.
FUTURE_DAYS: Final = 400
#: By weekday, Monday first: Douyin lives at week-ends, Amazon on Mondays. Each averages 1.
WEEKDAYS: Final = {"douyin": (0.92, 0.90, 0.92, 0.95, 1.03, 1.16, 1.12), "amazon": (1.10, 1.04, 1.01, 0.98, 0.93, 0.95, 0.99)}
#: Month and day of the first day of a promotion, its days, and the lift while it lasts.
PEAKS: Final = ((6, 16, 5, 4.0), (11, 9, 4, 5.0))


def axis(history_days: int) -> FloatArray:
    """Days relative to today (t,), which is day 0: from `-history_days` to `FUTURE_DAYS` inclusive."""
    return np.arange(-history_days, FUTURE_DAYS + 1, dtype=np.float64)


def peak_lift(days: FloatArray, today: date) -> FloatArray:
    """Lift (t,) by 618 and 11.11; 1 on other days."""
    lift = np.ones(len(days))
    first, last = today + timedelta(days=int(days[0])), today + timedelta(days=int(days[-1]))
    for year in range(first.year, last.year + 1):
        for month, day, length, factor in PEAKS:
            start = (date(year, month, day) - today).days
            lift[(days >= start) & (days < start + length)] = factor
    return lift


def weekday_pattern(days: FloatArray, today: date, marketplace: str) -> FloatArray:
    weekday = (today.weekday() + days.astype(np.int64)) % 7
    return np.array(WEEKDAYS[marketplace])[weekday]


def yearly_pattern(days: FloatArray, today: date, amplitude: float, peak_day: float) -> FloatArray:
    """A gentle yearly wave with its top on the `peak_day` of the year; 1 on average."""
    of_year = (today.timetuple().tm_yday + days) % 365.25
    return 1.0 + amplitude * np.cos(2 * np.pi * (of_year - peak_day) / 365.25)


def growing(days: FloatArray) -> FloatArray:
    """Doubles in 200 days up to now and then flattens out."""
    slowing = np.where(days > 0, 60 * (1 - np.exp(-np.maximum(days, 0) / 60)), days)
    level: FloatArray = np.exp(np.log(2) / 200 * slowing)
    return level


def declining(days: FloatArray) -> FloatArray:
    """Halves every 180 days."""
    level: FloatArray = np.exp(-np.log(2) / 180 * days)
    return level


def dying(days: FloatArray) -> FloatArray:
    """A category out of fashion: from 1 five months ago to 4 % now, and on downwards."""
    return 0.03 * np.exp(-np.maximum(days, 0) / 200) + 0.97 / (1 + np.exp((days + 150) / 25))


def stopped(days: FloatArray, last_sale: int) -> FloatArray:
    """1 until `last_sale` (negative), 0 since."""
    return (days <= last_sale).astype(np.float64)


def launched(days: FloatArray, launch: int, ramp_days: float) -> FloatArray:
    """0 before the launch, then a climb to 1."""
    return np.where(days >= launch, 1 - np.exp(-(days - launch + 1) / ramp_days), 0.0)


def viral(days: FloatArray, lift: float) -> FloatArray:
    """1, and `lift` times that from the day before yesterday on, ebbing off over weeks."""
    return np.where(days >= -2, 1 + (lift - 1) * np.exp(-np.maximum(days, 0) / 14), 1.0)
