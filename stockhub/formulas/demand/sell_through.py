"""Do dealers sell on what they buy, or do they inflate demand? (H5)"""

from stockhub.formulas.elementwise import N, explained, greater, ratio

#: Sell-in over sell-through above which a dealer's orders are not taken for demand.
INFLATED_ABOVE = 1.3


@explained(unit="1")
def sell_in_ratio(sell_in: N, sell_through: N) -> N:
    """Units sold to a dealer over units that the dealer sold on: 1,000 for 550 are 1.82. Missing where nothing was sold on."""
    return ratio(sell_in, sell_through)


@explained(unit="flag")
def inflated_demand(sell_in: N, sell_through: N, limit: N | float = INFLATED_ABOVE) -> N:
    """Whether a dealer bought more than `limit` times what was sold on; so did one who bought and sold nothing on."""
    return greater(sell_in, sell_through * limit)


@explained(unit="unit")
def unsold_at_dealer(sell_in: N, sell_through: N) -> N:
    """What lies at the dealer of these deliveries; below 0 where older stock was sold too."""
    return sell_in - sell_through
