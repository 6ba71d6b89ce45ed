"""The cycle `escalation`: what is overdue goes one step further up, once a step, and alerts that nobody can act on any more end.

Every few minutes. Its queries read partial indexes that hold only what is due, so a run without anything to do costs next to nothing. What
an alert has been through is on its row, so a clock that jumps, a day of 23 or 25 hours or a second run repeats no step: the next one is
due so many hours after the last was taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from stockhub.access.models import User
from stockhub.alerts.incidents.grouping import ALL, group_alerts
from stockhub.alerts.life.clocks import settle_clocks
from stockhub.alerts.life.expiry import expire_unwatched
from stockhub.alerts.life.routing import route_unowned
from stockhub.alerts.models import Alert, AlertEvent, AlertStatus, EscalationStep
from stockhub.alerts.owners import fallback_owner
from stockhub.alerts.services import wake_snoozed
from stockhub.core import actor, clock
from stockhub.cycles.models import Cycle
from stockhub.cycles.registry import CycleDefinition, Work
from stockhub.outbox.services import emit_events
from stockhub.values import Label

NAME: Final = "escalation"
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: who hears of it, from which level on, and how long after the step before."""

    person: User
    min_level: int
    after: timedelta


def escalate(as_of: datetime) -> int:
    """Takes the next step with every alert that is overdue; returns how many were escalated."""
    ladder, escalated = ladder_now(), 0
    while True:
        with transaction.atomic():
            overdue = list(
                Alert.objects.select_for_update(of=("self",))
                .exclude(status__in=(AlertStatus.RESOLVED, AlertStatus.SNOOZED))
                .filter(escalation_due_at__lte=as_of)
                .order_by("escalation_due_at", "id")[:_BATCH]
            )
            if not overdue:
                return escalated
            escalated += _climb(overdue, ladder, as_of)


def ladder_now() -> list[Rung]:
    """The steps as they are set, those without a person who can sign in left out; without any, the fallback owner is the one."""
    rungs = []
    for step in EscalationStep.objects.select_related("user").order_by("position"):
        members = User.objects.filter(is_active=True, groups=step.role_id) if step.role_id else User.objects.none()
        person = step.user if step.user and step.user.is_active else members.order_by("id").first()
        if person is not None:
            rungs.append(Rung(person, step.min_level, timedelta(hours=step.after_hours)))
    if not rungs and (person := fallback_owner()) is not None:
        rungs.append(Rung(person, 1, timedelta(0)))
    return rungs


def _climb(overdue: Sequence[Alert], ladder: Sequence[Rung], as_of: datetime) -> int:
    climbed: list[tuple[Alert, User, str]] = []
    for alert in overdue:
        rungs, taken = [rung for rung in ladder if rung.min_level <= alert.level], alert.escalations or 0
        if taken < len(rungs):
            person, taken = rungs[taken].person, taken + 1
            alert.escalations, alert.escalated_to = taken, person
            climbed.append((alert, person, _overdue(alert, as_of)))
        following = rungs[taken].after if taken < len(rungs) else None
        _wait(alert, None if following is None else as_of + following, as_of)
        alert.version, alert.updated_at = alert.version + 1, clock.now()
    Alert.objects.bulk_update(overdue, ["escalations", "escalated_to", "escalation_due_at", "version", "updated_at"])
    _tell(climbed)
    return len(climbed)


def _wait(alert: Alert, until: datetime | None, as_of: datetime) -> None:
    """What it waits for next: its next step, or, at the ladder's end, the other clock with a ladder of its own."""
    if until is None and alert.acknowledged_at is None and alert.resolve_by_at is not None and alert.resolve_by_at > as_of:
        until, alert.escalations = alert.resolve_by_at, 0
    alert.escalation_due_at = until


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


def _run(cycle: Cycle) -> None:
    cycle.counts |= {
        "woken": wake_snoozed(cycle.as_of),
        "expired": expire_unwatched(),
        "routed": route_unowned(),
        "clocks_set": settle_clocks(),
        "escalated": escalate(cycle.as_of),
        "joined_incidents": group_alerts(cycle.as_of, most=ALL),
    }


def _no_skus(cycle: Cycle) -> Sequence[int]:  # noqa: ARG001 - it is about alerts, whatever their SKUs
    return ()


def _nothing(work: Work) -> None:
    """There are no chunks: all is done in `prepare`."""


ESCALATION = CycleDefinition(
    name=NAME, label=Label("Escalation", "升级提醒"), sku_ids=_no_skus, run_chunk=_nothing, prepare=_run, queue="fast", idle_is_normal=True
)
