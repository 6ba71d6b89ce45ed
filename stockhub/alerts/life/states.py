"""The states of an alert and which step leads from where to where: the one place that says so (ADR 0022)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from stockhub.alerts.models import Alert, AlertEnding, AlertStatus
from stockhub.values import DomainError


class AlertState(models.TextChoices):
    """An alert's status, and for an ended one how it ended."""

    OPEN = "open", pgettext_lazy("something to be dealt with", "Open")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    IN_PROGRESS = "in_progress", _("In progress")
    SNOOZED = "snoozed", _("Snoozed")
    RESOLVED = "resolved", _("Resolved")
    EXPIRED = "expired", _("Expired")
    FALSE_ALARM = "false_alarm", _("False alarm")


class Action(StrEnum):
    """A step, as a person or the system takes it."""

    ACKNOWLEDGE = "acknowledge"
    START = "start"
    ASSIGN = "assign"
    SNOOZE = "snooze"
    WAKE = "wake"
    RESOLVE = "resolve"
    FALSE_ALARM = "false_alarm"
    EXPIRE = "expire"


class Transition(NamedTuple):
    """From which states a step may be taken, where it leads (None: nowhere else), and what history calls it."""

    sources: frozenset[AlertState]
    target: AlertState | None
    what: str


_SEEN: Final = frozenset({AlertState.ACKNOWLEDGED, AlertState.IN_PROGRESS})
#: States of an alert that somebody may still have to act on.
LIVE: Final = _SEEN | {AlertState.OPEN, AlertState.SNOOZED}
ENDED: Final = frozenset(AlertState) - LIVE

TRANSITIONS: Final[Mapping[Action, Transition]] = MappingProxyType(
    {
        # Whoever is at work on it has seen it: the step back would lose that.
        Action.ACKNOWLEDGE: Transition(frozenset({AlertState.OPEN, AlertState.SNOOZED}), AlertState.ACKNOWLEDGED, "acknowledged"),
        Action.START: Transition(LIVE - {AlertState.IN_PROGRESS}, AlertState.IN_PROGRESS, "started"),
        Action.ASSIGN: Transition(LIVE, None, "assigned"),
        Action.SNOOZE: Transition(LIVE, AlertState.SNOOZED, "snoozed"),
        Action.WAKE: Transition(frozenset({AlertState.SNOOZED}), AlertState.OPEN, "woken"),
        Action.RESOLVE: Transition(LIVE, AlertState.RESOLVED, "resolved"),
        Action.FALSE_ALARM: Transition(LIVE, AlertState.FALSE_ALARM, "false_alarm"),
        Action.EXPIRE: Transition(LIVE, AlertState.EXPIRED, "expired"),
    }
)
#: Why alerts end by themselves, by the code in `resolution`.
ENDINGS: Final = {
    "acknowledged": gettext_noop("Somebody has seen it, and there is nothing more to it."),
    "cleared": gettext_noop("What was wrong is gone."),
    "gone": gettext_noop("The SKU is gone: it was deleted or merged, became a bundle, or left the pool."),
    "not_replenished": gettext_noop("The SKU is not bought again: its life or its season is over."),
    "over": gettext_noop("Its event is over."),
    "past_due": gettext_noop("Its day is long past, and whether it still holds can no longer be told."),
    "rule_off": gettext_noop("Its rule was switched off or is no longer installed."),
}


def state_of(alert: Alert) -> AlertState:
    """The state of an alert; one that ended before endings were told was resolved."""
    return state_of_values(alert.status, alert.ending)


def state_of_values(status: str, ending: str | None) -> AlertState:
    """The same of its two columns."""
    return AlertState(ending or AlertEnding.RESOLVED) if status == AlertStatus.RESOLVED else AlertState(status)


def condition_of(states: list[AlertState]) -> models.Q:
    """The condition on alerts to be in one of these states."""
    condition = models.Q(status__in=[state.value for state in states if state in LIVE])
    endings = [state.value for state in states if state in ENDED]
    ended = models.Q(status=AlertStatus.RESOLVED, ending__in=endings)
    if AlertState.RESOLVED in states:
        ended |= models.Q(status=AlertStatus.RESOLVED, ending__isnull=True)
    return condition | ended


def require(action: Action, alert: Alert) -> None:
    """Refuses a step that leads nowhere from the alert's state.

    DomainError `alert_resolved` for an alert that has ended, `alert_transition_refused` for any other.
    """
    state = state_of(alert)
    if state in TRANSITIONS[action].sources:
        return
    if state in ENDED:
        raise DomainError(
            "alert_resolved", _("The alert is resolved already."), path=("id",), params={"id": alert.pk, "state": state.value}
        )
    raise DomainError(
        "alert_transition_refused",
        _("The alert is in another state by now, from which this step does not lead on. Read it again."),
        path=("id",),
        params={"id": alert.pk, "state": state.value, "action": action.value},
    )


def is_repeated(action: Action, alert: Alert) -> bool:
    """Whether the step was taken before, so that taking it again changes nothing. A snooze is a new one each time."""
    target = TRANSITIONS[action].target
    return action is not Action.SNOOZE and target is not None and state_of(alert) == target and target in _SEEN
