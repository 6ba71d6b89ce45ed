"""Which incidents somebody may see, and news by incident."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from stockhub.alerts.incidents.models import Incident
from stockhub.alerts.models import Alert
from stockhub.alerts.selectors import alerts_visible_to
from stockhub.catalog.selectors import Anyone


@dataclass(frozen=True, slots=True)
class IncidentNews:
    """Alerts that are news, of one incident or of none: what one message tells."""

    incident: Incident | None
    alert_ids: list[int]


def incidents_visible_to(user: Anyone) -> QuerySet[Incident]:
    """Incidents all of whose alerts the user sees: its count and its money add them up."""
    its = Alert.objects.filter(incident=OuterRef("pk"))
    return Incident.objects.filter(~Exists(its.exclude(pk__in=alerts_visible_to(user).values("pk"))))


def news_by_incident(alert_ids: Collection[int]) -> list[IncidentNews]:
    """The alerts by incident, the one with most money first; those of none come last, together. Two queries, however many they are."""
    pairs = Alert.objects.filter(id__any_of=sorted(alert_ids)).order_by("id").values_list("incident_id", "id")
    by_incident: dict[int | None, list[int]] = {}
    for incident, alert in pairs:
        by_incident.setdefault(incident, []).append(alert)
    alone = by_incident.pop(None, [])
    incidents = Incident.objects.select_related("owner").in_bulk([pk for pk in by_incident if pk is not None])
    ordered = sorted(incidents.values(), key=lambda incident: (-(incident.money_amount or 0), -incident.level, incident.pk))
    news = [IncidentNews(incident, by_incident[incident.pk]) for incident in ordered]
    return [*news, IncidentNews(None, alone)] if alone else news
