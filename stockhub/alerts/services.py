"""What people do with alerts. Each step is recorded, so that time to acknowledge, to start and to resolve are facts (H69)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from stockhub.access.models import User
from stockhub.alerts.life.states import Action
from stockhub.alerts.life.steps import RowResult, Step, take, take_each
from stockhub.alerts.models import Alert, AlertEnding, AlertStatus, FalseAlarmCause
from stockhub.core import actor, clock
from stockhub.values import DomainError

#: Whoever wants an alert gone for longer wants it resolved.
LONGEST_SNOOZE = timedelta(days=366)

Visible = QuerySet[Alert] | None


def acknowledge(*, alert_ids: Sequence[int], visible: Visible = None, expected_version: int | None = None) -> list[Alert]:
    """Somebody has seen them. Acknowledging again changes nothing; a resolved alert is refused."""
    return take(acknowledging(), alert_ids, visible, expected_version)


def start(*, alert_ids: Sequence[int], visible: Visible = None, expected_version: int | None = None) -> list[Alert]:
    """Somebody is at work on them, which also says that he has seen them."""
    return take(starting(), alert_ids, visible, expected_version)


def assign(*, alert_ids: Sequence[int], owner: User, visible: Visible = None, expected_version: int | None = None) -> list[Alert]:
    """They are somebody's from now on (H70). Only who can sign in can have one."""
    return take(assigning(owner), alert_ids, visible, expected_version)


def snooze(
    *, alert_ids: Sequence[int], until_at: datetime, reason: str, visible: Visible = None, expected_version: int | None = None
) -> list[Alert]:
    """Leaves *Today* until a moment or until it gets worse. A reason is required: it is what the next person reads."""
    return take(snoozing(until_at, reason), alert_ids, visible, expected_version)


def resolve(*, alert_ids: Sequence[int], resolution: str, visible: Visible = None, expected_version: int | None = None) -> list[Alert]:
    """Somebody says that it is dealt with. If it is found again within a day, it stays closed unless it got worse."""
    return take(resolving(resolution), alert_ids, visible, expected_version)


def mark_false_alarm(
    *, alert_ids: Sequence[int], cause: str, note: str = "", visible: Visible = None, expected_version: int | None = None
) -> list[Alert]:
    """Somebody says that it was wrong, and why. It stays closed for a week unless it got worse."""
    return take(false_alarm(cause, note), alert_ids, visible, expected_version)


def take_rows(*, step: Step, rows: Sequence[tuple[int, int | None]], visible: Visible = None) -> list[RowResult]:
    """Takes a step with each alert (id, expected version) for itself: a refusal holds no other up. Repeating it changes nothing."""
    return take_each(step, rows, visible)


def wake_snoozed(at: datetime) -> int:
    """Reopens what was snoozed until now; returns how many."""
    due = list(Alert.objects.filter(status=AlertStatus.SNOOZED, snoozed_until_at__lte=at).values_list("id", flat=True))
    results = take_each(Step(Action.WAKE, change=_woken), [(pk, None) for pk in due], None)
    return sum(result.changed for result in results)


# --- steps, with what they need checked ----------------------------------------------------------------------------------------


def acknowledging() -> Step:
    return Step(Action.ACKNOWLEDGE, change=_acknowledged)


def starting() -> Step:
    def change(alert: Alert) -> None:
        _seen(alert)
        alert.status, alert.started_at, alert.started_by = AlertStatus.IN_PROGRESS, clock.now(), actor.current().label
        alert.snoozed_until_at = None

    return Step(Action.START, change=change)


def assigning(owner: User) -> Step:
    """DomainError `owner_inactive` for somebody who cannot sign in."""
    if not owner.is_active:
        raise DomainError("owner_inactive", _("Choose somebody who can sign in."), path=("owner",), params={"owner": owner.username})

    def change(alert: Alert) -> None:
        alert.owner = owner

    return Step(Action.ASSIGN, owner.username, change, is_done=lambda alert: alert.owner_id == owner.pk)


def snoozing(until_at: datetime, reason: str) -> Step:
    """DomainErrors `snooze_in_past`, `snooze_too_long`, `reason_required`."""
    if until_at <= clock.now():
        raise DomainError("snooze_in_past", _("Choose a time in the future to snooze until."), path=("untilAt",))
    if until_at > clock.now() + LONGEST_SNOOZE:
        raise DomainError("snooze_too_long", _("Snooze for a year at most; resolve what is settled."), path=("untilAt",))
    if not reason.strip():
        raise DomainError("reason_required", _("Say why the alert is snoozed."), path=("reason",))
    text = reason.strip()[:300]

    def change(alert: Alert) -> None:
        alert.status, alert.snoozed_until_at, alert.snooze_reason = AlertStatus.SNOOZED, until_at, text

    def is_done(alert: Alert) -> bool:
        return alert.status == AlertStatus.SNOOZED and (alert.snoozed_until_at, alert.snooze_reason) == (until_at, text)

    return Step(Action.SNOOZE, text, change, is_done)


def resolving(resolution: str) -> Step:
    """DomainError `resolution_required`."""
    if not resolution.strip():
        raise DomainError("resolution_required", _("Say how the alert was resolved."), path=("resolution",))
    text = resolution.strip()[:300]

    def change(alert: Alert) -> None:
        _ended(alert, AlertEnding.RESOLVED, text)

    return Step(Action.RESOLVE, text, change, _ended_as(AlertEnding.RESOLVED, text))


def false_alarm(cause: str, note: str = "") -> Step:
    """DomainError `unknown_cause` names the causes there are."""
    if cause not in FalseAlarmCause.values:
        none = _("A false alarm needs its cause. Use one of: %(names)s.")
        unknown = _("There is no cause %(cause)r. Use one of: %(names)s.")
        params = {"cause": cause, "names": ", ".join(FalseAlarmCause.names)}
        raise DomainError("unknown_cause", unknown if cause else none, path=("cause",), params=params)
    text = note.strip()[:300] or FalseAlarmCause(cause).value

    def change(alert: Alert) -> None:
        _ended(alert, AlertEnding.FALSE_ALARM, text)
        alert.false_alarm_cause = cause

    return Step(Action.FALSE_ALARM, text, change, _ended_as(AlertEnding.FALSE_ALARM, text))


def _seen(alert: Alert) -> None:
    """The first to see it stays on record. Its clock is the one to settle it from now on, with a ladder of its own."""
    if alert.acknowledged_at is None:
        alert.acknowledged_at, alert.acknowledged_by = clock.now(), actor.current().label
        alert.escalation_due_at, alert.escalations = alert.resolve_by_at, 0


def _acknowledged(alert: Alert) -> None:
    _seen(alert)
    alert.status, alert.snoozed_until_at = AlertStatus.ACKNOWLEDGED, None


def _woken(alert: Alert) -> None:
    alert.status, alert.snoozed_until_at = AlertStatus.OPEN, None


def _ended_as(ending: AlertEnding, resolution: str) -> Callable[[Alert], bool]:
    """Whether the same person has ended it in the same words: a call that was sent twice."""
    return lambda alert: (alert.ending, alert.resolution, alert.resolved_by) == (ending, resolution, actor.current().label)


def _ended(alert: Alert, ending: AlertEnding, resolution: str) -> None:
    alert.status, alert.ending, alert.resolution = AlertStatus.RESOLVED, ending, resolution
    alert.resolved_at, alert.resolved_by = clock.now(), actor.current().label
    alert.escalation_due_at = None
