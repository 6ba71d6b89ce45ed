"""The price band and the discount floor of a next launch, from the elasticity that a clearance showed (H59, H99; science.md 7.1).

With constant elasticity b and an outlay c on each unit sold (its purchase, fulfilment, freight), of a price of which the marketplace keeps
r, profit is highest at p* = c/(1−r) · b/(b+1) where b < −1. Demand that is less elastic has no such price: higher is always better, until
other shops are chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Generic

from stockhub.formulas.clearance.elasticity import LEAST_ELASTIC, MOST_ELASTIC
from stockhub.formulas.elementwise import N, explained, greater, maximum, minimum, ratio, where

#: How far a price may move in one step: an estimate is local, and so is its use (an engineering choice, not a finding).
DEFAULT_STEP: Final = 0.2


@explained(unit="base currency/unit")
def break_even_outlay(outlay: N, referral: N) -> N:
    """The price that just pays a unit's outlay, c/(1−r); missing where the marketplace keeps everything."""
    return ratio(outlay, where(greater(1.0, referral), 1.0 - referral, 0.0))


@explained(unit="base currency/unit")
def profit_maximising_price(outlay: N, referral: N, elasticity: N) -> N:
    """p* = c/(1−r) · b/(b+1); missing for an elasticity of −1 or above, for which no price is the best."""
    elastic = where(greater(-1.0, elasticity), elasticity + 1.0, 0.0)
    return break_even_outlay(outlay, referral) * ratio(elasticity, elastic)


@explained(unit="base currency/unit")
def regular_price(price: N, outlay: N, referral: N, elasticity: N, step: N | float = DEFAULT_STEP) -> N:
    """The next regular price: the profit-maximising one, at most a step from today's; a step up where demand is inelastic."""
    highest, lowest = price * (1.0 + step), price * (1.0 - step)
    elastic: N = greater(-1.0, elasticity)
    return where(elastic, maximum(lowest, minimum(highest, profit_maximising_price(outlay, referral, elasticity))), highest)


@explained(unit="1")
def more_elastic(elasticity: N, standard_error: N, errors: N | float = 1.0) -> N:
    """The elastic end of what the estimate allows, within the plausible bounds."""
    return maximum(elasticity - standard_error * errors, MOST_ELASTIC)


@explained(unit="1")
def less_elastic(elasticity: N, standard_error: N, errors: N | float = 1.0) -> N:
    """The inelastic end of what the estimate allows, within the plausible bounds."""
    return minimum(elasticity + standard_error * errors, LEAST_ELASTIC)


@explained(unit="base currency/unit")
def lowest_regular_price(price: N, outlay: N, referral: N, elasticity: N, standard_error: N) -> N:
    """The band's lower end: the regular price if demand is as elastic as the estimate allows."""
    return regular_price(price, outlay, referral, more_elastic(elasticity, standard_error))


@explained(unit="base currency/unit")
def highest_regular_price(price: N, outlay: N, referral: N, elasticity: N, standard_error: N) -> N:
    """The band's upper end: the regular price if demand is as inelastic as the estimate allows."""
    return regular_price(price, outlay, referral, less_elastic(elasticity, standard_error))


@explained(unit="1")
def discount_floor(price: N, outlay: N, referral: N, elasticity: N) -> N:
    """The lowest pay ratio for a live product: below p*/p a deeper cut sells more and earns less. 1, no discount, where demand is
    inelastic.
    """
    elastic: N = greater(-1.0, elasticity)
    return where(elastic, minimum(ratio(profit_maximising_price(outlay, referral, elasticity), price), 1.0), 1.0)


@dataclass(frozen=True, slots=True)
class LaunchPricing(Generic[N]):
    """What a next launch takes over (H99): the price band, the price in it, and the lowest pay ratio."""

    lowest: N
    price: N
    highest: N
    discount_floor: N


def launch_pricing(price: N, outlay: N, referral: N, elasticity: N, standard_error: N) -> LaunchPricing[N]:
    """The band, the price and the discount floor; the floor is measured against the new price."""
    new: N = regular_price(price, outlay, referral, elasticity)
    return LaunchPricing(
        lowest_regular_price(price, outlay, referral, elasticity, standard_error),
        new,
        highest_regular_price(price, outlay, referral, elasticity, standard_error),
        discount_floor(new, outlay, referral, elasticity),
    )
