"""(s, S): at or below s, order up to S. Periodic review, unmet demand waits (science.md 3.5; Snyder and Shen 2019 §4.4).

Poisson demand of `demand_mean` a period; an order arrives after `lead_time` periods. Costs as in `base_stock`, and a fixed cost an order.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stockhub.formulas.elementwise import FloatArray, N, explained, operation, power, ratio, root
from stockhub.formulas.policies.base_stock import poisson_period_cost
from stockhub.formulas.policies.level_search import blocks_of_similar_width, levels_worth_visiting, poisson_period_costs
from stockhub.formulas.policies.newsvendor import periodic_protection


class MinMaxLevels(NamedTuple):
    """Order at or below `minimum` up to `maximum`; `cost` is money a period, ordering included. NaN where there is no answer."""

    minimum: FloatArray
    maximum: FloatArray
    cost: FloatArray


def optimal_min_max_levels(
    demand_mean: ArrayLike, fixed_cost: ArrayLike, holding_cost: ArrayLike, shortage_cost: ArrayLike, lead_time: ArrayLike = 0.0
) -> MinMaxLevels:
    """The best levels among all policies, exact (the problem of Zheng and Federgruen 1991); arguments broadcast, a SKU each.

    For a cost rate g, a cycle is worth ordering for if K + Σ m(d)·(G(S − d) − g) ≤ 0 for some S, where m counts the periods in which demand
    since the order is d and G is a period's cost. Only periods that cost less than g lower the sum, so s is where G falls below g, and the
    best S for g comes from one convolution. With the cost of that policy as the next g, Dinkelbach's method ends after a few rounds.
    NaN where there is no demand or a cost is not above 0; whole periods of lead time.
    """
    arguments = np.broadcast_arrays(
        *(np.asarray(a, dtype=np.float64) for a in (demand_mean, fixed_cost, holding_cost, shortage_cost, lead_time))
    )
    shape = arguments[0].shape
    skus = np.stack([a.reshape(-1) for a in arguments])
    found = np.full((3, skus.shape[1]), np.nan)
    solvable = np.flatnonzero(np.isfinite(skus).all(axis=0) & (skus[:4] > 0).all(axis=0) & (skus[4] >= 0))
    mean, fixed, holding, shortage, lead = skus[:, solvable]
    rate, low, high = levels_worth_visiting(
        ordering_rate=fixed * mean,
        protected_mean=mean * periodic_protection(lead),
        lot_scale=np.sqrt(fixed * mean / holding),
        holding=holding,
        shortage=shortage,
    )
    for block, width in blocks_of_similar_width(low, high):
        found[:, solvable[block]] = _solve(skus[:, solvable[block]], rate[block], low[block], width)
    return MinMaxLevels(*found.reshape(3, *shape))


def _solve(skus: FloatArray, rate: FloatArray, low: FloatArray, width: int) -> FloatArray:
    """s, S and cost of a block of SKUs, (3, n), given a rate above the best; levels from `low` on, `width` of them."""
    mean, fixed, holding, shortage, lead_time = skus[:, :, None]
    levels = low[:, None] + np.arange(width)
    period_cost = poisson_period_costs(levels, mean * periodic_protection(lead_time), holding, shortage)
    visits = expected_visits(mean[:, 0], width)
    best = np.stack([low, low, rate])
    while True:
        first = np.argmax(period_cost <= best[2][:, None], axis=1)
        run_cost, run_periods = _runs(period_cost, visits, first)
        above = run_periods > 0
        surplus = np.where(above, fixed + run_cost - best[2][:, None] * run_periods, np.inf)
        chosen = np.argmin(surplus, axis=1)[:, None]
        cycle_cost = fixed + np.take_along_axis(run_cost, chosen, axis=1)
        cost = (cycle_cost / np.take_along_axis(run_periods, chosen, axis=1))[:, 0]
        cheaper = cost < best[2] * (1.0 - 1e-13)
        if not cheaper.any():
            return best
        best = np.where(cheaper, np.stack([low + first - 1.0, low + chosen[:, 0], cost]), best)


def _runs(period_cost: FloatArray, visits: FloatArray, first: NDArray[np.intp]) -> tuple[FloatArray, FloatArray]:
    """Cost and length of a cycle from each level down to `first`, (n, width); 0 at levels below it."""
    width = period_cost.shape[1]
    depth = np.arange(width) - first[:, None]
    transforms = (np.fft.rfft(numbers, 2 * width, axis=1) for numbers in (np.where(depth >= 0, period_cost, 0.0), visits))
    costs = np.fft.irfft(np.multiply(*transforms), 2 * width, axis=1)[:, :width]
    periods = np.take_along_axis(np.cumsum(visits, axis=1), np.maximum(depth, 0), axis=1)
    return np.where(depth >= 0, costs, 0.0), np.where(depth >= 0, periods, 0.0)


def expected_visits(demand_mean: FloatArray, units: int) -> FloatArray:
    """How many periods begin with 0, 1, … units sold since a moment, (n, units): the renewal density of Poisson demand, (n,) its means.

    m(0) = 1 / (1 − f(0)), and m(j) = m(0)·Σ f(i)·m(j − i).
    """
    from scipy.special import gammaln, xlogy

    mean = np.asarray(demand_mean, dtype=np.float64)[:, None]
    reach = int(min(units, np.ceil(np.max(mean, initial=0.0) + 12.0 * np.sqrt(np.max(mean, initial=0.0)) + 40.0)))
    each = np.arange(reach, dtype=np.float64)
    density = np.exp(xlogy(each, mean) - mean - gammaln(each + 1.0))
    backwards = density[:, :0:-1]
    visits = np.zeros((len(mean), units))
    start = 1.0 / -np.expm1(-mean[:, 0])
    visits[:, :1] = start[:, None]
    for sold in range(1, units):
        span = min(sold, reach - 1)
        visits[:, sold] = start * np.einsum("ij,ij->i", backwards[:, reach - 1 - span :], visits[:, sold - span : sold])
    return visits


def _cycle(minimum: ArrayLike, maximum: ArrayLike, mean: ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Of n policies: the levels from S down and how often a cycle sees each, (n, units), 0 from s down; and 1 where a policy is one."""
    lowest, highest, rate = (np.asarray(a, dtype=np.float64) for a in np.broadcast_arrays(minimum, maximum, mean))
    valid = (highest > lowest) & (rate > 0) & np.isfinite(lowest) & np.isfinite(highest) & np.isfinite(rate)
    lots = np.where(valid, highest - lowest, 0.0).reshape(-1)
    units = int(np.max(lots, initial=0.0))
    visits = expected_visits(np.where(valid, rate, 1.0).reshape(-1), units)
    visits = np.where(np.arange(units) < lots[:, None], visits, 0.0)
    return np.where(valid, highest, 0.0).reshape(-1)[:, None] - np.arange(units), visits, valid.astype(np.float64)


@operation
def _min_max_cycle_periods(minimum: ArrayLike, maximum: ArrayLike, mean: ArrayLike) -> FloatArray:
    _, visits, valid = _cycle(minimum, maximum, mean)
    return np.where(valid > 0, visits.sum(axis=1).reshape(valid.shape), np.nan)


@operation
def _min_max_cycle_cost(
    minimum: ArrayLike, maximum: ArrayLike, mean: ArrayLike, protected: ArrayLike, holding: ArrayLike, shortage: ArrayLike
) -> FloatArray:
    minimum, maximum, mean, protected, holding, shortage = np.broadcast_arrays(minimum, maximum, mean, protected, holding, shortage)
    levels, visits, valid = _cycle(minimum, maximum, mean)
    each: FloatArray = poisson_period_cost(
        levels, *(np.asarray(a, dtype=np.float64).reshape(-1, 1) for a in (protected, holding, shortage))
    )
    return np.where(valid > 0, np.where(visits > 0, visits * each, 0.0).sum(axis=1).reshape(valid.shape), np.nan)


@explained(unit="period")
def min_max_cycle_periods(minimum: N, maximum: N, demand_mean: N) -> N:
    """Periods from one order to the next, on average; the levels are whole."""
    return _min_max_cycle_periods(minimum, maximum, demand_mean)


@explained(unit="base currency")
def min_max_cycle_cost(minimum: N, maximum: N, demand_mean: N, holding_cost: N, shortage_cost: N, lead_time: N | float = 0.0) -> N:
    """Holding and waiting from one order to the next."""
    protected: N = demand_mean * (lead_time + 1.0)
    return _min_max_cycle_cost(minimum, maximum, demand_mean, protected, holding_cost, shortage_cost)


@explained(unit="base currency/period")
def min_max_cost(
    *, minimum: N, maximum: N, demand_mean: N, fixed_cost: N, holding_cost: N, shortage_cost: N, lead_time: N | float = 0.0
) -> N:
    """What any whole (s, S) costs a period, exact: an order, holding and waiting over a cycle, by the length of the cycle.

    Missing where S is not above s or nothing is sold. The explanation of `optimal_min_max_levels`.
    """
    running = min_max_cycle_cost(minimum, maximum, demand_mean, holding_cost, shortage_cost, lead_time)
    return ratio(fixed_cost + running, min_max_cycle_periods(minimum, maximum, demand_mean))


@explained(unit="unit")
def power_approximation_lot(demand_mean: N, demand_sd: N, fixed_cost: N, holding_cost: N) -> N:
    """S − s by the power approximation: 1.3·d^0.494·(K/h)^0.506·(1 + (σ/d)²)^0.116."""
    variation = ratio(demand_sd, demand_mean)
    spread = power(variation * variation + 1.0, 0.116)
    return power(demand_mean, 0.494) * power(ratio(fixed_cost, holding_cost), 0.506) * spread * 1.3


@explained(unit="unit")
def power_approximation_minimum(demand_mean: N, demand_sd: N, fixed_cost: N, holding_cost: N, shortage_cost: N) -> N:
    """The s of the power approximation (Ehrhardt 1979, Ehrhardt and Mosier 1984); missing where demand does not vary."""
    lot = power_approximation_lot(demand_mean, demand_sd, fixed_cost, holding_cost)
    z = root(ratio(lot, demand_sd) * ratio(holding_cost, shortage_cost))
    return demand_mean * 0.973 + demand_sd * (ratio(0.183, z) + 1.063 - z * 2.192)


@explained(unit="unit")
def power_approximation_maximum(demand_mean: N, demand_sd: N, fixed_cost: N, holding_cost: N, shortage_cost: N) -> N:
    """The S of the power approximation."""
    minimum = power_approximation_minimum(demand_mean, demand_sd, fixed_cost, holding_cost, shortage_cost)
    return minimum + power_approximation_lot(demand_mean, demand_sd, fixed_cost, holding_cost)
