"""Sums over buckets of days, in which intermittent demand looks less so (Nikolopoulos et al. 2011; Petropoulos & Kourentzes 2015)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub_forecasters.kernels.jit import compiled


@compiled
def mean_intervals(days: NDArray[np.float32], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The mean distance (n,) between days with demand, rounded to whole days, halves to the even one; 1 where there is no demand.

    The first distance is that from the day before the first one, as in Croston's method.
    """
    n = days.shape[0]
    intervals = np.ones(n, np.int64)
    for i in range(n):
        last = 0
        happened = 0
        for j in range(counts[i]):
            if days[i, j] != 0.0:
                last = j + 1
                happened += 1
        if happened > 0:
            intervals[i] = np.int64(np.rint(last / happened))
    return intervals


@compiled
def bucket_sums(
    days: NDArray[np.float32], counts: NDArray[np.int64], rows: NDArray[np.int64], bucket: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Sums of `bucket` days each for the series `rows` (k,), from the left, and how many buckets each has.

    Buckets end with the newest day; what is left over at the beginning drops out.
    """
    k = rows.size
    sums = np.empty((k, days.shape[1] // bucket))
    bucket_counts = np.empty(k, np.int64)
    for place in range(k):
        i = rows[place]
        buckets = counts[i] // bucket
        first = counts[i] - buckets * bucket
        for b in range(buckets):
            total = 0.0
            for j in range(first + b * bucket, first + (b + 1) * bucket):
                total += days[i, j]
            sums[place, b] = total
        bucket_counts[place] = buckets
    return sums, bucket_counts


@compiled
def add_smoothed(
    sums: NDArray[np.float64],
    bucket_counts: NDArray[np.int64],
    alphas: NDArray[np.float64],
    rows: NDArray[np.int64],
    counts: NDArray[np.int64],
    bucket: int,
    levels: NDArray[np.float64],
    paths: NDArray[np.float64],
) -> None:
    """Smooths the sums of each series with its alpha (k,) and adds what that gives a day to `levels` (n,) and `paths` (n, tail).

    A path holds the forecast of each of the last `tail` days as it was before the day's bucket began: NaN in the first bucket and before.
    """
    tail = paths.shape[1]
    for place in range(rows.size):
        i = rows[place]
        buckets = bucket_counts[place]
        newest = counts[i] - tail
        first = counts[i] - buckets * bucket
        level = np.nan
        for j in range(max(newest, 0), first):
            paths[i, j - newest] = np.nan
        for b in range(buckets):
            for j in range(max(first + b * bucket, newest), first + (b + 1) * bucket):
                paths[i, j - newest] += level / bucket
            level = sums[place, b] if b == 0 else alphas[place] * sums[place, b] + (1.0 - alphas[place]) * level
        levels[i] += level / bucket


@compiled
def path_errors(
    days: NDArray[np.float32], counts: NDArray[np.int64], paths: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Errors and error counts of the days whose forecast in `paths` (n, tail) is known."""
    n, tail = paths.shape
    errors = np.empty((n, tail))
    error_counts = np.zeros(n, np.int64)
    for i in range(n):
        kept = 0
        newest = counts[i] - tail
        for j in range(max(newest, 0), counts[i]):
            forecast = paths[i, j - newest]
            if not np.isnan(forecast):
                errors[i, kept] = days[i, j] - forecast
                kept += 1
        error_counts[i] = kept
    return errors, error_counts
