"""How honest forecasts were about what they did not know (science.md 2.1; Gneiting and Raftery 2007, JASA 102).

Truth is (…, h) and measures (…,), means over the days whose truth is known; lower is better, except for coverage.
"""

from __future__ import annotations

import numpy as np

from stockhub.formulas.elementwise import FloatArray, N, explained, maximum
from stockhub.formulas.errors import InvalidParameterError


@explained(unit="unit")
def pinball(actual: N, quantile: N, probability: N | float) -> N:
    """The loss of a quantile, max(τ(y − q), (τ − 1)(y − q)): too low costs τ a unit, too high 1 − τ."""
    off = actual - quantile
    return maximum(off * probability, off * (probability - 1.0))


def pinball_loss(actual: FloatArray, quantile: FloatArray, probability: float) -> FloatArray:
    """The mean pinball (…,) of quantiles (…, h); InvalidParameterError for a probability outside of 0 to 1."""
    _check(probability)
    return _mean_known(np.asarray(pinball(actual, quantile, probability)), actual)


def coverage(actual: FloatArray, lower: FloatArray, upper: FloatArray) -> FloatArray:
    """The share of days (…,) that fell within their interval, both ends included."""
    inside = np.where(np.isnan(lower) | np.isnan(upper), np.nan, (actual >= lower) & (actual <= upper))
    return _mean_known(inside, actual)


def interval_score(actual: FloatArray, lower: FloatArray, upper: FloatArray, alpha: float) -> FloatArray:
    """Winkler's score (…,) of the central 1 − α interval: its width, and 2/α for each unit that the truth lies outside."""
    if not 0.0 < alpha < 1.0:
        raise InvalidParameterError("alpha", alpha, "a probability between 0 and 1, both exclusive")
    outside = np.maximum(lower - actual, 0.0) + np.maximum(actual - upper, 0.0)
    return _mean_known(upper - lower + outside * (2.0 / alpha), actual)


def ensemble_crps(actual: FloatArray, ensemble: FloatArray) -> FloatArray:
    """The continuous ranked probability score (…,) of samples (…, h, m), in energy form E|X − y| − ½E|X − X'|."""
    ordered = np.sort(ensemble, axis=-1)
    m = ensemble.shape[-1]
    if not m:
        return np.full(actual.shape[:-1], np.nan)
    # Σ_ij |x_i − x_j| of sorted numbers is 2·Σ_i (2i − m + 1)·x_i, which needs no pairs.
    spread = (ordered * (2.0 * np.arange(m) - m + 1.0)).sum(axis=-1) / m**2
    return _mean_known(np.abs(ensemble - actual[..., None]).mean(axis=-1) - spread, actual)


def uncrossed(quantiles: FloatArray, axis: int = -1) -> FloatArray:
    """Quantiles that ascend along the axis of their probabilities: each at least the one before it."""
    return np.maximum.accumulate(quantiles, axis=axis)


def _check(probability: float) -> None:
    if not 0.0 <= probability <= 1.0:
        raise InvalidParameterError("probability", probability, "a probability from 0 to 1")


def _mean_known(values: FloatArray, actual: FloatArray) -> FloatArray:
    known = ~np.isnan(actual)
    count = known.sum(axis=-1)
    return np.where(count > 0, np.where(known, values, 0.0).sum(axis=-1) / np.maximum(count, 1), np.nan)
