"""Inbound that comes too late: how long stock is gone before it, and how many units are missing until then (F1, U7).

Days count from the day of the snapshot. What arrives on a day can be sold on that day, so that the days before it are whole ones.
"""

from stockhub.formulas.elementwise import N, explained, greater, positive_part, where


@explained(unit="day")
def days_without_stock(days_before_arrival: N, sells_out_day: N) -> N:
    """Days between selling out and the arrival that ends it; 0 where it comes in time."""
    return positive_part(days_before_arrival - sells_out_day)


@explained(unit="unit")
def units_late(units_missing: N, overdue_units: N) -> N:
    """Units missing until the arrival; where none are yet, those that should have come already."""
    return where(greater(units_missing, 0.0), units_missing, overdue_units)
