"""What the host knows of each plugin: its state with a reason, its configuration, and how its providers do."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from stockhub.core import clock


class PluginStatus(models.TextChoices):
    ACTIVE = "active", _("Active")
    DISABLED = "disabled", _("Switched off")
    NEEDS_CONFIG = "needs_config", _("Needs configuration")
    INCOMPATIBLE = "incompatible", _("Needs another API version")
    REFUSED = "refused", _("Refused")
    BROKEN = "broken", _("Broken")
    MISSING = "missing", _("No longer installed")


class Plugin(models.Model):
    """One installed entry point. `status` and `reason` are written at discovery; `enabled` and the configuration by an operator."""

    entry_point = models.CharField(_("entry point"), max_length=200, unique=True, help_text=_("<distribution>:<name>"))
    slug = models.CharField(_("slug"), max_length=60, db_index=True)
    name_en = models.CharField(_("name"), max_length=120, blank=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=120, blank=True)
    plugin_version = models.CharField(_("plugin version"), max_length=40, blank=True)
    requires_api = models.CharField(_("needs API"), max_length=60, blank=True)
    enabled = models.BooleanField(_("enabled"), default=True)
    status = models.CharField(_("status"), max_length=20, choices=PluginStatus)
    reason = models.TextField(_("reason"), blank=True)
    config_version = models.PositiveIntegerField(_("configuration version"), default=1)
    config = models.JSONField(_("configuration"), default=dict, blank=True)
    #: Fernet token over a JSON object of the secret fields; never shown, never in a log.
    secrets = models.BinaryField(_("secrets"), default=bytes, editable=False)
    config_schema = models.JSONField(_("configuration schema"), default=dict, editable=False)
    discovered_at = models.DateTimeField(_("last discovered"), default=clock.now)
    updated_at = models.DateTimeField(_("updated"), default=clock.now)

    class Meta:
        verbose_name = _("plugin")
        verbose_name_plural = _("plugins")

    def __str__(self) -> str:
        return self.slug or self.entry_point


class Provider(models.Model):
    """One provider of a plugin, with its circuit. The row is the circuit that all processes share."""

    plugin = models.ForeignKey(Plugin, models.CASCADE, related_name="providers", verbose_name=_("plugin"), null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=40, help_text=_("forecaster, alert_rule, marketplace, …"))
    slug = models.CharField(_("slug"), max_length=60)
    calls = models.PositiveBigIntegerField(_("calls"), default=0)
    failures = models.PositiveBigIntegerField(_("failures"), default=0)
    seconds = models.FloatField(_("seconds in all"), default=0.0)
    consecutive_failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    open_until = models.DateTimeField(_("circuit open until"), null=True, blank=True)
    last_ok_at = models.DateTimeField(_("last success"), null=True, blank=True)
    last_error_at = models.DateTimeField(_("last failure"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("provider")
        verbose_name_plural = _("providers")
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="pluginhost_provider_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"


class HealthResult(models.Model):
    """The last answer of a plugin's health check."""

    plugin = models.ForeignKey(Plugin, models.CASCADE, related_name="health", verbose_name=_("plugin"))
    name = models.CharField(_("check"), max_length=120)
    ok = models.BooleanField(_("well"))
    message = models.TextField(_("message"), blank=True)
    checked_at = models.DateTimeField(_("checked"), default=clock.now)

    class Meta:
        verbose_name = _("health check")
        verbose_name_plural = _("health checks")
        constraints = [models.UniqueConstraint(fields=["plugin", "name"], name="pluginhost_health_once")]

    def __str__(self) -> str:
        return self.name
