"""Plugins: their state with its reason, how their providers do, and their configuration."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stockhub.core.admin_classes import ReadOnlyAdmin, ReadOnlyRows, column, in_language, json_column, page_action, status_badge
from stockhub.core.admin_forms import dress
from stockhub.pluginhost.configuration import Stored
from stockhub.pluginhost.forms import form_class
from stockhub.pluginhost.models import HealthResult, Plugin, PluginStatus, Provider
from stockhub.pluginhost.registry import registry
from stockhub.pluginhost.services import configure_plugin, disable_plugin, enable_plugin
from stockhub.values import DomainError

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
    actions = ("enable", "disable")
    actions_detail = ("configure",)
    shown_config = json_column("config", _("configuration"))

    @column(_("name"), ordering="name_en")
    def shown_name(self, plugin: Plugin) -> str:
        return in_language(plugin) or plugin.slug or plugin.entry_point

    @admin.action(description=_("Switch on"), permissions=["operate"])
    def enable(self, request: HttpRequest, queryset: QuerySet[Plugin]) -> None:
        self._each(request, queryset, lambda plugin: enable_plugin(slug=plugin.slug))

    @admin.action(description=_("Switch off"), permissions=["operate"])
    def disable(self, request: HttpRequest, queryset: QuerySet[Plugin]) -> None:
        self._each(request, queryset, lambda plugin: disable_plugin(slug=plugin.slug))

    def _each(self, request: HttpRequest, queryset: QuerySet[Plugin], switch: Callable[[Plugin], Plugin]) -> None:
        for plugin in queryset:
            try:
                switched = switch(plugin)
            except DomainError as error:
                self.tell_error(request, error)
            else:
                self.tell(request, f"{self.shown_name(switched)}: {switched.get_status_display()}")

    @page_action(_("Configuration"), icon="settings", permission="operate")
    def configure(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The form that the plugin's own model draws. Secrets go in and never come out."""
        self.refuse_unless(allowed=self.has_operate_permission(request))
        plugin = self.visible_or_404(request, object_id)
        loaded = registry().loaded(plugin.slug)
        if loaded is None:
            told = gettext("The plugin is not loaded: %(reason)s") % {"reason": plugin.reason}
            self.message_user(request, told, messages.ERROR)
            return self.back_to(plugin.pk)
        form = form_class(loaded.manifest.config_model)(Stored(plugin.config, bytes(plugin.secrets)), request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                configure_plugin(slug=plugin.slug, values=form.values, cleared=form.cleared)
            except DomainError as error:
                self.tell_error(request, error)
            else:
                self.tell(request, gettext("The configuration is saved."))
                return self.back_to(plugin.pk)
        dress(form)
        return self.form_page(request, title=f"{self.shown_name(plugin)}: {gettext('Configuration')}", form=form, submit=_("Save"))

    def has_operate_permission(self, request: HttpRequest, object_id: object = None) -> bool:  # noqa: ARG002 - Unfold's signature
        """The row is the host's; switching and configuring are for those who may change plugins."""
        return request.user.has_perm("pluginhost.change_plugin")


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
