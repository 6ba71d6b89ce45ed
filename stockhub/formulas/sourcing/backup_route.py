"""A slow route and its prepared backup: sea, and air for the days that the sea leaves uncovered (D9)."""

from stockhub.formulas.elementwise import N, explained, maximum, minimum, positive_part, round_up


@explained(unit="day")
def uncovered_days(days_of_cover: N, slow_days: N, fast_days: N) -> N:
    """Days without stock that the fast route can still cover: from when stock is gone, or the fast route is in, until the slow one is."""
    return positive_part(slow_days - maximum(days_of_cover, fast_days))


@explained(unit="day")
def lost_days(days_of_cover: N, slow_days: N, fast_days: N) -> N:
    """Days without stock that no route can cover any more."""
    return positive_part(minimum(slow_days, fast_days) - days_of_cover)


@explained(unit="unit")
def bridge_quantity(daily_rate: N, days_of_cover: N, slow_days: N, fast_days: N) -> N:
    """Units to send by the fast route: 10 a day, stock for 12 days, 30 by sea and 10 by air are 18 days and 180 units (D9)."""
    return round_up(daily_rate * uncovered_days(days_of_cover, slow_days, fast_days))
