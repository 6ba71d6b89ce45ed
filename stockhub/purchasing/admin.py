"""What has been ordered and what is on its way."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from stockhub.access.document_admin import DocumentAdmin, code_of
from stockhub.access.scoped_admin import ScopedAdmin
from stockhub.core.admin_classes import ReadOnlyAdmin, ReadOnlyRows, RowsInline, column, status_badge
from stockhub.inventory.transfers.admin import LateFilter, shown_late
from stockhub.purchasing.models import (
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderStatus,
    Shipment,
    ShipmentEvent,
    ShipmentLine,
    ShipmentStatus,
)
from stockhub.purchasing.services import (
    OrderLineInput,
    PurchaseOrderInput,
    ShipmentInput,
    ShipmentLineInput,
    upsert_purchase_order,
    upsert_shipment,
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
    fields = ("line_no", "sku", "ordered_qty", "unit_price_amount", "promised_on", "shipped_qty", "received_qty")
    readonly_fields = ("shipped_qty", "received_qty")
    autocomplete_fields = ("sku",)

    def get_queryset(self, request: HttpRequest) -> Any:  # noqa: ANN401 - Django's
        return super().get_queryset(request).select_related("sku", "purchase_order").order_by("line_no")


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(DocumentAdmin):
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

    @abstractmethod
    def tell_service(self, request: HttpRequest, form: Any, lines: list[dict[str, Any]]) -> int:  # noqa: ANN401
        data = form.cleaned_data
        row = PurchaseOrderInput(
            code=code_of(form, "code"),
            supplier=code_of(form, "supplier"),
            warehouse=code_of(form, "warehouse"),
            status=data["status"],
            currency=data["currency"],
            ordered_on=data["ordered_on"],
            promised_on=data["promised_on"],
            lines=[_order_line(line) for line in lines],
        )
        return int(upsert_purchase_order(row).pk)

    @column(_("lines"))
    def shown_lines(self, order: PurchaseOrder) -> int:
        return len(order.lines.all())

    @column(_("units open"))
    def shown_open(self, order: PurchaseOrder) -> int:
        return sum(max(line.ordered_qty - line.received_qty, 0) for line in order.lines.all())


def _order_line(line: dict[str, Any]) -> OrderLineInput:
    return OrderLineInput(
        sku=line["sku"].code,
        ordered_qty=line["ordered_qty"],
        line_no=line["line_no"],
        unit_price_amount=line["unit_price_amount"],
        promised_on=line["promised_on"],
    )


class ShipmentLineRows(RowsInline):
    """A shipment keeps its lines: what did not come is what was not received."""

    model = ShipmentLine
    can_delete = False
    fields = ("line_no", "sku", "order_line", "shipped_qty", "received_qty")
    autocomplete_fields = ("sku", "order_line")

    def get_queryset(self, request: HttpRequest) -> Any:  # noqa: ANN401 - Django's
        return super().get_queryset(request).select_related("sku", "shipment", "order_line__purchase_order").order_by("line_no")


class ShipmentEventRows(ReadOnlyRows):
    model = ShipmentEvent
    fields = ("status", "expected_on", "occurred_at", "recorded_at")
    ordering = ("occurred_at", "id")


@admin.register(Shipment)
class ShipmentAdmin(DocumentAdmin):
    warehouse_path = "warehouse"
    list_display = ("code", "warehouse", "supplier", "shown_status", "mode", "shipped_on", "expected_on", "received_on", "shown_late")
    list_filter = ("status", LateFilter, "warehouse", "mode", "expected_on")
    list_select_related = ("warehouse", "supplier")
    search_fields = ("code", "supplier__code", "supplier__name")
    autocomplete_fields = ("warehouse", "supplier")
    ordering = ("-shipped_on", "-id")
    fields = (("code", "status"), ("warehouse", "supplier"), "mode", ("shipped_on", "expected_on", "received_on"))
    inlines = (ShipmentLineRows, ShipmentEventRows)
    shown_status = status_badge("status", _("status"), _SHIPMENT_COLOURS)
    shown_late = shown_late

    @abstractmethod
    def tell_service(self, request: HttpRequest, form: Any, lines: list[dict[str, Any]]) -> int:  # noqa: ANN401
        data = form.cleaned_data
        row = ShipmentInput(
            code=code_of(form, "code"),
            warehouse=code_of(form, "warehouse"),
            supplier=data["supplier"].code if data["supplier"] else None,
            status=data["status"],
            mode=data["mode"],
            shipped_on=data["shipped_on"],
            expected_on=data["expected_on"],
            received_on=data["received_on"],
            lines=[_shipment_line(line) for line in lines],
        )
        return int(upsert_shipment(row).pk)


def _shipment_line(line: dict[str, Any]) -> ShipmentLineInput:
    ordered = line["order_line"]
    return ShipmentLineInput(
        sku=line["sku"].code,
        shipped_qty=line["shipped_qty"],
        received_qty=line["received_qty"],
        line_no=line["line_no"],
        purchase_order=ordered.purchase_order.code if ordered else "",
        order_line_no=ordered.line_no if ordered else None,
    )


@admin.register(PurchaseOrderLine)
class PurchaseOrderLineAdmin(ScopedAdmin, ReadOnlyAdmin):
    """Found by shipments' lines; changed on the page of its order."""

    warehouse_path = "purchase_order__warehouse"
    list_display = ("purchase_order", "line_no", "sku", "ordered_qty", "shipped_qty", "received_qty", "promised_on")
    list_select_related = ("purchase_order", "sku")
    search_fields = ("purchase_order__code", "sku__code")
    ordering = ("purchase_order__code", "line_no")
