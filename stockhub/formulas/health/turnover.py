"""Turnover, days of inventory and sell-through (science.md 3.9). Missing where the divisor is 0."""

from stockhub.formulas.elementwise import N, explained, ratio

#: What a pace a year is scaled to.
DAYS_A_YEAR = 365.0


@explained(unit="1/year")
def annual_turnover(cogs: N, mean_inventory_cost: N, days: N | float) -> N:
    """How often a year the stock is sold: cost of goods sold over mean inventory at cost, scaled to 365 days."""
    return ratio(cogs, mean_inventory_cost) * DAYS_A_YEAR / days


@explained(unit="day")
def days_sales_of_inventory(cogs: N, mean_inventory_cost: N, days: N | float) -> N:
    """Days that the mean inventory lasts at the period's pace."""
    return ratio(mean_inventory_cost, cogs) * days


@explained(unit="1")
def gross_margin_return(gross_margin: N, mean_inventory_cost: N) -> N:
    """Gross margin of the period for each unit of money in stock (GMROI)."""
    return ratio(gross_margin, mean_inventory_cost)


@explained(unit="1/year")
def annual_gross_margin_return(gross_margin: N, mean_inventory_cost: N, days: N | float) -> N:
    """`gross_margin_return` scaled to 365 days."""
    return gross_margin_return(gross_margin, mean_inventory_cost) * DAYS_A_YEAR / days


@explained(unit="1")
def sell_through(units_sold: N, ending_units: N) -> N:
    """The share of a season's units that were sold."""
    return ratio(units_sold, units_sold + ending_units)


@explained(unit="1")
def stock_to_sales(ending_units: N, units_sold: N) -> N:
    """库销比: stock at the end of a period over its sales."""
    return ratio(ending_units, units_sold)


@explained(unit="day")
def historical_days_of_supply(mean_daily_inventory: N, mean_daily_shipped: N) -> N:
    """Amazon's: mean daily sellable inventory over mean daily shipped units."""
    return ratio(mean_daily_inventory, mean_daily_shipped)


@explained(unit="week")
def storage_utilisation_weeks(mean_daily_inventory_volume: N, mean_daily_shipped_volume: N) -> N:
    """Amazon's storage utilisation ratio: weeks that the stored volume lasts."""
    return ratio(mean_daily_inventory_volume, mean_daily_shipped_volume) / 7.0
