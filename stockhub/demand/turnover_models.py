"""Turnover as it was, month by month, and cliffs of demand: kept, so that a warning cycle reads a hundred bytes a row and not a year."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Category, Sku, StockPool
from stockhub.core import clock
from stockhub.core.fields import ArrayField
from stockhub.cycles.models import Cycle

#: Natural months that are kept: a year.
MONTHS = 12


class TurnoverHistory(models.Model):
    """Of a SKU in a pool: units sold and mean stock of the last twelve complete months, the newest last; NaN where a month is not known."""

    sku = models.ForeignKey(Sku, models.CASCADE, related_name="turnover_histories", db_index=False, verbose_name=_("SKU"))
    pool = models.ForeignKey(StockPool, models.CASCADE, related_name="turnover_histories", verbose_name=_("pool"))
    last_month = models.DateField(_("last month"), help_text=_("The first day of the last complete month."))
    sold = ArrayField(_("units sold a month"), dtype="<f4")
    held = ArrayField(_("mean stock of a month"), dtype="<f4")
    updated_at = models.DateTimeField(_("updated"), default=clock.now)

    class Meta:
        verbose_name = _("turnover by month")
        verbose_name_plural = _("turnover by month")
        constraints = [models.UniqueConstraint(fields=["sku", "pool"], name="demand_turnoverhistory_once")]

    def __str__(self) -> str:
        return f"{self.sku} @ {self.pool}"


class CategoryTurnover(models.Model):
    """Of a category in a pool, or of all that lies in the pool: sales and mean stock at cost, of the same twelve months.

    `cogs` and `inventory` are in the base currency and leave out SKUs whose cost or month is unknown; NaN where those are all. `median` is
    the turnover of the SKU in the middle over the last three months.
    """

    pool = models.ForeignKey(StockPool, models.CASCADE, related_name="category_turnovers", verbose_name=_("pool"))
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, related_name="turnovers", verbose_name=_("category"), help_text=_("Empty: all of the pool.")
    )
    last_month = models.DateField(_("last month"), help_text=_("The first day of the last complete month."))
    cogs = ArrayField(_("cost of sales a month"), dtype="<f8")
    inventory = ArrayField(_("mean stock at cost"), dtype="<f8")
    median = models.FloatField(_("median turnover"), null=True)
    skus = models.PositiveIntegerField(_("SKUs"))
    updated_at = models.DateTimeField(_("updated"), default=clock.now)

    class Meta:
        verbose_name = _("turnover of a category")
        verbose_name_plural = _("turnover of categories")
        constraints = [
            models.UniqueConstraint(fields=["pool", "category"], name="demand_categoryturnover_once", condition=Q(category__isnull=False)),
            models.UniqueConstraint(fields=["pool"], name="demand_categoryturnover_all_once", condition=Q(category__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.category or '*'} @ {self.pool}"


class StockFigures(models.Model):
    """Sums over the SKUs of a category in a pool, once a business day: what key figures are made of, by place and by time.

    `figures` are in the order of `overview.figures.FIGURES`. A run writes a row for each of its chunks and adds them up as it ends: then
    `chunk` is 0.
    """

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="stock_figures", verbose_name=_("cycle"))
    chunk = models.PositiveIntegerField(_("chunk"))
    day = models.DateField(_("day"))
    pool = models.ForeignKey(StockPool, models.CASCADE, related_name="stock_figures", verbose_name=_("pool"))
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, related_name="stock_figures", verbose_name=_("category"), help_text=_("Empty: SKUs of none.")
    )
    figures = ArrayField(_("figures"), dtype="<f8")

    class Meta:
        verbose_name = _("figures of stock")
        verbose_name_plural = _("figures of stock")
        indexes = [models.Index(fields=["chunk", "day"], name="demand_stockfigures_day")]

    def __str__(self) -> str:
        return f"{self.category or '*'} @ {self.pool}: {self.day}"


class DemandCliff(models.Model):
    """Demand of a SKU in a pool that has fallen at once: where it broke, how far it fell, and when that was first seen."""

    sku = models.ForeignKey(Sku, models.CASCADE, related_name="cliffs", db_index=False, verbose_name=_("SKU"))
    pool = models.ForeignKey(StockPool, models.CASCADE, related_name="cliffs", verbose_name=_("pool"))
    broke_on = models.DateField(_("broke on"), help_text=_("The first day of the lower demand."))
    rate_before = models.FloatField(_("units a day before"))
    rate_after = models.FloatField(_("units a day since"))
    days_after = models.FloatField(_("days known since"))
    p_value = models.FloatField(_("p-value"), help_text=_("How likely chance alone would do it."))
    detected_at = models.DateTimeField(_("first seen"))
    updated_at = models.DateTimeField(_("updated"), default=clock.now)

    class Meta:
        verbose_name = _("cliff of demand")
        verbose_name_plural = _("cliffs of demand")
        constraints = [models.UniqueConstraint(fields=["sku", "pool"], name="demand_demandcliff_once")]

    def __str__(self) -> str:
        return f"{self.sku} @ {self.pool}: {self.broke_on}"
