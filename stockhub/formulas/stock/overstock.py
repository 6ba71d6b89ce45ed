"""Excess stock and the limits that it may reach (H27; science.md 3.7)."""

from stockhub.formulas.elementwise import N, explained, maximum, minimum, positive_part


@explained(unit="unit")
def excess_stock(position: N, demand: N) -> N:
    """Units beyond the forecast over the horizon, O = IP − F_N; negative where stock will be used up."""
    return position - demand


@explained(unit="unit")
def overstock_limit(safety_stock: N, times_safety_stock: N | float, floor_units: N | float, capacity_limit: N | None = None) -> N:
    """The excess that is still accepted: the **smaller** of k·SS and a share of capacity, and never less than the floor.

    Passing either limit is enough for an alarm (H27). `capacity_limit` comes from `capacity_share_units`; None where capacity is unknown.
    """
    limit = safety_stock * times_safety_stock
    if capacity_limit is not None:
        limit = minimum(limit, capacity_limit)
    return maximum(limit, floor_units)


@explained(unit="unit")
def capacity_share_units(capacity_units: N, share: N | float) -> N:
    """The units that one SKU's excess may take of a capacity; `share` is 0 to 1."""
    return capacity_units * share


@explained(unit="base currency")
def tied_up_value(units: N, unit_cost: N) -> N:
    """What units that are not needed have cost; 0 where there are none."""
    return positive_part(units) * unit_cost
