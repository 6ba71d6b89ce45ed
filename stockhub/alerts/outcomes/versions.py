"""Writes labels: the first, and a new version where late facts say otherwise. What was written is never changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from stockhub.alerts.models import AlertOutcome, LabelReason, StockoutEvent, StockoutOutcome
from stockhub.alerts.outcomes.past import RATE_DAYS, Past
from stockhub.core import clock
from stockhub.core.ranges import id_filter
from stockhub.outbox.services import emit_event


@dataclass(frozen=True, slots=True)
class Draft:
    """An outcome that is to be current, and the day on which it became known."""

    row: AlertOutcome
    known_on: date


def write_outcomes(drafts: Sequence[Draft], *, unchanged_before: date) -> int:
    """Returns how many versions were written. What became known before a day stays as it is."""
    current = {
        (each.alert_id, each.raised_on): each
        for each in AlertOutcome.objects.filter(is_current=True, alert_id__any_of=sorted({draft.row.alert_id for draft in drafts}))
    }
    new, replaced = [], []
    for draft in drafts:
        before = current.get((draft.row.alert_id, draft.row.raised_on))
        if before is not None:
            if draft.known_on < unchanged_before or _told(before) == _told(draft.row):
                continue
            draft.row.version, draft.row.reason = before.version + 1, LabelReason.LATE_FACTS
            replaced.append(before.pk)
        new.append(draft.row)
    _store(AlertOutcome, new, replaced)
    if new:
        emit_event("alerts.outcomes_known.v1", entity="alerts.alert", entity_id=None, payload={"outcomes": len(new)})
    return len(new)


def write_stockouts(drafts: Iterable[StockoutEvent], past: Past, *, unchanged_before: date) -> int:
    """The same of stock-outs. One that ended gets its last day and what it cost; one that never was is withdrawn."""
    since = past.on(RATE_DAYS)
    known = StockoutEvent.objects.filter(is_current=True, **id_filter("sku_id", past.rows.skus), onset_on__gte=since)
    current = {(each.sku_id, each.pool_id, each.onset_on): each for each in known}
    new, replaced, seen = [], [], set()
    for draft in drafts:
        key = draft.sku_id, draft.pool_id, draft.onset_on
        seen.add(key)
        if (before := current.get(key)) is not None:
            ends_now = before.ended_on is None and draft.ended_on is not None
            if _told(before) == _told(draft) or (not ends_now and draft.onset_on < unchanged_before):
                continue
            draft.version, draft.reason = before.version + 1, LabelReason.ENDED if ends_now else LabelReason.LATE_FACTS
            replaced.append(before.pk)
        new.append(draft)
    skus = set(past.rows.skus.tolist())
    for key, before in current.items():
        if key in seen or before.sku_id not in skus or before.onset_on < unchanged_before or before.outcome == StockoutOutcome.WITHDRAWN:
            continue
        replaced.append(before.pk)
        new.append(_withdrawn(before))
    _store(StockoutEvent, new, replaced)
    return len(new)


def _withdrawn(before: StockoutEvent) -> StockoutEvent:
    return StockoutEvent(
        sku_id=before.sku_id,
        pool_id=before.pool_id,
        onset_on=before.onset_on,
        outcome=StockoutOutcome.WITHDRAWN,
        version=before.version + 1,
        reason=LabelReason.LATE_FACTS,
    )


def _told(row: AlertOutcome | StockoutEvent) -> tuple[Any, ...]:
    """What a version says."""
    if isinstance(row, AlertOutcome):
        return row.outcome, row.onset_on, row.lead_days
    # Rates of the past move in their last digits as its days pass; a cost is written once.
    return row.outcome, row.ended_on, row.alert_id, row.lead_days


def _store(model: type[AlertOutcome | StockoutEvent], new: Sequence[Any], replaced: Sequence[int]) -> None:
    now = clock.now()
    for row in new:
        row.recorded_at = now
    model._default_manager.filter(pk__in=replaced).update(is_current=False)
    model._default_manager.bulk_create(new, batch_size=500)
