"""Judges alerts and stock-outs of the past by the formulas of science.md 10.2. Arrays in, arrays out: no database, no clock.

a raises (an alert, and again every H days while it is open), e stock-outs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.alerts.models import Outcome, StockoutOutcome
from stockhub.alerts.outcomes.past import FloatArray, IntArray, Past, Receipts
from stockhub.formulas.evaluation.alert_labels import (
    FALSE_POSITIVE,
    LEAST_GAP_DAYS,
    PENDING,
    TRUE_POSITIVE,
    Alerts,
    detection_leads,
    foreseeable,
    is_late,
    is_matched,
    label_alerts,
    overstock_realised,
    runs_out_without_action,
)

#: The least days ahead that count as foreseen at all.
LEAST_LEAD: Final = 1
#: By the code of a label; a code that is NaN is CENSORED, a pending one has no outcome yet.
OUTCOMES: Final = (Outcome.TRUE_POSITIVE, Outcome.AVERTED, Outcome.FALSE_POSITIVE, Outcome.LATE)


@dataclass(frozen=True, slots=True)
class Raises:
    """Raises (a,): the alert's id, the row and the column of the day in a `Past`."""

    alert: IntArray
    row: IntArray
    day: IntArray

    @property
    def alerts(self) -> Alerts:
        return Alerts(self.row, self.day)


@dataclass(frozen=True, slots=True)
class Judged:
    """Of each raise (a,): the label's code, NaN where it cannot be told, and the column of the stock-out that it foresaw, −1 for none."""

    code: FloatArray
    onset: IntArray


@dataclass(frozen=True, slots=True)
class JudgedEvents:
    """Of each stock-out (e,): its outcome, the position of the raise that foresaw it first (−1: none), the days ahead, whether in time to
    act, whether it has ended, and the units that were not sold.
    """

    outcome: NDArray[np.object_]
    first: IntArray
    lead: FloatArray
    is_actionable: NDArray[np.bool_]
    has_ended: NDArray[np.bool_]
    lost_units: FloatArray


def raised_again(alert: IntArray, row: IntArray, day: IntArray, ended: IntArray, past: Past) -> Raises:
    """An alert that stays open says it again every H days, up to the day before it ended or the last one observed."""
    until = np.minimum(ended, past.last_day)
    times = np.maximum((until - day) // past.horizon[row], 0) + 1
    position = np.repeat(np.arange(len(alert)), times)
    again = np.arange(len(position)) - np.repeat(np.cumsum(times) - times, times)
    return Raises(alert[position], row[position], day[position] + again * past.horizon[row[position]])


def judge(raises: Raises, past: Past, receipts: Receipts) -> Judged:
    """What became of each raise. One of which nothing came, while a day of its window is unknown, cannot be told."""
    alerts = raises.alerts
    open_still = raises.day + past.horizon[raises.row] > past.last_day
    late = is_late(alerts, past.events, LEAST_LEAD, past.last_day)
    matched = is_matched(alerts, past.events, past.horizon, LEAST_LEAD, past.last_day)
    acted, would = _without_action(raises, past, receipts, np.flatnonzero(~late & ~matched & ~open_still))
    code = label_alerts(
        alerts,
        past.events,
        horizon=past.horizon,
        least_lead=LEAST_LEAD,
        last_day=past.last_day,
        would_have_run_out=np.nan_to_num(would),
        action_executed=acted,
    )
    hidden = (code == FALSE_POSITIVE) & (_unknown_days(raises, past) | (acted & np.isnan(would)))
    return Judged(np.where(hidden, np.nan, code), np.where(code == TRUE_POSITIVE, _next_onset(raises, past), -1))


def judge_events(raises: Raises, past: Past, watched_from: int) -> JudgedEvents:
    """Which stock-outs were foreseen, how long before, and what they have cost. None could be before somebody watched."""
    alerts, events = raises.alerts, past.events
    lead = detection_leads(alerts, events, horizon=past.horizon, least_lead=LEAST_LEAD, last_day=past.last_day)
    in_time = detection_leads(alerts, events, horizon=past.horizon, least_lead=past.fastest, last_day=past.last_day)
    outcome = np.where(np.isfinite(lead), StockoutOutcome.DETECTED.value, StockoutOutcome.MISSED.value).astype(object)
    blind = ~np.isfinite(lead) & ((events.onset <= watched_from) | ~foreseeable(events, LEAST_LEAD))
    outcome[blind] = StockoutOutcome.UNFORESEEABLE.value
    out = np.nancumsum(np.where(past.stock <= 0, 1.0, 0.0), axis=1)
    days_out = out[events.row, events.end] - np.where(events.onset > 0, out[events.row, np.maximum(events.onset - 1, 0)], 0.0)
    return JudgedEvents(
        outcome=outcome,
        first=_first_raise(raises, past, lead),
        lead=lead,
        is_actionable=np.isfinite(in_time),
        has_ended=events.end + LEAST_GAP_DAYS <= past.last_day,
        lost_units=np.maximum(days_out, 1.0) * past.rate[events.row, events.onset],
    )


def overstock_right(stock: FloatArray, issued: FloatArray, safety_stock: FloatArray, times: FloatArray, floor: FloatArray) -> FloatArray:
    """The label's code of overstock alerts (a,) whose weeks are over; NaN where a number is missing."""
    realised = overstock_realised(stock, issued, safety_stock, times, floor)
    known = np.isfinite(stock) & np.isfinite(issued) & np.isfinite(safety_stock)
    return np.where(known, np.where(realised == 1, TRUE_POSITIVE, FALSE_POSITIVE), np.nan)


def _window(raises: Raises, past: Past, its: IntArray) -> tuple[IntArray, NDArray[np.bool_]]:
    """Columns (k, h) of the days after each raise, and which of them are in its window."""
    horizon = past.horizon[raises.row[its]]
    ahead = np.arange(1, int(horizon.max(initial=1)) + 1)
    columns = raises.day[its, None] + ahead
    return np.minimum(columns, past.last_day), (ahead <= horizon[:, None]) & (columns <= past.last_day)


def _unknown_days(raises: Raises, past: Past) -> NDArray[np.bool_]:
    columns, inside = _window(raises, past, np.arange(len(raises.row)))
    return np.asarray((np.isnan(past.stock[raises.row[:, None], columns]) & inside).any(axis=1))


def _without_action(raises: Raises, past: Past, receipts: Receipts, its: IntArray) -> tuple[NDArray[np.bool_], FloatArray]:
    """Whether somebody acted on each raise (a,), and whether stock had run out without that: 1, 0, or NaN where that cannot be told.

    The action is what was decided on after the alert and came in within its window. Nothing ran out, so what was sold was the demand; what
    else came or went is the change of stock that neither explains.
    """
    acted, would = np.zeros(len(raises.row), np.bool_), np.full(len(raises.row), np.nan)
    columns, inside = _window(raises, past, its)
    from_action = np.zeros(columns.shape)
    order = np.argsort(receipts.row, kind="stable")
    low, high = (np.searchsorted(receipts.row[order], raises.row[its], side=side) for side in ("left", "right"))
    for position in np.flatnonzero(high > low).tolist():
        mine = order[low[position] : high[position]]
        ahead = receipts.day[mine] - raises.day[its[position]]
        mine = mine[
            (receipts.decided[mine] >= raises.day[its[position]]) & (ahead >= 1) & (ahead <= past.horizon[raises.row[its[position]]])
        ]
        np.add.at(from_action[position], receipts.day[mine] - raises.day[its[position]] - 1, receipts.qty[mine])
    took = np.flatnonzero(from_action.any(axis=1))
    if not len(took):
        return acted, would
    row, day, columns, inside = raises.row[its[took]], raises.day[its[took]], columns[took], inside[took]
    demand = np.where(inside, past.sold[row[:, None], columns], 0.0)
    change = past.stock[row[:, None], columns] - past.stock[row[:, None], np.maximum(columns - 1, 0)]
    others = np.where(inside, change + demand - from_action[took], 0.0)
    horizon = past.horizon[row]
    would[its[took]] = runs_out_without_action(
        past.stock[row, day], demand, others, horizon=horizon, least_lead=np.full(len(row), LEAST_LEAD)
    )
    acted[its[took]] = True
    return acted, would


def _next_onset(raises: Raises, past: Past) -> IntArray:
    """The column of the first onset after each raise (a,); −1 where there is none."""
    events, span = past.events, past.last_day + 1
    at = np.searchsorted(events.row * span + events.onset, raises.row * span + raises.day + LEAST_LEAD)
    found = np.minimum(at, max(len(events.row) - 1, 0))
    if not len(events.row):
        return np.full(len(raises.row), -1, np.int64)
    return np.where((at < len(events.row)) & (events.row[found] == raises.row), events.onset[found], -1)


def _first_raise(raises: Raises, past: Past, lead: FloatArray) -> IntArray:
    """The position of the raise (e,) that foresaw each stock-out first; −1 where none did."""
    events, span = past.events, past.last_day + 1
    keys = raises.row * span + raises.day
    order = np.lexsort((raises.alert, keys))
    wanted = events.row * span + events.onset - np.nan_to_num(lead).astype(np.int64)
    if not len(order):
        return np.full(len(events.row), -1, np.int64)
    at = np.minimum(np.searchsorted(keys[order], wanted), len(order) - 1)
    return np.where(np.isfinite(lead), order[at], -1)


def known(judged: Judged) -> NDArray[np.bool_]:
    """Which raises (a,) have an outcome by now."""
    return np.asarray(judged.code != PENDING)


def outcome_of(code: float) -> Outcome:
    """The outcome of a label's code that is not pending."""
    return Outcome.CENSORED if np.isnan(code) else OUTCOMES[int(code)]
