"""The evidence in weekly sales for a stage (science.md 4).

Series are (…, t), cleaned units a week, oldest first. A week in which the SKU was out of stock is missing (NaN): it says nothing about
demand, and taken for a week without sales it would look like decline. What is known is read as if the missing weeks had not been.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stockhub.formulas.demand.seasonality import WEEKS, deseasonalised, is_seasonal, seasonal_indices
from stockhub.formulas.elementwise import FloatArray

#: Weeks of the moving mean whose highest value is the peak, of the longer level, and of the trend.
PEAK_WEEKS = 4
LEVEL_WEEKS = 8
TREND_WEEKS = 12


class StageEvidence(NamedTuple):
    """What `stage.lifecycle_stage` decides by; every field is (…), NaN where too few weeks are known, or nothing has ever sold."""

    #: Weeks since the first sale that the series holds, the current one included; put the true age in place where it began earlier.
    age_weeks: FloatArray
    #: Known weeks since the end of the four with the highest mean.
    weeks_since_peak: FloatArray
    #: Means of the last four and eight known weeks over the peak.
    share_of_peak_4: FloatArray
    share_of_peak_8: FloatArray
    #: Least-squares slope a week of ln(1 + units) over the last twelve known weeks at most, and its two-sided p-value.
    slope: FloatArray
    slope_p_value: FloatArray


def stage_evidence(weekly: FloatArray) -> StageEvidence:
    """The evidence of each series; deseasonalise it before (`seasonally_adjusted`)."""
    t = weekly.shape[-1]
    sold = weekly > 0
    first = np.where(sold.any(axis=-1), sold.argmax(axis=-1), np.nan) if t else np.full(weekly.shape[:-1], np.nan)
    known = known_life(weekly)
    moving = _moving_mean(known, PEAK_WEEKS)
    some = np.isfinite(moving).any(axis=-1)
    height = np.where(np.isfinite(moving), moving, -np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        peak = np.where(some, height.max(axis=-1, initial=-np.inf), np.nan)
        since = np.where(some, (height[..., ::-1] == peak[..., None]).argmax(axis=-1) if t else np.nan, np.nan)
        share_4, share_8 = (_last(_moving_mean(known, weeks)) / np.where(peak > 0, peak, np.nan) for weeks in (PEAK_WEEKS, LEVEL_WEEKS))
    slope, p_value = log_trend(known[..., -TREND_WEEKS:])
    return StageEvidence(t - first, since, share_4, share_8, slope, p_value)


def known_life(weekly: FloatArray) -> FloatArray:
    """The known weeks from the first sale on, in their order at the end of (…, t), missing ones before them."""
    sold = weekly > 0
    # What lies before the first sale is no part of the life.
    return _known_last(np.where(np.maximum.accumulate(sold, axis=-1) if weekly.shape[-1] else sold, weekly, np.nan))


def _known_last(series: FloatArray) -> FloatArray:
    """The known values in their order at the end, missing ones before them."""
    return np.take_along_axis(series, np.argsort(np.isfinite(series), axis=-1, kind="stable"), axis=-1)


def _moving_mean(series: FloatArray, weeks: int) -> FloatArray:
    """The mean (…, t) of the `weeks` up to each; NaN where one of them is not known or before the series."""
    t = series.shape[-1]
    means = np.full(series.shape, np.nan)
    if t >= weeks:
        windows = np.lib.stride_tricks.sliding_window_view(series, weeks, axis=-1)
        means[..., weeks - 1 :] = windows.mean(axis=-1)
    return means


def _last(series: FloatArray) -> FloatArray:
    """The last value (…); NaN of an empty series."""
    return series[..., -1] if series.shape[-1] else np.full(series.shape[:-1], np.nan)


def log_trend(series: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Least-squares slope (…) of ln(1 + y) a period over the known ones, and its two-sided p-value (Student's t); at least three periods.

    A series that lies on a line has the p-value 0, a flat one 1.
    """
    from scipy.special import stdtr

    known = np.isfinite(series)
    count = known.sum(axis=-1).astype(np.float64)
    # An index of the known periods alone: the weeks between them have not been.
    at = np.where(known, np.cumsum(known, axis=-1), 0.0)
    value = np.where(known, np.log1p(np.maximum(series, 0.0)), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = np.where(known, at - (at.sum(axis=-1) / count)[..., None], 0.0)
        value = np.where(known, value - (value.sum(axis=-1) / count)[..., None], 0.0)
        spread = (at * at).sum(axis=-1)
        slope = (at * value).sum(axis=-1) / spread
        residual = value - slope[..., None] * at
        unexplained = np.where(known, residual * residual, 0.0).sum(axis=-1)
        total = (value * value).sum(axis=-1)
        error = np.sqrt(unexplained / (count - 2.0) / spread)
        p_value = 2.0 * stdtr(count - 2.0, -np.abs(slope / error))
    flat, exact = total <= _DUST * count, unexplained <= _DUST * count
    p_value = np.where(flat, 1.0, np.where(exact, 0.0, p_value))
    enough = count >= 3.0
    return np.where(enough, np.where(flat, 0.0, slope), np.nan), np.where(enough, p_value, np.nan)


#: Squared deviations a period below this are rounding.
_DUST = 1e-24


def seasonally_adjusted(weekly: FloatArray, period: int = WEEKS) -> tuple[FloatArray, FloatArray]:
    """The series (…, t) without its season where it has one and holds two whole seasons at least, and the flag (…) that it has.

    Otherwise the series as it is, with the flag 0: a trough of a season that has been seen but once cannot be told from decline, and what
    is known to be seasonal by its category is kept from its end by `off_season` of the stage.
    """
    seasonal = is_seasonal(weekly, period) == 1.0
    adjusted = deseasonalised(weekly, seasonal_indices(weekly, period))
    return np.where(seasonal[..., None], adjusted, weekly), seasonal.astype(np.float64)
