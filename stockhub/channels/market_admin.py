"""What rivals do, to look at: facts come in by `import_market`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.contrib import admin

from stockhub.access.scoped_admin import ScopedAdmin
from stockhub.channels.market_models import MarketObservation, MarketTrend
from stockhub.core.admin_classes import LongReadOnlyAdmin, ReadOnlyAdmin
from stockhub.core.exported_admin import ExportedAdmin


@admin.register(MarketObservation)
class MarketObservationAdmin(ScopedAdmin, ExportedAdmin, LongReadOnlyAdmin):
    export_name = "market-observations"
    export_filters: ClassVar[Mapping[str, str]] = {
        "account__id__exact": "account", "observed_on__gte": "observed_from", "observed_on__lt": "observed_to",
    }  # fmt: skip
    account_path = "account"
    list_display = ("sku", "rival", "observed_on", "sales_rank", "monthly_sales", "reviews", "source", "account")
    list_filter = ("account", "observed_on")
    list_select_related = ("sku", "account")
    search_fields = ("sku__code", "rival")
    ordering = ("-id",)


@admin.register(MarketTrend)
class MarketTrendAdmin(ScopedAdmin, ExportedAdmin, ReadOnlyAdmin):
    export_name = "market-trends"
    export_filters: ClassVar[Mapping[str, str]] = {"account__id__exact": "account"}
    account_path = "account"
    list_display = ("sku", "account", "observed_on", "rivals", "rank_change", "sales_change", "review_change")
    list_filter = ("account",)
    list_select_related = ("sku", "account")
    search_fields = ("sku__code", "sku__name")
    ordering = ("-observed_on", "-id")
