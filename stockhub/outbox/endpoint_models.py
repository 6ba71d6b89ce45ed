"""Where messages go: a mailbox, a chat room, another system; when it may be disturbed, and how it does."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stockhub.core.models import Editable


class Digest(models.TextChoices):
    IMMEDIATE = "immediate", _("At once")
    HOURLY = "hourly", _("Gathered, every hour")
    DAILY = "daily", _("Gathered, once a day")


class Endpoint(Editable):
    """One place that messages go to. `notifier` says how; a person's own has his user and goes to his address by mail."""

    name = models.CharField(_("name"), max_length=120)
    notifier = models.CharField(
        _("channel"), max_length=60, help_text=_("The slug of a notifier: mail, webhook, wecom, dingtalk, feishu …")
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="endpoint", verbose_name=_("user"),
        help_text=_("Whose own it is. What goes there is what he may see."),
    )  # fmt: skip
    config = models.JSONField(_("configuration"), default=dict, blank=True)
    #: Fernet token over a JSON object of the secret fields; never shown, never in a log.
    secrets = models.BinaryField(_("secrets"), default=bytes, editable=False)
    language = models.CharField(_("language"), max_length=10, default="en", choices=[("en", "English"), ("zh-hans", "简体中文")])
    time_zone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai")
    is_active = models.BooleanField(_("active"), default=True)
    digest = models.CharField(_("when"), max_length=12, choices=Digest, default=Digest.IMMEDIATE)
    digest_hour = models.PositiveSmallIntegerField(_("hour of the daily digest"), default=8, help_text=_("From 0 to 23, in its time zone."))
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True, help_text=_("Nothing is sent from then on, in its time zone."))
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True, help_text=_("What gathered meanwhile is sent then."))
    urgent_level = models.PositiveSmallIntegerField(
        _("urgent from level"), default=3, help_text=_("Such alerts come at once, in quiet hours too; 4 is never.")
    )
    #: Written by deliveries alone. Before `next_attempt_at` nothing is sent: it is paced, or it failed again and again.
    next_attempt_at = models.DateTimeField(_("not before"), null=True, blank=True, editable=False)
    paced_until_at = models.DateTimeField(_("paced until"), null=True, blank=True, editable=False)
    consecutive_failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    last_ok_at = models.DateTimeField(_("last success"), null=True, blank=True, editable=False)
    last_error_at = models.DateTimeField(_("last failure"), null=True, blank=True, editable=False)
    last_error = models.TextField(_("last error"), blank=True, editable=False)

    class Meta:
        verbose_name = _("endpoint")
        verbose_name_plural = _("endpoints")
        constraints = [
            models.UniqueConstraint(fields=["name"], name="outbox_endpoint_name", condition=Q(deleted_at=None, user=None)),
            models.CheckConstraint(condition=Q(digest_hour__lte=23), name="outbox_endpoint_hour"),
            models.CheckConstraint(condition=Q(urgent_level__gte=1) & Q(urgent_level__lte=4), name="outbox_endpoint_urgent"),
        ]

    def __str__(self) -> str:
        return self.name
