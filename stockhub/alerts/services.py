"""What people do with alerts. Each step is recorded, so that time to acknowledge and to resolve are facts (H69)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from stockhub.alerts.models import Alert, AlertEvent, AlertStatus
from stockhub.core import actor, clock
from stockhub.outbox.services import emit_events
from stockhub.values import DomainError

#: Whoever wants an alert gone for longer wants it resolved.
LONGEST_SNOOZE = timedelta(days=366)


def acknowledge(*, alert_ids: Sequence[int], visible: QuerySet[Alert] | None = None, expected_version: int | None = None) -> list[Alert]:
    """Somebody has seen them. Acknowledging again changes nothing; a resolved alert is refused."""

    def step(alert: Alert) -> bool:
        if alert.status == AlertStatus.ACKNOWLEDGED:
            return False
        alert.status, alert.acknowledged_at, alert.acknowledged_by = AlertStatus.ACKNOWLEDGED, clock.now(), actor.current().label
        alert.snoozed_until_at = None
        return True

    return _each(alert_ids, visible, expected_version, "acknowledged", "", step)


def snooze(
    *,
    alert_ids: Sequence[int],
    until_at: datetime,
    reason: str,
    visible: QuerySet[Alert] | None = None,
    expected_version: int | None = None,
) -> list[Alert]:
    """Leaves *Today* until a moment or until it gets worse. A reason is required: it is what the next person reads."""
    if until_at <= clock.now():
        raise DomainError("snooze_in_past", "Choose a time in the future to snooze until.", path=("untilAt",))
    if until_at > clock.now() + LONGEST_SNOOZE:
        raise DomainError("snooze_too_long", "Snooze for a year at most; resolve what is settled.", path=("untilAt",))
    if not reason.strip():
        raise DomainError("reason_required", "Say why the alert is snoozed.", path=("reason",))

    def step(alert: Alert) -> bool:
        alert.status, alert.snoozed_until_at, alert.snooze_reason = AlertStatus.SNOOZED, until_at, reason.strip()[:300]
        return True

    return _each(alert_ids, visible, expected_version, "snoozed", reason, step)


def resolve(
    *, alert_ids: Sequence[int], resolution: str, visible: QuerySet[Alert] | None = None, expected_version: int | None = None
) -> list[Alert]:
    """Somebody says that it is dealt with. If it is found again within a day, it stays closed unless it got worse."""
    if not resolution.strip():
        raise DomainError("resolution_required", "Say how the alert was resolved.", path=("resolution",))

    def step(alert: Alert) -> bool:
        alert.status, alert.resolved_at, alert.resolved_by = AlertStatus.RESOLVED, clock.now(), actor.current().label
        alert.resolution = resolution.strip()[:300]
        return True

    return _each(alert_ids, visible, expected_version, "resolved", resolution, step)


def wake_snoozed(at: datetime) -> int:
    """Reopens what was snoozed until now; returns how many."""
    due = list(Alert.objects.filter(status=AlertStatus.SNOOZED, snoozed_until_at__lte=at).values_list("id", flat=True))

    def step(alert: Alert) -> bool:
        if alert.status != AlertStatus.SNOOZED:
            return False
        alert.status, alert.snoozed_until_at = AlertStatus.OPEN, None
        return True

    return len(_each(due, None, None, "woken", "", step)) if due else 0


def _each(
    alert_ids: Sequence[int],
    visible: QuerySet[Alert] | None,
    expected_version: int | None,
    what: str,
    note: str,
    step: Callable[[Alert], bool],
) -> list[Alert]:
    """Takes one step with all of the alerts or with none."""
    ids = sorted({int(i) for i in alert_ids})
    queryset = Alert.objects.all() if visible is None else visible
    with transaction.atomic():
        alerts = list(Alert.objects.select_for_update(of=("self",)).filter(id__in=queryset.filter(id__in=ids).values("id")).order_by("id"))
        if missing := sorted(set(ids) - {a.pk for a in alerts}):
            raise DomainError("alert_not_found", "There is no such alert, or you may not see it.", path=("id",), params={"ids": missing})
        for alert in alerts:
            _check(alert, expected_version)
        changed = [a for a in alerts if step(a)]
        now = clock.now()
        for alert in changed:
            alert.version, alert.updated_at = alert.version + 1, now
        Alert.objects.bulk_update(
            changed,
            [
                "status", "acknowledged_at", "acknowledged_by", "snoozed_until_at", "snooze_reason", "resolved_at", "resolved_by",
                "resolution", "version", "updated_at",
            ],
        )  # fmt: skip
        AlertEvent.objects.bulk_create(
            AlertEvent(alert=a, what=what, level=a.level, note=note[:300], actor=actor.current().label, occurred_at=now) for a in changed
        )
        emit_events((f"alerts.alert_{what}.v1", "alerts.alert", a.pk, {"kind": a.kind, "level": a.level}) for a in changed)
    return alerts


def _check(alert: Alert, expected_version: int | None) -> None:
    if alert.status == AlertStatus.RESOLVED:
        raise DomainError("alert_resolved", "The alert is resolved already.", path=("id",), params={"id": alert.pk})
    if expected_version is not None and alert.version != expected_version:
        raise DomainError(
            "stale_version",
            "Somebody changed the alert since you read it. Read it again.",
            path=("expectedVersion",),
            params={"version": alert.version},
        )
