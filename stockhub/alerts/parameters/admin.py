"""Parameters of rules in the admin: set with a reason, ended with a reason, never changed or deleted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from stockhub.alerts.parameter_models import TARGETS, ParameterScope, RuleParameter
from stockhub.alerts.parameters.effective import label_of, told_value
from stockhub.alerts.parameters.reach import visible_parameters
from stockhub.alerts.parameters.setting import REPLACED, ParameterInput, end_parameters, set_parameter, valid_value
from stockhub.alerts.selectors import kind_info
from stockhub.catalog.models import Stage
from stockhub.core import clock
from stockhub.core.admin_classes import column
from stockhub.core.ended_admin import ENDED, EndedAdmin, HoldsFilter
from stockhub.core.exported_admin import ExportedAdmin
from stockhub.pluginhost.registry import registry
from stockhub.values import Label
from stockhub.values.errors import DomainError

_TARGETS = tuple(TARGETS.values())


class ValueField(forms.JSONField):
    """A number, true or false, or a word as it is: a person writes no quotes."""

    widget = UnfoldAdminTextInputWidget

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401 - JSON, or what somebody typed
        return "" if value is None else value if isinstance(value, str) else told_value(value)

    def to_python(self, value: Any) -> Any:  # noqa: ANN401 - as above
        try:
            return super().to_python(value)
        except ValidationError:
            return value.strip()


class NameWidget(UnfoldAdminTextInputWidget):  # type: ignore[misc]  # Unfold has no types
    """A text with the names that there are, each with what it is called and of which rule: the rule is chosen in the same form."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:  # noqa: ANN401 - Django's signature
        known = f"names-of-{name}"
        drawn = super().render(name, value, {**(attrs or {}), "list": known}, renderer)
        options = format_html_join("", '<option value="{}">{}</option>', _names())
        return format_html('{}<datalist id="{}">{}</datalist>', drawn, known, options)


def _names() -> list[tuple[str, str]]:
    """By name, what it is called; a name of several rules once."""
    called: dict[str, list[str]] = {}
    for slug, rule in sorted(registry().alert_rules.items()):
        for name, field in rule.parameters_model.model_fields.items():
            text = gettext("%(name)s (%(rule)s)") % {
                "name": label_of(name, field).text(get_language() or "en"),
                "rule": kind_info(slug).label,
            }
            called.setdefault(name, []).append(text)
    return [(name, " · ".join(texts[:3]) + (" …" if len(texts) > 3 else "")) for name, texts in sorted(called.items())]


def stage_name(stage: Stage) -> str:
    """As the reader calls it."""
    return Label(stage.name_en, stage.name_zh).text(get_language() or "en")


class RuleParameterForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's class takes its arguments for type checkers only
    """What the rule's own model would refuse is said at the field, and so is a target that does not fit the scope."""

    value = ValueField(label=_("value"), help_text=_("A number, true or false, or a word such as weekly."))

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
                text = gettext("Say what it is for.") if name == own else gettext("This does not go with what it is for.")
                self.add_error(name, ValidationError(text, code="invalid_scope"))
        try:
            valid_value(data["rule"], data["parameter"], data["value"])
        except DomainError as error:
            field = error.path[0] if error.path and error.path[0] in self.fields else "value"
            self.add_error(field, ValidationError(error.message, code=error.code))
        until = data.get("until_at")
        if until is not None and until <= max(data["starts_at"], clock.now()):
            self.add_error(
                "until_at", ValidationError(gettext("A value ends after it begins, and in the future."), code="ends_before_start")
            )
        return data


@admin.register(RuleParameter)
class RuleParameterAdmin(EndedAdmin, ExportedAdmin):
    form = RuleParameterForm
    said_fields = ("previous_value", *ENDED)
    own_endings = (REPLACED,)
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

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Those for all, and those for the pools and accounts that the user sees."""
        return visible_parameters(super().get_queryset(request), request.user)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:  # noqa: ANN401 - Django's signature
        if db_field.name == "rule":
            choices = [(slug, kind_info(slug).label) for slug in sorted(registry().alert_rules)]
            kwargs["widget"] = UnfoldAdminSelectWidget(choices=choices)
        if db_field.name == "parameter":
            told = gettext("Its name, as %(page)s lists it beside what holds now; from there this form opens filled in.")
            page = format_html('<a href="{}">{}</a>', reverse("cockpit:effective_parameters"), gettext("Effective parameters"))
            kwargs["help_text"] = format_html(told.replace("%(page)s", "{}"), page)
            kwargs["widget"] = NameWidget
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:  # noqa: ANN401 - Django's signature
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "stage" and field is not None:
            field.label_from_instance = stage_name  # type: ignore[method-assign, assignment]  # as Django says
        return field

    @column(_("rule"), ordering="rule")
    def shown_rule(self, parameter: RuleParameter) -> str:
        return kind_info(parameter.rule).label

    @column(_("value"))
    def shown_value(self, parameter: RuleParameter) -> str:
        return told_value(parameter.value)

    @column(_("of which"))
    def shown_target(self, parameter: RuleParameter) -> str:
        return stage_name(parameter.stage) if parameter.stage else parameter.target

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

    def end_rows(self, ids: list[int], reason: str) -> None:
        end_parameters(ids, reason=reason)

    def chosen_text(self, count: int) -> str:
        return ngettext("%(count)d value.", "%(count)d values.", count) % {"count": count}

    def ended_text(self, count: int) -> str:
        return ngettext("%(count)d value was ended.", "%(count)d values were ended.", count) % {"count": count}
