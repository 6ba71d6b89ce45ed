"""What was asked for and what comes back (science.md 1.1). Units, per day of the order.

Demand is gross: an order that its buyer cancels is none, an order that we could not fill is. Returns are no negative demand but a stream of
supply. Orders are planned against gross demand, because stock has to be there to ship; purchases against net.
"""

from __future__ import annotations

import numpy as np

from stockhub.formulas.elementwise import FloatArray, N, explained, positive_part
from stockhub.formulas.errors import InvalidParameterError

#: How far the shares of return lags may be from 1 in sum before they are no distribution.
_SUM_TOLERANCE = 1e-9


@explained(unit="unit")
def gross_demand(ordered: N, excluded: N, cancelled: N, cancelled_for_lack_of_stock: N | float = 0.0) -> N:
    """Units asked for on the day of their orders, at least 0.

    `excluded` are replacements, samples, gifts, tests and internal transfers. `cancelled` are all other cancellations, dated to the day of
    the order; those among them for want of stock or for late shipment are real demand that was lost, and stay in.
    """
    return positive_part(ordered - excluded - (cancelled - cancelled_for_lack_of_stock))


@explained(unit="unit")
def lost_demand(cancelled_for_lack_of_stock: N, turned_away: N | float = 0.0) -> N:
    """Units of demand that brought no sale: cancelled for want of stock, and turned away before they became an order."""
    return cancelled_for_lack_of_stock + turned_away


@explained(unit="unit")
def net_consumption(gross: N, cancel_share: N | float, return_rate: N | float, resellable_share: N | float) -> N:
    """Units that leave for good, gross·(1 − c)·(1 − ρ·g): what purchases have to replace."""
    return gross * (1.0 - cancel_share) * (1.0 - return_rate * resellable_share)


def resellable_returns(gross: FloatArray, return_rate: float, resellable_share: float, lag_shares: FloatArray) -> FloatArray:
    """Units (…, t) that come back fit for sale on each day, Σ_k gross(t − k)·ρ·g·w_k, from gross demand (…, t).

    `lag_shares` (k,) w_0, w_1, … is the share of returns that arrive 0, 1, … days after the order. A day whose demand is missing returns
    nothing that is known: the days it would reach are missing. InvalidParameterError where a share is none or the lags do not sum to 1.
    """
    for name, share in (("return_rate", return_rate), ("resellable_share", resellable_share)):
        if not 0.0 <= share <= 1.0:
            raise InvalidParameterError(name, share, "a share from 0 to 1")
    if not len(lag_shares) or (lag_shares < 0).any() or abs(float(lag_shares.sum()) - 1.0) > _SUM_TOLERANCE:
        raise InvalidParameterError("lag_shares", lag_shares.tolist(), "shares of at least 0 that sum to 1")
    back = np.zeros(gross.shape)
    for lag in np.flatnonzero(lag_shares[: gross.shape[-1]]).tolist():
        back[..., lag:] += gross[..., : gross.shape[-1] - lag] * lag_shares[lag]
    return back * (return_rate * resellable_share)
