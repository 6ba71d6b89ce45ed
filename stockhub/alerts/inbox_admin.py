"""The inbox: alerts with the reasons for them, and what people do about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from stockhub.access.models import User
from stockhub.access.scopes import visible_account_ids
from stockhub.alerts import services
from stockhub.alerts.alert_page import page_of
from stockhub.alerts.inbox import is_overdue
from stockhub.alerts.inbox_filters import (
    AccountFilter,
    CategoryFilter,
    KindFilter,
    MoneyFilter,
    OverdueFilter,
    StageFilter,
    StateFilter,
)
from stockhub.alerts.incidents.wording import cause_text
from stockhub.alerts.life.states import ENDED, LIVE, AlertState, state_of
from stockhub.alerts.life.step_pages import STEP_PAGES, StepAdmin, count_text
from stockhub.alerts.life.steps import RowResult, Step
from stockhub.alerts.models import Alert, AlertEvent
from stockhub.alerts.selectors import alerts_visible_to, kind_info
from stockhub.alerts.wording import headline
from stockhub.catalog.selectors import visible_pool_ids
from stockhub.core import clock
from stockhub.core.admin_classes import Badge, LongReadOnlyAdmin, actor_column, column, money_text
from stockhub.core.exported_admin import ExportedAdmin, Narrowed

LEVEL_COLOURS = {1: "info", 2: "warning", 3: "danger"}
STATE_COLOURS = {
    AlertState.OPEN: "danger",
    AlertState.ACKNOWLEDGED: "warning",
    AlertState.IN_PROGRESS: "primary",
    AlertState.SNOOZED: "info",
    AlertState.RESOLVED: "success",
    AlertState.EXPIRED: "default",
    AlertState.FALSE_ALARM: "default",
}


@admin.register(Alert)
class AlertAdmin(StepAdmin, ExportedAdmin, LongReadOnlyAdmin):
    """Numbers are the cycle's; people acknowledge, start, assign, snooze, resolve and say what was false."""

    export_name = "alerts"
    export_filters: ClassVar[Mapping[str, str]] = {
        "kind": "kind", "side__exact": "side", "pool__id__exact": "pool", "opened_at__gte": "opened_from", "opened_at__lt": "opened_to",
    }  # fmt: skip
    export_defaults: ClassVar[Mapping[str, tuple[str, str]]] = {"status": ("state", ",".join(sorted(LIVE)))}

    list_display = (
        "shown_kind", "sku", "pool", "shown_level", "shown_state", "shown_money", "shown_due", "owner", "shown_incident", "shown_opened",
    )  # fmt: skip
    list_display_links = ("shown_kind",)
    list_filter = (
        StateFilter, KindFilter, "side", "level", OverdueFilter, "owner", "pool", AccountFilter, CategoryFilter, StageFilter, MoneyFilter,
        "opened_at", "is_baseline",
    )  # fmt: skip
    list_select_related = ("sku", "pool", "owner", "incident")
    search_fields = ("sku__code", "sku__name", "subject", "message")
    ordering = ("-money_amount", "-level", "id")
    fields = ()
    actions = ("acknowledge", "start", "assign", "snooze", "resolve", "false_alarm")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        user = request.user
        visible = alerts_visible_to(user) if isinstance(user, User) else Alert.objects.none()
        return visible.order_by(*self.ordering)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """An incident's page links to its alerts."""
        return lookup == "incident__id__exact" or super().lookup_allowed(lookup, value, request)

    def _narrowed(self, request: HttpRequest) -> Narrowed:
        narrowed, state = super()._narrowed(request), request.GET.get("status")
        return Narrowed({**narrowed.asked, "state": state}, narrowed.lost) if state in AlertState.values else narrowed

    @column(_("kind"), ordering="kind")
    def shown_kind(self, alert: Alert) -> str:
        return kind_info(alert.kind).label

    @column(_("level"), ordering="level", label=LEVEL_COLOURS)
    def shown_level(self, alert: Alert) -> tuple[int, str]:
        return alert.level, str(alert.level)

    @column(_("status"), ordering="status", label=dict(STATE_COLOURS))
    def shown_state(self, alert: Alert) -> tuple[str, str]:
        state = state_of(alert)
        return Badge((state, str(state.label)))

    @column(_("at stake"), ordering="money_amount")
    def shown_money(self, alert: Alert) -> str:
        return money_text(alert.money_amount, settings.STOCKHUB_BASE_CURRENCY)

    @column(_("due"), ordering="resolve_by_at")
    def shown_due(self, alert: Alert) -> str:
        """The clock that runs: to be seen, and once it was, to be settled. Without one, as most of a baseline's, its own last day."""
        due_at = alert.resolve_by_at if alert.acknowledged_at else alert.acknowledge_by_at or alert.resolve_by_at
        if state_of(alert) in ENDED:
            return ""
        if due_at is None:
            return _short_day(alert.due_on) if alert.due_on else ""
        return _short(due_at, "sh-late" if is_overdue(alert, clock.now()) else "")

    @column(_("opened"), ordering="opened_at")
    def shown_opened(self, alert: Alert) -> str:
        """The day; the minute is told where one points at it, so that the list fits a screen."""
        local = timezone.localtime(alert.opened_at)
        return format_html('<span title="{}">{}</span>', f"{local:%Y-%m-%d %H:%M}", _short_day(local.date()))

    @column(_("incident"), ordering="incident_id")
    def shown_incident(self, alert: Alert) -> str:
        if alert.incident is None:
            return ""
        link = reverse("admin:alerts_incident_change", args=[alert.incident_id])
        return format_html('<a href="{}" title="{}">#{}</a>', link, cause_text(alert.incident), alert.incident_id)

    # --- the page of one alert ------------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(f"<int:alert_id>/{name}/", self.admin_site.admin_view(partial(self.step_one, name=name)), name=f"alerts_alert_{name}")
            for name in STEP_PAGES
        ]
        return [*own, *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:  # noqa: ANN401
        related = ("sku", "pool", "owner", "template", "incident", "escalated_to")
        alert = self.get_queryset(request).select_related(*related).filter(pk=_number(object_id)).first()
        context = dict(extra_context or {})
        if alert is not None and self.has_view_permission(request, alert):
            page = page_of(alert, seen=visible_account_ids(request.user), pools=visible_pool_ids(request.user))
            context |= {"page": page, "title": headline(alert), "may_act": self._may_act(request, alert), "subtitle": ""}
        return super().change_view(request, object_id, form_url, context)

    def _may_act(self, request: HttpRequest, alert: Alert) -> bool:
        return self.has_act_permission(request) and state_of(alert) not in ENDED

    # --- steps: of one alert by POST from its page, of many from the list -------------------------------------------------------

    def has_act_permission(self, request: HttpRequest) -> bool:
        """The numbers are nobody's to change; a person with this permission takes steps."""
        return request.user.has_perm("alerts.change_alert")

    def step_one(self, request: HttpRequest, alert_id: int, *, name: str) -> HttpResponse:
        """By POST only where nothing is asked for: a link that somebody is lured to must change nothing."""
        asks = STEP_PAGES[name].form is not None
        self.refuse_unless(allowed=(asks or request.method == "POST") and self.has_act_permission(request))
        self.visible_or_404(request, str(alert_id))
        seen = request.POST.get("version") or request.GET.get("version") or ""
        rows = [(alert_id, int(seen) if seen.isdigit() else None)]
        hidden = {"version": [seen]} if seen.isdigit() else None
        return self.step_of(request, name, self._take(request, rows), intro=count_text(1), hidden=hidden) or self.back_to(alert_id)

    def step_many(self, request: HttpRequest, queryset: QuerySet[Alert], *, name: str) -> HttpResponse | None:
        """With each for itself: what is refused is told, the others are changed."""
        ids = list(queryset.values_list("pk", flat=True))
        hidden = {"action": [name], "_selected_action": [str(pk) for pk in ids]}
        take = self._take(request, [(pk, None) for pk in ids])
        return self.step_of(request, name, take, intro=count_text(len(ids)), hidden=hidden)

    def _take(
        self, request: HttpRequest, rows: Sequence[tuple[int, int | None]]
    ) -> Callable[[Step, Mapping[str, Any]], Sequence[RowResult]]:
        visible = self.get_queryset(request)
        return lambda step, _given: services.take_rows(step=step, rows=rows, visible=visible)

    @admin.action(description=_("Acknowledge"), permissions=["act"])
    def acknowledge(self, request: HttpRequest, queryset: QuerySet[Alert]) -> HttpResponse | None:
        return self.step_many(request, queryset, name="acknowledge")

    @admin.action(description=_("Start"), permissions=["act"])
    def start(self, request: HttpRequest, queryset: QuerySet[Alert]) -> HttpResponse | None:
        return self.step_many(request, queryset, name="start")

    @admin.action(description=_("Assign…"), permissions=["act"])
    def assign(self, request: HttpRequest, queryset: QuerySet[Alert]) -> HttpResponse | None:
        return self.step_many(request, queryset, name="assign")

    @admin.action(description=_("Snooze…"), permissions=["act"])
    def snooze(self, request: HttpRequest, queryset: QuerySet[Alert]) -> HttpResponse | None:
        return self.step_many(request, queryset, name="snooze")

    @admin.action(description=_("Resolve…"), permissions=["act"])
    def resolve(self, request: HttpRequest, queryset: QuerySet[Alert]) -> HttpResponse | None:
        return self.step_many(request, queryset, name="resolve")

    @admin.action(description=_("False alarm…"), permissions=["act"])
    def false_alarm(self, request: HttpRequest, queryset: QuerySet[Alert]) -> HttpResponse | None:
        return self.step_many(request, queryset, name="false_alarm")


@admin.register(AlertEvent)
class AlertEventAdmin(LongReadOnlyAdmin):
    list_display = ("alert", "what", "level", "note", "shown_actor", "occurred_at")
    list_filter = ("what", "level", "occurred_at")
    list_select_related = ("alert__sku",)
    search_fields = ("actor", "note")
    exclude = ("actor",)
    readonly_fields = ("shown_actor",)
    shown_actor = actor_column("actor", _("actor"))
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        user = request.user
        visible = alerts_visible_to(user) if isinstance(user, User) else Alert.objects.none()
        return super().get_queryset(request).filter(alert__in=visible.values("pk"))


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _short_day(day: date) -> SafeString:
    """A day of this year without the year, on one line."""
    is_this_year = day.year == timezone.localtime(clock.now()).year
    return format_html('<span class="sh-instant">{}</span>', f"{day:%m-%d}" if is_this_year else f"{day:%Y-%m-%d}")


def _short(instant: datetime, kind: str = "") -> SafeString:
    """A moment of this year without the year, on one line."""
    local = timezone.localtime(instant)
    is_this_year = local.year == timezone.localtime(clock.now()).year
    return format_html('<span class="sh-instant {}">{}</span>', kind, f"{local:%m-%d %H:%M}" if is_this_year else f"{local:%Y-%m-%d %H:%M}")
