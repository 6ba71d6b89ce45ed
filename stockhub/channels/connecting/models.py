"""What the host keeps between an account and its platform: tokens, a connector's few notes, and how much of each limit is used up."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from stockhub.core import clock


class AuthorizationState(models.TextChoices):
    NONE = "none", _("Not authorised yet")
    AUTHORISED = "authorised", _("Authorised")
    LOST = "lost", _("To be authorised again")
    DISCONNECTED = "disconnected", _("Disconnected")


class AccountAuthorization(models.Model):
    """Whether an account may ask its platform. The row is the lease too: who holds it renews the tokens, all others wait or use the old.

    `generation` counts the pairs of tokens, so that nobody writes over a newer one. Instants are empty where the platform does not say.
    """

    account = models.OneToOneField("channels.Account", models.CASCADE, related_name="authorization", verbose_name=_("account"))
    state = models.CharField(_("state"), max_length=12, choices=AuthorizationState, default=AuthorizationState.NONE)
    #: Both tokens as one Fernet token: whole or not at all. Never shown, never in a log.
    secrets = models.BinaryField(_("tokens"), default=bytes, editable=False)
    generation = models.PositiveIntegerField(_("number of tokens so far"), default=0)
    subject = models.CharField(_("shop at the platform"), max_length=200, blank=True)
    scope = models.TextField(_("allowed"), blank=True)
    obtained_at = models.DateTimeField(_("obtained"), null=True, blank=True)
    expires_at = models.DateTimeField(_("holds until"), null=True, blank=True)
    renew_at = models.DateTimeField(_("renewed from"), null=True, blank=True)
    refresh_expires_at = models.DateTimeField(_("can be renewed until"), null=True, blank=True)
    reason_code = models.CharField(_("code"), max_length=60, blank=True)
    reason = models.TextField(_("why it was lost"), blank=True)
    lost_at = models.DateTimeField(_("lost"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failed renewals in a row"), default=0)
    next_attempt_at = models.DateTimeField(_("next renewal at the earliest"), null=True, blank=True)
    #: Of a browser's authorisation that is under way: it can be ended once, by the one who began it.
    request_digest = models.CharField(_("request"), max_length=64, blank=True, editable=False)
    requested_by_id = models.BigIntegerField(_("requested by"), null=True, blank=True, editable=False)
    requested_at = models.DateTimeField(_("requested"), null=True, blank=True, editable=False)
    leased_by = models.CharField(_("renewed by"), max_length=120, blank=True)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    updated_at = models.DateTimeField(_("updated"), default=clock.now)

    class Meta:
        verbose_name = _("authorisation")
        verbose_name_plural = _("authorisations")

    def __str__(self) -> str:
        return f"{self.account}: {self.state}"


class ConnectorMemory(models.Model):
    """A small value that the connector of an account wants to have again. No facts, no secrets."""

    account = models.ForeignKey(
        "channels.Account", models.CASCADE, related_name="connector_memory", db_index=False, verbose_name=_("account")
    )
    name = models.CharField(_("name"), max_length=120)
    value = models.JSONField(_("value"))
    updated_at = models.DateTimeField(_("updated"), default=clock.now)

    class Meta:
        verbose_name = _("note of a connector")
        verbose_name_plural = _("notes of connectors")
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="channels_connectormemory_once")]

    def __str__(self) -> str:
        return self.name


class RateBucket(models.Model):
    """How much of a limit is used up, where there is no Redis: the instant at which the bucket is full again, in seconds since 1970.

    A call moves it on by the time that one call takes to grow back. An empty `operation` is everything of the scope.
    """

    scope = models.CharField(_("who shares it"), max_length=200)
    operation = models.CharField(_("operation"), max_length=120, blank=True)
    full_at = models.FloatField(_("full again at"), default=0.0)

    class Meta:
        verbose_name = _("used-up limit")
        verbose_name_plural = _("used-up limits")
        constraints = [models.UniqueConstraint(fields=["scope", "operation"], name="channels_ratebucket_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.operation}".strip()
