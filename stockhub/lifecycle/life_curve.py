"""The weeks of one SKU as its stage was told from them, and what is still to come of a launch where Bass's curve can be relied on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np

from stockhub.formulas.lifecycle.bass import BassFit, bass_peak_time, bass_remaining_units, fit_bass
from stockhub.lifecycle.weeks import last_week_on, weekly_demand
from stockhub.pluginapi.snapshot import FloatArray

#: The launch lies before the weeks that are looked at, so that no curve from it can be drawn.
LAUNCH_NOT_SEEN: Final = "LAUNCH_NOT_SEEN"


@dataclass(frozen=True, slots=True)
class LifeCurve:
    """`weekly` (t,) units a week from the one that begins on `first_on`: NaN where masked; `filled` (t,): what an ordinary week would be.

    `bass`: parameters in weeks since the launch, or the reason why there are none that can be relied on. `peak_week` and `remaining_units`
    follow from them.
    """

    first_on: date
    weekly: FloatArray
    filled: FloatArray
    bass: BassFit
    peak_week: float | None
    remaining_units: float | None


def life_curve(sku_id: int, as_of: datetime) -> LifeCurve:
    """From the first week with demand, of the two and a half years that stages are told from."""
    last_on = last_week_on(as_of)
    demand = weekly_demand([sku_id], last_on)
    weekly, filled = demand.weekly[0], demand.filled[0]
    told = np.flatnonzero(filled > 0)
    start = int(told[0]) if len(told) else len(weekly)
    weekly, filled = weekly[start:], filled[start:]
    first_on = last_on - timedelta(days=7 * len(weekly) - 1)
    seen = bool(np.isnan(demand.begun_weeks[0]))
    bass = fit_bass(weekly) if seen else BassFit(None, LAUNCH_NOT_SEEN)
    peak = remaining = None
    if bass.parameters is not None:
        p, q, m = bass.parameters.p, bass.parameters.q, bass.parameters.m
        peak = float(bass_peak_time(p, q))
        remaining = float(bass_remaining_units(p, q, m, float(len(weekly))))
    return LifeCurve(first_on, weekly, filled, bass, peak, remaining)
