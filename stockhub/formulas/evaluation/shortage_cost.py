"""What a shortage costs when nobody does anything, and the part that an order of today still saves (D21, N7; science.md 3.1, 8)."""

from typing import Final

from stockhub.formulas.elementwise import N, at_least, explained, greater, positive_part, total, where
from stockhub.formulas.fees.compensation import compensation_for_order, out_of_stock_violation, payout_freeze_cost

#: Unfilled orders a day from which a shop can come under sanction at all.
LEAST_VIOLATION_ORDERS: Final = 30.0


@explained(unit="base currency/unit")
def unit_margin(unit_price: N, selling_fee: N, unit_cost: N) -> N:
    """What a sale leaves: the price, less what the marketplace takes and what the unit cost; negative where it loses."""
    return unit_price - selling_fee - unit_cost


@explained(unit="base currency")
def lost_margin(units_short: N, margin: N) -> N:
    """The margin of sales that do not happen; 0 where none is missed, whatever is known of it, and where each would have lost money."""
    return where(greater(units_short, 0.0), units_short * positive_part(margin), 0.0)


@explained(unit="base currency")
def shortage_compensation(units_short: N, unit_price: N, rate: N, least: N, most: N) -> N:
    """Compensation for units that will be ordered and are not there, an order a unit: 200 of 99 at 5 % are 990 (D21)."""
    return where(greater(units_short, 0.0), units_short * compensation_for_order(unit_price, rate, least, most), 0.0)


@explained(unit="base currency")
def expected_freeze_cost(
    units_short: N, daily_demand: N, shop_orders: N, shop_paid: N, freeze_days: N, annual_capital_rate: N | float
) -> N:
    """What frozen payouts cost where one SKU alone brings the shop under sanction; 0 where its orders a day are too few for that."""
    frozen: N = payout_freeze_cost(shop_paid * freeze_days, freeze_days, annual_capital_rate)
    sanctioned: N = where(out_of_stock_violation(daily_demand, shop_orders), frozen, 0.0)
    can_be: N = where(at_least(daily_demand, LEAST_VIOLATION_ORDERS), sanctioned, 0.0)
    return where(greater(units_short, 0.0), can_be, 0.0)


@explained(unit="base currency")
def shortage_loss(margin: N, compensation: N, freeze: N, low_inventory: N | float) -> N:
    """All that a shortage costs: the parts add up, and one that is unknown makes the sum unknown (D21)."""
    return total([margin, compensation, freeze, low_inventory])


@explained(unit="unit")
def units_still_saved(units_short: N, units_short_before_arrival: N) -> N:
    """Units that an order of today is in time for: not those that are missing before even the first order can arrive (N7)."""
    return positive_part(positive_part(units_short) - positive_part(units_short_before_arrival))


@explained(unit="base currency")
def freeze_still_saved(freeze: N, units_short_before_arrival: N) -> N:
    """The cost of a sanction that does not come because nothing is missing before the order arrives."""
    return where(greater(units_short_before_arrival, 0.0), 0.0, freeze)
