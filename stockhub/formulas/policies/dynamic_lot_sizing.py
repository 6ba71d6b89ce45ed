"""Lots for a demand that changes from period to period: seasons, campaigns (science.md 3.6; Wagner and Whitin 1958).

Demand is (…, n), periods last and any leading axes SKUs; a lot arrives at the start of its period and holding is charged on what is left at
a period's end. Costs may be numbers, or arrays that broadcast against demand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stockhub.formulas.elementwise import FloatArray, N, explained, greater, total, where
from stockhub.formulas.errors import InvalidParameterError


class LotPlan(NamedTuple):
    """Units to order for each period, (…, n), and what the plan costs, (…); NaN for a SKU of which a number is missing."""

    quantities: FloatArray
    cost: FloatArray


def dynamic_lot_plan(demand: ArrayLike, fixed_cost: ArrayLike, holding_cost: ArrayLike, unit_cost: ArrayLike = 0.0) -> LotPlan:
    """The cheapest plan without capacity limits, exact, by the recursion from the last period to the first; O(n²) a SKU, all SKUs at once.

    A lot covers whole periods up to the next lot, so a plan is a chain of periods in which to order. InvalidParameterError for a demand or
    a cost below 0.
    """
    wanted = np.atleast_1d(np.asarray(demand, dtype=np.float64))
    fixed, holding, unit = (
        np.broadcast_to(np.asarray(cost, dtype=np.float64), wanted.shape) for cost in (fixed_cost, holding_cost, unit_cost)
    )
    for name, numbers in (("demand", wanted), ("fixed_cost", fixed), ("holding_cost", holding), ("unit_cost", unit)):
        if (numbers < 0).any():
            raise InvalidParameterError(name, float(np.nanmin(numbers)), "numbers of 0 or more")
    cheapest, next_lot = _cheapest_from(wanted, fixed, holding, unit)
    quantities = _quantities(wanted, next_lot)
    return LotPlan(np.where(np.isnan(cheapest)[..., None], np.nan, quantities), cheapest)


def _cheapest_from(wanted: FloatArray, fixed: FloatArray, holding: FloatArray, unit: FloatArray) -> tuple[FloatArray, NDArray[np.intp]]:
    """The least cost from period 0 on, (…), and for each period the one of the next lot where a lot is ordered in it, (…, n)."""
    periods = wanted.shape[-1]
    carried = np.cumsum(holding, axis=-1)
    least = np.zeros((*wanted.shape[:-1], periods + 1))
    next_lot = np.zeros(wanted.shape, dtype=np.intp)
    for first in reversed(range(periods)):
        covered = wanted[..., first:]
        # A unit sold in period i has been held at the ends of first … i − 1.
        held = carried[..., first:] - holding[..., first:] - (carried[..., first] - holding[..., first])[..., None]
        units = np.cumsum(covered, axis=-1)
        costs = fixed[..., first, None] * (units > 0) + unit[..., first, None] * units + np.cumsum(held * covered, axis=-1)
        costs = costs + least[..., first + 1 :]
        best = np.argmin(costs, axis=-1)
        least[..., first] = np.take_along_axis(costs, best[..., None], axis=-1)[..., 0]
        next_lot[..., first] = first + 1 + best
    return least[..., 0], next_lot


def _quantities(wanted: FloatArray, next_lot: NDArray[np.intp]) -> FloatArray:
    """Follows the chain of lots from period 0."""
    quantities = np.zeros_like(wanted)
    sold_before = np.concatenate([np.zeros((*wanted.shape[:-1], 1)), np.cumsum(wanted, axis=-1)], axis=-1)
    upcoming = np.zeros(wanted.shape[:-1], dtype=np.intp)
    for period in range(wanted.shape[-1]):
        due = upcoming == period
        upcoming = np.where(due, next_lot[..., period], upcoming)
        until = np.take_along_axis(sold_before, upcoming[..., None], axis=-1)[..., 0]
        quantities[..., period] = np.where(due, until - sold_before[..., period], 0.0)
    return quantities


@explained(unit="base currency")
def lot_plan_cost(quantities: Sequence[N], demand: Sequence[N], fixed_cost: N, holding_cost: N, unit_cost: N | float = 0.0) -> N:
    """What any plan costs, period by period: the explanation of `dynamic_lot_plan`, and the cost of another plan beside it.

    `quantities` and `demand` have a number, or an array over SKUs, for each period.
    """
    left: N | float = 0.0
    terms: list[N | float] = []
    for quantity, wanted in zip(quantities, demand, strict=True):
        left = left + quantity - wanted
        terms += [where(greater(quantity, 0.0), fixed_cost, 0.0), quantity * unit_cost, left * holding_cost]
    return total(terms)
