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
    n, days = demand.shape
    usable = usable & ~np.isnan(demand)
    level = _levels(demand, usable)
    last = np.full((n, _WEEK, SAME_WEEKDAYS), np.nan)
    seen = np.zeros((n, _WEEK), np.int64)
    filled = demand.copy()
    for day in range(days):
        weekday = day % _WEEK
        lacking = np.flatnonzero(np.isnan(demand[:, day]) & (seen[:, weekday] > 0))
        if lacking.size:
            median = _median(last[lacking, weekday], np.minimum(seen[lacking, weekday], SAME_WEEKDAYS))
            filled[lacking, day] = imputed_demand(median, level[lacking, day], np.nan_to_num(sales[lacking, day]))
        rows = np.flatnonzero(usable[:, day])
        last[rows, weekday, seen[rows, weekday] % SAME_WEEKDAYS] = demand[rows, day]
        seen[rows, weekday] += 1
    return Imputed(filled, np.isnan(demand) & ~np.isnan(filled))


def _median(values: FloatArray, count: IntArray) -> FloatArray:
    """The median (n,) of the known values (n, k), of which there are `count` (n,), at least one: some ten times as fast as `nanmedian`."""
    ordered = np.sort(values, axis=1)
    middle = np.stack([(count - 1) // 2, count // 2], axis=1)
    return np.asarray(np.take_along_axis(ordered, middle, axis=1).mean(axis=1))


def _levels(demand: FloatArray, usable: BoolArray) -> FloatArray:
    """The level ratio (n, t) before each day."""
    values, counts = np.where(usable, demand, 0.0), usable.astype(np.float64)
    late_days = _trailing(counts, LATE_DAYS)
    late, base = _trailing(values, LATE_DAYS), _trailing(values, BASE_DAYS)
    base_mean = np.nan_to_num(ratio(base, _trailing(counts, BASE_DAYS)))
    return level_ratio(ratio(late, late_days), base_mean, late_days)


def _trailing(values: FloatArray, days: int) -> FloatArray:
    """Sums (n, t) over the `days` days before each day, itself left out."""
    sums = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)[:, :-1]
    before = np.zeros_like(sums)
    before[:, days:] = sums[:, : sums.shape[1] - days] if sums.shape[1] > days else 0.0
    return np.asarray(sums - before)
