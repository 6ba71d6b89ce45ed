"""Type 2 service: the share of units that are shipped from stock at once, and the safety stock for it (science.md 3.3).

An order of Q units restores stock; the expected shortage per cycle, ESC, is the loss function at the reorder point. Chopra and Meindl's
β = 1 − ESC/Q lets one cycle's shortage be counted in the next again and is too low where Q is small; the exact form takes that out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from stockhub.formulas.distributions.families import NORMAL
from stockhub.formulas.distributions.loss import expected_shortage
from stockhub.formulas.distributions.standard_normal import inverse_standard_normal_loss, loss_of_factors, standard_normal_loss
from stockhub.formulas.elementwise import FloatArray, N, explained, greater, operation, positive_part, ratio, where

#: Newton's steps, of which five or six are usual, and the relative change at which they end.
_STEPS = 40
_PRECISION = 1e-12


@explained(unit="unit")
def shortage_per_cycle(safety_stock: N, sd: N) -> N:
    """ESC = σ·G(SS/σ), normal demand with a deviation of σ over the lead time; without deviation only what safety stock lacks."""
    uncertain: N = sd * standard_normal_loss(ratio(safety_stock, sd))
    return where(greater(sd, 0.0), uncertain, positive_part(-safety_stock))


@explained(unit="share")
def fill_rate(safety_stock: N, sd: N, order_quantity: N) -> N:
    """β = 1 − ESC/Q: the fill rate of orders of Q units under a safety stock, which may be negative; missing without an order quantity."""
    return 1.0 - ratio(shortage_per_cycle(safety_stock, sd), order_quantity)


@explained(unit="1")
def fill_rate_factor(target: N, sd: N, order_quantity: N) -> N:
    """The k with G(k) = (1−β)·Q/σ: negative where orders are so large that a shortage now and then is allowed.

    Missing for a target of 1, which no stock attains, and where demand does not deviate.
    """
    allowed: N = ratio((1.0 - target) * order_quantity, sd)
    return inverse_standard_normal_loss(allowed)


@explained(unit="unit")
def fill_rate_safety_stock(target: N, sd: N, order_quantity: N) -> N:
    """k·σ, the safety stock with the fill rate aimed at, as it comes out: it may be negative. Without deviation the allowed shortage."""
    by_factor: N = fill_rate_factor(target, sd, order_quantity) * sd
    return where(greater(sd, 0.0), by_factor, -((1.0 - target) * order_quantity))


@explained(unit="unit")
def type_2_safety_stock(target: N, sd: N, order_quantity: N) -> N:
    """`fill_rate_safety_stock`, at least 0: what to keep. Where it is 0 the fill rate is better than was asked for."""
    return positive_part(fill_rate_safety_stock(target, sd, order_quantity))


@explained(unit="share")
def exact_fill_rate(reorder_point: N, order_quantity: N, mean: N, variance: N, family: N | float = NORMAL) -> N:
    """β = 1 − (n(ROP) − n(ROP+Q))/Q, n the loss function of the lead time's demand: right for small orders as well.

    Also where several orders are outstanding; `family` is a code of `distributions.families`.
    """
    short_before: N = expected_shortage(reorder_point, family, mean, variance)
    short_already: N = expected_shortage(reorder_point + order_quantity, family, mean, variance)
    return 1.0 - ratio(short_before - short_already, order_quantity)


@operation
def _exact_fill_rate_factor(target: ArrayLike, order_deviations: ArrayLike) -> FloatArray:
    """The k with G(k) − G(k+q) = (1−β)·q.

    A shortage of a share β is the mirror of one of 1−β, at −q−k for k, so that shares of ½ and more are enough. For them the root is right
    of −q/2, where the left side is convex and falls: Newton's method comes to it from the left and never leaves. The factor that leaves
    out the second loss lies right of it, and a step from there starts close.
    """
    from scipy.special import ndtr

    goal, size = np.broadcast_arrays(np.asarray(target, dtype=np.float64), np.asarray(order_deviations, dtype=np.float64))
    possible = (goal > 0) & (goal < 1) & (size > 0)
    share, q = np.where(possible, np.maximum(goal, 1.0 - goal), 0.75), np.where(possible, size, 1.0)
    allowed = (1.0 - share) * q
    factor = np.asarray(inverse_standard_normal_loss(allowed))
    for _ in range(_STEPS):
        surplus = loss_of_factors(factor) - loss_of_factors(factor + q) - allowed
        step = surplus / (ndtr(-factor) - ndtr(-factor - q))
        before, factor = factor, np.maximum(factor + step, -0.5 * q)
        if not (np.abs(factor - before) > _PRECISION * (1.0 + np.abs(factor))).any():
            break
    return np.where(possible, np.where(goal < 0.5, -q - factor, factor), np.nan)


@explained(unit="unit")
def exact_fill_rate_safety_stock(target: N, sd: N, order_quantity: N) -> N:
    """The safety stock over mean demand with the exact fill rate aimed at, normal demand; it may be negative.

    Missing for targets of 0 and 1, without deviation and without an order quantity.
    """
    factor: N = _exact_fill_rate_factor(target, ratio(order_quantity, sd))
    return factor * sd
