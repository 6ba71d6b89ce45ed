"""How many units a listing shows for sale: a part of what can be sold, kept within bounds (the rule of an account, D19).

    servable = Σ over warehouses of floor(min over components of (units there / units in one listing))
    shown    = clamp(floor(servable · percent / 100 + plus − held back))

Every term is whole units, so that what is shown can be served; missing stock is missing, never 0.
"""

from collections.abc import Sequence
from functools import reduce

from stockhub.formulas.distributions.families import POISSON
from stockhub.formulas.distributions.quantiles import demand_quantile
from stockhub.formulas.elementwise import N, explained, greater, maximum, minimum, positive_part, ratio, round_down, total, where


@explained(unit="unit")
def sets_in_warehouse(components: Sequence[tuple[N, N | float]]) -> N:
    """Listings that one warehouse can serve: the scarcest of its (units there, units in one listing). Stock below 0 serves none."""
    whole = [round_down(ratio(positive_part(units), each)) for units, each in components]
    return reduce(minimum, whole)


@explained(unit="unit")
def servable_stock(warehouses: Sequence[N]) -> N:
    """Listings that all warehouses together can serve: a set is packed in one of them."""
    return total(warehouses)


@explained(unit="unit")
def shown_stock(
    servable: N,
    percent: N | float = 100.0,
    plus: N | float = 0.0,
    held_back: N | float = 0.0,
    least: N | float = 0.0,
    most: N | float = float(2**31),
    below_least: N | float = 0.0,
) -> N:
    """What a listing shall show. Below `least` it shows `below_least` (0, or `least` itself); never above `most`, never below 0.

    `plus` may be negative: units that are kept for others. `held_back` are those of a live session.
    """
    wanted = round_down(servable * percent / 100.0 + plus - held_back)
    return minimum(maximum(where(greater(least, wanted), below_least, wanted), 0.0), most)


@explained(unit="unit")
def lag_buffer(rate: N, lag_seconds: N, probability: N | float = 0.99) -> N:
    """Units that a channel does not offer because they may be sold before it hears of it (field.md N8): the quantile of the demand within
    its lag, Poisson with `rate` units a minute. 8 a minute and 30 s are 4 units on average, and a buffer of 9. Nothing sells: none.
    """
    mean = positive_part(rate) * positive_part(lag_seconds) / 60.0
    return where(greater(mean, 0.0), demand_quantile(probability, POISSON, mean, mean), 0.0)


@explained(unit="unit")
def oversold_units(shown: N, servable: N) -> N:
    """Units that the platform offers and nobody can serve."""
    return positive_part(shown - servable)
