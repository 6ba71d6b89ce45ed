"""How an alert of the system opens, changes and ends: each kind and subject has one that is open at most."""

from __future__ import annotations

from typing import Any

from stockhub.alerts.models import Alert, AlertEnding, AlertEvent, AlertStatus
from stockhub.alerts.owners import NOBODY, fallback_owner, is_buyers, owner_of_account
from stockhub.core import actor, clock
from stockhub.cycles.models import Cycle
from stockhub.outbox.services import emit_event


def keep_open(*, kind: str, subject: str, side: str, level: int, message: str, cycle: Cycle) -> Alert:
    """The one open alert of this kind and subject: opened, raised, lowered or told anew, as far as it differs."""
    alert, opened = Alert.objects.exclude(status=AlertStatus.RESOLVED).get_or_create(
        kind=kind,
        subject=subject,
        defaults={
            "side": side, "level": level, "message": message, "opened_cycle": cycle, "changed_cycle": cycle,
            "opened_at": cycle.as_of, "level_since_at": cycle.as_of, "evaluated_at": cycle.as_of,
            "money_reason": "NOT_VALUED", "owner_id": _owner(kind, subject, side),
        },
    )  # fmt: skip
    if opened:
        _step(alert, "opened")
        emit_event("alerts.alert_opened.v1", entity="alerts.alert", entity_id=alert.pk, payload={"kind": kind, "level": level})
    elif alert.level != level:
        _change_level(alert, level, message, cycle)
    elif alert.message != message:
        alert.message, alert.version = message, alert.version + 1
        alert.updated_at = alert.evaluated_at = clock.now()
        alert.save(update_fields=["message", "version", "updated_at", "evaluated_at"])
    return alert


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
