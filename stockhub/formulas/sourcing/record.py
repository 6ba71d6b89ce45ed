"""A supplier's record with a SKU: how long it takes, how often it is on time, how much of an order comes, and how good (science.md 5.1).

Times are days, rates are shares from 0 to 1. A rate of nothing is missing, never 0.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray, N, at_least, explained, ratio, where
from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.policies.safety_stock import default_lead_time_sd

#: The prior of the on-time rate: as if nine of ten earlier deliveries had been on time.
PRIOR_ON_TIME, PRIOR_LATE = 9.0, 1.0
#: Receipts from which the deviation of lead times is taken from the record (science.md 3.2).
LEAST_RECEIPTS = 5.0
#: Days after which a receipt counts half as much as one of today.
HALF_LIFE_DAYS = 180.0
#: The share of deliveries that arrive within the lead time that the supplier filter looks at.
SLOW_SHARE = 0.95


class LeadTimeRecord(NamedTuple):
    """Lead times of each row (supplier and SKU), receipts weighted by recency; NaN where there are too few to tell."""

    receipts: FloatArray
    mean: FloatArray
    #: Of actual less quoted days: a quoted delay surprises nobody. Needs two receipts.
    sd: FloatArray
    p95: FloatArray


@explained(unit="1")
def on_time_rate(on_time: N, receipts: N) -> N:
    """The share of deliveries on time, shrunk by a Beta(9, 1) prior: 0.9 for a supplier without a record."""
    return ratio(on_time + PRIOR_ON_TIME, receipts + (PRIOR_ON_TIME + PRIOR_LATE))


@explained(unit="1")
def late_rate(on_time: N, receipts: N) -> N:
    """The share of deliveries that are late, shrunk likewise."""
    return 1.0 - on_time_rate(on_time, receipts)


@explained(unit="1")
def fill_rate_of_orders(received: N, ordered: N) -> N:
    """Units received of those ordered on lines that are closed."""
    return ratio(received, ordered)


@explained(unit="1")
def reject_rate(rejected: N, received: N) -> N:
    """Units rejected of those received."""
    return ratio(rejected, received)


@explained(unit="1")
def lead_time_variation(lead_time_sd: N, lead_time: N) -> N:
    """The coefficient of variation of the lead time; missing for a lead time of 0."""
    return ratio(lead_time_sd, lead_time)


@explained(unit="day")
def lead_time_deviation(receipts: N, observed_sd: N, lead_time: N) -> N:
    """The deviation to plan with: the record's from five receipts on, before that a quarter of the lead time."""
    return where(at_least(receipts, LEAST_RECEIPTS), observed_sd, default_lead_time_sd(lead_time))


def lead_time_records(
    row: NDArray[np.int64],
    actual_days: FloatArray,
    quoted_days: FloatArray,
    age_days: FloatArray,
    rows: int,
    *,
    half_life_days: float = HALF_LIFE_DAYS,
) -> LeadTimeRecord:
    """The lead-time record of `rows` rows from their receipts.

    `row` says to which row a receipt belongs, (n,) like the days that it took, the days that were quoted and the days since it came in.
    Weights halve every `half_life_days`; the variance is the unbiased one for such weights. P95 is the shortest observed time within
    which 95 % of the weight arrived. InvalidParameterError for a half-life that is not above 0.
    """
    if not half_life_days > 0:
        raise InvalidParameterError("half_life_days", half_life_days, "a number of days above 0")
    known = np.isfinite(actual_days) & np.isfinite(quoted_days) & np.isfinite(age_days)
    row, actual, surprise = row[known], actual_days[known], (actual_days - quoted_days)[known]
    weight: FloatArray = np.exp2(-age_days[known] / half_life_days)
    mass = np.bincount(row, weight, rows).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.bincount(row, weight * actual, rows) / mass
        centre = np.bincount(row, weight * surprise, rows) / mass
        freedom = mass - np.bincount(row, weight * weight, rows) / mass
        squares = np.bincount(row, weight * (surprise - centre[row]) ** 2, rows)
        several = np.bincount(row, minlength=rows) > 1
        sd = np.where(several, np.sqrt(squares / freedom), np.nan)
    receipts = np.bincount(row, minlength=rows).astype(np.float64)
    return LeadTimeRecord(receipts, mean, sd, _weighted_quantile(row, actual, weight, mass, SLOW_SHARE))


def _weighted_quantile(row: NDArray[np.int64], value: FloatArray, weight: FloatArray, mass: FloatArray, level: float) -> FloatArray:
    """The least value of each row at which the weight of values up to it reaches the level; NaN for a row without any."""
    order = np.lexsort((value, row))
    row, value, weight = row[order], value[order], weight[order]
    before = np.concatenate([[0.0], np.cumsum(mass)])[row]
    reached = np.cumsum(weight) - before >= level * mass[row] * (1 - 1e-12)
    quantile = np.full(len(mass), np.nan)
    # Written from the last to the first, so that the first value which reaches the level stays.
    at = np.flatnonzero(reached)[::-1]
    quantile[row[at]] = value[at]
    return quantile
