"""Whether stock lasts until help can come: the chance that it does not, and the day on which it should be gone first (N5, U7, F1)."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.distributions.kept_quantiles import chance_over_lead_times
from stockhub.formulas.distributions.running_out import chance_of_running_out
from stockhub.formulas.stock.projection import days_until_used_up
from stockhub.pluginapi import Snapshot
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.snapshot.lead_time_demand import LeadTimeDemand
from stockhub.snapshot.positions import Columns

IntArray = NDArray[np.int64]


#: A varying lead time is looked at in three places, so many deviations from the promised one.
_ENDS: Final = (-sqrt(3.0), 0.0, sqrt(3.0))


@dataclass(frozen=True, slots=True)
class Eves:
    """The eves of dated arrivals (m,), sorted by row and day: day of the arrival, whole days before it, and units landed until then."""

    row: IntArray
    day: FloatArray
    days_before: FloatArray
    landed: FloatArray


@dataclass(frozen=True, slots=True)
class Cases:
    """What is asked of: the row of the demand (c,), units to sell now, and days to look ahead."""

    row: IntArray
    available: FloatArray
    horizon: FloatArray


def stockout_columns(snapshot: Snapshot, demand: LeadTimeDemand) -> Columns:
    """The chance that stock reaches 0 before an order of the next review arrives, and the days until it is expected to be gone first.

    Whoever does not order today can order at the next review; so that is what waiting risks. The lead time varies as its deviation says.
    """
    dated = np.flatnonzero(np.isfinite(snapshot.inbound_day))
    arrivals = snapshot.inbound_row[dated], snapshot.inbound_day[dated], snapshot.inbound_qty[dated]
    return {"p_stockout": _chance(snapshot, demand, arrivals), "sells_out_first": _first_day(snapshot, eves_of(*arrivals))}


def eves_of(row: IntArray, day: FloatArray, qty: FloatArray) -> Eves:
    """The eves of arrivals (m,) in any order. What arrives on a day can be sold that day."""
    order = np.lexsort((day, row))
    row, day, qty = row[order], day[order], qty[order]
    before = np.cumsum(qty) - qty
    first = np.searchsorted(row, row)
    return Eves(row, day, np.maximum(np.ceil(day) - 1.0, 0.0), before - before[first] if len(row) else before)


def chance_within(demand: LeadTimeDemand, cases: Cases, row: IntArray, day: FloatArray, qty: FloatArray) -> FloatArray:
    """The chance (c,) that the stock of each case reaches 0 within its horizon, while units `qty` (m,) of cases `row` arrive on `day`.

    Stock falls until something arrives, so it is looked at on the eve of each arrival within the horizon and at its end: an arrival in a
    month hides no stock-out of next week (U7).
    """
    inside = day <= cases.horizon[row]
    row, day, qty = row[inside], day[inside], qty[inside]
    eves, count = eves_of(row, day, qty), len(cases.row)
    asked = np.flatnonzero(eves.days_before > 0)
    at_end = cases.available + np.bincount(row, qty, minlength=count)
    case = np.concatenate([eves.row[asked], np.arange(count)])
    elapsed = np.concatenate([eves.days_before[asked], cases.horizon])
    there = np.concatenate([cases.available[eves.row[asked]] + eves.landed[asked], at_end])
    order = np.lexsort((elapsed, case)) if len(asked) else slice(None)
    case, elapsed, there = case[order], elapsed[order], there[order]
    return chance_of_running_out(case, elapsed, demand.chance(cases.row[case], elapsed, there), count)


def days_until_gone(snapshot: Snapshot, demand: LeadTimeDemand, probabilities: FloatArray, horizon: int) -> FloatArray:
    """Days (n, p) until the stock of each row has been gone with each probability at least, given what is on its way (N5).

    With .1 an early day, with .9 a late one. NaN where that is further off than `horizon` days, or nothing is known of demand.
    """
    n, days = len(snapshot), np.arange(1.0, horizon + 1.0)
    cases = Cases(np.repeat(np.arange(n), horizon), np.repeat(np.maximum(snapshot["available"], 0.0), horizon), np.tile(days, n))
    dated = np.flatnonzero(np.isfinite(snapshot.inbound_day))
    case = np.repeat(snapshot.inbound_row[dated], horizon) * horizon + np.tile(np.arange(horizon), len(dated))
    day, qty = np.repeat(snapshot.inbound_day[dated], horizon), np.repeat(snapshot.inbound_qty[dated], horizon)
    chances = chance_within(demand, cases, case, day, qty).reshape(n, horizon)
    # What is gone has been gone: the approximation of later days may not take it back.
    ever = np.maximum.accumulate(chances, axis=1)
    found = np.full((n, len(probabilities)), np.nan)
    for place, probability in enumerate(probabilities.tolist()):
        reached = ever >= probability
        found[:, place] = np.where(reached.any(axis=1), days[reached.argmax(axis=1)], np.nan)
    return found


def _chance(snapshot: Snapshot, demand: LeadTimeDemand, arrivals: tuple[IntArray, FloatArray, FloatArray]) -> FloatArray:
    """Each row is three cases, one for each end of its lead time."""
    n, ends = len(snapshot), len(_ENDS)
    row, day, qty = arrivals
    promised, sd = snapshot["lead_time"] + snapshot["review_period"], snapshot["lead_time_sd"]
    time = [np.maximum(promised + deviations * sd, 0.0) for deviations in _ENDS]
    cases = Cases(np.tile(np.arange(n), ends), np.tile(snapshot["available"], ends), np.concatenate(time))
    of = np.concatenate([row + n * number for number in range(ends)])
    found = chance_within(demand, cases, of, np.tile(day, ends), np.tile(qty, ends))
    return chance_over_lead_times(*found.reshape(ends, n))


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
