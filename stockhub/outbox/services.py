"""Writing events. The doorbell tells the dispatcher that there is something to read; it may be lost, the rows may not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from stockhub.core import actor, clock
from stockhub.core.bulk import insert_rows
from stockhub.outbox.models import Event


def _silent(topic: str) -> None:
    """The doorbell of a process in which nothing is bound."""


_ring: Callable[[str], None] = _silent


def bind_doorbell(ring: Callable[[str], None]) -> None:
    """Called once by the composition root. `ring(topic)` must not block and may fail to reach anyone."""
    global _ring  # noqa: PLW0603 - a port with one binding a process
    _ring = ring


def ring_after_commit(topic: str) -> None:
    """Rings once the transaction is durable; at once where there is none."""
    transaction.on_commit(lambda: _ring(topic), robust=True)


def emit_event(kind: str, *, entity: str, entity_id: int | None, payload: Mapping[str, Any], occurred_at: datetime | None = None) -> Event:
    """Records that something happened, in the caller's transaction."""
    return emit_events([(kind, entity, entity_id, payload)], occurred_at=occurred_at)[0]


def emit_events(rows: Iterable[tuple[str, str, int | None, Mapping[str, Any]]], *, occurred_at: datetime | None = None) -> list[Event]:
    """Records many events (kind, entity, entity id, payload) in one statement."""
    now = clock.now()
    events = Event.objects.bulk_create(
        Event(
            kind=kind,
            entity=entity,
            entity_id=entity_id,
            payload=dict(payload),
            actor=actor.current().label,
            correlation_id=actor.correlation_id(),
            occurred_at=occurred_at or now,
            recorded_at=now,
        )
        for kind, entity, entity_id, payload in rows
    )
    if events:
        ring_after_commit("outbox")
    return events


def record_events(kind: str, entity: str, rows: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
    """Records many events (entity id, payload) of one kind, as a bulk write."""
    if not rows:
        return
    now, label, correlation = clock.now(), actor.current().label, actor.correlation_id()
    insert_rows(
        Event,
        ("kind", "entity", "entity_id", "payload", "actor", "correlation_id", "occurred_at", "recorded_at"),
        [(kind, entity, pk, json.dumps(payload), label, correlation, now, now) for pk, payload in rows],
    )
    ring_after_commit("outbox")
