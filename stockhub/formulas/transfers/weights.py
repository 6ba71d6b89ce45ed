"""What a unit missing, and a unit left over, is worth: the weights of a transfer plan (H74, H75; science.md 9)."""

from stockhub.formulas.elementwise import N, explained, where

#: How much more a shortage in a core market counts, and an overhang of stale goods.
CORE_MARKET_FACTOR = 1.5
STALE_FACTOR = 2.0


@explained(unit="1")
def market_priority(core_market: N, core_factor: N | float = CORE_MARKET_FACTOR) -> N:
    """1, and more for a core market."""
    return where(core_market, core_factor, 1.0)


@explained(unit="base currency/unit")
def shortage_weight(unit_margin: N, need_probability: N, priority: N, service_weight: N | float = 0.0) -> N:
    """What a unit short is expected to cost: P(it is asked for) × (margin × priority + what a customer served is worth besides)."""
    return need_probability * (unit_margin * priority + service_weight)


@explained(unit="base currency/unit")
def residual_weight(storage_avoided: N, ageing_avoided: N, stale: N, stale_factor: N | float = STALE_FACTOR) -> N:
    """What a surplus unit that stays is expected to cost: storage and ageing; more for stale goods, so that they go first (H75)."""
    return (storage_avoided + ageing_avoided) * where(stale, stale_factor, 1.0)
