"""Kinds of promotion compared: a direct discount, 满减 (money off from a spend on), a gift (H53).

Money is for a unit unless a name says otherwise; fees are a share of what is paid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stockhub.formulas.elementwise import N, explained, greater, minimum, ratio, round_down, where
from stockhub.formulas.errors import InvalidParameterError


@explained(unit="base currency/unit")
def discounted_unit_profit(price: N, cost: N, fee_rate: N | float, discount: N | float) -> N:
    """Profit with a share of the price off: 100 less 20 %, 15 % fee, cost 40: 28 (H53)."""
    return price * (1.0 - discount) * (1.0 - fee_rate) - cost


@explained(unit="base currency/unit")
def gift_unit_profit(price: N, cost: N, fee_rate: N | float, gift_cost: N | float) -> N:
    """Profit at the full price with a gift: 100, 15 % fee, cost 40, gift 12: 33 (H53)."""
    return price * (1.0 - fee_rate) - cost - gift_cost


@explained(unit="base currency")
def spend_reduction(order_value: N, threshold: N, reduction: N, *, most_times: N | float = 1.0) -> N:
    """What 满减 takes off an order: the reduction once from the threshold on, or each time that it is reached (每满减) up to `most_times`.

    Missing where the threshold is 0.
    """
    return minimum(round_down(ratio(order_value, threshold)), most_times) * reduction


@explained(unit="base currency/unit")
def threshold_unit_profit(price: N, cost: N, fee_rate: N | float, units_per_order: N, order_reduction: N) -> N:
    """Profit a unit where orders of a number of units get a reduction; missing for orders of no units."""
    return (price - ratio(order_reduction, units_per_order)) * (1.0 - fee_rate) - cost


@explained(unit="base currency")
def promotion_profit(unit_profit: N, units: N) -> N:
    """Profit altogether: 28 × 300 = 8,400 against 33 × 240 = 7,920 (H53)."""
    return unit_profit * units


@explained(unit="code")
def best_promotion(profits: Sequence[N]) -> N:
    """The position of the highest total profit, the first of equals; missing where one is. InvalidParameterError without any."""
    if not profits:
        raise InvalidParameterError("profits", "empty", "at least one promotion")
    best, place = profits[0], profits[0] * 0.0
    for number, profit in enumerate(profits[1:], start=1):
        better: N = greater(profit, best)
        best, place = where(better, profit, best), where(better, float(number), place)
    return place


@dataclass(frozen=True, slots=True)
class PromotionResult:
    """One kind's profit a unit and altogether, shown side by side (H53)."""

    kind: str
    unit_profit: float
    total_profit: float


def compared(unit_profits: Mapping[str, float], units: Mapping[str, float]) -> list[PromotionResult]:
    """Promotions by name, the most profitable first; equals in the order in which they were given."""
    results = [PromotionResult(kind, each, promotion_profit(each, units[kind])) for kind, each in unit_profits.items()]
    return sorted(results, key=lambda result: -result.total_profit)
