"""What alerts of level 2 and 3 ask for, by what is wrong. Recorded when they get there, ticked off by people; nothing acts by itself.

Freezing branches by side: outbound that can wait where stock runs short, purchasing where there is too much of it (E5) — to stop outbound
there would stop the cure.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from stockhub.alerts.models import Alert, ResponseStep, Side
from stockhub.core import actor, clock
from stockhub.outbox.services import emit_event
from stockhub.values import DomainError

#: From which level on, and the step, by side.
STEPS: Final[dict[str, tuple[tuple[int, str], ...]]] = {
    Side.SHORTAGE: ((2, "plan-transfer"), (3, "freeze-outbound"), (3, "tell-management")),
    Side.EXCESS: ((2, "plan-promotion"), (3, "freeze-purchasing"), (3, "tell-management")),
}
TEXTS: Final[dict[str, str]] = {
    "plan-transfer": gettext_noop("Plan a transfer or a faster arrival, and check that it is feasible: spare stock there, days, cost."),
    "plan-promotion": gettext_noop("Plan a promotion, and check that it is feasible: price floor, days until it must work, stock."),
    "freeze-outbound": gettext_noop("Hold outbound that can wait: samples, transfers, orders of low priority."),
    "freeze-purchasing": gettext_noop("Hold purchase orders and shipments of this SKU that can still be held."),
    "tell-management": gettext_noop("Tell management today what is at stake and what is being done."),
}
_BATCH: Final = 2000


def record_steps_to_take(found: Iterable[tuple[int, int, str]]) -> None:
    """Records what alerts (id, level, side) ask for. What is recorded already stays, done or not."""
    now = clock.now()
    rows = [
        ResponseStep(alert_id=pk, step=step, level=from_level, recorded_at=now)
        for pk, level, side in found
        for from_level, step in STEPS.get(side, ())
        if level >= from_level
    ]
    if rows:
        ResponseStep.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)


def text_of(step: str) -> str:
    """The step in the active language; its slug where a later release recorded it."""
    return gettext(TEXTS[step]) if step in TEXTS else step


def complete_step(*, step_id: int, visible: QuerySet[Alert], note: str = "") -> ResponseStep:
    """Somebody has done it. Doing it again changes nothing. DomainError `not_found`, `note_too_long`."""
    if len(note.strip()) > 300:
        raise DomainError("note_too_long", _("A note has 300 characters at most."), path=("note",))
    with transaction.atomic():
        found = ResponseStep.objects.select_for_update(of=("self",)).filter(pk=step_id, alert__in=visible.values("pk")).first()
        if found is None:
            raise DomainError("not_found", _("There is no such step, or you may not see its alert."), path=("id",))
        if found.done_at is not None:
            return found
        found.done_at, found.done_by, found.note = clock.now(), actor.current().label, note.strip()
        found.save(update_fields=["done_at", "done_by", "note"])
        payload = {"step": found.step, "level": found.level}
        emit_event("alerts.step_completed.v1", entity="alerts.alert", entity_id=found.alert_id, payload=payload)
    return found
