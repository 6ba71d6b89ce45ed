"""What it costs to keep stock that nobody will ask for soon, and the part that clearing it now saves (N7, H9, H54; science.md 7.5, 8).

What the stock has cost is spent and appears in none of these, except as the money that it ties up and as what it is worth no more.
"""

from typing import Final

from stockhub.formulas.elementwise import N, explained, greater, minimum, positive_part, ratio, total, where

DAYS_A_YEAR: Final = 365.0


@explained(unit="day")
def holding_days(excess: N, daily_demand: N, days_until_excess: N | float, most_days: N | float = DAYS_A_YEAR) -> N:
    """Days that a unit of the excess lies on the mean: until it is its turn, and then half the time that the excess takes to sell.

    `most_days` where nothing is asked for: beyond that nobody plans.
    """
    lies: N = minimum(ratio(positive_part(excess), daily_demand * 2.0) + days_until_excess, most_days)
    return where(greater(daily_demand, 0.0), lies, most_days + 0.0 * daily_demand)


@explained(unit="base currency")
def storage_of_excess(units: N, storage_each: N) -> N:
    """What the platform charges for keeping the units."""
    return where(greater(units, 0.0), units * storage_each, 0.0)


@explained(unit="base currency")
def capital_cost(units: N, unit_cost: N, days: N, annual_capital_rate: N | float) -> N:
    """What the money tied up in the units would earn or save elsewhere."""
    return positive_part(units) * unit_cost * annual_capital_rate * ratio(days, DAYS_A_YEAR)


@explained(unit="base currency/unit")
def clearing_value(unit_price: N, pay_ratio: N | float, selling_fee: N) -> N:
    """What a unit brings when it is cleared: a share of its price, less the fees of selling it; at least 0, which giving away brings."""
    return positive_part(unit_price * pay_ratio - selling_fee)


@explained(unit="base currency")
def cost_of_holding(storage: N, aged_surcharge: N, capital: N) -> N:
    """What keeping the units costs from now on, and clearing them now saves."""
    return total([storage, aged_surcharge, capital])


@explained(unit="base currency")
def excess_loss(holding: N, write_down_amount: N) -> N:
    """All that the excess costs: what is still to be paid for it, and what is lost on it already."""
    return holding + write_down_amount
