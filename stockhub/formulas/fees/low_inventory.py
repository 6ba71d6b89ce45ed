"""Low-inventory-level fee, and the two cliffs between which cover should stay (E15; science.md 8).

Rows: fee `low_inventory_level`, tier a size class, band the days of supply, `within` pounds. `low_inventory_level_least_sales` is a number
of units a week below which nothing is charged, with its own dates.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from stockhub.formulas.elementwise import N, explained, greater, maximum, where
from stockhub.formulas.fees.bands import of_band
from stockhub.formulas.fees.charge import Charge, estimated_charge, measure, rate_of
from stockhub.formulas.fees.exact import decimal_of
from stockhub.formulas.fees.rates import ANY_TIER, RateTable
from stockhub.values import Explanation

LOW_INVENTORY: Final = "low_inventory_level"
LOW_INVENTORY_LEAST_SALES: Final = "low_inventory_level_least_sales"

#: Days of supply under which, on both views, stock is too low, and over which it is excess (E15).
LOW_COVER_DAYS: Final = 28.0
EXCESS_COVER_DAYS: Final = 90.0
#: The zones of `cover_zone`, by their codes.
COVER_ZONES: Final = ("low_inventory_fee", "between_the_cliffs", "excess")
ZONE_LOW, ZONE_BETWEEN, ZONE_EXCESS = 0.0, 1.0, 2.0


@explained(unit="day")
def deciding_days_of_supply(days_30: N, days_90: N) -> N:
    """The greater of the 30- and the 90-day view: both are too low exactly where it is."""
    return maximum(days_30, days_90)


@explained(unit="currency")
def low_inventory_fee(units_shipped: N, rate: N | float, units_sold_7d: N, least_units_7d: N | float, exempt: N | float = 0.0) -> N:
    """The fee on units shipped while stock was low; none for what is exempt or sells fewer than the least units a week."""
    too_few: N = greater(least_units_7d, units_sold_7d)
    free: N = greater(exempt, 0.0)
    return where(free, 0.0, where(too_few, 0.0, units_shipped * rate))


@explained(unit="base currency/unit")
def low_inventory_rate(days_of_supply: N, under_14: N, from_14_to_21: N, from_21_to_28: N) -> N:
    """The fee a unit at a number of days of supply, given what each tier costs; none from 28 days on."""
    lowest: N = where(greater(21.0, days_of_supply), from_14_to_21, from_21_to_28)
    charged: N = where(greater(14.0, days_of_supply), under_14, lowest)
    return where(greater(LOW_COVER_DAYS, days_of_supply), charged, 0.0)


@explained(unit="base currency")
def low_inventory_cost(at_platform: N, sold_30_days: N, fee: N) -> N:
    """The fee where there is something to charge: at the platform, and for goods of which something was sold."""
    sold: N = where(greater(sold_30_days, 0.0), fee, 0.0)
    return where(at_platform, sold, 0.0)


@explained(unit="code")
def cover_zone(days_30: N, days_90: N, forecast_days: N, *, low: N | float = LOW_COVER_DAYS, excess: N | float = EXCESS_COVER_DAYS) -> N:
    """Which side of the two cliffs stock is on: a code of COVER_ZONES.

    Excess is by forecast and goes first: it is what stands in the warehouse now. The fee is by the two views of the past.
    """
    too_low: N = greater(low, deciding_days_of_supply(days_30, days_90))
    return where(greater(forecast_days, excess), ZONE_EXCESS, where(too_low, ZONE_LOW, ZONE_BETWEEN))


def low_inventory_charge(
    table: RateTable,
    *,
    shipped_on: date,
    tier: str,
    weight_lb: float | Decimal,
    days_30: float | Decimal,
    days_90: float | Decimal,
    units_sold_7d: float,
    units_shipped: float = 1.0,
    category: str | None = None,
    exempt: bool = False,
) -> Charge:
    """The fee on units shipped on a date. `exempt` is for new sellers, new selection and stock that the marketplace replenishes."""
    supply = deciding_days_of_supply(measure("days_of_supply_30", days_30, "day"), measure("days_of_supply_90", days_90, "day"))
    row = table.row(LOW_INVENTORY, tier, shipped_on, at=max(days_30, days_90), within=weight_lb)
    of_weight = [r for r in table.rows_on(LOW_INVENTORY, tier, shipped_on) if decimal_of(weight_lb) in r.within]
    least = table.row(LOW_INVENTORY_LEAST_SALES, ANY_TIER, shipped_on)
    free = exempt or category in row.exempt_categories
    tree = low_inventory_fee(
        measure("units_shipped", units_shipped, "unit"),
        of_band(supply, [(r.band, float(r.rate)) for r in of_weight]).named("fee_each", f"{row.currency}/unit"),
        measure("units_sold_7d", units_sold_7d, "unit"),
        rate_of(least, least.rate, "least_units_7d", unit="unit"),
        Explanation.input("exempt", float(free), unit="flag"),
    )
    return estimated_charge(LOW_INVENTORY, tree, row, least)
