"""Planned events, adjustments, signals, marked days and like SKUs, to change; what events lift, to state; sales of events, to look at."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from stockhub.access.scoped_admin import ScopedAdmin
from stockhub.catalog.pooled_admin import PooledAdmin
from stockhub.core import actor
from stockhub.core.admin_classes import ReadOnlyAdmin, column
from stockhub.demand.models import (
    ContingencyPlan,
    DayMark,
    EventLift,
    EventSales,
    ForecastAdjustment,
    LaunchAnalogue,
    MarketSignal,
    PlannedEvent,
)
from stockhub.outbox.recorded_admin import ConfigurationAdmin, RecordedAdmin

_TARGET: Final[Any] = (_("For what"), {"fields": (("sku", "category"), ("account", "pool"))})


class DatedPlanAdmin(ScopedAdmin, PooledAdmin, ConfigurationAdmin):
    """A plan says for what, from when to when and why; who made it is written down."""

    account_path = "account"
    unowned_is_shared = True
    unpooled_is_shared = True
    list_select_related = ("sku", "category", "account", "pool")
    search_fields = ("code", "reason", "sku__code", "sku__name")
    autocomplete_fields: ClassVar[Any] = ("sku", "category", "account", "pool")
    readonly_fields: ClassVar[Any] = ("made_by",)
    ordering = ("-starts_on", "code")
    date_hierarchy = "starts_on"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: ANN401, FBT001 - Django's signature
        obj.made_by = obj.made_by or actor.current().label
        super().save_model(request, obj, form, change)


@admin.register(PlannedEvent)
class PlannedEventAdmin(DatedPlanAdmin):
    list_display = ("code", "name", "kind", "event_type", "starts_on", "ends_on", "expected_lift", "account", "pool", "category", "sku")
    list_filter = ("kind", "event_type", "account", "pool")
    fieldsets = (
        (None, {"fields": (("code", "name"), ("kind", "event_type"), ("starts_on", "ends_on", "ends_time"), "reason", "made_by")}),
        _TARGET,
        (_("What it does"), {"fields": (("expected_lift", "expected_units", "safety_stock_factor"),)}),
        (_("Delay of supply"), {"fields": (("extra_lead_time_days", "supplier", "supplier_country"),)}),
    )
    autocomplete_fields: ClassVar[Any] = (*DatedPlanAdmin.autocomplete_fields, "supplier")


@admin.register(ContingencyPlan)
class ContingencyPlanAdmin(ScopedAdmin, ConfigurationAdmin):
    account_path = "account"
    unowned_is_shared = True
    list_display = ("code", "event_type", "account", "days_before", "plan")
    list_filter = ("event_type", "account")
    list_select_related = ("account",)
    search_fields = ("code", "event_type", "plan")
    autocomplete_fields = ("account",)
    ordering = ("event_type", "code")
    fields = (("code", "event_type"), ("account", "days_before"), "plan", "tasks")


@admin.register(ForecastAdjustment)
class ForecastAdjustmentAdmin(DatedPlanAdmin):
    list_display = ("code", "factor", "locked_units", "starts_on", "ends_on", "sku", "category", "account", "pool", "made_by", "reason")
    list_filter = ("account", "pool", "made_by")
    fieldsets = (
        (None, {"fields": ("code", ("factor", "locked_units"), ("starts_on", "ends_on"), "reason", "made_by")}),
        _TARGET,
    )


@admin.register(DayMark)
class DayMarkAdmin(DatedPlanAdmin):
    list_display = ("code", "treatment", "units", "starts_on", "ends_on", "sku", "category", "account", "pool", "made_by", "reason")
    list_filter = ("treatment", "account", "pool", "made_by")
    fieldsets = (
        (None, {"fields": ("code", ("treatment", "units"), ("starts_on", "ends_on"), "reason", "made_by")}),
        _TARGET,
    )


@admin.register(LaunchAnalogue)
class LaunchAnalogueAdmin(ConfigurationAdmin):
    list_display = ("sku", "like_sku", "scale", "ends_on", "made_by", "reason")
    list_filter = ("made_by",)
    list_select_related = ("sku", "like_sku")
    search_fields = ("sku__code", "sku__name", "like_sku__code", "reason")
    autocomplete_fields = ("sku", "like_sku")
    readonly_fields: ClassVar[Any] = ("made_by",)
    ordering = ("sku__code",)
    fields = (("sku", "like_sku"), ("scale", "ends_on"), "reason", "made_by")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: ANN401, FBT001 - Django's signature
        obj.made_by = obj.made_by or actor.current().label
        super().save_model(request, obj, form, change)


@admin.register(MarketSignal)
class MarketSignalAdmin(DatedPlanAdmin):
    list_display = ("code", "kind", "factor", "starts_on", "ends_on", "expired_on", "sku", "category", "account", "pool", "made_by")
    list_filter = ("kind", "account", "pool")
    readonly_fields = ("made_by", "expired_on", "rate_before", "rate_since")
    fieldsets = (
        (None, {"fields": (("code", "kind"), "factor", ("starts_on", "ends_on"), "reason", ("source", "made_by"))}),
        _TARGET,
        (_("What was observed"), {"fields": (("value_before", "value_after"), "must_be_followed")}),
        (_("How it ended"), {"fields": ("expired_on", ("rate_before", "rate_since"))}),
    )


@admin.register(EventLift)
class EventLiftAdmin(ScopedAdmin, RecordedAdmin):
    account_path = "account"
    unowned_is_shared = True
    list_display = ("event_type", "account", "shown_observed", "shown_lift", "shown_dip", "stated_lift", "sku_events", "updated_at")
    list_filter = ("account",)
    list_select_related = ("account",)
    search_fields = ("event_type",)
    autocomplete_fields = ("account",)
    ordering = ("event_type", "account")
    fields = (("event_type", "account"), "stated_lift", ("observed_lift", "lift", "dip"), ("sku_events", "updated_at"))
    readonly_fields = ("observed_lift", "lift", "dip", "sku_events", "updated_at")

    @column(_("observed lift"))
    def shown_observed(self, lift: EventLift) -> str:
        return _factor(lift.observed_lift)

    @column(_("learned lift"))
    def shown_lift(self, lift: EventLift) -> str:
        return _factor(lift.lift)

    @column(_("demand after it"))
    def shown_dip(self, lift: EventLift) -> str:
        return _factor(lift.dip)


@admin.register(EventSales)
class EventSalesAdmin(PooledAdmin, ReadOnlyAdmin):
    list_display = ("sku", "pool", "event_type", "account", "first_on", "last_on", "sold_units", "shown_baseline")
    list_filter = ("event_type", "account", "pool")
    list_select_related = ("sku", "pool", "account")
    search_fields = ("sku__code", "event_key")
    ordering = ("-last_on", "sku", "pool")
    fields = (
        "sku", "pool", "account", "event_key", "event_type", "first_on", "last_on", "sold_units", "baseline_units", "log_lift",
        "dip_sold_units", "dip_baseline_units",
    )  # fmt: skip

    @column(_("baseline"))
    def shown_baseline(self, sales: EventSales) -> str:
        return f"{sales.baseline_units:.1f}"


def _factor(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
