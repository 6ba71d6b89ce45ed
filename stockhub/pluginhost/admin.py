"""Plugins: their state with its reason, how their providers do, and their configuration."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from stockhub.core.admin_classes import ReadOnlyAdmin, ReadOnlyRows, column, in_language, json_column, status_badge
from stockhub.pluginhost.models import HealthResult, Plugin, PluginStatus, Provider

_COLOURS = {
    PluginStatus.ACTIVE: "success",
    PluginStatus.DISABLED: "info",
    PluginStatus.NEEDS_CONFIG: "warning",
    PluginStatus.INCOMPATIBLE: "danger",
    PluginStatus.REFUSED: "danger",
    PluginStatus.BROKEN: "danger",
    PluginStatus.MISSING: "warning",
}


class ProviderRows(ReadOnlyRows):
    model = Provider
    fields = ("kind", "slug", "calls", "failures", "shown_mean", "open_until", "last_ok_at", "last_error")
    readonly_fields = ("shown_mean",)

    @column(_("seconds a call"))
    def shown_mean(self, provider: Provider) -> str:
        return f"{provider.seconds / provider.calls:.3f}" if provider.calls else ""


class HealthRows(ReadOnlyRows):
    model = HealthResult
    fields = ("name", "ok", "message", "checked_at")


@admin.register(Plugin)
class PluginAdmin(ReadOnlyAdmin):
    """The rows are discovery's; switching and configuring go through the host."""

    list_display = ("shown_name", "slug", "plugin_version", "shown_status", "reason", "enabled", "discovered_at")
    list_filter = ("status", "enabled")
    search_fields = ("slug", "name_en", "name_zh", "entry_point")
    ordering = ("slug", "entry_point")
    fields = (
        "shown_name", "slug", "shown_status", "reason", "enabled", "plugin_version", "requires_api", "entry_point", "config_version",
        "shown_config", "discovered_at",
    )  # fmt: skip
    readonly_fields = ("shown_name", "shown_status", "shown_config")
    inlines = (ProviderRows, HealthRows)
    shown_status = status_badge("status", _("status"), _COLOURS)
    shown_config = json_column("config", _("configuration"))

    @column(_("name"), ordering="name_en")
    def shown_name(self, plugin: Plugin) -> str:
        return in_language(plugin) or plugin.slug or plugin.entry_point


@admin.register(Provider)
class ProviderAdmin(ReadOnlyAdmin):
    list_display = ("slug", "kind", "plugin", "calls", "failures", "consecutive_failures", "open_until", "last_ok_at", "last_error_at")
    list_filter = ("kind", ("open_until", admin.EmptyFieldListFilter))
    list_select_related = ("plugin",)
    search_fields = ("slug", "plugin__slug")
    ordering = ("kind", "slug")


@admin.register(HealthResult)
class HealthResultAdmin(ReadOnlyAdmin):
    list_display = ("plugin", "name", "ok", "message", "checked_at")
    list_filter = ("ok",)
    list_select_related = ("plugin",)
    ordering = ("plugin__slug", "name")
