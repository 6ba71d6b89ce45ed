"""What became of alerts, and the stock-outs that there were: written when it becomes known, never changed (science.md 10.2).

A fact that comes late makes a new version with its reason; the older ones stay. Of each, one version is current.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Sku, StockPool
from stockhub.core import clock
from stockhub.core.fields import AmountField


class Outcome(models.TextChoices):
    """Of an alert. Right: TRUE_POSITIVE and AVERTED; wrong: FALSE_POSITIVE; the others are neither and count nowhere."""

    TRUE_POSITIVE = "true_positive", _("Right")
    AVERTED = "averted", _("Averted")
    FALSE_POSITIVE = "false_positive", _("Wrong")
    LATE = "late", _("Too late")
    CENSORED = "censored", _("Cannot be told")


class StockoutOutcome(models.TextChoices):
    """Of a stock-out: whether an alert foresaw it. WITHDRAWN: late facts say that there was none."""

    DETECTED = "detected", _("Foreseen")
    MISSED = "missed", _("Missed")
    UNFORESEEABLE = "unforeseeable", _("Before the watch began")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class LabelReason(models.TextChoices):
    """Why a version was written."""

    KNOWN = "known", _("Became known")
    ENDED = "ended", _("The stock-out ended")
    LATE_FACTS = "late_facts", _("Facts came late")


class Label(models.Model):
    """What both kinds of labels share."""

    version = models.PositiveSmallIntegerField(_("version"), default=1)
    is_current = models.BooleanField(_("current"), default=True)
    reason = models.CharField(_("why this version"), max_length=12, choices=LabelReason, default=LabelReason.KNOWN)
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        abstract = True


class StockoutEvent(Label):
    """A stock-out of a SKU that sells in a pool: from its first day to its last, gaps under three days included."""

    sku = models.ForeignKey(Sku, models.CASCADE, related_name="stockout_events", verbose_name=_("SKU"))
    pool = models.ForeignKey(StockPool, models.CASCADE, related_name="stockout_events", verbose_name=_("pool"))
    onset_on = models.DateField(_("first day"))
    ended_on = models.DateField(_("last day"), null=True, help_text=_("Empty while it lasts."))
    outcome = models.CharField(_("outcome"), max_length=14, choices=StockoutOutcome)
    alert = models.ForeignKey(
        "alerts.Alert", models.SET_NULL, null=True, related_name="foreseen", db_index=False, verbose_name=_("first alert that foresaw it")
    )
    lead_days = models.PositiveSmallIntegerField(_("days ahead"), null=True)
    is_actionable = models.BooleanField(_("in time to act"), null=True, help_text=_("At least as early as the fastest delivery takes."))
    lost_units = models.FloatField(_("units lost"), null=True)
    #: In the base currency.
    lost_amount = AmountField(_("sales lost"), null=True)

    class Meta:
        verbose_name = _("stock-out")
        verbose_name_plural = _("stock-outs")
        constraints = [
            models.UniqueConstraint(fields=["sku", "pool", "onset_on", "version"], name="alerts_stockoutevent_version_once"),
            models.UniqueConstraint(
                fields=["sku", "pool", "onset_on"], name="alerts_stockoutevent_one_current", condition=Q(is_current=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.onset_on}: {self.outcome}"


class AlertOutcome(Label):
    """What became of an alert as it was raised on a day. One that stays open is raised again every H days, and each is judged."""

    alert = models.ForeignKey("alerts.Alert", models.CASCADE, related_name="outcomes", verbose_name=_("alert"))
    kind = models.CharField(_("kind"), max_length=60)
    raised_on = models.DateField(_("raised"))
    outcome = models.CharField(_("outcome"), max_length=14, choices=Outcome)
    #: H: the days after `raised_on` in which it could come true.
    horizon_days = models.PositiveSmallIntegerField(_("days looked ahead"))
    onset_on = models.DateField(_("came true"), null=True, help_text=_("The first day of the stock-out that it foresaw."))
    lead_days = models.PositiveSmallIntegerField(_("days ahead"), null=True)
    is_actionable = models.BooleanField(_("in time to act"), null=True)

    class Meta:
        verbose_name = _("outcome of an alert")
        verbose_name_plural = _("outcomes of alerts")
        constraints = [
            models.UniqueConstraint(fields=["alert", "raised_on", "version"], name="alerts_alertoutcome_version_once"),
            models.UniqueConstraint(fields=["alert", "raised_on"], name="alerts_alertoutcome_one_current", condition=Q(is_current=True)),
        ]
        indexes = [models.Index(fields=["kind", "outcome"], name="alerts_alertoutcome_by_rule", condition=Q(is_current=True))]

    def __str__(self) -> str:
        return f"{self.alert} {self.raised_on}: {self.outcome}"
