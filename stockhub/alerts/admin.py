"""How the rules are set and who subscribes; the inbox, incidents, outcomes and clocks have files of their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from stockhub.alerts.alert_page import parameters_text
from stockhub.alerts.inbox_admin import AlertAdmin, AlertEventAdmin
from stockhub.alerts.incidents.admin import IncidentAdmin
from stockhub.alerts.life.admin import EscalationStepAdmin, ServiceLevelAdmin
from stockhub.alerts.models import ExplanationTemplate, RuleSetting
from stockhub.alerts.outcomes.admin import AlertOutcomeAdmin, StockoutEventAdmin
from stockhub.alerts.parameters.admin import RuleParameterAdmin
from stockhub.alerts.response_admin import NoticeAdmin, ResponseStepAdmin, SubscriptionAdmin
from stockhub.alerts.selectors import kind_info
from stockhub.core.admin_classes import ReadOnlyAdmin, column, json_column
from stockhub.outbox.recorded_admin import RecordedAdmin
from stockhub.pluginhost.registry import registry

__all__ = [
    "AlertAdmin", "AlertEventAdmin", "AlertOutcomeAdmin", "EscalationStepAdmin", "ExplanationTemplateAdmin", "IncidentAdmin",
    "NoticeAdmin", "ResponseStepAdmin",
    "RuleParameterAdmin", "RuleSettingAdmin", "ServiceLevelAdmin", "StockoutEventAdmin", "SubscriptionAdmin",
]  # fmt: skip


@admin.register(RuleSetting)
class RuleSettingAdmin(RecordedAdmin):
    list_display = ("shown_name", "rule", "enabled", "updated_at")
    list_filter = ("enabled",)
    ordering = ("rule",)
    fields = ("rule", "shown_description", "enabled", "shown_defaults")
    readonly_fields = ("shown_description", "shown_defaults")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:  # noqa: ANN401 - Django's signature
        """With a row for every rule that is installed: what nobody has switched off is on, and has to be seen to be switched off."""
        missing = registry().alert_rules.keys() - set(RuleSetting.objects.values_list("rule", flat=True))
        if missing and self.has_view_permission(request):
            RuleSetting.objects.bulk_create([RuleSetting(rule=slug) for slug in sorted(missing)], ignore_conflicts=True)
        return super().changelist_view(request, extra_context)

    def get_readonly_fields(self, request: HttpRequest, obj: RuleSetting | None = None) -> Iterable[str]:  # type: ignore[override]  # noqa: ARG002
        return (*self.readonly_fields, "rule") if obj else self.readonly_fields

    @column(_("name"), ordering="rule")
    def shown_name(self, setting: RuleSetting) -> str:
        return kind_info(setting.rule).label

    @column(_("what it finds"))
    def shown_description(self, setting: RuleSetting) -> str:
        return kind_info(setting.rule).description if setting.pk else ""

    @column(_("parameters and defaults; set them under “Parameters of rules”"))
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
