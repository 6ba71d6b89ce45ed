"""Where along the next days stock is deepest in need, arrivals counted on the day they land."""

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.stock.projection import gap_at_checkpoint
from stockhub.pluginapi import Snapshot


def fastest_lead_time(snapshot: Snapshot) -> FloatArray:
    """Days (n,) in which the fastest of a row's suppliers delivers; those of the preferred one where no other is known."""
    return np.fmin(snapshot["fastest_lead_time"], snapshot["lead_time"])


def largest_gap_within(snapshot: Snapshot, days: FloatArray) -> FloatArray:
    """Units (n,) missing at the worst moment of the next `days` (n,) of mean forecast; negative where stock is left at all times.

    Totals alone miss the SKU that is out on day 5 and gets its pallet on day 20. Stock falls until an arrival, so the worst moment is the
    eve of one or the end.
    """
    available = snapshot["available"]
    gap = gap_at_checkpoint(available, snapshot.demand_within(days), snapshot.inbound_within(days))
    inside = np.flatnonzero((snapshot.inbound_day > 1) & (snapshot.inbound_day <= days[snapshot.inbound_row]))
    if not len(inside) or not snapshot.forecast_mean.shape[1]:
        return gap
    rows = np.unique(snapshot.inbound_row[inside])
    arrivals = np.flatnonzero(np.isin(snapshot.inbound_row, rows))
    arrivals = arrivals[np.lexsort((snapshot.inbound_day[arrivals], snapshot.inbound_row[arrivals]))]
    row, day, qty = snapshot.inbound_row[arrivals], snapshot.inbound_day[arrivals], snapshot.inbound_qty[arrivals]
    landed = np.cumsum(qty) - qty
    first = np.searchsorted(row, row)
    eve = gap_at_checkpoint(available[row], _demand_before(snapshot, rows, row, day), landed - landed[first])
    counted = (day > 1) & (day <= days[row])
    with np.errstate(invalid="ignore"):  # rows without a forecast stay NaN
        np.maximum.at(gap, row[counted], eve[counted])
    return gap


def _demand_before(snapshot: Snapshot, rows: NDArray[np.int64], row: NDArray[np.int64], day: FloatArray) -> FloatArray:
    """Mean forecast demand (m,) of the whole days before each arrival; `rows` are the distinct rows among `row`."""
    horizon = snapshot.forecast_mean.shape[1]
    total = np.cumsum(snapshot.forecast_mean[rows], axis=1, dtype=np.float64)
    last_day = np.clip(np.ceil(day) - 2, 0, horizon - 1).astype(np.int64)
    before: FloatArray = total[np.searchsorted(rows, row), last_day]
    return before
