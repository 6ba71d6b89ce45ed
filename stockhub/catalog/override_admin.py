"""Overrides and adjustments in the admin. An override is set and ended with a reason, and never changed or deleted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stockhub.access.models import User
from stockhub.access.scopes import visible_account_ids
from stockhub.catalog.override_models import OVERRIDE_TARGETS, OverrideScope, StockOverride, ThresholdAdjustment
from stockhub.catalog.overrides import OverrideTarget, check, end_override, reaches, set_override
from stockhub.catalog.pooled_admin import PooledAdmin
from stockhub.core.admin_classes import ReadOnlyAdmin, column
from stockhub.core.ended_admin import EndedAdmin, HoldsFilter
from stockhub.values.errors import DomainError

_TARGETS = tuple(OVERRIDE_TARGETS.values())
_FIELDS = ("scope", *reversed(_TARGETS), "line", "qty", "factor", "starts_at", "until_at", "reason")


class OverrideForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's class takes its arguments for type checkers only
    """What the service would refuse is said at the field."""

    class Meta:
        model = StockOverride
        fields = _FIELDS

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            self._check_target(data)
            names = ("line", "qty", "factor", "starts_at", "until_at", "reason")
            try:
                check(**{name: data[name] for name in names})
            except DomainError as error:
                raise ValidationError(error.message, code=error.code) from error
        return data

    def _check_target(self, data: dict[str, Any]) -> None:
        scope = OverrideScope(data["scope"])
        own = OVERRIDE_TARGETS[scope]
        for name in _TARGETS:
            beside = name == "pool" and scope is OverrideScope.SKU
            if not beside and bool(data.get(name)) != (name == own):
                text = gettext("Say what it is for.") if name == own else gettext("This does not go with what it is for.")
                self.add_error(name, ValidationError(text, code="invalid_scope"))


@admin.register(StockOverride)
class StockOverrideAdmin(EndedAdmin, PooledAdmin):
    form = OverrideForm
    fields = _FIELDS
    unpooled_is_shared = True
    list_display = (
        "scope", "shown_target", "pool", "line", "qty", "factor", "starts_at", "until_at", "reason", "set_by", "ended_at",
    )  # fmt: skip
    list_filter = (HoldsFilter, "scope", "line", "pool")
    list_select_related = ("category", "stage", "account", "sku", "pool")
    search_fields = ("sku__code", "sku__name", "reason", "set_by")
    autocomplete_fields = ("category", "account", "sku", "pool")
    ordering = ("-set_at", "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Those for all, and those for the pools and accounts that the user sees."""
        queryset = super().get_queryset(request)
        ids = visible_account_ids(request.user) if isinstance(request.user, User) else set()
        return queryset if ids is None else queryset.filter(Q(account=None) | Q(account__in=ids))

    @column(_("of which"))
    def shown_target(self, override: StockOverride) -> str:
        return override.target

    def save_model(self, request: HttpRequest, obj: StockOverride, form: Any, change: bool) -> None:  # noqa: ANN401, ARG002, FBT001 - Django's
        target = OverrideTarget(
            sku_id=obj.sku_id, pool_id=obj.pool_id, account_id=obj.account_id, stage_id=obj.stage_id, sku_class=obj.sku_class,
            category_id=obj.category_id,
        )  # fmt: skip
        made = set_override(
            target,
            line=obj.line,
            qty=obj.qty,
            factor=obj.factor,
            starts_at=obj.starts_at,
            until_at=obj.until_at,
            reason=obj.reason,
        )
        obj.pk = made.pk

    def endable(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """What holds for more than a pool or an account of his is not for him to end."""
        user = request.user
        if not isinstance(user, User):
            return queryset.none()
        return queryset.filter(pk__in=[each.pk for each in queryset if reaches(user, each)])

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
