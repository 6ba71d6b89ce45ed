"""Which distribution the demand over a lead time has, and its first two moments (science.md 2.6).

A family is a small code, so that 100,000 SKUs of different families stand in one array. Its members are found by their mean and variance
(the method of moments); families that are closed under sums keep that property: L independent days of a negative binomial with daily mean
m and variance v are the negative binomial with mean L·m and variance L·v.
"""

from typing import Final

from stockhub.formulas.elementwise import N, at_least, both, explained, exponential, greater, ratio, root, where

POISSON: Final = 0.0
NEGATIVE_BINOMIAL: Final = 1.0
NORMAL: Final = 2.0
GAMMA: Final = 3.0
LOGNORMAL: Final = 4.0
#: No family fits: the series' own window sums answer (`formulas.distributions.windows`), and every moment formula is missing.
BOOTSTRAP: Final = 5.0
#: The codes' slugs, in their order.
FAMILIES: Final = ("poisson", "negative_binomial", "normal", "gamma", "lognormal", "bootstrap")

#: Up to this multiple of the mean a variance is that of a Poisson demand.
POISSON_DISPERSION = 1.05
#: From this mean on, and below this coefficient of variation, both of the lead time's demand, the normal is close enough.
NORMAL_MEAN = 100.0
NORMAL_VARIATION = 0.5


@explained(unit="unit")
def lead_time_demand_mean(daily_mean: N, lead_time: N | float) -> N:
    """Mean demand over a lead time in days, d̄·E[L]."""
    return daily_mean * lead_time


@explained(unit="unit²")
def lead_time_demand_variance(daily_mean: N, daily_variance: N, lead_time: N | float, lead_time_variance: N | float = 0.0) -> N:
    """Variance of demand over a lead time, E[L]·σ² + d̄²·σ_L²: independent days; for dependent ones give the error of L-day sums instead."""
    return daily_variance * lead_time + daily_mean * daily_mean * lead_time_variance


@explained(unit="1")
def coefficient_of_variation(mean: N, variance: N) -> N:
    """Standard deviation over mean; missing where the mean is 0."""
    return ratio(root(variance), mean)


@explained(unit="code")
def demand_family(mean: N, variance: N, lumpy: N | float = 0.0) -> N:
    """The family for the demand of one lead time, a code of `FAMILIES`.

    Lumpy series (science.md 1.6; a flag) take their own window sums. Else: a variance up to 1.05 times the mean is Poisson; a mean above
    100 with a coefficient of variation below ½ is normal; the rest, overdispersed, is negative binomial.
    """
    large = both(greater(mean, NORMAL_MEAN), greater(mean * mean * (NORMAL_VARIATION * NORMAL_VARIATION), variance))
    overdispersed: N = where(large, NORMAL, NEGATIVE_BINOMIAL)
    smooth: N = where(greater(variance, mean * POISSON_DISPERSION), overdispersed, POISSON)
    return where(greater(lumpy, 0.0), BOOTSTRAP, smooth)


@explained(unit="unit²")
def family_variance(family: N | float, mean: N, variance: N) -> N:
    """The variance that a family has: a Poisson's is its mean, and need not be given."""
    is_poisson: N = at_least(POISSON, family)
    return where(is_poisson, mean, variance)


@explained(unit="unit")
def negative_binomial_mean(successes: N, probability: N) -> N:
    """Mean of the number of failures before `successes` successes, r·(1−p)/p."""
    return ratio(successes * (1.0 - probability), probability)


@explained(unit="unit²")
def negative_binomial_variance(successes: N, probability: N) -> N:
    """Variance of the number of failures before `successes` successes, r·(1−p)/p²."""
    mean: N = negative_binomial_mean(successes, probability)
    return ratio(mean, probability)


@explained(unit="unit")
def gamma_mean(shape: N, scale: N) -> N:
    """Mean of a gamma demand."""
    return shape * scale


@explained(unit="unit²")
def gamma_variance(shape: N, scale: N) -> N:
    """Variance of a gamma demand."""
    return shape * scale * scale


@explained(unit="unit")
def lognormal_mean(log_mean: N, log_sd: N) -> N:
    """Mean of a demand whose logarithm is normal, exp(μ + σ²/2)."""
    return exponential(log_mean + log_sd * log_sd * 0.5)


@explained(unit="unit²")
def lognormal_variance(log_mean: N, log_sd: N) -> N:
    """Variance of a demand whose logarithm is normal, mean²·(exp(σ²) − 1)."""
    mean: N = lognormal_mean(log_mean, log_sd)
    return mean * mean * (exponential(log_sd * log_sd) - 1.0)
