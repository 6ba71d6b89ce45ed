"""Safety stock and reorder points (D3, E3, H25; science.md 3.2). Days for times, units for stock, units a day for rates."""

from statistics import NormalDist

import numpy as np

from stockhub.formulas.elementwise import FloatArray, N, explained, maximum, root
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
