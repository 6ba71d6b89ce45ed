"""Whole levels to search for many SKUs at once, in blocks of SKUs that need about as many."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.distributions.families import POISSON
from stockhub.formulas.distributions.loss import expected_shortage
from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.policies.base_stock import poisson_period_cost

#: Numbers in one block: what a processor's cache holds a few times.
_BLOCK_NUMBERS = 1_000_000


def levels_worth_visiting(
    *, ordering_rate: FloatArray, protected_mean: FloatArray, lot_scale: FloatArray, holding: FloatArray, shortage: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """More than a policy costs that is known, and the lowest and highest level whose period costs no more than that.

    `ordering_rate` is fixed cost times demand a period. The known policy orders lots of Δ, about `lot_scale`, at a good level y: it orders
    once in Δ / d periods or less often, and none of its periods costs more than the dearer of those at y and at y + Δ − 1. A period never
    costs less than h·(y − d) or p·(d − y), which gives the ends.
    """
    lot = np.maximum(np.round(lot_scale), 1.0)
    bottom = np.ceil(protected_mean)
    dearest = np.maximum(*(poisson_period_cost(level, protected_mean, holding, shortage) for level in (bottom, bottom + lot - 1.0)))
    rate: FloatArray = (ordering_rate / lot + dearest) * (1.0 + 1e-6)
    return rate, np.floor(protected_mean - rate / shortage), np.ceil(protected_mean + rate / holding)


def blocks_of_similar_width(low: FloatArray, high: FloatArray) -> Iterator[tuple[NDArray[np.intp], int]]:
    """Indices of SKUs and the number of levels that is enough for each of them, the widest first."""
    widths = (high - low).astype(np.int64) + 1
    left = np.argsort(widths, kind="stable")
    while len(left):
        width = int(widths[left[-1]])
        left, block = np.split(left, [max(len(left) - max(_BLOCK_NUMBERS // width, 1), 0)])
        yield block, width


def poisson_period_costs(levels: FloatArray, mean: FloatArray, holding: FloatArray, shortage: FloatArray) -> FloatArray:
    """`poisson_period_cost` of consecutive whole levels, (n, width), of n SKUs whose numbers are (n, 1).

    One loss at the first level; from each to the next it falls by P(D > y), so that two cumulated sums take the place of two tails a level.
    """
    from scipy.special import gammaln, pdtr, xlogy

    first = levels[:, :1]
    held = np.maximum(levels, 0.0)
    density = np.where(levels >= 0.0, np.exp(xlogy(held, mean) - mean - gammaln(held + 1.0)), 0.0)
    within = np.where(first > 0.0, pdtr(np.maximum(first - 1.0, 0.0), mean), 0.0) + np.cumsum(density, axis=1)
    loss_at_first: FloatArray = expected_shortage(first, POISSON, mean, mean)
    fallen = np.cumsum(1.0 - within, axis=1) - (1.0 - within)
    short = np.maximum(loss_at_first - fallen, 0.0)
    return np.asarray(holding * np.maximum(levels - mean + short, 0.0) + shortage * short)
