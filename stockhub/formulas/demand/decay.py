"""How fast demand fades, and what that leaves to be sold (science.md 1.7)."""

from math import log

from stockhub.formulas.elementwise import N, explained, exponential, greater, logarithm, power, ratio, where

#: The probability of a mere chance above which a slope is not acted on.
NO_TREND_ABOVE = 0.1
#: As near to 1 as this, a geometric sum is its number of terms: the quotient of two small differences would be rounding error.
_NEARLY_ONE = 1e-9


@explained(unit="1")
def decay_coefficient(log_slope: N) -> N:
    """φ: what a period's demand is of the one before, exp of the slope of ln(y + 1); below 1 demand declines."""
    return exponential(log_slope)


@explained(unit="1")
def effective_decay(log_slope: N, probability: N) -> N:
    """The φ to act on: 1 where the trend may well be chance."""
    return where(greater(probability, NO_TREND_ABOVE), 1.0, decay_coefficient(log_slope))


@explained(unit="week")
def half_life(decay: N) -> N:
    """Periods until demand is half, ln ½ / ln φ; missing where it does not decline."""
    return where(greater(1.0, decay), ratio(log(0.5), logarithm(decay)), ratio(decay, 0.0))


@explained(unit="1")
def daily_decay(weekly_decay: N) -> N:
    """φ of a day from φ of a week."""
    return power(weekly_decay, 1.0 / 7.0)


@explained(unit="1")
def decayed_periods(decay: N, periods: N) -> N:
    """Σ_{i=1..h} φ^i: the periods at today's level that h periods of decay amount to."""
    apart = (decay - 1.0) * (decay - 1.0)
    return where(greater(apart, _NEARLY_ONE**2), ratio(decay * (1.0 - power(decay, periods)), 1.0 - decay), periods)


@explained(unit="unit")
def decayed_demand(level: N, decay: N, periods: N) -> N:
    """Demand over h periods from a level that fades, level·Σφ^i."""
    return level * decayed_periods(decay, periods)
