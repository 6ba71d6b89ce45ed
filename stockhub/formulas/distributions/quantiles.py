"""Quantiles of lead-time demand: the stock that is enough with a given probability (science.md 2.6, 3.4)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from stockhub.formulas.distributions.families import GAMMA, LOGNORMAL, NEGATIVE_BINOMIAL, NORMAL, POISSON, family_variance
from stockhub.formulas.distributions.moments import FamilyAnswer, Moments, by_family
from stockhub.formulas.distributions.tails import negative_binomial_above
from stockhub.formulas.elementwise import FloatArray, N, explained, operation

#: From here on not every whole number is a float.
_WHOLE_MOST = 2.0**53


def _discrete(moments: Moments, probability: FloatArray) -> FloatArray:
    """The smallest whole k with P(D ≤ k) ≥ p, of Poisson and negative binomial alike.

    The search closes an interval of whole numbers around each row's answer, from `below`, not enough, to `enough`, at first Cantelli's
    bound m + σ·√(p/(1−p)), which holds for every distribution. It starts at the Cornish–Fisher quantile, goes on along that curve's slope
    from the normal score of each probability found, and halves the interval now and then, so that no shape of tail makes it crawl. Rows
    that are done are looked at no more. Missing where the bound is no whole number that a float holds.
    """
    from scipy.special import ndtri

    sd, score = moments.sd, ndtri(probability)
    skewness = (2.0 * moments.variance - moments.mean) / (moments.mean * sd)
    slope = sd * np.maximum(1.0 + skewness * score / 3.0, 0.1)
    enough = np.ceil(moments.mean + sd * np.sqrt(probability / (1.0 - probability))) + 1.0
    enough = np.where(enough < _WHOLE_MOST, enough, np.nan)
    below = np.full(probability.shape, -1.0)
    guess = np.clip(np.round(moments.mean + sd * (score + skewness * (score * score - 1.0) / 6.0)), 0.0, enough - 1.0)
    rows = np.flatnonzero(np.isfinite(guess))
    turn = 0
    while rows.size:
        tried = guess[rows]
        above = negative_binomial_above(Moments(moments.mean[rows], moments.variance[rows]), tried)
        suffices = above <= 1.0 - probability[rows]
        enough[rows] = np.where(suffices, tried, enough[rows])
        below[rows] = np.where(suffices, below[rows], tried)
        open_rows = enough[rows] - below[rows] > 1.0
        rows, reached = rows[open_rows], -ndtri(above[open_rows])
        turn += 1
        step = (score[rows] - reached) * slope[rows]
        guess[rows] = _next_guess(guess[rows], step, below[rows], enough[rows], halve=turn % 4 == 0)
    return enough


def _next_guess(guess: FloatArray, step: FloatArray, below: FloatArray, enough: FloatArray, *, halve: bool) -> FloatArray:
    """Along the step, at least one unit, and inside of the interval; its middle where there is no step or a half is due."""
    whole = np.copysign(np.maximum(np.abs(np.round(step)), 1.0), step)
    stepped = np.clip(guess + whole, below + 1.0, enough - 1.0)
    return np.where(np.isfinite(step) & (not halve), stepped, np.floor((below + enough) / 2.0))


def _normal(moments: Moments, probability: FloatArray) -> FloatArray:
    from scipy.special import ndtri

    return np.asarray(moments.mean + moments.sd * ndtri(probability))


def _gamma(moments: Moments, probability: FloatArray) -> FloatArray:
    from scipy.special import gammaincinv

    shape, scale = moments.gamma()
    return np.asarray(scale * gammaincinv(shape, probability))


def _lognormal(moments: Moments, probability: FloatArray) -> FloatArray:
    from scipy.special import ndtri

    log_mean, log_sd = moments.lognormal()
    return np.asarray(np.exp(log_mean + log_sd * ndtri(probability)))


_QUANTILES: dict[float, FamilyAnswer] = {
    POISSON: _discrete,
    NEGATIVE_BINOMIAL: _discrete,
    NORMAL: _normal,
    GAMMA: _gamma,
    LOGNORMAL: _lognormal,
}


@operation
def _demand_quantile(family: ArrayLike, mean: ArrayLike, variance: ArrayLike, probability: ArrayLike) -> FloatArray:
    def certain(moments: Moments, _: FloatArray) -> FloatArray:
        return moments.mean

    asked = np.asarray(probability, dtype=np.float64)
    inside = np.where((asked > 0) & (asked < 1), asked, np.nan)
    return by_family(_QUANTILES, certain, family, mean, variance, inside)


@explained(unit="unit")
def demand_quantile(probability: N | float, family: N | float, mean: N, variance: N) -> N:
    """The least stock that demand stays within with a probability: a whole number for Poisson and negative binomial.

    Missing for probabilities of 0 and 1 and outside: nothing is enough for certain. A Poisson needs no variance.
    """
    return _demand_quantile(family, mean, family_variance(family, mean, variance), probability)
