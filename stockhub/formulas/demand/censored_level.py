"""Which estimate of a level to trust where some days ran out, and the level (science.md 1.2 c)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from stockhub.formulas.demand.censored_counts import censored_negative_binomial, censored_poisson_rate
from stockhub.formulas.demand.censoring import BoolArray, mean_of_all_days, too_censored
from stockhub.formulas.elementwise import FloatArray, N, explained, greater, where
from stockhub.values import Metric

#: Variance over mean from which demand is lumpier than Poisson allows.
OVERDISPERSED_FROM = 1.2

#: What `level_estimator` answers, and the slugs in that order.
ANALOGUES, POISSON, NEGATIVE_BINOMIAL = 0.0, 1.0, 2.0
LEVEL_ESTIMATORS: Final = ("analogues", "poisson", "negative_binomial")


@dataclass(frozen=True, slots=True)
class CensoredLevels:
    """The level (n,) a day, missing where analogues have to tell it, and the `estimator` (n,) that was taken."""

    level: FloatArray
    estimator: FloatArray


@explained(unit="code")
def level_estimator(variance: N, mean: N, censored_days: N, days: N) -> N:
    """Poisson; the negative binomial above a variance of 1.2 times the mean; analogues with more than 70 % of days censored."""
    counted = where(greater(variance, mean * OVERDISPERSED_FROM), NEGATIVE_BINOMIAL, POISSON)
    return where(too_censored(censored_days, days), ANALOGUES, counted)


def censored_levels(sales: FloatArray, censored: BoolArray) -> CensoredLevels:
    """The level of demand over days (n, t), NaN for those that say nothing, each series by the estimator that suits it."""
    known = ~np.isnan(sales)
    days, cut = known.sum(axis=1), (known & censored).sum(axis=1)
    mean = mean_of_all_days(sales)
    squares = np.where(known, (sales - mean[:, None]) ** 2, 0.0).sum(axis=1)
    variance = np.where(days > 0, squares / np.maximum(days, 1), np.nan)
    estimator = level_estimator(variance, mean, np.where(days > 0, cut, np.nan), days.astype(np.float64))
    level = np.full(len(sales), np.nan)
    for code, estimate in ((POISSON, censored_poisson_rate), (NEGATIVE_BINOMIAL, _negative_binomial_mean)):
        rows = np.flatnonzero(estimator == code)
        level[rows] = estimate(sales[rows], censored[rows])
    return CensoredLevels(level, estimator)


def censored_level_metric(sales: FloatArray, censored: BoolArray) -> Metric:
    """One series (t,) at the boundary: no number and the reason NO_DATA without a day, TOO_CENSORED where too many ran out."""
    found = censored_levels(sales[None, :], censored[None, :])
    level = float(found.level[0])
    if not np.isnan(level):
        return Metric(level, "unit/day")
    return Metric(None, "unit/day", reason="TOO_CENSORED" if found.estimator[0] == ANALOGUES else "NO_DATA")


def _negative_binomial_mean(sales: FloatArray, censored: BoolArray) -> FloatArray:
    return censored_negative_binomial(sales, censored).mean
