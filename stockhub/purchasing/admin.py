"""What has been ordered and what is on its way."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.shortcuts import redirect
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
from stockhub.purchasing.services import (
    OrderLineInput,
    PurchaseOrderInput,
    ShipmentInput,
    ShipmentLineInput,
    upsert_purchase_order,
    upsert_shipment,
)
from stockhub.values import DomainError

_ORDER_COLOURS = {PurchaseOrderStatus.OPEN: "info", PurchaseOrderStatus.RECEIVED: "success", PurchaseOrderStatus.CANCELLED: "warning"}
_SHIPMENT_COLOURS = {
    ShipmentStatus.PLANNED: "info",
    ShipmentStatus.IN_TRANSIT: "info",
    ShipmentStatus.RECEIVING: "info",
    ShipmentStatus.RECEIVED: "success",
    ShipmentStatus.CANCELLED: "warning",
}


class SupplyAdmin(ScopedAdmin, ConfigurationAdmin):
    """Documents that the ledger follows: saved by their service, which posts what changed, and cancelled instead of deleted."""

    @abstractmethod
    def tell_service(self, request: HttpRequest, form: Any, lines: list[dict[str, Any]]) -> int:  # noqa: ANN401 - a model form
        """Hands the document to its service and gives its id."""

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None) -> Any:  # noqa: ANN401
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as error:
            self.tell_error(request, error)
            return redirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: ANN401, FBT001 - Django's signature
        """Nothing yet: the service takes the document together with its lines."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: ANN401, ARG002, FBT001 - Django's
        given = [line.cleaned_data for formset in formsets for line in formset.forms if formset.model is not ShipmentEvent]
        lines = [data for data in given if data.get("sku") and not data.get("DELETE")]
        form.instance.pk = self.tell_service(request, form, lines)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:  # noqa: ANN401, ARG002, FBT001, FBT002
        """The service wrote the lines, so the formsets know nothing of them."""
        return super().construct_change_message(request, form, [], add)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ANN401, ARG002 - Django's
        """A document keeps its code and its warehouse."""
        return ("code", "warehouse") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002 - Django's signature
        return False


def _text(form: Any, name: str) -> str:  # noqa: ANN401 - a model form
    """The code of an object that a form names, or that its document keeps."""
    found = form.cleaned_data.get(name) or getattr(form.instance, name, None)
    return found.code if found is not None and hasattr(found, "code") else str(found or "")


class PurchaseOrderLineRows(RowsInline):
    model = PurchaseOrderLine
    fields = ("line_no", "sku", "ordered_qty", "unit_price_amount", "promised_on", "shipped_qty", "received_qty")
    readonly_fields = ("shipped_qty", "received_qty")
    autocomplete_fields = ("sku",)

    def get_queryset(self, request: HttpRequest) -> Any:  # noqa: ANN401 - Django's
        return super().get_queryset(request).select_related("sku", "purchase_order").order_by("line_no")


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(SupplyAdmin):
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
            code=_text(form, "code"),
            supplier=_text(form, "supplier"),
            warehouse=_text(form, "warehouse"),
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
class ShipmentAdmin(SupplyAdmin):
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

    @abstractmethod
    def tell_service(self, request: HttpRequest, form: Any, lines: list[dict[str, Any]]) -> int:  # noqa: ANN401
        data = form.cleaned_data
        row = ShipmentInput(
            code=_text(form, "code"),
            warehouse=_text(form, "warehouse"),
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
