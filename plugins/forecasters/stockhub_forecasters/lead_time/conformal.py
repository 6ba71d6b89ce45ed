"""Quantiles of how sums compared with what was expected, among lead times of like size and unrest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub_forecasters.lead_time.history import Floats

#: Probabilities at which a cell is kept; between them quantiles are interpolated.
GRID: Final[Floats] = np.concatenate([[0.001, 0.005], np.arange(1, 100) / 100.0, [0.975, 0.985, 0.995, 0.999]])
GRID.sort()
MOST_LEVEL_BINS: Final = 6
LEAD_TIMES_A_BIN: Final = 150.0
#: With fewer independent lead times in a bin of the level, it is not divided by unrest.
DIVIDED_FROM: Final = 300.0
#: Rows at which a cell weighs as much as the bin that it is part of.
SHRINK_ROWS: Final = 100.0


@dataclass(frozen=True, slots=True)
class Cells:
    """Bins of the expected sum by `level_edges` (b − 1,), in each of them bins of day cv by `cv_edges` (b, c − 1).

    `quantiles` (b, c, GRID).
    """

    level_edges: Floats
    cv_edges: Floats
    quantiles: Floats

    def at(self, expected: Floats, cv: Floats, silent: NDArray[np.bool_], probabilities: Floats) -> Floats:
        """The quantiles (n, q) for expected sums (n,), cv (n,) and whether the series have fallen silent (n,)."""
        level = np.searchsorted(self.level_edges, expected, side="right")
        inner = np.where(silent, self.quantiles.shape[1] - 1, (cv[:, None] >= self.cv_edges[level]).sum(axis=1))
        rows = self.quantiles[level, inner]
        place = np.clip(np.interp(probabilities, GRID, np.arange(GRID.size)), 0.0, GRID.size - 1.0)
        below = np.floor(place).astype(np.int64)
        above = np.minimum(below + 1, GRID.size - 1)
        return np.asarray(rows[:, below] + (place - below) * (rows[:, above] - rows[:, below]))


def cells_of(scores: Floats, expected: Floats, cv: Floats, silent: NDArray[np.bool_], *, independent: float, cv_bins: int) -> Cells:
    """Cells of scores (k,) by expected sum (k,), cv (k,) and silence (k,); `independent` is how many lead times of those do not overlap."""
    bins = int(min(max(independent / LEAD_TIMES_A_BIN, 1.0), MOST_LEVEL_BINS))
    if independent / bins < DIVIDED_FROM:
        cv_bins = 1
    level_edges = _inner_edges(expected, bins)
    level = np.searchsorted(level_edges, expected, side="right")
    cv_edges = np.zeros((bins, cv_bins - 1))
    quantiles = np.zeros((bins, cv_bins + 1, GRID.size))
    whole = _on_grid(scores)
    of_silent = _shrunk(scores[silent], whole)
    for b in range(bins):
        quantiles[b, cv_bins] = _shrunk(scores[silent & (level == b)], of_silent)
        rows = ~silent & (level == b)
        outer = _shrunk(scores[rows], whole)
        cv_edges[b] = _inner_edges(cv[rows], cv_bins) if rows.any() else 0.0
        inner: NDArray[np.int64] = (cv[rows][:, None] >= cv_edges[b]).sum(axis=1)
        for c in range(cv_bins):
            quantiles[b, c] = _shrunk(scores[rows][inner == c], outer)
    return Cells(level_edges, cv_edges, quantiles)


def _inner_edges(values: Floats, bins: int) -> Floats:
    return np.quantile(values, np.arange(1, bins) / bins)


def _shrunk(scores: Floats, outer: Floats) -> Floats:
    if not scores.size:
        return outer
    weight = scores.size / (scores.size + SHRINK_ROWS)
    return weight * _on_grid(scores) + (1.0 - weight) * outer


def _on_grid(scores: Floats) -> Floats:
    """The quantiles (GRID,) of scores (k,), as `np.quantile` has them at a third of its time for some hundred levels."""
    ordered, place = np.sort(scores), GRID * (scores.size - 1.0)
    below = place.astype(np.int64)
    above = np.minimum(below + 1, scores.size - 1)
    return np.asarray(ordered[below] + (place - below) * (ordered[above] - ordered[below]))
