"""What a cover costs a month: too little of it on one side, too much on the other, one curve between the two cliffs (N6, E15).

A cover of c days is an order-up-to level of c days of demand, looked at each review. On one side lost margin, the platform's penalty and
its low-inventory fee; on the other storage, the surcharge on aged stock and capital. The best cover is the curve's lowest point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from stockhub.formulas.distributions.families import NORMAL
from stockhub.formulas.distributions.loss import expected_shortage
from stockhub.formulas.elementwise import FloatArray, N, explained, maximum, minimum, positive_part, ratio, total
from stockhub.formulas.fees.low_inventory import low_inventory_rate

#: Costs are those of so many days.
MONTH_DAYS: Final = 30.0
#: Covers that are compared: whole days up to beyond the last tier of age.
COVERS: Final = np.arange(1.0, 481.0)


@dataclass(frozen=True, slots=True)
class AgeCharge:
    """What a unit costs a month from one age to another, in days; None is for ever."""

    from_day: float
    to_day: float | None
    each: float


@explained(unit="unit")
def mean_stock_of_cover(cover_days: N, daily_demand: N, lead_time: N, review_period: N) -> N:
    """Stock on the mean: what an order fills up to, less what goes until half a review after it has arrived; at least none."""
    return positive_part(cover_days * daily_demand - (lead_time + review_period * 0.5) * daily_demand)


@explained(unit="unit")
def short_in_month(cover_days: N, daily_demand: N, demand_sd: N, lead_time: N, lead_time_sd: N, review_period: N) -> N:
    """Units that a month's reviews leave unfilled, demand over lead time and review being normal about its mean."""
    time: N = lead_time + review_period
    variance: N = demand_sd * demand_sd * time + daily_demand * daily_demand * lead_time_sd * lead_time_sd
    a_cycle: N = expected_shortage(cover_days * daily_demand, float(NORMAL), daily_demand * time, variance)
    # No more can be missed than is asked for.
    return minimum(a_cycle * ratio(MONTH_DAYS, review_period), daily_demand * MONTH_DAYS)


@explained(unit="base currency")
def aged_in_month(mean_stock: N, daily_demand: N, charges: Sequence[AgeCharge]) -> N:
    """The surcharge on the units that are older than a tier's first day, where stock passes through at a steady rate."""
    oldest: N = ratio(mean_stock, daily_demand)
    terms: list[N] = [0.0 * oldest]
    for charge in charges:
        reached: N = oldest if charge.to_day is None else minimum(oldest, charge.to_day)
        terms.append(positive_part(reached - charge.from_day) * daily_demand * charge.each)
    return total(terms)


@explained(unit="base currency")
def cover_cost(x: Mapping[str, N], cover_days: N, charges: Sequence[AgeCharge]) -> N:
    """The cost of a month at a cover; missing where a part of it is.

    Of `x`: `daily_demand`, `demand_sd` a day, `lead_time`, `lead_time_sd`, `review_period`, `shortage_each` (margin and penalty a unit),
    `low_fee_under_14`, `low_fee_14_to_21`, `low_fee_21_to_28`, `storage_30`, `unit_cost`, `capital_rate`.
    """
    rate = x["daily_demand"]
    stock = mean_stock_of_cover(cover_days, rate, x["lead_time"], x["review_period"])
    short = short_in_month(cover_days, rate, x["demand_sd"], x["lead_time"], x["lead_time_sd"], x["review_period"])
    low: N = low_inventory_rate(ratio(stock, rate), x["low_fee_under_14"], x["low_fee_14_to_21"], x["low_fee_21_to_28"])
    month: N = maximum(rate * MONTH_DAYS - short, 0.0)
    return total(
        [
            short * x["shortage_each"],
            low * month,
            stock * x["storage_30"],
            aged_in_month(stock, rate, charges),
            stock * x["unit_cost"] * x["capital_rate"] * ratio(MONTH_DAYS, 365.0),
        ]
    )


def best_cover(x: Mapping[str, float], charges: Sequence[AgeCharge]) -> tuple[float, FloatArray]:
    """The cheapest of `COVERS`, the shortest of equals, and the whole curve (480,); NaN where the costs are not known."""
    curve = cover_cost({name: np.full(len(COVERS), value) for name, value in x.items()}, COVERS, charges)
    known = bool(np.isfinite(curve).all())
    return (float(COVERS[int(np.argmin(curve))]) if known else float("nan")), curve
