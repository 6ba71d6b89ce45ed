"""Loss functions: the units that demand is expected to ask for beyond a stock, and to leave of it (science.md 3.3)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from stockhub.formulas.distributions.families import GAMMA, LOGNORMAL, NEGATIVE_BINOMIAL, NORMAL, POISSON, family_variance
from stockhub.formulas.distributions.moments import FamilyAnswer, Moments, by_family
from stockhub.formulas.distributions.standard_normal import loss_of_factors
from stockhub.formulas.distributions.tails import poisson_above
from stockhub.formulas.elementwise import ROUNDING_TOLERANCE, FloatArray, N, explained, operation

# In every family E[D; D > x] is the mean times a tail of the same family, of one unit less or one shape more, so that the loss
# E[D; D > x] − x·P(D > x) takes two tails and no sum over demands.


def _poisson(moments: Moments, stock: FloatArray) -> FloatArray:
    whole = np.floor(stock + ROUNDING_TOLERANCE)
    return np.asarray(moments.mean * poisson_above(moments, whole - 1.0) - stock * poisson_above(moments, whole))


def _negative_binomial(moments: Moments, stock: FloatArray) -> FloatArray:
    from scipy.special import betainc

    spread = moments.overdispersed()
    if not spread.all():
        result = _poisson(moments, stock)
        result[spread] = _negative_binomial(moments.take(spread), stock[spread])
        return result
    successes, failure = moments.negative_binomial()
    whole = np.floor(stock + ROUNDING_TOLERANCE)
    at_least_whole = np.where(whole <= 0, 1.0, betainc(np.maximum(whole, 1.0), successes + 1.0, failure))
    above_whole = np.where(whole < 0, 1.0, betainc(np.maximum(whole, 0.0) + 1.0, successes, failure))
    return np.asarray(moments.mean * at_least_whole - stock * above_whole)


def _normal(moments: Moments, stock: FloatArray) -> FloatArray:
    return np.asarray(moments.sd * loss_of_factors((stock - moments.mean) / moments.sd))


def _gamma(moments: Moments, stock: FloatArray) -> FloatArray:
    from scipy.special import gammaincc

    shape, scale = moments.gamma()
    scaled = np.maximum(stock, 0.0) / scale
    return np.asarray(moments.mean * gammaincc(shape + 1.0, scaled) - stock * gammaincc(shape, scaled))


def _lognormal(moments: Moments, stock: FloatArray) -> FloatArray:
    from scipy.special import ndtr

    log_mean, log_sd = moments.lognormal()
    with np.errstate(divide="ignore"):
        distance = (log_mean - np.log(np.maximum(stock, 0.0))) / log_sd
    return np.asarray(moments.mean * ndtr(distance + log_sd) - stock * ndtr(distance))


_LOSSES: dict[float, FamilyAnswer] = {
    POISSON: _poisson,
    NEGATIVE_BINOMIAL: _negative_binomial,
    NORMAL: _normal,
    GAMMA: _gamma,
    LOGNORMAL: _lognormal,
}


@operation
def _expected_shortage(family: ArrayLike, mean: ArrayLike, variance: ArrayLike, stock: ArrayLike) -> FloatArray:
    def certain(moments: Moments, asked: FloatArray) -> FloatArray:
        return np.asarray(moments.mean - asked)

    return np.maximum(by_family(_LOSSES, certain, family, mean, variance, stock), 0.0)


@explained(unit="unit")
def expected_shortage(stock: N, family: N | float, mean: N, variance: N) -> N:
    """The loss function n(x) = E[(D − x)⁺]: units asked for beyond a stock x, any real number. A Poisson needs no variance.

    Snyder and Shen, Fundamentals of Supply Chain Theory, appendix C; Zipkin 2000, appendix C.2.
    """
    return _expected_shortage(family, mean, family_variance(family, mean, variance), stock)


@explained(unit="unit")
def expected_leftover(stock: N, family: N | float, mean: N, variance: N) -> N:
    """The complementary loss function E[(x − D)⁺] = x − E[D] + n(x): units of a stock x that are left over."""
    return stock - mean + expected_shortage(stock, family, mean, variance)
