"""Events, written in the transaction of the thing that happened, and what is to be delivered because of them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from stockhub.core import clock
from stockhub.outbox.endpoint_models import Digest, Endpoint

__all__ = ["Delivery", "DeliveryStatus", "Digest", "Endpoint", "Event"]


class Event(models.Model):
    """Something happened. Never updated; readers keep a cursor over `id`. The payload holds ids and numbers, never a secret."""

    kind = models.CharField(_("kind"), max_length=80, help_text=_("<area>.<noun>_<past participle>.v<n>"))
    entity = models.CharField(_("entity"), max_length=40)
    entity_id = models.BigIntegerField(_("entity id"), null=True)
    payload = models.JSONField(_("payload"), default=dict)
    actor = models.CharField(_("actor"), max_length=150)
    correlation_id = models.CharField(_("correlation id"), max_length=64, blank=True)
    occurred_at = models.DateTimeField(_("occurred"), default=clock.now)
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [models.Index(fields=["entity", "entity_id", "id"], name="outbox_event_entity")]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class DeliveryStatus(models.TextChoices):
    DUE = "due", _("Due")
    LEASED = "leased", _("Being delivered")
    DELIVERED = "delivered", _("Delivered")
    DEAD = "dead", _("Given up")


class Delivery(models.Model):
    """One message to one recipient because of one event: at least once, with a lease, backoff and an end."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="deliveries", verbose_name=_("event"))
    channel = models.CharField(_("channel"), max_length=40, help_text=_("mail, or the slug of a notifier."))
    recipient = models.CharField(_("recipient"), max_length=254)
    endpoint = models.ForeignKey(
        Endpoint, models.SET_NULL, null=True, blank=True, related_name="deliveries", verbose_name=_("endpoint"),
        help_text=_("Empty for a mail to an address that is no endpoint."),
    )  # fmt: skip
    subject = models.CharField(_("subject"), max_length=300)
    body = models.TextField(_("body"), help_text=_("The message as plain lines."))
    #: The message in parts, for channels that lay it out themselves; null where it is its plain lines.
    message = models.JSONField(_("message"), null=True, blank=True, editable=False)
    #: The level of the worst that it tells: urgent ones come in quiet hours too.
    level = models.PositiveSmallIntegerField(_("level"), null=True, blank=True)
    reference = models.CharField(_("reference of the receiver"), max_length=300, blank=True, default="", db_default="")
    status = models.CharField(_("status"), max_length=12, choices=DeliveryStatus, default=DeliveryStatus.DUE)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=clock.now)
    leased_by = models.CharField(_("leased by"), max_length=100, blank=True)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [models.UniqueConstraint(fields=["event", "channel", "recipient"], name="outbox_delivery_once")]
        indexes = [models.Index(fields=["status", "next_attempt_at"], name="outbox_delivery_due")]

    def __str__(self) -> str:
        return f"{self.channel} → {self.recipient}: {self.get_status_display()}"
