"""Where the mean of a series shifts, by least squares (science.md 3.14).

Series are (…, t), oldest first; a missing period costs nothing and fills no segment. A break b means that a new segment begins at period b.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray

#: Known periods that a segment has at the least.
MIN_SEGMENT = 3

BoolArray = NDArray[np.bool_]


class _Moments:
    """Sums of a series up to each period, from which any segment's squared deviation from its own mean follows in one step."""

    def __init__(self, series: FloatArray) -> None:
        known = np.isfinite(series)
        count = known.sum(axis=-1, keepdims=True)
        with np.errstate(invalid="ignore"):
            mean = np.where(known, series, 0.0).sum(axis=-1, keepdims=True) / np.maximum(count, 1)
        # Around the mean, or the difference of two large sums of squares would lose what is between them.
        held = np.where(known, series - mean, 0.0)
        self.count = _upto(known.astype(np.float64))
        self._sum = _upto(held)
        self._square = _upto(held * held)

    def cost(self, start: slice | int, end: slice | int) -> tuple[FloatArray, FloatArray]:
        """Squared deviation and number of known periods of the segments [start, end)."""
        count = self.count[..., end] - self.count[..., start]
        total = self._sum[..., end] - self._sum[..., start]
        square = self._square[..., end] - self._square[..., start]
        return np.maximum(square - total * total / np.maximum(count, 1.0), 0.0), count


def _upto(values: FloatArray) -> FloatArray:
    """Sums before each period, (…, t + 1)."""
    return np.concatenate([np.zeros((*values.shape[:-1], 1)), np.cumsum(values, axis=-1)], axis=-1)


def single_break(series: FloatArray, min_size: int = MIN_SEGMENT) -> FloatArray:
    """The break (…) that leaves the least squared deviation, the first of equals; NaN where two segments do not fit."""
    t = series.shape[-1]
    if t < 2:
        return np.full(series.shape[:-1], np.nan)
    moments = _Moments(series)
    inner = slice(1, t)
    before, known_before = moments.cost(slice(0, 1), inner)
    after, known_after = moments.cost(inner, slice(t, t + 1))
    possible = (known_before >= min_size) & (known_after >= min_size)
    deviation = np.where(possible, before + after, np.inf)
    return np.where(possible.any(axis=-1), deviation.argmin(axis=-1) + 1.0, np.nan)


def penalised_breaks(series: FloatArray, penalty: FloatArray, min_size: int = MIN_SEGMENT) -> BoolArray:
    """Whether a segment begins at a period (…, t), other than the first: the breaks of the least deviation plus a `penalty` (…) for each.

    Exact, by optimal partitioning (Jackson et al. 2005, IEEE SPL 12:105-108), whose answer PELT (Killick, Fearnhead & Eckley 2012, JASA
    107:1590-1598) finds with pruning. A loop over ends; all SKUs and all starts at once. No break where no two segments fit.
    """
    t = series.shape[-1]
    moments = _Moments(series)
    price = np.asarray(penalty, dtype=np.float64)[..., None]
    least = np.full((*series.shape[:-1], t + 1), np.inf)
    least[..., 0] = 0.0
    start_of = np.zeros((*series.shape[:-1], t + 1), dtype=np.int64)
    for end in range(1, t + 1):
        deviation, known = moments.cost(slice(0, end), slice(end, end + 1))
        cost = np.where(known >= min_size, least[..., :end] + deviation + price, np.inf)
        start_of[..., end] = cost.argmin(axis=-1)
        least[..., end] = cost.min(axis=-1)
    return _backtracked(start_of)


def _backtracked(start_of: NDArray[np.int64]) -> BoolArray:
    """The starts of segments, from the start of the last segment of each prefix."""
    t = start_of.shape[-1] - 1
    breaks = np.zeros((*start_of.shape[:-1], t), dtype=np.bool_)
    at = np.full(start_of.shape[:-1], t)
    periods = np.arange(t)
    while (at > 0).any():
        at = np.take_along_axis(start_of, at[..., None], axis=-1)[..., 0]
        breaks |= (periods == at[..., None]) & (at > 0)[..., None]
    return breaks
