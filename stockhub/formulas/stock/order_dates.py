"""The latest order day along a curve that is not a straight line, with suppliers that close (H12; science.md 3.7).

Days are positions in the projection, day 0 first. An order placed at the end of day t arrives at the start of day t + L, and can be sold on
that day. L counts the days on which the supplier works, from the order day on: an order on a closed day is one of the next open day.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import ROUNDING_TOLERANCE, FloatArray, N, explained


def first_day_below(curve: FloatArray, level: FloatArray | float) -> FloatArray:
    """The first day that ends below a level; NaN where none does. `curve` is (…, h), `level` (…); a curve with a missing day has no answer.

    With the safety stock as the level and `projected_balance` as the curve, the day before which an order has to be there.
    """
    below = curve < np.asarray(level, dtype=np.float64)[..., None] - ROUNDING_TOLERANCE
    known = np.isfinite(curve).all(axis=-1) & np.isfinite(level)
    first: FloatArray = np.where(known & below.any(axis=-1), _first_true(below), np.nan)
    return first


def _first_true(flags: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The position of the first flag along the last axis; 0 where there is none."""
    return flags.argmax(axis=-1) if flags.shape[-1] else np.zeros(flags.shape[:-1], dtype=np.int64)


def closed_days_before(needed_day: FloatArray, lead_time: FloatArray, closed: FloatArray) -> FloatArray:
    """Days (…) on which the supplier is closed between the latest order and the day on which it is needed.

    `closed` is 1 on closed days of the projection, (h,) or (…, h). With C[k] open days before day k, an order of day t is there on day b
    when C[b] − C[t] >= L; the latest such t leaves b − t − L closed days on its way. Days before the projection count as open, a part of a
    lead-time day as a whole one.
    """
    open_before = _open_days_before(closed)
    days = np.arange(open_before.shape[-1], dtype=np.float64)
    needed = np.asarray(needed_day, dtype=np.float64)
    whole = np.ceil(np.asarray(lead_time, dtype=np.float64) - ROUNDING_TOLERANCE)
    open_until_needed = np.where(days == needed[..., None], open_before, 0.0).sum(axis=-1)
    target = open_until_needed - whole
    in_time = (open_before <= target[..., None]) & (days <= needed[..., None])
    latest = np.where(target < 0, target, in_time.sum(axis=-1) - 1.0)
    overlapped: FloatArray = np.where(np.isfinite(needed) & np.isfinite(whole), needed - latest - whole, np.nan)
    return overlapped


def _open_days_before(closed: FloatArray) -> FloatArray:
    """C (…, h + 1): how many open days lie before each day."""
    opened = np.cumsum(1.0 - np.asarray(closed, dtype=np.float64), axis=-1)
    return np.concatenate([np.zeros((*opened.shape[:-1], 1)), opened], axis=-1)


@explained(unit="day")
def latest_order_day_on_curve(needed_day: N, lead_time: N, closed_days: N | float = 0.0) -> N:
    """The last day on which an order arrives before the curve is below safety stock; negative where that day has passed.

    `needed_day` comes from `first_day_below` and `closed_days` from `closed_days_before`. Missing where stock lasts as far as the curve
    goes. At a steady rate and without closures the same day as `latest_order_day`.
    """
    return needed_day - (lead_time + closed_days)
