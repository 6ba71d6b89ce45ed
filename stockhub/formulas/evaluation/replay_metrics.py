"""What a replay was worth: service, stock and money, and policies compared at equal service (science.md 10.5).

Each metric is a number for each SKU, (n,), over the days that count: after a warm-up (lead time and review, in which the opening stock and
not the policy decides) and of known demand. NaN where there is nothing to divide by.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stockhub.formulas.elementwise import FloatArray, N, explained, ratio, total
from stockhub.formulas.evaluation.replay import Replay


class ReplaySums(NamedTuple):
    """Sums and counts of a replay over the days that count, (n,) each: what metrics and costs are made of."""

    days: FloatArray
    demand: FloatArray
    served: FloatArray
    unmet: FloatArray
    stockout_days: FloatArray
    days_with_waiting: FloatArray
    on_hand_days: FloatArray
    waiting_days: FloatArray
    ordered: FloatArray
    orders: FloatArray


def replay_sums(run: Replay, *, warm_up_days: ArrayLike = 0) -> ReplaySums:
    """The sums from the end of the warm-up on, a number of days or one for each SKU; days of unknown demand are left out."""
    counts = counted_days(run, warm_up_days)

    def added(numbers: ArrayLike) -> FloatArray:
        return np.asarray(np.where(counts, np.asarray(numbers, dtype=np.float64), 0.0).sum(axis=1))

    return ReplaySums(
        days=added(counts),
        demand=added(run.demand),
        served=added(run.served),
        unmet=added(run.unmet),
        stockout_days=added(run.on_hand <= 0.0),
        days_with_waiting=added(run.waiting > 0.0),
        on_hand_days=added(run.on_hand),
        waiting_days=added(run.waiting),
        ordered=added(run.orders),
        orders=added(run.orders > 0.0),
    )


def counted_days(run: Replay, warm_up_days: ArrayLike) -> NDArray[np.bool_]:
    """Which days count, (n, days)."""
    days = np.arange(run.demand.shape[1])
    counted: NDArray[np.bool_] = (days >= np.asarray(warm_up_days).reshape(-1, 1)) & ~run.unknown
    return counted


@explained(unit="share")
def replay_fill_rate(served: N, demand: N) -> N:
    """The share of demand that was met on its day; missing without demand."""
    return ratio(served, demand)


@explained(unit="unit")
def replay_mean_on_hand(on_hand_days: N, days: N) -> N:
    """Mean stock at the end of a day."""
    return ratio(on_hand_days, days)


def replay_cycle_service(run: Replay, *, warm_up_days: ArrayLike = 0) -> FloatArray:
    """The share of replenishment cycles in which all demand was met on its day.

    A cycle ends on the eve of a receipt and the last, unfinished one does not count; neither does one without a day that counts.
    """
    counted = counted_days(run, warm_up_days)
    skus, days = run.demand.shape
    cycle = np.cumsum(run.receipts > 0.0, axis=1)
    finished = counted & (cycle < cycle[:, -1:])
    place = np.arange(skus)[:, None] * (days + 1) + cycle
    seen, failed = (np.bincount(place[flags], minlength=skus * (days + 1)) > 0 for flags in (finished, finished & (run.unmet > 0.0)))
    cycles = seen.reshape(skus, -1).sum(axis=1).astype(np.float64)
    return ratio(cycles - failed.reshape(skus, -1).sum(axis=1), cycles)


@explained(unit="base currency")
def replay_stock_cost(
    *,
    orders: N,
    on_hand_days: N,
    waiting_days: N,
    fixed_cost: N | float,
    holding_cost_a_day: N | float,
    waiting_cost_a_day: N | float = 0.0,
) -> N:
    """Ordering, holding and letting customers wait: what the policy alone decides."""
    return orders * fixed_cost + on_hand_days * holding_cost_a_day + waiting_days * waiting_cost_a_day


@explained(unit="base currency")
def replay_cost(
    *, stock_cost: N, ordered: N, unmet: N, unit_cost: N | float = 0.0, lost_margin: N | float = 0.0, fees: N | float = 0.0
) -> N:
    """All that a replay cost: stock, purchase, the margin of demand that was lost, and fees (of the channel, computed elsewhere).

    Where unmet demand waits nothing is lost: a lost margin of 0.
    """
    return total([stock_cost, ordered * unit_cost, unmet * lost_margin, fees])


class Frontier(NamedTuple):
    """The points of a sweep that no other beats in both, by rising fill rate and cost."""

    fill_rates: FloatArray
    costs: FloatArray


def efficient_frontier(fill_rates: ArrayLike, costs: ArrayLike) -> Frontier:
    """What is left of a policy's sweep over service levels when every point goes that another equals or beats in fill rate and cost."""
    fill, cost = (np.asarray(numbers, dtype=np.float64).reshape(-1) for numbers in (fill_rates, costs))
    known = ~(np.isnan(fill) | np.isnan(cost))
    fill, cost = fill[known], cost[known]
    down = np.lexsort((cost, -fill))
    cheapest_before = np.minimum.accumulate(np.append(np.inf, cost[down]))[:-1]
    kept = down[cost[down] < cheapest_before][::-1]
    return Frontier(fill[kept], cost[kept])


def cost_at_fill_rate(frontier: Frontier, fill_rate: ArrayLike) -> FloatArray:
    """The frontier's cost at a fill rate, linear between its points, which chance between two of them attains.

    Below the first point its cost, because more service for the same money is no worse; NaN above the last, which the policy never reached.
    """
    wanted = np.asarray(fill_rate, dtype=np.float64)
    if not len(frontier.fill_rates):
        return np.full(wanted.shape, np.nan)
    cost: FloatArray = np.interp(wanted, frontier.fill_rates, frontier.costs, right=np.nan)
    return cost


def cost_against_anchor(policy: Frontier, anchor: Frontier) -> FloatArray:
    """At each of the policy's fill rates its cost over the anchor's: up to 1 on or beyond the anchor's frontier; NaN out of its reach."""
    return np.asarray(ratio(policy.costs, cost_at_fill_rate(anchor, policy.fill_rates)))
