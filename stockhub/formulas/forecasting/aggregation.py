"""Intermittent demand over longer buckets (science.md 2.4): ADIDA (Nikolopoulos et al. 2011) and IMAPA (Petropoulos and Kourentzes 2015).

Sums over several periods have fewer zeros; they are smoothed, and the rate is shared out again. Series are (n, t), NaN is skipped, rates
(n,) are 0 without a unit of demand and missing without a known period, as in `intermittent`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.forecasting.smoothing import ses_level

#: Bounds of the smoothing constant that is searched.
LEAST_ALPHA, MOST_ALPHA = 0.1, 0.3
_GOLDEN_RATIO = (5.0**0.5 + 1.0) / 2.0
_NARROW = 1e-10


def best_alpha(series: FloatArray, least: float = LEAST_ALPHA, most: float = MOST_ALPHA) -> FloatArray:
    """The α (n,) in [least, most] with the least squared one-step-ahead error, by golden-section search in all series at once.

    Where the errors do not depend on α, as in a series of one period, it is the middle of what was left to search.
    """
    if not 0.0 <= least < most <= 1.0:
        raise InvalidParameterError("least", least, "two bounds from 0 to 1, the lower first")
    low, high = np.full(len(series), least), np.full(len(series), most)
    left, right = high - (high - low) / _GOLDEN_RATIO, low + (high - low) / _GOLDEN_RATIO
    at_left, at_right = _squared_errors(series, left), _squared_errors(series, right)
    while (active := (high - low > _NARROW) & (at_left != at_right)).any():
        leftward = at_left < at_right
        high = np.where(active & leftward, right, high)
        low = np.where(active & ~leftward, left, low)
        trial = np.where(leftward, high - (high - low) / _GOLDEN_RATIO, low + (high - low) / _GOLDEN_RATIO)
        at_trial = _squared_errors(series, trial)
        left, right = np.where(leftward, trial, right), np.where(leftward, left, trial)
        at_left, at_right = np.where(leftward, at_trial, at_right), np.where(leftward, at_left, at_trial)
        # A series that has stopped stays so: its two sums are made equal.
        at_left = np.where(active, at_left, at_right)
    return np.asarray((low + high) / 2.0)


def optimised_ses_level(series: FloatArray, least: float = LEAST_ALPHA, most: float = MOST_ALPHA) -> FloatArray:
    """The level (n,) of simple exponential smoothing with the best α."""
    return ses_level(series, best_alpha(series, least, most))


def bucket_sums(series: FloatArray, periods: int) -> FloatArray:
    """Sums (n, t // periods) over buckets of periods that end at the last one; periods at the start that fill none are left out."""
    if periods < 1:
        raise InvalidParameterError("periods", periods, "buckets of at least one period")
    n, length = series.shape
    buckets = length // periods
    return np.asarray(series[:, length - buckets * periods :].reshape(n, buckets, periods).sum(axis=2))


def aggregation_levels(demand: FloatArray) -> NDArray[np.int64]:
    """The mean interval between demands (n,) in whole periods, half to even: how far to aggregate; 0 without demand."""
    happened = demand > 0
    count = happened.sum(axis=1)
    known = np.cumsum(~np.isnan(demand), axis=1)
    until_last = np.where(happened, known, 0).max(axis=1, initial=0)
    return np.where(count > 0, np.rint(until_last / np.maximum(count, 1)), 0.0).astype(np.int64)


def adida(demand: FloatArray) -> FloatArray:
    """The rate (n,) of buckets as long as the mean interval between demands."""
    levels = aggregation_levels(demand)
    rates = _rates_without_buckets(demand)
    known = _known_last(demand)
    for periods in np.unique(levels[levels > 0]).tolist():
        rows = np.flatnonzero(levels == periods)
        rates[rows] = optimised_ses_level(bucket_sums(known[rows], periods)) / periods
    return rates


def imapa(demand: FloatArray) -> FloatArray:
    """The mean (n,) of the rates of buckets of 1, 2, … periods, up to the mean interval between demands."""
    levels = aggregation_levels(demand)
    rates = _rates_without_buckets(demand)
    known = _known_last(demand)
    sums = np.zeros(len(demand))
    for periods in range(1, int(levels.max(initial=0)) + 1):
        rows = np.flatnonzero(levels >= periods)
        sums[rows] += optimised_ses_level(bucket_sums(known[rows], periods)) / periods
    return np.where(levels > 0, sums / np.maximum(levels, 1), rates)


def _squared_errors(series: FloatArray, alpha: FloatArray) -> FloatArray:
    """Σ squared one-step-ahead errors (n,) of simple exponential smoothing from the first known period."""
    level, squares = np.full(len(series), np.nan), np.zeros(len(series))
    for observed in np.ascontiguousarray(series.T):
        error = observed - level
        squares += np.where(np.isnan(error), 0.0, error * error)
        level = np.where(np.isnan(error), np.where(np.isnan(level), observed, level), alpha * observed + (1.0 - alpha) * level)
    return squares


def _known_last(series: FloatArray) -> FloatArray:
    """The known periods of each series next to each other in their order, at the end of its row."""
    order = np.argsort(~np.isnan(series), axis=1, kind="stable")
    return np.take_along_axis(series, order, axis=1)


def _rates_without_buckets(demand: FloatArray) -> FloatArray:
    """0 for a series (n,) with known periods, and missing for one without."""
    return np.where(np.isnan(demand).all(axis=1), np.nan, 0.0)
