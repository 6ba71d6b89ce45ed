"""Promotions: which days they touch, and how much more they sell (D12, H22; science.md 1.3).

Models of the baseline learn from regular days alone; what a kind of event lifts is learnt apart and pooled over SKUs, because few SKUs have
seen many events of one kind.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.demand.censoring import BoolArray
from stockhub.formulas.elementwise import FloatArray, N, explained, exponential, greater, logarithm, ratio, where

IntArray = NDArray[np.int64]

#: Days after a promotion on which less is sold, because buyers have stocked up.
DIP_DAYS = 3
#: Units that pull the lift of a small event towards 1.
PRIOR_UNITS = 10.0
#: Past events for which a SKU's own lift counts as much as that of its group.
PRIOR_EVENTS = 3.0
#: The tag of a day that no promotion touches.
REGULAR = -1

#: What `day_label` answers, and the slugs in that order.
REGULAR_DAY, PROMOTION_DAY, UNKNOWN_DAY = 0.0, 1.0, 2.0
DAY_LABELS: Final = ("regular", "promotion", "censored")


def promotion_tags(
    row: IntArray, first_day: IntArray, last_day: IntArray, promotion: IntArray, shape: tuple[int, int], *, dip_days: int = DIP_DAYS
) -> IntArray:
    """Which promotion touches each day (n, t) of a shape; REGULAR where none does.

    The first four arrays (m,) are a window each: the row of the series, the first and last day as columns, which may lie outside of the
    matrix, and the promotion's number. The days of the dip after it are tagged too. Of windows that overlap, the last one listed counts.
    """
    n, days = shape
    start = np.clip(first_day, 0, days)
    length = np.maximum(np.clip(last_day + dip_days + 1, 0, days) - start, 0)
    offset = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)
    cell = np.repeat(row, length) * days + np.repeat(start, length) + offset
    # A place is written by the last window that covers it: maximum.at, unlike assignment, promises an order.
    winner = np.full(n * days, -1, np.int64)
    np.maximum.at(winner, cell, np.repeat(np.arange(len(row)), length))
    listed = np.append(promotion, REGULAR)
    return listed[winner].reshape(shape)


def baseline_days(demand: FloatArray, tags: IntArray) -> FloatArray:
    """Demand (n, t) of regular days; days of a promotion are missing, as they are no baseline."""
    return np.where(tags == REGULAR, demand, np.nan)


def day_labels(tags: IntArray, censored: BoolArray) -> FloatArray:
    """How each day (n, t) is shown, a code of DAY_LABELS: that it was a promotion says more than that it ran out."""
    return np.where(tags != REGULAR, PROMOTION_DAY, np.where(censored, UNKNOWN_DAY, REGULAR_DAY))


@explained(unit="1")
def promotion_lift(sold: N, baseline: N) -> N:
    """Units of a promotion's days over what the baseline expected on them: 260 for 100 are 2.6 (D12). Missing without a baseline."""
    return ratio(sold, baseline)


@explained(unit="1")
def shrunk_lift(sold: N, baseline: N, prior_units: N | float = PRIOR_UNITS) -> N:
    """The lift with κ units added to both sides, so that a handful of units does not make one: U = (Σy + κ)/(Σbase + κ)."""
    return ratio(sold + prior_units, baseline + prior_units)


@explained(unit="1")
def pooled_lift(own_lift: N, group_lift: N, events: N) -> N:
    """exp(w·ln U_sku + (1 − w)·ln U_group), w = n/(n + 3) after n past events; the group's where the SKU has seen none."""
    weight = ratio(events, events + PRIOR_EVENTS)
    pooled = exponential(logarithm(own_lift) * weight + logarithm(group_lift) * (1.0 - weight))
    return where(greater(events, 0.0), pooled, group_lift)


def group_lifts(group: IntArray, lift: FloatArray, groups: int) -> FloatArray:
    """The geometric mean (groups,) of the lifts (m,) of events, by their group: a number of channel, type and discount band.

    A lift that is missing, or of an event that sold nothing at all, is no evidence of a factor and is left out; a group without any is
    missing.
    """
    known = lift > 0
    count = np.bincount(group[known], minlength=groups)
    logs = np.bincount(group[known], weights=np.log(lift[known]), minlength=groups)
    return np.where(count > 0, np.exp(logs / np.maximum(count, 1)), np.nan)
