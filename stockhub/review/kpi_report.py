"""The key figures by mail and notifiers, every week and every month (H84): as they are shown, with a table of every place attached.

Who wants one says so in a subscription: its kinds name `kpi-report-weekly` or `kpi-report-monthly`. A person gets the pools that he
may see; an endpoint such as a chat room gets all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stockhub.access.models import User
from stockhub.alerts.messages import language_of
from stockhub.alerts.models import Subscription
from stockhub.alerts.notices import subscriptions_by_endpoint
from stockhub.alerts.subscriptions import MONTHLY_REPORT as MONTHLY
from stockhub.alerts.subscriptions import WEEKLY_REPORT as WEEKLY
from stockhub.alerts.units import amount_of_unit
from stockhub.cycles.models import Cycle
from stockhub.cycles.registry import CycleDefinition, Work
from stockhub.outbox.deliveries import queue_message
from stockhub.outbox.models import Endpoint, Event
from stockhub.outbox.services import emit_event
from stockhub.overview.kpis import KPIS, KpiGrouping, StockKpis, stock_kpis
from stockhub.pluginapi import Fact, Item, Message, Report
from stockhub.pluginapi.message import Cell
from stockhub.review.kpi_changes.changes import Comparison, KpiChange
from stockhub.review.kpi_changes.wording import causes_text, change_text
from stockhub.values import Label, Metric

#: What a person has to be allowed to see for it.
PERMISSION: Final = "demand.view_stockfigures"
_EVENT: Final = "review.kpi_report_made.v1"
#: Pools whose figures stand in the message itself; the table has all of them.
_NAMED: Final = 10
#: What a report compares with, in days back.
_LOOKS_BACK: Final = {WEEKLY: 7, MONTHLY: 30}
#: So many changes of a pool are told, and none that is smaller than a twentieth.
_TOLD: Final = 3
_TOLD_FROM: Final = 0.05


def send_reports(cycle: Cycle) -> str:
    """Queues the report for everyone who asked for it, once a run; called again it adds nobody twice. Gives a message for the operator."""
    wanted = [(endpoint, its) for endpoint, its in subscriptions_by_endpoint().items() if _is_wanted(cycle.name, its) and _may(endpoint)]
    queued = 0
    with transaction.atomic():
        event = _event(cycle)
        for endpoint, _its in wanted:
            message = written(endpoint, cycle.name)
            if message is not None:
                queue_message(event=event, endpoint=endpoint, message=message, level=0)
                queued += 1
    cycle.counts["reports"] = queued
    return "" if queued == len(wanted) else "There are no key figures yet: they come with the first full warning cycle."


def _is_wanted(report: str, subscriptions: Iterable[Subscription]) -> bool:
    return any(report in subscription.kinds for subscription in subscriptions)


def _may(endpoint: Endpoint) -> bool:
    return not isinstance(endpoint.user, User) or endpoint.user.has_perm(PERMISSION)


def _event(cycle: Cycle) -> Event:
    """The run's own, so that a run that is finished again tells nobody twice."""
    known = Event.objects.filter(kind=_EVENT, entity="cycles.cycle", entity_id=cycle.pk).first()
    return known or emit_event(_EVENT, entity="cycles.cycle", entity_id=cycle.pk, payload={"report": cycle.name})


def written(endpoint: Endpoint, report: str) -> Message | None:
    """The report in the endpoint's language; None before there are any figures."""
    # A chat room has no user: whoever made it an endpoint lets everybody there see all of it.
    viewer = endpoint.user if isinstance(endpoint.user, User) else User(username="", is_active=True, is_superuser=True)
    groups = {by: stock_kpis(by, viewer=viewer) for by in KpiGrouping}
    pools = groups[KpiGrouping.POOL]
    if not pools:
        return None
    comparison = Comparison(KpiGrouping.POOL, viewer, _LOOKS_BACK[report])
    with translation.override(language_of(endpoint)):
        day = formats.date_format(pools[0].day, "SHORT_DATE_FORMAT")
        subject = _("Key figures of the week, %(day)s") if report == WEEKLY else _("Key figures of the month, %(day)s")
        return Message(
            key="",
            language=get_language() or "en",
            subject=subject % {"day": day},
            text=_("Turnover, stock to sales, dead stock, fill rate and health of each pool; the table has categories and sites, too."),
            items=tuple(_item(each, _why(comparison, each.code)) for each in pools[:_NAMED]),
            more=_("… and %(count)d more pools: see the table.") % {"count": len(pools) - _NAMED} if len(pools) > _NAMED else "",
            link=f"{settings.STOCKHUB_PUBLIC_URL}{reverse('cockpit:kpis')}" if settings.STOCKHUB_PUBLIC_URL else "",
            link_label=_("Open the key figures"),
            report=table_of(groups),
            data={"report": report, "day": pools[0].day.isoformat(), "pools": [each.code for each in pools]},
        )


def _why(comparison: Comparison, pool: str) -> list[Fact]:
    """The figures of a pool that changed most since the last report, each with what it is put down to."""
    changes = [change for name in KPIS if (change := comparison.change(name, pool, with_skus=False)) is not None]
    by_size = sorted(changes, key=lambda each: -_relative(each))
    worth_telling = [each.kpi for each in by_size if _relative(each) >= _TOLD_FROM][:_TOLD]
    told = [change for name in worth_telling if (change := comparison.change(name, pool)) is not None]
    return [Fact(change_text(each), causes_text(each)) for each in told]


def _relative(change: KpiChange) -> float:
    """How much it changed, as a part of what it was; all of it where it was 0, nothing where nobody knows."""
    if not change.change:
        return 0.0
    return abs(change.change / change.before) if change.before else 1.0


def _item(place: StockKpis, why: Sequence[Fact]) -> Item:
    """Every figure of a pool, and why some changed. One that is unknown is a dash, never 0."""
    language = get_language() or "en"
    facts = tuple(Fact(KPIS[name].text(language), _text(metric)) for name, metric in place.metrics.items())
    name = place.code or _("none")
    line = f"{name}: " + " · ".join(f"{fact.label} {fact.value}" for fact in facts)
    if why:
        line += "; " + _("changed most: %(changes)s") % {"changes": "; ".join(f"{fact.label} ({fact.value})" for fact in why)}
    return Item(title=name, line=line, facts=(*facts, *why))


def _text(metric: Metric) -> str:
    return "–" if metric.value is None else amount_of_unit(metric.value, "" if metric.unit == "1" else metric.unit)


def table_of(groups: dict[KpiGrouping, list[StockKpis]]) -> Report:
    """A row for each pool, category and site; texts are in the active language, shares from 0 to 1."""
    language = get_language() or "en"
    columns = (_("By"), _("Code"), _("Name"), _("Day"), _("SKUs"), *(label.text(language) for label in KPIS.values()))
    rows = [_row(by, place) for by, places in groups.items() for place in places]
    return Report("key-figures", columns, tuple(rows))


def _row(by: KpiGrouping, place: StockKpis) -> tuple[Cell, ...]:
    named = {KpiGrouping.POOL: _("Pool"), KpiGrouping.CATEGORY: _("Category"), KpiGrouping.SITE: _("Site")}
    figures: Sequence[Cell] = [None if each.value is None else round(float(each.value), 4) for each in place.metrics.values()]
    return (named[by], place.code, place.name, place.day.isoformat(), place.skus, *figures)


def _nothing(work: Work) -> None:
    """A report has no SKUs to go through: all of it is made at the end."""


def _definition(name: str, label: Label) -> CycleDefinition:
    return CycleDefinition(name=name, label=label, run_chunk=_nothing, sku_ids=lambda _cycle: (), finish=send_reports, idle_is_normal=True)


WEEKLY_REPORT = _definition(WEEKLY, Label("Weekly key figures", "每周关键指标"))
MONTHLY_REPORT = _definition(MONTHLY, Label("Monthly key figures", "每月关键指标"))
