"""StockHub's health score of an account, from the four public influences of Amazon's (science.md 3.12).

Not Amazon's Inventory Performance Index, whose weights are secret: a score of 0 to 100 from the same facts, and always shown as StockHub's.
"""

from __future__ import annotations

import numpy as np

from stockhub.formulas.elementwise import FloatArray, N, explained, maximum, minimum, positive_part, ratio

#: Excess is what lasts longer than this on the forecast.
EXCESS_SUPPLY_DAYS = 90.0
#: The excess and the stranded share at which their parts of the score are used up, and the sell-through of 90 days that is full marks.
WORST_EXCESS_SHARE = 0.4
WORST_STRANDED_SHARE = 0.05
TARGET_SELL_THROUGH = 2.0
#: Weights of the parts: excess, sell-through, stranded, in stock.
EXCESS_WEIGHT, SELL_THROUGH_WEIGHT, STRANDED_WEIGHT, IN_STOCK_WEIGHT = 0.35, 0.30, 0.10, 0.25


@explained(unit="unit")
def excess_supply_units(stock: N, demand_90_days: N) -> N:
    """Units beyond the forecast of the next 90 days; 0 where there are none."""
    return positive_part(stock - demand_90_days)


@explained(unit="share")
def unit_share(units: N, all_units: N) -> N:
    """The part of all units, 0 to 1: excess, or stranded without an active listing. Missing where there is no stock."""
    return ratio(units, all_units)


@explained(unit="1")
def amazon_sell_through(shipped_90_days: N, mean_on_hand: N) -> N:
    """Amazon's sell-through: units shipped in 90 days over the mean units on hand. A pace, which may exceed 1, and no share."""
    return ratio(shipped_90_days, mean_on_hand)


def in_stock_rate(days_in_stock_share: FloatArray, units_sold_60_days: FloatArray) -> float:
    """The share of the last 30 days on which replenishable SKUs (n,) were in stock, weighted by units sold over 60 days.

    SKUs with a missing share or weight take no part; NaN where nothing was sold.
    """
    known = np.isfinite(days_in_stock_share) & np.isfinite(units_sold_60_days)
    sold = units_sold_60_days[known]
    return float(np.dot(days_in_stock_share[known], sold) / sold.sum()) if sold.sum() > 0 else float("nan")


@explained(unit="1")
def excess_part(excess_share: N) -> N:
    """1 without excess, 0 from 40 % on."""
    return 1.0 - minimum(ratio(excess_share, WORST_EXCESS_SHARE), 1.0)


@explained(unit="1")
def sell_through_part(sell_through: N, target: N | float = TARGET_SELL_THROUGH) -> N:
    """1 from the target on, in proportion below it."""
    return maximum(minimum(ratio(sell_through, target), 1.0), 0.0)


@explained(unit="1")
def stranded_part(stranded_share: N) -> N:
    """1 without stranded units, 0 from 5 % on."""
    return 1.0 - minimum(ratio(stranded_share, WORST_STRANDED_SHARE), 1.0)


@explained(unit="point")
def health_score(excess_share: N, sell_through: N, stranded_share: N, in_stock: N) -> N:
    """The score, 0 to 100; missing where one of the four is."""
    return 100.0 * (_without_in_stock(excess_share, sell_through, stranded_share) + in_stock * IN_STOCK_WEIGHT)


@explained(unit="point")
def health_score_without_in_stock(excess_share: N, sell_through: N, stranded_share: N) -> N:
    """The score where being in stock is no influence (Canada, India): the other three, on the same scale of 0 to 100."""
    return 100.0 * _without_in_stock(excess_share, sell_through, stranded_share) / (1.0 - IN_STOCK_WEIGHT)


def _without_in_stock(excess_share: N, sell_through: N, stranded_share: N) -> N:
    """The weighted sum of the three parts that count everywhere."""
    return (
        excess_part(excess_share) * EXCESS_WEIGHT
        + sell_through_part(sell_through) * SELL_THROUGH_WEIGHT
        + stranded_part(stranded_share) * STRANDED_WEIGHT
    )
