"""How stock runs down along the forecast (H11; science.md 3.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.stock.projection import projected_stock, stockout_day
from stockhub.pluginapi import Snapshot
from stockhub.snapshot.builder import build, lead_times_of
from stockhub.snapshot.stockouts import days_until_gone

#: An early day, the middle one, and a late one.
PROBABILITIES: Final = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True)
class Depletion:
    """The curve of a SKU in a pool: `stock` (1 + h,) is what is available now, then the end of each day ahead; empty with a `reason`.

    `stockout_day` is the number of days until nothing is left, `stockout_on` that day; None where stock outlasts the forecast. Inbound
    counts on the day that it is expected, what is overdue tomorrow, and what has no day not at all.
    """

    today: date
    stock: FloatArray
    stockout_day: int | None
    stockout_on: date | None
    safety_stock: float | None
    arrivals: list[tuple[date, float]]
    reason: str = ""
    #: By probability, the first day by whose end nothing has been left with it; None beyond the forecast or where no quantiles are known.
    gone_by: Mapping[float, date | None] = field(default_factory=dict)


def depletion(*, sku_id: int, pool_id: int, as_of: datetime) -> Depletion | None:
    """None where the SKU is not in the pool at all."""
    snapshot = build([sku_id], as_of)
    rows = np.flatnonzero(snapshot.pool_ids == pool_id)
    if not len(rows):
        return None
    row = int(rows[0])
    available, mean = snapshot["available"][row], snapshot.forecast_mean[row].astype(np.float64)
    reason = "NO_STOCK_DATA" if np.isnan(available) else "NO_FORECAST" if not mean.size or np.isnan(mean).any() else ""
    safety = float(snapshot["safety_stock"][row])
    # What has no day yet does not help anybody.
    its = (snapshot.inbound_row == row) & np.isfinite(snapshot.inbound_day)
    days = np.maximum(np.ceil(snapshot.inbound_day[its]), 1.0).astype(np.int64)
    qty = snapshot.inbound_qty[its]
    arrivals = [(snapshot.day + timedelta(days=day), units) for day, units in zip(days.tolist(), qty.tolist(), strict=True)]
    known_safety = None if np.isnan(safety) else safety
    if reason:
        return Depletion(snapshot.day, np.zeros(0), None, None, known_safety, arrivals, reason)
    inside = days <= mean.size
    # Without any arrival, bincount would give integers.
    inbound = np.bincount(days[inside] - 1, qty[inside], mean.size).astype(np.float64)
    ahead = projected_stock(np.array(max(available, 0.0)), mean, inbound)
    stock = np.concatenate([[max(available, 0.0)], ahead])
    out = stockout_day(stock)
    found = None if np.isnan(out) else int(out)
    return Depletion(
        today=snapshot.day,
        stock=stock,
        stockout_day=found,
        stockout_on=None if found is None else snapshot.day + timedelta(days=found),
        safety_stock=known_safety,
        arrivals=sorted(arrivals),
        gone_by=_gone_by(snapshot, row, mean.size),
    )


def _gone_by(snapshot: Snapshot, row: int, horizon: int) -> dict[float, date | None]:
    """Of lead-time demand, whose quantiles need not lie around the mean of each day (N5)."""
    days = days_until_gone(snapshot, lead_times_of(snapshot), np.array(PROBABILITIES), horizon)[row]
    told = zip(PROBABILITIES, days.tolist(), strict=True)
    return {probability: None if np.isnan(day) else snapshot.day + timedelta(days=int(day)) for probability, day in told}
