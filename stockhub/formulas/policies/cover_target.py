"""How much stock may be aimed at: between a fee for too little and a penalty for too much (E15; science.md 3.10, 8).

Amazon charges a low-inventory-level fee under 28 days of supply, and counts as excess what lasts longer than 90 days of forecast demand;
`fees.low_inventory.cover_zone` says on which side of the two cliffs stock is, and this is what to do about it.
"""

from stockhub.formulas.elementwise import N, explained, maximum, minimum, positive_part
from stockhub.formulas.fees.low_inventory import EXCESS_COVER_DAYS, LOW_COVER_DAYS


@explained(unit="unit")
def units_to_low_cover_limit(daily_rate: N, stock: N, low_days: N | float = LOW_COVER_DAYS) -> N:
    """Units missing to the lower cliff."""
    return positive_part(daily_rate * low_days - stock)


@explained(unit="unit")
def units_beyond_excess_limit(daily_rate: N, stock: N, excess_days: N | float = EXCESS_COVER_DAYS) -> N:
    """Units beyond the upper cliff: excess."""
    return positive_part(stock - daily_rate * excess_days)


@explained(unit="unit")
def target_between_cliffs(target: N, daily_rate: N, low_days: N | float = LOW_COVER_DAYS, excess_days: N | float = EXCESS_COVER_DAYS) -> N:
    """A target for stock, moved to where neither the fee nor the penalty is due."""
    return minimum(maximum(target, daily_rate * low_days), daily_rate * excess_days)
