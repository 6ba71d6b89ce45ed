"""What became of alerts: stock-out events, the alerts that foresaw them, and those that a timely action proved right (science.md 10.2).

Days are columns of the observed period, 0 to `last_day`; SKUs are rows. An alert is a row and the day on which it was raised. The horizon
H, lead time + 14 days, and the least lead m of science.md 10.2 are whole days, one number or one for each SKU (n,). Least lead 1 asks
whether the stock-out was foreseen at all; the fastest arrival's days, whether something could still be done (actionable recall).
Shapes: a alerts, e events.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stockhub.formulas.elementwise import ROUNDING_TOLERANCE, FloatArray, N, explained, greater, positive_part, where
from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.stock.overstock import overstock_limit
from stockhub.formulas.stock.projection import projected_stock

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

#: Forecast a day under which nobody misses a SKU, and the share of its selling time on sale under which a day counts as out of stock.
LEAST_FORECAST = 0.1
LEAST_IN_STOCK_SHARE = 0.5
#: Days in stock between two stock-outs from which on they are two.
LEAST_GAP_DAYS = 3
#: Days that the horizon reaches beyond the lead time.
HORIZON_MARGIN_DAYS = 14.0

#: What became of an alert, in the order of the codes. Late and pending ones are neither right nor wrong.
ALERT_OUTCOMES: Final = ("true_positive", "averted", "false_positive", "late", "pending")
TRUE_POSITIVE, AVERTED, FALSE_POSITIVE, LATE, PENDING = 0.0, 1.0, 2.0, 3.0, 4.0


class Events(NamedTuple):
    """Stock-outs, each (e,), by SKU and then by time: the SKU's row, its first day (the onset τ) and its last."""

    row: IntArray
    onset: IntArray
    end: IntArray


class Alerts(NamedTuple):
    """Alerts, each (a,): the SKU's row and the day on which it was raised."""

    row: IntArray
    day: IntArray


@explained(unit="day")
def alert_horizon(lead_time: N, margin_days: N | float = HORIZON_MARGIN_DAYS) -> N:
    """The days H that an alert looks ahead: the lead time and a fortnight."""
    return lead_time + margin_days


def stockout_days(
    sellable: FloatArray,
    active: BoolArray,
    forecast: FloatArray,
    *,
    in_stock_share: FloatArray | None = None,
    planned: BoolArray | None = None,
) -> BoolArray:
    """Which days (n, t) count as out of stock: nothing to sell, although the listing is active and somebody would buy.

    With `in_stock_share` (n, t), where it is known, also days on which a SKU could be bought for less than half of the time. `planned`
    marks days that are meant to be so, such as after the end of a life. Days whose stock and share are unknown do not count.
    """
    out = sellable <= ROUNDING_TOLERANCE
    if in_stock_share is not None:
        out = out | (in_stock_share < LEAST_IN_STOCK_SHARE)
    wanted = np.asarray(active, dtype=np.bool_) & (forecast >= LEAST_FORECAST)
    return np.asarray(out & wanted if planned is None else out & wanted & ~planned)


def stockout_events(out: BoolArray) -> Events:
    """The maximal runs of days out of stock (n, t)."""
    edge = np.zeros((len(out), 1), dtype=np.int8)
    step = np.diff(np.asarray(out, dtype=np.int8), axis=1, prepend=edge, append=edge)
    row, onset = np.nonzero(step == 1)
    _, after = np.nonzero(step == -1)
    return Events(row.astype(np.int64), onset.astype(np.int64), (after - 1).astype(np.int64))


def merged_events(events: Events, least_gap: int = LEAST_GAP_DAYS) -> Events:
    """Stock-outs of a SKU with fewer than `least_gap` days between them are one: it had not come back."""
    if not len(events.row):
        return events
    follows = (events.row[1:] == events.row[:-1]) & (events.onset[1:] - events.end[:-1] - 1 < least_gap)
    begins = np.concatenate([[True], ~follows])
    ends = np.concatenate([~follows, [True]])
    return Events(events.row[begins], events.onset[begins], events.end[ends])


def _of_row(days: ArrayLike, row: IntArray) -> IntArray:
    """A number of days for each entry: one for all, or that of its SKU."""
    given = np.asarray(days, dtype=np.int64)
    return np.asarray(given[row] if given.ndim else np.broadcast_to(given, row.shape))


def _checked(alerts: Alerts, horizon: ArrayLike, least_lead: ArrayLike, last_day: int) -> None:
    outside = (alerts.day < 0) | (alerts.day > last_day)
    if outside.any():
        raise InvalidParameterError("alert day", alerts.day[outside.argmax()], f"a day from 0 to the last one observed, {last_day:d}")
    if np.less(least_lead, 0).any() or np.less(horizon, least_lead).any():
        raise InvalidParameterError("least_lead", least_lead, "0 days or more, and no more than the horizon")


def is_late(alerts: Alerts, events: Events, least_lead: ArrayLike, last_day: int) -> BoolArray:
    """Which alerts (a,) came less than the least lead before an event or while it lasted: in [τ − m + 1, its end].

    Such an alert foresees nothing, a later event that it happens to precede neither.
    """
    span = last_day + 1
    lead = _of_row(least_lead, alerts.row)
    newest = np.minimum(alerts.day + lead - 1, last_day)
    at = np.searchsorted(events.row * span + events.onset, alerts.row * span + newest, side="right") - 1
    found = np.clip(at, 0, None)
    if not len(events.row):
        return np.zeros(len(alerts.row), dtype=np.bool_)
    return np.asarray((at >= 0) & (events.row[found] == alerts.row) & (events.end[found] >= alerts.day))


def is_matched(alerts: Alerts, events: Events, horizon: ArrayLike, least_lead: ArrayLike, last_day: int) -> BoolArray:
    """Which alerts (a,) have an event's onset between the least lead and the horizon after them: τ − H ≤ a ≤ τ − m."""
    if not len(events.row):
        return np.zeros(len(alerts.row), dtype=np.bool_)
    span = last_day + 1
    earliest = np.minimum(alerts.day + _of_row(least_lead, alerts.row), span)
    at = np.searchsorted(events.row * span + events.onset, alerts.row * span + earliest)
    found = np.minimum(at, len(events.row) - 1)
    within = events.onset[found] <= alerts.day + _of_row(horizon, alerts.row)
    return np.asarray((at < len(events.row)) & (events.row[found] == alerts.row) & within)


@explained(unit="code")
def alert_outcome(late: N, matched: N, pending: N, would_have_run_out: N, action_executed: N) -> N:
    """One of ALERT_OUTCOMES, from flags. One that nothing came of was averted where an action was taken without which stock had run out.

    Whether it had (`would_have_run_out`) need only be known where somebody acted and the window has been observed to its end.
    """
    proven = where(action_executed, would_have_run_out, 0.0)
    unmatched: N = where(pending, PENDING, where(proven, AVERTED, FALSE_POSITIVE))
    return where(late, LATE, where(matched, TRUE_POSITIVE, unmatched))


def label_alerts(
    alerts: Alerts,
    events: Events,
    *,
    horizon: ArrayLike,
    least_lead: ArrayLike,
    last_day: int,
    would_have_run_out: ArrayLike = 0.0,
    action_executed: ArrayLike = 0.0,
) -> FloatArray:
    """What became of each alert (a,), a code of ALERT_OUTCOMES; pending while the window of an unmatched one reaches beyond `last_day`.

    Each alert gets exactly one label. InvalidParameterError for an alert outside of the observed days, or a least lead beyond the horizon.
    """
    _checked(alerts, horizon, least_lead, last_day)
    late = is_late(alerts, events, least_lead, last_day).astype(np.float64)
    matched = is_matched(alerts, events, horizon, least_lead, last_day).astype(np.float64)
    pending = (alerts.day + _of_row(horizon, alerts.row) > last_day).astype(np.float64)
    shape = alerts.row.shape
    ran_out, acted = (np.broadcast_to(np.asarray(flag, dtype=np.float64), shape) for flag in (would_have_run_out, action_executed))
    outcome: FloatArray = alert_outcome(late, matched, pending, ran_out, acted)
    return outcome


def detection_leads(alerts: Alerts, events: Events, *, horizon: ArrayLike, least_lead: ArrayLike, last_day: int) -> FloatArray:
    """Days (e,) from the earliest alert that foresaw each event to its onset; NaN where none did."""
    _checked(alerts, horizon, least_lead, last_day)
    leads = np.full(len(events.row), np.nan)
    early = ~is_late(alerts, events, least_lead, last_day)
    span = last_day + 1
    keys = np.sort(alerts.row[early] * span + alerts.day[early])
    if not len(keys):
        return leads
    base = events.row * span
    first = np.searchsorted(keys, base + np.maximum(events.onset - _of_row(horizon, events.row), 0))
    raised = keys[np.minimum(first, len(keys) - 1)] - base
    # A key of another SKU's alert lies outside of 0 … span − 1 here, and so after every window.
    seen = (first < len(keys)) & (raised >= 0) & (raised <= events.onset - _of_row(least_lead, events.row))
    return np.where(seen, events.onset - raised, np.nan)


def foreseeable(events: Events, least_lead: ArrayLike) -> BoolArray:
    """Which events (e,) begin late enough in the observed days that an alert could have foreseen them: onset ≥ the least lead."""
    return np.asarray(events.onset >= _of_row(least_lead, events.row))


# --- averted stock-outs, realised overstocks --------------------------------------------------------------------------------


def runs_out_without_action(
    stock: FloatArray, demand: FloatArray, receipts: FloatArray, *, horizon: ArrayLike, least_lead: ArrayLike
) -> FloatArray:
    """1 for each alert (a,) whose SKU had run out in its window without the action, 0 where not, NaN where that cannot be told.

    From the stock (a,) at the end of the alert's day, the demand that came (a, h), cleaned of what stock-outs hid, and the receipts (a, h)
    but those of the action, both from the day after on; h must reach the horizon, which like the least lead is one number or one for each
    alert. Running out is an onset, as of an event: a day from the least lead to the horizon ends without stock, the day before did not.
    """
    demand, receipts = np.asarray(demand, dtype=np.float64), np.asarray(receipts, dtype=np.float64)
    last = np.broadcast_to(np.asarray(horizon, dtype=np.int64), np.shape(stock))
    if demand.shape[-1] < last.max(initial=0):
        raise InvalidParameterError("days of demand", demand.shape[-1], f"at least the horizon, {last.max()}")
    curve = projected_stock(stock, demand, receipts)
    out = np.concatenate([np.asarray(stock)[..., None], curve], axis=-1) <= ROUNDING_TOLERANCE
    day = np.arange(1, demand.shape[-1] + 1)
    inside = (day >= np.asarray(least_lead)[..., None]) & (day <= last[..., None])
    ran_out = (out[..., 1:] & ~out[..., :-1] & inside).any(axis=-1)
    unknown = np.isnan(np.where(day <= last[..., None], curve, 0.0)).any(axis=-1)
    return np.where(ran_out, 1.0, np.where(unknown, np.nan, 0.0))


@explained(unit="unit")
def remaining_units(stock: N, issued: N) -> N:
    """What is left of a day's stock after units that left since: first in, first out, so that later receipts are not among it."""
    return positive_part(stock - issued)


@explained(unit="flag")
def overstock_realised(stock: N, issued: N, safety_stock: N, times_safety_stock: N | float, floor_units: N | float) -> N:
    """Whether an overstock alert was right: after N weeks, more of the stock of its day is left than max(k·SS, floor)."""
    return greater(remaining_units(stock, issued), overstock_limit(safety_stock, times_safety_stock, floor_units))
