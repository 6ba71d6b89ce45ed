"""The admin's start page: *Today*, and whether what it stands on can be trusted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from stockhub.access.models import User
from stockhub.access.scopes import visible_account_ids
from stockhub.agenda.action_texts import tie_texts
from stockhub.agenda.pillars import PillarState
from stockhub.agenda.plan import budget_from, plan
from stockhub.agenda.today import Today, TodayLine, TodaySide, today
from stockhub.alerts.alert_page import effects_told, top_reason
from stockhub.alerts.feed_alerts import KIND_NAMES
from stockhub.alerts.life.states import state_of
from stockhub.alerts.models import Alert, AlertStatus
from stockhub.alerts.remedies import remedies_of
from stockhub.alerts.selectors import kind_info
from stockhub.alerts.wording import advice_text, subject_of, what_text
from stockhub.catalog.models import Sku
from stockhub.catalog.selectors import visible_pool_ids
from stockhub.channels.models import Account, Feed, Quarantined
from stockhub.channels.spoken import told
from stockhub.cockpit.plan_card import PlanCard, plan_card
from stockhub.core import clock
from stockhub.core.admin_classes import in_language, money_text
from stockhub.cycles.models import Cycle, CycleStatus
from stockhub.cycles.naming import cycle_label
from stockhub.outbox.models import Delivery, DeliveryStatus
from stockhub.pluginhost.models import Plugin, PluginStatus
from stockhub.values import DomainError, Money

#: Lines of each side on the start page; the list of alerts has them all.
LINES = 10
#: Doubts about the data that are spelt out.
DOUBTS = 3
#: Data of a feed older than this is marked.
STALE_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Line:
    """One decision as the template shows it."""

    rank: int
    link: str
    sku: str
    name: str
    kind: str
    also: str
    level: int
    money: str
    saving: str
    #: What is told of it and what to do, such as how much to order by when.
    advice: str
    reason: str
    due: Any
    is_overdue: bool
    #: What can be done about an excess, each with what it brings, or empty.
    remedies: str
    #: Whose it is, and how far he is where that is more than open (H70).
    progress: str
    #: What it has to do with other lines.
    ties: list[str]


@dataclass(frozen=True, slots=True)
class Side:
    """A column of the start page."""

    title: Any
    empty: Any
    lines: list[Line]
    count: int
    levels: str
    money: str
    saving: str
    link: str


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Adds to the template's context. Each part appears to those who may see its rows."""
    user = request.user
    if not isinstance(user, User):
        return context
    may = user.has_perm
    context["as_of"] = clock.now()
    if may("alerts.view_alert"):
        narrowed = _narrowed(request, user)
        found = today(user, limit=LINES, account_id=narrowed.account_id, owner_id=user.pk if narrowed.mine else None)
        context |= {
            "narrowed": narrowed,
            "plan": _plan(user, narrowed),
            "today": _sides(found, visible_pool_ids(user)),
            "pillars": [_pillar(state) for state in found.pillars],
            "data_problems": _lines(found.data, found.as_of, None)[:DOUBTS],
            "data_problem_count": found.data.alerts_in_all,
            "first_steps": first_steps(found),
            "unheard": found.unheard,
        }
    if may("channels.view_feed"):
        context["feeds"] = _feeds(request)
    if may("cycles.view_cycle"):
        context["cycles"] = _last_cycles()
    if may("pluginhost.view_plugin"):
        context["plugins"] = [(in_language(p) or p.slug, p) for p in Plugin.objects.exclude(status=PluginStatus.ACTIVE).order_by("slug")]
    context["waiting"] = _waiting(request, user)
    return context


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the page is narrowed to: an account by its code, and to the reader's own alerts; and what there is to choose from."""

    account: str
    account_id: int | None
    mine: bool
    accounts: list[tuple[str, str]]
    #: The amount of cash as it was typed, what it is, and what is wrong with it.
    budget: str = ""
    cash: Money | None = None
    budget_error: str = ""
    currency: str = ""


def _narrowed(request: HttpRequest, user: User) -> Narrowed:
    """As the address says, within what the reader sees; an account that he does not see narrows to nothing else."""
    accounts = Account.objects.filter(deleted_at=None).order_by("code")
    visible = visible_account_ids(user)
    if visible is not None:
        accounts = accounts.filter(pk__in=visible)
    rows = list(accounts.values_list("pk", "code", "name")) if user.has_perm("channels.view_account") else []
    code = request.GET.get("account", "")
    chosen = next((pk for pk, known, _name in rows if known == code), None)
    budget, cash, error = request.GET.get("budget", "").strip(), None, ""
    if budget:
        try:
            cash = budget_from(budget)
        except DomainError as failure:
            error = str(failure.message)
    choice = [(known, name) for _pk, known, name in rows]
    mine, currency = request.GET.get("mine") == "1", settings.STOCKHUB_BASE_CURRENCY
    return Narrowed(code if chosen else "", chosen, mine, choice, budget, cash, error, currency)


def _plan(user: User, narrowed: Narrowed) -> PlanCard | None:
    """What the amount is best spent on, where one is named."""
    if narrowed.cash is None:
        return None
    owner = user.pk if narrowed.mine else None
    return plan_card(plan(user, budget=narrowed.cash, account_id=narrowed.account_id, owner_id=owner))


@dataclass(frozen=True, slots=True)
class PillarCard:
    """One of the four pillars, with its number and its next action (D22)."""

    label: str
    number: str
    #: What the action is about, which leads to it; empty where there is nothing to do.
    about: str
    action: str
    link: str


def _pillar(state: PillarState) -> PillarCard:
    """Its number is money, or where nothing is priced the count of its alerts."""
    count = ngettext("%(count)d alert", "%(count)d alerts", state.alerts) % {"count": state.alerts}
    number = money_text(state.money.amount, state.money.currency) if state.money.amount else count
    link = reverse("admin:alerts_alert_change", args=[state.alert.pk]) if state.alert else ""
    about = subject_of(state.alert) if state.alert else ""
    return PillarCard(state.label, number, about, state.next_action.removeprefix(about), link)


def _sides(found: Today, pools: Collection[int] | None) -> list[Side]:
    return [
        _side(found.shortage, found.as_of, pools, "shortage", _("Running out"), _("Nothing is running out.")),
        _side(found.excess, found.as_of, pools, "excess", _("Too much"), _("Nothing lies around for too long.")),
    ]


def _side(side: TodaySide, as_of: datetime, pools: Collection[int] | None, slug: str, title: Any, empty: Any) -> Side:  # noqa: ANN401 - lazy texts
    link = f"{reverse('admin:alerts_alert_changelist')}?side__exact={slug}"
    money, saving = (money_text(sum_.amount, sum_.currency) if sum_.amount else "" for sum_ in (side.money, side.saving))
    levels = " · ".join(
        gettext("level %(level)d: %(number)d") % {"level": level, "number": side.levels[level]}
        for level in sorted(side.levels, reverse=True)
    )
    return Side(title, empty, _lines(side, as_of, pools), side.alerts_in_all, levels, money, saving, link)


def _lines(side: TodaySide, as_of: datetime, pools: Collection[int] | None) -> list[Line]:
    return [_line(line, as_of, pools) for line in side.lines]


def _line(line: TodayLine, as_of: datetime, pools: Collection[int] | None) -> Line:
    alert = line.alert
    remedies = remedies_of(alert, pools=pools, trees=line.explanations)
    return Line(
        rank=line.rank,
        link=reverse("admin:alerts_alert_change", args=[alert.pk]),
        sku=f"{alert.sku.code} @ {alert.pool.code}" if alert.sku and alert.pool else subject_of(alert),
        name=alert.sku.name if alert.sku else "",
        kind=what_text(alert),
        also=" · ".join(kind_info(other.kind).label for other in line.also),
        level=alert.level,
        money=money_text(line.priced.money_amount, settings.STOCKHUB_BASE_CURRENCY),
        saving=money_text(line.saver.saving_amount, settings.STOCKHUB_BASE_CURRENCY),
        advice=advice_text(alert),
        reason=top_reason(alert, line.explanations),
        due=alert.due_on,
        is_overdue=alert.due_on is not None and alert.due_on < clock.business_day(as_of, settings.STOCKHUB_TIME_ZONE),
        remedies=" · ".join(f"{what} {brings}" for what, brings in effects_told(alert, remedies, line.explanations)),
        progress=_progress(alert),
        ties=tie_texts(line.ties),
    )


def _progress(alert: Alert) -> str:
    state = "" if alert.status == AlertStatus.OPEN else str(state_of(alert).label)
    owner = gettext("Owner: %(name)s") % {"name": alert.owner} if alert.owner else ""
    return " · ".join(part for part in (owner, state) if part)


@dataclass(frozen=True, slots=True)
class Step:
    """What a new installation needs next."""

    text: Any
    command: str


def first_steps(found: Today) -> list[Step]:
    """What to do where there is nothing to show; empty once there are alerts, or once a warning cycle has found none."""
    if found.shortage.lines or found.excess.lines or found.data.lines:
        return []
    steps = []
    if not Account.objects.exists():
        steps.append(Step(_("Add a shop: an account on a marketplace, or one for files."), ""))
    if not Sku.objects.exists():
        steps.append(Step(_("Import what you sell."), "manage.py import_catalog FILE"))
        steps.append(Step(_("Import what you have, with its age and cost."), "manage.py import_stock FILE"))
        steps.append(Step(_("Import what you sold."), "manage.py import_sales FILE --account CODE"))
    if not Cycle.objects.filter(name="warnings", status__in=(CycleStatus.DONE, CycleStatus.PARTIAL)).exists():
        steps.append(Step(_("Run the forecast, then the warnings."), "manage.py run_cycle forecast && manage.py run_cycle warnings"))
    return steps


def _feeds(request: HttpRequest) -> list[tuple[Feed, str, bool]]:
    """Each feed, what it tells of in the reader's language, and whether its data are old."""
    feeds = list(_visible(request, Feed).select_related("account").order_by("account__code", "kind"))
    oldest = clock.now() - STALE_AFTER
    for feed in feeds:
        feed.error = told(feed.error)
    return [
        (feed, gettext(KIND_NAMES.get(feed.kind, feed.kind)), feed.data_until_at is None or feed.data_until_at < oldest) for feed in feeds
    ]


def _last_cycles() -> list[tuple[str, Cycle, int]]:
    """The latest run of each cycle, with the number of its chunks that were given up."""
    newest = Cycle.objects.filter(name=OuterRef("name")).order_by("-slot_at").values("pk")[:1]
    runs = Cycle.objects.filter(pk=Subquery(newest))
    runs = runs.annotate(parked=Count("chunks", filter=Q(chunks__status="parked"))).order_by("name")
    return [(cycle_label(run.name), run, run.parked) for run in runs]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Things that wait for a person."""

    text: Any
    count: int
    link: str


def _waiting(request: HttpRequest, user: User) -> list[Waiting]:
    found = []
    if user.has_perm("channels.view_quarantined"):
        count = _visible(request, Quarantined).filter(resolved_at=None).count()
        found.append(Waiting(_("Quarantined records"), count, reverse("admin:channels_quarantined_changelist") + "?resolved_at__isempty=1"))
    if user.has_perm("outbox.view_delivery"):
        count = Delivery.objects.filter(status=DeliveryStatus.DEAD).count()
        found.append(Waiting(_("Deliveries given up"), count, reverse("admin:outbox_delivery_changelist") + "?status__exact=dead"))
    return found


def _visible(request: HttpRequest, model: type[Any]) -> Any:  # noqa: ANN401 - a queryset of any model
    """The rows that the user would find on the model's own page."""
    return admin.site._registry[model].get_queryset(request)  # noqa: SLF001 - the site's only way to ask
