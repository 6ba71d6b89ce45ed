"""Key figures of stock over many SKUs, from sums (H16, H84). Missing where the divisor is 0: a share of nothing is no share."""

from __future__ import annotations

import numpy as np

from stockhub.formulas.elementwise import FloatArray, N, explained, ratio

#: Stock of which nothing has sold for so many days is dead.
DEAD_DAYS = 90.0


@explained(unit="share")
def dead_share(dead_value: N, stock_value: N) -> N:
    """The part of the stock's value of which nothing sold in a quarter."""
    return ratio(dead_value, stock_value)


@explained(unit="share")
def fill_rate(sold: N, missed: N) -> N:
    """The part of what was asked for that stock could serve; `missed` is what days out of stock would have sold."""
    return ratio(sold, sold + missed)


@explained(unit="share")
def in_stock_share(weighted_days: N, weight: N) -> N:
    """Days in stock by units sold: the sums of `score.in_stock_rate`, told apart so that they can be added up over places."""
    return ratio(weighted_days, weight)


def missed_units(sold: FloatArray, out_days: FloatArray, expected_rate: FloatArray, days: float = 30.0) -> FloatArray:
    """What (n,) the days out of stock would have sold at the pace of the others; at the expected rate where there were no others.

    NaN where the days are not known.
    """
    there = days - out_days
    with np.errstate(divide="ignore", invalid="ignore"):
        pace = np.where(there >= 1.0, sold / there, expected_rate)
    return np.where(out_days > 0, out_days * pace, 0.0 * out_days)


@explained(unit="base currency")
def logistics_saving(usual_cost: N, paid: N) -> N:
    """What units that came in would have cost to bring by the ways of before, less what was paid; below 0 where it got dearer."""
    return usual_cost - paid


@explained(unit="share")
def logistics_saving_share(usual_cost: N, paid: N) -> N:
    """The saving as a part of what the ways of before would have cost."""
    return ratio(usual_cost - paid, usual_cost)
