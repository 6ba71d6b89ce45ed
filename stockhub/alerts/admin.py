"""Alerts with the reasons for them, what people do about them, and how the rules are set."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from stockhub.access.models import User
from stockhub.alerts import services
from stockhub.alerts.alert_page import page_of, parameters_text
from stockhub.alerts.models import Alert, AlertEvent, AlertStatus, ExplanationTemplate, RuleSetting
from stockhub.alerts.response_admin import NoticeAdmin, ResponseStepAdmin, SubscriptionAdmin
from stockhub.alerts.selectors import alerts_visible_to, kind_info
from stockhub.alerts.wording import headline
from stockhub.core.admin_classes import LongReadOnlyAdmin, ReadOnlyAdmin, column, json_column, money_text, status_badge
from stockhub.core.admin_forms import PlainForm
from stockhub.outbox.recorded_admin import RecordedAdmin
from stockhub.pluginhost.registry import registry
from stockhub.pluginhost.rules import valid_parameters
from stockhub.values import DomainError

__all__ = ["NoticeAdmin", "ResponseStepAdmin", "SubscriptionAdmin"]

LEVEL_COLOURS = {1: "info", 2: "warning", 3: "danger"}
_STATUS_COLOURS = {
    AlertStatus.OPEN: "danger",
    AlertStatus.ACKNOWLEDGED: "warning",
    AlertStatus.SNOOZED: "info",
    AlertStatus.RESOLVED: "success",
}


class SnoozeForm(PlainForm):
    """Until when, and why: the reason is what the next person reads."""

    until_at = forms.SplitDateTimeField(label=_("snoozed until"), widget=forms.SplitDateTimeWidget)
    reason = forms.CharField(label=_("reason"), max_length=300)


class ResolveForm(PlainForm):
    """What was done."""

    resolution = forms.CharField(label=_("resolution"), max_length=300)


class KindFilter(admin.SimpleListFilter):
    """Kinds by their names."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ANN401, ARG002 - Django's signature
        kinds = Alert.objects.order_by("kind").values_list("kind", flat=True).distinct()
        return [(kind, kind_info(kind).label) for kind in kinds]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002 - Django's signature
        return queryset.filter(kind=self.value()) if self.value() else queryset


class UnresolvedFilter(admin.SimpleListFilter):
    """What is still to be dealt with, unless asked otherwise."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ANN401, ARG002 - Django's signature
        return [("all", _("All")), *((status.value, status.label) for status in AlertStatus)]

    def choices(self, changelist: Any) -> Any:  # noqa: ANN401 - Django's signature
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=["status"]),
            "display": _("Not resolved"),
        }
        for value, title in self.lookup_choices:
            yield {"selected": self.value() == value, "query_string": changelist.get_query_string({"status": value}), "display": title}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002 - Django's signature
        if self.value() == "all":
            return queryset
        return queryset.filter(status=self.value()) if self.value() else queryset.exclude(status=AlertStatus.RESOLVED)


@admin.register(Alert)
class AlertAdmin(LongReadOnlyAdmin):
    """Numbers are the cycle's; people acknowledge, snooze and resolve."""

    list_display = (
        "shown_kind",
        "sku",
        "pool",
        "shown_level",
        "shown_status",
        "shown_money",
        "due_on",
        "suggested_qty",
        "owner",
        "opened_at",
    )
    list_display_links = ("shown_kind",)
    list_filter = (UnresolvedFilter, KindFilter, "side", "level", "pool", "owner", "is_baseline")
    list_select_related = ("sku", "pool", "owner")
    search_fields = ("sku__code", "sku__name", "subject", "message")
    ordering = ("-money_amount", "-level", "id")
    fields = ()
    actions = ("acknowledge", "snooze", "resolve")
    shown_status = status_badge("status", _("status"), _STATUS_COLOURS)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        user = request.user
        visible = alerts_visible_to(user) if isinstance(user, User) else Alert.objects.none()
        return visible.order_by(*self.ordering)

    @column(_("kind"), ordering="kind")
    def shown_kind(self, alert: Alert) -> str:
        return kind_info(alert.kind).label

    @column(_("level"), ordering="level", label=LEVEL_COLOURS)
    def shown_level(self, alert: Alert) -> tuple[int, str]:
        return alert.level, str(alert.level)

    @column(_("money at stake"), ordering="money_amount")
    def shown_money(self, alert: Alert) -> str:
        return money_text(alert.money_amount, settings.STOCKHUB_BASE_CURRENCY)

    # --- the page of one alert ------------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        views = {"acknowledge": self.acknowledge_one, "snooze": self.snooze_one, "resolve": self.resolve_one}
        own = [
            path(f"<int:alert_id>/{name}/", self.admin_site.admin_view(view), name=f"alerts_alert_{name}") for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:  # noqa: ANN401
        alert = self.get_queryset(request).select_related("sku", "pool", "owner", "template").filter(pk=_number(object_id)).first()
        context = dict(extra_context or {})
        if alert is not None and self.has_view_permission(request, alert):
            context |= {"page": page_of(alert), "title": headline(alert), "may_act": self._may_act(request, alert), "subtitle": ""}
        return super().change_view(request, object_id, form_url, context)

    def _may_act(self, request: HttpRequest, alert: Alert) -> bool:
        return self.has_act_permission(request) and alert.status != AlertStatus.RESOLVED

    # --- steps: of one alert by POST from its page, of many from the list -------------------------------------------------------

    def has_act_permission(self, request: HttpRequest) -> bool:
        """The numbers are nobody's to change; a person with this permission takes steps."""
        return request.user.has_perm("alerts.change_alert")

    @admin.action(description=_("Acknowledge"), permissions=["act"])
    def acknowledge(self, request: HttpRequest, queryset: QuerySet[Alert]) -> HttpResponse | None:
        ids = list(queryset.values_list("pk", flat=True))
        self._step(request, lambda: services.acknowledge(alert_ids=ids, visible=self.get_queryset(request)))
        return None

    @admin.action(description=_("Snooze…"), permissions=["act"])
    def snooze(self, request: HttpRequest, queryset: QuerySet[Alert]) -> HttpResponse | None:
        return self._ask(request, list(queryset.values_list("pk", flat=True)), "snooze", "_selected_action")

    @admin.action(description=_("Resolve…"), permissions=["act"])
    def resolve(self, request: HttpRequest, queryset: QuerySet[Alert]) -> HttpResponse | None:
        return self._ask(request, list(queryset.values_list("pk", flat=True)), "resolve", "_selected_action")

    def acknowledge_one(self, request: HttpRequest, alert_id: int) -> HttpResponse:
        """By POST only: a link that somebody is lured to must change nothing."""
        self.refuse_unless(allowed=request.method == "POST" and self.has_act_permission(request))
        self.visible_or_404(request, str(alert_id))
        self._step(request, lambda: services.acknowledge(alert_ids=[alert_id], visible=self.get_queryset(request)))
        return self.back_to(alert_id)

    def snooze_one(self, request: HttpRequest, alert_id: int) -> HttpResponse:
        return self._ask_one(request, alert_id, "snooze")

    def resolve_one(self, request: HttpRequest, alert_id: int) -> HttpResponse:
        return self._ask_one(request, alert_id, "resolve")

    def _ask_one(self, request: HttpRequest, alert_id: int, what: str) -> HttpResponse:
        self.refuse_unless(allowed=self.has_act_permission(request))
        self.visible_or_404(request, str(alert_id))
        return self._ask(request, [alert_id], what, None) or self.back_to(alert_id)

    def _ask(self, request: HttpRequest, ids: list[int], what: str, selection: str | None) -> HttpResponse | None:
        """The form of a step, or None once the step was taken."""
        given = request.POST if "apply" in request.POST else None
        form: PlainForm = SnoozeForm(given) if what == "snooze" else ResolveForm(given)
        if given is not None and form.is_valid():
            data = form.cleaned_data
            visible = self.get_queryset(request)
            if what == "snooze":
                taken = self._step(request, lambda: services.snooze(alert_ids=ids, visible=visible, **data))
            else:
                taken = self._step(request, lambda: services.resolve(alert_ids=ids, visible=visible, **data))
            if taken:
                return None
        title = _("Snooze") if what == "snooze" else _("Resolve")
        hidden = {"action": [what], selection: [str(pk) for pk in ids]} if selection else {}
        intro = ngettext("%(count)d alert.", "%(count)d alerts.", len(ids)) % {"count": len(ids)}
        return self.form_page(request, title=title, form=form, submit=title, hidden=hidden, intro=intro)

    def _step(self, request: HttpRequest, step: Callable[[], list[Alert]]) -> bool:
        try:
            changed = step()
        except DomainError as error:
            self.tell_error(request, error)
            return False
        self.tell(
            request, ngettext("%(count)d alert was changed.", "%(count)d alerts were changed.", len(changed)) % {"count": len(changed)}
        )
        return True


@admin.register(AlertEvent)
class AlertEventAdmin(LongReadOnlyAdmin):
    list_display = ("alert", "what", "level", "note", "actor", "occurred_at")
    list_filter = ("what", "level", "occurred_at")
    list_select_related = ("alert__sku",)
    search_fields = ("actor", "note")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        user = request.user
        visible = alerts_visible_to(user) if isinstance(user, User) else Alert.objects.none()
        return super().get_queryset(request).filter(alert__in=visible.values("pk"))


class RuleSettingForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's class is generic for type checkers only
    """Parameters as the rule's own model wants them."""

    class Meta:
        model = RuleSetting
        fields = ("rule", "enabled", "parameters")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        rule = registry().alert_rules.get(data.get("rule", self.instance.rule))
        if rule is None:
            return data
        try:
            valid_parameters(rule, data.get("parameters") or {})
        except DomainError as error:
            raise ValidationError({"parameters": gettext(error.message)}) from error
        return data


@admin.register(RuleSetting)
class RuleSettingAdmin(RecordedAdmin):
    form = RuleSettingForm
    list_display = ("shown_name", "rule", "enabled", "updated_at")
    list_filter = ("enabled",)
    ordering = ("rule",)
    fields = ("rule", "shown_description", "enabled", "parameters", "shown_defaults")
    readonly_fields = ("shown_description", "shown_defaults")

    def get_readonly_fields(self, request: HttpRequest, obj: RuleSetting | None = None) -> Iterable[str]:  # type: ignore[override]  # noqa: ARG002
        return (*self.readonly_fields, "rule") if obj else self.readonly_fields

    @column(_("name"), ordering="rule")
    def shown_name(self, setting: RuleSetting) -> str:
        return kind_info(setting.rule).label

    @column(_("what it finds"))
    def shown_description(self, setting: RuleSetting) -> str:
        return kind_info(setting.rule).description if setting.pk else ""

    @column(_("parameters and defaults"))
    def shown_defaults(self, setting: RuleSetting) -> Any:  # noqa: ANN401 - text or nothing
        return parameters_text(setting.rule)


@admin.register(ExplanationTemplate)
class ExplanationTemplateAdmin(ReadOnlyAdmin):
    list_display = ("rule", "digest", "recorded_at")
    list_filter = ("rule",)
    ordering = ("-recorded_at",)
    fields = ("rule", "digest", "recorded_at", "shown_trees", "shown_labels")
    readonly_fields = ("shown_trees", "shown_labels")
    shown_trees = json_column("trees", _("formulas"))
    shown_labels = json_column("labels", _("names of inputs"))


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0
