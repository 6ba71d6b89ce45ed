"""What a message about alerts says: what is wrong and why, by when, how much money, what quantity is suggested, with the stock report."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stockhub.access.models import User
from stockhub.access.scopes import visible_account_ids
from stockhub.alerts.alert_page import top_reason
from stockhub.alerts.explanations import explanations_of
from stockhub.alerts.grouping import Group
from stockhub.alerts.incidents.wording import cause_text
from stockhub.alerts.live_selling import sellers_text
from stockhub.alerts.models import Alert, AlertStatus, Incident
from stockhub.alerts.notices import NAMED
from stockhub.alerts.rules.imbalance import IMBALANCE
from stockhub.alerts.selectors import kind_info
from stockhub.alerts.stock_report import stock_report
from stockhub.alerts.substitutes import substitutes_text
from stockhub.alerts.units import amount_of_unit
from stockhub.alerts.wording import headline, message_of, money_text, subject_of, value_text
from stockhub.outbox.models import Endpoint
from stockhub.pluginapi import Fact, Item, Message
from stockhub.pluginhost.notifying import notifiers
from stockhub.values import Money


def written(endpoint: Endpoint, groups: Sequence[Group]) -> Message | None:
    """The message about these groups in the endpoint's language; None where all of them are resolved or snoozed by now."""
    with translation.override(language_of(endpoint)):
        alerts = _still_wanted(groups)
        if not alerts:
            return None
        gone = {pk for group in groups for pk in group.ids} - {alert.pk for alert in alerts}
        count = sum(group.count for group in groups) - len(gone)
        notifier = notifiers().get(endpoint.notifier)
        room = notifier.limits.max_items if notifier else 1
        listed = alerts[:room]
        seen = visible_account_ids(endpoint.user) if isinstance(endpoint.user, User) else None
        several = _("%(count)d new or worse stock alerts") % {"count": count}
        return Message(
            key="",
            language=get_language() or "en",
            subject=headline(alerts[0]) if count == 1 else several,
            text=_by_group(groups, gone) if count > 1 else "",
            level=max(alert.level for alert in alerts),
            items=tuple(_item(alert, seen) for alert in listed),
            more=_("… and %(count)d more: open Today.") % {"count": count - len(listed)} if count > len(listed) else "",
            link=_link(listed[0], count),
            link_label=_("Open the alert") if count == 1 else _("Open Today"),
            report=stock_report(alerts),
            data={"alerts": [alert.pk for alert in listed], "count": count, "kinds": sorted({group.kind for group in groups})},
        )


def language_of(endpoint: Endpoint) -> str:
    """A person's own language, or the endpoint's."""
    return endpoint.user.language if isinstance(endpoint.user, User) else endpoint.language


def _still_wanted(groups: Sequence[Group]) -> list[Alert]:
    """The alerts that the groups name and that nobody has resolved or put off since, the worst first."""
    ids = [pk for group in groups for pk in group.ids]
    rows = Alert.objects.filter(id__any_of=ids).exclude(status__in=(AlertStatus.RESOLVED, AlertStatus.SNOOZED))
    rows = rows.select_related("sku", "pool", "template")
    worst = sorted(rows, key=lambda a: (-a.level, a.money_amount is None, -(a.money_amount or 0), a.pk))
    return worst[:NAMED]


def _by_group(groups: Sequence[Group], gone: set[int]) -> str:
    """`Shortage: 40 · Order due: 12`, where there is more than one group."""
    left = [(group, group.count - len(gone & set(group.ids))) for group in groups]
    incidents = Incident.objects.in_bulk({group.incident for group in groups if group.incident})
    told = [_named(group, incidents.get(group.incident or 0), count) for group, count in left if count]
    return " · ".join(told) if len(told) > 1 or incidents else ""


def _named(group: Group, incident: Incident | None, count: int) -> str:
    kind = kind_info(group.kind).label
    if incident is not None:
        return _("%(kind)s, %(cause)s: %(count)d") % {"kind": kind, "cause": cause_text(incident), "count": count}
    return _("%(kind)s: %(count)d") % {"kind": kind, "count": count}


def _item(alert: Alert, seen: Collection[int] | None) -> Item:
    title = _("%(subject)s · %(kind)s") % {"subject": subject_of(alert), "kind": kind_info(alert.kind).label}
    return Item(
        title=f"[{alert.level}] {title}", line=f"[{alert.level}] {headline(alert)}", level=alert.level, facts=tuple(_facts(alert, seen)),
        link=_link(alert, 1),
    )  # fmt: skip


def _facts(alert: Alert, seen: Collection[int] | None) -> list[Fact]:
    facts: list[Fact] = []
    if alert.sku is not None and alert.sku.name:
        facts.append(Fact(_("Product"), alert.sku.name))
    if amount := value_text(alert):
        facts.append(Fact(_("What"), amount))
    elif message := message_of(alert):
        facts.append(Fact(_("What"), message))
    if reasons := top_reason(alert, explanations_of(alert)):
        facts.append(Fact(_("Why"), reasons))
    if sellers := sellers_text(alert, seen=seen):
        facts.append(Fact(_("Live rooms"), sellers))
    if substitutes := substitutes_text(alert):
        facts.append(Fact(_("Substitutes with stock"), substitutes))
    if alert.due_on is not None:
        facts.append(Fact(_("By"), formats.date_format(alert.due_on, "SHORT_DATE_FORMAT")))
    if alert.money_amount:
        facts.append(Fact(_("At stake"), money_text(Money(alert.money_amount, settings.STOCKHUB_BASE_CURRENCY))))
    if alert.suggested_qty:
        label = _("Suggested transfer") if alert.kind == IMBALANCE else _("Suggested quantity")
        facts.append(Fact(label, amount_of_unit(alert.suggested_qty, "unit")))
    return facts


def _link(alert: Alert, count: int) -> str:
    """To the alert, or to *Today* where there are several; empty where the server has no public address."""
    if not settings.STOCKHUB_PUBLIC_URL:
        return ""
    path = reverse("admin:alerts_alert_change", args=[alert.pk]) if count == 1 else reverse("admin:index")
    return f"{settings.STOCKHUB_PUBLIC_URL}{path}"
