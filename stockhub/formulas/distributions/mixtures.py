"""Two distributions that are told by quantiles at the same levels, as one: each is true with its weight (linear opinion pool, Stone 1961).

A mean of quantiles has the mean shape of both and is no wider than they are; a mixture says as well that they disagree. Where one of them
is sure that nothing is sold and the other is not, only the mixture has both (docs/adr/0064).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray

#: Score of the probability that a quantity below the lowest quantile falls to at 0, and of that beyond what a table reaches.
_LEAST_SCORE, _CERTAIN_SCORE = -6.0, 8.0
#: Equal quantiles are held so far apart, relative to the largest of a row, that each has its place.
_APART: Final = 1e-9


def mixture_quantiles(levels: FloatArray, first: FloatArray, second: FloatArray, weight: FloatArray) -> FloatArray:
    """Quantiles (n, q) at the levels (q,), ascending, of what `first` (n, q) says with `weight` (n,), 0 to 1, and else `second` (n, q).

    Both ascend and are at least 0. Between two levels either goes straight over the normal score, as kept quantiles do; above the highest
    the last stretch goes on for twice its length. A single level tells no shape: there it is the weighted mean.
    """
    from scipy.special import ndtr, ndtri

    share = np.asarray(weight, np.float64)[:, None]
    if len(levels) < 2:
        return np.asarray(share * first + (1.0 - share) * second)
    asked = ndtri(np.asarray(levels, np.float64))
    scores = np.concatenate([[_LEAST_SCORE], asked, [3.0 * asked[-1] - 2.0 * asked[-2]]])
    largest = np.maximum(np.maximum(first[:, -1:], second[:, -1:]), 1e-6)
    ours, theirs = _table(first, largest), _table(second, largest)
    quantity = np.sort(np.concatenate([ours, theirs], axis=1), axis=1)
    within = share * ndtr(_scores_at(ours, scores, quantity)) + (1.0 - share) * ndtr(_scores_at(theirs, scores, quantity))
    found = _quantities_at(np.maximum.accumulate(ndtri(within), axis=1), quantity, asked)
    # What only holds equal quantiles apart is no demand.
    return np.where(found <= 2.0 * _APART * len(scores) * largest, 0.0, np.maximum.accumulate(found, axis=1))


def _table(quantiles: FloatArray, largest: FloatArray) -> FloatArray:
    """Quantities (n, q + 2), strictly ascending: 0, the quantiles, and where the last stretch ends."""
    rising = np.maximum.accumulate(np.maximum(quantiles, 0.0), axis=1)
    end = 3.0 * rising[:, -1:] - 2.0 * rising[:, -2:-1]
    table = np.concatenate([np.zeros((len(rising), 1)), rising, end], axis=1)
    return np.asarray(table + _APART * largest * np.arange(table.shape[1]))


def _scores_at(table: FloatArray, scores: FloatArray, quantity: FloatArray) -> FloatArray:
    """Normal scores (n, k) of the probability that demand stays within each quantity (n, k), which is at least the table's first."""
    place = np.clip((table[:, None, :] <= quantity[:, :, None]).sum(axis=2) - 1, 0, table.shape[1] - 2)
    low, high = np.take_along_axis(table, place, axis=1), np.take_along_axis(table, place + 1, axis=1)
    part = (quantity - low) / (high - low)
    return np.where(part > 1.0, _CERTAIN_SCORE, scores[place] + part * (scores[place + 1] - scores[place]))


def _quantities_at(scores: FloatArray, quantity: FloatArray, asked: NDArray[np.float64]) -> FloatArray:
    """Quantities (n, q) at the scores asked for (q,), where those of the ascending quantities (n, k) are `scores` (n, k)."""
    above = np.clip((scores[:, None, :] < asked[None, :, None]).sum(axis=2), 1, scores.shape[1] - 1)
    low, high = np.take_along_axis(quantity, above - 1, axis=1), np.take_along_axis(quantity, above, axis=1)
    below, beyond = np.take_along_axis(scores, above - 1, axis=1), np.take_along_axis(scores, above, axis=1)
    rise = beyond - below
    part = np.where(rise > 0, (asked - below) / np.where(rise > 0, rise, 1.0), 1.0)
    return np.asarray(low + np.clip(part, 0.0, 1.0) * (high - low))
