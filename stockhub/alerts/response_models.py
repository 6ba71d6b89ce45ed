"""The first response to an alert: who is told, what waits to be told, and what is to be done."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Category, StockPool
from stockhub.channels.models import Account
from stockhub.core import clock
from stockhub.outbox.models import Endpoint, Event


class Subscription(models.Model):
    """Who is told of which alerts: a person, everybody in a role, or an endpoint such as a chat room. Empty lists mean all."""

    name = models.CharField(_("name"), max_length=120, blank=True, default="", db_default="", help_text=_("What it is for."))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="subscriptions", verbose_name=_("user")
    )
    role = models.ForeignKey(
        Group, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("role"),
        help_text=_("Each of its members is told of what he may see."),
    )  # fmt: skip
    endpoint = models.ForeignKey(
        Endpoint, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("endpoint"),
        help_text=_("Everybody there reads it, whatever he may see here."),
    )  # fmt: skip
    kinds = models.JSONField(_("kinds"), default=list, blank=True)
    sides = models.JSONField(_("sides"), default=list, blank=True, null=True, help_text=_("shortage, excess, data"))
    accounts = models.ManyToManyField(Account, blank=True, related_name="+", verbose_name=_("accounts"))
    pools = models.ManyToManyField(StockPool, blank=True, related_name="+", verbose_name=_("pools"))
    categories = models.ManyToManyField(Category, blank=True, related_name="+", verbose_name=_("categories"))
    min_level = models.PositiveSmallIntegerField(_("from level"), default=1)
    max_level = models.PositiveSmallIntegerField(_("to level"), default=3, db_default=3)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, role=None, endpoint=None)
                | Q(user=None, role__isnull=False, endpoint=None)
                | Q(user=None, role=None, endpoint__isnull=False),
                name="alerts_subscription_one_target",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name or self.user or self.role or self.endpoint}: {self.min_level}–{self.max_level}"


class Notice(models.Model):
    """What one run has found for one endpoint, until a message is written of it. Digests and quiet hours let several come together.

    `groups`: by kind and cause, the gravest first: `{kind, cause, level, count, ids}`, with the ids of the worst of them.
    """

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="notices", verbose_name=_("endpoint"))
    event = models.ForeignKey(Event, models.PROTECT, related_name="+", verbose_name=_("event"))
    is_urgent = models.BooleanField(_("urgent"), default=False)
    level = models.PositiveSmallIntegerField(_("level"))
    count = models.PositiveIntegerField(_("number"))
    groups = models.JSONField(_("groups"))
    due_at = models.DateTimeField(_("due"), db_index=True)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [models.UniqueConstraint(fields=["event", "endpoint", "is_urgent"], name="alerts_notice_once")]

    def __str__(self) -> str:
        return f"{self.endpoint}: {self.count}"


class ResponseStep(models.Model):
    """Something that an alert asks for, of level 2 or 3 or of a kind whose flow opens at once: recorded here, and done by people."""

    alert = models.ForeignKey("alerts.Alert", models.CASCADE, related_name="response_steps", verbose_name=_("alert"))
    step = models.CharField(_("step"), max_length=40)
    level = models.PositiveSmallIntegerField(_("level"))
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.CharField(_("done by"), max_length=150, blank=True, default="", db_default="")
    note = models.CharField(_("note"), max_length=300, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("step to take")
        verbose_name_plural = _("steps to take")
        constraints = [models.UniqueConstraint(fields=["alert", "step"], name="alerts_responsestep_once")]

    def __str__(self) -> str:
        return f"{self.step}: {self.alert_id}"
