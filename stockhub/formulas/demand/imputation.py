"""Demand of days that say nothing: what the same weekday usually asks for, at the level of late (science.md 1.2 b).

Only days before the one in question are used, so that a day's value never depends on what came after it. Imputed days serve the level and
the season of a model; they are never truth that a forecast is judged by.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.demand.censoring import BoolArray
from stockhub.formulas.elementwise import FloatArray, N, at_least, both, explained, greater, maximum, ratio, where

IntArray = NDArray[np.int64]

#: Days of the same weekday that the median is taken of.
SAME_WEEKDAYS = 8
#: Days whose mean is the level of late, and days whose mean is the level of the median.
LATE_DAYS = 14
BASE_DAYS = 7 * SAME_WEEKDAYS
#: Fewest usable days of late for which levels are compared.
FEWEST_LATE_DAYS = 4
_WEEK = 7
#: Weeks that are looked through first for usable days of a weekday.
_WEEKS_BACK = 12
#: Cells that are looked at together.
_AT_ONCE = 200_000


@dataclass(frozen=True, slots=True)
class Imputed:
    """`demand` (n, t) with missing days filled where their past allows it, and `imputed` (n, t), which marks those days."""

    demand: FloatArray
    imputed: BoolArray


@explained(unit="1")
def level_ratio(late_mean: N, base_mean: N, late_days: N, fewest: N | float = FEWEST_LATE_DAYS) -> N:
    """The level of late over that of the weeks before; 1 where there are too few days to compare, or nothing was asked for before."""
    comparable = both(at_least(late_days, fewest), greater(base_mean, 0.0))
    return where(comparable, ratio(late_mean, base_mean), 1.0)


@explained(unit="unit")
def imputed_demand(weekday_median: N, level: N, sales: N) -> N:
    """The weekday's median at the level of late, and never less than what was sold on the day all the same."""
    return maximum(weekday_median * level, sales)


def imputed(demand: FloatArray, usable: BoolArray, sales: FloatArray) -> Imputed:
    """Fills the days of `demand` (n, t) that are NaN. All arrays are (n, t), a column for each day in order.

    `usable` marks days that tell the regular level: neither censored nor of a promotion. `sales` are a floor of what is imputed.
    The median is that of the last 8 usable days of the same weekday; without one the day stays missing.
    """
    lacking = np.isnan(demand)
    usable, filled = usable & ~lacking, demand.copy()
    if not lacking.any():
        return Imputed(filled, lacking)
    running = _Running.of(demand, usable)
    for start in range(0, lacking.size, _AT_ONCE):
        cells = start + np.flatnonzero(lacking.ravel()[start : start + _AT_ONCE])
        # Most weekdays have their usable days not far back; for the others all weeks are looked through.
        for weeks, fewest in ((_WEEKS_BACK, SAME_WEEKDAYS), (demand.shape[1] // _WEEK, 1)):
            rows, days = np.divmod(cells, demand.shape[1])
            found = _last_usable(demand, usable, rows, days, weeks)
            known = found.count >= fewest
            row, day = rows[known], days[known]
            median = _median(found.values[known], found.count[known])
            filled[row, day] = imputed_demand(median, running.level_before(row, day), np.nan_to_num(sales[row, day]))
            cells = cells[~known]
    return Imputed(filled, lacking & ~np.isnan(filled))


@dataclass(frozen=True, slots=True)
class _Usable:
    """Of some cells the last usable days of their weekday: `values` (m, k), NaN where there are fewer than k, and their `count` (m,)."""

    values: FloatArray
    count: IntArray


def _last_usable(demand: FloatArray, usable: BoolArray, rows: IntArray, days: IntArray, weeks: int) -> _Usable:
    """The last `SAME_WEEKDAYS` usable days of the weekday of each cell within so many weeks before it."""
    columns = days[:, None] - _WEEK * np.arange(1, weeks + 1)
    there = columns >= 0
    at = rows[:, None] * demand.shape[1] + np.where(there, columns, 0)
    counts = there & usable.ravel()[at]
    counts &= np.cumsum(counts, axis=1, dtype=np.int16) <= SAME_WEEKDAYS
    return _Usable(np.where(counts, demand.ravel()[at], np.nan), counts.sum(axis=1))


def _median(values: FloatArray, count: IntArray) -> FloatArray:
    """The median (n,) of the known values (n, k), of which there are `count` (n,), at least one: some ten times as fast as `nanmedian`."""
    ordered = np.sort(values, axis=1)
    middle = np.stack([(count - 1) // 2, count // 2], axis=1)
    return np.asarray(np.take_along_axis(ordered, middle, axis=1).mean(axis=1))


@dataclass(frozen=True, slots=True)
class _Running:
    """Running sums (n, t + 1) of usable demand and of usable days, from which the level before any day is told."""

    demand: FloatArray
    days: FloatArray

    @classmethod
    def of(cls, demand: FloatArray, usable: BoolArray) -> _Running:
        return cls(_summed(np.where(usable, demand, 0.0)), _summed(usable.astype(np.float64)))

    def level_before(self, rows: IntArray, days: IntArray) -> FloatArray:
        """The level ratio (m,) before each cell."""
        late_days = _late(self.days, rows, days, LATE_DAYS)
        late, base = _late(self.demand, rows, days, LATE_DAYS), _late(self.demand, rows, days, BASE_DAYS)
        base_mean = np.nan_to_num(ratio(base, _late(self.days, rows, days, BASE_DAYS)))
        return level_ratio(ratio(late, late_days), base_mean, late_days)


def _summed(values: FloatArray) -> FloatArray:
    sums = np.zeros((values.shape[0], values.shape[1] + 1))
    np.cumsum(values, axis=1, out=sums[:, 1:])
    return sums


def _late(sums: FloatArray, rows: IntArray, days: IntArray, span: int) -> FloatArray:
    """Sums (m,) over the `span` days before each cell, itself left out."""
    return np.asarray(sums[rows, days] - sums[rows, np.maximum(days - span, 0)])
