"""Averages over the last days, plain and weighted by period."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub_forecasters.kernels.jit import compiled


@compiled
def _weighted_mean(sums: NDArray[np.float64], end: int, weights: NDArray[np.float64], period: int) -> float:
    """The forecast from days 0 to `end - 1`, whose running totals are `sums` (`sums[j]` is the total of the first j days)."""
    total = 0.0
    weight_of_days = 0.0
    for k in range(weights.size):
        newest = end - k * period
        if newest <= 0:
            break
        oldest = max(newest - period, 0)
        total += weights[k] * (sums[newest] - sums[oldest])
        weight_of_days += weights[k] * (newest - oldest)
    return total / weight_of_days if weight_of_days > 0.0 else np.nan


@compiled
def period_means(
    days: NDArray[np.float32], counts: NDArray[np.int64], weights: NDArray[np.float64], period: int, tail: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Levels, errors and error counts of an average over the last periods of `period` days, newest first, weighted by `weights` (k,).

    One weight is the moving average of `period` days. Each day of period k weighs `weights[k] / period`; where history is shorter, the
    weights are scaled to the days that there are.
    """
    n, t = days.shape
    levels = np.full(n, np.nan)
    errors = np.empty((n, tail))
    error_counts = np.zeros(n, np.int64)
    sums = np.empty(t + 1)
    for i in range(n):
        count = counts[i]
        # Only the days that a forecast below reaches are summed.
        first = max(count - tail - weights.size * period, 0)
        known = count - first
        sums[0] = 0.0
        for j in range(known):
            sums[j + 1] = sums[j] + days[i, first + j]
        levels[i] = _weighted_mean(sums, known, weights, period)
        kept = 0
        for j in range(max(known - tail, 1), known):
            errors[i, kept] = days[i, first + j] - _weighted_mean(sums, j, weights, period)
            kept += 1
        error_counts[i] = kept
    return levels, errors, error_counts
