"""What unfilled orders cost: compensation, frozen payouts, the margin lost (D21, D24; science.md 8). Rates are the marketplace's.

Rows: fee `oos_compensation`, tier `order`, band the promised hours, with a share of what was paid and its bounds; `payout_freeze`, tier
`shop`, band the violation's number in the calendar year, with days; `technical_service`, tier a category, a share of what was paid.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from stockhub.formulas.elementwise import N, at_least, both, explained, greater, maximum, minimum, ratio, total, where
from stockhub.formulas.fees.charge import Charge, estimated_charge, measure, rate_of
from stockhub.formulas.fees.rates import RateTable

OUT_OF_STOCK_COMPENSATION: Final = "oos_compensation"
PAYOUT_FREEZE: Final = "payout_freeze"
TECHNICAL_SERVICE: Final = "technical_service"
ORDER: Final = "order"
SHOP: Final = "shop"


@explained(unit="base currency")
def compensation_at_stake(paid: N, rate: N | float) -> N:
    """A share of what the buyers paid: 200 orders of 99 at 5 % are 990."""
    return paid * rate


@explained(unit="base currency")
def compensation_due(has_tariff: N, by_tariff: N, stated: N) -> N:
    """By the marketplace's tariff where there is one, else as somebody has stated it."""
    return where(has_tariff, by_tariff, stated)


@explained(unit="base currency")
def compensation_still_avoided(compensation: N, hours_to_ship_by: N) -> N:
    """What sending the goods now avoids: nothing where the first of the orders is overdue already."""
    return where(at_least(hours_to_ship_by, 0.0), compensation, 0.0)


@explained(unit="base currency")
def compensation_for_order(paid: N, rate: N | float, least: N | float, most: N | float) -> N:
    """One order's compensation: a share of what was paid, within bounds."""
    return minimum(maximum(compensation_at_stake(paid, rate), least), most)


@explained(unit="flag")
def out_of_stock_violation(unfilled_orders: N, orders: N, share: N | float = 0.30, least_orders: N | float = 30.0) -> N:
    """Whether a day's unfilled orders put the shop under sanction: above a share of its orders, and at least `least_orders`."""
    return both(greater(ratio(unfilled_orders, orders), share), at_least(unfilled_orders, least_orders))


@explained(unit="base currency")
def payout_freeze_cost(frozen_amount: N, freeze_days: N | float, annual_capital_rate: N | float) -> N:
    """What it costs to get payouts some days later: their amount at the seller's yearly cost of capital."""
    return ratio(frozen_amount * annual_capital_rate * freeze_days, 365.0)


@explained(unit="base currency")
def stockout_cost(margin_lost: N, compensation: N, freeze_cost: N | float = 0.0, late_compensation: N | float = 0.0) -> N:
    """What unfilled orders cost altogether: the margin that they would have brought and what their failure costs besides (D21)."""
    return total([margin_lost, compensation, freeze_cost, late_compensation])


@explained(unit="base currency/unit")
def expected_freeze_cost_each(violation_probability: N, freeze_cost: N, unfilled_units: N) -> N:
    """A unit's share of a sanction that may come; missing where no unit is unfilled."""
    return ratio(violation_probability * freeze_cost, unfilled_units)


@explained(unit="base currency/unit")
def underage_cost(unit_margin: N, expected_compensation: N, expected_freeze_cost: N | float = 0.0) -> N:
    """What one unit too few costs, the Cu of a newsvendor: higher, and so is the service level, where compensation is due."""
    return unit_margin + expected_compensation + expected_freeze_cost


def compensation_charge(table: RateTable, *, on: date, paid: float | Decimal, promised_hours: float | Decimal) -> Charge:
    """The compensation for one order whose goods were out of stock on a date, by the hours in which shipping was promised."""
    row = table.row(OUT_OF_STOCK_COMPENSATION, ORDER, on, at=promised_hours)
    least = rate_of(row, row.least or Decimal(0), "least", row.currency)
    share = rate_of(row, row.rate, "rate", "1")
    amount = compensation_at_stake(measure("paid", paid, row.currency), share)
    bounded = maximum(amount, least) if row.most is None else minimum(maximum(amount, least), rate_of(row, row.most, "most", row.currency))
    return estimated_charge(OUT_OF_STOCK_COMPENSATION, bounded, row)


def freeze_days(table: RateTable, *, on: date, violation: int) -> int:
    """Days for which payouts are frozen at a calendar year's first, second, third violation."""
    return int(table.row(PAYOUT_FREEZE, SHOP, on, at=violation).rate)


def technical_service_charge(table: RateTable, *, on: date, category: str, paid: float | Decimal) -> Charge:
    """The platform's share of what a buyer paid."""
    row = table.row(TECHNICAL_SERVICE, category, on)
    return estimated_charge(TECHNICAL_SERVICE, measure("paid", paid, row.currency) * rate_of(row, row.rate, "rate", "1"), row)
