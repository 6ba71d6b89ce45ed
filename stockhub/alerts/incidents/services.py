"""What people do with an incident, which they do with all its alerts at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from stockhub.alerts.incidents.models import Incident, IncidentStatus
from stockhub.alerts.incidents.timeline import tell
from stockhub.alerts.incidents.totals import refresh
from stockhub.alerts.life.states import TRANSITIONS, Action
from stockhub.alerts.life.steps import RowResult, Step, take_each
from stockhub.alerts.models import Alert, AlertStatus
from stockhub.core import actor, clock
from stockhub.values import DomainError

_WRITTEN: Final = (
    "status", "owner", "acknowledged_at", "acknowledged_by", "escalation_due_at", "escalations", "version", "updated_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """The incident as it is now, and what became of each of its alerts."""

    incident: Incident
    rows: list[RowResult]

    @property
    def changed(self) -> int:
        return sum(row.changed for row in self.rows)


def take(
    *,
    incident_id: int,
    step: Step,
    visible: QuerySet[Incident] | None = None,
    expected_version: int | None = None,
    owner_id: int | None = None,
) -> Taken:
    """Takes a step with every open alert of an incident; one that is past it already stays as it is.

    DomainErrors `incident_not_found`, `incident_resolved`, `stale_version`; then nothing was done. With `owner_id` it is his, too.
    """
    with transaction.atomic():
        incident = _locked(incident_id, visible, expected_version)
        ids = Alert.objects.filter(incident=incident).exclude(status=AlertStatus.RESOLVED).order_by("id").values_list("id", flat=True)
        rows = take_each(step, [(pk, None) for pk in ids], None)
        is_new = _noted(incident, step, owner_id)
        changed = sum(row.changed for row in rows)
        if changed or is_new:
            incident.version, incident.updated_at = incident.version + 1, clock.now()
            incident.save(update_fields=list(_WRITTEN))
            if step.action is not Action.RESOLVE:
                tell(incident, TRANSITIONS[step.action].what, changed, step.note)
        refresh(clock.now(), only=incident.pk)
    incident.refresh_from_db()
    return Taken(incident, rows)


def _locked(pk: int, visible: QuerySet[Incident] | None, expected_version: int | None) -> Incident:
    queryset = Incident.objects.all() if visible is None else visible
    locked = Incident.objects.select_for_update(of=("self",))
    incident = locked.filter(pk__in=queryset.filter(pk=pk).values("pk")).first()
    if incident is None:
        raise DomainError("incident_not_found", _("There is no such incident, or you may not see it."), path=("id",), params={"id": pk})
    if incident.status == IncidentStatus.RESOLVED:
        raise DomainError("incident_resolved", _("The incident is resolved already."), path=("id",), params={"id": pk})
    if expected_version is not None and incident.version != expected_version:
        raise DomainError(
            "stale_version",
            _("Somebody changed the incident since you read it. Read it again."),
            path=("expectedVersion",),
            params={"version": incident.version},
        )
    return incident


def _noted(incident: Incident, step: Step, owner_id: int | None) -> bool:
    """Whether the step changes the incident itself."""
    is_new = False
    if step.action in (Action.ACKNOWLEDGE, Action.START) and incident.status == IncidentStatus.OPEN:
        incident.status, incident.acknowledged_at = IncidentStatus.ACKNOWLEDGED, clock.now()
        incident.acknowledged_by, is_new = actor.current().label, True
        # The clock to settle it is the one that runs from now on, with a ladder of its own.
        incident.escalation_due_at, incident.escalations = incident.resolve_by_at, 0
    if owner_id is not None and incident.owner_id != owner_id:
        incident.owner_id, is_new = owner_id, True
    return is_new
