"""How likely demand reaches or passes a quantity: the upper tails of the families (science.md 2.6)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from stockhub.formulas.distributions.families import GAMMA, LOGNORMAL, NEGATIVE_BINOMIAL, NORMAL, POISSON, family_variance
from stockhub.formulas.distributions.moments import FamilyAnswer, Moments, by_family
from stockhub.formulas.elementwise import ROUNDING_TOLERANCE, FloatArray, N, explained, operation


def poisson_above(moments: Moments, whole: FloatArray) -> FloatArray:
    """P(D > k) of a Poisson for whole k; 1 below 0."""
    from scipy.special import pdtrc

    return np.where(whole < 0, 1.0, pdtrc(np.maximum(whole, 0.0), moments.mean))


def negative_binomial_above(moments: Moments, whole: FloatArray) -> FloatArray:
    """P(D > k) of a negative binomial for whole k, the incomplete beta function I_{1−p}(k+1, r); its Poisson limit where v ≤ m."""
    from scipy.special import betainc

    spread = moments.overdispersed()
    if not spread.all():
        result = poisson_above(moments, whole)
        result[spread] = negative_binomial_above(moments.take(spread), whole[spread])
        return result
    successes, failure = moments.negative_binomial()
    return np.where(whole < 0, 1.0, betainc(np.maximum(whole, 0.0) + 1.0, successes, failure))


def normal_above(moments: Moments, quantity: FloatArray) -> FloatArray:
    """P(D > x) of a normal."""
    from scipy.special import ndtr

    above: FloatArray = ndtr((moments.mean - quantity) / moments.sd)
    return above


def gamma_above(moments: Moments, quantity: FloatArray) -> FloatArray:
    """P(D > x) of a gamma; 1 at 0 and below."""
    from scipy.special import gammaincc

    shape, scale = moments.gamma()
    above: FloatArray = gammaincc(shape, np.maximum(quantity, 0.0) / scale)
    return above


def lognormal_above(moments: Moments, quantity: FloatArray) -> FloatArray:
    """P(D > x) of a lognormal; 1 at 0 and below."""
    from scipy.special import ndtr

    log_mean, log_sd = moments.lognormal()
    with np.errstate(divide="ignore"):
        above: FloatArray = ndtr((log_mean - np.log(np.maximum(quantity, 0.0))) / log_sd)
    return above


_CONTINUOUS: dict[float, FamilyAnswer] = {NORMAL: normal_above, GAMMA: gamma_above, LOGNORMAL: lognormal_above}


def _whole(above: FamilyAnswer, last_within: Callable[[FloatArray], FloatArray]) -> FamilyAnswer:
    """A discrete family's tail for any quantity, from the last whole demand that the event leaves out."""
    return lambda moments, quantity: above(moments, last_within(quantity))


def _last_below(quantity: FloatArray) -> FloatArray:
    return np.asarray(np.ceil(quantity - ROUNDING_TOLERANCE) - 1.0)


def _last_up_to(quantity: FloatArray) -> FloatArray:
    return np.asarray(np.floor(quantity + ROUNDING_TOLERANCE))


def _discrete(last_within: Callable[[FloatArray], FloatArray]) -> dict[float, FamilyAnswer]:
    return {POISSON: _whole(poisson_above, last_within), NEGATIVE_BINOMIAL: _whole(negative_binomial_above, last_within)}


_REACHING = _CONTINUOUS | _discrete(_last_below)
_PASSING = _CONTINUOUS | _discrete(_last_up_to)


@operation
def _demand_reaches(family: ArrayLike, mean: ArrayLike, variance: ArrayLike, quantity: ArrayLike) -> FloatArray:
    def certain(moments: Moments, asked: FloatArray) -> FloatArray:
        return (moments.mean >= asked).astype(np.float64)

    return by_family(_REACHING, certain, family, mean, variance, quantity)


@operation
def _demand_passes(family: ArrayLike, mean: ArrayLike, variance: ArrayLike, quantity: ArrayLike) -> FloatArray:
    def certain(moments: Moments, asked: FloatArray) -> FloatArray:
        return (moments.mean > asked).astype(np.float64)

    return by_family(_PASSING, certain, family, mean, variance, quantity)


@explained(unit="probability")
def probability_of_reaching(quantity: N, family: N | float, mean: N, variance: N) -> N:
    """P(D ≥ x): demand takes the last unit of x. Mean and variance are those of the whole time asked about; a Poisson needs no variance."""
    return _demand_reaches(family, mean, family_variance(family, mean, variance), quantity)


@explained(unit="probability")
def probability_of_passing(quantity: N, family: N | float, mean: N, variance: N) -> N:
    """P(D > x): demand asks for more than x. The same as `probability_of_reaching` for continuous families."""
    return _demand_passes(family, mean, family_variance(family, mean, variance), quantity)
