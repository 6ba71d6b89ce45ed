"""From a panel's calendar to the days on which something is known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub_forecasters.kernels.jit import compiled


@compiled
def observed_days(values: NDArray[np.float32], observed: NDArray[np.bool_]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Moves the known days of each series to the left and counts them.

    `values` and `observed` (n, t). A day is known when it is observed and its value is finite; NaN before the first day, days of a
    stock-out and days of a closed shop drop out alike, because their sales say nothing about demand.
    """
    n, t = values.shape
    days = np.empty((n, t), np.float32)
    counts = np.empty(n, np.int64)
    for i in range(n):
        count = 0
        for j in range(t):
            value = values[i, j]
            # Written always, counted only if known: a branch here would be mispredicted on intermittent closures.
            days[i, count] = value
            count += observed[i, j] & np.isfinite(value)
        counts[i] = count
    return days, counts
