"""Sales and mean stock by natural month, from daily series: what turnover is made of (science.md 3.9).

A month counts where it is known. Sales have to be known on each of its days; stock on half of them, because a mean bears a gap and a sum
does not. What is not known is NaN and never 0: a hole in a history is no empty shelf.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.health.turnover import annual_turnover

#: The part of a month's days on which stock has to be known.
KNOWN_SHARE = 0.5


def sums_by_month(daily: NDArray[np.floating], bounds: NDArray[np.int64]) -> FloatArray:
    """Units (n, m) of daily series (n, t) in m months, NaN where a day is unknown.

    Month i is the days `bounds[i]` … `bounds[i + 1] − 1`.
    """
    total, known = _totals(daily, bounds)
    return np.where(known == np.diff(bounds), total, np.nan)


def means_by_month(daily: NDArray[np.floating], bounds: NDArray[np.int64], known_share: float = KNOWN_SHARE) -> FloatArray:
    """The mean (n, m) of the known days of each month; NaN where fewer than `known_share` of them are known."""
    total, known = _totals(daily, bounds)
    enough = (known > 0) & (known >= known_share * np.diff(bounds))
    return np.where(enough, total / np.maximum(known, 1), np.nan)


def _totals(daily: NDArray[np.floating], bounds: NDArray[np.int64]) -> tuple[FloatArray, NDArray[np.int64]]:
    known = np.isfinite(daily)
    counted = np.where(known, daily, 0.0)
    months = list(zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True))
    # A month at a time: the sums run along memory, and are exact for whole units.
    total = [counted[:, start:end].sum(axis=1, dtype=np.float64) for start, end in months]
    days = [known[:, start:end].sum(axis=1, dtype=np.int64) for start, end in months]
    return np.stack(total, axis=1), np.stack(days, axis=1)


def yearly_turnover(sold: FloatArray, held: FloatArray, days: ArrayLike) -> FloatArray:
    """Turnover (n, m) of each month on the scale of a year; missing where a month is not known or had no stock at all."""
    return annual_turnover(np.asarray(sold, np.float64), np.asarray(held, np.float64), np.asarray(days, np.float64))


def turnover_of_months(sold: FloatArray, held: FloatArray, days: FloatArray) -> FloatArray:
    """Turnover (n,) of several months as a whole: their sales over their mean stock, in which each counts by its days.

    NaN where one of them is unknown.
    The mean of the months' own ratios would let a month with hardly any stock speak for all.
    """
    weights = np.asarray(days, np.float64) / np.sum(days)
    mean_stock = (np.asarray(held, np.float64) * weights).sum(axis=-1)
    return annual_turnover(np.asarray(sold, np.float64).sum(axis=-1), mean_stock, float(np.sum(days)))
