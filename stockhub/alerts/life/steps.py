"""Takes steps with alerts: locked in the order of their ids, refused by the table of transitions, recorded and told in events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from stockhub.alerts.life.states import TRANSITIONS, Action, is_repeated, require
from stockhub.alerts.models import Alert, AlertEvent
from stockhub.core import actor, clock
from stockhub.outbox.services import emit_events
from stockhub.values import DomainError

#: Rows of one transaction: others wait for it on SQLite.
_BATCH: Final = 500
_WRITTEN: Final = (
    "status", "owner", "acknowledged_at", "acknowledged_by", "started_at", "started_by", "snoozed_until_at", "snooze_reason",
    "resolved_at", "resolved_by", "resolution", "ending", "false_alarm_cause", "escalation_due_at", "escalations", "version", "updated_at",
)  # fmt: skip


def _never(_alert: Alert) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Step:
    """One step that may be taken with many alerts. `is_done`: an alert on which it would change nothing."""

    action: Action
    note: str = ""
    change: Callable[[Alert], None] = lambda _alert: None
    is_done: Callable[[Alert], bool] = _never


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one of many: the alert as it is now, or why the step was refused. `changed`: not a repetition."""

    index: int
    alert: Alert | None
    changed: bool = False
    error: DomainError | None = None


def take(step: Step, alert_ids: Sequence[int], visible: QuerySet[Alert] | None, expected_version: int | None) -> list[Alert]:
    """Takes a step with all of the alerts or with none."""
    ids = sorted({int(i) for i in alert_ids})
    with transaction.atomic():
        alerts = _locked(ids, visible)
        if missing := sorted(set(ids) - set(alerts)):
            raise _not_found(missing)
        changed = [alert for alert in alerts.values() if _decide(step, alert, expected_version)]
        _write(step, changed)
    return list(alerts.values())


def take_each(step: Step, rows: Sequence[tuple[int, int | None]], visible: QuerySet[Alert] | None) -> list[RowResult]:
    """Takes a step with each row (alert id, expected version) on its own."""
    results: list[RowResult] = []
    for start in range(0, len(rows), _BATCH):
        results += _take_batch(step, list(enumerate(rows[start : start + _BATCH], start)), visible)
    return results


def _take_batch(step: Step, rows: list[tuple[int, tuple[int, int | None]]], visible: QuerySet[Alert] | None) -> list[RowResult]:
    results, changed = [], {}
    with transaction.atomic():
        alerts = _locked(sorted({pk for _index, (pk, _version) in rows}), visible)
        for index, (pk, version) in rows:
            try:
                if pk not in alerts:
                    raise _not_found([pk])
                # A row that names the same alert again repeats the step.
                is_new = pk not in changed and _decide(step, alerts[pk], version)
            except DomainError as error:
                results.append(RowResult(index, alerts.get(pk), error=error))
                continue
            if is_new:
                changed[pk] = alerts[pk]
            results.append(RowResult(index, alerts[pk], changed=is_new))
        _write(step, list(changed.values()))
    return results


def _locked(ids: Sequence[int], visible: QuerySet[Alert] | None) -> dict[int, Alert]:
    queryset = Alert.objects.all() if visible is None else visible
    seen = queryset.filter(id__in=ids).values("id")
    return {alert.pk: alert for alert in Alert.objects.select_for_update(of=("self",)).filter(id__in=seen).order_by("id")}


def _decide(step: Step, alert: Alert, expected_version: int | None) -> bool:
    """Changes the alert in memory; False where there is nothing to change. DomainErrors where the step is refused."""
    if is_repeated(step.action, alert) or step.is_done(alert):
        return False
    require(step.action, alert)
    if expected_version is not None and alert.version != expected_version:
        raise DomainError(
            "stale_version",
            _("Somebody changed the alert since you read it. Read it again."),
            path=("expectedVersion",),
            params={"version": alert.version},
        )
    step.change(alert)
    return True


def _write(step: Step, changed: Sequence[Alert]) -> None:
    if not changed:
        return
    now, what = clock.now(), TRANSITIONS[step.action].what
    for alert in changed:
        alert.version, alert.updated_at = alert.version + 1, now
    Alert.objects.bulk_update(changed, _WRITTEN)
    AlertEvent.objects.bulk_create(
        AlertEvent(alert=alert, what=what, level=alert.level, note=step.note[:300], actor=actor.current().label, occurred_at=now)
        for alert in changed
    )
    emit_events(
        (f"alerts.alert_{what}.v1", "alerts.alert", alert.pk, {"kind": alert.kind, "level": alert.level, "owner": alert.owner_id})
        for alert in changed
    )


def _not_found(ids: Sequence[int]) -> DomainError:
    return DomainError("alert_not_found", _("There is no such alert, or you may not see it."), path=("id",), params={"ids": list(ids)})
