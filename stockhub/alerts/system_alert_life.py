"""How an alert of the system opens, changes and ends: each kind and subject has one that is open at most."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from stockhub.alerts.models import Alert, AlertEnding, AlertEvent, AlertStatus
from stockhub.alerts.owners import NOBODY, fallback_owner, is_buyers, owner_of_account
from stockhub.alerts.quiet_periods import dismissed, quiet_since
from stockhub.core import actor, clock
from stockhub.cycles.models import Cycle
from stockhub.outbox.services import emit_event


def keep_open(*, kind: str, subject: str, side: str, level: int, message: str, cycle: Cycle, **columns: Any) -> None:  # noqa: ANN401
    """Sees to the one open alert of this kind and subject: opened, raised, lowered or told anew, as far as it differs.

    `columns`: what else it keeps of what was found. What a person has dealt with opens none again for a while, unless it is worse (U2).
    """
    showing = Alert.objects.exclude(status=AlertStatus.RESOLVED)
    if not showing.filter(kind=kind, subject=subject).exists() and _is_quiet(kind, subject, level, cycle.as_of):
        return
    alert, opened = showing.get_or_create(
        kind=kind,
        subject=subject,
        defaults={
            "side": side, "level": level, "message": message, "opened_cycle": cycle, "changed_cycle": cycle,
            "opened_at": cycle.as_of, "level_since_at": cycle.as_of, "evaluated_at": cycle.as_of,
            "money_reason": "NOT_VALUED", "owner_id": _owner(kind, subject, side), **columns,
        },
    )  # fmt: skip
    if opened:
        _step(alert, "opened")
        emit_event("alerts.alert_opened.v1", entity="alerts.alert", entity_id=alert.pk, payload={"kind": kind, "level": level})
        return
    if alert.level != level:
        _change_level(alert, level, message, cycle)
    elif alert.message != message:
        alert.message, alert.version = message, alert.version + 1
        alert.updated_at = alert.evaluated_at = clock.now()
        alert.save(update_fields=["message", "version", "updated_at", "evaluated_at"])
    Alert.objects.filter(pk=alert.pk).update(**columns)


def _is_quiet(kind: str, subject: str, level: int, as_of: datetime) -> bool:
    its = Alert.objects.filter(kind=kind, subject=subject, level__gte=level)
    return dismissed(its, *quiet_since(as_of)).exists()


def _change_level(alert: Alert, level: int, message: str, cycle: Cycle) -> None:
    """As with the alerts of rules: its clocks run from the level's change, one that got worse wakes and is told to whoever is concerned.

    An alert that somebody has touched since it was read is left to the next run.
    """
    what = "raised" if level > alert.level else "lowered"
    changed: dict[str, Any] = {
        "level": level, "level_since_at": cycle.as_of, "message": message, "changed_cycle": cycle, "evaluated_at": cycle.as_of,
        "version": alert.version + 1, "updated_at": clock.now(),
    }  # fmt: skip
    if what == "raised" and alert.status == AlertStatus.SNOOZED:
        changed |= {"status": AlertStatus.OPEN, "snoozed_until_at": None}
    if not Alert.objects.filter(pk=alert.pk, version=alert.version).update(**changed):
        return
    alert.level = level
    _step(alert, what)
    payload = {"kind": alert.kind, "level": level}
    emit_event(f"alerts.alert_{what}.v1", entity="alerts.alert", entity_id=alert.pk, payload=payload)


def _owner(kind: str, subject: str, side: str) -> int | None:
    """Who answers for the account that it is about, or for everything; else the fallback."""
    account = int(subject.removeprefix("account:")) if subject.startswith("account:") else None
    if (owner := owner_of_account(account, buyers=is_buyers(kind, side))) != NOBODY:
        return owner
    person = fallback_owner()
    return person.pk if person else None


def clear(alert: Alert, *, resolution: str = "cleared") -> None:
    """Ends it: resolved where what it tells of is over, expired for any other reason."""
    ending = AlertEnding.RESOLVED if resolution == "cleared" else AlertEnding.EXPIRED
    alert.status, alert.ending, alert.resolution, alert.version = AlertStatus.RESOLVED, ending, resolution, alert.version + 1
    alert.resolved_at = alert.updated_at = clock.now()
    alert.save(update_fields=["status", "ending", "resolved_at", "resolution", "version", "updated_at"])
    _step(alert, ending.value)
    payload = {"kind": alert.kind, "level": alert.level}
    emit_event(f"alerts.alert_{ending.value}.v1", entity="alerts.alert", entity_id=alert.pk, payload=payload)


def _step(alert: Alert, what: str) -> None:
    AlertEvent.objects.create(alert=alert, what=what, level=alert.level, actor=actor.current().label)
