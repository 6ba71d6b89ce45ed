"""What a clearance or a campaign has brought (H36, H56, H57, H95, H96, E18).

Amounts are in one base currency, shares 0 to 1, changes relative to before: a change of +3 is +300 %, which is four times as much.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray, N, explained, ratio


@explained(unit="1")
def relative_change(before: N, after: N) -> N:
    """How much more than before, as a share: 1.00 → 1.15 is .15, 1 → 4 is 3. Missing where there was nothing before."""
    return ratio(after, before) - 1.0


@explained(unit="1")
def times_as_much(change: N) -> N:
    """The factor of a relative change: +300 % is four times as much, not three (E18)."""
    return 1.0 + change


@explained(unit="base currency")
def net_released_cash(released_cash: N, discount_cost: N) -> N:
    """Cash that a clearance has set free, less what its discounts have cost."""
    return released_cash - discount_cost


@explained(unit="base currency")
def capital_cost(book_value: N, annual_rate: N, days: N) -> N:
    """What the money in stock would have cost over a number of days."""
    return book_value * annual_rate * days / 365.0


@explained(unit="1")
def capital_return(released_cash: N, discount_cost: N, cost_of_capital: N) -> N:
    """Return of a clearance: net cash over the cost of the capital that it frees. 90,000 − 30,000 over 6,000 is 10 times (H56)."""
    return ratio(net_released_cash(released_cash, discount_cost), cost_of_capital)


@explained(unit="1")
def gross_margin_share(revenue: N, cogs: N) -> N:
    """Gross margin as a share of revenue."""
    return ratio(revenue - cogs, revenue)


@explained(unit="1")
def discount_depth(list_value: N, revenue: N) -> N:
    """How far below list price a lot was sold, as a share."""
    return 1.0 - ratio(revenue, list_value)


@explained(unit="base currency/day")
def cash_speed(released_cash: N, days: N) -> N:
    """Cash set free a day."""
    return ratio(released_cash, days)


@explained(unit="1")
def dead_stock_elimination(dead_before: N, dead_after: N) -> N:
    """The share of dead SKUs that are dead no more: 40 → 12 is 70 % (H57). Below 0 there are more of them."""
    return 1.0 - ratio(dead_after, dead_before)


@explained(unit="1")
def cost_recovery(units: N, net_price: N, unit_fees: N, *, bought_units: N, unit_cost: N) -> N:
    """The part of its purchase cost that a lot has brought back: 500 × (22 − 4) of 500 × 30 is 60 % (H96)."""
    return ratio(units * (net_price - unit_fees), bought_units * unit_cost)


@explained(unit="base currency")
def margin_contribution(units: N, net_price: N, unit_fees: N, unit_cost: N) -> N:
    """What the units sold contribute to margin: net price less fees less cost; a loss is below 0."""
    return units * (net_price - unit_fees - unit_cost)


def fastest_first(sold_out_day: FloatArray, sell_through: FloatArray, codes: NDArray[np.str_]) -> NDArray[np.int64]:
    """The positions of n SKUs from the first that sold out to the one of which most is left (H95); the reverse ranks the other way.

    Sold-out SKUs by the day; those with stock left, whose day is missing, by sell-through from high to low. Ties by code, ascending;
    without a sell-through, last.
    """
    left = np.isnan(sold_out_day)
    day = np.where(left, 0.0, sold_out_day)
    unsold = np.where(left, -np.where(np.isnan(sell_through), -np.inf, sell_through), 0.0)
    return np.lexsort((codes, unsold, day, left)).astype(np.int64)
