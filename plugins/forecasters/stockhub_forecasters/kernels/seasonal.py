"""The season before, day by day. Works on the calendar, because dropping a day would shift the weekdays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub_forecasters.kernels.jit import compiled


@compiled
def last_season(values: NDArray[np.float32], observed: NDArray[np.bool_], season: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The newest known value of each of the `season` phases, and how many days are known (counted up to `season`).

    `values` and `observed` (n, t). The answer (n, season) starts at the first forecast day. A phase that was never observed (a shop that
    closes on Saturdays) takes the mean of the phases that were.
    """
    n, t = values.shape
    latest = np.full((n, season), np.nan)
    known_days = np.zeros(n, np.int64)
    for i in range(n):
        known_phases = 0
        total = 0.0
        for back in range(1, t + 1):
            value = values[i, t - back]
            if not (observed[i, t - back] and np.isfinite(value)):
                continue
            known_days[i] = min(known_days[i] + 1, season)
            phase = (-back) % season
            if np.isnan(latest[i, phase]):
                latest[i, phase] = value
                total += value
                known_phases += 1
            if known_phases == season:
                break
        if 0 < known_phases < season:
            for phase in range(season):
                if np.isnan(latest[i, phase]):
                    latest[i, phase] = total / known_phases
    return latest, known_days


@compiled
def seasonal_errors(
    values: NDArray[np.float32], observed: NDArray[np.bool_], season: int, tail: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Known days minus the known day of the same phase before: the last `tail` of them, and how many they are."""
    n, t = values.shape
    errors = np.empty((n, tail))
    error_counts = np.zeros(n, np.int64)
    latest = np.empty(season)
    for i in range(n):
        latest[:] = np.nan
        seen = 0
        for j in range(t):
            value = values[i, j]
            if not (observed[i, j] and np.isfinite(value)):
                continue
            phase = j % season
            if not np.isnan(latest[phase]):
                errors[i, seen % tail] = value - latest[phase]
                seen += 1
            latest[phase] = value
        error_counts[i] = min(seen, tail)
    return errors, error_counts
