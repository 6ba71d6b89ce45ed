"""What platforms tell beside orders and stock, to look at: facts come in by connectors and files, and nobody changes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from stockhub.access.scoped_admin import ScopedAdmin
from stockhub.channels.fact_models import (
    DailyTraffic,
    FeeEstimate,
    LatestFeeEstimate,
    LatestStockAge,
    ListingCount,
    ListingSignal,
    PlatformShipment,
    SettledFee,
    Settlement,
    StockAge,
)
from stockhub.core.admin_classes import LongReadOnlyAdmin, ReadOnlyAdmin, money
from stockhub.core.exported_admin import ExportedAdmin

_OBSERVED: Mapping[str, str] = {
    "account__id__exact": "account", "observed_at__gte": "observed_from", "observed_at__lt": "observed_to",
}  # fmt: skip


@admin.register(PlatformShipment)
class PlatformShipmentAdmin(ScopedAdmin, ExportedAdmin, ReadOnlyAdmin):
    export_name = "platform-shipments"
    export_filters: ClassVar[Mapping[str, str]] = {"account__id__exact": "account", "shipment__status__exact": "status"}
    account_path = "account"
    list_display = ("external_id", "name", "account", "shipment", "told_at")
    list_filter = ("account", "shipment__status")
    list_select_related = ("account", "shipment")
    search_fields = ("=external_id", "name")
    exclude = ("told_key",)
    ordering = ("-told_at", "-id")


@admin.register(ListingCount)
class ListingCountAdmin(ScopedAdmin, LongReadOnlyAdmin):
    account_path = "listing__account"
    list_display = ("listing", "warehouse", "bucket", "qty", "observed_at")
    list_filter = ("warehouse", "bucket")
    list_select_related = ("warehouse", "listing__account")
    search_fields = ("=listing__code",)
    ordering = ("-id",)


@admin.register(StockAge)
class StockAgeAdmin(ScopedAdmin, ExportedAdmin, LongReadOnlyAdmin):
    export_name = "stock-ages"
    export_filters: ClassVar[Mapping[str, str]] = {**_OBSERVED, "warehouse__id__exact": "warehouse"}
    account_path = "account"
    list_display = (
        "sku", "warehouse", "units", "shown_surcharge", "shown_storage", "supply_days_30", "supply_days_90", "low_fee_applied",
        "observed_at", "listing", "account",
    )  # fmt: skip
    list_filter = ("account", "warehouse", "observed_at")
    list_select_related = ("sku", "warehouse", "listing__account", "account")
    search_fields = ("=sku__code",)
    ordering = ("-id",)
    shown_surcharge = money("surcharge_amount", "currency", _("expected surcharge"))
    shown_storage = money("storage_amount", "currency", _("storage a month"))


@admin.register(LatestStockAge)
class LatestStockAgeAdmin(ScopedAdmin, LongReadOnlyAdmin):
    account_path = "listing__account"
    list_display = ("sku", "warehouse", "shown_surcharge", "observed_at", "listing")
    list_filter = ("warehouse", "observed_on")
    list_select_related = ("sku", "warehouse", "listing__account")
    search_fields = ("=sku__code",)
    exclude = ("brackets",)
    ordering = ("-id",)
    shown_surcharge = money("surcharge_amount", "currency", _("expected surcharge"))


@admin.register(FeeEstimate)
class FeeEstimateAdmin(ScopedAdmin, ExportedAdmin, LongReadOnlyAdmin):
    export_name = "fee-estimates"
    export_filters: ClassVar[Mapping[str, str]] = _OBSERVED
    account_path = "account"
    list_display = ("sku", "shown_price", "shown_total", "observed_at", "listing", "account")
    list_filter = ("account", "observed_at")
    list_select_related = ("sku", "listing__account", "account")
    search_fields = ("=sku__code",)
    ordering = ("-id",)
    shown_price = money("price_amount", "currency", _("price"))
    shown_total = money("total_amount", "currency", _("fees in all"))


@admin.register(LatestFeeEstimate)
class LatestFeeEstimateAdmin(ScopedAdmin, LongReadOnlyAdmin):
    account_path = "account"
    list_display = ("sku", "shown_price", "shown_total", "observed_at", "listing", "account")
    list_filter = ("account", "observed_on")
    list_select_related = ("sku", "listing__account", "account")
    search_fields = ("=sku__code",)
    ordering = ("-id",)
    shown_price = money("price_amount", "currency", _("price of a unit"))
    shown_total = money("total_amount", "currency", _("fees of a unit"))


@admin.register(Settlement)
class SettlementAdmin(ScopedAdmin, ExportedAdmin, LongReadOnlyAdmin):
    export_name = "settled-charges"
    export_filters: ClassVar[Mapping[str, str]] = {
        "account__id__exact": "account", "posted_at__gte": "posted_from", "posted_at__lt": "posted_to",
    }  # fmt: skip
    account_path = "account"
    list_display = ("external_id", "fee", "shown_amount", "sku", "qty", "order_external_id", "posted_at", "account")
    list_filter = ("account", "posted_at")
    list_select_related = ("sku", "account")
    search_fields = ("=external_id", "=order_external_id", "=sku__code")
    ordering = ("-id",)
    shown_amount = money("amount", "currency", _("amount"))


@admin.register(SettledFee)
class SettledFeeAdmin(ScopedAdmin, LongReadOnlyAdmin):
    account_path = "account"
    list_display = ("sku", "fee", "shown_amount", "units", "posted_on", "account")
    list_filter = ("account", "fee")
    list_select_related = ("sku", "account")
    search_fields = ("=sku__code",)
    ordering = ("-id",)
    shown_amount = money("unit_amount", "currency", _("a unit"))


@admin.register(DailyTraffic)
class DailyTrafficAdmin(ScopedAdmin, ExportedAdmin, LongReadOnlyAdmin):
    export_name = "traffic"
    export_filters: ClassVar[Mapping[str, str]] = {"listing__account__id__exact": "account", "day__gte": "from", "day__lt": "to"}
    account_path = "listing__account"
    list_display = ("listing", "day", "views", "visitors", "clicks", "carts", "shown_cost", "source")
    list_filter = ("listing__account", "day")
    list_select_related = ("listing__account",)
    search_fields = ("=listing__code",)
    ordering = ("-day", "-id")
    shown_cost = money("ad_cost_amount", "currency", _("cost of advertising"))


@admin.register(ListingSignal)
class ListingSignalAdmin(ScopedAdmin, ExportedAdmin, LongReadOnlyAdmin):
    export_name = "listing-signals"
    export_filters: ClassVar[Mapping[str, str]] = {
        "listing__account__id__exact": "account", "kind__exact": "kind", "observed_at__gte": "observed_from",
        "observed_at__lt": "observed_to",
    }  # fmt: skip
    account_path = "listing__account"
    list_display = ("listing", "kind", "subject", "rival", "value", "currency", "observed_at")
    list_filter = ("listing__account", "kind", "observed_at")
    list_select_related = ("listing__account",)
    search_fields = ("=listing__code", "=rival")
    ordering = ("-id",)
