"""Demand that is mostly zero: Croston's method with the Syntetos-Boylan correction, and TSB."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub_forecasters.kernels.jit import compiled


@compiled
def croston_sba(
    days: NDArray[np.float32], counts: NDArray[np.int64], alpha: float, tail: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Levels, errors and error counts of (1 - alpha/2) · size / interval (Croston 1972; Syntetos & Boylan 2005).

    Size and interval are smoothed with `alpha` at each day with demand and start at the first demand and its distance from the day before
    the first one. NaN where a series has no demand; errors start after the first demand.
    """
    n = days.shape[0]
    levels = np.full(n, np.nan)
    errors = np.empty((n, tail))
    error_counts = np.zeros(n, np.int64)
    correction = 1.0 - alpha / 2.0
    for i in range(n):
        size = 0.0
        interval = 0.0
        last = -1
        kept = 0
        for j in range(counts[i]):
            value = days[i, j]
            if j >= counts[i] - tail and interval > 0.0:
                errors[i, kept] = value - correction * (size / interval)
                kept += 1
            if value > 0.0:
                if interval == 0.0:
                    size = np.float64(value)
                    interval = np.float64(j - last)
                else:
                    size = alpha * value + (1.0 - alpha) * size
                    interval = alpha * (j - last) + (1.0 - alpha) * interval
                last = j
        if interval > 0.0:
            levels[i] = correction * (size / interval)
        error_counts[i] = kept
    return levels, errors, error_counts


@compiled
def tsb(
    days: NDArray[np.float32], counts: NDArray[np.int64], alpha_size: float, alpha_probability: float, tail: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Levels, errors and error counts of probability · size (Teunter, Syntetos & Babai 2011).

    The probability of demand is smoothed every day and starts at 0 or 1, as the first day; the size is smoothed at each day with demand and
    starts at the first demand. Without any demand the probability, and so the forecast, is 0.
    """
    n = days.shape[0]
    levels = np.full(n, np.nan)
    errors = np.empty((n, tail))
    error_counts = np.zeros(n, np.int64)
    for i in range(n):
        count = counts[i]
        if count == 0:
            continue
        size = 0.0
        probability = 0.0
        kept = 0
        for j in range(count):
            value = days[i, j]
            if j >= max(count - tail, 1):
                errors[i, kept] = value - probability * size
                kept += 1
            happened = 1.0 if value > 0.0 else 0.0
            probability = happened if j == 0 else alpha_probability * happened + (1.0 - alpha_probability) * probability
            if value > 0.0:
                size = np.float64(value) if size == 0.0 else alpha_size * value + (1.0 - alpha_size) * size
        levels[i] = probability * size
        error_counts[i] = kept
    return levels, errors, error_counts
