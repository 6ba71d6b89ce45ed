"""The chance that stock hits 0 before or after one arrival, in closed form but for one sum (science.md 2.6).

Stock survives the arrival unless demand D₁ until then takes what is there, A₁; afterwards it is gone when demand of both stretches takes
A₂, which counts what arrived: P = P(D₁ ≥ A₁) + Σ P(D₁ = d) · P(D₂ ≥ A₂ − d) over d < A₁. For whole demands of few units the sum is exact;
else it is taken over a grid of D₁, with the second chance linear within a cell.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from stockhub.formulas.distributions.families import NEGATIVE_BINOMIAL, POISSON
from stockhub.formulas.distributions.stockout import p_zero
from stockhub.formulas.distributions.tails import probability_of_reaching
from stockhub.formulas.elementwise import FloatArray

#: Cells of the grid, and how far below its mean D₁ is looked at: what lies lower has a chance of some 1e-4.
CELLS: Final = 24
_DEVIATIONS: Final = 4.0


def p_any_of_two(
    family: FloatArray, daily_mean: FloatArray, daily_variance: FloatArray, elapsed: FloatArray, available: FloatArray
) -> FloatArray:
    """The chance (n,) that stock hits 0 by the first or by the second checkpoint, of n SKUs whose days of demand are independent.

    `elapsed` and `available` are (2, n): days from now, and units to sell until then. The error is below 0.005 in probability.
    """
    first, second = elapsed[0], elapsed[1] - elapsed[0]
    mean, variance = daily_mean * first, daily_variance * first
    whole = np.isin(family, (POISSON, NEGATIVE_BINOMIAL))
    lowest = np.floor(np.maximum(mean - _DEVIATIONS * np.sqrt(variance), 0.0))
    end = np.maximum(np.where(whole, np.ceil(available[0]), available[0]), lowest)
    step = (end - lowest) / CELLS
    edges = np.minimum(lowest + np.where(whole, np.ceil(step), step) * np.arange(CELLS + 1)[:, None], end)
    reached = probability_of_reaching(edges, family[None, :], mean[None, :], variance[None, :])
    then = p_zero(available[1] - edges, family[None, :], (daily_mean * second)[None, :], (daily_variance * second)[None, :])
    before = p_zero(available[0], family, mean, variance)
    # A cell holds the whole demands from its lower edge up to, and without, its upper one: their middle lies half a unit below its own.
    width = np.diff(edges, axis=0)
    middle = (1.0 - np.where(whole, 1.0, 0.0) / np.maximum(width, 1.0)) / 2.0
    after = (reached[:-1] - reached[1:]) * (then[:-1] + (then[1:] - then[:-1]) * middle)
    total: FloatArray = before + np.where(before < 1.0, after.sum(axis=0) + (1.0 - reached[0]) * then[0], 0.0)
    return np.clip(total, 0.0, 1.0)
