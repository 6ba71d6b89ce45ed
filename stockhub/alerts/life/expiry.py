"""Ends alerts that no cycle looks at any more, each with its reason (ADR 0022).

Four things make an alert expire. Its SKU is gone: deleted (also after another took its listings), a bundle, or out of the pool (`gone`).
It is not bought again, because its life or season is over (`not_replenished`). Its day is past for a month and its row can no longer be
judged (`past_due`). Its rule was switched off or removed (`rule_off`). The second and third, and a row that left the pool, a full cycle
finds in its arrays; the others are found here. An alert that is found again never expires, however late it is: it would come back the next
minute.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stockhub.alerts import system_kinds
from stockhub.alerts.evaluation import enabled_rules
from stockhub.alerts.life.states import Action
from stockhub.alerts.life.steps import Step, take_each
from stockhub.alerts.models import Alert, AlertEnding, AlertStatus
from stockhub.core import clock

RULE_OFF: Final = "rule_off"


def expire_unwatched() -> int:
    """Ends the open alerts of rules that do not run; returns how many."""
    unwatched = [kind for kind in _open_kinds() if kind not in {*enabled_rules(), *system_kinds.LABELS}]
    if not unwatched:
        return 0
    ids = Alert.objects.exclude(status=AlertStatus.RESOLVED).filter(kind__in=unwatched).order_by("id").values_list("id", flat=True)
    return sum(result.changed for result in take_each(Step(Action.EXPIRE, RULE_OFF, _rule_off), [(pk, None) for pk in ids], None))


def _open_kinds() -> Iterator[str]:
    """The kinds that are open, each found by one look into the index, however many alerts it has."""
    kind: str | None = ""
    while kind is not None:
        following = Alert.objects.exclude(status=AlertStatus.RESOLVED).filter(kind__gt=kind).order_by("kind")
        kind = following.values_list("kind", flat=True).first()
        if kind is not None:
            yield kind


def _rule_off(alert: Alert) -> None:
    alert.status, alert.ending, alert.resolution = AlertStatus.RESOLVED, AlertEnding.EXPIRED, RULE_OFF
    alert.resolved_at, alert.escalation_due_at = clock.now(), None
