"""What the launches of like SKUs tell about a new one (D13; science.md 1.5).

A launch curve is demand a week from the launch on, over its mean of the first 12 weeks. A plateau is what demand settles at.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray, N, explained, ratio
from stockhub.formulas.errors import InvalidParameterError

#: Most SKUs that are taken as like a new one.
MOST_ANALOGUES = 10
#: Weeks whose mean a launch curve is measured by.
LAUNCH_WEEKS = 12
#: Weeks at the end of a launch that are its plateau.
PLATEAU_WEEKS = 4


def attribute_distances(new: NDArray[np.int64], known: NDArray[np.int64], weights: FloatArray) -> FloatArray:
    """Σ weights of the attributes that differ, (n, m), between new SKUs (n, a) and known ones (m, a).

    Attributes are codes: category, price band, brand, season, channel; a code below 0 is unknown and like none.
    """
    distances = np.zeros((len(new), len(known)))
    for attribute, weight in enumerate(weights.tolist()):
        ours, theirs = new[:, attribute, None], known[None, :, attribute]
        distances += weight * ((ours != theirs) | (ours < 0))
    return distances


def analogue_weights(distances: FloatArray, most: int = MOST_ANALOGUES) -> FloatArray:
    """Weights (n, m) of known SKUs for new ones, ∝ exp(−distance) for the `most` nearest and 0 for the rest; a row sums to 1.

    NaN distances are of SKUs that may not be taken; a row without any other is all 0. Of equal distances the one listed first is nearer.
    """
    if most < 1:
        raise InvalidParameterError("most", most, "at least one analogue")
    rank = np.argsort(np.argsort(distances, axis=1, kind="stable"), axis=1, kind="stable")
    taken = (rank < most) & ~np.isnan(distances)
    nearest = np.where(taken, distances, np.inf).min(axis=1, keepdims=True, initial=np.inf)
    # Measured from the nearest, so that the weights of a SKU far from all do not vanish together.
    raw = np.exp(np.where(taken, np.where(np.isfinite(nearest), nearest, 0.0) - distances, -np.inf))
    sums = raw.sum(axis=1, keepdims=True)
    return raw / np.where(sums > 0, sums, 1.0)


def launch_curves(weekly: FloatArray) -> FloatArray:
    """Launch curves (m, w) of demand a week (m, w) from the launch on; missing for a SKU that sold nothing in its first 12 weeks."""
    first = weekly[:, :LAUNCH_WEEKS]
    known = ~np.isnan(first)
    mean = np.where(known, first, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return np.asarray(ratio(weekly, mean[:, None]))


def expected_curve(curves: FloatArray, weights: FloatArray) -> FloatArray:
    """The launch curve (n, w) to expect: the weighted mean of known ones (m, w), weeks that some have not reached being left to the others.

    Its first 12 weeks have a mean of 1 again, so that the rate that it multiplies is a week's demand. Missing without an analogue.
    """
    known = ~np.isnan(curves)
    support = weights @ known.astype(np.float64)
    mean = np.where(support > 0, weights @ np.where(known, curves, 0.0) / np.where(support > 0, support, 1.0), np.nan)
    return launch_curves(mean)


def analogue_moments(rates: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Weighted mean and variance (n,) of the rates (m,) of the analogues; missing rates are left out."""
    known = ~np.isnan(rates)
    share = weights * known
    sums = share.sum(axis=1, keepdims=True)
    share = np.where(sums > 0, share / np.where(sums > 0, sums, 1.0), np.nan)
    values = np.where(known, rates, 0.0)
    mean = share @ values
    return mean, (share * (values[None, :] - mean[:, None]) ** 2).sum(axis=1)


def first_week_shares(weekly: FloatArray) -> FloatArray:
    """The first week of a launch over its plateau, the mean of weeks 9 to 12 (m,), from demand a week (m, w).

    Missing for a SKU that has no 12 weeks yet or no plateau.
    """
    if weekly.shape[1] < LAUNCH_WEEKS:
        return np.full(len(weekly), np.nan)
    return np.asarray(ratio(weekly[:, 0], weekly[:, LAUNCH_WEEKS - PLATEAU_WEEKS : LAUNCH_WEEKS].mean(axis=1)))


def weighted_quantile(values: FloatArray, weights: FloatArray, probability: float) -> float:
    """The least of the values (m,) at or below which lies a share of the weights (m,); missing values weigh nothing."""
    if not 0.0 <= probability <= 1.0:
        raise InvalidParameterError("probability", probability, "a probability from 0 to 1")
    used = ~np.isnan(values) & (weights > 0)
    if not used.any():
        return float("nan")
    order = np.argsort(values[used], kind="stable")
    cumulated = np.cumsum(weights[used][order])
    place = int(np.searchsorted(cumulated, probability * cumulated[-1] * (1.0 - 1e-12)))
    return float(values[used][order][place])


@explained(unit="unit/week")
def expected_plateau(first_week: N, first_week_share: N) -> N:
    """The demand that a launch settles at, from its first week and the share that this was with like SKUs (D13).

    With the low and the high share of `weighted_quantile` it gives the upper and the lower end of the band.
    """
    return ratio(first_week, first_week_share)
