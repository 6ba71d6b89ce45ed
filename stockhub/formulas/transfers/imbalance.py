"""A SKU that lies too long in one place and runs out in another (H4). Units, days, and flags that are 1 or 0.

The comparisons multiply instead of dividing, so that a place without demand has too much and not "no number" of days (E13).
"""

from stockhub.formulas.elementwise import N, at_least, both, explained, greater, minimum, positive_part, round_down, round_up
from stockhub.formulas.transfers.quantities import transfer_need, transfer_surplus


@explained(unit="flag")
def has_glut(available: N, daily_rate: N, glut_days: N | float) -> N:
    """Whether what lies here lasts at least `glut_days`; what nobody asks for does, and an empty shelf does not."""
    return both(greater(available, 0.0), at_least(available, daily_rate * glut_days))


@explained(unit="flag")
def runs_short(position: N, daily_rate: N, lead_time: N, safety_stock: N | float = 0.0) -> N:
    """Whether an order placed now would come too late: IP < d·L + SS. Never where nothing is asked for."""
    return both(greater(daily_rate, 0.0), greater(daily_rate * lead_time + safety_stock, position))


@explained(unit="flag")
def nearly_out(position: N, daily_rate: N, days: N | float) -> N:
    """Whether stock lasts at most `days`. Never where nothing is asked for."""
    return both(greater(daily_rate, 0.0), at_least(daily_rate * days, position))


@explained(unit="unit")
def spare_units(available: N, inbound: N, daily_rate: N, keep_days: N, safety_stock: N | float = 0.0) -> N:
    """Whole units that a place can give away at once: above what it needs itself until its next order has come, and there to be packed.

    300 units at 1 a day that keep 30 days and 10 of safety stock spare 260. `inbound` lands within the `keep_days`; it counts as stock
    and cannot be packed.
    """
    return round_down(minimum(transfer_surplus(available + inbound, daily_rate, keep_days, safety_stock), positive_part(available)))


@explained(unit="unit")
def units_to_rebalance(spare: N, daily_rate: N, wanted_days: N, position: N, safety_stock: N | float = 0.0) -> N:
    """Whole units that one place's surplus can give to another's need, which is to last `wanted_days` above its safety stock."""
    return minimum(spare, round_up(transfer_need(daily_rate, wanted_days, position, safety_stock)))


@explained(unit="unit")
def units_saved(moved: N, daily_rate: N, lead_time: N, position: N) -> N:
    """The units among those moved that would be asked for before an order can come, and not be there."""
    return minimum(moved, positive_part(daily_rate * lead_time - position))
