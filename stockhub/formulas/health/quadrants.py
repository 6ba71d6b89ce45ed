"""Turnover against depth of stock: four cells, and what to do in each (H32, E6; science.md 3.13).

Depth is days of supply against the safe days, turnover is held against the median of the category.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray, N, at_least, explained, greater, where

#: What to do, and in which cell: high turnover and little stock; the same while it is short; both high; both low; low turnover, much stock.
QUADRANT_ACTIONS: Final = ("maintain", "replenish", "promote", "buy_carefully", "clear")
ACTION_MAINTAIN, ACTION_REPLENISH, ACTION_PROMOTE, ACTION_BUY_CAREFULLY, ACTION_CLEAR = 0.0, 1.0, 2.0, 3.0, 4.0


def median_by_group(values: FloatArray, group: NDArray[np.int64], groups: int) -> FloatArray:
    """The median (groups,) of the known values (n,) of each group; NaN where a group has none."""
    known = np.isfinite(values)
    of, value = group[known], values[known]
    order = np.lexsort((value, of))
    ranked = value[order]
    size = np.bincount(of, minlength=groups)
    start = np.cumsum(size) - size
    median = np.full(groups, np.nan)
    some = size > 0
    low, high = (start + (size - 1) // 2)[some], (start + size // 2)[some]
    median[some] = (ranked[low] + ranked[high]) / 2.0
    return median


@explained(unit="action")
def quadrant_action(turnover: N, category_median: N, days_of_supply: N, safe_days: N, shortage: N) -> N:
    """What the cell asks for, as a position in `QUADRANT_ACTIONS`.

    High turnover with little stock is where stock-outs begin: it is left alone only while the shortage index is not above 0 (E6). Turnover
    is high from the median on, stock is deep above the safe days.
    """
    shallow: N = where(greater(shortage, 0.0), ACTION_REPLENISH, ACTION_MAINTAIN)
    deep = greater(days_of_supply, safe_days)
    fast = where(deep, ACTION_PROMOTE, shallow)
    slow: N = where(deep, ACTION_CLEAR, ACTION_BUY_CAREFULLY)
    return where(at_least(turnover, category_median), fast, slow)


def turnover_by_group(cogs: FloatArray, inventory: FloatArray, group: NDArray[np.int64], groups: int) -> FloatArray:
    """Turnover (groups,) of each group as a whole: its cost of goods sold over its mean inventory, n SKUs each; NaN without inventory.

    The mean of the SKUs' own ratios would let one tiny SKU speak for a category. SKUs with a missing number take no part.
    """
    known = np.isfinite(cogs) & np.isfinite(inventory)
    sold = np.bincount(group[known], cogs[known], minlength=groups)
    held = np.bincount(group[known], inventory[known], minlength=groups)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(held > 0, sold / held, np.nan)
