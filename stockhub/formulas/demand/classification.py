"""What kind of demand a SKU has (science.md 1.6; Syntetos, Boylan and Croston 2005, JORS 56:495–503).

A class is a code, a float in arrays: its place in `DEMAND_CLASSES`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from stockhub.formulas.elementwise import FloatArray, N, at_least, both, explained, greater, ratio, where

#: Codes of the classes, and their slugs in that order.
SMOOTH, ERRATIC, INTERMITTENT, LUMPY, NO_DEMAND = 0.0, 1.0, 2.0, 3.0, 4.0
DEMAND_CLASSES: Final = ("smooth", "erratic", "intermittent", "lumpy", "no_demand")

#: From this mean interval on demand is intermittent, and from this squared variation of sizes on erratic.
INTERMITTENT_FROM = 1.32
ERRATIC_FROM = 0.49


@dataclass(frozen=True, slots=True)
class DemandPattern:
    """Periods from launch on (n,), those with demand (n,), and mean and population deviation (n,) of the demand in them."""

    periods: FloatArray
    demand_periods: FloatArray
    mean_size: FloatArray
    sd_size: FloatArray


def demand_pattern(demand: FloatArray) -> DemandPattern:
    """The statistics that a class rests on, from demand a period (n, t): NaN before the launch and for periods that say nothing."""
    happened = np.greater(demand, 0.0)
    count = happened.sum(axis=-1).astype(np.float64)
    sizes = np.where(happened, demand, 0.0)
    some = np.maximum(count, 1.0)
    mean = np.where(count > 0, sizes.sum(axis=-1) / some, np.nan)
    squares = np.where(happened, (sizes - mean[..., None]) ** 2, 0.0).sum(axis=-1)
    return DemandPattern(
        (~np.isnan(demand)).sum(axis=-1).astype(np.float64), count, mean, np.where(count > 0, np.sqrt(squares / some), np.nan)
    )


@explained(unit="period")
def average_demand_interval(periods: N, demand_periods: N) -> N:
    """ADI: periods a period with demand, the trailing empty ones included; missing without any demand."""
    return ratio(periods, demand_periods)


@explained(unit="1")
def squared_size_variation(mean_size: N, sd_size: N) -> N:
    """CV² of the sizes of demand, where there is any; 0 for a single one."""
    return ratio(sd_size, mean_size) * ratio(sd_size, mean_size)


@explained(unit="code")
def demand_class(periods: N, demand_periods: N, mean_size: N, sd_size: N) -> N:
    """The class by ADI and CV²: a value at a limit belongs to the higher class. Missing where there is no period at all."""
    interval: N = average_demand_interval(periods, demand_periods)
    erratic = at_least(squared_size_variation(mean_size, sd_size), ERRATIC_FROM)
    regular = where(erratic, ERRATIC, SMOOTH)
    sparse = where(erratic, LUMPY, INTERMITTENT)
    by_size = where(at_least(interval, INTERMITTENT_FROM), sparse, regular)
    with_history = where(greater(demand_periods, 0.0), by_size, NO_DEMAND)
    # Without a period, 0/0 is the missing number.
    return where(greater(periods, 0.0), with_history, ratio(periods, periods))


@explained(unit="code")
def settled_class(current: N, month_before: N, this_month: N) -> N:
    """The class in use after a month's end: a new one only where two month-ends in a row agree on it, so that no SKU flips to and fro."""
    agree = both(at_least(month_before, this_month), at_least(this_month, month_before))
    return where(agree, this_month, current)


def class_in_use(month_ends: FloatArray) -> FloatArray:
    """The class in use (n,) after a series of month-end classes (n, m), oldest first; missing months change nothing.

    The first class that is known is in use at once.
    """
    current = np.full(len(month_ends), np.nan)
    before = current
    for this_month in month_ends.T:
        known = ~np.isnan(this_month)
        settled = np.where(np.isnan(current), this_month, settled_class(current, np.where(np.isnan(before), -1.0, before), this_month))
        current = np.where(known, settled, current)
        before = np.where(known, this_month, before)
    return current
