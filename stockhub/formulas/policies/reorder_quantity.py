"""(r, Q): at or below r, order Q. Continuous review, normal demand that waits (science.md 3.5; Snyder and Shen 2019 §5.2 to 5.4).

Demand has `demand_mean` and `demand_sd` a period and comes over a lead time in periods; costs as in `economic_order_quantity`. The
approximations answer with a reorder point for a lot, so each has its explanation; those whose lot depends on the reorder point in turn are
solved for arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from stockhub.formulas.distributions.families import NORMAL
from stockhub.formulas.distributions.loss import expected_shortage
from stockhub.formulas.distributions.standard_normal import inverse_standard_normal_loss, standard_normal_quantile
from stockhub.formulas.elementwise import FloatArray, N, explained, greater, operation, ratio, root, where
from stockhub.formulas.policies.economic_order_quantity import economic_order_quantity
from stockhub.formulas.policies.fill_rate import exact_fill_rate_safety_stock
from stockhub.formulas.policies.newsvendor import newsvendor_quantity
from stockhub.formulas.policies.service_targets import critical_ratio

#: Rounds after which an alternation of r and Q that still moves has no answer; the convergent ones take about ten.
_MOST_ROUNDS = 500


class ReorderPolicy(NamedTuple):
    """Order `quantity` when the position is at or below `reorder_point`; NaN where there is no answer."""

    reorder_point: FloatArray
    quantity: FloatArray


@explained(unit="unit")
def lead_time_demand(demand_mean: N, lead_time: N) -> N:
    """Mean demand until an order arrives."""
    return demand_mean * lead_time


@explained(unit="unit")
def lead_time_demand_sd(demand_sd: N, lead_time: N) -> N:
    """Standard deviation of demand until an order arrives, periods being independent."""
    return demand_sd * root(lead_time)


@operation
def _normal_second_loss(level: ArrayLike, mean: ArrayLike, sd: ArrayLike) -> FloatArray:
    from scipy.special import ndtr

    spread = np.asarray(sd, dtype=np.float64)
    gap = np.asarray(level, dtype=np.float64) - np.asarray(mean, dtype=np.float64)
    z = np.where(spread > 0.0, gap / np.where(spread > 0.0, spread, 1.0), 0.0)
    density = np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    varying = 0.5 * spread * spread * ((z * z + 1.0) * ndtr(-z) - z * density)
    return np.where(spread > 0.0, varying, np.where(spread == 0.0, 0.5 * np.square(np.maximum(-gap, 0.0)), np.nan))


@explained(unit="unit²")
def normal_squared_backlog(level: N, mean: N, sd: N) -> N:
    """Half the mean square of what is short, E[((D − y)+)²] / 2: the backlog summed over all levels above one."""
    return _normal_second_loss(level, mean, sd)


@explained(unit="base currency/period")
def reorder_quantity_cost(
    *, reorder_point: N, quantity: N, demand_mean: N, demand_sd: N, lead_time: N, fixed_cost: N, holding_cost: N, shortage_cost: N
) -> N:
    """What any (r, Q) costs a period: (K·d + ∫ G(y) dy from r to r + Q) / Q, the position being anywhere there with the same chance."""
    mean, sd = lead_time_demand(demand_mean, lead_time), lead_time_demand_sd(demand_sd, lead_time)
    top: N = reorder_point + quantity
    waiting = normal_squared_backlog(reorder_point, mean, sd) - normal_squared_backlog(top, mean, sd)
    stock = (top - mean) * (top - mean) - (reorder_point - mean) * (reorder_point - mean)
    return ratio(fixed_cost * demand_mean + stock * holding_cost * 0.5 + waiting * (holding_cost + shortage_cost), quantity)


@explained(unit="base currency/period")
def expected_inventory_cost(
    *, reorder_point: N, quantity: N, demand_mean: N, demand_sd: N, lead_time: N, fixed_cost: N, holding_cost: N, shortage_cost: N
) -> N:
    """The same by the expected inventory level (EIL): stock as if nothing waited, and `shortage_cost` once for a unit that waits."""
    mean, sd = lead_time_demand(demand_mean, lead_time), lead_time_demand_sd(demand_sd, lead_time)
    short: N = expected_shortage(reorder_point, NORMAL, mean, sd * sd)
    stock = reorder_point - mean + quantity * 0.5
    return stock * holding_cost + ratio((fixed_cost + short * shortage_cost) * demand_mean, quantity)


@explained(unit="unit")
def expected_inventory_reorder_point(*, quantity: N, demand_mean: N, demand_sd: N, lead_time: N, holding_cost: N, shortage_cost: N) -> N:
    """The best r for a lot by the expected inventory level: a cycle runs out with the probability h·Q / (p·d); missing at 1 and above."""
    mean, sd = lead_time_demand(demand_mean, lead_time), lead_time_demand_sd(demand_sd, lead_time)
    stockout_probability = ratio(quantity * holding_cost, demand_mean * shortage_cost)
    return mean - standard_normal_quantile(stockout_probability) * sd


@explained(unit="unit")
def safety_stock_reorder_point(*, demand_mean: N, demand_sd: N, lead_time: N, holding_cost: N, shortage_cost: N) -> N:
    """EOQ + SS: the base stock level of lead-time demand, beside an economic order quantity."""
    mean, sd = lead_time_demand(demand_mean, lead_time), lead_time_demand_sd(demand_sd, lead_time)
    return newsvendor_quantity(shortage_cost, holding_cost, NORMAL, mean, sd * sd)


@explained(unit="unit")
def balanced_reorder_point(*, quantity: N, demand_mean: N, demand_sd: N, lead_time: N, holding_cost: N, shortage_cost: N) -> N:
    """The best r for a lot: where a period costs at r what it costs at r + Q. With an EOQB lot this is the EOQB approximation.

    G(r) = G(r + Q) says n(r) − n(r + Q) = Q·h / (h + p), n the loss function: a fill rate of p / (h + p), exactly. Missing for a lot of 0.
    """
    mean, sd = lead_time_demand(demand_mean, lead_time), lead_time_demand_sd(demand_sd, lead_time)
    varying = mean + exact_fill_rate_safety_stock(critical_ratio(shortage_cost, holding_cost), sd, quantity)
    certain = mean - quantity * critical_ratio(holding_cost, shortage_cost)
    return where(greater(quantity, 0.0), where(greater(sd, 0.0), varying, certain), float("nan"))


@explained(unit="unit")
def backlog_reorder_point(*, quantity: N, demand_mean: N, demand_sd: N, lead_time: N, holding_cost: N, shortage_cost: N) -> N:
    """The r of a lot by the loss function approximation: a backlog of h·Q / (h + p) units."""
    mean, sd = lead_time_demand(demand_mean, lead_time), lead_time_demand_sd(demand_sd, lead_time)
    backlog = ratio(quantity * holding_cost, holding_cost + shortage_cost)
    varying = mean + inverse_standard_normal_loss(ratio(backlog, sd)) * sd
    return where(greater(sd, 0.0), varying, mean - backlog)


def expected_inventory_policy(
    *,
    demand_mean: ArrayLike,
    demand_sd: ArrayLike,
    lead_time: ArrayLike,
    fixed_cost: ArrayLike,
    holding_cost: ArrayLike,
    shortage_cost: ArrayLike,
) -> ReorderPolicy:
    """Lot and reorder point by the expected inventory level (Hadley and Whitin 1963), in turn until neither moves; arguments broadcast.

    NaN where a lot is so large that a cycle is best run out for certain, which the approximation has no answer for.
    """
    rate, sd, lead, fixed, hold, wait = _arrays(demand_mean, demand_sd, lead_time, fixed_cost, holding_cost, shortage_cost)
    mean, variance = lead_time_demand(rate, lead), np.square(lead_time_demand_sd(sd, lead))

    def point(quantity: FloatArray) -> FloatArray:
        return expected_inventory_reorder_point(
            quantity=quantity, demand_mean=rate, demand_sd=sd, lead_time=lead, holding_cost=hold, shortage_cost=wait
        )

    def lot(reorder_point: FloatArray) -> FloatArray:
        return economic_order_quantity(fixed + wait * expected_shortage(reorder_point, NORMAL, mean, variance), rate, hold)

    return _alternate(economic_order_quantity(fixed, rate, hold), point, lot)


def loss_function_policy(
    *,
    demand_mean: ArrayLike,
    demand_sd: ArrayLike,
    lead_time: ArrayLike,
    fixed_cost: ArrayLike,
    holding_cost: ArrayLike,
    shortage_cost: ArrayLike,
) -> ReorderPolicy:
    """Lot and reorder point by the loss function approximation, in turn until neither moves; arguments broadcast."""
    rate, sd, lead, fixed, hold, wait = _arrays(demand_mean, demand_sd, lead_time, fixed_cost, holding_cost, shortage_cost)
    mean, spread = lead_time_demand(rate, lead), lead_time_demand_sd(sd, lead)

    def point(quantity: FloatArray) -> FloatArray:
        return backlog_reorder_point(
            quantity=quantity, demand_mean=rate, demand_sd=sd, lead_time=lead, holding_cost=hold, shortage_cost=wait
        )

    def lot(reorder_point: FloatArray) -> FloatArray:
        squared: FloatArray = normal_squared_backlog(reorder_point, mean, spread)
        return root(ratio((fixed * rate + (hold + wait) * squared) * 2.0, hold))

    return _alternate(economic_order_quantity(fixed, rate, hold), point, lot)


def _arrays(*numbers: ArrayLike) -> list[FloatArray]:
    return [np.atleast_1d(a) for a in np.broadcast_arrays(*(np.asarray(a, dtype=np.float64) for a in numbers))]


def _alternate(quantity: FloatArray, point: Callable[[FloatArray], FloatArray], lot: Callable[[FloatArray], FloatArray]) -> ReorderPolicy:
    reorder_point = point(quantity)
    for _ in range(_MOST_ROUNDS):
        following = lot(reorder_point)
        moved = np.abs(following - quantity) > 1e-12 * np.abs(quantity)
        quantity, reorder_point = following, point(following)
        if not moved.any():
            break
    found = ~moved & ~np.isnan(reorder_point)
    return ReorderPolicy(np.where(found, reorder_point, np.nan), np.where(found, quantity, np.nan))
