"""The level of counted demand by likelihood where some days ran out (science.md 1.2 c; Conrad 1976; Nahmias 1994).

A censored day says that demand was at least its sales. Arrays are (n, t): n series, t days, NaN for days that say nothing. Where every day
was censored there is no level: missing. With w = P(X ≥ s), the score of the Poisson rate λ is Σ_uncensored (s/λ − 1) + Σ_censored
P(X = s − 1)/w; it falls in λ, and its root lies between Σs/n and Σs/(uncensored days), because P(X = s) ≤ w.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.demand.censoring import BoolArray
from stockhub.formulas.elementwise import FloatArray

#: Sizes of the negative binomial that are searched, from lumpiest to as good as Poisson, in logarithms.
_LEAST_LOG_SIZE, _MOST_LOG_SIZE = float(np.log(0.05)), float(np.log(5000.0))
#: Coarse steps over them, of which the best is refined, since the likelihood may have more than one peak.
_SIZE_STEPS = 9
_REFINEMENTS = 28
_GOLDEN = (5.0**0.5 - 1.0) / 2.0
#: A mean is searched up to this multiple of the naive bound; the likelihood of very lumpy demand may rise for ever.
_WIDEST = 20.0


@dataclass(frozen=True, slots=True)
class NegativeBinomialLevel:
    """Mean (n,) and size r (n,) of demand with variance m + m²/r."""

    mean: FloatArray
    size: FloatArray


def censored_poisson_rate(sales: FloatArray, censored: BoolArray) -> FloatArray:
    """The rate (n,) a day of Poisson demand with right-censored days; 0 where nothing was sold on any day."""
    known, least, most = _bounds(sales, censored)

    def score(rate: FloatArray, row: NDArray[np.int64]) -> FloatArray:
        level, sold, used = rate[:, None], np.nan_to_num(sales[row]), known[row]
        cut = used & censored[row] & (sold > 0)
        exact = np.where(used & ~censored[row], sold / level - 1.0, 0.0)
        return np.asarray(np.where(cut, _poisson_hazard(np.maximum(sold, 1.0), level), exact).sum(axis=1))

    return _roots(score, least, most)


def censored_negative_binomial(sales: FloatArray, censored: BoolArray) -> NegativeBinomialLevel:
    """Mean and size of overdispersed demand with right-censored days, by the likelihood's profile over the size."""
    _, least, _ = _bounds(sales, censored)
    rows = np.flatnonzero(least > 0)
    mean, size = least.copy(), np.where(np.isnan(least), np.nan, np.exp(_MOST_LOG_SIZE))
    if rows.size:
        log_size = _best_log_sizes(sales[rows], censored[rows])
        size[rows] = np.exp(log_size)
        mean[rows] = _means_given_size(sales[rows], censored[rows], size[rows])
    return NegativeBinomialLevel(mean, size)


def negative_binomial_log_likelihood(sales: FloatArray, censored: BoolArray, mean: FloatArray, size: FloatArray) -> FloatArray:
    """Σ log P(X = s) over uncensored days + Σ log P(X ≥ s) over censored ones, (n,)."""
    from scipy.special import betainc, gammaln, xlog1py, xlogy

    sold, m, r = np.nan_to_num(sales), mean[:, None], size[:, None]
    exact = gammaln(sold + r) - gammaln(r) - gammaln(sold + 1.0) + xlogy(sold, m / (m + r)) + xlog1py(r, -m / (m + r))
    beyond = np.where(sold > 0, betainc(np.maximum(sold, 1.0), r, m / (m + r)), 1.0)
    terms = np.where(censored, np.log(np.maximum(beyond, np.finfo(np.float64).tiny)), exact)
    return np.asarray(np.where(np.isnan(sales), 0.0, terms).sum(axis=1))


def _bounds(sales: FloatArray, censored: BoolArray) -> tuple[BoolArray, FloatArray, FloatArray]:
    """Which days are known (n, t), and what the mean lies between (n,): missing where no day is both known and uncensored."""
    known = ~np.isnan(sales)
    units, exact_days = np.where(known, sales, 0.0).sum(axis=1), (known & ~censored).sum(axis=1)
    answerable = exact_days > 0
    least = np.where(answerable, units / np.maximum(known.sum(axis=1), 1), np.nan)
    return known, least, np.where(answerable, units / np.maximum(exact_days, 1), np.nan)


def _roots(score: Callable[[FloatArray, NDArray[np.int64]], FloatArray], least: FloatArray, most: FloatArray) -> FloatArray:
    """Where a falling score (n,) crosses 0 between two bounds (n,); the bound nearer to it where it does not."""
    from scipy.optimize.elementwise import find_root

    answer = least.copy()
    rows = np.flatnonzero(most > least)
    if rows.size:
        # The bounds themselves may be the root, which rounding hides: a hair wider, both have their signs.
        low, high = least[rows] * (1.0 - 1e-9), most[rows] * (1.0 + 1e-9)
        found = find_root(score, (low, high), args=(rows,), tolerances={"xrtol": 1e-11})
        answer[rows] = np.where(found.success, found.x, np.where(score(high, rows) > 0, high, low))
    return answer


def _poisson_hazard(sold: FloatArray, rate: FloatArray) -> FloatArray:
    """P(X = s − 1) / P(X ≥ s) for s ≥ 1."""
    from scipy.special import gammainc, gammaln, xlogy

    beyond = gammainc(sold, rate)
    at = np.exp(xlogy(sold - 1.0, rate) - rate - gammaln(sold))
    # Far above the rate both underflow; there P(X ≥ s) is P(X = s)·(1 + λ/(s+1) + …), and P(X = s − 1) is P(X = s)·s/λ.
    far = sold / rate * np.maximum(1.0 - rate / (sold + 1.0), 0.0)
    return np.where(beyond > 1e-290, at / np.maximum(beyond, 1e-290), far)


def _excess_mean(sold: FloatArray, mean: FloatArray, size: FloatArray) -> FloatArray:
    """E[X | X ≥ s] of the negative binomial, s ≥ 1: x·P(X = x) is m times the mass at x − 1 of size r + 1 and the same odds."""
    from scipy.special import betainc

    odds = mean / (mean + size)
    beyond = betainc(sold, size, odds)
    shifted = np.where(sold > 1.0, betainc(np.maximum(sold - 1.0, 1.0), size + 1.0, odds), 1.0)
    return np.where(beyond > 1e-290, mean * shifted / np.maximum(beyond, 1e-290), sold)


def _means_given_size(sales: FloatArray, censored: BoolArray, size: FloatArray) -> FloatArray:
    """The mean (n,) of greatest likelihood given sizes (n,): where the mean of what is known and of what is expected equals it."""
    known, least, most = _bounds(sales, censored)

    def score(mean: FloatArray, row: NDArray[np.int64]) -> FloatArray:
        level, sold = mean[:, None], np.nan_to_num(sales[row])
        cut = censored[row] & (sold > 0)
        expected = np.where(cut, _excess_mean(np.maximum(sold, 1.0), level, size[row][:, None]), np.where(censored[row], level, sold))
        return np.asarray(np.where(known[row], expected - level, 0.0).sum(axis=1))

    return _roots(score, least, np.where(most > least, most * _WIDEST, most))


def _best_log_sizes(sales: FloatArray, censored: BoolArray) -> FloatArray:
    """The logarithm of the size (n,) whose profile likelihood is greatest: the best of a grid, refined by golden section."""

    def profile(log_size: FloatArray) -> FloatArray:
        size = np.exp(log_size)
        return negative_binomial_log_likelihood(sales, censored, _means_given_size(sales, censored, size), size)

    grid = np.linspace(_LEAST_LOG_SIZE, _MOST_LOG_SIZE, _SIZE_STEPS)
    best = np.argmax([profile(np.full(len(sales), step)) for step in grid], axis=0)
    low, high = grid[np.maximum(best - 1, 0)], grid[np.minimum(best + 1, _SIZE_STEPS - 1)]
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = profile(left), profile(right)
    for _ in range(_REFINEMENTS):
        leftward = at_left > at_right
        low, high = np.where(leftward, low, left), np.where(leftward, right, high)
        trial = np.where(leftward, high - _GOLDEN * (high - low), low + _GOLDEN * (high - low))
        at_trial = profile(trial)
        left, right = np.where(leftward, trial, right), np.where(leftward, left, trial)
        at_left, at_right = np.where(leftward, at_trial, at_right), np.where(leftward, at_left, at_trial)
    middle: FloatArray = (low + high) / 2.0
    return middle
