"""Age of stock by first in, first out: what is left sits in the newest lots (H38; science.md 3.11).

A lot is a receipt; returned units are a new lot. Ages are whole days, as of a date the caller chose; quantities are units.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray

IntArray = NDArray[np.int64]

#: Names of the age buckets and the first day of each.
AGE_BUCKETS: Final = ("0-30", "31-60", "61-90", "91-180", "181-270", "271-365", "366-455", "456+")
_BUCKET_STARTS: Final = np.array([31.0, 61.0, 91.0, 181.0, 271.0, 366.0, 456.0])


def fifo_remaining(lot_qty: FloatArray, issued: float) -> FloatArray:
    """What is left of one SKU's lots (k,), oldest first, after `issued` units left; issues beyond the lots take nothing more."""
    return np.clip(np.cumsum(lot_qty) - issued, 0.0, lot_qty)


def fifo_remaining_of(row: IntArray, lot_qty: FloatArray, on_hand: FloatArray) -> FloatArray:
    """What is left of the lots (m,) of n SKUs, given what each SKU has on hand (n,).

    `row` (m,) is the position of a lot's SKU; lots are sorted by row, and oldest first within it. Units on hand beyond a SKU's lots have no
    known age and appear in none.
    """
    if not len(row):
        return np.zeros(0)
    newer = np.cumsum(lot_qty[::-1])[::-1] - lot_qty
    starts = np.flatnonzero(np.append(True, row[1:] != row[:-1]))
    ends = np.append(starts[1:], len(row)) - 1
    newer -= np.repeat(newer[ends], ends - starts + 1)
    return np.clip(on_hand[row] - newer, 0.0, lot_qty)


def bucket_of(age_days: FloatArray) -> IntArray:
    """The position in `AGE_BUCKETS` of each age (m,)."""
    return np.searchsorted(_BUCKET_STARTS, age_days, side="right").astype(np.int64)


def age_histogram(row: IntArray, age_days: FloatArray, qty: FloatArray, n: int) -> FloatArray:
    """Units (n, 8) by SKU and age bucket of m lots; its sum is the lots' sum (H38)."""
    cells = row * len(AGE_BUCKETS) + bucket_of(age_days)
    counts = np.bincount(cells, qty, minlength=n * len(AGE_BUCKETS)).astype(np.float64)
    return counts.reshape(n, len(AGE_BUCKETS))


def units_older_than(row: IntArray, age_days: FloatArray, qty: FloatArray, n: int, days: float) -> FloatArray:
    """Units (n,) whose age is strictly above `days`."""
    old = age_days > days
    return np.bincount(row[old], qty[old], minlength=n).astype(np.float64)


def weighted_age(age_days: FloatArray, qty: FloatArray) -> float:
    """Mean age in days of one SKU's units; NaN where there are none."""
    total = float(qty.sum())
    return float(np.dot(age_days, qty)) / total if total else float("nan")
