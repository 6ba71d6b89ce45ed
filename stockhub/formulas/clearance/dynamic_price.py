"""The best price at this moment for stock that sells at random (Gallego and van Ryzin 1994, Management Science 40:999-1020; science.md
7.3).

Buyers come as a Poisson process and buy at rate a·exp(−p/p₀): the closed form checks a ladder and quotes a price at once. Prices and p₀ are
money for one unit, stock is in whole units, the rate a and the time to the deadline share their unit of time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from stockhub.formulas.elementwise import FloatArray, N, explained, exponential, operation, ratio, round_down

#: Below this, a regularised gamma function has lost digits to underflow.
_UNDERFLOW = 1e-280
_NEGLIGIBLE = 1e-17


def _log_of_leading_terms(n: FloatArray, x: FloatArray) -> FloatArray:
    """The log of Σ xⁱ/i! for x far above n: the largest term, the n-th, and what the others are as parts of it, n/x + n(n−1)/x² + …"""
    from scipy.special import gammaln

    part, parts, step = np.ones_like(x), np.ones_like(x), 0
    while (part > _NEGLIGIBLE * parts).any():
        part = part * np.maximum(n - step, 0.0) / x
        parts += part
        step += 1
    return np.asarray(n * np.log(x) - gammaln(n + 1.0) + np.log(parts))


@operation
def _log_truncated_exponential(terms: ArrayLike, x: ArrayLike) -> FloatArray:
    """The log of Σ_{i=0..n} xⁱ/i!, the exponential series cut after n; missing for a negative n or x."""
    from scipy.special import gammaincc

    n, at = np.broadcast_arrays(np.asarray(terms, dtype=np.float64), np.asarray(x, dtype=np.float64))
    defined = (n >= 0) & (at >= 0)
    n, at = np.where(defined, n, 0.0), np.where(defined, at, 0.0)
    share = gammaincc(n + 1.0, at)
    result = at + np.log(np.maximum(share, _UNDERFLOW))
    tiny = share < _UNDERFLOW
    if tiny.any():
        result = np.where(tiny, _log_of_leading_terms(np.where(tiny, n, 0.0), np.where(tiny, at, 1.0)), result)
    return np.where(defined, result, np.nan)


@explained(unit="unit")
def expected_buyers_at_scale_price(demand_scale: N, time_left: N, scale_price: N, outlay: N | float = 0.0) -> N:
    """The mean number x = a·t/e of buyers at p₀ above the outlay: what the price p₀ alone would bring in the time left."""
    return demand_scale * time_left * exponential(-1.0 - ratio(outlay, scale_price))


@explained(unit="base currency")
def dynamic_value(stock: N, demand_scale: N, time_left: N, scale_price: N, salvage: N | float = 0.0) -> N:
    """J = n·v + p₀·ln Σ_{i≤n} xⁱ/i!: expected cash from n units at best prices, where what is left brings the salvage v a unit."""
    n = round_down(stock)
    buyers: N = expected_buyers_at_scale_price(demand_scale, time_left, scale_price, salvage)
    return n * salvage + scale_price * _log_truncated_exponential(n, buyers)


@explained(unit="base currency/unit")
def dynamic_price(stock: N, demand_scale: N, time_left: N, scale_price: N, salvage: N | float = 0.0) -> N:
    """p* = p₀ + J(n) − J(n−1): p₀ above what the next unit is worth in stock; missing where there is nothing to sell.

    Whoever sells at p gives up the salvage v, so that J holds for p − v with demand a·exp(−v/p₀). A fee c on each unit sold is given up in
    the same way: the price with it is the one for a salvage of v + c.
    """
    n = round_down(stock)
    buyers: N = expected_buyers_at_scale_price(demand_scale, time_left, scale_price, salvage)
    worth_of_one = _log_truncated_exponential(n, buyers) - _log_truncated_exponential(n - 1.0, buyers)
    return scale_price + salvage + scale_price * worth_of_one
