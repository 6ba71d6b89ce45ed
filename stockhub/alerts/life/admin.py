"""Within how many hours alerts are to be seen and settled, and who hears of those that are not."""

from __future__ import annotations

from django.contrib import admin

from stockhub.alerts.models import EscalationStep, ServiceLevel
from stockhub.outbox.recorded_admin import RecordedAdmin


@admin.register(ServiceLevel)
class ServiceLevelAdmin(RecordedAdmin):
    list_display = ("rule", "level", "acknowledge_hours", "resolve_hours", "counted")
    list_display_links = ("rule", "level")
    list_filter = ("level", "counted")
    search_fields = ("rule",)
    ordering = ("rule", "level")


@admin.register(EscalationStep)
class EscalationStepAdmin(RecordedAdmin):
    list_display = ("position", "user", "role", "min_level", "after_hours")
    list_filter = ("min_level",)
    list_select_related = ("user", "role")
    autocomplete_fields = ("user",)
    ordering = ("position",)
