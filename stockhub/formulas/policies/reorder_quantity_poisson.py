"""(r, Q) for Poisson demand, exact (science.md 3.5; Federgruen and Zheng 1992). Continuous review, unmet demand waits."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from stockhub.formulas.elementwise import FloatArray, N, explained, operation, ratio
from stockhub.formulas.policies.base_stock import poisson_period_cost
from stockhub.formulas.policies.level_search import blocks_of_similar_width, levels_worth_visiting, poisson_period_costs
from stockhub.formulas.policies.reorder_quantity import ReorderPolicy, lead_time_demand


def optimal_reorder_quantity(
    *, demand_mean: ArrayLike, lead_time: ArrayLike, fixed_cost: ArrayLike, holding_cost: ArrayLike, shortage_cost: ArrayLike
) -> ReorderPolicy:
    """The whole r and Q with the least cost; arguments broadcast, a SKU each.

    The position visits r + 1 … r + Q alike, so a lot of Q takes the Q levels whose periods cost least, which lie side by side; the best lot
    is the one whose mean cost, ordering included, is least. NaN where there is no demand or a cost is not above 0.
    """
    arguments = np.broadcast_arrays(
        *(np.asarray(a, dtype=np.float64) for a in (demand_mean, lead_time, fixed_cost, holding_cost, shortage_cost))
    )
    shape = arguments[0].shape
    skus = np.stack([a.reshape(-1) for a in arguments])
    found = np.full((2, skus.shape[1]), np.nan)
    solvable = np.flatnonzero(np.isfinite(skus).all(axis=0) & (np.delete(skus, 1, axis=0) > 0).all(axis=0) & (skus[1] >= 0))
    rate, lead, fixed, holding, shortage = skus[:, solvable]
    _, low, high = levels_worth_visiting(
        ordering_rate=fixed * rate,
        protected_mean=lead_time_demand(rate, lead),
        lot_scale=np.sqrt(fixed * rate / holding),
        holding=holding,
        shortage=shortage,
    )
    for block, width in blocks_of_similar_width(low, high):
        found[:, solvable[block]] = _solve(skus[:, solvable[block]], high[block], width)
    return ReorderPolicy(*found.reshape(2, *shape))


def _solve(skus: FloatArray, high: FloatArray, width: int) -> FloatArray:
    rate, lead, fixed, hold, wait = skus[:, :, None]
    upwards = high[:, None] - np.arange(width - 1.0, -1.0, -1.0)
    costs_upwards = poisson_period_costs(upwards, rate * lead, hold, wait)
    # From the highest level down, so that of two that cost the same the higher comes first.
    levels, costs = upwards[:, ::-1], costs_upwards[:, ::-1]
    cheapest = np.argsort(costs, axis=1, kind="stable")
    lots = np.arange(1, width + 1)
    means = (fixed * rate + np.cumsum(np.take_along_axis(costs, cheapest, axis=1), axis=1)) / lots
    best = np.argmin(means, axis=1)
    lowest = np.minimum.accumulate(np.take_along_axis(levels, cheapest, axis=1), axis=1)
    return np.stack([np.take_along_axis(lowest, best[:, None], axis=1)[:, 0] - 1.0, lots[best].astype(np.float64)])


@operation
def _poisson_lot_period_costs(point: ArrayLike, quantity: ArrayLike, mean: ArrayLike, hold: ArrayLike, wait: ArrayLike) -> FloatArray:
    lowest, lot, demand, holding, waiting = (
        np.asarray(a, dtype=np.float64) for a in np.broadcast_arrays(point, quantity, mean, hold, wait)
    )
    valid = (lot >= 1.0) & np.isfinite(lowest) & np.isfinite(lot)
    lots = np.where(valid, lot, 0.0)
    levels = np.where(valid, lowest, 0.0)[..., None] + np.arange(1.0, float(np.max(lots, initial=0.0)) + 1.0)
    costs: FloatArray = poisson_period_cost(levels, demand[..., None], holding[..., None], waiting[..., None])
    visited = levels <= (lowest + lot)[..., None]
    return np.where(valid, np.where(visited, costs, 0.0).sum(axis=-1), np.nan)


@explained(unit="base currency/period")
def poisson_lot_period_costs(*, reorder_point: N, quantity: N, lead_time_mean: N, holding_cost: N, shortage_cost: N) -> N:
    """Holding and waiting a period, summed over the positions r + 1 … r + Q."""
    return _poisson_lot_period_costs(reorder_point, quantity, lead_time_mean, holding_cost, shortage_cost)


@explained(unit="base currency/period")
def poisson_reorder_quantity_cost(
    *, reorder_point: N, quantity: N, demand_mean: N, lead_time: N, fixed_cost: N, holding_cost: N, shortage_cost: N
) -> N:
    """What any whole (r, Q) costs a period, exact: (K·d + Σ G(y)) / Q. The explanation of `optimal_reorder_quantity`."""
    running = poisson_lot_period_costs(
        reorder_point=reorder_point,
        quantity=quantity,
        lead_time_mean=lead_time_demand(demand_mean, lead_time),
        holding_cost=holding_cost,
        shortage_cost=shortage_cost,
    )
    return ratio(fixed_cost * demand_mean + running, quantity)
