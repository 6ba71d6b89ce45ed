"""The smoothed level after every day of a history, with the alpha that had been best up to then."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub_forecasters.kernels.jit import compiled


@compiled
def running_levels(demand: NDArray[np.float64], counts: NDArray[np.bool_], alphas: NDArray[np.float64]) -> NDArray[np.float64]:
    """Levels (n, t + 1) of `demand` (n, t) over the days that count (n, t); column j is known after the first j days.

    Each alpha (k,) runs beside the others, starting as the running mean until that is slower than itself. The level shown is that of the
    alpha with the least squared one-day-ahead error so far. Days that do not count leave it as it is; 0 before the first that does.
    """
    n, t = demand.shape
    levels = np.zeros((n, t + 1))
    k = alphas.size
    level = np.zeros(k)
    squares = np.zeros(k)
    for i in range(n):
        level[:] = 0.0
        squares[:] = 0.0
        seen = 0
        best = 0
        for j in range(t):
            if counts[i, j]:
                slowest = 1.0 / (seen + 1)
                for a in range(k):
                    error = demand[i, j] - level[a]
                    if seen > 0:
                        squares[a] += error * error
                    level[a] += max(alphas[a], slowest) * error
                    if squares[a] < squares[best]:
                        best = a
                seen += 1
            levels[i, j + 1] = level[best]
    return levels
