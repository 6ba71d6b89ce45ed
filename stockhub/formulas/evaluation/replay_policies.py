"""Policies for the replay, and the ones that every other is held against (science.md 10.5).

Parameters are numbers, or arrays of a number a SKU. The textbook's simple policies come first. The anchors are (b) a min-max that is
frozen at the start, (c) the rule of thumb "less than 30 days of sales: order 30 days" and (d) a clairvoyant; (a), order up to a quantile
of simulated lead-time demand, is `order_up_to` with a forecast's level.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from stockhub.formulas.elementwise import (
    FloatArray,
    N,
    at_least,
    explained,
    maximum,
    positive_part,
    ratio,
    root,
    round_down,
    where,
)
from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.evaluation.replay import Policy, ReplayDay
from stockhub.formulas.policies.dynamic_lot_sizing import dynamic_lot_plan
from stockhub.formulas.policies.economic_order_quantity import economic_order_quantity
from stockhub.formulas.policies.ordering import order_due, order_trigger
from stockhub.formulas.policies.safety_stock import protection_sd, reorder_point, safety_stock

#: The rule of thumb: order below so many days of sales, for so many days of sales.
RULE_COVER_DAYS = 30.0
#: Days of sales that the rule takes its pace from.
RULE_WINDOW_DAYS = 30


@explained(unit="unit")
def lots_to_order(position: N, point: N, lot: N) -> N:
    """(r, nQ): as many lots as bring the position above the reorder point; none where it is above already."""
    lots = round_down(ratio(positive_part(point - position), lot)) + 1.0
    return where(at_least(point, position), lots * lot, 0.0)


@explained(unit="unit")
def one_lot_to_order(position: N, point: N, lot: N) -> N:
    """(r, Q): one lot at or below the reorder point."""
    return where(at_least(point, position), lot + position * 0.0, 0.0)


@explained(unit="unit")
def min_max_order(position: N, minimum_level: N, maximum_level: N) -> N:
    """(s, S): at or below s, what is missing to S."""
    return where(at_least(minimum_level, position), positive_part(maximum_level - position), 0.0)


@explained(unit="unit")
def rule_of_thumb_order(position: N, daily_rate: N, cover_days: N | float = RULE_COVER_DAYS) -> N:
    """Less than so many days of sales: order as many days of sales."""
    return where(order_due(position, order_trigger(daily_rate, cover_days, daily_rate * 0.0)), daily_rate * cover_days, 0.0)


def reorder_quantity_policy(point: ArrayLike, lot: ArrayLike, *, several_lots: bool = False) -> Policy:
    """(r, Q): at or below r order Q, or as many Q as lift the position above r."""
    order = lots_to_order if several_lots else one_lot_to_order
    at, size = np.asarray(point, dtype=np.float64), np.asarray(lot, dtype=np.float64)
    return lambda today: order(today.position, at, size)


def min_max_policy(minimum_level: ArrayLike, maximum_level: ArrayLike) -> Policy:
    """(s, S): at or below s order up to S."""
    low, high = np.asarray(minimum_level, dtype=np.float64), np.asarray(maximum_level, dtype=np.float64)
    return lambda today: min_max_order(today.position, low, high)


def base_stock_policy(level: ArrayLike) -> Policy:
    """Every day up to the level."""
    upto = np.asarray(level, dtype=np.float64)
    return lambda today: positive_part(upto - today.position)


def order_up_to(level_of: Callable[[ReplayDay], ArrayLike], *, review_days: int = 1) -> Policy:
    """Up to a level that a forecast gives for what is known, whole units, every `review_days` days; anchor (a) and the product's own."""
    if review_days < 1:
        raise InvalidParameterError("review_days", review_days, "at least 1 day")

    def order(today: ReplayDay) -> FloatArray:
        if today.day % review_days:
            return np.zeros_like(today.on_hand)
        return np.asarray(positive_part(np.ceil(np.asarray(level_of(today)) - today.position)))

    return order


class FrozenLevels(NamedTuple):
    """A minimum and a maximum for each SKU."""

    minimum: FloatArray
    maximum: FloatArray


def frozen_min_max_levels(
    history: ArrayLike, *, lead_time: ArrayLike, service_factor: ArrayLike, fixed_cost: ArrayLike, holding_cost_a_day: ArrayLike
) -> FrozenLevels:
    """The levels of anchor (b) from the history before the replay, (n, days): s = d̄·L + z·σ·√L, and S an economic lot above.

    NaN where a SKU has fewer than two known days.
    """
    past = np.atleast_2d(np.asarray(history, dtype=np.float64))
    known = ~np.isnan(past)
    counts = known.sum(axis=1).astype(np.float64)
    mean = ratio(np.where(known, past, 0.0).sum(axis=1), counts)
    squares = np.where(known, np.square(past - mean[:, None]), 0.0).sum(axis=1)
    sd: FloatArray = root(ratio(squares, counts - 1.0))
    lead, factor = np.asarray(lead_time, dtype=np.float64), np.asarray(service_factor, dtype=np.float64)
    nothing = np.zeros_like(mean)
    low = reorder_point(mean, lead, nothing, safety_stock(factor, protection_sd(lead, nothing, mean, sd, nothing)))
    lot = economic_order_quantity(np.asarray(fixed_cost, dtype=np.float64), mean, np.asarray(holding_cost_a_day, dtype=np.float64))
    return FrozenLevels(np.ceil(low), np.ceil(low + maximum(lot, 1.0)))


def rule_of_thumb_policy(cover_days: float = RULE_COVER_DAYS, window_days: int = RULE_WINDOW_DAYS) -> Policy:
    """Anchor (c), with the pace of the last known days; whole units."""

    def order(today: ReplayDay) -> FloatArray:
        recent = today.demand[:, -window_days:]
        known = ~np.isnan(recent)
        pace: FloatArray = ratio(np.where(known, recent, 0.0).sum(axis=1), known.sum(axis=1).astype(np.float64))
        return np.ceil(rule_of_thumb_order(today.position, pace, cover_days))

    return order


def clairvoyant_policy(
    demand: ArrayLike,
    *,
    lead_time: int,
    on_hand: ArrayLike,
    fixed_cost: ArrayLike,
    holding_cost_a_day: ArrayLike,
    unmet_waits: bool = False,
) -> Policy:
    """Anchor (d): knows the demand, and orders it in the lots that cost least; a bound that no policy which serves all it can goes below.

    The opening stock is used first. What it does not cover before the first order can arrive is lost, or waits for that order.
    """
    asked = np.nan_to_num(np.atleast_2d(np.asarray(demand, dtype=np.float64)), nan=0.0)
    opening = np.broadcast_to(np.asarray(on_hand, dtype=np.float64), len(asked))
    first = min(lead_time, asked.shape[1])
    owed = np.maximum(asked[:, :first].sum(axis=1) - opening, 0.0) if unmet_waits else np.zeros(len(asked))
    left = np.maximum(opening - asked[:, :first].sum(axis=1), 0.0)
    later = asked[:, first:]
    covered = np.minimum(np.cumsum(later, axis=1), left[:, None])
    needed = later - np.diff(covered, axis=1, prepend=0.0)
    if needed.shape[1]:
        needed[:, 0] += owed
    plan = dynamic_lot_plan(
        needed, *(np.asarray(cost, dtype=np.float64).reshape(-1, 1) for cost in (fixed_cost, holding_cost_a_day))
    ).quantities

    def order(today: ReplayDay) -> FloatArray:
        return plan[:, today.day] if today.day < plan.shape[1] else np.zeros_like(today.on_hand)

    return order
