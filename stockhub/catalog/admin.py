"""What is sold and where it lies."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from stockhub.access import grants
from stockhub.access.models import ScopeKind
from stockhub.access.scoped_admin import ScopedAdmin
from stockhub.access.services import grant_makers
from stockhub.catalog import benchmark_admin, override_admin  # noqa: F401 - its pages register themselves
from stockhub.catalog.attributes import require_attributes
from stockhub.catalog.models import (
    BundleComponent,
    Category,
    CategoryMapping,
    ExchangeRate,
    PoolWarehouse,
    Product,
    Season,
    Sku,
    SkuRelation,
    Stage,
    StockPolicy,
    StockPool,
    Warehouse,
)
from stockhub.catalog.pooled_admin import PooledAdmin
from stockhub.catalog.skus import delete_sku, why_kept
from stockhub.catalog.stock_left import stock_left
from stockhub.core.admin_classes import RowsInline, column, in_language, money
from stockhub.outbox.recorded_admin import ConfigurationAdmin, RecordedAdmin, VersionedForm, why_not
from stockhub.values import DomainError

grants.name_scope(ScopeKind.WAREHOUSE, lambda: Warehouse.objects.filter(deleted_at=None).order_by("code").values_list("pk", "code", "name"))


class _PartsFormSet(BaseInlineFormSet):  # type: ignore[type-arg]  # Django's class takes its arguments for type checkers only
    """Parts, or the tick, make a bundle: of a SKU without stock of its own only."""

    def clean(self) -> None:
        super().clean()
        sku = self.instance
        has_parts = any(
            form.cleaned_data.get("component") and not form.cleaned_data.get("DELETE") for form in self.forms if form.is_valid()
        )
        if sku.pk is None or not (sku.is_bundle or has_parts) or Sku.objects.filter(pk=sku.pk, is_bundle=True).exists():
            return
        error = stock_left(sku)
        if error is not None:
            raise ValidationError(error.message, code=error.code)


class BundleComponentRows(RowsInline):
    model = BundleComponent
    formset = _PartsFormSet
    fk_name = "bundle"
    fields = ("component", "qty")
    autocomplete_fields = ("component",)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> Any:  # noqa: ANN401 - Django's signature
        """A part of a bundle is no bundle: that one's parts are named instead."""
        queryset = super().get_field_queryset(db, db_field, request)
        return queryset if queryset is None else queryset.filter(is_bundle=False)


class SkuRelationRows(RowsInline):
    model = SkuRelation
    fk_name = "sku"
    fields = ("kind", "other", "valid_from", "valid_to")
    autocomplete_fields = ("other",)


class StockPolicyRows(RowsInline):
    model = StockPolicy
    fields = (
        "pool",
        "safety_stock_method",
        "safety_stock_qty",
        "safety_cover_days",
        "service_level",
        "lead_time_days",
        "alert_threshold_qty",
        "maximum_qty",
        "alert_cover_days",
        "alert_schedule",
        "is_replenished",
    )
    autocomplete_fields = ("pool",)


class AttributesForm(VersionedForm):
    """As much of attributes as by any other way."""

    def clean_attributes(self) -> Any:  # noqa: ANN401 - JSON
        given = self.cleaned_data["attributes"]
        try:
            require_attributes(given)
        except DomainError as error:
            raise ValidationError(error.message, code=error.code) from error
        return given


@admin.register(Sku)
class SkuAdmin(ConfigurationAdmin):
    form = AttributesForm
    list_display = (
        "code",
        "name",
        "product",
        "category",
        "brand",
        "shown_stage",
        "is_bundle",
        "is_replenished",
        "shown_cost",
        "shown_price",
    )
    list_filter = ("stage", "is_bundle", "is_replenished", "season")
    list_select_related = ("product", "category", "stage")
    search_fields = ("code", "name", "barcode")
    autocomplete_fields = ("product", "category", "stage", "season")
    ordering = ("code",)
    inlines = (BundleComponentRows, SkuRelationRows, StockPolicyRows)
    fieldsets = (
        (None, {"fields": (
            ("code", "name"), ("product", "category"), ("brand", "barcode"), ("stage", "season"), ("is_bundle", "is_replenished"),
            "is_clearance",
        )}),
        (_("Money"), {"fields": (("unit_cost_amount", "unit_cost_currency"), ("price_amount", "price_currency"))}),
        (_("Size and life"), {"fields": (
            ("weight_grams", "shelf_life_days"), ("length_mm", "width_mm", "height_mm"), ("launched_on", "discontinued_on"),
        )}),
        (_("More"), {"fields": ("attributes",)}),
    )  # fmt: skip
    shown_cost = money("unit_cost_amount", "unit_cost_currency", _("unit cost"))
    shown_price = money("price_amount", "price_currency", _("list price"))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: ANN401, FBT001 - Django's
        super().save_related(request, form, formsets, change)
        sku = form.instance
        if not sku.is_bundle and sku.components.exists():
            # Naming any part makes it a bundle, as it does everywhere else.
            sku.is_bundle = True
            sku.save(update_fields=["is_bundle", "updated_at"])

    def obstacle(self, obj: Sku) -> str:
        return why_not(why_kept(obj))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:  # noqa: ANN401 - a SKU, where the base takes anything editable
        """As everybody else deletes a SKU. What has come in the way since the page asked is told, and nothing is deleted."""
        try:
            delete_sku(code=obj.code)
        except DomainError as error:
            self.tell_error(request, error)

    @column(_("stage"), ordering="stage__position")
    def shown_stage(self, sku: Sku) -> str:
        return in_language(sku.stage) if sku.stage else ""


@admin.register(Product)
class ProductAdmin(ConfigurationAdmin):
    form = AttributesForm
    list_display = ("code", "name", "category", "brand")
    list_select_related = ("category",)
    search_fields = ("code", "name")
    autocomplete_fields = ("category",)
    ordering = ("code",)


class CategoryMappingRows(RowsInline):
    model = CategoryMapping
    fields = ("marketplace", "value")


@admin.register(Category)
class CategoryAdmin(ConfigurationAdmin):
    list_display = ("code", "name", "parent")
    list_select_related = ("parent",)
    search_fields = ("code", "name")
    autocomplete_fields = ("parent",)
    ordering = ("code",)
    inlines = (CategoryMappingRows,)


@admin.register(Stage)
class StageAdmin(RecordedAdmin):
    list_display = ("slug", "name_en", "name_zh", "position")
    search_fields = ("slug", "name_en", "name_zh")
    ordering = ("position",)

    def has_delete_permission(self, request: Any, obj: Stage | None = None) -> bool:  # noqa: ANN401 - Django's signature
        """The six stages of the glossary stay."""
        return not (obj and obj.pk and obj.slug in BUILT_IN_STAGES) and super().has_delete_permission(request, obj)

    def get_readonly_fields(self, request: Any, obj: Stage | None = None) -> Any:  # noqa: ANN401, ARG002 - Django's signature
        return ("slug",) if obj else ()


BUILT_IN_STAGES = frozenset({"introduction", "growth", "maturity", "decline", "end_of_life", "liquidation"})


@admin.register(Season)
class SeasonAdmin(RecordedAdmin):
    list_display = ("code", "name", "site", "shown_start", "shown_end")
    search_fields = ("code", "name")
    fields = ("code", "name", "site", ("starts_month", "starts_day"), ("ends_month", "ends_day"))
    ordering = ("code",)

    @column(_("from"), ordering="starts_month")
    def shown_start(self, season: Season) -> str:
        return f"{season.starts_month:02}-{season.starts_day:02}"

    @column(_("until"), ordering="ends_month")
    def shown_end(self, season: Season) -> str:
        return f"{season.ends_month:02}-{season.ends_day:02}"


@admin.register(Warehouse)
class WarehouseAdmin(ScopedAdmin, ConfigurationAdmin):
    warehouse_path = "pk"
    list_display = ("code", "name", "kind", "authority", "country", "time_zone", "capacity_units", "allows_backorder", "allows_presale")
    list_filter = ("kind", "authority", "country")
    search_fields = ("code", "name")
    ordering = ("code",)
    fieldsets = (
        (None, {"fields": (("code", "name"), ("kind", "authority"), ("legal_entity", "country"), "time_zone")}),
        (_("Stock"), {"fields": (("capacity_units", "capacity_litres"), "ledger_starts_at", ("allows_backorder", "allows_presale"))}),
    )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: ANN401, FBT001 - Django's signature
        super().save_model(request, obj, form, change)
        if not change:
            grant_makers(ScopeKind.WAREHOUSE, [obj.pk])

    def obstacle(self, obj: Warehouse) -> str:
        return why_not(stock_left(obj))


class PoolWarehouseRows(RowsInline):
    model = PoolWarehouse
    fields = ("warehouse", "priority")
    autocomplete_fields = ("warehouse",)


@admin.register(StockPool)
class StockPoolAdmin(PooledAdmin, ConfigurationAdmin):
    pool_path = "pk"
    event_noun = "pool"
    list_display = ("code", "name", "time_zone", "shown_warehouses")
    search_fields = ("code", "name")
    ordering = ("code",)
    fields = (("code", "name"), "time_zone")
    inlines = (PoolWarehouseRows,)

    def get_queryset(self, request: Any) -> Any:  # noqa: ANN401 - Django's signature
        return super().get_queryset(request).prefetch_related("pool_warehouses__warehouse")

    @column(_("warehouses"))
    def shown_warehouses(self, pool: StockPool) -> str:
        return ", ".join(member.warehouse.code for member in pool.pool_warehouses.all())


@admin.register(StockPolicy)
class StockPolicyAdmin(PooledAdmin, ConfigurationAdmin):
    unpooled_is_shared = True
    event_noun = "policy"
    list_display = (
        "sku",
        "pool",
        "safety_stock_method",
        "safety_stock_qty",
        "safety_cover_days",
        "service_level",
        "lead_time_days",
        "alert_threshold_qty",
        "maximum_qty",
        "alert_cover_days",
        "alert_schedule",
    )
    list_filter = ("safety_stock_method", "pool")
    list_select_related = ("sku", "pool")
    search_fields = ("sku__code", "sku__name", "pool__code")
    autocomplete_fields = ("sku", "pool")
    ordering = ("sku__code", "pool__code")


@admin.register(SkuRelation)
class SkuRelationAdmin(RecordedAdmin):
    list_display = ("sku", "kind", "other", "valid_from", "valid_to")
    list_filter = ("kind",)
    list_select_related = ("sku", "other")
    search_fields = ("sku__code", "other__code")
    autocomplete_fields = ("sku", "other")


@admin.register(ExchangeRate)
class ExchangeRateAdmin(RecordedAdmin):
    list_display = ("day", "source_currency", "target_currency", "rate", "origin")
    list_filter = ("source_currency", "target_currency", "day")
    ordering = ("-day",)
