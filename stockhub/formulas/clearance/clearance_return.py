"""What a clearance brought: return, cash recovered, capital set free (H56; science.md 7.7).

Returns are multiples: 10 is ten times the money spent. Money is of one currency.
"""

from __future__ import annotations

from typing import Final

from stockhub.formulas.elementwise import N, explained, ratio, total

DAYS_OF_YEAR: Final = 365.0


@explained(unit="base currency")
def action_cost(discount_given: N, advertising: N, fees: N) -> N:
    """What the action itself cost: discount given, advertising and its fees."""
    cost: N = total([discount_given, advertising, fees])
    return cost


@explained(unit="1")
def clearance_roi(value_of_action: N, value_of_nothing: N, cost: N) -> N:
    """(NPV of the action − NPV of doing nothing) / cost of the action; missing for an action that cost nothing."""
    return ratio(value_of_action - value_of_nothing, cost)


@explained(unit="base currency")
def net_release(released_cash: N, discount_cost: N) -> N:
    """The cash that a clearance set free, less what its discounts cost: 90,000 − 30,000 = 60,000 (H56)."""
    return released_cash - discount_cost


@explained(unit="1")
def release_over_capital_cost(released_cash: N, discount_cost: N, capital_cost: N) -> N:
    """`net_release` over the capital cost that the stock would have had: 60,000 against 6,000 is 10 times (H56)."""
    return ratio(net_release(released_cash, discount_cost), capital_cost)


@explained(unit="1")
def cash_recovery(net_cash: N, book_cost: N) -> N:
    """Net cash for each unit of money that the stock stood in the books with."""
    return ratio(net_cash, book_cost)


@explained(unit="base currency")
def capital_cost_saved(book_cost: N, annual_rate: N, days: N) -> N:
    """What the capital in the stock would have cost over the days by which it left sooner."""
    return book_cost * annual_rate * days / DAYS_OF_YEAR


@explained(unit="1")
def gross_margin_rate(sales: N, cost_of_goods: N) -> N:
    """Gross margin as a share of sales; negative where stock was sold below cost."""
    return ratio(sales - cost_of_goods, sales)


@explained(unit="1")
def mean_pay_ratio(sales: N, sales_at_full_price: N) -> N:
    """The depth of a clearance: what was paid of the full price, over all units sold."""
    return ratio(sales, sales_at_full_price)
