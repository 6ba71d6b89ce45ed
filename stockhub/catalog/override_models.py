"""What changes a line for a time: overrides by people, and adjustments to the forecast that a schedule makes (H25, H64)."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stockhub.core import clock

#: A plan that multiplies stock by more is a slipped decimal point.
MOST_FACTOR = 100.0


class LineSchedule(models.TextChoices):
    CONTINUOUS = "continuous", _("With every forecast")
    WEEKLY = "weekly", _("Once a week")
    MONTHLY = "monthly", _("Once a month")


class Line(models.TextChoices):
    ALERT_THRESHOLD = "alert_threshold", _("Warning line")
    SAFETY_STOCK = "safety_stock", _("Safety stock")


class StockOverride(models.Model):
    """Somebody's word on a line for a time: a quantity in its place, or a factor on it. It ends by itself, and is never deleted.

    Without a pool it holds for all. Of several that hold at once one counts: one for the pool before one for all, then the one set last.
    """

    sku = models.ForeignKey("catalog.Sku", models.CASCADE, related_name="overrides", verbose_name=_("SKU"))
    pool = models.ForeignKey("catalog.StockPool", models.CASCADE, null=True, blank=True, related_name="overrides", verbose_name=_("pool"))
    line = models.CharField(_("line"), max_length=20, choices=Line, default=Line.ALERT_THRESHOLD)
    qty = models.PositiveIntegerField(_("quantity"), null=True, blank=True, help_text=_("Stands in place of the line."))
    factor = models.FloatField(
        _("factor"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(MOST_FACTOR)],
        help_text=_("Multiplies the line, which goes on following its policy and forecast."),
    )
    starts_at = models.DateTimeField(_("from"), default=clock.now)
    until_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("why"), max_length=300)
    set_by = models.CharField(_("set by"), max_length=150, editable=False)
    set_at = models.DateTimeField(_("set"), default=clock.now, editable=False)
    ended_at = models.DateTimeField(_("ended early"), null=True, blank=True, editable=False)
    ended_by = models.CharField(_("ended by"), max_length=150, blank=True, editable=False)
    end_reason = models.CharField(_("ended because"), max_length=300, blank=True, editable=False)
    updated_at = models.DateTimeField(_("updated"), default=clock.now, editable=False, db_index=True)

    class Meta:
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        constraints = [
            models.CheckConstraint(
                condition=Q(qty__isnull=True, factor__isnull=False) | Q(qty__isnull=False, factor__isnull=True),
                name="catalog_stockoverride_qty_or_factor",
            ),
            models.CheckConstraint(condition=Q(until_at__gt=F("starts_at")), name="catalog_stockoverride_ends_later"),
        ]
        indexes = [models.Index(fields=["sku", "until_at"], name="catalog_override_by_sku")]

    def __str__(self) -> str:
        return f"{self.sku} @ {self.pool or '*'}: {self.line} {self.qty if self.factor is None else f'× {self.factor:g}'}"


class ThresholdAdjustment(models.Model):
    """A warning line as a schedule set it from the forecast, for a week or a month. The current one holds until the next."""

    sku = models.ForeignKey("catalog.Sku", models.CASCADE, related_name="adjustments", db_index=False, verbose_name=_("SKU"))
    pool = models.ForeignKey("catalog.StockPool", models.CASCADE, related_name="adjustments", verbose_name=_("pool"))
    schedule = models.CharField(_("schedule"), max_length=12, choices=LineSchedule)
    period_on = models.DateField(_("first day of its week or month"))
    qty = models.PositiveIntegerField(_("quantity"))
    previous_qty = models.PositiveIntegerField(_("quantity before"), null=True)
    cover_days = models.FloatField(_("days of sales"))
    daily_mean = models.FloatField(_("forecast mean a day"))
    is_current = models.BooleanField(_("holds now"), default=True)
    cycle_id = models.BigIntegerField(_("run"), null=True)
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        verbose_name = _("adjustment of a warning line")
        verbose_name_plural = _("adjustments of warning lines")
        constraints = [
            models.UniqueConstraint(fields=["sku", "pool", "schedule", "period_on"], name="catalog_adjustment_once_a_period"),
            models.UniqueConstraint(fields=["sku", "pool"], name="catalog_adjustment_one_current", condition=Q(is_current=True)),
        ]

    def __str__(self) -> str:
        return f"{self.sku} @ {self.pool}, {self.period_on}: {self.qty}"
