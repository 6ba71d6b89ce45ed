"""What changes a line for a time: overrides by people, and adjustments to the forecast that a schedule makes (H25, H64)."""

from __future__ import annotations

from typing import Final

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


class OverrideScope(models.TextChoices):
    """For which SKUs an override holds, the least specific first: of several that hold, the last one here counts (ADR 0020)."""

    CATEGORY = "category", _("Category, and all beneath it")
    CLASS = "class", _("Class")
    STAGE = "stage", _("Life-cycle stage")
    ACCOUNT = "account", _("Account")
    POOL = "pool", _("Stock pool")
    SKU = "sku", _("SKU")


#: The field that holds the target of each scope. A SKU may be overridden in one pool alone.
OVERRIDE_TARGETS: Final = {
    OverrideScope.CATEGORY: "category",
    OverrideScope.CLASS: "sku_class",
    OverrideScope.STAGE: "stage",
    OverrideScope.ACCOUNT: "account",
    OverrideScope.POOL: "pool",
    OverrideScope.SKU: "sku",
}


def _has_the_target_of_its_scope() -> Q:
    """Each scope has its own target and no other; only a SKU may have its pool besides."""
    empty = {name: Q(sku_class="") if name == "sku_class" else Q(**{f"{name}__isnull": True}) for name in OVERRIDE_TARGETS.values()}
    fits = Q()
    for scope, own in OVERRIDE_TARGETS.items():
        besides = {own, "pool"} if scope is OverrideScope.SKU else {own}
        fits |= Q(scope=scope.value) & ~empty[own] & Q(*(none for name, none in empty.items() if name not in besides))
    return fits


class StockOverride(models.Model):
    """Somebody's word on a line for a time: a quantity in its place, or a factor on it. It ends by itself, and is never deleted.

    Of several that hold at once one counts: the one of the most specific scope, one for a SKU in its pool before one for the SKU in all,
    then the one that began last. None begins before somebody set it.
    """

    scope = models.CharField(_("for"), max_length=10, choices=OverrideScope, default=OverrideScope.SKU, db_default=OverrideScope.SKU.value)
    category = models.ForeignKey(
        "catalog.Category", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("category"),
        help_text=_("And all beneath it."),
    )  # fmt: skip
    sku_class = models.CharField(
        _("class"), max_length=40, blank=True, default="", db_default="",
        help_text=_("As the attribute “class” of the SKU, or else of its product, says, such as A or AX."),
    )  # fmt: skip
    stage = models.ForeignKey("catalog.Stage", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("stage"))
    account = models.ForeignKey("channels.Account", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("account"))
    sku = models.ForeignKey(
        "catalog.Sku", models.CASCADE, null=True, blank=True, related_name="overrides", verbose_name=_("SKU"),
        help_text=_("In all pools, or in the one that is named."),
    )  # fmt: skip
    pool = models.ForeignKey("catalog.StockPool", models.CASCADE, null=True, blank=True, related_name="overrides", verbose_name=_("pool"))
    line = models.CharField(_("stock line"), max_length=20, choices=Line, default=Line.ALERT_THRESHOLD)
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
            models.CheckConstraint(condition=_has_the_target_of_its_scope(), name="catalog_stockoverride_target"),
        ]
        indexes = [
            models.Index(fields=["sku", "until_at"], name="catalog_override_by_sku"),
            # A cycle asks for those that are for more than one SKU: few, however many SKUs have their own.
            models.Index(fields=["until_at"], name="catalog_override_general", condition=Q(sku__isnull=True)),
        ]

    def __str__(self) -> str:
        whose = f"{self.sku} @ {self.pool or '*'}" if self.scope == OverrideScope.SKU else f"{self.scope} {self.target}"
        return f"{whose}: {self.line} {self.qty if self.factor is None else f'× {self.factor:g}'}"

    @property
    def target(self) -> str:
        """The code of what it is for."""
        return str(getattr(self, OVERRIDE_TARGETS[OverrideScope(self.scope)]))


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
