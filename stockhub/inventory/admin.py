"""The ledger, to look at. Stock changes through the API, imports and orders, never by a hand on a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stockhub.access.scoped_admin import ScopedAdmin
from stockhub.core import clock
from stockhub.core.admin_classes import (
    LongReadOnlyAdmin,
    ReadOnlyAdmin,
    ReadOnlyRows,
    actor_column,
    array_text,
    column,
    in_language,
    money,
    money_text,
    page_action,
)
from stockhub.core.exported_admin import ExportedAdmin
from stockhub.inventory import allocation_admin, dispute_admin
from stockhub.inventory.lots.cost_form import LotCostForm
from stockhub.inventory.lots.costs import add_costs
from stockhub.inventory.lots.worth import unit_costs
from stockhub.inventory.models import (
    Balance,
    BalanceCheckpoint,
    Bucket,
    Lot,
    LotCost,
    LotReceipt,
    Movement,
    MovementKey,
    StockHistory,
)
from stockhub.inventory.transfers import admin as transfer_admin
from stockhub.values import DomainError, Money

# Imported for the pages that they register.
__all__ = ["allocation_admin", "dispute_admin", "transfer_admin"]


@admin.register(Bucket)
class BucketAdmin(ReadOnlyAdmin):
    list_display = ("slug", "name_en", "name_zh", "counts_in_position", "is_sellable", "can_ship_today", "is_physical")
    ordering = ("position",)


@admin.register(Movement)
class MovementAdmin(ScopedAdmin, ExportedAdmin, LongReadOnlyAdmin):
    export_name = "movements"
    export_filters: ClassVar[Mapping[str, str]] = {
        "kind__exact": "kind", "warehouse__id__exact": "warehouse", "occurred_at__gte": "occurred_from", "occurred_at__lt": "occurred_to",
        "reference": "reference",
    }  # fmt: skip
    warehouse_path = "warehouse"
    list_display = (
        "id",
        "sku",
        "warehouse",
        "kind",
        "qty",
        "shown_from",
        "shown_to",
        "reference",
        "shown_actor",
        "occurred_at",
        "recorded_at",
    )
    list_filter = ("kind", "warehouse", "occurred_at")
    list_select_related = ("sku", "warehouse", "from_bucket", "to_bucket")
    search_fields = ("=sku__code", "=reference", "=key")
    search_help_text = _("A SKU's code, a reference or an idempotency key, whole.")
    ordering = ("-id",)
    exclude = ("actor",)
    readonly_fields = ("shown_actor",)
    shown_actor = actor_column("actor", _("actor"))

    @column(_("from"))
    def shown_from(self, movement: Movement) -> str:
        return in_language(movement.from_bucket) if movement.from_bucket else ""

    @column(_("to"))
    def shown_to(self, movement: Movement) -> str:
        return in_language(movement.to_bucket) if movement.to_bucket else ""


@admin.register(Balance)
class BalanceAdmin(ScopedAdmin, ExportedAdmin, LongReadOnlyAdmin):
    export_name = "balances"
    export_filters: ClassVar[Mapping[str, str]] = {"warehouse__id__exact": "warehouse", "bucket__slug__exact": "bucket"}
    warehouse_path = "warehouse"
    list_display = ("sku", "warehouse", "shown_bucket", "qty", "updated_at")
    list_filter = ("warehouse", "bucket")
    list_select_related = ("sku", "warehouse", "bucket")
    search_fields = ("sku__code", "sku__name")
    ordering = ("sku", "warehouse", "bucket__position")
    fields = ("sku", "warehouse", "shown_bucket", "qty", "updated_at")
    readonly_fields = ("shown_bucket",)

    @column(_("bucket"), ordering="bucket__position")
    def shown_bucket(self, balance: Balance) -> str:
        return in_language(balance.bucket)


class LotReceiptRows(ReadOnlyRows):
    model = LotReceipt
    fields = ("qty", "unbacked_qty", "occurred_at", "recorded_at")


class LotCostRows(ReadOnlyRows):
    model = LotCost
    fields = ("kind", "shown_amount", "rate_on", "recorded_at")
    readonly_fields = ("shown_amount",)
    shown_amount = money("unit_amount", "currency", _("amount a unit"))


@admin.register(Lot)
class LotAdmin(ScopedAdmin, ExportedAdmin, ReadOnlyAdmin):
    export_name = "lots"
    export_filters: ClassVar[Mapping[str, str]] = {
        "warehouse__id__exact": "warehouse", "grade__exact": "grade", "received_on__gte": "received_from", "received_on__lt": "received_to",
        "expires_on__lt": "expires_to",
    }  # fmt: skip
    warehouse_path = "warehouse"
    list_display = (
        "sku",
        "warehouse",
        "code",
        "received_on",
        "shown_age",
        "grade",
        "received_qty",
        "remaining_qty",
        "expires_on",
        "settled_at",
    )
    list_filter = ("warehouse", "grade", "received_on", "expires_on")
    list_select_related = ("sku", "warehouse")
    search_fields = ("sku__code", "code", "reference")
    ordering = ("-received_on", "-id")
    fields = (
        "sku", "warehouse", "code", "received_on", "shown_age", "produced_on", "expires_on", "grade", "received_qty", "remaining_qty",
        "settled_at", "shown_cost", "shown_value", "reference", "recorded_at",
    )  # fmt: skip
    readonly_fields = ("shown_age", "shown_cost", "shown_value")
    inlines = (LotCostRows, LotReceiptRows)
    actions_detail = ("add_cost",)

    @column(_("age in days"), ordering="received_on")
    def shown_age(self, lot: Lot) -> int:
        return max((clock.business_day(clock.now(), lot.warehouse.time_zone) - lot.received_on).days, 0)

    @column(_("landed cost of a unit"))
    def shown_cost(self, lot: Lot) -> str:
        cost = self._landed(lot)
        return gettext("unknown") if cost is None else money_text(cost.amount, cost.currency)

    @column(_("value of what remains"))
    def shown_value(self, lot: Lot) -> str:
        cost = self._landed(lot)
        return gettext("unknown") if cost is None else money_text((cost * lot.remaining_qty).amount, cost.currency)

    def _landed(self, lot: Lot) -> Money | None:
        return unit_costs([lot.pk], settings.STOCKHUB_BASE_CURRENCY).get(lot.pk)

    @page_action(_("Add a late invoice"), icon="receipt_long", permission="cost")
    def add_cost(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A form on GET; on POST a further part of what the lot cost. Nothing is overwritten."""
        self.refuse_unless(allowed=self.has_cost_permission(request))
        lot = self.visible_or_404(request, object_id)
        form = LotCostForm(request.POST or None, initial={"currency": settings.STOCKHUB_BASE_CURRENCY})
        if request.method == "POST" and form.is_valid():
            try:
                add_costs(lot_id=lot.pk, costs=[form.cost()], idempotency_key=form.cleaned_data["key"])
            except DomainError as error:
                self.tell_error(request, error)
                return self.back_to(lot.pk)
            self.tell(request, gettext("The cost is added."))
            return self.back_to(lot.pk)
        return self.form_page(request, title=f"{lot}: {gettext('Add a late invoice')}", form=form, submit=_("Add"))

    def has_cost_permission(self, request: HttpRequest, object_id: object = None) -> bool:  # noqa: ARG002 - Unfold's signature
        return request.user.has_perm("inventory.add_lotcost")


@admin.register(LotCost)
class LotCostAdmin(ScopedAdmin, ExportedAdmin, ReadOnlyAdmin):
    export_name = "lot-costs"
    export_filters: ClassVar[Mapping[str, str]] = {"kind__exact": "kind"}
    warehouse_path = "lot__warehouse"
    list_display = ("lot", "kind", "shown_amount", "rate_on", "recorded_at")
    list_filter = ("kind",)
    list_select_related = ("lot__sku",)
    search_fields = ("lot__code", "lot__sku__code")
    ordering = ("-id",)
    fields = ("lot", "kind", "shown_amount", "rate_on", "recorded_at")
    readonly_fields = ("shown_amount",)
    shown_amount = money("unit_amount", "currency", _("amount a unit"))


@admin.register(LotReceipt)
class LotReceiptAdmin(ScopedAdmin, LongReadOnlyAdmin):
    warehouse_path = "lot__warehouse"
    list_display = ("lot", "qty", "unbacked_qty", "occurred_at", "recorded_at", "sellable_before_qty", "unsellable_before_qty")
    list_filter = ("occurred_at",)
    list_select_related = ("lot__sku",)
    search_fields = ("=lot__code", "=lot__sku__code")
    ordering = ("-id",)


@admin.register(BalanceCheckpoint)
class BalanceCheckpointAdmin(ScopedAdmin, LongReadOnlyAdmin):
    warehouse_path = "warehouse"
    list_display = ("at", "sku", "warehouse", "shown_bucket", "qty")
    list_filter = ("at", "warehouse")
    list_select_related = ("sku", "warehouse", "bucket")
    search_fields = ("=sku__code",)
    search_help_text = _("A SKU's code, whole.")
    ordering = ("-id",)
    fields = ("at", "sku", "warehouse", "shown_bucket", "qty")
    readonly_fields = ("shown_bucket",)

    @column(_("bucket"), ordering="bucket__position")
    def shown_bucket(self, checkpoint: BalanceCheckpoint) -> str:
        return in_language(checkpoint.bucket)


@admin.register(MovementKey)
class MovementKeyAdmin(LongReadOnlyAdmin):
    list_display = ("key", "fingerprint", "recorded_at")
    search_fields = ("key__startswith",)
    ordering = ("-recorded_at",)


@admin.register(StockHistory)
class StockHistoryAdmin(ScopedAdmin, ReadOnlyAdmin):
    warehouse_path = "warehouse"
    list_display = ("sku", "warehouse", "first_on", "shown_days", "updated_at")
    list_filter = ("warehouse",)
    list_select_related = ("sku", "warehouse")
    search_fields = ("sku__code",)
    ordering = ("sku", "warehouse")
    fields = ("sku", "warehouse", "first_on", "shown_days", "shown_qty", "updated_at")
    readonly_fields = ("shown_days", "shown_qty")

    @column(_("days"))
    def shown_days(self, history: StockHistory) -> int:
        return len(history.qty)

    @column(_("stock at the day's end"))
    def shown_qty(self, history: StockHistory) -> SafeString:
        return array_text(history.qty)
