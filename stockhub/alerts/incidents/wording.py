"""One line about an incident in the reader's language."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from stockhub.alerts.incidents.models import Incident, IncidentCause
from stockhub.alerts.models import Side
from stockhub.alerts.wording import money_text
from stockhub.values import Money

#: Steps of a timeline.
STEPS = {
    "opened": gettext_noop("Opened"),
    "joined": gettext_noop("Alerts joined"),
    "left": gettext_noop("Alerts left"),
    "acknowledged": gettext_noop("Acknowledged"),
    "started": gettext_noop("Started"),
    "assigned": gettext_noop("Assigned"),
    "snoozed": gettext_noop("Snoozed"),
    "false_alarm": gettext_noop("False alarm"),
    "escalated": gettext_noop("Escalated"),
    "resolved": gettext_noop("Resolved"),
    "reopened": gettext_noop("Opened again"),
}


def cause_text(incident: Incident) -> str:
    """What the cause is, by name: `Supplier ACME is late`."""
    its = {name: str(value) for name, value in incident.inputs.items()}
    named = its.get("name") or its.get("code", "")
    match incident.cause:
        case IncidentCause.LATE_SUPPLIER:
            return _("%(name)s delivers late") % {"name": named}
        case IncidentCause.CAMPAIGN:
            return _("Campaign %(name)s sells more than there is") % {"name": named}
        case IncidentCause.STALE_FEED:
            since = formats.date_format(datetime.fromisoformat(its["since"]), "SHORT_DATETIME_FORMAT")
            return _("The feed %(feed)s of %(account)s stands still since %(since)s") % {**its, "since": since}
        case IncidentCause.CATEGORY:
            return _("%(name)s sells less and piles up") % {"name": named}
    text = _("Many shortages at once in %(name)s") if its.get("side") == Side.SHORTAGE else _("Much excess at once in %(name)s")
    return text % {"name": named}


def incident_headline(incident: Incident) -> str:
    """`ACME delivers late · 40 alerts · 4,800.00 CNY at stake`"""
    count = incident.open_count or incident.alert_count
    parts = [cause_text(incident), ngettext("%(count)d alert", "%(count)d alerts", count) % {"count": count}]
    if incident.money_amount:
        parts.append(_("%(money)s at stake") % {"money": money_text(Money(incident.money_amount, settings.STOCKHUB_BASE_CURRENCY))})
    return " · ".join(parts)


def incident_step_text(what: str) -> str:
    """A line of a timeline in the reader's language."""
    return _(STEPS[what]) if what in STEPS else what
