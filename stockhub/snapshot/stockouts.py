"""Whether stock lasts until help can come: the chance that it does not, and the day on which it should be gone first (N5, U7, F1)."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.distributions.kept_quantiles import chance_over_lead_times
from stockhub.formulas.stock.projection import days_until_used_up
from stockhub.pluginapi import Snapshot
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.snapshot.lead_time_demand import LeadTimeDemand
from stockhub.snapshot.positions import Columns


@dataclass(frozen=True, slots=True)
class Eves:
    """The eves of dated arrivals (m,): row, day of the arrival, whole days before it, and units that have landed until then."""

    row: NDArray[np.int64]
    day: FloatArray
    days_before: FloatArray
    landed: FloatArray


def stockout_columns(snapshot: Snapshot, demand: LeadTimeDemand) -> Columns:
    """The chance that stock reaches 0 before an order placed today arrives, and the days until it is expected to be gone first.

    Stock falls until something arrives, so it is looked at on the eve of each arrival within the lead time and at its end, and the
    largest chance counts: an arrival in a month hides no stock-out of next week (U7). That is the least that the chance of running out at
    any of these times can be. The lead time varies as its deviation says.
    """
    eves = _eves(snapshot)
    return {"p_stockout": _chance(snapshot, demand, eves), "sells_out_first": _first_day(snapshot, eves)}


def _eves(snapshot: Snapshot) -> Eves:
    dated = np.flatnonzero(np.isfinite(snapshot.inbound_day))
    order = dated[np.lexsort((snapshot.inbound_day[dated], snapshot.inbound_row[dated]))]
    row, day, qty = snapshot.inbound_row[order], snapshot.inbound_day[order], snapshot.inbound_qty[order]
    before = np.cumsum(qty) - qty
    first = np.searchsorted(row, row)
    # What arrives on a day can be sold that day.
    return Eves(row, day, np.maximum(np.ceil(day) - 1.0, 0.0), before - before[first] if len(row) else before)


def _chance(snapshot: Snapshot, demand: LeadTimeDemand, eves: Eves) -> FloatArray:
    rows, available = np.arange(len(snapshot)), snapshot["available"]
    ends = []
    for deviations in (-sqrt(3.0), 0.0, sqrt(3.0)):
        time = np.maximum(snapshot["lead_time"] + deviations * snapshot["lead_time_sd"], 0.0)
        ends.append(demand.chance(rows, time, available + snapshot.inbound_within(time)))
    chance = chance_over_lead_times(*ends)
    asked = np.flatnonzero((eves.days_before > 0) & (eves.day <= snapshot["lead_time"][eves.row]))
    row = eves.row[asked]
    found = demand.chance(row, eves.days_before[asked], available[row] + eves.landed[asked])
    with np.errstate(invalid="ignore"):  # rows without a forecast stay NaN
        np.maximum.at(chance, row, found)
    return chance


def _first_day(snapshot: Snapshot, eves: Eves) -> FloatArray:
    """By the mean: the units that are gone first are those of the first eve on which nothing is left, or else all there will ever be."""
    n, available = len(snapshot), snapshot["available"]
    if not snapshot.forecast_mean.shape[1]:
        return np.full(n, np.nan)
    cumulative = snapshot.cumulative_demand()
    dated = np.isfinite(snapshot.inbound_day)
    units = available + np.bincount(snapshot.inbound_row[dated], snapshot.inbound_qty[dated], minlength=n)
    horizon = snapshot.forecast_mean.shape[1]
    tail = snapshot.forecast_mean[:, -7:].mean(axis=1, dtype=np.float64)
    inside = np.minimum(eves.days_before, horizon).astype(np.int64)
    asked_for = cumulative[eves.row, inside] + np.maximum(eves.days_before - horizon, 0.0) * tail[eves.row]
    there = available[eves.row] + eves.landed
    out = np.flatnonzero((eves.days_before > 0) & (asked_for >= there))
    # Sorted by day, so that of each row's the first one is the earliest.
    row, first = np.unique(eves.row[out], return_index=True)
    units[row] = there[out[first]]
    return days_until_used_up(units, cumulative, tail)
