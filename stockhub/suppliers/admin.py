"""Who we buy from, at what price, and how long it takes."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.pooled_admin import PooledAdmin
from stockhub.core.admin_classes import ReadOnlyRows, RowsInline, column, money
from stockhub.outbox.recorded_admin import ConfigurationAdmin
from stockhub.suppliers.models import LeadTimeLeg, Offer, PriceBreak, Supplier


class OfferRows(ReadOnlyRows):
    model = Offer
    fields = ("sku", "pool", "shown_price", "moq", "case_pack", "preference", "is_active")
    readonly_fields = ("shown_price",)
    show_change_link = True
    ordering = ("sku__code", "preference")
    per_page = 20
    shown_price = money("unit_price_amount", "currency", _("unit price"))


@admin.register(Supplier)
class SupplierAdmin(ConfigurationAdmin):
    list_display = ("code", "name", "country", "currency", "is_local", "is_active", "contact_name", "phone")
    list_filter = ("is_active", "is_local", "country")
    search_fields = ("code", "name", "contact_name")
    ordering = ("code",)
    fieldsets = (
        (None, {"fields": (("code", "name"), ("country", "time_zone"), "currency", ("is_local", "is_active"))}),
        (_("Contact"), {"fields": (("contact_name", "email", "phone"), "notes")}),
    )
    inlines = (OfferRows,)


class PriceBreakRows(RowsInline):
    model = PriceBreak
    fields = ("min_qty", "unit_price_amount")


class LeadTimeLegRows(RowsInline):
    model = LeadTimeLeg
    fields = ("position", "name", "days", "sd_days")


@admin.register(Offer)
class OfferAdmin(PooledAdmin, ConfigurationAdmin):
    unpooled_is_shared = True
    list_display = ("sku", "supplier", "pool", "shown_price", "moq", "case_pack", "shown_lead_time", "preference", "is_active")
    list_filter = ("is_active", "supplier", "pool")
    list_select_related = ("sku", "supplier", "pool")
    search_fields = ("sku__code", "sku__name", "supplier__code", "supplier__name", "supplier_sku")
    autocomplete_fields = ("sku", "supplier", "pool")
    ordering = ("sku__code", "preference")
    fieldsets = (
        (None, {"fields": (("supplier", "sku"), ("pool", "supplier_sku"), ("preference", "is_active"))}),
        (_("Terms"), {"fields": (("unit_price_amount", "currency"), ("moq", "case_pack"), ("valid_from", "valid_to"))}),
        (_("Lead time"), {"fields": (("lead_time_days", "lead_time_sd_days"),)}),
    )
    inlines = (PriceBreakRows, LeadTimeLegRows)
    shown_price = money("unit_price_amount", "currency", _("unit price"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Offer]:
        return super().get_queryset(request).prefetch_related("legs")

    @column(_("lead time in days"))
    def shown_lead_time(self, offer: Offer) -> str:
        """The sum of the legs, else the offer's own figure."""
        legs = [leg.days for leg in offer.legs.all()]
        days = sum(legs) if legs else offer.lead_time_days
        return "" if days is None else f"{days:g}"
