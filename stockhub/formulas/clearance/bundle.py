"""Bundles of a hero and a slow item: price, stock and what comes first (H49, H50; science.md 7.6).

Prices and costs are money for one unit; `referral` is the marketplace's share of the price, `cannibalisation` α the part of bundle sales
that the hero would have made alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from math import isnan, nan
from typing import Final

from stockhub.formulas.elementwise import (
    N,
    at_least,
    explained,
    greater,
    maximum,
    minimum,
    positive_part,
    ratio,
    round_down,
    round_up,
    total,
    where,
)
from stockhub.formulas.errors import InvalidParameterError
from stockhub.values import DomainError, Explanation, Metric

#: The saving against the parts that a buyer notices.
VISIBLE_SAVING: Final = 0.05


class BundleNotCheaperError(DomainError):
    """A bundle that costs as much as its parts is no offer (H49)."""

    def __init__(self, price: float, parts: float) -> None:
        super().__init__(
            "bundle_not_cheaper",
            f"The bundle costs {price:g} and its parts {parts:g}: give a price below that of the parts.",
            path=("price",),
            params={"price": price, "parts": parts},
        )


@explained(unit="base currency/unit")
def contribution(price: N, cost: N, fulfilment: N, referral: N) -> N:
    """What a sale leaves of its price after referral, cost and fulfilment: 136·0.85 − 80 − 5 = 30.6."""
    return price * (1.0 - referral) - cost - fulfilment


@explained(unit="base currency")
def sum_of_parts(prices: Sequence[N], quantities: Sequence[N]) -> N:
    """The ceiling: what the parts cost on their own. Two of the same are a bundle too."""
    parts: list[N] = [price * quantity for price, quantity in zip(prices, quantities, strict=True)]
    ceiling: N = total(parts)
    return ceiling


@explained(unit="flag")
def cheaper_than_parts(price: N, ceiling: N) -> N:
    """Whether the bundle costs less than its parts: 136 against 160 does, 160 does not (H49)."""
    return greater(ceiling, price)


@explained(unit="base currency")
def separate_contribution(hero_contribution: N, slow_contribution: N, cannibalisation: N) -> N:
    """What is given up for a bundle: the hero's sale as far as it would have come anyway, and the slow item sold alone at its markdown."""
    return cannibalisation * hero_contribution + slow_contribution


@explained(unit="base currency")
def price_for_contribution(wanted: N, cost: N, fulfilment: N, referral: N) -> N:
    """The price that leaves a contribution; missing where the marketplace keeps all of it."""
    keeps = where(greater(1.0, referral), 1.0 - referral, 0.0)
    return ratio(wanted + cost + fulfilment, keeps)


@explained(unit="base currency")
def bundle_floor(
    *,
    hero_price: N,
    hero_cost: N,
    hero_fulfilment: N,
    slow_price: N,
    slow_cost: N,
    slow_fulfilment: N,
    bundle_fulfilment: N,
    referral: N,
    cannibalisation: N,
    slow_pay_ratio: N,
) -> N:
    """The lowest price at which the bundle is as good as selling both apart, the slow item at its markdown: B(1−r) − c_h − c_s − f_b =
    α[p_h(1−r) − c_h − f_h] + [δp_s(1−r) − c_s − f_s].
    """
    hero: N = contribution(hero_price, hero_cost, hero_fulfilment, referral)
    slow: N = contribution(slow_price * slow_pay_ratio, slow_cost, slow_fulfilment, referral)
    return price_for_contribution(separate_contribution(hero, slow, cannibalisation), hero_cost + slow_cost, bundle_fulfilment, referral)


@explained(unit="base currency")
def multi_buy_floor(quantity: N, unit_contribution: N, unit_cost: N, fulfilment: N, referral: N) -> N:
    """The lowest price of several of one SKU in one parcel ("buy two") that is as good as selling them apart at a unit's contribution."""
    return price_for_contribution(quantity * unit_contribution, quantity * unit_cost, fulfilment, referral)


@explained(unit="base currency")
def price_with_single_markdown(hero_price: N, slow_price: N, slow_pay_ratio: N) -> N:
    """What a buyer pays for both without a bundle once the slow item is marked down."""
    return hero_price + slow_price * slow_pay_ratio


@explained(unit="flag")
def bundle_beats_markdown(bundle: N, separate: N) -> N:
    """Whether the bundle's contribution is at least that of selling apart: 30.6 against 30 − 9.5 = 20.5 is (H50)."""
    return at_least(bundle, separate)


@explained(unit="base currency")
def highest_bundle_price(ceiling: N, visible_saving: N | float = VISIBLE_SAVING, minor_units: N | float = 100.0) -> N:
    """The highest price on the grid of minor units that still saves the buyer visibly."""
    return round_down(ceiling * (1.0 - visible_saving) * minor_units) / minor_units


@explained(unit="base currency")
def bundle_price(
    floor: N, with_single_markdown: N, ceiling: N, visible_saving: N | float = VISIBLE_SAVING, minor_units: N | float = 100.0
) -> N:
    """The price to ask: what both cost with a single markdown, but not below the floor and with a visible saving on the parts.

    On the grid of minor units, the floor rounded up. Missing where floor and saving leave no room: there is no feasible bundle.
    """
    least = round_up(floor * minor_units) / minor_units
    most: N = highest_bundle_price(ceiling, visible_saving, minor_units)
    wanted = maximum(least, minimum(round_down(with_single_markdown * minor_units) / minor_units, most))
    return where(at_least(most, least), wanted, nan)


def bundle_price_metric(floor: float, with_single_markdown: float, ceiling: float, *, as_of: datetime | None = None) -> Metric:
    """`bundle_price` at the boundary, explained: no number and NO_FEASIBLE_BUNDLE where there is no room, NO_DATA where an input is
    missing.
    """
    inputs = {"floor": floor, "with_single_markdown": with_single_markdown, "ceiling": ceiling}
    told = bundle_price(*(Explanation.input(name, value, unit="base currency") for name, value in inputs.items()))
    if told.value is not None:
        return Metric(told.value, "base currency", as_of, explanation=told)
    return Metric(
        None, "base currency", as_of, reason="NO_DATA" if any(isnan(value) for value in inputs.values()) else "NO_FEASIBLE_BUNDLE"
    )


def check_bundle_price(price: float, ceiling: float) -> None:
    """BundleNotCheaperError for a price that is not below that of the parts (H49)."""
    if not cheaper_than_parts(price, ceiling):
        raise BundleNotCheaperError(price, ceiling)


@explained(unit="unit")
def bundle_stock(available: Sequence[N], quantities: Sequence[N]) -> N:
    """How many bundles the components make: the least of ⌊available/quantity⌋, 0 where one is short. InvalidParameterError without
    components.
    """
    if not available or len(available) != len(quantities):
        counts = f"{len(available)} stocks and {len(quantities)} quantities"
        raise InvalidParameterError("available", counts, "a stock and a quantity for each component, at least one")
    sets: list[N] = [round_down(ratio(units, quantity)) for units, quantity in zip(available, quantities, strict=True)]
    fewest = sets[0]
    for count in sets[1:]:
        fewest = minimum(fewest, count)
    return positive_part(fewest)


@explained(unit="unit")
def bundles_to_offer(bundles: N, hero_available: N, hero_needed: N, hero_quantity: N) -> N:
    """The bundles that leave the hero what it needs for itself (its own demand and safety stock): a slow item is never cleared by running
    out of the hero, so that none is offered while the hero is short.
    """
    spare: N = positive_part(hero_available - hero_needed)
    return minimum(bundles, round_down(ratio(spare, hero_quantity)))


@explained(unit="unit")
def component_demand(own: N, bundle_sales: Sequence[N], quantities: Sequence[N]) -> N:
    """A component's demand: its own sales and, for each bundle that holds it, bundles sold times its quantity in one."""
    through_bundles: list[N] = [sales * quantity for sales, quantity in zip(bundle_sales, quantities, strict=True)]
    through: N = total(through_bundles)
    return own + through
