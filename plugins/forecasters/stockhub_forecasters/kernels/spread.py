"""How far one-step-ahead forecasts were off."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub_forecasters.kernels.jit import compiled


@compiled
def error_spread(
    errors: NDArray[np.float64], error_counts: NDArray[np.int64], quantile_levels: NDArray[np.float64], fewest: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Quantiles (n, q) and standard deviation (n,) of each series' errors; NaN where there are fewer than `fewest`.

    The quantile of order p is the (m + 1)·p-th smallest of m errors, interpolated between two and held at the ends (type 6 of Hyndman & Fan
    1996): the next error of an exchangeable row is below it with probability p. The deviation is about the mean, with m - 1.
    """
    n = errors.shape[0]
    quantiles = np.full((n, quantile_levels.size), np.nan)
    deviations = np.full(n, np.nan)
    for i in range(n):
        count = error_counts[i]
        if count < fewest:
            continue
        row = np.sort(errors[i, :count])
        mean = row.mean()
        deviations[i] = np.sqrt(((row - mean) ** 2).sum() / (count - 1))
        for k in range(quantile_levels.size):
            position = min(max((count + 1) * quantile_levels[k] - 1.0, 0.0), count - 1.0)
            below = int(position)
            above = min(below + 1, count - 1)
            quantiles[i, k] = row[below] + (position - below) * (row[above] - row[below])
    return quantiles, deviations
