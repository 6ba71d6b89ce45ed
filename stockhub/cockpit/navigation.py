"""The admin's sidebar: sections in the order of a day's work, and in each only what the user may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import escape
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from stockhub.cockpit import (
    by_hand,
    effective_parameters,
    fee_rates,
    imbalances,
    kpis,
    levels_from_sales,
    live_rooms,
    presales,
    stock_at_moment,
)


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A page that is no model's: its title, icon, the name of its address, and the permission that it needs."""

    title: Any
    icon: str
    view: str
    permission: str


Entry = tuple[str, str] | OwnPage
_STOCK_AT_MOMENT = OwnPage(stock_at_moment.TITLE, "manage_history", "cockpit:stock_at_moment", stock_at_moment.PERMISSION)
_BY_HAND = OwnPage(by_hand.TITLE, "edit_square", "cockpit:stock_by_hand", by_hand.PERMISSION)
_PARAMETERS = OwnPage(effective_parameters.TITLE, "rule", "cockpit:effective_parameters", effective_parameters.PERMISSION)
_IMBALANCES = OwnPage(imbalances.TITLE, "balance", "cockpit:imbalances", imbalances.PERMISSION)
_KPIS = OwnPage(kpis.TITLE, "speed", "cockpit:kpis", kpis.PERMISSION)
_FEES = OwnPage(fee_rates.TITLE, "payments", "cockpit:fee_rates", fee_rates.PERMISSION)
_LEVELS = OwnPage(levels_from_sales.TITLE, "align_vertical_center", "cockpit:levels_from_sales", levels_from_sales.PERMISSION)
_LIVE = OwnPage(live_rooms.TITLE, "live_tv", "cockpit:live_rooms", live_rooms.PERMISSION)
_PRESALES = OwnPage(presales.TITLE, "event_upcoming", "cockpit:presales", presales.PERMISSION)

#: Title, and (model, icon) or a page of our own, in order.
SECTIONS: tuple[tuple[Any, tuple[Entry, ...]], ...] = (
    (_("Warnings"), (
        ("alerts.alert", "notifications_active"), ("alerts.incident", "account_tree"), ("alerts.alertoutcome", "verified"),
        ("alerts.stockoutevent", "event_busy"), ("alerts.rulesetting", "tune"), ("alerts.ruleparameter", "sliders"), _PARAMETERS,
        ("alerts.servicelevel", "timer"), ("alerts.escalationstep", "escalator_warning"), ("alerts.subscription", "mail"),
        ("alerts.responsestep", "checklist"),
    )),
    (_("Catalog"), (
        ("catalog.sku", "sell"), ("catalog.product", "category"), ("catalog.category", "account_tree"), ("catalog.stage", "timeline"),
        ("catalog.season", "calendar_month"), ("catalog.stockpolicy", "policy"), _LEVELS, ("catalog.stockoverride", "edit_calendar"),
        ("catalog.thresholdadjustment", "event_repeat"), ("catalog.categorybenchmark", "leaderboard"),
        ("catalog.exchangerate", "currency_exchange"),
    )),
    (_("Life cycle"), (
        ("lifecycle.stagestate", "timeline"), ("lifecycle.stagechange", "history"), ("lifecycle.stageoverride", "pan_tool"),
        ("lifecycle.categorystage", "account_tree"), ("lifecycle.stagedefault", "shopping_bag"),
        ("lifecycle.lifecyclesettings", "settings"),
    )),
    (_("Warehouses and pools"), (("catalog.warehouse", "warehouse"), ("catalog.stockpool", "hub"))),
    (_("Stock ledger"), (
        ("inventory.balance", "inventory"), _BY_HAND, _STOCK_AT_MOMENT, _IMBALANCES, _PRESALES, _KPIS,
        ("inventory.movement", "swap_horiz"), ("inventory.lot", "deployed_code_history"), ("inventory.transfer", "move_up"),
        ("inventory.stockvariance", "difference"), ("inventory.stockdispute", "gavel"),
        ("inventory.allocation", "assignment_turned_in"), ("inventory.stockhistory", "history"), ("inventory.bucket", "shelves"),
    )),
    (_("Purchasing"), (
        ("purchasing.purchaseorder", "receipt_long"), ("purchasing.shipment", "local_shipping"), ("suppliers.supplier", "factory"),
        ("suppliers.offer", "handshake"),
    )),
    (_("Sales channels"), (
        ("channels.account", "storefront"), ("channels.accountauthorization", "vpn_key"), ("channels.listing", "list_alt"),
        ("channels.order", "shopping_cart"), _LIVE,
        ("channels.customerreturn", "assignment_return"), ("channels.quarantined", "report"),
        ("channels.receivedrecord", "inbox"), ("channels.feed", "rss_feed"), ("channels.webhookmessage", "webhook"),
        ("channels.unreadablewebhook", "unknown_document"), ("channels.refusedwebhook", "block"),
        ("channels.externalcode", "qr_code"), _FEES, ("channels.feeoverride", "price_change"),
        ("channels.responsibility", "badge"), ("channels.experiencescore", "star_rate"),
        ("channels.push", "publish"), ("channels.stockrule", "rule"), ("channels.pushsettings", "shield"),
        ("channels.stockdifference", "difference"), ("channels.shownstock", "visibility"),
        ("channels.marketobservation", "visibility"), ("channels.markettrend", "query_stats"),
        ("channels.connectormemory", "sticky_note_2"), ("channels.ratebucket", "speed"),
        ("channels.platformshipment", "flight_takeoff"), ("channels.listingcount", "tag"), ("channels.stockage", "hourglass_bottom"),
        ("channels.feeestimate", "request_quote"), ("channels.settlement", "payments"), ("channels.settledfee", "price_check"),
        ("channels.dailytraffic", "ads_click"), ("channels.listingsignal", "leaderboard"),
    )),
    (_("Demand"), (
        ("demand.salesseries", "bar_chart"), ("demand.forecast", "trending_up"), ("demand.forecastbasis", "help"),
        ("demand.plannedevent", "event"), ("demand.contingencyplan", "emergency"),
        ("demand.forecastadjustment", "edit"), ("demand.marketsignal", "sensors"),
        ("demand.daymark", "edit_calendar"), ("demand.launchanalogue", "content_copy"),
        ("demand.eventlift", "rocket_launch"), ("demand.eventsales", "celebration"), ("demand.stockoutseries", "event_busy"),
        ("demand.forecasttrack", "fact_check"), ("demand.modelaccuracy", "target"), ("demand.champion", "trophy"),
        ("demand.turnoverhistory", "sync_alt"), ("demand.categoryturnover", "donut_small"), ("demand.demandcliff", "trending_down"),
        ("demand.stockfigures", "functions"),
        ("demand.backtest", "science"), ("demand.leadtimecalibration", "model_training"), ("demand.forecastsettings", "settings"),
    )),
    (_("Operation"), (
        ("cycles.cycle", "autorenew"), ("exchange.importjob", "upload_file"), ("outbox.delivery", "outgoing_mail"),
        ("outbox.endpoint", "hub"), ("alerts.notice", "schedule_send"),
        ("outbox.event", "bolt"), ("editing.changeset", "undo"), ("inventory.ledgerproof", "verified"),
        ("inventory.repeatedmovement", "difference"),
        ("pluginhost.plugin", "extension"), ("pluginhost.provider", "power"),
        ("django_celery_beat.periodictask", "schedule"), ("django_celery_beat.crontabschedule", "event_repeat"),
        ("django_celery_beat.intervalschedule", "timer"),
    )),
    (_("People"), (("access.user", "person"), ("auth.group", "group"), ("access.apitoken", "key"), ("core.externalref", "link"))),
)  # fmt: skip


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Unfold's structure. Sections of which the user may see nothing are left out."""
    start = {"title": _("Today"), "icon": "today", "link": reverse("admin:index")}
    sections: list[dict[str, Any]] = [{"items": [start]}]
    pages = {model._meta.label_lower: page for model, page in admin.site._registry.items()}  # noqa: SLF001 - the site's only way to ask
    for title, entries in SECTIONS:
        items = [item for entry in entries if (item := _item(entry, pages, request)) is not None]
        if items:
            sections.append({"title": title, "separator": True, "collapsible": True, "items": items})
    return sections


def _item(entry: Entry, pages: dict[str, Any], request: HttpRequest) -> dict[str, Any] | None:
    """The line of an entry; None where the user may not see it."""
    if isinstance(entry, OwnPage):
        allowed = request.user.has_perm(entry.permission)
        return {"title": escape(entry.title), "icon": entry.icon, "link": reverse(entry.view)} if allowed else None
    label, icon = entry
    if label not in pages or not pages[label].has_view_permission(request):
        return None
    return {"title": _capitalised(pages[label]), "icon": icon, "link": _list_of(label)}


def _capitalised(page: Any) -> str:  # noqa: ANN401 - an admin page of any model
    # The sidebar's template trusts titles, so they are made safe here.
    return escape(capfirst(page.opts.verbose_name_plural))


def _list_of(label: str) -> str:
    app, model = label.split(".")
    return reverse(f"admin:{app}_{model}_changelist")


def stylesheet(request: HttpRequest) -> str:  # noqa: ARG001 - Unfold's signature
    return static("cockpit/cockpit.css")
