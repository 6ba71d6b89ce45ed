"""The rate of a new SKU: what analogues expect, corrected by every unit it sells (science.md 1.5).

λ ~ Gamma(shape a, rate b); week t sells Poisson(λ·c_t) with the launch curve c. After Σy units over an exposure of Σc, λ is
Gamma(a + Σy, b + Σc), and the sum over a further exposure C is negative binomial with size a' and p = b'/(b' + C).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from stockhub.formulas.elementwise import FloatArray, N, at_least, either, explained, negation, operation, ratio, root

#: A SKU is new until it has either.
ESTABLISHED_WEEKS = 8.0
ESTABLISHED_UNITS = 30.0
#: Mean units from which their number is as good as continuous.
_VAST_UNITS = 1e8


@explained(unit="1")
def prior_shape(mean: N, variance: N) -> N:
    """The a of the Gamma distribution with the analogues' mean and variance, m²/v; missing where they are all alike."""
    return ratio(mean * mean, variance)


@explained(unit="week/unit")
def prior_rate(mean: N, variance: N) -> N:
    """The b of the Gamma distribution with the analogues' mean and variance, m/v; missing where they are all alike."""
    return ratio(mean, variance)


@explained(unit="1")
def posterior_shape(shape: N, units: N) -> N:
    """The shape a' = a + Σy."""
    return shape + units


@explained(unit="week/unit")
def posterior_rate(rate: N, exposure: N) -> N:
    """The rate b' = b + Σc, the exposure being the launch curve summed over the weeks sold in."""
    return rate + exposure


@explained(unit="unit/week")
def new_sku_rate(shape: N, rate: N, units: N, exposure: N) -> N:
    """The mean of λ after what was sold, a'/b'."""
    return ratio(posterior_shape(shape, units), posterior_rate(rate, exposure))


@explained(unit="unit/week")
def new_sku_rate_sd(shape: N, rate: N, units: N, exposure: N) -> N:
    """The deviation of λ after what was sold, sqrt(a')/b'."""
    return ratio(root(posterior_shape(shape, units)), posterior_rate(rate, exposure))


@explained(unit="unit")
def new_sku_demand(shape: N, rate: N, units: N, exposure: N, next_exposure: N) -> N:
    """The mean of what is asked for over a further exposure, C·a'/b'."""
    return new_sku_rate(shape, rate, units, exposure) * next_exposure


@explained(unit="unit²")
def new_sku_demand_variance(shape: N, rate: N, units: N, exposure: N, next_exposure: N) -> N:
    """The variance of that, Ca'/b'·(1 + C/b'): chance, and not knowing the rate."""
    mean: N = new_sku_demand(shape, rate, units, exposure, next_exposure)
    return mean * (1.0 + ratio(next_exposure, posterior_rate(rate, exposure)))


@operation
def _gamma_poisson_quantile(shape: ArrayLike, rate: ArrayLike, exposure: ArrayLike, probability: ArrayLike) -> FloatArray:
    """The least whole number that a Poisson sum with a Gamma rate stays at or below with a probability."""
    from scipy.special import gammaincinv
    from scipy.stats import nbinom

    a, b, c, p = np.broadcast_arrays(*(np.asarray(number, np.float64) for number in (shape, rate, exposure, probability)))
    defined = (a > 0) & (b > 0) & (c >= 0) & (p >= 0) & (p < 1)
    asked = defined & (c > 0)
    a, b, c, p = np.where(asked, a, 1.0), np.where(asked, b, 1.0), np.where(asked, c, 1.0), np.where(asked, p, 0.5)
    # Beyond that many units chance adds nothing to not knowing the rate, and the count's own quantile takes for ever.
    vast = a * c > _VAST_UNITS * b
    counted = nbinom.ppf(p, np.where(vast, 1.0, a), np.where(vast, 0.5, b / (b + c)))
    quantile = np.where(vast, np.ceil(gammaincinv(a, p) / b * c), np.maximum(counted, 0.0))
    # Without exposure nothing is asked for.
    return np.where(asked, quantile, np.where(defined, 0.0, np.nan))


@explained(unit="unit")
def new_sku_demand_quantile(shape: N, rate: N, units: N, exposure: N, next_exposure: N, probability: N | float) -> N:
    """The whole units that suffice over a further exposure with a probability below 1; missing outside of the parameters' domain."""
    return _gamma_poisson_quantile(posterior_shape(shape, units), posterior_rate(rate, exposure), next_exposure, probability)


@explained(unit="flag")
def is_established(weeks: N, units: N) -> N:
    """Whether a SKU has left its cold start: 8 weeks or 30 units."""
    return either(at_least(weeks, ESTABLISHED_WEEKS), at_least(units, ESTABLISHED_UNITS))


@explained(unit="flag")
def is_new(weeks: N, units: N) -> N:
    """Whether a SKU is shown as new, and forecast from its analogues (H22)."""
    return negation(is_established(weeks, units))
