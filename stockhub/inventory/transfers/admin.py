"""Transfers, told to their service, and the tasks that documents leave behind."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from stockhub.access.document_admin import DocumentAdmin, code_of
from stockhub.access.models import User
from stockhub.access.scoped_admin import ScopedAdmin
from stockhub.access.scopes import visible_warehouse_ids
from stockhub.core import clock
from stockhub.core.admin_classes import ReadOnlyAdmin, ReadOnlyRows, RowsInline, column, status_badge
from stockhub.core.exported_admin import ExportedAdmin
from stockhub.core.unset import UNSET
from stockhub.inventory.models import (
    StockVariance,
    Transfer,
    TransferEvent,
    TransferLine,
    TransferLot,
    TransferStatus,
    VarianceStatus,
)
from stockhub.inventory.services import TransferInput, TransferLineInput, resolve_variance, upsert_transfer
from stockhub.inventory.transfers.models import UNDER_WAY
from stockhub.inventory.transfers.selectors import late_days
from stockhub.inventory.transfers.variances import VarianceOutcome
from stockhub.values import DomainError

_TRANSFER_COLOURS = {
    TransferStatus.PLANNED: "info",
    TransferStatus.IN_TRANSIT: "info",
    TransferStatus.RECEIVING: "info",
    TransferStatus.RECEIVED: "success",
    TransferStatus.CANCELLED: "warning",
}
_VARIANCE_COLOURS = {
    VarianceStatus.OPEN: "danger",
    VarianceStatus.ACCEPTED: "warning",
    VarianceStatus.FOUND: "success",
    VarianceStatus.WITHDRAWN: "info",
}


def _today() -> Any:  # noqa: ANN401 - a day
    return clock.business_day(clock.now(), settings.STOCKHUB_TIME_ZONE)


class LateFilter(admin.SimpleListFilter):
    """Under way and past their expected day (H83)."""

    title = _("late")
    parameter_name = "late"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ANN401, ARG002 - Django's signature
        return [("yes", _("Late"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002 - Django's signature
        if self.value() != "yes":
            return queryset
        return queryset.filter(status__in=UNDER_WAY, expected_on__lt=_today())


@column(_("days late"), ordering="expected_on")
def shown_late(_admin: Any, document: Any) -> int | str:  # noqa: ANN401 - a transfer or a shipment
    """A column of transfers and shipments; empty where they are not late."""
    return late_days(status=document.status, expected_on=document.expected_on, today=_today()) or ""


class TransferLineRows(RowsInline):
    """A transfer keeps its lines: what did not come is what was not received."""

    model = TransferLine
    can_delete = False
    fields = ("line_no", "sku", "bundle", "bucket", "planned_qty", "shipped_qty", "received_qty", "damaged_qty", "freight_amount",
              "freight_currency")  # fmt: skip
    readonly_fields = ("bundle",)
    autocomplete_fields = ("sku",)

    def get_queryset(self, request: HttpRequest) -> Any:  # noqa: ANN401 - Django's
        return super().get_queryset(request).select_related("sku", "bundle", "transfer", "bucket").order_by("line_no", "sku_id")


class TransferEventRows(ReadOnlyRows):
    model = TransferEvent
    fields = ("status", "expected_on", "occurred_at", "recorded_at")
    ordering = ("occurred_at", "id")


@admin.register(Transfer)
class TransferAdmin(ExportedAdmin, DocumentAdmin):
    export_name = "transfers"
    export_filters: ClassVar[Mapping[str, str]] = {
        "status__exact": "status", "mode": "mode", "from_warehouse__id__exact": "from_warehouse", "to_warehouse__id__exact": "to_warehouse",
        "expected_on__gte": "expected_from", "expected_on__lt": "expected_to",
    }  # fmt: skip
    fixed_fields = ("code", "from_warehouse", "to_warehouse")
    list_display = (
        "code", "from_warehouse", "to_warehouse", "shown_status", "mode", "shipped_on", "expected_on", "received_on", "shown_late",
    )  # fmt: skip
    list_filter = ("status", LateFilter, "from_warehouse", "to_warehouse", "mode", "expected_on")
    list_select_related = ("from_warehouse", "to_warehouse")
    search_fields = ("code", "lines__sku__code")
    autocomplete_fields = ("from_warehouse", "to_warehouse")
    ordering = ("-id",)
    fields = (("code", "status"), ("from_warehouse", "to_warehouse"), "mode", ("shipped_on", "expected_on", "received_on"))
    inlines = (TransferLineRows, TransferEventRows)
    shown_status = status_badge("status", _("status"), _TRANSFER_COLOURS)
    shown_late = shown_late

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Those that leave or reach a warehouse that the user sees."""
        queryset: QuerySet[Any] = super().get_queryset(request)
        ids = visible_warehouse_ids(request.user) if isinstance(request.user, User) else set()
        return queryset if ids is None else queryset.filter(Q(from_warehouse_id__in=ids) | Q(to_warehouse_id__in=ids))

    def tell_service(self, request: HttpRequest, form: Any, lines: list[dict[str, Any]]) -> int:  # noqa: ANN401, ARG002
        data = form.cleaned_data
        row = TransferInput(
            code=code_of(form, "code"),
            from_warehouse=code_of(form, "from_warehouse"),
            to_warehouse=code_of(form, "to_warehouse"),
            status=data["status"],
            mode=data["mode"],
            shipped_on=data["shipped_on"],
            expected_on=data["expected_on"],
            received_on=data["received_on"],
            lines=_lines(lines),
        )
        return int(upsert_transfer(row).pk)


def _lines(rows: list[dict[str, Any]]) -> list[TransferLineInput]:
    """The lines of a form. Where nothing was received and nothing is entered, nothing is said: it came in whole, or not yet."""
    received = dict(TransferLine.objects.filter(pk__in=[row["id"].pk for row in rows if row.get("id")]).values_list("pk", "received_qty"))
    return [
        TransferLineInput(
            sku=row["sku"].code,
            line_no=row["line_no"],
            planned_qty=row["planned_qty"],
            shipped_qty=row["shipped_qty"] or 0,
            received_qty=row["received_qty"] if row["received_qty"] or (row.get("id") and received[row["id"].pk]) else UNSET,
            damaged_qty=row["damaged_qty"] or 0,
            bucket=row["bucket"].pk if row["bucket"] else UNSET,
            freight_amount=row["freight_amount"],
            freight_currency=row["freight_currency"],
        )
        for row in rows
    ]


@admin.register(TransferLot)
class TransferLotAdmin(ScopedAdmin, ReadOnlyAdmin):
    """Which lots left with a transfer."""

    warehouse_path = "line__transfer__to_warehouse"
    list_display = ("line", "lot", "qty", "arrived_qty")
    list_select_related = ("line__transfer", "lot__sku")
    search_fields = ("line__transfer__code", "lot__code", "line__sku__code")
    ordering = ("-id",)


@admin.register(StockVariance)
class StockVarianceAdmin(ScopedAdmin, ExportedAdmin, ReadOnlyAdmin):
    """Tasks: somebody finds out what became of the units, and says so by an action."""

    export_name = "variances"
    export_filters: ClassVar[Mapping[str, str]] = {
        "status__exact": "status", "kind__exact": "document", "warehouse__id__exact": "warehouse", "opened_at__gte": "opened_from",
        "opened_at__lt": "opened_to", "reference": "reference",
    }  # fmt: skip
    warehouse_path = "warehouse"
    list_display = (
        "reference", "line_no", "sku", "warehouse", "expected_qty", "found_qty", "shown_pct", "shown_status", "opened_at", "resolved_by",
    )  # fmt: skip
    list_filter = ("status", "kind", "warehouse", "opened_at")
    list_select_related = ("sku", "warehouse")
    search_fields = ("=reference", "=sku__code")
    search_help_text = _("A SKU's code or a reference, whole.")
    ordering = ("-opened_at", "-id")
    actions = ("accept", "find")
    shown_status = status_badge("status", _("status"), _VARIANCE_COLOURS)

    @column(_("variance"))
    def shown_pct(self, variance: StockVariance) -> str:
        return "" if variance.variance_pct is None else f"{variance.variance_pct:+} %"

    def has_resolve_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("inventory.change_stockvariance")

    @admin.action(description=_("Accept: write missing units off"), permissions=["resolve"])
    def accept(self, request: HttpRequest, queryset: QuerySet[StockVariance]) -> None:
        self._resolve(request, queryset, VarianceOutcome.ACCEPTED)

    @admin.action(description=_("Found: receive all missing units"), permissions=["resolve"])
    def find(self, request: HttpRequest, queryset: QuerySet[StockVariance]) -> None:
        self._resolve(request, queryset, VarianceOutcome.FOUND)

    def _resolve(self, request: HttpRequest, queryset: QuerySet[StockVariance], outcome: VarianceOutcome) -> None:
        done = 0
        for variance in queryset.order_by("id"):
            try:
                resolve_variance(variance_id=variance.pk, resolution=outcome, idempotency_key=f"admin:{uuid.uuid4()}")
                done += 1
            except DomainError as error:
                self.tell_error(request, error)
        if done:
            self.tell(request, str(_("Resolved: %(count)d")) % {"count": done})
