"""Safety stock and reorder points (D3, D4, E3, H25; science.md 3.2, 3.4). Days for times, units for stock, units a day for rates."""

from statistics import NormalDist

import numpy as np

from stockhub.formulas.distributions.windows import quantile_by_evidence
from stockhub.formulas.elementwise import FloatArray, N, at_least, both, explained, maximum, positive_part, root, where
from stockhub.formulas.errors import InvalidParameterError

#: A lead time's deviation as a share of the lead time where too few receipts are known (science.md 3.2).
DEFAULT_LEAD_TIME_VARIATION = 0.25


def service_factor(cycle_service_level: float) -> float:
    """z: the standard normal quantile of the probability, 0 to 1 exclusive, that no cycle runs out; InvalidParameterError outside."""
    if not 0.0 < cycle_service_level < 1.0:
        raise InvalidParameterError("cycle_service_level", cycle_service_level, "a probability between 0 and 1, both exclusive")
    return NormalDist().inv_cdf(cycle_service_level)


def service_factors(cycle_service_levels: FloatArray) -> FloatArray:
    """`service_factor` for an array; NaN where a level is missing or outside 0 to 1 exclusive."""
    from scipy.special import ndtri

    levels = np.where((cycle_service_levels > 0) & (cycle_service_levels < 1), cycle_service_levels, np.nan)
    factors: FloatArray = ndtri(levels)
    return factors


@explained(unit="unit")
def protection_sd(lead_time: N, review_period: N, daily_mean: N, daily_sd: N, lead_time_sd: N) -> N:
    """Standard deviation of demand over lead time and review period, σ = sqrt((L+R)·σ_d² + d²·σ_L²) (Hadley and Whitin).

    `daily_sd` is the deviation of the *forecast error* where there is a forecast, not of raw demand.
    """
    variance = (lead_time + review_period) * daily_sd * daily_sd + daily_mean * daily_mean * lead_time_sd * lead_time_sd
    return root(variance)


@explained(unit="unit")
def safety_stock(z: N | float, sd: N) -> N:
    """Type 1: z·σ, at least 0, not rounded. σ comes from `protection_sd`; z from `service_factor`."""
    return maximum(sd * z, 0.0)


@explained(unit="unit")
def statistical_safety_stock(z: N | float, lead_time: N, review_period: N, daily_mean: N, daily_sd: N, lead_time_sd: N) -> N:
    """The safety stock of a SKU for which nobody has set a quantity: type 1 over lead time and review period."""
    return safety_stock(z, protection_sd(lead_time, review_period, daily_mean, daily_sd, lead_time_sd))


@explained(unit="unit")
def reorder_point(daily_mean: N, lead_time: N, review_period: N, safety_stock_units: N) -> N:
    """The position at which an order is due, d·(L+R) + SS: follows the forecast without anybody's edit (H25)."""
    return daily_mean * (lead_time + review_period) + safety_stock_units


@explained(unit="day")
def default_lead_time_sd(lead_time: N, variation: N | float = DEFAULT_LEAD_TIME_VARIATION) -> N:
    """The deviation to assume for a lead time of which fewer than five receipts are known."""
    return lead_time * variation


@explained(unit="unit/day")
def poisson_sd(daily_mean: N) -> N:
    """The deviation to assume where history is too short for a forecast error: that of a Poisson demand, the least that real demand has."""
    return root(daily_mean)


@explained(unit="unit")
def cover_days_quantity(daily_mean: N, cycle_days: N, buffer_days: N | float = 0.0) -> N:
    """COVER_DAYS: days of sales kept for a replenishment cycle. A **reorder point**, although shops call it safety stock (E3)."""
    return daily_mean * (cycle_days + buffer_days)


def cover_days_range(daily_mean: float, cycle_days: float, buffer_days: tuple[float, float] = (0.0, 2.0)) -> tuple[float, float]:
    """The two ends of COVER_DAYS: 100 a day for 3 days with a buffer of 0 to 2 days are (300, 500) (D3)."""
    least, most = buffer_days
    return cover_days_quantity(daily_mean, cycle_days, least), cover_days_quantity(daily_mean, cycle_days, most)


@explained(unit="1")
def seasonal_factor(day: N, first_day: N, last_day: N, factor: N) -> N:
    """A plan's factor from its first day to its last, both included, and 1 before and after: it reverts by itself (D4).

    Days are numbers that count days, such as `date.toordinal`.
    """
    return where(both(at_least(day, first_day), at_least(last_day, day)), factor, 1.0)


@explained(unit="unit")
def seasonal_quantity(quantity: N, factor: N) -> N:
    """Safety stock, or the range of COVER_DAYS, under a season's or a campaign's factor: 1.5 makes (300, 500) into (450, 750) (D4)."""
    return quantity * factor


@explained(unit="unit")
def empirical_safety_stock(own_quantile: N, windows: N, level: N, parametric: N) -> N:
    """Safety stock from a series' own forecast errors, summed over windows of L+R days (science.md 3.4).

    `own_quantile` is `empirical_quantile` of those sums at the service level; where there are fewer than 20 windows, or none lies beyond
    the level, the `parametric` one. At least 0.
    """
    return positive_part(quantile_by_evidence(own_quantile, windows, level, parametric))
