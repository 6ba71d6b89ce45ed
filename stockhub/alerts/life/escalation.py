"""The cycle `escalation`: what is overdue goes one step further up, once a step, and alerts that nobody can act on any more end.

Every few minutes. Its queries read partial indexes that hold only what is due, so a run without anything to do costs next to nothing. What
an alert has been through is on its row, so a clock that jumps, a day of 23 or 25 hours or a second run repeats no step: the next one is
due so many hours after the last was taken.

What is in an open incident goes up with it, and not once more by itself (N14).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from stockhub.access.models import User
from stockhub.alerts.incidents.clocks import settle_incident_clocks
from stockhub.alerts.incidents.escalating import escalate_incidents
from stockhub.alerts.incidents.grouping import ALL, group_alerts
from stockhub.alerts.incidents.models import IncidentStatus
from stockhub.alerts.life.clocks import settle_clocks
from stockhub.alerts.life.expiry import expire_unwatched
from stockhub.alerts.life.ladder import Rung, climb, ladder_now
from stockhub.alerts.life.overdue_news import Overdue, tell_overdue
from stockhub.alerts.life.routing import route_unowned
from stockhub.alerts.models import Alert, AlertEvent, AlertStatus
from stockhub.alerts.services import wake_snoozed
from stockhub.core import actor, clock
from stockhub.cycles.models import Cycle
from stockhub.cycles.registry import CycleDefinition, Work
from stockhub.outbox.services import emit_events
from stockhub.values import Label

NAME: Final = "escalation"
_BATCH: Final = 500


#: Alerts that an open incident with clocks answers for.
_OF_INCIDENTS: Final = Q(incident__status__in=(IncidentStatus.OPEN, IncidentStatus.ACKNOWLEDGED), incident__resolve_by_at__isnull=False)


def escalate(as_of: datetime, ladder: Sequence[Rung]) -> int:
    """Takes the next step with every alert that is overdue, but for those of incidents; returns how many were escalated."""
    escalated = 0
    while True:
        with transaction.atomic():
            overdue = list(
                Alert.objects.select_for_update(of=("self",))
                .exclude(status__in=(AlertStatus.RESOLVED, AlertStatus.SNOOZED))
                .filter(~_OF_INCIDENTS, escalation_due_at__lte=as_of)
                .order_by("escalation_due_at", "id")[:_BATCH]
            )
            if not overdue:
                return escalated
            escalated += _climb(overdue, ladder, as_of)


def _climb(overdue: Sequence[Alert], ladder: Sequence[Rung], as_of: datetime) -> int:
    climbed: list[tuple[Alert, User, str]] = []
    for alert in overdue:
        if (person := climb(alert, ladder, as_of)) is not None:
            climbed.append((alert, person, _overdue(alert, as_of)))
        alert.version, alert.updated_at = alert.version + 1, clock.now()
    Alert.objects.bulk_update(overdue, ["escalations", "escalated_to", "escalation_due_at", "version", "updated_at"])
    _tell(climbed)
    return len(climbed)


def _overdue(alert: Alert, as_of: datetime) -> str:
    is_unsettled = alert.resolve_by_at is not None and alert.resolve_by_at <= as_of
    return "resolve" if is_unsettled else "acknowledge"


def _tell(climbed: Sequence[tuple[Alert, User, str]]) -> None:
    now, label = clock.now(), actor.current().label
    AlertEvent.objects.bulk_create(
        AlertEvent(alert=alert, what="escalated", level=alert.level, note=person.username, actor=label, occurred_at=now)
        for alert, person, _overdue in climbed
    )
    emit_events(
        (
            "alerts.alert_escalated.v1",
            "alerts.alert",
            alert.pk,
            {"kind": alert.kind, "level": alert.level, "to": person.pk, "owner": alert.owner_id, "overdue": overdue},
        )
        for alert, person, overdue in climbed
    )
    tell_overdue([Overdue(person, alert=alert) for alert, person, _overdue in climbed])


def _run(cycle: Cycle) -> None:
    ladder = ladder_now()
    cycle.counts |= {
        "woken": wake_snoozed(cycle.as_of),
        "expired": expire_unwatched(),
        "routed": route_unowned(),
        "clocks_set": settle_clocks(),
        "incident_clocks_set": settle_incident_clocks(),
        "escalated_incidents": escalate_incidents(ladder, cycle.as_of),
        "escalated": escalate(cycle.as_of, ladder),
        "joined_incidents": group_alerts(cycle.as_of, most=ALL),
    }


def _no_skus(cycle: Cycle) -> Sequence[int]:  # noqa: ARG001 - it is about alerts, whatever their SKUs
    return ()


def _nothing(work: Work) -> None:
    """There are no chunks: all is done in `prepare`."""


ESCALATION = CycleDefinition(
    name=NAME, label=Label("Escalation", "升级提醒"), sku_ids=_no_skus, run_chunk=_nothing, prepare=_run, queue="fast", idle_is_normal=True
)
