"""People, what they may see, and their API tokens.

This layer lies beneath the things it guards, so a grant names an account or a warehouse by its kind and id.
"""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from stockhub.core import clock


class User(AbstractUser):
    """A person. Permissions come from Django's groups and permissions; rows are limited by `Grant`."""

    language = models.CharField(_("language"), max_length=10, default="en", choices=[("en", "English"), ("zh-hans", "简体中文")])
    time_zone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai")
    sees_all_accounts = models.BooleanField(_("sees all accounts"), default=False)
    sees_all_warehouses = models.BooleanField(_("sees all warehouses"), default=False)

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")


class ScopeKind(models.TextChoices):
    ACCOUNT = "account", _("Account")
    WAREHOUSE = "warehouse", _("Warehouse")


class Grant(models.Model):
    """Lets a user see, and within his permissions change, the rows of one account or one warehouse."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name=_("user"))
    kind = models.CharField(_("kind"), max_length=12, choices=ScopeKind)
    object_id = models.BigIntegerField(_("id"))
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints = [models.UniqueConstraint(fields=["user", "kind", "object_id"], name="access_grant_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()} {self.object_id}"


class ApiToken(models.Model):
    """A bearer token of a user. Only its SHA-256 is stored; the token itself is shown once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens", verbose_name=_("user"))
    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(_("prefix"), max_length=12, help_text=_("The first characters, to recognise it by."))
    digest = models.CharField(_("digest"), max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.name})"
