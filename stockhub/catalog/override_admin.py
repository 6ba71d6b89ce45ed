"""Overrides and adjustments in the admin. An override is set and ended with a reason, and never changed or deleted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from stockhub.access.models import User
from stockhub.catalog.override_models import StockOverride, ThresholdAdjustment
from stockhub.catalog.overrides import check, end_override, set_override
from stockhub.catalog.pooled_admin import PooledAdmin
from stockhub.catalog.selectors import visible_pool_ids
from stockhub.core import clock
from stockhub.core.admin_classes import ReadOnlyAdmin
from stockhub.core.admin_forms import PlainForm
from stockhub.values.errors import DomainError

_FIELDS = ("sku", "pool", "line", "qty", "factor", "starts_at", "until_at", "reason")


class EndForm(PlainForm):
    """Why an override ends before its time."""

    reason = forms.CharField(label=_("why"), max_length=300)


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
                raise ValidationError(_now(error.message), code=error.code) from error
        return data


class ActiveFilter(admin.SimpleListFilter):
    """Those that hold now, unless asked otherwise."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ANN401, ARG002 - Django's signature
        return [("active", _("Holds now")), ("ended", _("Ended"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002 - Django's signature
        now = clock.now()
        ended = Q(until_at__lte=now) | Q(ended_at__lte=now)
        if self.value() == "active":
            return queryset.filter(starts_at__lte=now).exclude(ended)
        return queryset.filter(ended) if self.value() == "ended" else queryset


@admin.register(StockOverride)
class StockOverrideAdmin(PooledAdmin):
    form = OverrideForm
    fields = _FIELDS
    unpooled_is_shared = True
    list_display = ("sku", "pool", "line", "qty", "factor", "starts_at", "until_at", "reason", "set_by", "ended_at")
    list_filter = (ActiveFilter, "line", "pool")
    list_select_related = ("sku", "pool")
    search_fields = ("sku__code", "sku__name", "reason", "set_by")
    autocomplete_fields = ("sku", "pool")
    ordering = ("-set_at", "-id")
    actions = ("end",)

    def get_fields(self, request: HttpRequest, obj: StockOverride | None = None) -> Any:  # noqa: ANN401 - Django's signature
        shown = super().get_fields(request, obj)
        return (*shown, "set_by", "set_at", "ended_at", "ended_by", "end_reason") if obj else shown

    def get_readonly_fields(self, request: HttpRequest, obj: StockOverride | None = None) -> Any:  # noqa: ANN401, ARG002 - Django's
        return ("set_by", "set_at", "ended_at", "ended_by", "end_reason") if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: StockOverride | None = None) -> bool:  # noqa: ARG002 - Django's signature
        """What was said stays as it was said; it can be ended."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: StockOverride | None = None) -> bool:  # noqa: ARG002 - Django's signature
        return False

    def has_end_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("catalog.change_stockoverride")

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

    @admin.action(description=_("End…"), permissions=["end"])
    def end(self, request: HttpRequest, queryset: QuerySet[StockOverride]) -> HttpResponse | None:
        if isinstance(request.user, User) and visible_pool_ids(request.user) is not None:
            queryset = queryset.exclude(pool=None)
        ids = sorted(queryset.values_list("pk", flat=True))
        given = request.POST if "apply" in request.POST else None
        form = EndForm(given)
        if given is not None and form.is_valid():
            try:
                for pk in ids:
                    end_override(override_id=pk, reason=form.cleaned_data["reason"])
            except DomainError as error:
                self.tell_error(request, error)
                return None
            self.tell(request, ngettext("%(count)d override was ended.", "%(count)d overrides were ended.", len(ids)) % {"count": len(ids)})
            return None
        hidden = {"action": ["end"], "_selected_action": [str(pk) for pk in ids]}
        intro = ngettext("%(count)d override.", "%(count)d overrides.", len(ids)) % {"count": len(ids)}
        return self.form_page(request, title=_now("End"), form=form, submit=_now("End"), hidden=hidden, intro=intro)


@admin.register(ThresholdAdjustment)
class ThresholdAdjustmentAdmin(PooledAdmin, ReadOnlyAdmin):
    list_display = ("sku", "pool", "schedule", "period_on", "qty", "previous_qty", "cover_days", "daily_mean", "is_current")
    list_filter = ("schedule", "is_current", "pool")
    list_select_related = ("sku", "pool")
    search_fields = ("sku__code", "sku__name")
    ordering = ("-period_on", "-id")
