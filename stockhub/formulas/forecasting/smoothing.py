"""Exponential smoothing with given constants (D14, H22; science.md 2.3; Brown 1956; Holt 1957; Gardner and McKenzie 1985; Winters 1960).

A matrix is (n, t), all series at once, one step a period; constants and first states are numbers or (n,). A period that is missing (NaN)
brings no news: the state moves on as forecast. Forecasts are (n, h).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from stockhub.formulas.elementwise import FloatArray, N, explained
from stockhub.formulas.errors import InvalidParameterError


@dataclass(frozen=True, slots=True)
class TrendState:
    """Level (n,) and trend a period (n,) after the last period."""

    level: FloatArray
    trend: FloatArray


@dataclass(frozen=True, slots=True)
class SeasonState:
    """Level (n,), trend (n,), and the season (n, m) of the next m periods."""

    level: FloatArray
    trend: FloatArray
    season: FloatArray


@explained(unit="unit/period")
def smoothed_level(level: N, observed: N, alpha: N | float) -> N:
    """One step, α·y + (1 − α)·l: a level of 100, 120 observed and α = .3 are 106 (D14)."""
    return observed * alpha + level * (1.0 - alpha)


def ses_level(series: FloatArray, alpha: ArrayLike, initial_level: ArrayLike | None = None) -> FloatArray:
    """Simple exponential smoothing: the level (n,) after the last period, which is the forecast of every later one.

    It starts at `initial_level`, or without one at the first known period; missing where there is none.
    """
    check_constant("alpha", alpha)
    level = np.full(len(series), np.nan) if initial_level is None else np.broadcast_to(np.asarray(initial_level, np.float64), len(series))
    for observed in np.ascontiguousarray(series.T):
        stepped = np.where(np.isnan(level), observed, smoothed_level(level, observed, np.asarray(alpha)))
        level = np.where(np.isnan(observed), level, stepped)
    return np.array(level)


def holt_state(
    series: FloatArray, alpha: ArrayLike, beta: ArrayLike, initial_level: ArrayLike, initial_trend: ArrayLike, phi: ArrayLike = 1.0
) -> TrendState:
    """Holt's level and trend, the trend damped by φ a period; φ = 1 damps nothing. β smooths the trend as a share of 1, not of α."""
    for name, constant in (("alpha", alpha), ("beta", beta), ("phi", phi)):
        check_constant(name, constant)
    level, trend = (np.array(np.broadcast_to(np.asarray(first, np.float64), len(series))) for first in (initial_level, initial_trend))
    a, b, damping = np.asarray(alpha), np.asarray(beta), np.asarray(phi)
    for observed in np.ascontiguousarray(series.T):
        damped = damping * trend
        ahead = level + damped
        moved = a * observed + (1.0 - a) * ahead
        known = ~np.isnan(observed)
        trend = np.where(known, b * (moved - level) + (1.0 - b) * damped, damped)
        level = np.where(known, moved, ahead)
    return TrendState(level, trend)


def trend_forecast(state: TrendState, horizon: int, phi: ArrayLike = 1.0) -> FloatArray:
    """The next `horizon` periods (n, h): level + Σ_{i=1..h} φ^i · trend."""
    return state.level[:, None] + state.trend[:, None] * _damped_steps(phi, horizon)


def holt_winters_state(
    series: FloatArray,
    *,
    alpha: ArrayLike,
    beta: ArrayLike,
    gamma: ArrayLike,
    initial_level: ArrayLike,
    initial_trend: ArrayLike,
    initial_season: FloatArray,
    phi: ArrayLike = 1.0,
    multiplicative: bool = False,
) -> SeasonState:
    """Level, trend and season by Holt and Winters. `initial_season` (n, m) or (m,) is added to the level, or multiplies it.

    A multiplicative series whose level falls to 0 has no season any more: missing.
    """
    for name, constant in (("alpha", alpha), ("beta", beta), ("gamma", gamma), ("phi", phi)):
        check_constant(name, constant)
    level, trend = (np.array(np.broadcast_to(np.asarray(first, np.float64), len(series))) for first in (initial_level, initial_trend))
    season = np.array(np.broadcast_to(initial_season, (len(series), initial_season.shape[-1])), np.float64)
    a, b, g, damping = (np.asarray(constant, np.float64) for constant in (alpha, beta, gamma, phi))
    for period, observed in enumerate(np.ascontiguousarray(series.T)):
        place = period % season.shape[1]
        damped = damping * trend
        ahead, index = level + damped, season[:, place]
        known = ~np.isnan(observed)
        with np.errstate(divide="ignore", invalid="ignore"):
            adjusted = observed / index if multiplicative else observed - index
            ours = observed / ahead if multiplicative else observed - ahead
        moved = a * adjusted + (1.0 - a) * ahead
        trend = np.where(known, b * (moved - level) + (1.0 - b) * damped, damped)
        level = np.where(known, moved, ahead)
        season[:, place] = np.where(known, g * ours + (1.0 - g) * index, index)
    season = np.roll(season, -(series.shape[1] % season.shape[1]), axis=1)
    return SeasonState(*(np.where(np.isfinite(part), part, np.nan) for part in (level, trend, season)))


def season_forecast(state: SeasonState, horizon: int, phi: ArrayLike = 1.0, *, multiplicative: bool = False) -> FloatArray:
    """The next `horizon` periods (n, h) of level, damped trend and season."""
    ahead = trend_forecast(TrendState(state.level, state.trend), horizon, phi)
    season = state.season[:, np.arange(horizon) % state.season.shape[1]]
    return ahead * season if multiplicative else ahead + season


def check_constant(name: str, constant: ArrayLike) -> None:
    """InvalidParameterError unless a smoothing constant, or each of an array of them, is from 0 to 1."""
    values = np.asarray(constant, np.float64)
    if not ((values >= 0) & (values <= 1)).all():
        raise InvalidParameterError(name, constant, "a smoothing constant from 0 to 1")


def _damped_steps(phi: ArrayLike, horizon: int) -> FloatArray:
    """φ + φ² + … + φ^h for h = 1 … horizon, (1, h) or (n, h)."""
    base = np.asarray(phi, np.float64).reshape(-1, 1)
    return np.cumsum(base ** np.arange(1, horizon + 1), axis=1)
