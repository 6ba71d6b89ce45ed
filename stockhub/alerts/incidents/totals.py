"""What an incident adds up to: its open alerts, the worst level, the money at stake. Read for all open incidents in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

import numpy as np
from django.db import transaction
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from stockhub.alerts.incidents.models import Incident, IncidentStatus
from stockhub.alerts.incidents.timeline import tell
from stockhub.alerts.models import Alert, AlertStatus
from stockhub.core import clock
from stockhub.core.columns import FLOAT, INT, read
from stockhub.demand.frames import POOL_BITS

_NONE: Final = 0
_MILLIONTHS: Final = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Totals:
    """Of one incident's open alerts. `money` is None where nobody knows any of it."""

    count: int
    level: int
    money: Decimal | None


def refresh(as_of: datetime, *, only: int | None = None) -> None:
    """Writes what has changed of the open incidents, or of one of them; those without an open alert are resolved.

    Locked in the order of their ids, so that two who look at the same time tell nothing twice.
    """
    its = Incident.objects.exclude(status=IncidentStatus.RESOLVED)
    with transaction.atomic():
        locked = (its if only is None else its.filter(pk=only)).select_for_update(of=("self",)).order_by("id")
        incidents = list(locked)
        totals = totals_of([incident.pk for incident in incidents]) if incidents else {}
        for incident in incidents:
            _settle(incident, totals.get(incident.pk), as_of)


def totals_of(ids: list[int]) -> dict[int, Totals]:
    """The totals of each incident that has an open alert."""
    found = read(
        Alert.objects.filter(incident__in=ids)
        .exclude(status=AlertStatus.RESOLVED)
        .order_by("id")
        .annotate(of_sku=Coalesce("sku_id", _NONE), of_pool=Coalesce("pool_id", _NONE)),
        {"incident_id": INT, "of_sku": INT, "of_pool": INT, "level": INT, "money_amount": FLOAT},
    )
    place = (found["of_sku"] << POOL_BITS) | found["of_pool"]
    totals = {}
    for pk in np.unique(found["incident_id"]).tolist():
        its = found["incident_id"] == pk
        money = _worst_of_each(place[its], found["money_amount"][its])
        totals[pk] = Totals(int(np.count_nonzero(its)), int(found["level"][its].max()), money)
    return totals


def _worst_of_each(place: NDArray[np.int64], millionths: NDArray[np.float64]) -> Decimal | None:
    """Several alerts of one SKU and pool speak of the same money: the largest of each counts once."""
    known = ~np.isnan(millionths)
    if not known.any():
        return None
    each, position = np.unique(place[known], return_inverse=True)
    worst = np.zeros(len(each))
    np.maximum.at(worst, position, millionths[known])
    return Decimal(int(np.rint(worst).astype(np.int64).sum())) / _MILLIONTHS


def _settle(incident: Incident, now: Totals | None, as_of: datetime) -> None:
    if now is None:
        left = incident.open_count
        incident.status, incident.resolved_at, incident.open_count, incident.money_amount = IncidentStatus.RESOLVED, as_of, 0, None
        _save(incident)
        tell(incident, "resolved", left)
        return
    told = (incident.open_count, incident.level, incident.money_amount)
    if told == (now.count, now.level, now.money):
        return
    if now.level > incident.level:
        incident.level_since_at = as_of
    left = incident.open_count - now.count
    incident.open_count, incident.level, incident.money_amount = now.count, now.level, now.money
    _save(incident)
    if left > 0:
        tell(incident, "left", left)


def _save(incident: Incident) -> None:
    """What a person may be changing at this moment, such as its owner, is not written."""
    incident.version, incident.updated_at = incident.version + 1, clock.now()
    incident.save(update_fields=["status", "resolved_at", "open_count", "level", "level_since_at", "money_amount", "version", "updated_at"])
