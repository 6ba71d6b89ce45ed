"""Puts alerts with one cause into incidents, and keeps what incidents tell true. Only alerts that are news cost anything.

An alert belongs to one incident at most. It joins by a statement that takes no other's, and its version stays: joining changes none of its
numbers, so nobody's decision about it is out of date. An incident that was resolved within a week opens again instead of doubling.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from stockhub.alerts.incidents.causes import Cause, causes
from stockhub.alerts.incidents.clocks import without_clocks
from stockhub.alerts.incidents.models import Incident, IncidentStatus
from stockhub.alerts.incidents.timeline import tell
from stockhub.alerts.incidents.totals import refresh
from stockhub.alerts.models import Alert, AlertEvent, AlertStatus
from stockhub.core import actor, clock
from stockhub.core.bulk import insert_rows

#: A warning cycle that finds more news than that leaves it to the next `escalation`, which nobody waits for.
MOST_AT_ONCE: Final = 5_000
#: What `escalation` takes at once: more alerts than anybody has.
ALL: Final = 10_000_000
REOPENS_WITHIN: Final = timedelta(days=7)
#: Alerts that join in one transaction: others wait for it on SQLite.
_BATCH: Final = 1_000


def group_alerts(as_of: datetime, *, most: int = MOST_AT_ONCE) -> int:
    """Finds causes, lets alerts join their incidents and closes incidents that have none left; returns how many joined."""
    joined, taken = 0, np.zeros(0, np.int64)
    for cause in causes(as_of, most):
        its = cause.without(taken)
        if not len(its.alert_ids):
            continue
        incident = _incident_of(its, as_of)
        if incident is None:
            continue
        joined += _join(incident, its)
        taken = np.concatenate([taken, its.alert_ids])
    _own()
    refresh(as_of)
    return joined


def _own() -> None:
    """An open incident whose owner left, or that never had one, is whoever's most of its alerts are (H70)."""
    lacking = Q(owner__isnull=True) | Q(owner__is_active=False)
    for pk in Incident.objects.exclude(status=IncidentStatus.RESOLVED).filter(lacking).values_list("pk", flat=True):
        if (owner := _most_common_owner(Alert.objects.filter(incident=pk).exclude(status=AlertStatus.RESOLVED))) is not None:
            Incident.objects.filter(pk=pk).update(owner_id=owner, version=F("version") + 1, updated_at=clock.now())


def _incident_of(cause: Cause, as_of: datetime) -> Incident | None:
    """The incident of the cause: the open one, the one that was resolved lately, or a new one if it has alerts enough."""
    its = Incident.objects.filter(cause=cause.cause, key=cause.key)
    if (found := its.exclude(status=IncidentStatus.RESOLVED).first()) is not None:
        return found
    if len(np.unique(cause.places)) < cause.at_least:
        return None
    lately = its.filter(resolved_at__gte=as_of - REOPENS_WITHIN).order_by("-resolved_at").first()
    try:
        with transaction.atomic():
            return _reopened(lately, as_of) if lately is not None else _opened(cause, as_of)
    except IntegrityError:
        # Another run was quicker by a moment.
        return its.exclude(status=IncidentStatus.RESOLVED).first()


def _opened(cause: Cause, as_of: datetime) -> Incident:
    its = Alert.objects.filter(id__any_of=cause.alert_ids.tolist())
    incident = Incident.objects.create(
        cause=cause.cause,
        key=cause.key,
        inputs=cause.inputs,
        owner_id=_most_common_owner(its),
        opened_at=as_of,
        level_since_at=as_of,
        updated_at=clock.now(),
    )
    tell(incident, "opened")
    return incident


def _most_common_owner(alerts: QuerySet[Alert]) -> int | None:
    """Whoever has most of some alerts, of those who can sign in."""
    owners = alerts.filter(owner__is_active=True).order_by("owner_id").values_list("owner_id", flat=True)
    counts = Counter(owners)
    return counts.most_common(1)[0][0] if counts else None


def _reopened(incident: Incident, as_of: datetime) -> Incident:
    incident.status, incident.resolved_at, incident.acknowledged_at = IncidentStatus.OPEN, None, None
    incident.acknowledged_by, incident.version, incident.updated_at = "", incident.version + 1, clock.now()
    without_clocks(incident)
    incident.level_since_at = as_of
    incident.save()
    tell(incident, "reopened")
    return incident


def _join(incident: Incident, cause: Cause) -> int:
    ids, joined = np.unique(cause.alert_ids).tolist(), 0
    for start in range(0, len(ids), _BATCH):
        joined += _join_batch(incident, ids[start : start + _BATCH])
    if joined:
        tell(incident, "joined", joined)
        counted = {"alert_count": F("alert_count") + joined, "open_count": F("open_count") + joined}
        Incident.objects.filter(pk=incident.pk).update(**counted, updated_at=clock.now())
    return joined


def _join_batch(incident: Incident, ids: list[int]) -> int:
    now, label = clock.now(), actor.current().label
    free = Alert.objects.filter(id__any_of=ids, incident__isnull=True).exclude(status=AlertStatus.RESOLVED)
    with transaction.atomic():
        levels = dict(free.select_for_update().order_by("id").values_list("id", "level"))
        Alert.objects.filter(id__any_of=list(levels)).update(incident=incident, updated_at=now)
        rows = [(pk, "joined", level, f"incident {incident.pk}", label, now) for pk, level in levels.items()]
        insert_rows(AlertEvent, ("alert_id", "what", "level", "note", "actor", "occurred_at"), rows)
    return len(levels)
