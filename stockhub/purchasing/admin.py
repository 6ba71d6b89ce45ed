"""What has been ordered and what is on its way."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from stockhub.access.scoped_admin import ScopedAdmin
from stockhub.core.admin_classes import ReadOnlyAdmin, ReadOnlyRows, RowsInline, column, status_badge
from stockhub.outbox.recorded_admin import ConfigurationAdmin
from stockhub.purchasing.models import (
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderStatus,
    Shipment,
    ShipmentEvent,
    ShipmentLine,
    ShipmentStatus,
)

_ORDER_COLOURS = {PurchaseOrderStatus.OPEN: "info", PurchaseOrderStatus.RECEIVED: "success", PurchaseOrderStatus.CANCELLED: "warning"}
_SHIPMENT_COLOURS = {
    ShipmentStatus.PLANNED: "info",
    ShipmentStatus.IN_TRANSIT: "info",
    ShipmentStatus.RECEIVING: "info",
    ShipmentStatus.RECEIVED: "success",
    ShipmentStatus.CANCELLED: "warning",
}


class PurchaseOrderLineRows(RowsInline):
    model = PurchaseOrderLine
    fields = ("line_no", "sku", "ordered_qty", "shipped_qty", "received_qty", "unit_price_amount", "promised_on")
    autocomplete_fields = ("sku",)

    def get_queryset(self, request: HttpRequest) -> Any:  # noqa: ANN401 - Django's
        return super().get_queryset(request).select_related("sku", "purchase_order").order_by("line_no")


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(ScopedAdmin, ConfigurationAdmin):
    warehouse_path = "warehouse"
    list_display = ("code", "supplier", "warehouse", "shown_status", "ordered_on", "promised_on", "currency", "shown_lines", "shown_open")
    list_filter = ("status", "supplier", "warehouse", "ordered_on")
    list_select_related = ("supplier", "warehouse")
    search_fields = ("code", "supplier__code", "supplier__name")
    autocomplete_fields = ("supplier", "warehouse")
    ordering = ("-ordered_on", "-id")
    fields = (("code", "status"), ("supplier", "warehouse"), ("ordered_on", "promised_on"), "currency")
    inlines = (PurchaseOrderLineRows,)
    shown_status = status_badge("status", _("status"), _ORDER_COLOURS)

    def get_queryset(self, request: HttpRequest) -> Any:  # noqa: ANN401 - Django's
        return super().get_queryset(request).prefetch_related("lines")

    @column(_("lines"))
    def shown_lines(self, order: PurchaseOrder) -> int:
        return len(order.lines.all())

    @column(_("units open"))
    def shown_open(self, order: PurchaseOrder) -> int:
        return sum(max(line.ordered_qty - line.received_qty, 0) for line in order.lines.all())


class ShipmentLineRows(RowsInline):
    model = ShipmentLine
    fields = ("line_no", "sku", "order_line", "shipped_qty", "received_qty")
    autocomplete_fields = ("sku", "order_line")

    def get_queryset(self, request: HttpRequest) -> Any:  # noqa: ANN401 - Django's
        return super().get_queryset(request).select_related("sku", "shipment", "order_line__purchase_order").order_by("line_no")


class ShipmentEventRows(ReadOnlyRows):
    model = ShipmentEvent
    fields = ("status", "expected_on", "occurred_at", "recorded_at")
    ordering = ("occurred_at", "id")


@admin.register(Shipment)
class ShipmentAdmin(ScopedAdmin, ConfigurationAdmin):
    warehouse_path = "warehouse"
    list_display = ("code", "warehouse", "supplier", "shown_status", "mode", "shipped_on", "expected_on", "received_on")
    list_filter = ("status", "warehouse", "mode", "expected_on")
    list_select_related = ("warehouse", "supplier")
    search_fields = ("code", "supplier__code", "supplier__name")
    autocomplete_fields = ("warehouse", "supplier")
    ordering = ("-shipped_on", "-id")
    fields = (("code", "status"), ("warehouse", "supplier"), "mode", ("shipped_on", "expected_on", "received_on"))
    inlines = (ShipmentLineRows, ShipmentEventRows)
    shown_status = status_badge("status", _("status"), _SHIPMENT_COLOURS)


@admin.register(PurchaseOrderLine)
class PurchaseOrderLineAdmin(ScopedAdmin, ReadOnlyAdmin):
    """Found by shipments' lines; changed on the page of its order."""

    warehouse_path = "purchase_order__warehouse"
    list_display = ("purchase_order", "line_no", "sku", "ordered_qty", "shipped_qty", "received_qty", "promised_on")
    list_select_related = ("purchase_order", "sku")
    search_fields = ("purchase_order__code", "sku__code")
    ordering = ("purchase_order__code", "line_no")
