"""Overrides and adjustments in the admin. An override is set and ended with a reason, and never changed or deleted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from stockhub.access.models import User
from stockhub.catalog.override_models import StockOverride, ThresholdAdjustment
from stockhub.catalog.overrides import check, end_override, set_override
from stockhub.catalog.pooled_admin import PooledAdmin
from stockhub.catalog.selectors import visible_pool_ids
from stockhub.core.admin_classes import ReadOnlyAdmin
from stockhub.core.ended_admin import EndedAdmin, HoldsFilter
from stockhub.values.errors import DomainError

_FIELDS = ("sku", "pool", "line", "qty", "factor", "starts_at", "until_at", "reason")


class OverrideForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's class takes its arguments for type checkers only
    """What the service would refuse is said at the field."""

    class Meta:
        model = StockOverride
        fields = _FIELDS

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            names = ("line", "qty", "factor", "starts_at", "until_at", "reason")
            try:
                check(**{name: data[name] for name in names})
            except DomainError as error:
                raise ValidationError(error.message, code=error.code) from error
        return data


@admin.register(StockOverride)
class StockOverrideAdmin(EndedAdmin, PooledAdmin):
    form = OverrideForm
    fields = _FIELDS
    unpooled_is_shared = True
    list_display = ("sku", "pool", "line", "qty", "factor", "starts_at", "until_at", "reason", "set_by", "ended_at")
    list_filter = (HoldsFilter, "line", "pool")
    list_select_related = ("sku", "pool")
    search_fields = ("sku__code", "sku__name", "reason", "set_by")
    autocomplete_fields = ("sku", "pool")
    ordering = ("-set_at", "-id")

    def save_model(self, request: HttpRequest, obj: StockOverride, form: Any, change: bool) -> None:  # noqa: ANN401, ARG002, FBT001 - Django's
        made = set_override(
            sku_id=obj.sku_id,
            pool_id=obj.pool_id,
            line=obj.line,
            qty=obj.qty,
            factor=obj.factor,
            starts_at=obj.starts_at,
            until_at=obj.until_at,
            reason=obj.reason,
        )
        obj.pk = made.pk

    def endable(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """What holds for all pools is not for those to end who see some."""
        sees_all = not isinstance(request.user, User) or visible_pool_ids(request.user) is None
        return queryset if sees_all else queryset.exclude(pool=None)

    def end_rows(self, ids: list[int], reason: str) -> None:
        for pk in ids:
            end_override(override_id=pk, reason=reason)


@admin.register(ThresholdAdjustment)
class ThresholdAdjustmentAdmin(PooledAdmin, ReadOnlyAdmin):
    list_display = ("sku", "pool", "schedule", "period_on", "qty", "previous_qty", "cover_days", "daily_mean", "is_current")
    list_filter = ("schedule", "is_current", "pool")
    list_select_related = ("sku", "pool")
    search_fields = ("sku__code", "sku__name")
    ordering = ("-period_on", "-id")
