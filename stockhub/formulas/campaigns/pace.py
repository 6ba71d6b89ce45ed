"""How fast a live campaign sells against what is left to sell (D18, D19; science.md 6.2). Minutes for times, units a minute for rates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import (
    FloatArray,
    N,
    both,
    explained,
    greater,
    maximum,
    minimum,
    negation,
    positive_part,
    power,
    ratio,
    where,
)
from stockhub.formulas.errors import InvalidParameterError

HALF_LIFE_MINUTES = 3.0
#: Fewer sales than this have no pace: one large order is no burst.
LEAST_SALES = 5
#: A campaign sells too slowly below this share of its target, once more than this share of its time is over.
SLOW_RATIO = 0.6
SLOW_AFTER_SHARE = 0.5


def smoothed_rate(units_by_minute: FloatArray, half_life: float = HALF_LIFE_MINUTES) -> FloatArray:
    """Sales a minute of series (…, t) after each of their minutes, exponentially weighted: what is a half-life old weighs half.

    Weights are those of the minutes seen, so that the first is not given more than its due; minutes without data, NaN, weigh nothing, and
    before the first one with data there is no rate. InvalidParameterError for a half-life that is not above 0.
    """
    if not half_life > 0.0:
        raise InvalidParameterError("half_life", half_life, "a number of minutes above 0")
    decay = 0.5 ** (1.0 / half_life)
    weighted, weight = np.zeros(units_by_minute.shape[:-1]), np.zeros(units_by_minute.shape[:-1])
    rates = np.full(units_by_minute.shape, np.nan)
    for minute in range(units_by_minute.shape[-1]):
        seen = units_by_minute[..., minute]
        known = ~np.isnan(seen)
        weighted = weighted * decay + np.where(known, seen, 0.0)
        weight = weight * decay + known
        with np.errstate(invalid="ignore"):
            rates[..., minute] = np.where(weight > 0, weighted / weight, np.nan)
    return rates


def burn_rates(row: NDArray[np.int64], units: FloatArray, age: FloatArray, rows: int, half_life: float = HALF_LIFE_MINUTES) -> FloatArray:
    """Units a minute (n,) of `rows` rows, from sales (m,): the row of each, its units, and its age in minutes.

    An exponentially weighted mean with this half-life. It would begin at 0, so it is divided by the weight of the time since the row's
    oldest sale, at least a minute: 8 a minute are 8 after the first minute as well. 0 where there were fewer than `LEAST_SALES` sales. A
    sale dated in the future counts as one of now.
    """
    age = np.maximum(age, 0.0)
    decay = np.log(2.0) / half_life
    weighted = np.bincount(row, units * np.exp(-decay * age), minlength=rows)
    since = np.ones(rows)
    np.maximum.at(since, row, age)
    rates: FloatArray = decay * weighted / -np.expm1(-decay * since)
    return np.where(np.bincount(row, minlength=rows) >= LEAST_SALES, rates, 0.0)


@explained(unit="minute")
def minutes_to_line(stock: N, line: N, rate: N) -> N:
    """Minutes until stock is down to a line: 500 to 100 at 8 a minute are 50 (D18). 0 where it is; missing where nothing sells."""
    return ratio(positive_part(stock - line), rate)


@explained(unit="unit")
def units_missing_within(available: N, burn_rate: N, minutes: N | float) -> N:
    """Units that would be asked for within so many minutes and are not there."""
    return positive_part(burn_rate * minutes - positive_part(available))


@explained(unit="flag")
def line_before_end(stock: N, line: N, rate: N, minutes_left: N) -> N:
    """Whether the line is reached before the campaign is over (D18): by units, so that no sales are an answer too."""
    return greater(line + rate * minutes_left, stock)


@explained(unit="unit/minute")
def target_rate(stock: N, reserve: N, minutes_left: N) -> N:
    """The pace that sells everything above the reserve by the end, and nothing of the reserve. Missing where no time is left."""
    return ratio(positive_part(stock - reserve), positive_part(minutes_left))


@explained(unit="1")
def pace_ratio(rate: N, target: N) -> N:
    """The pace as a multiple of the target; missing where nothing may be sold any more."""
    return ratio(rate, target)


@explained(unit="flag")
def sale_is_over(stock: N, reserve: N) -> N:
    """Whether only the reserve is left: stop, or go on by presale with a firm date."""
    return negation(greater(stock, reserve))


@explained(unit="1")
def demand_multiplier(rate: N, target: N) -> N:
    """What demand has to be multiplied with to last: the target over the pace, at most 1; 1 where nothing sells."""
    sells: N = greater(rate, 0.0)
    return where(sells, minimum(ratio(target, rate), 1.0), 1.0)


@explained(unit="1")
def price_multiplier(demand: N, elasticity: N) -> N:
    """The price that brings a multiple of demand about at a constant elasticity e below 0: m^(1/e).

    Four times too fast at −2 is twice the price; 6.67 of 8 a minute at −1.5 is 1.129 times (D19). Missing where all demand has to go, or
    where a dearer price does not lower it.
    """
    falls: N = greater(0.0, elasticity)
    return power(demand, ratio(1.0, where(falls, elasticity, 0.0)))


@explained(unit="flag")
def boost_due(pace: N, elapsed_share: N, *, slow: N | float = SLOW_RATIO, after: N | float = SLOW_AFTER_SHARE) -> N:
    """Whether a campaign needs a push: below 0.6 of its target with more than half of its time over."""
    return both(greater(slow, pace), greater(elapsed_share, after))


@explained(unit="base currency")
def throttled_price(price: N, multiplier: N, promised: N) -> N:
    """The price under throttling: never above what was promised in public (PRC price law), and with a multiplier of 1 what it was.

    Nothing of it is lost on the way: the price without throttling is an input, so that taking the throttle back is exact (D19).
    """
    return where(greater(promised, price), minimum(price * multiplier, promised), price)


@explained(unit="base currency")
def throttled_coupon(list_price: N, coupon: N, multiplier: N) -> N:
    """What is left of a coupon when what the buyer pays is to rise: reduced down to 0, before any price is touched."""
    return minimum(coupon, maximum(list_price - (list_price - coupon) * multiplier, 0.0))


@explained(unit="1")
def demand_multiplier_left(demand: N, paid_before: N, paid_now: N, elasticity: N) -> N:
    """What other means have to take away of demand, as a multiplier, after the price did its part: limits an order, less traffic."""
    by_price: N = power(ratio(paid_now, paid_before), elasticity)
    return minimum(ratio(demand, by_price), 1.0)
