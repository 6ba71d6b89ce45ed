"""The ladder of escalation: who hears of what is overdue, and how an alert or an incident climbs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from stockhub.access.models import User
from stockhub.alerts.models import Alert, EscalationStep, Incident
from stockhub.alerts.owners import fallback_owner


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: who hears of it, from which level on, and how long after the step before."""

    person: User
    min_level: int
    after: timedelta


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


def climb(overdue: Alert | Incident, ladder: Sequence[Rung], as_of: datetime) -> User | None:
    """Takes the next step with it in memory; returns who hears of it now, None where nobody is left to. Sets what it waits for next."""
    rungs, taken = [rung for rung in ladder if rung.min_level <= overdue.level], overdue.escalations or 0
    person = None
    if taken < len(rungs):
        person, taken = rungs[taken].person, taken + 1
        overdue.escalations, overdue.escalated_to = taken, person
    following = rungs[taken].after if taken < len(rungs) else None
    _wait(overdue, None if following is None else as_of + following, as_of)
    return person


def _wait(overdue: Alert | Incident, until: datetime | None, as_of: datetime) -> None:
    """What it waits for next: its next step, or, at the ladder's end, the other clock with a ladder of its own."""
    if until is None and overdue.acknowledged_at is None and overdue.resolve_by_at is not None and overdue.resolve_by_at > as_of:
        until, overdue.escalations = overdue.resolve_by_at, 0
    overdue.escalation_due_at = until
