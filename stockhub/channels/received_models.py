"""What accounts told, as it came in: acknowledged once it is here, applied by workers, kept for a while to be applied again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from stockhub.core import clock


class ReceivedStatus(models.TextChoices):
    """The order of the values is the order in which they are taken: what is new before what is only done again."""

    DUE = "due", _("Due")
    REPLAY = "replay", _("Due again")
    APPLIED = "applied", _("Applied")
    QUARANTINED = "quarantined", _("In quarantine")
    DISMISSED = "dismissed", _("Dismissed")


#: A worker will look at it.
WAITING = (ReceivedStatus.DUE.value, ReceivedStatus.REPLAY.value)


class ReceivedRecord(models.Model):
    """One record of a source, reduced to an allow-list of fields; the buyer is a keyed hash. An exact repetition is no second row.

    Made to be partitioned by the month of `received_at` and dropped by it: nothing refers to a row; what is unique is in `ReceivedKey`.
    """

    account = models.ForeignKey("channels.Account", models.CASCADE, related_name="received", db_index=False, verbose_name=_("account"))
    kind = models.CharField(_("kind"), max_length=20, help_text=_("order, return, stock, listing, …"))
    external_id = models.CharField(_("id"), max_length=200)
    source = models.CharField(_("source"), max_length=40)
    payload = models.JSONField(_("record"))
    digest = models.CharField(_("digest"), max_length=32)
    received_at = models.DateTimeField(_("came in"), default=clock.now, db_index=True)
    status = models.CharField(_("status"), max_length=12, choices=ReceivedStatus, default=ReceivedStatus.DUE)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, db_default=0)
    begun = models.PositiveSmallIntegerField(
        _("begun"), default=0, db_default=0, help_text=_("How often a worker began on it: one that kills its workers is known by it.")
    )
    #: On the database's clock, which all workers share.
    next_attempt_at = models.DateTimeField(_("next attempt"), db_default=Now())
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    error = models.TextField(_("last error"), blank=True, default="", db_default="")
    is_rerouted = models.BooleanField(
        _("finds its warehouse anew"), default=False, db_default=False, help_text=_("When it is applied again, its open lines do.")
    )

    class Meta:
        verbose_name = _("received record")
        verbose_name_plural = _("received records")
        indexes = [
            models.Index(fields=["account", "external_id"], name="channels_received_of"),
            models.Index(
                fields=["account", "status", "next_attempt_at", "id"], name="channels_received_waiting", condition=Q(status__in=WAITING)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"


class ReceivedKey(models.Model):
    """The digests of the records that are kept, apart from them so that those can be partitioned by month."""

    digest = models.CharField(_("digest"), max_length=32, primary_key=True)
    received_at = models.DateTimeField(_("came in"), default=clock.now, db_index=True)

    class Meta:
        verbose_name = _("key of a received record")
        verbose_name_plural = _("keys of received records")

    def __str__(self) -> str:
        return self.digest
