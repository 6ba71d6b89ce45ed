"""Incidents: alerts with one cause, dealt with as one (N14)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stockhub.core import clock
from stockhub.core.actor_names import actor_name
from stockhub.core.fields import AmountField


class IncidentCause(models.TextChoices):
    LATE_SUPPLIER = "late_supplier", _("Late supplier")
    CAMPAIGN = "campaign", _("Campaign")
    STALE_FEED = "stale_feed", _("Stale feed")
    CATEGORY = "category", _("Category in decline")
    POOL = "pool", _("Many in one pool")


class IncidentStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("something to be dealt with", "Open")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    RESOLVED = "resolved", _("Resolved")


class Incident(models.Model):
    """At most one that is not resolved for each cause and key. It ends when none of its alerts is open, and opens again, not anew."""

    cause = models.CharField(_("cause"), max_length=16, choices=IncidentCause)
    key = models.CharField(_("key"), max_length=80, help_text=_("What the cause is, such as supplier:12 or pool:3:shortage."))
    inputs = models.JSONField(_("facts"), default=dict, help_text=_("Codes and names that its headline tells."))
    status = models.CharField(_("status"), max_length=14, choices=IncidentStatus, default=IncidentStatus.OPEN)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="incidents", verbose_name=_("owner")
    )
    level = models.PositiveSmallIntegerField(_("level"), default=1, help_text=_("The worst of its open alerts; of an ended one, its last."))
    #: In the base currency: of each SKU and pool the worst open alert, added up.
    money_amount = AmountField(_("money at stake"), null=True)
    alert_count = models.PositiveIntegerField(_("alerts"), default=0, help_text=_("Ever joined."))
    open_count = models.PositiveIntegerField(_("open alerts"), default=0)
    opened_at = models.DateTimeField(_("opened"), default=clock.now)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    acknowledged_by = models.CharField(_("acknowledged by"), max_length=150, blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    # Clocks are null before they are set, and so columns that can be added while an older release runs.
    level_since_at = models.DateTimeField(_("level since"), null=True, editable=False)
    clock_level = models.PositiveSmallIntegerField(_("level of its clocks"), null=True, editable=False)
    acknowledge_by_at = models.DateTimeField(_("to be seen by"), null=True, blank=True)
    resolve_by_at = models.DateTimeField(_("to be settled by"), null=True, blank=True)
    escalation_due_at = models.DateTimeField(_("next escalation"), null=True, editable=False)
    escalations = models.PositiveSmallIntegerField(_("escalations"), null=True, editable=False)
    escalated_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("escalated to")
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    updated_at = models.DateTimeField(_("updated"), default=clock.now, db_index=True)

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        constraints = [models.UniqueConstraint(fields=["cause", "key"], name="alerts_incident_one_open", condition=~Q(status="resolved"))]
        indexes = [models.Index(fields=["-opened_at"], name="alerts_incident_latest")]

    def __str__(self) -> str:
        return f"{self.get_cause_display()} #{self.pk}"


class IncidentEvent(models.Model):
    """One line of an incident's timeline: what happened to it, to how many alerts, when, by whom."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="events", verbose_name=_("incident"))
    what = models.CharField(
        _("what"),
        max_length=20,
        help_text=_("opened, joined, left, acknowledged, started, assigned, snoozed, escalated, resolved, reopened"),
    )
    count = models.PositiveIntegerField(_("alerts"), default=0)
    note = models.CharField(_("note"), max_length=300, blank=True)
    actor = models.CharField(_("actor"), max_length=150)
    occurred_at = models.DateTimeField(_("occurred"), default=clock.now)

    class Meta:
        verbose_name = _("step of an incident")
        verbose_name_plural = _("steps of incidents")

    def __str__(self) -> str:
        return f"{self.incident}: {self.what}"

    @property
    def told_actor(self) -> str:
        """Who did it, in the reader's language."""
        return actor_name(self.actor)
