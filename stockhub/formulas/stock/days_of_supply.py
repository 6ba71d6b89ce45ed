"""Days of supply along the forecast: until the projected curve is used up (E13; science.md 3.10).

Preferred to `cover.days_of_supply`, which looks back: a steady rate gives the same number, a season does not.
"""

from __future__ import annotations

from datetime import datetime
from math import isnan

import numpy as np

from stockhub.formulas.elementwise import ROUNDING_TOLERANCE, FloatArray
from stockhub.values import Metric


def forward_days_of_supply(stock: FloatArray, demand: FloatArray, inbound: FloatArray | float = 0.0) -> FloatArray:
    """Days (…) until what is on hand and lands is used up, with the part of the last day that is still served.

    `stock` is (…), `demand` and `inbound` (…, h) by day. NaN where stock outlasts the forecast, or a number is missing; 0 where there is
    nothing to begin with and demand on the first day, or where units are owed.
    """
    wanted = np.asarray(demand, dtype=np.float64)
    curve = np.asarray(stock, dtype=np.float64)[..., None] + np.cumsum(inbound - wanted, axis=-1)
    if not curve.shape[-1]:
        return np.full(curve.shape[:-1], np.nan)
    # A day without demand uses nothing up, even where nothing is left.
    used_up = ((curve <= ROUNDING_TOLERANCE) & (wanted > 0)) | (curve < -ROUNDING_TOLERANCE)
    day = used_up.argmax(axis=-1)
    ending, asked = _on(day, curve), _on(day, np.broadcast_to(wanted, curve.shape))
    with np.errstate(divide="ignore", invalid="ignore"):
        served = np.clip((ending + asked) / asked, 0.0, 1.0)
    known = np.isfinite(curve[..., -1]) & used_up.any(axis=-1)
    days: FloatArray = np.where(known, day + served, np.nan)
    return days


def _on(day: np.ndarray[tuple[int, ...], np.dtype[np.int64]], values: FloatArray) -> FloatArray:
    """The value (…) of each row on its day."""
    chosen: FloatArray = np.take_along_axis(values, day[..., None], axis=-1)[..., 0]
    return chosen


def forward_days_of_supply_metric(
    stock: float, demand: FloatArray, inbound: FloatArray | float = 0.0, *, as_of: datetime | None = None
) -> Metric:
    """`forward_days_of_supply` of one SKU at the boundary: no number and NO_FORECAST where there is none, NO_DEMAND where the forecast is 0
    throughout, NO_DATA where an input is missing, BEYOND_FORECAST where stock outlasts the forecast.
    """
    days = float(forward_days_of_supply(np.asarray(stock, dtype=np.float64), demand, inbound))
    if not isnan(days):
        return Metric(days, "day", as_of)
    if not len(demand):
        reason = "NO_FORECAST"
    elif not np.isfinite(stock + np.sum(demand) + np.sum(inbound)):
        reason = "NO_DATA"
    else:
        reason = "BEYOND_FORECAST" if np.any(demand > 0) else "NO_DEMAND"
    return Metric(None, "day", as_of, reason=reason)
