"""What moving goods along one lane gains, and whether it is worth it (H74)."""

from stockhub.formulas.elementwise import N, explained, greater, minimum, where


@explained(unit="unit")
def units_to_move(surplus: N, need: N) -> N:
    """What one lane moves when it is alone: 300 free and 600 missing are 300 (H74)."""
    return minimum(surplus, need)


@explained(unit="base currency")
def transfer_gain(units: N, shortage_weight: N, residual_weight: N) -> N:
    """What units moved are expected to save: a shortage there and a residual here."""
    return units * (shortage_weight + residual_weight)


@explained(unit="base currency")
def transfer_cost(units: N, unit_cost: N, fixed_cost: N) -> N:
    """What moving them costs; nothing where none moves."""
    return units * unit_cost + where(greater(units, 0.0), fixed_cost, 0.0)


@explained(unit="base currency")
def net_gain(gain: N, cost: N) -> N:
    """Gain less cost."""
    return gain - cost


@explained(unit="unit")
def worthwhile_units(units: N, gain: N, cost: N) -> N:
    """The units where their gain is above their cost, else none."""
    return where(greater(gain, cost), units, 0.0)
