"""Fast replenishment: when it is due, how much of it, and whether it pays (D8, H10; science.md 5.3)."""

from datetime import datetime, timedelta

from stockhub.formulas.elementwise import N, both, either, explained, greater, maximum, minimum, positive_part, round_down, round_up, where

#: The share of safety stock below which an emergency order is due, and the probability of running out above which it is.
TRIGGER_SHARE, TRIGGER_PROBABILITY = 0.5, 0.5
#: Hours within which a local supplier has to deliver.
EMERGENCY_HOURS = 24


@explained(unit="flag")
def emergency_triggered(
    stock: N,
    safety_stock: N,
    stockout_probability: N,
    share: N | float = TRIGGER_SHARE,
    probability_limit: N | float = TRIGGER_PROBABILITY,
) -> N:
    """Whether stock is strictly below its share of safety stock, or likely to be gone before the next inbound (D8)."""
    return either(greater(safety_stock * share, stock), greater(stockout_probability, probability_limit))


@explained(unit="flag")
def emergency_prevents_stockout(emergency_days: N, days_to_stockout: N) -> N:
    """Whether an emergency delivery arrives before stock is gone."""
    return greater(days_to_stockout, emergency_days)


@explained(unit="flag")
def emergency_shortens_stockout(emergency_days: N, days_to_inbound: N) -> N:
    """Whether it arrives before the next inbound: worth asking where stock is gone already and nothing can be prevented."""
    return greater(days_to_inbound, emergency_days)


@explained(unit="flag")
def emergency_order_due(triggered: N, emergency_days: N, days_to_stockout: N) -> N:
    """Whether to order by the emergency route: triggered, and it arrives before the stock-out."""
    return both(triggered, emergency_prevents_stockout(emergency_days, days_to_stockout))


@explained(unit="unit")
def units_to_bridge(demand_until_inbound: N, available: N) -> N:
    """Units asked for until the next inbound lands that are not there; whole units."""
    return round_up(positive_part(demand_until_inbound - available))


@explained(unit="unit")
def emergency_quantity(demand_until_inbound: N, available: N, most: N) -> N:
    """What an emergency order is for: the units to bridge, at most what the supplier can give at once."""
    return minimum(units_to_bridge(demand_until_inbound, available), round_down(most))


@explained(unit="base currency")
def emergency_premium(quantity: N, emergency_unit_cost: N, regular_unit_cost: N, fixed_cost: N) -> N:
    """What the fast route costs above the regular one."""
    return (emergency_unit_cost - regular_unit_cost) * quantity + fixed_cost


@explained(unit="base currency")
def emergency_saving(avoided: N, premium: N) -> N:
    """What the fast route saves of a loss, after what it costs above the regular one; 0 where it costs more."""
    return positive_part(avoided - positive_part(premium))


@explained(unit="unit")
def expected_missing(units_missing: N, chance: N, units_below_safety: N) -> N:
    """Units expected to be missing until the next inbound: those that are missing by the mean, or as many of those that the safety stock
    lacks as the chance of running out.
    """
    return maximum(units_missing, chance * positive_part(units_below_safety))


@explained(unit="flag")
def emergency_pays(quantity: N, premium: N, expected_lost_margin: N, penalties_avoided: N | float) -> N:
    """Whether there is anything to order and its premium is below the margin and the penalties that it saves."""
    return both(greater(quantity, 0.0), greater(expected_lost_margin + penalties_avoided, premium))


@explained(unit="unit")
def usable_capacity(regular: N, reserve: N, stockout_probability: N, limit: N | float) -> N:
    """What the planner may order: the reserve is for emergencies, where the probability of running out is above the limit (H10)."""
    return regular + where(greater(stockout_probability, limit), reserve, 0.0)


def emergency_due_by(triggered_at: datetime, hours: int = EMERGENCY_HOURS) -> datetime:
    """The instant by which the delivery has to be in."""
    return triggered_at + timedelta(hours=hours)
