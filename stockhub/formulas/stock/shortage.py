"""The shortage index: is what can be sold enough for what will be asked for? (H26, E1, E2; science.md 3.7)"""

from stockhub.formulas.elementwise import N, explained, maximum

#: The four weeks of the document's rule (H26).
FOUR_WEEKS_DAYS = 28.0


@explained(unit="day")
def shortage_horizon(lead_time: N, review_period: N, least_days: N | float = FOUR_WEEKS_DAYS) -> N:
    """Days ahead to look: at least `least_days`, and far enough that an order of the next review has arrived (E2)."""
    return maximum(lead_time + review_period, least_days)


@explained(unit="unit")
def shortage_index(demand: N, safety_stock: N, position: N) -> N:
    """Units short over a horizon, S = F + SS − IP: a shortage where it is **above** 0.

    `demand` F is the forecast over the horizon and `position` IP what can be sold inside it. The document that the rule comes from alarms
    below 0, which is when there is plenty (E1).
    """
    return demand + safety_stock - position


@explained(unit="unit")
def literal_shortage_index(demand_4_weeks: N, safety_stock: N, current_stock: N) -> N:
    """The document's own terms, for comparison: four weeks, and stock on hand only (E2). Above 0 is short, as in `shortage_index`."""
    return demand_4_weeks + safety_stock - current_stock
