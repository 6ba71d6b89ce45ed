"""What unfilled orders cost in compensation (D21, D24; science.md 8). Rates and bounds are the marketplace's, given by the caller."""

from stockhub.formulas.elementwise import N, at_least, both, explained, greater, maximum, minimum, ratio


@explained(unit="base currency")
def compensation_at_stake(paid: N, rate: N | float) -> N:
    """A share of what the buyers paid: 200 orders of 99 at 5 % are 990."""
    return paid * rate


@explained(unit="base currency")
def compensation_for_order(paid: N, rate: N | float, least: N | float, most: N | float) -> N:
    """One order's compensation: a share of what was paid, within bounds."""
    return minimum(maximum(compensation_at_stake(paid, rate), least), most)


@explained(unit="flag")
def out_of_stock_violation(unfilled_orders: N, orders: N, share: N | float = 0.30, least_orders: N | float = 30.0) -> N:
    """Whether a day's unfilled orders put the shop under sanction: above a share of its orders, and at least `least_orders`."""
    return both(greater(ratio(unfilled_orders, orders), share), at_least(unfilled_orders, least_orders))
