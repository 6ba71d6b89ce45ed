"""What order lines hold, in the admin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from stockhub.access.scoped_admin import ScopedAdmin
from stockhub.core.admin_classes import LongReadOnlyAdmin, money
from stockhub.core.exported_admin import ExportedAdmin
from stockhub.inventory.models import Allocation


class UnbackedFilter(admin.SimpleListFilter):
    """Lines of which units left although the ledger had none."""

    title = _("shipped without stock")
    parameter_name = "unbacked"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ANN401, ARG002 - Django's signature
        return [("1", _("Shipped without stock"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002 - Django's signature
        return queryset.filter(unbacked_qty__gt=0) if self.value() == "1" else queryset


@admin.register(Allocation)
class AllocationAdmin(ScopedAdmin, ExportedAdmin, LongReadOnlyAdmin):
    export_name = "allocations"
    export_filters: ClassVar[Mapping[str, str]] = {
        "warehouse__id__exact": "warehouse",
        "ship_by_at__lt": "ship_by_to",
        "unbacked": "unbacked",
    }
    warehouse_path = "warehouse"
    list_display = (
        "reference", "sku", "warehouse", "wanted_qty", "reserved_qty", "shipped_qty", "unbacked_qty", "shown_paid", "is_presale",
        "ordered_at", "ship_by_at",
    )  # fmt: skip
    list_filter = (UnbackedFilter, "warehouse", "is_presale", "ship_by_at")
    list_select_related = ("sku", "warehouse")
    search_fields = ("=reference", "=sku__code")
    search_help_text = _("A SKU's code or a reference, whole.")
    ordering = ("-id",)
    shown_paid = money("paid_amount", "currency", _("paid"))
