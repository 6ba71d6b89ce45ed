"""A week's random sales from a limited stock: expectations over what is left, and what is left of a random stock (science.md 7.2).

Demand is Poisson, or negative binomial where it varies more than its mean. Arrays over stock have n + 1 entries: 0, 1, …, n units.
"""

from __future__ import annotations

from typing import Final, Protocol

import numpy as np

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.errors import InvalidParameterError

#: With demand that depends on what is left, every stock has its own probabilities: n² of them, which have to fit into memory.
LARGEST_STOCK_OF_BROKEN_ASSORTMENT: Final = 3000
#: Probabilities below this do not move a sum of float64.
_NEGLIGIBLE: Final = 1e-18


class WeeklySales(Protocol):
    """The sales of one week at one price."""

    def expectation(self, value_of_rest: FloatArray) -> FloatArray:
        """For each stock at the start, (n + 1,), the mean of a value (n + 1,) of what is left."""
        ...

    def rest(self, stock: FloatArray) -> FloatArray:
        """The probabilities (n + 1,) of what is left, given those of the stock at the start."""
        ...


def _exactly(units: FloatArray, mean: FloatArray, variance_ratio: float) -> FloatArray:
    """P(demand = units); the arguments broadcast."""
    from scipy.special import gammaln, xlogy

    if variance_ratio == 1.0:
        return np.asarray(np.exp(xlogy(units, mean) - mean - gammaln(units + 1.0)))
    size = _size(mean, variance_ratio)
    ways = gammaln(units + size) - gammaln(size) - gammaln(units + 1.0)
    chance = np.exp(ways + units * np.log1p(-1.0 / variance_ratio) - size * np.log(variance_ratio))
    return np.where(mean < _NEGLIGIBLE, np.equal(units, 0.0), chance)


def _more_than(units: FloatArray, mean: FloatArray, variance_ratio: float) -> FloatArray:
    """P(demand > units); the arguments broadcast."""
    from scipy.special import betainc, gammainc

    if variance_ratio == 1.0:
        return np.asarray(gammainc(units + 1.0, mean))
    return np.where(mean < _NEGLIGIBLE, 0.0, betainc(units + 1.0, _size(mean, variance_ratio), 1.0 - 1.0 / variance_ratio))


def _size(mean: FloatArray, variance_ratio: float) -> FloatArray:
    """The negative binomial's number of successes; of no demand, which has none, any."""
    return np.where(mean < _NEGLIGIBLE, 1.0, mean) / (variance_ratio - 1.0)


class SteadySales:
    """Demand that does not depend on stock: a convolution."""

    def __init__(self, stock: int, mean: float, variance_ratio: float) -> None:
        units = np.arange(stock + 1, dtype=np.float64)
        means = np.asarray(mean, dtype=np.float64)
        demand, self._unmet = _exactly(units, means, variance_ratio), _more_than(units, means, variance_ratio)
        seen = np.flatnonzero(demand > _NEGLIGIBLE)
        self._demand = demand[: seen[-1] + 1] if len(seen) else demand[:1]
        self._size = stock + 1

    def expectation(self, value_of_rest: FloatArray) -> FloatArray:
        return np.asarray(np.convolve(self._demand, value_of_rest)[: self._size] + self._unmet * value_of_rest[0])

    def rest(self, stock: FloatArray) -> FloatArray:
        left: FloatArray = np.convolve(self._demand, stock[::-1])[: self._size][::-1].copy()
        left[0] += stock @ self._unmet
        return left


class BrokenAssortmentSales:
    """Demand that falls as sizes and colours run out: mean·min(1, stock/full stock)^γ (Smith and Achabal 1998, Management Science
    44:285-300).
    """

    def __init__(self, stock: int, mean: float, variance_ratio: float, *, full_stock: float, exponent: float) -> None:
        if stock > LARGEST_STOCK_OF_BROKEN_ASSORTMENT:
            allowed = (
                f"at most {LARGEST_STOCK_OF_BROKEN_ASSORTMENT} units with a broken assortment: count in cases, or leave the effect out"
            )
            raise InvalidParameterError("stock", stock, allowed)
        start = np.arange(stock + 1, dtype=np.float64)[:, None]
        means = mean * np.minimum(1.0, start / full_stock) ** exponent
        demand = _exactly(np.maximum(start - start.T, 0.0), means, variance_ratio)
        self._transition = np.where(start >= start.T, demand, 0.0)
        self._transition[:, 0] += _more_than(start, means, variance_ratio)[:, 0]

    def expectation(self, value_of_rest: FloatArray) -> FloatArray:
        return np.asarray(self._transition @ value_of_rest)

    def rest(self, stock: FloatArray) -> FloatArray:
        return np.asarray(stock @ self._transition)
