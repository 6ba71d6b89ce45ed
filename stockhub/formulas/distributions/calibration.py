"""Variance made honest: a forecast's spread rescaled where its intervals have not held (science.md 2.6).

Formulas for the sum of independent days undercover real demand, which drifts. Backtests say by how much: the conformal factor makes the
interval as wide as it would have had to be.
"""

from __future__ import annotations

import numpy as np

from stockhub.formulas.distributions.standard_normal import standard_normal_quantile
from stockhub.formulas.elementwise import ROUNDING_TOLERANCE, FloatArray, N, at_least, both, explained, ratio, where

#: The central interval that is looked at, and how far its coverage may be off before variance is rescaled.
NOMINAL_COVERAGE = 0.9
COVERAGE_TOLERANCE = 0.05


def standardised_errors(errors: FloatArray, sd: FloatArray) -> FloatArray:
    """|error| / σ of each backtest window, arrays of one shape (…, windows); missing where a window has no deviation to compare with."""
    return np.abs(errors) / np.where(sd > 0, sd, np.nan)


def interval_coverage(scores: FloatArray, nominal: float = NOMINAL_COVERAGE) -> FloatArray:
    """The share of `standardised_errors` (…, windows) within the normal interval of nominal coverage; missing where there are none."""
    known = np.count_nonzero(~np.isnan(scores), axis=-1)
    within = np.count_nonzero(scores <= standard_normal_quantile(0.5 + nominal / 2.0), axis=-1)
    return np.where(known > 0, within / np.maximum(known, 1), np.nan)


def conformal_score(scores: FloatArray, nominal: float = NOMINAL_COVERAGE) -> FloatArray:
    """The ⌈(n+1)·nominal⌉-th smallest of `standardised_errors` (…, windows): within it the next error falls with the nominal probability.

    Missing where there are too few windows to say so, fewer than 9 for 90 % (Vovk, Gammerman and Shafer 2005).
    """
    known = np.count_nonzero(~np.isnan(scores), axis=-1)
    place = np.ceil((known + 1) * nominal - ROUNDING_TOLERANCE).astype(np.intp) - 1
    ordered = np.concatenate([np.sort(scores, axis=-1), np.full((*scores.shape[:-1], 1), np.nan)], axis=-1)
    score = np.take_along_axis(ordered, np.minimum(place, scores.shape[-1])[..., None], axis=-1)[..., 0]
    return np.where(place < known, score, np.nan)


@explained(unit="1")
def variance_factor(coverage: N, score: N, nominal: float = NOMINAL_COVERAGE, tolerance: float = COVERAGE_TOLERANCE) -> N:
    """What to multiply variance with: 1 where the interval's coverage is within 0.85 to 0.95, else (score / z)², z the nominal quantile.

    `coverage` is `interval_coverage`, `score` the `conformal_score`.
    """
    held = both(at_least(tolerance + ROUNDING_TOLERANCE, coverage - nominal), at_least(tolerance + ROUNDING_TOLERANCE, nominal - coverage))
    wider: N = ratio(score, standard_normal_quantile(0.5 + nominal / 2.0))
    return where(held, 1.0, wider * wider)


@explained(unit="unit²")
def calibrated_variance(variance: N, factor: N) -> N:
    """The variance to plan with."""
    return variance * factor
