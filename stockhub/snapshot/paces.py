"""Weeks of sales: how many in a row sold too little, and how fast a SKU at the end of its life fades (H62, H77; science.md 1.7, 3.11)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.demand.decay import effective_decay
from stockhub.formulas.demand.trend import log_line, slope_probability
from stockhub.formulas.health.slow_movers import weeks_below
from stockhub.formulas.health.staleness import SLOW_SUPPLY_DAYS
from stockhub.formulas.lifecycle.stage import DECLINE
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.snapshot.positions import Columns

#: Weeks that are looked at: the whole ones within the 90 days that a snapshot reads.
WEEKS = 12


def pace_columns(daily: NDArray[np.float32], stock: FloatArray, stage: FloatArray) -> Columns:
    """Of units a day (n, t) up to today, which is not over yet and does not count; `stock` (n,) on hand, `stage` (n,) a code.

    A week sells too little where stock would take over 180 days at its pace. The decay is looked at from the decline on.
    """
    weekly = daily[:, -1 - 7 * WEEKS : -1].reshape(len(daily), WEEKS, 7).sum(axis=2, dtype=np.float64)
    pace = stock * 7.0 / SLOW_SUPPLY_DAYS
    low = np.where(stock > 0, weeks_below(weekly, pace), 0.0)
    decay = np.full(len(daily), np.nan)
    ending = np.flatnonzero(stage >= DECLINE)
    if len(ending):
        line = log_line(weekly[ending])
        slope, chance = line.slope, slope_probability(line.t, line.freedom)
        decay[ending] = np.where(np.isnan(slope) | np.isnan(chance), 1.0, effective_decay(slope, chance))
    return {"low_sales_weeks": np.where(np.isnan(stock), np.nan, low), "weekly_decay": np.minimum(decay, 1.0)}
