"""A cliff: demand that fell at once and stays down (H34; science.md 3.14).

Series are daily units (…, t), cleaned, days of promotions missing, 60 days as a rule. One shift of the mean by least squares is found
first; whether it is a cliff is then a decision over its statistics. As it happens, a cumulative sum tells earlier.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from stockhub.formulas.elementwise import (
    ROUNDING_TOLERANCE,
    FloatArray,
    N,
    at_least,
    both,
    explained,
    greater,
    maximum,
    minimum,
    operation,
    ratio,
    where,
)
from stockhub.formulas.health.segmentation import MIN_SEGMENT, single_break

#: The fall of the mean from which a shift is a cliff, the days for which it is news, the days that have to follow it, and the p-value.
CLIFF_DROP = 0.4
CLIFF_RECENT_DAYS = 28.0
CLIFF_DAYS_AFTER = 3.0
CLIFF_P_VALUE = 0.01
#: Slack and threshold of the cumulative sum, in standard deviations.
CUSUM_SLACK = 0.5
CUSUM_THRESHOLD = 5.0


class ShiftStatistics(NamedTuple):
    """What a shift of the mean is judged by; every field is (…), all NaN where a series is too short for one."""

    break_day: FloatArray
    days_since_break: FloatArray
    units_before: FloatArray
    days_before: FloatArray
    units_after: FloatArray
    days_after: FloatArray
    #: Variance over mean around the two means, at least 1: Poisson demand has 1.
    dispersion: FloatArray


def shift_statistics(series: FloatArray, min_size: int = MIN_SEGMENT) -> ShiftStatistics:
    """The best single shift of each series; days before and after are the known ones, since the break all of them."""
    t = series.shape[-1]
    break_day = single_break(series, min_size)
    later = np.arange(t) >= break_day[..., None]
    known = np.isfinite(series)
    units, days, means = {}, {}, {}
    for side, chosen in (("before", known & ~later), ("after", known & later)):
        units[side] = np.where(chosen, series, 0.0).sum(axis=-1)
        days[side] = chosen.sum(axis=-1).astype(np.float64)
        means[side] = units[side] / np.maximum(days[side], 1.0)
    fitted = np.where(later, means["after"][..., None], means["before"][..., None])
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(known & (fitted > 0), (series - fitted) ** 2 / fitted, 0.0)
    dispersion = np.maximum(terms.sum(axis=-1) / np.maximum(days["before"] + days["after"] - 2.0, 1.0), 1.0)
    found = np.isfinite(break_day)
    fields = (t - break_day, units["before"], days["before"], units["after"], days["after"], dispersion)
    return ShiftStatistics(break_day, *(np.where(found, field, np.nan) for field in fields))


def usual_units_before(series: FloatArray, shift: ShiftStatistics) -> FloatArray:
    """Units (…) that the days before the break would have had at their usual pace: the lower of the means of their earlier and later half.

    A burst just before the break lifts the mean before it, and its end is no cliff: demand is then back where it was.
    """
    days = np.arange(series.shape[-1])
    middle = np.floor(np.nan_to_num(shift.break_day) / 2.0)[..., None]
    known, before = np.isfinite(series), days < np.nan_to_num(shift.break_day)[..., None]
    halves = []
    for half in (before & (days < middle), before & (days >= middle)):
        counted = (known & half).sum(axis=-1)
        units = np.where(known & half, series, 0.0).sum(axis=-1)
        # A half that nobody observed says nothing.
        halves.append(np.where(counted > 0, units / np.maximum(counted, 1), np.inf))
    usual = np.minimum(*halves)
    return np.where(np.isfinite(usual) & np.isfinite(shift.break_day), usual * shift.days_before, np.nan)


@operation
def _rate_drop_p_value(
    units_before: ArrayLike, days_before: ArrayLike, units_after: ArrayLike, days_after: ArrayLike, dispersion: ArrayLike
) -> FloatArray:
    """P(X <= after) for X binomial over all units with the share of days after; counts are scaled down by the dispersion."""
    from scipy.special import betainc

    with np.errstate(divide="ignore", invalid="ignore"):
        first, last = np.divide(units_before, dispersion), np.divide(units_after, dispersion)
        share = np.divide(days_after, np.add(days_before, days_after))
        # The regularised incomplete beta function is the binomial distribution between whole numbers too.
        tail = np.where(first > 0, betainc(np.maximum(first, 1e-300), last + 1.0, 1.0 - share), 1.0)
    return np.where((np.asarray(units_before) >= 0) & (np.asarray(units_after) >= 0), tail, np.nan)


@explained(unit="1")
def rate_drop_p_value(units_before: N, days_before: N, units_after: N, days_after: N, dispersion: N | float = 1.0) -> N:
    """How likely so few units after the break would be, had the daily rate stayed: one-sided, 0 to 1.

    With a dispersion of 1 the exact conditional test of two Poisson rates (Przyborowski & Wilenski 1940, Biometrika 31:313-323). Above 1,
    for demand of the negative binomial kind, the same test of units over dispersion (quasi-Poisson). As the break was chosen to stand
    out, the p-value flatters: hence the limit of .01, and the fall of 40 % beside it. Where nothing sold before, 1.
    """
    return _rate_drop_p_value(units_before, days_before, units_after, days_after, dispersion)


@explained(unit="1")
def chosen_break_p_value(p_value: N, known_days: N, min_size: N | float = MIN_SEGMENT) -> N:
    """The p-value of a break that was chosen to stand out among all that could have been: times their number, at most 1 (Bonferroni).

    Without it, one SKU in a hundred would fall off a cliff by chance alone, and a shop of ten thousand would hear of a hundred.
    """
    return minimum(p_value * maximum(known_days - 2.0 * min_size + 1.0, 1.0), 1.0)


@explained(unit="1")
def mean_drop(units_before: N, days_before: N, units_after: N, days_after: N) -> N:
    """The fall of the daily mean over the break, as a share: below 0 is a rise, missing where nothing sold before."""
    return 1.0 - ratio(ratio(units_after, days_after), ratio(units_before, days_before))


@explained(unit="flag")
def is_cliff(
    drop: N,
    days_since_break: N,
    days_after: N,
    p_value: N,
    *,
    limit: N | float = CLIFF_DROP,
    recent_days: N | float = CLIFF_RECENT_DAYS,
    least_days: N | float = CLIFF_DAYS_AFTER,
    p_limit: N | float = CLIFF_P_VALUE,
) -> N:
    """A cliff: the mean fell by 40 % or more at most 28 days ago, at least 3 days followed, and chance is ruled out (p < .01)."""
    recent = both(at_least(recent_days, days_since_break), at_least(days_after, least_days))
    # Where nothing sold before there is no drop to speak of, and the p-value of 1 says no.
    deep = where(greater(p_limit, p_value), at_least(drop, limit - ROUNDING_TOLERANCE), 0.0)
    return both(recent, deep)


def fall_cusum(series: FloatArray, target: FloatArray, sd: FloatArray, slack: float = CUSUM_SLACK) -> FloatArray:
    """The one-sided cumulative sum (…, t) of how far demand is below its target (…), in standard deviations (Page 1954, Biometrika 41).

    S_t = max(0, S_{t−1} + (target − y_t) / sd − slack). A missing day leaves it as it is; NaN where the deviation is 0 or not known.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        below = (target[..., None] - series) / np.where(sd > 0, sd, np.nan)[..., None] - slack
    walk = np.cumsum(np.where(np.isfinite(series), below, 0.0), axis=-1)
    path: FloatArray = walk - np.minimum(np.minimum.accumulate(walk, axis=-1), 0.0)
    return np.where(np.isfinite(target / np.where(sd > 0, sd, np.nan))[..., None], path, np.nan)


@explained(unit="flag")
def is_falling_away(cusum: N, threshold: N | float = CUSUM_THRESHOLD) -> N:
    """The alarm of `fall_cusum`, of its last day: above 5 standard deviations."""
    return greater(cusum, threshold)
