"""Simple exponential smoothing (Brown 1956; Holt 1957), and the search for its alpha."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub_forecasters.kernels.jit import compiled

#: Series that are searched side by side. Each is a lane of a vector register, so that the recursion over days, which has to wait for its
#: own last step, keeps the processor busy all the same. 32 lanes of a year of float32 fit the first-level cache.
LANES: Final = 32
_GOLDEN_RATIO: Final = (5.0**0.5 + 1.0) / 2.0
#: Width of the bracket at which the search stops.
_TOLERANCE: Final = 1e-12


@compiled
def ses_levels(
    days: NDArray[np.float32], counts: NDArray[np.int64], alphas: NDArray[np.float64], tail: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Levels, errors and error counts of smoothing each series with its own alpha (n,), the first day being the first level."""
    n = days.shape[0]
    levels = np.full(n, np.nan)
    errors = np.empty((n, tail))
    error_counts = np.zeros(n, np.int64)
    for i in range(n):
        count = counts[i]
        if count == 0:
            continue
        alpha = alphas[i]
        level = np.float64(days[i, 0])
        kept = 0
        for j in range(1, count):
            level = alpha * days[i, j - 1] + (1.0 - alpha) * level
            if j >= count - tail:
                errors[i, kept] = days[i, j] - level
                kept += 1
        levels[i] = alpha * days[i, count - 1] + (1.0 - alpha) * level
        error_counts[i] = kept
    return levels, errors, error_counts


@compiled
def _squared_errors(
    block: NDArray[np.floating],
    counts: NDArray[np.int64],
    alphas: NDArray[np.float64],
    levels: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    """The sum of squared one-step-ahead errors of each lane of `block` (t, LANES) with its alpha (LANES,), into `out`."""
    shortest = counts.min()
    for k in range(LANES):
        levels[k] = block[0, k]
        out[k] = 0.0
    for j in range(1, shortest):
        for k in range(LANES):
            level = alphas[k] * block[j - 1, k] + (1.0 - alphas[k]) * levels[k]
            error = block[j, k] - level
            levels[k] = level
            out[k] += error * error
    for j in range(max(shortest, 1), counts.max()):
        for k in range(LANES):
            if j < counts[k]:
                level = alphas[k] * block[j - 1, k] + (1.0 - alphas[k]) * levels[k]
                error = block[j, k] - level
                levels[k] = level
                out[k] += error * error


@compiled
def _search_block(block: NDArray[np.floating], counts: NDArray[np.int64], lower: float, upper: float, alphas: NDArray[np.float64]) -> None:
    """Golden-section search in every lane at once, until the last one has stopped; writes `alphas` (LANES,)."""
    levels = np.empty(LANES)
    low = np.full(LANES, lower)
    high = np.full(LANES, upper)
    left = high - (high - low) / _GOLDEN_RATIO
    right = low + (high - low) / _GOLDEN_RATIO
    left_sum = np.empty(LANES)
    right_sum = np.empty(LANES)
    _squared_errors(block, counts, left, levels, left_sum)
    _squared_errors(block, counts, right, levels, right_sum)
    trial = np.empty(LANES)
    trial_sum = np.empty(LANES)
    goes_left = np.zeros(LANES, np.bool_)
    stopped = np.zeros(LANES, np.bool_)
    while True:
        for k in range(LANES):
            stopped[k] |= high[k] - low[k] < _TOLERANCE or left_sum[k] == right_sum[k]
            if stopped[k]:
                continue
            goes_left[k] = left_sum[k] < right_sum[k]
            if goes_left[k]:
                high[k], right[k], right_sum[k] = right[k], left[k], left_sum[k]
                trial[k] = left[k] = high[k] - (high[k] - low[k]) / _GOLDEN_RATIO
            else:
                low[k], left[k], left_sum[k] = left[k], right[k], right_sum[k]
                trial[k] = right[k] = low[k] + (high[k] - low[k]) / _GOLDEN_RATIO
        if stopped.all():
            break
        _squared_errors(block, counts, trial, levels, trial_sum)
        for k in range(LANES):
            if not stopped[k]:
                if goes_left[k]:
                    left_sum[k] = trial_sum[k]
                else:
                    right_sum[k] = trial_sum[k]
    alphas[:] = (low + high) / 2.0


@compiled
def best_alphas(
    days: NDArray[np.floating], counts: NDArray[np.int64], order: NDArray[np.int64], lower: float, upper: float
) -> NDArray[np.float64]:
    """The alpha (n,) in [lower, upper] with the least squared one-step-ahead error, by golden-section search.

    The bracket starts as the bounds and shrinks until it is narrower than 1e-12 or until both inner points have equal sums, as on a series
    whose forecasts never matter; its middle is the answer. A search this plain is what statsforecast 2.1 does, too, and because every
    operation here is the same IEEE operation in the same order, the alphas are the same to the last bit, on flat sums as well. The sum is
    not always unimodal in alpha; golden-section search then finds a local minimum, and here the same one.

    `order` (n,) lists the series by their counts: equal lengths side by side waste no lanes. It does not change a result. `days` may be
    float64 as well, as sums of days are.
    """
    n, t = days.shape
    alphas = np.full(n, np.nan)
    block = np.zeros((t, LANES), days.dtype)
    lane_counts = np.empty(LANES, np.int64)
    lane_alphas = np.empty(LANES)
    for start in range(0, n, LANES):
        for k in range(LANES):
            # The last block is filled up with copies of its last series.
            i = order[min(start + k, n - 1)]
            lane_counts[k] = counts[i]
            for j in range(counts[i]):
                block[j, k] = days[i, j]
        _search_block(block, lane_counts, lower, upper, lane_alphas)
        for k in range(min(LANES, n - start)):
            alphas[order[start + k]] = lane_alphas[k]
    return alphas
