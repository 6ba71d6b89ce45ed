"""How fast demand fades, and what that leaves to be sold (science.md 1.7)."""

from math import log

import numpy as np
from numpy.typing import ArrayLike

from stockhub.formulas.elementwise import FloatArray, N, explained, exponential, greater, logarithm, operation, power, ratio, where

#: The probability of a mere chance above which a slope is not acted on.
NO_TREND_ABOVE = 0.1


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


@operation
def _geometric_sum(base: ArrayLike, terms: ArrayLike) -> FloatArray:
    """The sum base + base² + … of so many terms; missing for a negative base or number. Exact near 1."""
    first = np.asarray(base, np.float64)
    logs = np.log(np.where(first > 0, first, 1.0))
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        sums = np.where(logs == 0, terms, first * np.expm1(logs * np.asarray(terms)) / np.expm1(logs))
    return np.where(np.less(terms, 0.0), np.nan, np.where(first > 0, sums, np.where(first == 0, 0.0, np.nan)))


@explained(unit="1")
def decayed_periods(decay: N, periods: N) -> N:
    """Σ_{i=1..h} φ^i: the periods at today's level that h periods of decay amount to."""
    return _geometric_sum(decay, periods)


@explained(unit="unit")
def decayed_demand(level: N, decay: N, periods: N) -> N:
    """Demand over h periods from a level that fades, level·Σφ^i."""
    return level * decayed_periods(decay, periods)
