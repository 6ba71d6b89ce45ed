"""Lead-time demand that is known at some levels and lead times only: what lies between them, and beyond (science.md 2.6, 3.2).

A table has `days` (l,) and `levels` (q,), both ascending, and quantiles (n, q, l) of n SKUs, ascending along both. Between two lead times a
quantile goes straight from one to the other, from nothing on day 0; it really bends a little above the line, by less than 4 % of its
distance to the mean on the grid 1, 3, 7, 14, 28, 56, 90. Beyond the last it grows as the time does: a level that is wrong is wrong on every
day. Between two levels it goes straight over the normal score, so that a normal distribution is exact; above the highest the last stretch
goes on, and below the lowest it falls to 0 at probability 0.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray, N, explained, positive_part, root, where

#: Demand is looked at no further out than this: nothing that was learned reaches further.
MOST_PROBABILITY: Final = 0.9999


def quantiles_over(days: FloatArray, quantiles: NDArray[np.floating[Any]], asked: FloatArray) -> FloatArray:
    """Quantiles (n, q) of demand over each SKU's own time `asked` (n,) in days; missing where that is, and 0 for no time."""
    grid = np.asarray(days, np.float64)
    time = np.maximum(np.nan_to_num(asked), 0.0)
    above = np.minimum(np.searchsorted(grid, time), len(grid) - 1)
    row = np.arange(len(time))
    high = quantiles[row, :, above].astype(np.float64)
    low = np.where(above[:, None] > 0, quantiles[row, :, np.maximum(above - 1, 0)], 0.0)
    begin = np.where(above > 0, grid[np.maximum(above - 1, 0)], 0.0)
    part = np.minimum((time - begin) / (grid[above] - begin), 1.0)
    longer = np.maximum(time / grid[-1], 1.0)
    found: FloatArray = (low + part[:, None] * (high - low)) * longer[:, None]
    return np.where(np.isnan(asked)[:, None], np.nan, found)


def quantile_between(levels: FloatArray, quantiles: FloatArray, probability: FloatArray) -> FloatArray:
    """The quantile (n,) at each SKU's own `probability` (n,), of quantiles (n, q) at the levels; missing outside 0 to 1, exclusive."""
    from scipy.special import ndtri

    valid = (probability > 0) & (probability < 1)
    asked = np.where(valid, np.minimum(probability, MOST_PROBABILITY), 0.5)
    scores = ndtri(np.asarray(levels, np.float64))
    above = np.clip(np.searchsorted(levels, asked), 1, len(scores) - 1)
    row = np.arange(len(asked))
    low, high = quantiles[row, above - 1], quantiles[row, above]
    part = (ndtri(asked) - scores[above - 1]) / (scores[above] - scores[above - 1])
    between = np.where(asked < levels[0], quantiles[:, 0] * asked / levels[0], low + part * (high - low))
    return np.where(valid, between, np.nan)


def chance_of_reaching(levels: FloatArray, quantiles: FloatArray, quantity: FloatArray) -> FloatArray:
    """P(D ≥ x), (n,), of demand with quantiles (n, q) at the levels: the chance that `quantity` (n,) units are asked for.

    Demand is whole and the quantiles are not, so that a whole number begins half a unit below itself (the continuity correction):
    P(D ≥ x) is 1 less the highest probability whose quantile is at most x − ½. 1 where x is 0 or below; missing where a quantile or the
    quantity is.
    """
    from scipy.special import ndtr, ndtri

    scores = ndtri(np.asarray(levels, np.float64))
    enough = np.maximum(np.nan_to_num(quantity) - 0.5, 0.0)
    reached = np.count_nonzero(quantiles <= enough[:, None], axis=1)
    row = np.arange(len(enough))
    # The stretch of levels in which it lies; beyond the highest the last one goes on.
    below = np.clip(reached - 1, 0, len(scores) - 2)
    low, high = quantiles[row, below], quantiles[row, below + 1]
    rise = high - low
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.where(rise > 0, (enough - low) / rise, np.where(enough > high, np.inf, 1.0))
        score = scores[below] + part * (scores[below + 1] - scores[below])
        under_lowest = levels[0] * enough / quantiles[:, 0]
    within = np.where(reached == 0, under_lowest, np.minimum(ndtr(score), 1.0))
    chance = np.where(quantity <= 0, 1.0, 1.0 - within)
    return np.where(np.isnan(quantity) | np.isnan(quantiles).any(axis=1), np.nan, chance)


@explained(unit="unit")
def lead_time_risk(z: N | float, daily_mean: N, lead_time_sd: N) -> N:
    """Units against a lead time that is longer than promised, z·d·σ_L, at least 0: what a quantile over a fixed time does not know."""
    return positive_part(daily_mean * lead_time_sd * z)


@explained(unit="unit")
def calibrated_safety_stock(excess: N, risk_of_lead_time: N) -> N:
    """Safety stock by demand over lead time and review period: sqrt(e² + (z·d·σ_L)²).

    `excess` e is what is kept above the forecast m over the same time (`own_deviation.excess_demand`). Were it Q − m, then with a certain
    lead time m + SS is Q, and never less than m. Delays and demand vary independently; were it the textbook's z·σ_d·sqrt(L + R), this were
    the textbook's safety stock (`protection_sd`).
    """
    return root(excess * excess + risk_of_lead_time * risk_of_lead_time)


@explained(unit="unit")
def safety_stock_in_use(rests_on_lead_time_demand: N, calibrated: N, by_policy: N) -> N:
    """The calibrated safety stock where lead-time demand is known and the policy leaves it to statistics, else what the policy gives."""
    return where(rests_on_lead_time_demand, calibrated, by_policy)


@explained(unit="probability")
def chance_over_lead_times(shorter: N, promised: N, longer: N) -> N:
    """The chance over a lead time that varies, from those at L − √3·σ_L, L and L + √3·σ_L: by 1/6, 2/3 and 1/6.

    Gauss and Hermite's three points, exact for a normal lead time wherever the chance is a polynomial of the fifth degree in it.
    """
    return (shorter + promised * 4.0 + longer) / 6.0
