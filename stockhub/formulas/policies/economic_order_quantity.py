"""The lot that balances ordering against holding, at a steady demand (science.md 3.6; Harris 1913, Snyder and Shen 2019 ch. 3).

Fixed cost in money an order, holding and shortage cost in money a unit and period, demand in units a period; a period is any, as long as it
is one. Missing where holding costs nothing, because then no lot is too large.
"""

from stockhub.formulas.elementwise import N, explained, ratio, root


@explained(unit="unit")
def economic_order_quantity(fixed_cost: N, demand_rate: N, holding_cost: N) -> N:
    """The lot with the least cost, EOQ = sqrt(2·K·d / h)."""
    return root(ratio(fixed_cost * demand_rate * 2.0, holding_cost))


@explained(unit="base currency/period")
def economic_order_cost(fixed_cost: N, demand_rate: N, holding_cost: N) -> N:
    """Ordering and holding a period at the economic order quantity, where both are the same: h·EOQ."""
    return economic_order_quantity(fixed_cost, demand_rate, holding_cost) * holding_cost


@explained(unit="base currency/period")
def lot_size_cost(quantity: N, fixed_cost: N, demand_rate: N, holding_cost: N) -> N:
    """Ordering and holding a period with any lot, K·d / Q + h·Q / 2; missing for a lot of 0."""
    return ratio(fixed_cost * demand_rate, quantity) + holding_cost * quantity * 0.5


@explained(unit="1")
def backordered_share(holding_cost: N, shortage_cost: N) -> N:
    """The share of demand that waits in the best plan that lets customers wait, h / (h + p)."""
    return ratio(holding_cost, holding_cost + shortage_cost)


@explained(unit="unit")
def backorder_order_quantity(fixed_cost: N, demand_rate: N, holding_cost: N, shortage_cost: N) -> N:
    """The lot with the least cost where unmet demand waits at `shortage_cost` a unit and period (EOQB)."""
    return root(ratio(fixed_cost * demand_rate * 2.0 * (holding_cost + shortage_cost), holding_cost * shortage_cost))


@explained(unit="base currency/period")
def backorder_order_cost(fixed_cost: N, demand_rate: N, holding_cost: N, shortage_cost: N) -> N:
    """Ordering, holding and waiting a period at `backorder_order_quantity`."""
    quantity = backorder_order_quantity(fixed_cost, demand_rate, holding_cost, shortage_cost)
    return quantity * shortage_cost * backordered_share(holding_cost, shortage_cost)


@explained(unit="base currency/period")
def backorder_lot_size_cost(quantity: N, waiting_share: N, fixed_cost: N, demand_rate: N, holding_cost: N, shortage_cost: N) -> N:
    """The same three costs with any lot and any share of demand that waits."""
    served_share = 1.0 - waiting_share
    holding = holding_cost * quantity * served_share * served_share * 0.5
    waiting = shortage_cost * quantity * waiting_share * waiting_share * 0.5
    return holding + waiting + ratio(fixed_cost * demand_rate, quantity)


@explained(unit="base currency/unit/period")
def holding_cost_while_produced(holding_cost: N, demand_rate: N, production_rate: N) -> N:
    """Holding cost where a lot comes in at a finite rate while it is sold, h·(1 − d / P)."""
    return holding_cost * (1.0 - ratio(demand_rate, production_rate))


@explained(unit="unit")
def economic_production_quantity(fixed_cost: N, demand_rate: N, holding_cost: N, production_rate: N) -> N:
    """The economic lot of a producer (EPQ); missing where it cannot produce faster than is sold."""
    return economic_order_quantity(fixed_cost, demand_rate, holding_cost_while_produced(holding_cost, demand_rate, production_rate))


@explained(unit="base currency/period")
def economic_production_cost(fixed_cost: N, demand_rate: N, holding_cost: N, production_rate: N) -> N:
    """Setting up and holding a period at the economic production quantity."""
    return economic_order_cost(fixed_cost, demand_rate, holding_cost_while_produced(holding_cost, demand_rate, production_rate))
