"""The cycle `outcomes`: once a day it writes what has become known of alerts and stock-outs, and changes nothing that was written.

A run looks at every SKU's last `SPAN_DAYS` days as matrices. What has no label yet gets one as soon as its window has passed or it came
true; a label that late facts contradict gets a new version, until `RELABEL_DAYS` after it became known: then it is history.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

import numpy as np
from django.conf import settings
from django.db.models import QuerySet

from stockhub.alerts.models import Alert, AlertOutcome, StockoutEvent
from stockhub.alerts.outcomes.judging import Judged, JudgedEvents, Raises, judge, judge_events, known, outcome_of, raised_again
from stockhub.alerts.outcomes.overstocks import judged_overstocks
from stockhub.alerts.outcomes.past import RATE_DAYS, Past, days_of_instants, past_of, receipts_of
from stockhub.alerts.outcomes.versions import Draft, write_outcomes, write_stockouts
from stockhub.alerts.stockout_warnings import stockout_kinds
from stockhub.core import clock
from stockhub.core.columns import INSTANT, INT, NO_INSTANT, code, read
from stockhub.core.ranges import id_filter
from stockhub.cycles.models import Cycle
from stockhub.cycles.registry import CycleDefinition, Work
from stockhub.demand.cycles import sku_ids, sku_range
from stockhub.values import Label

NAME: Final = "outcomes"
#: Late facts change no label that has been known for longer.
RELABEL_DAYS: Final = 35


@dataclass(frozen=True, slots=True)
class _Kinds:
    """The alerts of a chunk that foretell stock-outs: their raises, and the kind of each alert."""

    raises: Raises
    kind_of: dict[int, str]


def label_chunk(work: Work, ids: Sequence[int]) -> None:
    """Labels what has become known of these SKUs, in a number of queries that does not grow with them."""
    last_on = clock.business_day(work.as_of, settings.STOCKHUB_TIME_ZONE) - timedelta(days=1)
    with work.step("past"):
        past = past_of(ids, last_on)
        its = _raises(past, work)
        receipts = receipts_of(past)
    with work.step("judge"):
        judged = judge(its.raises, past, receipts)
        events = judge_events(its.raises, past, _watched_from(past))
    drafts = [*_outcomes(its, judged, past), *judged_overstocks(past, since=RATE_DAYS)]
    with work.step("write"), work.guard():
        work.count("outcomes", write_outcomes(drafts, unchanged_before=last_on - timedelta(days=RELABEL_DAYS)))
        stockouts = list(_stockouts(its.raises, events, past))
        horizon = past.on(past.last_day - RELABEL_DAYS)
        work.count("stockouts", write_stockouts(stockouts, past, unchanged_before=horizon))


def _raises(past: Past, work: Work) -> _Kinds:
    since = clock.start_of_day(past.on(RATE_DAYS), settings.STOCKHUB_TIME_ZONE)
    foretelling: QuerySet[Alert] = Alert.objects.filter(
        **id_filter("sku_id", past.rows.skus),
        kind__in=sorted(stockout_kinds()),
        pool__isnull=False,
        opened_at__gte=since,
        opened_at__lte=work.as_of,
    )
    columns = {"id": INT, "sku_id": INT, "pool_id": INT, "opened_at": INSTANT, "resolved_at": INSTANT, "kind": code(60)}
    found = read(foretelling.order_by("id"), columns)
    row, day = past.rows.find(found["sku_id"], found["pool_id"]), days_of_instants(found["opened_at"], past.first_on)
    ended = np.full(len(row), past.last_day, np.int64)
    over = found["resolved_at"] != NO_INSTANT
    ended[over] = days_of_instants(found["resolved_at"][over], past.first_on) - 1
    told = (row >= 0) & (day <= past.last_day)
    raises = raised_again(found["id"][told], row[told], day[told], np.maximum(ended[told], day[told]), past)
    return _Kinds(raises, {pk: kind.decode() for pk, kind in zip(found["id"].tolist(), found["kind"].tolist(), strict=True)})


def _watched_from(past: Past) -> int:
    """The column of the day of the first full warning cycle; the last one where there was none."""
    first = Cycle.objects.filter(name="warnings", sku_codes=[]).order_by("as_of").values_list("as_of", flat=True).first()
    if first is None:
        return past.last_day
    return (clock.business_day(first, settings.STOCKHUB_TIME_ZONE) - past.first_on).days


def _outcomes(its: _Kinds, judged: Judged, past: Past) -> Iterator[Draft]:
    raises = its.raises
    for at in np.flatnonzero(known(judged)).tolist():
        alert, row, day, onset = int(raises.alert[at]), int(raises.row[at]), int(raises.day[at]), int(judged.onset[at])
        lead = onset - day if onset >= 0 else None
        yield Draft(
            AlertOutcome(
                alert_id=alert,
                kind=its.kind_of[alert],
                raised_on=past.on(day),
                outcome=outcome_of(float(judged.code[at])),
                horizon_days=int(past.horizon[row]),
                onset_on=past.on(onset) if onset >= 0 else None,
                lead_days=lead,
                is_actionable=None if lead is None else lead >= int(past.fastest[row]),
            ),
            known_on=past.on(onset if onset >= 0 else day + int(past.horizon[row])),
        )


def _stockouts(raises: Raises, judged: JudgedEvents, past: Past) -> Iterator[StockoutEvent]:
    """Those that began within the part of the past of which the rate before is known."""
    events = past.events
    for at in np.flatnonzero(events.onset >= RATE_DAYS).tolist():
        row, ended = int(events.row[at]), bool(judged.has_ended[at])
        first, lost = int(judged.first[at]), float(judged.lost_units[at])
        amount = lost * float(past.price[row])
        yield StockoutEvent(
            sku_id=int(past.rows.sku_ids[row]),
            pool_id=int(past.rows.pool_ids[row]),
            onset_on=past.on(int(events.onset[at])),
            ended_on=past.on(int(events.end[at])) if ended else None,
            outcome=str(judged.outcome[at]),
            alert_id=int(raises.alert[first]) if first >= 0 else None,
            lead_days=int(judged.lead[at]) if first >= 0 else None,
            is_actionable=bool(judged.is_actionable[at]) if first >= 0 else None,
            lost_units=round(lost, 6) if ended else None,
            lost_amount=Decimal(str(round(amount, 6))) if ended and np.isfinite(amount) else None,
        )


def _run_chunk(work: Work) -> None:
    if ids := sku_range(work):
        label_chunk(work, ids)


OUTCOMES = CycleDefinition(
    name=NAME, label=Label("Outcomes of warnings", "预警结果"), sku_ids=sku_ids, run_chunk=_run_chunk, idle_is_normal=True
)
