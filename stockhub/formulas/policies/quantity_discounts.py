"""Lots where a larger one costs less a unit (science.md 3.6; Hadley and Whitin 1963 ch. 2, Snyder and Shen 2019 §3.4).

Tier i has a unit cost and holds from its breakpoint, `breakpoints[i]` units with `breakpoints[0] == 0`, to the next tier's. A tier's
numbers may be arrays over SKUs; a SKU with fewer tiers than others repeats its last one. Holding a unit costs `holding_rate` of its cost
a period.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, NamedTuple

from stockhub.formulas.elementwise import N, at_least, both, explained, greater, maximum, ratio, root, round_up, where
from stockhub.formulas.errors import InvalidParameterError


class DiscountedLot(NamedTuple, Generic[N]):
    """A lot, the tier that it is bought in (an index from 0), and its cost: a period's, purchase included, unless said otherwise."""

    quantity: N
    tier: N
    cost: N


def all_units_discount_lot(
    *, fixed_cost: N, demand_rate: N, holding_rate: N, breakpoints: Sequence[N | float], unit_costs: Sequence[N | float]
) -> DiscountedLot[N]:
    """The lot with the least cost where a tier's price holds for **all** units; InvalidParameterError for tiers that are none.

    In each tier the best lot is its economic quantity where that lies inside, else the breakpoint at which it begins; the first tier has no
    breakpoint, and is out where its economic quantity lies beyond it.
    """
    _check_tiers(breakpoints, unit_costs)
    best: DiscountedLot[N] | None = None
    for tier in reversed(range(len(unit_costs))):
        holding_cost = holding_rate * unit_costs[tier]
        economic = root(ratio(fixed_cost * demand_rate * 2.0, holding_cost))
        inside = _inside(economic, tier, breakpoints)
        quantity: N = economic if tier == 0 else where(inside, economic, breakpoints[tier])
        cost = demand_rate * unit_costs[tier] + _orders(fixed_cost, demand_rate, quantity) + holding_cost * quantity * 0.5
        best = _better(best, quantity, tier, cost, allowed=inside if tier == 0 else None)
    return _named(best)


def incremental_discount_lot(
    *, fixed_cost: N, demand_rate: N, holding_rate: N, breakpoints: Sequence[N | float], unit_costs: Sequence[N | float]
) -> DiscountedLot[N]:
    """The lot with the least cost where a tier's price holds for the units **beyond its breakpoint**; InvalidParameterError as above.

    What units below cost more than the tier's price is paid once a lot, like a fixed cost.
    """
    _check_tiers(breakpoints, unit_costs)
    best: DiscountedLot[N] | None = None
    for tier in reversed(range(len(unit_costs))):
        holding_cost = holding_rate * unit_costs[tier]
        surcharge = _surcharge(tier, breakpoints, unit_costs)
        economic = root(ratio((fixed_cost + surcharge) * demand_rate * 2.0, holding_cost))
        edge = breakpoints[tier] if tier else breakpoints[min(1, len(breakpoints) - 1)]
        quantity: N = where(_inside(economic, tier, breakpoints), economic, edge)
        buying = demand_rate * unit_costs[tier] + _orders(fixed_cost + surcharge, demand_rate, quantity)
        best = _better(best, quantity, tier, buying + holding_rate * (surcharge + quantity * unit_costs[tier]) * 0.5)
    return _named(best)


def price_break_lot(
    *,
    need: N,
    demand_rate: N,
    holding_rate: N,
    breakpoints: Sequence[N | float],
    unit_costs: Sequence[N | float],
    case_pack: N | float = 1.0,
) -> DiscountedLot[N]:
    """For **one** order: the need, or whole cases up to a later breakpoint where the lower price pays for holding the rest longer.

    `cost` is what the order costs less what the units beyond the need would cost at the need's own price, plus holding them: they wait
    until the need is sold, and then for their own turn, (need + quantity) / 2d on average. Without demand no unit beyond the need is
    bought.
    """
    _check_tiers(breakpoints, unit_costs)
    quantity: N = round_up(ratio(need, case_pack)) * case_pack
    price = _price_at(quantity, breakpoints, unit_costs)
    best = DiscountedLot(quantity, _tier_at(quantity, breakpoints), price * quantity)
    for tier in range(1, len(unit_costs)):
        larger: N = round_up(ratio(maximum(need, breakpoints[tier]), case_pack)) * case_pack
        unit_cost = _price_at(larger, breakpoints, unit_costs)
        beyond = larger - quantity
        waiting = where(greater(demand_rate, 0.0), ratio(larger + quantity, demand_rate * 2.0), 0.0)
        cost = unit_cost * larger - price * beyond + unit_cost * holding_rate * beyond * waiting
        better = both(both(greater(beyond, 0.0), greater(demand_rate, 0.0)), greater(best.cost, cost))
        best = DiscountedLot(where(better, larger, best.quantity), where(better, float(tier), best.tier), where(better, cost, best.cost))
    return _named(best)


def _check_tiers(breakpoints: Sequence[object], unit_costs: Sequence[object]) -> None:
    if not unit_costs or len(unit_costs) != len(breakpoints):
        raise InvalidParameterError(
            "unit_costs", f"of {len(unit_costs)} tiers", f"one for each of the {len(breakpoints)} breakpoints, at least one"
        )
    if isinstance(breakpoints[0], (int, float)) and breakpoints[0] != 0:
        raise InvalidParameterError("breakpoints", breakpoints[0], "0 as the first")


def _inside(quantity: N, tier: int, breakpoints: Sequence[N | float]) -> N:
    """Whether a quantity is bought in a tier."""
    reached = at_least(quantity, breakpoints[tier])
    return both(reached, greater(breakpoints[tier + 1], quantity)) if tier + 1 < len(breakpoints) else reached


def _orders(fixed_cost: N, demand_rate: N, quantity: N) -> N:
    """Fixed cost a period; 0 without lots, which is without demand or without a fixed cost."""
    return where(greater(quantity, 0.0), ratio(fixed_cost * demand_rate, quantity), 0.0)


def _surcharge(tier: int, breakpoints: Sequence[N | float], unit_costs: Sequence[N | float]) -> N | float:
    """What a lot of a tier pays for its first units beyond the tier's own unit cost."""
    surcharge: N | float = 0.0
    for below in range(tier):
        surcharge = surcharge + (unit_costs[below] - unit_costs[below + 1]) * breakpoints[below + 1]
    return surcharge


def _tier_at(quantity: N, breakpoints: Sequence[N | float]) -> N:
    tier = quantity * 0.0
    for later in breakpoints[1:]:
        tier = tier + at_least(quantity, later)
    return tier


def _price_at(quantity: N, breakpoints: Sequence[N | float], unit_costs: Sequence[N | float]) -> N:
    price: N = quantity * 0.0 + unit_costs[0]
    for later, unit_cost in zip(breakpoints[1:], unit_costs[1:], strict=True):
        price = where(at_least(quantity, later), unit_cost, price)
    return price


def _better(best: DiscountedLot[N] | None, quantity: N, tier: int, cost: N, *, allowed: N | None = None) -> DiscountedLot[N]:
    """The cheaper lot, the smaller where both cost the same; lots come from the largest tier to the smallest."""
    if best is None:
        return DiscountedLot(quantity, quantity * 0.0 + float(tier), cost)
    cheaper = at_least(best.cost, cost)
    taken = cheaper if allowed is None else both(allowed, cheaper)
    return DiscountedLot(where(taken, quantity, best.quantity), where(taken, float(tier), best.tier), where(taken, cost, best.cost))


def _named(lot: DiscountedLot[N] | None) -> DiscountedLot[N]:
    assert lot is not None  # noqa: S101 - there is a tier, see _check_tiers
    return DiscountedLot(discounted_quantity(lot.quantity), discount_tier(lot.tier), discounted_cost(lot.cost))


@explained(unit="unit")
def discounted_quantity(quantity: N) -> N:
    """Names a lot's quantity in its explanation."""
    return quantity


@explained(unit="1")
def discount_tier(tier: N) -> N:
    """Names a lot's tier in its explanation."""
    return tier


@explained(unit="base currency")
def discounted_cost(cost: N) -> N:
    """Names a lot's cost in its explanation."""
    return cost
