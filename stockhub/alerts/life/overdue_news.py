"""Whom something overdue was passed on to is told so: one message a person, however much it is, and only of what he may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from stockhub.access.models import User
from stockhub.alerts.incidents.selectors import incidents_visible_to
from stockhub.alerts.incidents.wording import incident_headline
from stockhub.alerts.messages import language_of
from stockhub.alerts.models import Alert, Incident
from stockhub.alerts.notices import personal_endpoints
from stockhub.alerts.selectors import alerts_visible_to
from stockhub.alerts.wording import headline
from stockhub.outbox.deliveries import queue_message
from stockhub.outbox.models import Endpoint
from stockhub.outbox.services import emit_event
from stockhub.pluginapi import Fact, Item, Message

#: Named in a message; the rest is a number.
_NAMED = 50


@dataclass(frozen=True, slots=True)
class Overdue:
    """An alert or an incident that was passed on to a person."""

    person: User
    alert: Alert | None = None
    incident: Incident | None = None

    @property
    def thing(self) -> Alert | Incident:
        thing = self.alert or self.incident
        if thing is None:
            raise ValueError("What is overdue is an alert or an incident.")
        return thing


def tell_overdue(news: Sequence[Overdue]) -> None:
    """Queues the messages. The caller is in the transaction that takes the steps, so that nothing is told twice and nothing is lost."""
    by_person: dict[User, list[Overdue]] = defaultdict(list)
    for each in news:
        if each.person.is_active and each.person.email:
            by_person[each.person].append(each)
    endpoints = {endpoint.user_id: endpoint for endpoint in personal_endpoints(by_person) if endpoint.is_active}
    for person, its in by_person.items():
        endpoint, seen = endpoints.get(person.pk), _visible(person, its)
        if endpoint is None or not seen:
            continue
        event = emit_event("alerts.overdue_told.v1", entity="access.user", entity_id=person.pk, payload={"count": len(seen)})
        message = _written(endpoint, seen)
        queue_message(event=event, endpoint=endpoint, message=message, level=message.level)


def _visible(person: User, its: Sequence[Overdue]) -> list[Overdue]:
    """Incidents before alerts, the worst first."""
    alerts = set(alerts_visible_to(person).filter(pk__in=[each.alert.pk for each in its if each.alert]).values_list("pk", flat=True))
    incidents = incidents_visible_to(person).filter(pk__in=[each.incident.pk for each in its if each.incident])
    seen = set(incidents.values_list("pk", flat=True))
    shown = [each for each in its if (each.incident and each.incident.pk in seen) or (each.alert and each.alert.pk in alerts)]
    return sorted(shown, key=lambda each: (each.incident is None, -each.thing.level, each.thing.pk))


def _written(endpoint: Endpoint, its: Sequence[Overdue]) -> Message:
    with translation.override(language_of(endpoint)), timezone.override(endpoint.time_zone or settings.TIME_ZONE):
        items = tuple(_item(each) for each in its[:_NAMED])
        several = ngettext("%(count)d overdue matter was passed on to you", "%(count)d overdue matters were passed on to you", len(its))
        return Message(
            key="",
            language=get_language() or "en",
            subject=_("Overdue: %(what)s") % {"what": items[0].title} if len(its) == 1 else several % {"count": len(its)},
            text=_("Nobody has dealt with it in time, so it was passed on to you. Acknowledge it, or settle it."),
            level=max(each.thing.level for each in its),
            items=items,
            more=_("… and %(count)d more: open Today.") % {"count": len(its) - _NAMED} if len(its) > _NAMED else "",
            link=items[0].link if len(its) == 1 else _address(reverse("admin:index")),
            link_label=_("Open it") if len(its) == 1 else _("Open Today"),
            data={
                "alerts": [each.alert.pk for each in its if each.alert],
                "incidents": [each.incident.pk for each in its if each.incident],
            },
        )


def _item(each: Overdue) -> Item:
    thing = each.thing
    title = incident_headline(each.incident) if each.incident else headline(each.alert) if each.alert else ""
    page = "admin:alerts_incident_change" if each.incident else "admin:alerts_alert_change"
    is_seen = thing.acknowledged_at is not None or thing.acknowledge_by_at is None
    due = thing.resolve_by_at if is_seen else thing.acknowledge_by_at
    label = _("To be settled by") if is_seen else _("To be seen by")
    facts = [Fact(label, formats.date_format(timezone.localtime(due), "SHORT_DATETIME_FORMAT"))] if due else []
    if thing.owner is not None:
        facts.append(Fact(_("Owner"), str(thing.owner)))
    line = f"[{thing.level}] {title}" + "".join(f" · {fact.label}: {fact.value}" for fact in facts)
    return Item(title=title, line=line, level=thing.level, facts=tuple(facts), link=_address(reverse(page, args=[thing.pk])))


def _address(path: str) -> str:
    """Empty where the server has no public address."""
    return f"{settings.STOCKHUB_PUBLIC_URL}{path}" if settings.STOCKHUB_PUBLIC_URL else ""
