"""Parameters of rules in the admin: set with a reason, ended with a reason, never changed or deleted."""

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

from stockhub.alerts.parameter_models import TARGETS, ParameterScope, RuleParameter
from stockhub.alerts.parameters.effective import told_value
from stockhub.alerts.parameters.reach import visible_parameters
from stockhub.alerts.parameters.setting import ParameterInput, end_parameters, set_parameter, valid_value
from stockhub.alerts.selectors import kind_info
from stockhub.core import clock
from stockhub.core.admin_classes import column
from stockhub.core.admin_forms import PlainForm
from stockhub.core.exported_admin import ExportedAdmin
from stockhub.pluginhost.registry import registry
from stockhub.values.errors import DomainError

_TARGETS = tuple(TARGETS.values())
_ENDED = ("previous_value", "set_by", "set_at", "ended_at", "ended_by", "end_reason")


class EndForm(PlainForm):
    """Why a value ends before its time."""

    reason = forms.CharField(label=_("why"), max_length=300)


class RuleParameterForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's class takes its arguments for type checkers only
    """What the rule's own model would refuse is said at the field, and so is a target that does not fit the scope."""

    class Meta:
        model = RuleParameter
        fields = ("rule", "parameter", "value", "scope", *_TARGETS, "starts_at", "until_at", "reason")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return data
        own = TARGETS.get(ParameterScope(data["scope"]))
        for name in _TARGETS:
            if bool(data.get(name)) != (name == own):
                text = _now("Say what it is for.") if name == own else _now("This does not go with what it is for.")
                self.add_error(name, ValidationError(text, code="invalid_scope"))
        try:
            valid_value(data["rule"], data["parameter"], data["value"])
        except DomainError as error:
            field = error.path[0] if error.path and error.path[0] in self.fields else "value"
            self.add_error(field, ValidationError(_now(error.message), code=error.code))
        until = data.get("until_at")
        if until is not None and until <= max(data["starts_at"], clock.now()):
            self.add_error("until_at", ValidationError(_now("A value ends after it begins, and in the future."), code="ends_before_start"))
        return data


class HoldsFilter(admin.SimpleListFilter):
    """Those that hold now, unless asked otherwise."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ANN401, ARG002 - Django's signature
        return [("active", _("Holds now")), ("ended", _("Ended"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002 - Django's signature
        now = clock.now()
        ended = Q(until_at__isnull=False, until_at__lte=now) | Q(ended_at__isnull=False, ended_at__lte=now)
        if self.value() == "active":
            return queryset.filter(starts_at__lte=now).exclude(ended)
        return queryset.filter(ended) if self.value() == "ended" else queryset


@admin.register(RuleParameter)
class RuleParameterAdmin(ExportedAdmin):
    form = RuleParameterForm
    export_name = "rule-parameters"
    list_display = (
        "shown_rule", "parameter", "shown_value", "scope", "shown_target", "starts_at", "until_at", "reason", "set_by", "ended_at",
    )  # fmt: skip
    list_display_links = ("shown_rule",)
    list_filter = (HoldsFilter, "rule", "scope")
    list_select_related = ("category", "stage", "account", "pool", "sku")
    search_fields = ("rule", "parameter", "reason", "set_by", "sku__code")
    autocomplete_fields = ("category", "account", "pool", "sku")
    ordering = ("-set_at", "-id")
    actions = ("end",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Those for all, and those for the pools and accounts that the user sees."""
        return visible_parameters(super().get_queryset(request), request.user)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:  # noqa: ANN401 - Django's signature
        if db_field.name == "rule":
            choices = [(slug, kind_info(slug).label) for slug in sorted(registry().alert_rules)]
            kwargs["widget"] = forms.Select(choices=choices)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_fields(self, request: HttpRequest, obj: RuleParameter | None = None) -> Any:  # noqa: ANN401, ARG002 - Django's signature
        return (*RuleParameterForm.Meta.fields, *_ENDED) if obj else RuleParameterForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: RuleParameter | None = None) -> Any:  # noqa: ANN401, ARG002 - Django's
        return _ENDED if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: RuleParameter | None = None) -> bool:  # noqa: ARG002 - Django's signature
        """What was said stays as it was said; it can be ended."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RuleParameter | None = None) -> bool:  # noqa: ARG002 - Django's signature
        return False

    def has_end_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("alerts.change_ruleparameter")

    @column(_("rule"), ordering="rule")
    def shown_rule(self, parameter: RuleParameter) -> str:
        return kind_info(parameter.rule).label

    @column(_("value"))
    def shown_value(self, parameter: RuleParameter) -> str:
        return told_value(parameter.value)

    @column(_("of which"))
    def shown_target(self, parameter: RuleParameter) -> str:
        return parameter.target

    def save_model(self, request: HttpRequest, obj: RuleParameter, form: Any, change: bool) -> None:  # noqa: ANN401, ARG002, FBT001 - Django's
        own = TARGETS.get(ParameterScope(obj.scope))
        target = None if own is None else obj.sku_class if own == "sku_class" else getattr(obj, f"{own}_id")
        made = set_parameter(
            ParameterInput(
                rule=obj.rule, parameter=obj.parameter, value=obj.value, scope=ParameterScope(obj.scope), target=target,
                starts_at=obj.starts_at, until_at=obj.until_at, reason=obj.reason,
            )
        )  # fmt: skip
        obj.pk = made.pk

    @admin.action(description=_("End…"), permissions=["end"])
    def end(self, request: HttpRequest, queryset: QuerySet[RuleParameter]) -> HttpResponse | None:
        ids = sorted(queryset.values_list("pk", flat=True))
        given = request.POST if "apply" in request.POST else None
        form = EndForm(given)
        if given is not None and form.is_valid():
            try:
                end_parameters(ids, reason=form.cleaned_data["reason"])
            except DomainError as error:
                self.tell_error(request, error)
                return None
            self.tell(request, ngettext("%(count)d value was ended.", "%(count)d values were ended.", len(ids)) % {"count": len(ids)})
            return None
        hidden = {"action": ["end"], "_selected_action": [str(pk) for pk in ids]}
        intro = ngettext("%(count)d value.", "%(count)d values.", len(ids)) % {"count": len(ids)}
        return self.form_page(request, title=_now("End"), form=form, submit=_now("End"), hidden=hidden, intro=intro)
