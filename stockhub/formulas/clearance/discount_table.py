"""Discounts simulated one beside the other, with the lowest that is viable marked (H42)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from stockhub.formulas.clearance.net_proceeds import PriceTariff, fees_by_price, net_proceeds
from stockhub.formulas.clearance.price_floors import PriceFloors, price_floors
from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.fees.exact import exact
from stockhub.values import Explanation, Money, PayRatio


@dataclass(frozen=True, slots=True)
class DiscountRow:
    """A pay ratio with its price, what a unit then leaves, that as a share of the price, and whether it covers the costs.

    `is_floor` marks the lowest pay ratio that does; `is_safe` says that the price lies where every higher one does too. `margin` is None
    where the tariff does not say what a price costs.
    """

    pay_ratio: PayRatio
    price: Money
    margin: Decimal | None
    margin_share: float | None
    covers_costs: bool
    is_safe: bool
    is_floor: bool
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class DiscountTable:
    """The rows from the highest pay ratio down, and the floors on the grid of prices."""

    rows: tuple[DiscountRow, ...]
    floors: PriceFloors


def discount_table(
    list_price: Money, pay_ratios: Iterable[PayRatio], costs: Explanation, kept: Explanation, tariff: PriceTariff
) -> DiscountTable:
    """Pay ratio by margin for a list price. InvalidParameterError for a list price that is not above 0."""
    if list_price.amount <= 0:
        raise InvalidParameterError("list_price", list_price, "a price above 0")
    floors = price_floors(costs, kept, tariff)
    priced = [(pay_ratio, pay_ratio.of(list_price)) for pay_ratio in sorted(set(pay_ratios), reverse=True)]
    trees = [_margin(price, costs, kept, tariff) for _, price in priced]
    margins = [exact(tree) for tree in trees]
    viable = [pay_ratio for (pay_ratio, _), margin in zip(priced, margins, strict=True) if margin is not None and margin >= 0]
    rows = tuple(
        DiscountRow(
            pay_ratio=pay_ratio,
            price=price,
            margin=margin,
            margin_share=None if margin is None or not price.amount else float(margin / price.amount),
            covers_costs=margin is not None and margin >= 0,
            is_safe=floors.safe is not None and price.amount >= floors.safe,
            is_floor=bool(viable) and pay_ratio == min(viable),
            explanation=tree,
        )
        for (pay_ratio, price), margin, tree in zip(priced, margins, trees, strict=True)
    )
    return DiscountTable(rows, floors)


def _margin(price: Money, costs: Explanation, kept: Explanation, tariff: PriceTariff) -> Explanation:
    paid = Explanation.input("price", float(price.amount), unit=price.currency, source="pay_ratio")
    return net_proceeds(paid, kept, costs, fees_by_price(paid, tariff))
