"""Price floors, two different numbers (H52; science.md 7.4).

The accounts' break-even counts the landed cost. For the economic floor of a clearance that is sunk, and the best other exit takes its
place. They differ in the costs that are given here, not in the search.

Net proceeds are not monotone in the price, so that there are two answers to each: `first_ok_price`, the lowest price that covers the
costs, and `safe_price`, from which on every price does. Both lie on the grid of the smallest coins and are exact: rates of up to six
decimals times cents are multiples of 1e-8, further apart than the tolerance, and a float's error is far below it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from math import nan
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stockhub.formulas.clearance.net_proceeds import PriceTariff, fees_by_price, net_proceeds
from stockhub.formulas.elementwise import FloatArray, N, explained, greater, maximum, operation, ratio, round_up, where
from stockhub.formulas.fees.exact import decimal_of
from stockhub.values import Explanation

_TOLERANCE: Final = 1e-9
#: Why there is no floor.
NO_PRICE_COVERS_COSTS: Final = "NO_PRICE_COVERS_COSTS"
NO_DATA: Final = "NO_DATA"

Positions = NDArray[np.intp]
#: From the net proceeds (g,) of a grid of prices (g,) and n numbers (n,) to positions in the grid (n,); g is none.
Choice = Callable[[FloatArray, FloatArray, FloatArray], Positions]


def _on_grids(numbers: ArrayLike, kept: ArrayLike, tariff: tuple[ArrayLike, ...], choose: Choice) -> FloatArray:
    """The price that `choose` picks for each of n numbers, with one pass over the grid for all SKUs with the same terms."""
    columns = [np.asarray(column, dtype=np.float64) for column in (numbers, kept, *tariff)]
    shape = np.broadcast_shapes(*(column.shape for column in columns))
    rows = np.stack([np.broadcast_to(column, shape).ravel() for column in columns], axis=1)
    prices = np.full(len(rows), np.nan)
    known = np.flatnonzero(np.isfinite(rows).all(axis=1))
    # Terms that are the same for all need no comparing: sorting whole rows would take most of the time.
    varying = [place for place, column in enumerate(columns) if place == 1 or (place > 1 and column.size > 1)]
    fees: dict[tuple[float, ...], tuple[FloatArray, FloatArray]] = {}
    for mine in _groups(rows[known][:, varying]):
        terms = tuple(rows[known[mine[0]], 2:].tolist())
        if terms not in fees:
            fees[terms] = _fees_on_grid(PriceTariff.from_numbers(terms))
        grid, fee = fees[terms]
        place = choose(net_proceeds(grid, float(rows[known[mine[0]], 1]), 0.0, fee), rows[known[mine], 0], grid)
        prices[known[mine]] = np.append(grid, np.nan)[place]
    return prices.reshape(shape)


def _groups(terms: FloatArray) -> list[Positions]:
    """The positions of equal rows (n, k), one array for each different row."""
    if not len(terms):
        return []
    _, group = np.unique(terms[:, 0] if terms.shape[1] == 1 else terms, axis=0, return_inverse=True)
    return np.split(np.argsort(group, kind="stable"), np.cumsum(np.bincount(group))[:-1])


def _fees_on_grid(tariff: PriceTariff) -> tuple[FloatArray, FloatArray]:
    """Every price of a tariff in its smallest coins, with its fees; a price that the tariff does not hold has infinite ones."""
    per_unit = round(1.0 / tariff.minor_unit)
    grid = np.arange(1, round(tariff.highest_price * per_unit) + 1) / per_unit
    fees = fees_by_price(grid, tariff)
    return grid, np.where(np.isnan(fees), np.inf, fees)


@operation
def _first_price_covering(costs: ArrayLike, kept: ArrayLike, *tariff: ArrayLike) -> FloatArray:
    """The first price on the grid whose net proceeds reach the costs."""
    return _on_grids(costs, kept, tariff, lambda net, need, _: np.searchsorted(np.maximum.accumulate(net), need - _TOLERANCE))


@operation
def _safe_price_covering(costs: ArrayLike, kept: ArrayLike, *tariff: ArrayLike) -> FloatArray:
    """The first price on the grid from which on net proceeds always reach the costs."""
    return _on_grids(costs, kept, tariff, lambda net, need, _: np.searchsorted(np.minimum.accumulate(net[::-1])[::-1], need - _TOLERANCE))


@operation
def _best_price_up_to(price: ArrayLike, kept: ArrayLike, *tariff: ArrayLike) -> FloatArray:
    """The price on the grid up to another one with the highest net proceeds; the highest of several."""

    def choose(net: FloatArray, most: FloatArray, grid: FloatArray) -> Positions:
        best = np.maximum.accumulate(np.where(net >= np.maximum.accumulate(net) - _TOLERANCE, np.arange(len(net)), 0))
        below = np.searchsorted(grid, most + _TOLERANCE, side="right")
        return np.append(len(net), best)[below]

    return _on_grids(price, kept, tariff, choose)


@explained(unit="currency/unit")
def first_ok_price(costs: N, kept: N, tariff: PriceTariff) -> N:
    """The lowest price whose net proceeds cover the costs; missing where none up to the highest does. Some above it may not."""
    return _first_price_covering(costs, kept, *tariff.numbers())


@explained(unit="currency/unit")
def safe_price(costs: N, kept: N, tariff: PriceTariff) -> N:
    """The lowest price from which every price up to the highest covers the costs; missing where the highest does not."""
    return _safe_price_covering(costs, kept, *tariff.numbers())


@explained(unit="currency/unit")
def price_outside_dips(price: N, kept: N, tariff: PriceTariff) -> N:
    """The best price at or below one that was planned: lower where a fee's jump makes that net more ($15.00 for $15.01 in apparel)."""
    return _best_price_up_to(price, kept, *tariff.numbers())


@explained(unit="currency/unit")
def flat_break_even_price(costs: N, fee_rate: N | float) -> N:
    """The price at which a flat share of it and the costs leave nothing: (10 + 2 + 4) / (1 − 15 %) is 18.82 (H52).

    Missing where the share is all of the price.
    """
    left: N | float = 1.0 - fee_rate
    some: N = greater(left, 0.0)
    return where(some, ratio(costs, left), nan)


@explained(unit="currency/unit")
def price_floor(costs: N, kept: N, minor_unit: float = 0.01) -> N:
    """The lowest price in whole coins that covers costs where a steady share of the price is kept; missing where nothing is kept."""
    coins = round_up(flat_break_even_price(costs, 1.0 - kept) * float(round(1.0 / minor_unit)))
    return maximum(coins, 1.0) * minor_unit


@dataclass(frozen=True, slots=True)
class PriceFloors:
    """Both floors of one SKU, None with a `reason` where there is none, and how they come about."""

    first_ok: Decimal | None
    safe: Decimal | None
    reason: str | None
    first_ok_explanation: Explanation
    safe_explanation: Explanation


def price_floors(costs: Explanation, kept: Explanation, tariff: PriceTariff) -> PriceFloors:
    """Both floors of one SKU, from its costs and the share of a price that it keeps."""
    first, safe = first_ok_price(costs, kept, tariff), safe_price(costs, kept, tariff)
    reason = None
    if first.value is None or safe.value is None:
        reason = NO_DATA if costs.value is None or kept.value is None else NO_PRICE_COVERS_COSTS
    return PriceFloors(_in_coins(first.value, tariff), _in_coins(safe.value, tariff), reason, first, safe)


def _in_coins(price: float | None, tariff: PriceTariff) -> Decimal | None:
    return None if price is None else decimal_of(price).quantize(decimal_of(tariff.minor_unit))
