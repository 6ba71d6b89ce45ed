"""Overdue incidents go one step further up, as alerts do (N14)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from stockhub.alerts.incidents.models import Incident, IncidentStatus
from stockhub.alerts.incidents.timeline import tell
from stockhub.alerts.life.ladder import Rung, climb
from stockhub.alerts.life.overdue_news import Overdue, tell_overdue
from stockhub.alerts.models import Alert, AlertStatus
from stockhub.core import clock


def escalate_incidents(ladder: Sequence[Rung], as_of: datetime) -> int:
    """Takes the next step with every incident that is overdue, and tells whom it was passed on to; returns how many.

    One whose open alerts are all snoozed waits with them. One whose alerts have all been seen, each by itself, has been seen.
    """
    live = Alert.objects.filter(incident=OuterRef("pk")).exclude(status__in=(AlertStatus.RESOLVED, AlertStatus.SNOOZED))
    with transaction.atomic():
        overdue = list(
            Incident.objects.select_for_update(of=("self",))
            .exclude(status=IncidentStatus.RESOLVED)
            .filter(Exists(live), escalation_due_at__lte=as_of)
            .order_by("escalation_due_at", "id")
        )
        unseen = set(live_unseen(overdue)) if overdue else set()
        told = [news for incident in overdue if (news := _step(incident, ladder, as_of, is_seen=incident.pk not in unseen)) is not None]
        tell_overdue(told)
    return len(told)


def live_unseen(incidents: Sequence[Incident]) -> list[int]:
    """Ids of those with an open alert that nobody has seen."""
    unseen = Alert.objects.filter(incident__in=incidents, acknowledged_at=None).exclude(status=AlertStatus.RESOLVED)
    return list(unseen.order_by("incident_id").values_list("incident_id", flat=True).distinct())


def _step(incident: Incident, ladder: Sequence[Rung], as_of: datetime, *, is_seen: bool) -> Overdue | None:
    waits_for_settling = incident.resolve_by_at is not None and incident.resolve_by_at > as_of
    if is_seen and incident.acknowledged_at is None and waits_for_settling:
        incident.escalation_due_at, incident.escalations = incident.resolve_by_at, 0
        incident.save(update_fields=["escalation_due_at", "escalations"])
        return None
    person = climb(incident, ladder, as_of)
    incident.version, incident.updated_at = incident.version + 1, clock.now()
    incident.save(update_fields=["escalations", "escalated_to", "escalation_due_at", "version", "updated_at"])
    if person is None:
        return None
    tell(incident, "escalated", incident.open_count, person.username, to=person.pk, owner=incident.owner_id)
    return Overdue(person, incident=incident)
