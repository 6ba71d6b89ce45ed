"""Whether sales follow the year, and sales without the year in them (science.md 3.8, 4).

Series are (…, t), oldest first and one number a period; NaN where a period is not known. At least two whole seasons are needed: below that
nothing can be said, and what comes back are no indices and no flag.
"""

from __future__ import annotations

import numpy as np

from stockhub.formulas.elementwise import FloatArray

#: Weeks of a year, and the 95 % one-sided normal quantile of the test.
WEEKS = 52
_TEST_QUANTILE = 1.645
#: Under this index a period is off season, and says nothing about the level.
LEAST_INDEX = 0.1
#: Neighbouring periods that share an index, so that two years of weekly noise do not pass for a season.
_SMOOTHED_PERIODS = 5


def is_seasonal(series: FloatArray, period: int = WEEKS) -> FloatArray:
    """1 where the series resembles itself a season ago, else 0; NaN with fewer than two known seasons, or nothing that varies.

    The autocorrelation at the season against its 90 % band under the shorter lags, r_m > 1.645·sqrt((1 + 2·Σ r_i²) / t) (the test of the
    theta method, Fiorucci et al. 2016, IJF 32:1151-1161), of what a parabola leaves of ln(1 + y): a life cycle is no season.
    """
    t = series.shape[-1]
    if t < 2 * period:
        return np.full(series.shape[:-1], np.nan)
    rest = _without_trend(np.log1p(np.maximum(series, 0.0)))
    spread = (rest * rest).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = np.stack([(rest[..., lag:] * rest[..., : t - lag]).sum(axis=-1) / spread for lag in range(1, period + 1)], axis=-1)
    shorter = (correlation[..., :-1] ** 2).sum(axis=-1)
    flag = (correlation[..., -1] > _TEST_QUANTILE * np.sqrt((1.0 + 2.0 * shorter) / t)).astype(np.float64)
    enough = (np.isfinite(series).sum(axis=-1) >= 2 * period) & (spread > 1e-9 * t)
    return np.where(enough, flag, np.nan)


def _without_trend(values: FloatArray) -> FloatArray:
    """What a parabola through the known values leaves; 0 where a value is missing."""
    t = values.shape[-1]
    at = np.linspace(-1.0, 1.0, t)
    design = np.stack([np.ones(t), at, at * at], axis=-1)
    known = np.isfinite(values)
    held = np.where(known, values, 0.0)
    moments = np.einsum("...t,ti,tj->...ij", known.astype(np.float64), design, design)
    answers = held @ design
    # A ridge far below the data's scale: a row with next to nothing known has no parabola, and must not stop the others.
    coefficients = np.linalg.solve(moments + 1e-9 * np.eye(3), answers[..., None])[..., 0]
    return np.where(known, held - coefficients @ design.T, 0.0)


def seasonal_indices(series: FloatArray, period: int = WEEKS) -> FloatArray:
    """The index (…, period) of each position in the season, mean 1; position 0 is that of the first period of the series.

    Classical multiplicative decomposition: the mean, by position, of the ratio to a centred moving average over one season, smoothed over
    neighbours where a season is long. NaN with fewer than two whole seasons, and where nothing is sold.
    """
    t = series.shape[-1]
    if t < 2 * period:
        return np.full((*series.shape[:-1], period), np.nan)
    half = period // 2
    level = _centred_mean(series, period)
    inner = series[..., half : t - half]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.where(level > 0, inner / level, np.nan)
        indices = _mean_by_position(ratios, start=half, period=period)
        if period > 2 * _SMOOTHED_PERIODS:
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
