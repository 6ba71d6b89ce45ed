"""Both edges of the days of supply that Amazon charges: too little, and too much (E15; science.md 3.10, 10.1)."""

from __future__ import annotations

from typing import Final

from stockhub.formulas.elementwise import N, explained, greater, where
from stockhub.formulas.health.low_inventory import LOW_INVENTORY_DAYS, governing_days_of_supply
from stockhub.formulas.health.score import EXCESS_SUPPLY_DAYS
from stockhub.formulas.health.staleness import lasts_longer_than

#: Which edges are passed, in the order of the codes. Both at once: little was kept, and too much has just arrived.
COVER_CLIFFS: Final = ("none", "low_inventory", "excess", "low_inventory_and_excess")
NO_CLIFF, LOW_INVENTORY, EXCESS, LOW_INVENTORY_AND_EXCESS = 0.0, 1.0, 2.0, 3.0


@explained(unit="flag")
def is_low_inventory(days_of_supply_30: N, days_of_supply_90: N, shipped_30_days: N) -> N:
    """Whether the low-inventory-level fee is due: under 28 days of historical supply on **both** views.

    Without a unit shipped in 30 days the days of supply are missing and there is nothing to charge.
    """
    low: N = greater(LOW_INVENTORY_DAYS, governing_days_of_supply(days_of_supply_30, days_of_supply_90))
    return where(greater(shipped_30_days, 0.0), low, 0.0)


@explained(unit="flag")
def is_excess_supply(stock: N, forecast_daily_rate: N) -> N:
    """Whether stock lasts for more than 90 days of the forecast; stock that nobody will ask for does."""
    return lasts_longer_than(stock, forecast_daily_rate, EXCESS_SUPPLY_DAYS)


@explained(unit="code")
def cover_cliff(*, days_of_supply_30: N, days_of_supply_90: N, shipped_30_days: N, stock: N, forecast_daily_rate: N) -> N:
    """One of COVER_CLIFFS."""
    low = is_low_inventory(days_of_supply_30, days_of_supply_90, shipped_30_days)
    return low * LOW_INVENTORY + is_excess_supply(stock, forecast_daily_rate) * EXCESS
