"""Lots walked along the forecast: what will be left of each when its day comes (E14, H44; science.md 3.11).

Lots (m,) are sorted by the position `row` of their SKU, and within it in the order in which they leave. `asked` (m,) is what will be asked
of the SKU until the lot's day; NaN where nobody knows, and then so is the answer.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray, N, explained, round_down

IntArray = NDArray[np.int64]


def units_through(row: IntArray, units: FloatArray) -> FloatArray:
    """Units (m,) that have to leave before each lot has: its own, and those of the lots before it."""
    total = np.cumsum(units)
    return total - _before_its_row(row, total - units)


def left_on_the_day(row: IntArray, units: FloatArray, asked: FloatArray) -> FloatArray:
    """Units (m,) of each lot that are still there on its day and stay: of the lots before it, none are left then, or all of its own are."""
    return np.clip(units_through(row, units) - asked, 0.0, units)


def wasted_on_the_day(row: IntArray, units: FloatArray, asked: FloatArray) -> FloatArray:
    """Units (m,) of each lot that are thrown away on its day, first expired, first out.

    What is thrown away serves nobody, so demand goes on to the next lot: up to lot j the waste is the largest of what the lots up to
    i ≤ j have beyond the demand until the day of i. A lot whose demand is unknown leaves that of later lots of its row unknown.
    """
    if not len(row):
        return np.zeros(0)
    beyond = np.maximum(units_through(row, units) - asked, 0.0)
    unknown = np.isnan(beyond)
    # A step a row, higher than any sum of units, keeps the rows apart while one running maximum goes over all of them.
    place = np.cumsum(np.append(False, row[1:] != row[:-1])).astype(np.float64)
    step = float(units.sum()) + 1.0
    so_far = np.maximum.accumulate(np.where(unknown, 0.0, beyond) + place * step) - place * step
    first = np.append(True, row[1:] != row[:-1])
    wasted = so_far - np.where(first, 0.0, np.append(0.0, so_far[:-1]))
    blind = units_through(row, unknown.astype(np.float64)) > 0
    return np.where(blind, np.nan, np.maximum(wasted, 0.0))


def _before_its_row(row: IntArray, before: FloatArray) -> FloatArray:
    """Of running values (m,) the one at each row's first lot, for all of its lots."""
    return before[np.searchsorted(row, row)] if len(row) else before


@explained(unit="unit")
def units_expiring(units: N) -> N:
    """Whole units that expire unsold: what a fraction of a day's demand would still take is taken."""
    return round_down(units)
