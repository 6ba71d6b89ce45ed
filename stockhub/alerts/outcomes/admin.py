"""What became of alerts, and the stock-outs that there were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from stockhub.access.models import User
from stockhub.alerts.models import Alert, AlertOutcome, Outcome, StockoutEvent, StockoutOutcome
from stockhub.alerts.outcomes.selectors import stockouts_visible_to
from stockhub.alerts.selectors import alerts_visible_to, kind_info
from stockhub.core.admin_classes import LongReadOnlyAdmin, column, money_text, status_badge
from stockhub.core.exported_admin import ExportedAdmin

_COLOURS = {
    Outcome.TRUE_POSITIVE: "success",
    Outcome.AVERTED: "success",
    Outcome.FALSE_POSITIVE: "danger",
    Outcome.LATE: "warning",
    Outcome.CENSORED: "default",
}
_STOCKOUT_COLOURS = {
    StockoutOutcome.DETECTED: "success",
    StockoutOutcome.MISSED: "danger",
    StockoutOutcome.UNFORESEEABLE: "default",
    StockoutOutcome.WITHDRAWN: "default",
}


@admin.register(AlertOutcome)
class AlertOutcomeAdmin(LongReadOnlyAdmin):
    list_display = (
        "shown_kind", "alert", "raised_on", "shown_outcome", "onset_on", "lead_days", "is_actionable", "version",
        "is_current", "recorded_at",
    )  # fmt: skip
    list_filter = ("outcome", "is_current", "reason", "kind", "raised_on")
    list_select_related = ("alert__sku",)
    search_fields = ("alert__sku__code", "kind")
    ordering = ("-id",)
    shown_outcome = status_badge("outcome", _("outcome"), _COLOURS)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        user = request.user
        visible = alerts_visible_to(user) if isinstance(user, User) else Alert.objects.none()
        return super().get_queryset(request).filter(alert__in=visible.order_by().values("pk"))

    @column(_("kind"), ordering="kind")
    def shown_kind(self, outcome: AlertOutcome) -> str:
        return kind_info(outcome.kind).label


@admin.register(StockoutEvent)
class StockoutEventAdmin(ExportedAdmin, LongReadOnlyAdmin):
    export_name = "stockouts"
    export_filters: ClassVar[Mapping[str, str]] = {
        "outcome__exact": "outcome", "pool__id__exact": "pool", "onset_on__gte": "onset_from", "onset_on__lt": "onset_to",
    }  # fmt: skip
    list_display = (
        "sku", "pool", "onset_on", "ended_on", "shown_outcome", "lead_days", "is_actionable", "lost_units", "shown_lost_money", "version",
        "is_current",
    )  # fmt: skip
    list_filter = ("outcome", "is_current", "reason", "pool", "onset_on")
    list_select_related = ("sku", "pool")
    search_fields = ("sku__code", "sku__name")
    ordering = ("-onset_on", "-id")
    shown_outcome = status_badge("outcome", _("outcome"), _STOCKOUT_COLOURS)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        user = request.user
        visible = stockouts_visible_to(user) if isinstance(user, User) else StockoutEvent.objects.none()
        return visible.order_by(*self.ordering)

    @column(_("sales lost"), ordering="lost_amount")
    def shown_lost_money(self, event: StockoutEvent) -> str:
        return money_text(event.lost_amount, settings.STOCKHUB_BASE_CURRENCY)
