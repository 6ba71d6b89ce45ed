"""Forecasts changed by what is planned and said: factors, locks and closures on means and quantiles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.forecasting import ChainResult
from stockhub.demand.plans.effects import Effects

Floats = NDArray[np.float64]
#: Weeks of a forecast by which the deviation of its errors is scaled: those that the snapshot's rate is the mean of.
SCALED_DAYS = 28


def adjust(result: ChainResult, effects: Effects, quantile_levels: tuple[float, ...]) -> None:
    """Changes the forecasts (n, h) in place. Rows without a forecast stay without one, except where all days are locked.

    A day's quantiles grow with its mean; where a lock stands on a day that was to sell nothing, they are those of a Poisson count.
    """
    before = result.mean.astype(np.float64)
    locked = ~np.isnan(effects.locked)
    lockable = locked.all(axis=1) & np.isnan(before).any(axis=1)
    before[lockable] = 0.0
    wanted = np.where(locked, effects.locked, before * effects.factors)
    wanted = np.where(effects.closed & ~locked, 0.0, wanted)
    changed = np.flatnonzero(((wanted != before) & ~np.isnan(before)).any(axis=1) | lockable)
    if not len(changed):
        return
    old, new = before[changed], wanted[changed]
    result.mean[changed] = new
    _move_quantiles(result, changed, old, new, quantile_levels, all_days=bool(lockable.any()))
    total = old[:, :SCALED_DAYS].sum(axis=1)
    grown = new[:, :SCALED_DAYS].sum(axis=1) / np.where(total > 0, total, 1.0)
    result.error_sd[changed] *= np.where(total > 0, grown, 1.0).astype(np.float32)
    for row in np.flatnonzero(lockable).tolist():
        result.model_used[row] = "locked"


def _move_quantiles(
    result: ChainResult, rows: NDArray[np.intp], old: Floats, new: Floats, quantile_levels: tuple[float, ...], *, all_days: bool
) -> None:
    """Of rows whose means were `old` (m, h) and are `new`, on the days that change in any of them: events touch few of a quarter's days."""
    days = np.arange(old.shape[1]) if all_days else np.flatnonzero((old != new).any(axis=0))
    old, new = old[:, days], new[:, days]
    scale = np.where(old > 0, new / np.where(old > 0, old, 1.0), 0.0)
    at = (rows[:, None, None], np.arange(result.quantiles.shape[1])[None, :, None], days[None, None, :])
    quantiles = np.nan_to_num(result.quantiles[at]) * scale[:, None, :]
    from_nothing = (old <= 0) & (new > 0)
    if from_nothing.any():
        from scipy.stats import poisson

        counts = poisson.ppf(np.array(quantile_levels)[None, :, None], new[:, None, :])
        quantiles = np.where(from_nothing[:, None, :], counts, quantiles)
    result.quantiles[at] = quantiles
