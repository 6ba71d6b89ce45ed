"""Stock day by day along a forecast (H11; science.md 3.7).

Arrays are (…, h): day 0 is the first day ahead, and any leading axes are SKUs. What arrives on a day can be sold that day; the curve is
stock at the end of the day.
"""

from __future__ import annotations

import numpy as np

from stockhub.formulas.elementwise import ROUNDING_TOLERANCE, FloatArray


def projected_balance(stock: FloatArray, demand: FloatArray, inbound: FloatArray) -> FloatArray:
    """Stock where unmet demand waits: below 0 are units owed."""
    balance: FloatArray = np.asarray(stock)[..., None] + np.cumsum(inbound - demand, axis=-1)
    return balance


def projected_stock(stock: FloatArray, demand: FloatArray, inbound: FloatArray) -> FloatArray:
    """Stock where unmet demand is lost: never below 0."""
    balance = projected_balance(stock, demand, inbound)
    return balance + _lost_so_far(balance)


def projected_lost_units(stock: FloatArray, demand: FloatArray, inbound: FloatArray) -> FloatArray:
    """Units of demand lost by the end of the curve; one number for each SKU."""
    lost: FloatArray = _lost_so_far(projected_balance(stock, demand, inbound))[..., -1]
    return lost


def _lost_so_far(balance: FloatArray) -> FloatArray:
    """Lost units accumulate to the deepest shortfall so far (Lindley 1952, the recursion of a queue)."""
    return np.maximum(-np.minimum.accumulate(balance, axis=-1), 0.0)


def stockout_day(curve: FloatArray) -> FloatArray:
    """The first day that ends without stock; NaN where there is none. The curve comes from `projected_stock`."""
    out = curve <= ROUNDING_TOLERANCE
    first: FloatArray = np.where(out.any(axis=-1), out.argmax(axis=-1), np.nan)
    return first


def gap_at_checkpoint(opening: FloatArray, demand_before: FloatArray, landed_before: FloatArray) -> FloatArray:
    """Units missing at a moment, given demand and arrivals up to it; negative where stock is left.

    Where it is above 0, the largest over a SKU's checkpoints (the eve of each arrival, and the horizon's end) is what
    `projected_lost_units` finds day by day.
    """
    return demand_before - opening - landed_before


def days_until_used_up(units: FloatArray, cumulative_demand: FloatArray, daily_rate_beyond: FloatArray) -> FloatArray:
    """Days (n,) until demand has taken `units` (n,): 0 where there are none, missing where it never does (E13).

    `cumulative_demand` (n, h + 1) is that of the first 0 … h days, `daily_rate_beyond` (n,) what is asked for on each later day. Within a
    day demand is even.
    """
    horizon = cumulative_demand.shape[-1] - 1
    reached = np.count_nonzero(cumulative_demand < units[:, None], axis=-1)
    row, day = np.arange(len(units)), np.clip(reached, 1, horizon)
    before, after = cumulative_demand[row, day - 1], cumulative_demand[row, day]
    with np.errstate(invalid="ignore", divide="ignore"):
        inside = day - 1.0 + (units - before) / (after - before)
        beyond = horizon + (units - cumulative_demand[:, -1]) / np.where(daily_rate_beyond > 0, daily_rate_beyond, np.nan)
    days = np.where(units <= 0, 0.0, np.where(reached > horizon, beyond, inside))
    return np.where(np.isnan(units) | np.isnan(cumulative_demand[:, -1]), np.nan, days)
