"""Alerts: what is wrong, since when, how badly, what it costs, who has it, and the numbers that prove it."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stockhub.alerts.incidents.models import Incident, IncidentEvent
from stockhub.alerts.outcomes.models import AlertOutcome, LabelReason, Outcome, StockoutEvent, StockoutOutcome
from stockhub.alerts.parameter_models import ParameterScope, RuleParameter
from stockhub.alerts.response_models import Notice, ResponseStep, Subscription
from stockhub.catalog.models import Sku, StockPool
from stockhub.core import clock
from stockhub.core.actor_names import actor_name
from stockhub.core.fields import AmountField
from stockhub.cycles.models import Cycle

__all__ = [
    "DONOR_IN_DISPUTE",
    "IN_DISPUTE",
    "Alert",
    "AlertEnding",
    "AlertEvent",
    "AlertOutcome",
    "AlertStatus",
    "EscalationStep",
    "ExplanationTemplate",
    "FalseAlarmCause",
    "HoursCounted",
    "Incident",
    "IncidentEvent",
    "LabelReason",
    "Notice",
    "Outcome",
    "ParameterScope",
    "ResponseStep",
    "RuleParameter",
    "RuleSetting",
    "ServiceLevel",
    "Side",
    "StockoutEvent",
    "StockoutOutcome",
    "Subscription",
]  # fmt: skip


class RuleSetting(models.Model):
    """Whether an alert rule is evaluated. Its parameters are `RuleParameter` rows."""

    rule = models.CharField(_("rule"), max_length=60, unique=True)
    enabled = models.BooleanField(_("enabled"), default=True)
    #: Of releases whose parameters had no scope; copied into `RuleParameter` and read no more.
    parameters = models.JSONField(_("parameters"), default=dict, blank=True, editable=False)
    updated_at = models.DateTimeField(_("updated"), default=clock.now)

    class Meta:
        verbose_name = _("alert rule")
        verbose_name_plural = _("alert rules")

    def __str__(self) -> str:
        return self.rule


class ExplanationTemplate(models.Model):
    """The formulas of a rule as trees over named inputs, by content: an alert stores its inputs and points here."""

    digest = models.CharField(_("digest"), max_length=64, primary_key=True)
    rule = models.CharField(_("rule"), max_length=60)
    trees = models.JSONField(_("formulas"), help_text=_("By what they give: value, money, due_in_days, suggested_qty."))
    labels = models.JSONField(_("names of inputs"), default=dict)
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        verbose_name = _("formula of a rule")
        verbose_name_plural = _("formulas of rules")

    def __str__(self) -> str:
        return f"{self.rule} {self.digest[:8]}"


class Side(models.TextChoices):
    SHORTAGE = "shortage", _("Shortage")
    EXCESS = "excess", _("Excess")
    DATA = "data", _("Data")


class AlertStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("something to be dealt with", "Open")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    IN_PROGRESS = "in_progress", _("In progress")
    SNOOZED = "snoozed", _("Snoozed")
    RESOLVED = "resolved", _("Resolved")


class AlertEnding(models.TextChoices):
    """How an alert ended whose status is RESOLVED: one status ends it, so that one index and one condition know what is open (ADR 0022)."""

    RESOLVED = "resolved", _("Resolved")
    EXPIRED = "expired", _("Expired")
    FALSE_ALARM = "false_alarm", _("False alarm")


class FalseAlarmCause(models.TextChoices):
    """Why an alert was wrong: what is learned from it depends on this (H71)."""

    LATE_DELIVERY = "late_delivery", _("A delivery was late")
    PROMOTION_NOT_KNOWN = "promotion_not_known", _("A promotion was not known")
    WRONG_DATA = "wrong_data", _("The data were wrong")
    THRESHOLD_TOO_TIGHT = "threshold_too_tight", _("The threshold is too tight")
    FORECAST_TOO_HIGH = "forecast_too_high", _("The forecast was too high")
    FORECAST_TOO_LOW = "forecast_too_low", _("The forecast was too low")
    ALREADY_HANDLED = "already_handled", _("It was dealt with already")
    OTHER = "other", _("Something else")


#: The stock that the alert rests on is in dispute: a person decides, or a second count settles it.
IN_DISPUTE = "IN_DISPUTE"
#: The same of the pool that units would be moved from.
DONOR_IN_DISPUTE = "DONOR_IN_DISPUTE"
#: The data that it rests on contradict each other, or are too old (N17).
DOUBTFUL_DATA = "DOUBTFUL_DATA"


class Alert(models.Model):
    """At most one that is not resolved for each (kind, subject); the subject is a SKU in a pool, or a rule, or an account."""

    kind = models.CharField(_("kind"), max_length=60, help_text=_("The slug of its rule."))
    subject = models.CharField(_("subject"), max_length=120, help_text=_("<SKU id>:<pool id>, rule:<slug> or account:<id>"))
    sku = models.ForeignKey(Sku, models.CASCADE, null=True, blank=True, related_name="alerts", verbose_name=_("SKU"))
    pool = models.ForeignKey(StockPool, models.CASCADE, null=True, blank=True, related_name="alerts", verbose_name=_("pool"))
    account_id = models.BigIntegerField(_("account"), null=True, blank=True)
    side = models.CharField(_("side"), max_length=10, choices=Side)
    level = models.PositiveSmallIntegerField(_("level"))
    status = models.CharField(_("status"), max_length=14, choices=AlertStatus, default=AlertStatus.OPEN)
    is_baseline = models.BooleanField(_("baseline"), default=False, help_text=_("Was there when its account was new."))
    value = models.FloatField(_("value"), null=True)
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    #: In the base currency.
    money_amount = AmountField(_("money at stake"), null=True)
    #: Of that, what the best action of now still saves: null where nobody can tell.
    saving_amount = AmountField(_("an action saves"), null=True)
    money_reason = models.CharField(_("why no money"), max_length=40, blank=True)
    due_on = models.DateField(_("too late after"), null=True)
    suggested_qty = models.BigIntegerField(_("suggested quantity"), null=True)
    # Null where nothing holds it: a column that can be added while an older release runs.
    held_reason = models.CharField(  # noqa: DJ001
        _("held because"),
        max_length=40,
        null=True,
        blank=True,
        help_text=_("Why nothing may act on it by itself; empty where something may."),
    )
    inputs = models.JSONField(_("inputs"), default=dict)
    template = models.ForeignKey(
        ExplanationTemplate, models.PROTECT, null=True, related_name="alerts", db_index=False, verbose_name=_("formula")
    )
    message = models.TextField(_("message"), blank=True, help_text=_("For alerts that are not about numbers."))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="alerts", verbose_name=_("owner")
    )
    #: Evaluations in a row that found less than the level that is shown; two lower it.
    clean_evaluations = models.PositiveSmallIntegerField(_("clean evaluations"), default=0, editable=False)
    opened_cycle = models.ForeignKey(Cycle, models.SET_NULL, null=True, related_name="+", db_index=False, verbose_name=_("opened by"))
    changed_cycle = models.ForeignKey(Cycle, models.SET_NULL, null=True, related_name="+", db_index=False, verbose_name=_("changed by"))
    evaluated_at = models.DateTimeField(_("numbers of"), default=clock.now)
    opened_at = models.DateTimeField(_("opened"), default=clock.now)
    level_since_at = models.DateTimeField(_("level since"), default=clock.now)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    acknowledged_by = models.CharField(_("acknowledged by"), max_length=150, blank=True)
    # Null, where a text is meant, for the same reason as above.
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    started_by = models.CharField(_("started by"), max_length=150, null=True, blank=True)  # noqa: DJ001
    snoozed_until_at = models.DateTimeField(_("snoozed until"), null=True, blank=True)
    snooze_reason = models.CharField(_("snoozed because"), max_length=300, blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_by = models.CharField(_("resolved by"), max_length=150, blank=True)
    resolution = models.CharField(_("resolution"), max_length=300, blank=True)
    ending = models.CharField(_("how it ended"), max_length=12, choices=AlertEnding, null=True, blank=True)  # noqa: DJ001
    false_alarm_cause = models.CharField(  # noqa: DJ001
        _("why it was false"), max_length=24, choices=FalseAlarmCause, null=True, blank=True
    )
    #: The level that its clocks run for: `life.clocks` sets them again where it is another than the alert's.
    clock_level = models.PositiveSmallIntegerField(_("level of its clocks"), null=True, editable=False)
    acknowledge_by_at = models.DateTimeField(_("to be seen by"), null=True, blank=True)
    resolve_by_at = models.DateTimeField(_("to be settled by"), null=True, blank=True)
    #: When somebody else hears of it next, unless a step is taken before; null where nobody will.
    escalation_due_at = models.DateTimeField(_("next escalation"), null=True, editable=False)
    #: Steps taken of the ladder, for the clock that is running.
    escalations = models.PositiveSmallIntegerField(_("escalations"), null=True, editable=False)
    escalated_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("escalated to")
    )
    #: What it has in common with others; kept when it ends.
    incident = models.ForeignKey(
        Incident, models.SET_NULL, null=True, blank=True, related_name="alerts", db_index=False, verbose_name=_("incident")
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    updated_at = models.DateTimeField(_("updated"), default=clock.now, db_index=True)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], name="alerts_alert_one_open", condition=~Q(status="resolved")),
            models.CheckConstraint(condition=Q(level__gte=1) & Q(level__lte=3), name="alerts_alert_level"),
        ]
        indexes = [
            models.Index(fields=["side", "-money_amount"], name="alerts_alert_today", condition=~Q(status="resolved")),
            models.Index(fields=["side", "-saving_amount"], name="alerts_alert_saving", condition=~Q(status="resolved")),
            models.Index(fields=["-opened_at"], name="alerts_alert_latest"),
            # What a cycle compares its findings with: resolved alerts pile up for ever, these do not.
            models.Index(fields=["sku"], name="alerts_alert_shown", condition=~Q(status="resolved")),
            models.Index(fields=["resolved_at"], name="alerts_alert_dismissed", condition=~Q(resolved_by="")),
            models.Index(fields=["incident"], name="alerts_alert_of_incident", condition=Q(incident__isnull=False)),
            # What each cycle wakes; nearly empty.
            models.Index(fields=["snoozed_until_at"], name="alerts_alert_snoozed", condition=Q(status="snoozed")),
            # What `escalation` looks for every few minutes; both are nearly empty.
            models.Index(
                fields=["id"],
                name="alerts_alert_unsettled",
                condition=~Q(status="resolved")
                & (Q(owner__isnull=True) | Q(clock_level__isnull=True) | Q(clock_level__lt=F("level")) | Q(clock_level__gt=F("level"))),
            ),
            models.Index(
                fields=["escalation_due_at"],
                name="alerts_alert_overdue",
                condition=~Q(status="resolved") & Q(escalation_due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku or self.inputs.get('account') or self.subject} #{self.pk}"


class AlertEvent(models.Model):
    """One step in an alert's life: what changed, when, by whom. Time to acknowledge and to resolve come from here."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="events", verbose_name=_("alert"))
    what = models.CharField(
        _("what"),
        max_length=20,
        help_text=_("opened, raised, lowered, acknowledged, started, snoozed, woken, assigned, escalated, resolved, expired, false_alarm"),
    )
    level = models.PositiveSmallIntegerField(_("level"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    actor = models.CharField(_("actor"), max_length=150)
    occurred_at = models.DateTimeField(_("occurred"), default=clock.now)

    class Meta:
        verbose_name = _("step of an alert")
        verbose_name_plural = _("steps of alerts")
        # What a cycle or a minute has brought is looked up once each; the table grows for ever.
        indexes = [models.Index(fields=["occurred_at"], name="alerts_alertevent_at")]

    def __str__(self) -> str:
        return f"{self.alert}: {self.what}"

    @property
    def told_actor(self) -> str:
        """Who did it, in the reader's language."""
        return actor_name(self.actor)


class HoursCounted(models.TextChoices):
    CLOCK = "clock", _("Clock hours")
    BUSINESS = "business", _("Business hours")


class ServiceLevel(models.Model):
    """Within how many hours an alert of a level is to be seen and to be settled; of one rule, or of all that have none of their own."""

    rule = models.CharField(_("rule"), max_length=60, blank=True, help_text=_("Its slug; empty for every rule."))
    level = models.PositiveSmallIntegerField(_("level"), validators=[MinValueValidator(1), MaxValueValidator(3)])
    acknowledge_hours = models.FloatField(_("hours to acknowledge"), validators=[MinValueValidator(0.0), MaxValueValidator(8760.0)])
    resolve_hours = models.FloatField(_("hours to resolve"), validators=[MinValueValidator(0.0), MaxValueValidator(8760.0)])
    counted = models.CharField(_("hours counted"), max_length=10, choices=HoursCounted, default=HoursCounted.CLOCK)

    class Meta:
        verbose_name = _("service level")
        verbose_name_plural = _("service levels")
        constraints = [models.UniqueConstraint(fields=["rule", "level"], name="alerts_servicelevel_once")]

    def __str__(self) -> str:
        return f"{self.rule or '*'} {self.level}"


class EscalationStep(models.Model):
    """Who hears of an alert that is overdue, in the order of the steps. Of a role, its first active member does."""

    position = models.PositiveSmallIntegerField(_("step"), unique=True, validators=[MinValueValidator(1)])
    min_level = models.PositiveSmallIntegerField(_("from level"), default=1, validators=[MinValueValidator(1), MaxValueValidator(3)])
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("person"))
    role = models.ForeignKey("auth.Group", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("role"))
    after_hours = models.FloatField(
        _("hours after the step before"), default=24.0, validators=[MinValueValidator(0.0), MaxValueValidator(8760.0)],
        help_text=_("Clock hours; the first step is taken when the alert is overdue."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("step of escalation")
        verbose_name_plural = _("steps of escalation")
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True) ^ Q(role__isnull=True),
                name="alerts_escalationstep_person_or_role",
                violation_error_message=_("Name either a person or a role."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.user or self.role}"
