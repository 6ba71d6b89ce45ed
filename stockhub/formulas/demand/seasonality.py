"""Whether sales follow the year, and sales without the year in them (science.md 3.8, 4).

Series are (…, t), oldest first and one number a period; NaN where a period is not known. At least two whole seasons are needed: below that
nothing can be said, and what comes back are no indices and no flag.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.errors import InvalidParameterError

#: Weeks of a year.
WEEKS = 52
#: The correlation with the season before above which a series is seasonal.
SEASONAL_CORRELATION = 0.5
#: Under this index a period is off season, and its few sales, divided by so little, are noise.
LEAST_INDEX = 0.3
#: Neighbours that share an index where a season has more periods than this, so that two years of weekly noise do not pass for a season.
_LONG_SEASON = 26
_SMOOTHED_PERIODS = 5


def is_seasonal(series: FloatArray, period: int = WEEKS) -> FloatArray:
    """1 where the series repeats itself a season later, else 0; NaN with fewer than two known seasons.

    The correlation of what a parabola leaves of ln(1 + y), smoothed where a season is long, with itself one season before: a life cycle is
    no season, as the parabola takes most of it and the rest does not come twice. In simulations of 104 and more weeks it finds nine in ten
    seasons of ±60 % at four units a week, and takes one in twenty humps and steps for one (one in six whole life cycles in just 104 weeks).
    The textbook band of an autocorrelation grows with all the shorter lags, so that a smooth season of 52 weeks never passes it.
    """
    t = series.shape[-1]
    if t < 2 * period:
        return np.full(series.shape[:-1], np.nan)
    known = np.isfinite(series)
    rest = _without_trend(np.log1p(np.maximum(series, 0.0)))
    if period > _LONG_SEASON:
        rest = _smoothed_along(rest, known)
    now, before = rest[..., period:], rest[..., : t - period]
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = (now * before).sum(axis=-1) / np.sqrt((now * now).sum(axis=-1) * (before * before).sum(axis=-1))
    # What does not vary has rounding for its rest.
    varies = (rest * rest).sum(axis=-1) > 1e-9 * t
    flag = (varies & (correlation > SEASONAL_CORRELATION)).astype(np.float64)
    return np.where(known.sum(axis=-1) >= 2 * period, flag, np.nan)


def _smoothed_along(rest: FloatArray, known: NDArray[np.bool_]) -> FloatArray:
    """The mean of the known values around each; 0 where there are none. A missing value of `rest` is 0."""
    reach = _SMOOTHED_PERIODS // 2
    t = rest.shape[-1]
    ends = [(0, 0)] * (rest.ndim - 1) + [(reach, reach)]
    values, weights = np.pad(rest, ends), np.pad(known.astype(np.float64), ends)
    shifts = range(_SMOOTHED_PERIODS)
    total = sum((values[..., shift : shift + t] for shift in shifts), np.zeros(rest.shape))
    count = sum((weights[..., shift : shift + t] for shift in shifts), np.zeros(rest.shape))
    return total / np.maximum(count, 1.0)


def _without_trend(values: FloatArray) -> FloatArray:
    """What a parabola through the known values leaves; 0 where a value is missing."""
    t = values.shape[-1]
    at = np.linspace(-1.0, 1.0, t)
    design = np.stack([np.ones(t), at, at * at], axis=-1)
    known = np.isfinite(values)
    held = np.where(known, values, 0.0)
    products = (design[:, :, None] * design[:, None, :]).reshape(t, 9)
    moments = (known.astype(np.float64) @ products).reshape(*values.shape[:-1], 3, 3)
    answers = held @ design
    # A ridge far below the data's scale: a row with next to nothing known has no parabola, and must not stop the others.
    coefficients = np.linalg.solve(moments + 1e-9 * np.eye(3), answers[..., None])[..., 0]
    return np.where(known, held - coefficients @ design.T, 0.0)


def seasonal_indices(series: FloatArray, period: int = WEEKS) -> FloatArray:
    """The index (…, period) of each position in the season, mean 1; position 0 is that of the first period of the series.

    Classical multiplicative decomposition: the mean, by position, of the ratio to a centred moving average over one season, smoothed over
    neighbours where a season is long. NaN with fewer than two whole seasons, and where nothing is sold. InvalidParameterError for a season
    of no period.
    """
    if period < 1:
        raise InvalidParameterError("period", period, "a season of at least one period")
    t = series.shape[-1]
    if t < 2 * period:
        return np.full((*series.shape[:-1], period), np.nan)
    half = period // 2
    level = _centred_mean(series, period)
    inner = series[..., half : t - half]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.where(level > 0, inner / level, np.nan)
        indices = _mean_by_position(ratios, start=half, period=period)
        if period > _LONG_SEASON:
            indices = _smoothed(indices)
        scaled: FloatArray = indices / indices.mean(axis=-1, keepdims=True)
    return scaled


def _centred_mean(series: FloatArray, period: int) -> FloatArray:
    """The mean of what is known in a window of one season around each period; the ends of an even season's window count half."""
    known = np.isfinite(series)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean: FloatArray = _window_sums(np.where(known, series, 0.0), period) / _window_sums(known.astype(np.float64), period)
    return mean


def _window_sums(values: FloatArray, period: int) -> FloatArray:
    """Sums over windows of one season, centred; (…, t − 2·⌊period / 2⌋)."""
    width = 2 * (period // 2) + 1
    upto = np.concatenate([np.zeros((*values.shape[:-1], 1)), np.cumsum(values, axis=-1)], axis=-1)
    sums: FloatArray = upto[..., width:] - upto[..., :-width]
    if period % 2 == 0:
        sums -= (values[..., : -width + 1] + values[..., width - 1 :]) / 2.0
    return sums


def _mean_by_position(ratios: FloatArray, start: int, period: int) -> FloatArray:
    """The mean (…, period) of what is known at each position; NaN where nothing is."""
    position = (np.arange(ratios.shape[-1]) + start) % period
    at_position = (position[:, None] == np.arange(period)).astype(np.float64)
    known = np.isfinite(ratios)
    mean: FloatArray = np.where(known, ratios, 0.0) @ at_position / (known @ at_position)
    return mean


def _smoothed(indices: FloatArray) -> FloatArray:
    """The mean of each index with its neighbours, around the year; of a missing one, its neighbours' mean."""
    reach = _SMOOTHED_PERIODS // 2
    around = np.stack([np.roll(indices, shift, axis=-1) for shift in range(-reach, reach + 1)])
    known = np.isfinite(around)
    mean: FloatArray = np.where(known, around, 0.0).sum(axis=0) / known.sum(axis=0)
    return mean


def deseasonalised(series: FloatArray, indices: FloatArray) -> FloatArray:
    """The series (…, t) over its indices (…, period); missing where the index is off season, unchanged where there are no indices."""
    period = indices.shape[-1]
    index = np.take(indices, np.arange(series.shape[-1]) % period, axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        level = np.where(index < LEAST_INDEX, np.nan, series / index)
    return np.where(np.isnan(index), series, level)


def off_season(indices: FloatArray, position: int) -> FloatArray:
    """1 where a position of the season has less than half of a mean period's sales, else 0; 0 too where there are no indices."""
    return (indices[..., position % indices.shape[-1]] < 0.5).astype(np.float64)
