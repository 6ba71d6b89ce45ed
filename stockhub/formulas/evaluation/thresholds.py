"""From which probability to alert: by what errors cost, moved in small steps and only for the better (science.md 10.4)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stockhub.formulas.elementwise import N, both, explained, greater, maximum, minimum, ratio
from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.evaluation.alert_metrics import labelled

#: The most that a threshold moves in one quarter.
LARGEST_STEP = 0.1

BoolArray = NDArray[np.bool_]


class Threshold(NamedTuple):
    """The cheapest threshold and what its errors cost; missing where never to alert is cheapest, and both are where there are no labels."""

    threshold: float
    cost: float


@explained(unit="1")
def cost_ratio_threshold(cost_of_false_alarm: N, cost_of_miss: N) -> N:
    """The threshold of calibrated probabilities: alert where p·c_fn ≥ (1 − p)·c_fp, from c_fp/(c_fp + c_fn) on (Elkan 2001).

    Missing where neither error costs anything.
    """
    return ratio(cost_of_false_alarm, cost_of_false_alarm + cost_of_miss)


def cheapest_threshold(
    probability: NDArray[np.float64], label: NDArray[np.float64], *, false_alarm: ArrayLike, miss: ArrayLike
) -> Threshold:
    """The threshold among the probabilities that occur at which the errors cost least; of equals the highest, which alerts least.

    Costs are one number or one for each row (n,): then a false alarm can carry the capital of its order. Never to alert is one of the
    choices. Rows without a label or probability take no part. InvalidParameterError for a cost that is negative or not known.
    """
    shape = np.shape(probability)
    alarm_cost, miss_cost = (np.broadcast_to(np.asarray(cost, dtype=np.float64), shape) for cost in (false_alarm, miss))
    known = np.isfinite(probability) & np.isfinite(label)
    p, y = labelled(probability, label)
    for name, costs in (("false_alarm", alarm_cost[known]), ("miss", miss_cost[known])):
        if not (np.isfinite(costs) & (costs >= 0.0)).all():
            raise InvalidParameterError(name, costs.min(initial=np.inf), "costs of 0 or more")
    if not len(p):
        return Threshold(float("nan"), float("nan"))
    # From never alerting, where each event is missed, down: each row alerted on saves its miss or adds its alarm.
    order = np.argsort(-p, kind="stable")
    change = np.where(y == 1.0, -miss_cost[known], alarm_cost[known])[order]
    last_of_step = np.append(np.flatnonzero(np.diff(p[order])), len(p) - 1)
    never = float(miss_cost[known][y == 1.0].sum())
    costs = np.append(never, never + np.cumsum(change)[last_of_step])
    # Sums in another order differ in their last digits: what is equal but for those is a tie.
    best = int(np.flatnonzero(costs <= costs.min() + 1e-12 * max(never, float(np.abs(change).sum())))[0])
    return Threshold(float(p[order][last_of_step[best - 1]]) if best else float("nan"), max(float(costs[best]), 0.0))


@explained(unit="1")
def stepped_threshold(current: N, wanted: N, largest_step: N | float = LARGEST_STEP) -> N:
    """The threshold of the next quarter: towards the one that is wanted, by .1 at most, and a probability."""
    stepped = minimum(maximum(wanted, current - largest_step), current + largest_step)
    return minimum(maximum(stepped, 0.0), 1.0)


@explained(unit="flag")
def may_deploy(cost_now: N, cost_then: N, brier_now: N, brier_then: N) -> N:
    """Whether a new calibration and threshold go live: on the last quarter, both cost and Brier score are lower then than now."""
    return both(greater(cost_now, cost_then), greater(brier_now, brier_then))


class TimeSplit(NamedTuple):
    """Which rows (n,) to learn from and which to test on; a purged one is in neither."""

    learning: BoolArray
    testing: BoolArray


def time_ordered_split(day: NDArray[np.int64], *, testing_from: int, horizon: ArrayLike) -> TimeSplit:
    """Learn from what was known before the test period, test on the rest.

    A row of day a is labelled by the days up to a + H: where these reach into the test period it is purged, since its label has seen it.
    """
    if np.less(horizon, 0).any():
        raise InvalidParameterError("horizon", horizon, "0 days or more")
    return TimeSplit(np.asarray(day + np.asarray(horizon) < testing_from), np.asarray(day >= testing_from))
