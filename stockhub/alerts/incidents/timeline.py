"""The timeline of an incident: each line is also an event for others."""

from __future__ import annotations

from stockhub.alerts.incidents.models import Incident, IncidentEvent
from stockhub.core import actor, clock
from stockhub.outbox.services import emit_event


def tell(incident: Incident, what: str, count: int = 0, note: str = "", **more: object) -> None:
    """A line in its timeline, and an event, which tells `more`."""
    label, now = actor.current().label, clock.now()
    IncidentEvent.objects.create(incident=incident, what=what, count=count, note=note[:300], actor=label, occurred_at=now)
    payload = {"cause": incident.cause, "key": incident.key, "alerts": count, **more}
    emit_event(f"alerts.incident_{what}.v1", entity="alerts.incident", entity_id=incident.pk, payload=payload)
