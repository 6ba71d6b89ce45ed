"""Days that no model should learn from, and those that only look like it (science.md 1.4).

Statistics and flags are over days (n, t) or (t,), NaN for days that are tagged as promotion or stock-out: those enter no statistic and are
never flagged. What was sold stays stored as it was; the level and the deviation are estimated from `winsorised` days.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stockhub.formulas.demand.censoring import BoolArray
from stockhub.formulas.elementwise import FloatArray, N, at_least, explained, greater, maximum, minimum, where

#: Scaled deviations from the median beyond which a day is an outlier, and the scale that makes a MAD a normal standard deviation.
HAMPEL_LIMIT = 3.0
MAD_SCALE = 1.482602218505602
#: Ranges between the quartiles beyond which the rule without a deviation flags.
RANGE_LIMIT = 1.5
#: High days in a row that are a new regime rather than outliers.
SPIKE_DAYS = 2


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, scaled MAD and quartiles (n,) of a series' untagged days; missing where there are none."""

    median: FloatArray
    scaled_mad: FloatArray
    lower_quartile: FloatArray
    upper_quartile: FloatArray


def spread(days: FloatArray) -> Spread:
    """The robust statistics of days (…, t); quartiles are interpolated linearly."""
    lower, median, upper = _quantiles(days, (0.25, 0.5, 0.75))
    (mad,) = _quantiles(np.abs(days - median[..., None]), (0.5,))
    return Spread(median, mad * MAD_SCALE, lower, upper)


@explained(unit="unit")
def range_lower_bound(lower_quartile: N, upper_quartile: N) -> N:
    """Q1 − 1.5·(Q3 − Q1)."""
    return lower_quartile - (upper_quartile - lower_quartile) * RANGE_LIMIT


@explained(unit="unit")
def range_upper_bound(lower_quartile: N, upper_quartile: N) -> N:
    """Q3 + 1.5·(Q3 − Q1)."""
    return upper_quartile + (upper_quartile - lower_quartile) * RANGE_LIMIT


@explained(unit="unit")
def outlier_lower_bound(median: N, scaled_mad: N, lower_quartile: N, upper_quartile: N, k: N | float = HAMPEL_LIMIT) -> N:
    """The least that is no outlier: k scaled deviations below the median; where those are 0, by the quartiles."""
    return where(greater(scaled_mad, 0.0), median - scaled_mad * k, range_lower_bound(lower_quartile, upper_quartile))


@explained(unit="unit")
def outlier_upper_bound(median: N, scaled_mad: N, lower_quartile: N, upper_quartile: N, k: N | float = HAMPEL_LIMIT) -> N:
    """The most that is no outlier: k scaled deviations above the median; where those are 0, by the quartiles."""
    return where(greater(scaled_mad, 0.0), median + scaled_mad * k, range_upper_bound(lower_quartile, upper_quartile))


@explained(unit="unit")
def winsorised_demand(demand: N, lower_bound: N, upper_bound: N) -> N:
    """Demand cut to its bounds; where the bounds are one, they say nothing about the spread, and demand stays as it is.

    A SKU that sells on fewer than a quarter of its days has equal quartiles at 0, and its sales are no outliers.
    """
    return where(greater(upper_bound, lower_bound), minimum(maximum(demand, lower_bound), upper_bound), demand)


@explained(unit="flag")
def is_spike(high_days_in_a_row: N, least_days: N | float = SPIKE_DAYS) -> N:
    """Whether high days are a regime, perhaps virality, that somebody has to be told of, rather than an outlier."""
    return at_least(high_days_in_a_row, least_days)


def hampel_flags(days: FloatArray, k: float = HAMPEL_LIMIT) -> BoolArray:
    """The days (…, t) further than k scaled deviations from the median; by the quartiles where the deviation is 0."""
    s = spread(days)
    bounds = (s.median, s.scaled_mad, s.lower_quartile, s.upper_quartile)
    return _beyond(days, outlier_lower_bound(*bounds, k), outlier_upper_bound(*bounds, k))


def range_flags(days: FloatArray) -> BoolArray:
    """The days (…, t) outside of 1.5 ranges between the quartiles."""
    s = spread(days)
    quartiles = (s.lower_quartile, s.upper_quartile)
    return _beyond(days, range_lower_bound(*quartiles), range_upper_bound(*quartiles))


def high_days_in_a_row(days: FloatArray, k: float = HAMPEL_LIMIT) -> FloatArray:
    """For each day (…, t) the length of the run of high outliers that it belongs to; 0 outside of one. Other days end a run."""
    high = hampel_flags(days, k) & (days > spread(days).median[..., None])
    ahead = np.zeros(days.shape)
    behind = np.zeros(days.shape)
    for day in range(days.shape[-1]):
        ahead[..., day] = np.where(high[..., day], (ahead[..., day - 1] if day else 0.0) + 1.0, 0.0)
    for day in reversed(range(days.shape[-1])):
        behind[..., day] = np.where(high[..., day], (behind[..., day + 1] if day + 1 < days.shape[-1] else 0.0) + 1.0, 0.0)
    return np.where(high, ahead + behind - 1.0, 0.0)


def spike_days(days: FloatArray, k: float = HAMPEL_LIMIT) -> BoolArray:
    """The days (…, t) of runs of high days, which raise an alert."""
    return np.equal(is_spike(high_days_in_a_row(days, k)), 1.0)


def outlier_days(days: FloatArray, k: float = HAMPEL_LIMIT) -> BoolArray:
    """The days (…, t) that are flagged and belong to no spike."""
    return np.logical_and(hampel_flags(days, k), ~spike_days(days, k))


def winsorised(days: FloatArray, k: float = HAMPEL_LIMIT) -> FloatArray:
    """Days (…, t) for the estimation of level and deviation: outliers cut to their bound, spikes and all else unchanged."""
    s = spread(days)
    bounds = (s.median, s.scaled_mad, s.lower_quartile, s.upper_quartile)
    low, high = (np.asarray(bound(*bounds, k))[..., None] for bound in (outlier_lower_bound, outlier_upper_bound))
    return np.where(outlier_days(days, k), winsorised_demand(days, low, high), days)


@dataclass(frozen=True, slots=True)
class Judged:
    """Days (…, t) as `winsorised`, and which of them are outliers and spikes."""

    winsorised: FloatArray
    outliers: BoolArray
    spikes: BoolArray


def judged(days: FloatArray, k: float = HAMPEL_LIMIT) -> Judged:
    """All three at once, with the statistics taken once: what `winsorised`, `outlier_days` and `spike_days` say."""
    s = spread(days)
    bounds = (s.median, s.scaled_mad, s.lower_quartile, s.upper_quartile)
    low, high = outlier_lower_bound(*bounds, k), outlier_upper_bound(*bounds, k)
    flagged = _beyond(days, low, high)
    above = flagged & (days > s.median[..., None])
    # With two days a run, a day belongs to one where a neighbour is high too.
    spikes = np.zeros(days.shape, np.bool_)
    spikes[..., 1:] |= above[..., 1:] & above[..., :-1]
    spikes[..., :-1] |= above[..., :-1] & above[..., 1:]
    outliers = flagged & ~spikes
    # Few days are outliers, and only they are cut.
    cut, series = days.copy(), np.nonzero(outliers)[:-1]
    cut[outliers] = winsorised_demand(days[outliers], np.asarray(low)[series], np.asarray(high)[series])
    return Judged(cut, outliers, spikes)


def _beyond(days: FloatArray, low: FloatArray | float, high: FloatArray | float) -> BoolArray:
    beyond: BoolArray = np.less(days, np.asarray(low)[..., None]) | np.greater(days, np.asarray(high)[..., None])
    return beyond


def _quantiles(days: FloatArray, levels: tuple[float, ...]) -> FloatArray:
    """Quantiles (levels, …) of the known days (…, t); missing where there are none."""
    ordered = np.sort(days, axis=-1)
    if not days.shape[-1]:
        return np.full((len(levels), *days.shape[:-1]), np.nan)
    place = np.multiply.outer(np.asarray(levels), np.maximum((~np.isnan(days)).sum(axis=-1) - 1, 0))
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, days.shape[-1] - 1)
    lower, upper = (np.stack([np.take_along_axis(ordered, p[..., None], axis=-1)[..., 0] for p in at]) for at in (below, above))
    return np.where(place > below, lower + (upper - lower) * (place - below), lower)
