"""Messages that platforms push, pushes that could not be read, and those that were refused."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from stockhub.core import clock


class WebhookStatus(models.TextChoices):
    """What has become of a message."""

    DUE = "due", _("Due")
    DONE = "done", _("Done")
    PARKED = "parked", _("Given up until somebody tries it again")


class WebhookMessage(models.Model):
    """One message of a platform, reduced by its connector to an allow-list of fields. The same one pushed again is no second row."""

    account = models.ForeignKey(
        "channels.Account", models.CASCADE, related_name="webhook_messages", db_index=False, verbose_name=_("account")
    )
    message_id = models.CharField(_("id"), max_length=200)
    kind = models.CharField(_("kind"), max_length=60, blank=True, help_text=_("The platform's own name of the event."))
    payload = models.JSONField(_("message"), default=dict)
    occurred_at = models.DateTimeField(_("occurred"), null=True, blank=True)
    received_at = models.DateTimeField(_("came in"), default=clock.now, db_index=True)
    status = models.CharField(_("status"), max_length=8, choices=WebhookStatus, default=WebhookStatus.DUE)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, db_default=0, help_text=_("Attempts that failed."))
    begun = models.PositiveSmallIntegerField(
        _("begun"), default=0, db_default=0, help_text=_("How often a worker began on it: one that kills its workers is known by it.")
    )
    #: On the database's clock, which all workers share.
    next_attempt_at = models.DateTimeField(_("next attempt"), db_default=Now())
    leased_by = models.CharField(_("worker"), max_length=120, blank=True, default="", db_default="")
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    error = models.TextField(_("last error"), blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("webhook message")
        verbose_name_plural = _("webhook messages")
        constraints = [models.UniqueConstraint(fields=["account", "message_id"], name="channels_webhookmessage_once")]
        indexes = [
            models.Index(fields=["account", "next_attempt_at", "id"], name="channels_webhookmessage_due", condition=Q(status="due")),
            models.Index(fields=["account", "id"], name="channels_webhookmessage_parked", condition=Q(status="parked")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.message_id}"


class UnreadableWebhook(models.Model):
    """A verified push in which something could not be read. What came is in `secrets`, encrypted: nobody knows whose data is in it."""

    account = models.ForeignKey(
        "channels.Account", models.CASCADE, related_name="unreadable_webhooks", db_index=False, verbose_name=_("account")
    )
    digest = models.CharField(_("digest"), max_length=32, help_text=_("Of its body: the same one pushed again is counted here."))
    reason = models.TextField(_("reason"))
    size = models.PositiveIntegerField(_("bytes"))
    secrets = models.BinaryField(_("what came"), default=bytes, editable=False)
    times = models.PositiveIntegerField(_("times"), default=1, db_default=1)
    received_at = models.DateTimeField(_("first came in"), default=clock.now, db_index=True)
    last_received_at = models.DateTimeField(_("last came in"), default=clock.now)
    resolved_at = models.DateTimeField(_("read or dismissed"), null=True, blank=True)
    resolved_by = models.CharField(_("by"), max_length=150, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("unreadable webhook")
        verbose_name_plural = _("unreadable webhooks")
        constraints = [models.UniqueConstraint(fields=["account", "digest"], name="channels_unreadablewebhook_once")]

    def __str__(self) -> str:
        return self.digest


class RefusedWebhook(models.Model):
    """How often requests to an account's address were refused for one cause: what an operator looks at when messages do not come.

    Nothing of a refused request is kept: a stranger sent it.
    """

    account = models.ForeignKey(
        "channels.Account", models.CASCADE, related_name="refused_webhooks", db_index=False, verbose_name=_("account")
    )
    code = models.CharField(_("cause"), max_length=40)
    message = models.CharField(_("reason"), max_length=300, blank=True)
    status = models.PositiveSmallIntegerField(_("answered"))
    times = models.PositiveBigIntegerField(_("times"), default=1, db_default=1)
    first_at = models.DateTimeField(_("first"), default=clock.now)
    last_at = models.DateTimeField(_("last"), default=clock.now)

    class Meta:
        verbose_name = _("cause of refused webhooks")
        verbose_name_plural = _("causes of refused webhooks")
        constraints = [models.UniqueConstraint(fields=["account", "code"], name="channels_refusedwebhook_once")]

    def __str__(self) -> str:
        return self.code
