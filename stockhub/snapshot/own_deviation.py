"""Each row's own deviation of daily demand, and how many deviations SKUs usually need: what stands beside a calibrated quantile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.models import LeadTimeCalibration
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.snapshot.lead_time_demand import LeadTimeDemand, Table


@dataclass(frozen=True, slots=True)
class OwnDeviation:
    """`sd` (n,) in units a day, missing where history is short; `usual` has each row's table of deviations by level and time."""

    sd: FloatArray
    usual: LeadTimeDemand


def alike_deviation(sd: FloatArray, days: FloatArray, levels: FloatArray, usual: FloatArray) -> OwnDeviation:
    """Of rows whose deviations `usual` (q, l) have been learned together."""
    n = len(sd)
    table = Table(days, levels, usual[None].astype(np.float32))
    return OwnDeviation(sd, LeadTimeDemand([table], np.zeros(n, np.int64), np.zeros(n, np.int64), np.ones(n, np.bool_)))


def own_deviation_of(n: int, at: NDArray[np.int64], found: dict[str, Any]) -> OwnDeviation:
    """Of n rows, from stored columns (m,) of forecasts, which belong to rows `at` (m,), −1 for none of them.

    Forecasts of one run share what it has learned. A run that learned nothing, or is no longer known, has no table.
    """
    sd, table = np.full(n, np.nan), np.full(n, -1, np.int64)
    held = at >= 0
    sd[at[held]] = found["own_sd"][held]
    tables: list[Table] = []
    for cycle, days, levels, usual in _learned(np.unique(found["run"][held])):
        table[at[held & (found["run"] == cycle)]] = len(tables)
        tables.append(Table(days.astype(np.float64), levels.astype(np.float64), usual.reshape(1, len(levels), len(days))))
    return OwnDeviation(sd, LeadTimeDemand(tables, table, np.zeros(n, np.int64), table >= 0))


def _learned(cycles: NDArray[np.int64]) -> list[tuple[int, NDArray[np.int16], NDArray[np.float32], NDArray[np.float32]]]:
    """Of these runs, a handful, those whose calibration knows what SKUs usually need."""
    if not cycles.any():
        return []
    kept = LeadTimeCalibration.objects.filter(cycle__in=cycles.tolist()).order_by("cycle_id")
    names = ("cycle_id", "usual_days", "usual_levels", "usual_deviations")
    return [row for row in kept.values_list(*names) if len(row[1]) and len(row[2]) > 1]
