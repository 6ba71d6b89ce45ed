"""Forecasts that repeat or average the past (D14, H22). Series (n, t), NaN for periods that say nothing; forecasts (n,) or (n, h)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stockhub.formulas.elementwise import FloatArray, N, explained, ratio, total
from stockhub.formulas.errors import InvalidParameterError

#: Weights of the newest period and the ones before it (D14).
WEIGHTS = (0.5, 0.3, 0.2)


@explained(unit="unit/period")
def weighted_average(newest_first: Sequence[N], weights: Sequence[float] = WEIGHTS) -> N:
    """Σw·y / Σw of the newest periods: 120, 100, 80 with .5, .3, .2 are 106 (D14).

    InvalidParameterError unless there is a weight for each period, none below 0 and one above.
    """
    if len(newest_first) != len(weights) or min(weights, default=0.0) < 0 or sum(weights) <= 0:
        raise InvalidParameterError("weights", list(weights), f"{len(newest_first)} weights of at least 0, one of them above")
    return ratio(total([period * weight for period, weight in zip(newest_first, weights, strict=True)]), float(sum(weights)))


def weighted_moving_average(series: FloatArray, weights: Sequence[float] = WEIGHTS) -> FloatArray:
    """The weighted mean (n,) of the newest periods, newest first; a period that is missing gives its weight to the others."""
    share = np.asarray(weights, np.float64)
    if not len(share) or (share < 0).any() or share[0] <= 0:
        raise InvalidParameterError("weights", list(weights), "weights of at least 0, the newest of them above")
    newest = series[:, ::-1][:, : len(share)]
    weight = np.where(np.isnan(newest), 0.0, share[: newest.shape[1]])
    return np.asarray(ratio((weight * np.nan_to_num(newest)).sum(axis=1), weight.sum(axis=1)))


def moving_average(series: FloatArray, window: int) -> FloatArray:
    """The mean (n,) of the known ones among the last `window` periods, or of those that there are."""
    if window < 1:
        raise InvalidParameterError("window", window, "a window of at least one period")
    return weighted_moving_average(series, (1.0,) * window)


def smoothed_history(series: FloatArray, window: int) -> FloatArray:
    """The moving average (n, t) that ends at each period, for a chart; never of what came later."""
    if window < 1:
        raise InvalidParameterError("window", window, "a window of at least one period")
    known = ~np.isnan(series)
    sums, counts = (np.cumsum(values, axis=1) for values in (np.where(known, series, 0.0), known.astype(np.float64)))
    sums[:, window:], counts[:, window:] = sums[:, window:] - sums[:, :-window], counts[:, window:] - counts[:, :-window]
    return np.asarray(ratio(sums, counts))


def seasonal_naive(series: FloatArray, season: int, horizon: int) -> FloatArray:
    """The last season again and again (n, h); a place that is missing in it is taken from the newest season in which it is known.

    A place that was never seen, as in a series shorter than the season, is missing.
    """
    if season < 1:
        raise InvalidParameterError("season", season, "a season of at least one period")
    n, periods = series.shape
    last = np.full((n, season), np.nan)
    for start in range(periods % season - season, periods, season):
        block = series[:, max(start, 0) : start + season]
        place = last[:, season - block.shape[1] :]
        place[...] = np.where(np.isnan(block), place, block)
    return last[:, np.arange(horizon) % season]
