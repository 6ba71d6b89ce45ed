"""By when an incident is to be seen and settled: its own hours since it was found or got worse, and no later than any of its alerts (N14).

While it is open its alerts are escalated with it and not each by itself: forty alerts of one late supplier are one thing that is overdue.
So it has to be at least as strict as the strictest of them. Where all of its alerts came with a new account, it has none: nobody was told
of any of them, and those that are grave go up by their own clocks.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Final, NamedTuple

from django.db import transaction
from django.db.models import Min, Q

from stockhub.alerts.incidents.models import Incident, IncidentStatus
from stockhub.alerts.life.clocks import due_times, hours_of
from stockhub.alerts.models import Alert, AlertStatus

#: What service levels call incidents where an alert's rule would stand.
INCIDENT: Final = "incident"
_CLOCKS: Final = ("acknowledge_by_at", "resolve_by_at", "escalation_due_at", "escalations", "clock_level")


class _Earliest(NamedTuple):
    """The first of its open alerts to be seen, of those that nobody has seen, and the first to be settled."""

    see: datetime | None
    settle: datetime | None


def settle_incident_clocks() -> int:
    """Sets the clocks of incidents that are new, changed their level or were joined by a stricter alert; returns how many."""
    settled = 0
    with transaction.atomic():
        its = list(Incident.objects.select_for_update(of=("self",)).exclude(status=IncidentStatus.RESOLVED).order_by("id"))
        earliest = _earliest([incident.pk for incident in its]) if its else {}
        hours = cache(lambda level: hours_of(INCIDENT, level))
        for incident in its:
            its_alerts = earliest.get(incident.pk, _Earliest(None, None))
            if its_alerts.settle is None:
                continue
            see, settle = due_times(hours(incident.level), incident.level_since_at or incident.opened_at)
            if _is_set(incident, min(see, its_alerts.see or see), min(settle, its_alerts.settle)):
                incident.save(update_fields=_CLOCKS)
                settled += 1
    return settled


def _earliest(ids: Collection[int]) -> dict[int, _Earliest]:
    found = Alert.objects.filter(incident__in=ids).exclude(status=AlertStatus.RESOLVED).order_by("incident_id").values("incident_id")
    # What came with a new account and has not got worse has no time to be seen by.
    told = Q(acknowledge_by_at__isnull=False)
    times = found.annotate(see=Min("acknowledge_by_at", filter=Q(acknowledged_at=None)), settle=Min("resolve_by_at", filter=told))
    return {row["incident_id"]: _Earliest(row["see"], row["settle"]) for row in times}


def _is_set(incident: Incident, see: datetime, settle: datetime) -> bool:
    """Whether the clocks had to be set; a raised incident is due when it was before, if that is earlier, as a raised alert is."""
    stored_see, stored_settle = incident.acknowledge_by_at, incident.resolve_by_at
    if incident.clock_level == incident.level and stored_see is not None and stored_settle is not None:
        if see >= stored_see and settle >= stored_settle:
            return False
        incident.acknowledge_by_at, incident.resolve_by_at = min(see, stored_see), min(settle, stored_settle)
        if incident.escalation_due_at is not None:
            incident.escalation_due_at = min(incident.escalation_due_at, next_due(incident))
        return True
    if incident.clock_level is not None and incident.clock_level < incident.level and stored_see and stored_settle:
        see, settle = min(see, stored_see), min(settle, stored_settle)
    incident.acknowledge_by_at, incident.resolve_by_at = see, settle
    incident.clock_level, incident.escalations, incident.escalation_due_at = incident.level, 0, next_due(incident)
    return True


def next_due(incident: Incident) -> datetime:
    """The clock that it runs against: both until somebody has seen it, then the one to settle it. It has clocks."""
    see, settle = incident.acknowledge_by_at, incident.resolve_by_at
    if see is None or settle is None:
        raise ValueError(f"Incident {incident.pk} has no clocks.")
    return settle if incident.acknowledged_at is not None else min(see, settle)


def without_clocks(incident: Incident) -> None:
    """Of one that opens again: its next clocks start anew. Not saved."""
    incident.acknowledge_by_at = incident.resolve_by_at = incident.escalation_due_at = None
    incident.clock_level, incident.escalations, incident.escalated_to = None, 0, None
