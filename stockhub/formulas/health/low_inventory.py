"""Amazon's low-inventory-level: too little stock for what is sold, on both views (science.md 3.10, 8).

Days of supply are `turnover.historical_days_of_supply` over 30 and over 90 days. What a tier costs is a dated fee table's to say.
"""

from typing import Final

from stockhub.formulas.elementwise import N, explained, greater, maximum, where

#: Days of supply under which the fee is charged, and the edges of its tiers.
LOW_INVENTORY_DAYS = 28.0
_TIER_DAYS: Final = (21.0, 14.0)

#: Tiers by the greater of the two days of supply: none from 28 days on, then 21 to 28, 14 to 21, and below.
LOW_INVENTORY_TIERS: Final = ("none", "21_to_28_days", "14_to_21_days", "under_14_days")
TIER_NONE, TIER_21_TO_28, TIER_14_TO_21, TIER_UNDER_14 = 0.0, 1.0, 2.0, 3.0


@explained(unit="day")
def governing_days_of_supply(days_of_supply_30: N, days_of_supply_90: N) -> N:
    """The greater of the two views, by which Amazon picks the tier: it is under a limit only where both are. Missing where one is."""
    return maximum(days_of_supply_30, days_of_supply_90)


@explained(unit="tier")
def low_inventory_tier(days_of_supply_30: N, days_of_supply_90: N) -> N:
    """The tier, as a position in `LOW_INVENTORY_TIERS`."""
    days = governing_days_of_supply(days_of_supply_30, days_of_supply_90)
    upper, lower = _TIER_DAYS
    charged: N = where(greater(lower, days), TIER_UNDER_14, where(greater(upper, days), TIER_14_TO_21, TIER_21_TO_28))
    return where(greater(LOW_INVENTORY_DAYS, days), charged, TIER_NONE)
