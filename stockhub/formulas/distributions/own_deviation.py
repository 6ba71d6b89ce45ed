"""What a SKU's own demand says of its safety stock, beside the calibrated quantile of lead-time demand (docs/adr/0042).

A quantile that is learned over all SKUs is right on average and uncertain for each; so is the deviation of a SKU's own days. Their errors
have little to do with each other, and the geometric mean of both needs less stock for the same fill rate than either.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray, N, explained, positive_part, root, where

#: Days that a SKU's own deviation looks back, and those in stock among them that it needs: sixteen weeks, four of them at least.
DEVIATION_DAYS: Final = 112
LEAST_DAYS: Final = 28


def own_deviation(values: NDArray[np.floating[Any]], observed: NDArray[np.bool_]) -> FloatArray:
    """The deviation (n,) in units of each SKU's daily demand (n, t) over the last `DEVIATION_DAYS` that are observed (n, t).

    Missing where fewer than `LEAST_DAYS` are. The plain second moment, divided by the number of days.
    """
    last = np.asarray(values[:, -DEVIATION_DAYS:], np.float64)
    seen = observed[:, -DEVIATION_DAYS:] & np.isfinite(last)
    count = seen.sum(axis=1)
    at_least_one = np.maximum(count, 1)
    mean = np.where(seen, last, 0.0).sum(axis=1) / at_least_one
    square = np.where(seen, (last - mean[:, None]) ** 2, 0.0).sum(axis=1) / at_least_one
    return np.where(count >= LEAST_DAYS, np.sqrt(square), np.nan)


def usual_excess(quantiles: NDArray[np.floating[Any]], expected: FloatArray, deviation: FloatArray) -> FloatArray:
    """How many of a SKU's own deviations its quantile usually lies above its mean, (q, l), learned from SKUs (n,).

    Of quantiles (n, q, l), what is expected (n, l), and deviations (n,): the square of the mean of sqrt((Q − m) / σ) over the SKUs where
    both are above 0; 0 where there is none. It is c·z·√time of the textbook, with a c that keeps the general service level. The median did
    not: it is less where some SKUs need far more than others (docs/adr/0042).
    """
    able = deviation > 0
    excess = np.asarray(quantiles[able], np.float64) - expected[able][:, None, :]
    with np.errstate(invalid="ignore"):
        roots = np.sqrt(np.where(excess > 0, excess / deviation[able][:, None, None], np.nan))
    found = np.zeros(quantiles.shape[1:])
    some = ~np.isnan(roots).all(axis=0)
    found[some] = np.nanmean(roots[:, some], axis=0) ** 2
    return found


@explained(unit="unit")
def own_excess(own_sd: N, usual_deviations: N) -> N:
    """Units above the mean by the SKU's own deviation, σ·u: what SKUs of this deviation usually need."""
    return own_sd * usual_deviations


@explained(unit="unit")
def excess_demand(demand_quantile: N, expected_demand: N, rests_on_own_deviation: N, own_sd: N, usual_deviations: N) -> N:
    """Units above the mean that are kept: sqrt((Q − m)₊ · σ·u), and (Q − m)₊ alone where the flag says that σ·u is unknown or nothing."""
    calibrated = positive_part(demand_quantile - expected_demand)
    return where(rests_on_own_deviation, root(calibrated * own_excess(own_sd, usual_deviations)), calibrated)


def rests_on_own_deviation(own_sd: FloatArray, usual_deviations: FloatArray) -> FloatArray:
    """1 (n,) where the SKU's own deviation says something of its safety stock, else 0: it is unknown, or nothing varies."""
    return (np.nan_to_num(own_excess(own_sd, usual_deviations)) > 0).astype(np.float64)
