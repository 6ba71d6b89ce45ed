"""What disturbs supply: longer ways and dearer materials (H8)."""

from stockhub.formulas.elementwise import N, at_least, explained, maximum
from stockhub.formulas.policies.safety_stock import reorder_point, statistical_safety_stock

#: A change of a material's price index, up or down, from which on an offer is looked at again.
REVIEW_CHANGE = 0.1


@explained(unit="day")
def disrupted_lead_time(lead_time: N, extra_days: N) -> N:
    """The lead time while a disruption lasts."""
    return lead_time + extra_days


@explained(unit="unit")
def disrupted_safety_stock(z: N | float, lead_time: N, review_period: N, daily_mean: N, daily_sd: N, lead_time_sd: N, extra_days: N) -> N:
    """Safety stock anew over the longer lead time."""
    longer: N = disrupted_lead_time(lead_time, extra_days)
    return statistical_safety_stock(z, longer, review_period, daily_mean, daily_sd, lead_time_sd)


@explained(unit="unit")
def disrupted_reorder_point(z: N | float, lead_time: N, review_period: N, daily_mean: N, daily_sd: N, lead_time_sd: N, extra_days: N) -> N:
    """The reorder point anew: demand over the longer lead time, and the safety stock for it."""
    stock: N = disrupted_safety_stock(z, lead_time, review_period, daily_mean, daily_sd, lead_time_sd, extra_days)
    return reorder_point(daily_mean, disrupted_lead_time(lead_time, extra_days), review_period, stock)


@explained(unit="base currency/unit")
def material_cost_effect(unit_cost: N, material_share: N, index_change: N) -> N:
    """What a change of a material's price index does to a unit's cost: +15 % on a material that is 40 % of a cost of 10 is 0.60."""
    return unit_cost * material_share * index_change


@explained(unit="flag")
def offer_needs_review(index_change: N, threshold: N | float = REVIEW_CHANGE) -> N:
    """Whether a supplier's offer is to be looked at again: the index of its material has moved by 10 % or more since it was made."""
    return at_least(maximum(index_change, -index_change), threshold)
