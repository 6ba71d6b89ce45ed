"""Quantiles of a model that many series share: what demand was, as a multiple of what had been forecast, on days the model had not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: Probabilities at which the multiples are kept; between two they are interpolated.
_GRID: Final = np.linspace(0.0, 1.0, 201)
_LEVEL_BINS: Final = 6
_SHARE_EDGES: Final = (0.1, 0.4)
#: A cell with fewer held-out days takes the quantiles of a wider one.
_FEWEST: Final = 150


@dataclass(frozen=True, slots=True)
class Multiples:
    """Multiples of the forecast by cell: level of the forecast (`level_edges`) × share of days with sales.

    `quantiles` (cells, 201) at probabilities 0 to 1.
    """

    level_edges: NDArray[np.float64]
    quantiles: NDArray[np.float64]

    def cells(self, forecast: NDArray[np.float64], sold_share: NDArray[np.float64]) -> NDArray[np.int64]:
        """The cell (r,) of each forecast (r,)."""
        return _cells(self.level_edges, forecast, sold_share)

    def at(self, cells: NDArray[np.int64], quantile_levels: tuple[float, ...]) -> NDArray[np.float64]:
        """Multiples (r, q) at the levels."""
        position = np.asarray(quantile_levels, np.float64) * (_GRID.size - 1)
        below = np.minimum(position.astype(np.int64), _GRID.size - 2)
        table = self.quantiles[:, below] + (position - below) * (self.quantiles[:, below + 1] - self.quantiles[:, below])
        found: NDArray[np.float64] = table[cells]
        return found


def multiples_of(demand: NDArray[np.float64], forecast: NDArray[np.float64], sold_share: NDArray[np.float64]) -> Multiples:
    """Takes the multiples of held-out days (r,) apart by cell. All of demand and forecast are in units a day, forecasts above 0."""
    ratio = demand / forecast
    level_edges = np.quantile(forecast, np.arange(1, _LEVEL_BINS) / _LEVEL_BINS)
    shares = len(_SHARE_EDGES) + 1
    cells = _cells(level_edges, forecast, sold_share)
    quantiles = np.empty((_LEVEL_BINS * shares, _GRID.size))
    for cell in range(_LEVEL_BINS * shares):
        chosen = ratio[cells == cell]
        if chosen.size < _FEWEST:
            chosen = ratio[cells // shares == cell // shares]
        if chosen.size < _FEWEST:
            chosen = ratio
        # Type 6 of Hyndman & Fan: the next of an exchangeable row is below the p-quantile with probability p.
        quantiles[cell] = np.quantile(chosen, _GRID, method="weibull")
    return Multiples(level_edges, quantiles)


def _cells(level_edges: NDArray[np.float64], forecast: NDArray[np.float64], sold_share: NDArray[np.float64]) -> NDArray[np.int64]:
    level = np.searchsorted(level_edges, forecast)
    share = np.searchsorted(_SHARE_EDGES, sold_share)
    cells: NDArray[np.int64] = level * (len(_SHARE_EDGES) + 1) + share
    return cells
