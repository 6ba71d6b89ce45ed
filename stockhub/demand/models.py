"""Sales as series and forecasts as arrays: one row a series, so that a cycle loads one matrix."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Sku, StockPool
from stockhub.channels.models import Account
from stockhub.core import clock
from stockhub.core.fields import ArrayField
from stockhub.cycles.models import Cycle
from stockhub.demand import champion_models, track_models  # noqa: F401 - Django looks for models here


class SalesSeries(models.Model):
    """Units sold of a SKU on an account: for every business day of all time, and for every hour of the last sixty days."""

    sku = models.ForeignKey(Sku, models.CASCADE, related_name="sales", db_index=False, verbose_name=_("SKU"))
    account = models.ForeignKey(Account, models.CASCADE, related_name="sales", verbose_name=_("account"))
    first_on = models.DateField(_("first day"), help_text=_("A business day of the account."))
    daily = ArrayField(_("units a day"), dtype="<f4")
    first_hour_at = models.DateTimeField(_("first hour"), null=True)
    hourly = ArrayField(_("units an hour"), dtype="<f4")
    last_sold_at = models.DateTimeField(_("last sold"), null=True)
    updated_at = models.DateTimeField(_("updated"), default=clock.now, db_index=True)

    class Meta:
        verbose_name = _("sales series")
        verbose_name_plural = _("sales series")
        constraints = [models.UniqueConstraint(fields=["sku", "account"], name="demand_salesseries_once")]

    def __str__(self) -> str:
        return f"{self.sku} @ {self.account}"


class StockoutSeries(models.Model):
    """Whether a SKU could be sold from a pool, day by day: 0 out of stock, 100 in stock, a part of 100, 255 unknown."""

    sku = models.ForeignKey(Sku, models.CASCADE, related_name="stockouts", db_index=False, verbose_name=_("SKU"))
    pool = models.ForeignKey(StockPool, models.CASCADE, related_name="stockouts", verbose_name=_("pool"))
    first_on = models.DateField(_("first day"))
    in_stock = ArrayField(_("in stock, per cent of the day"), dtype="|u1")
    updated_at = models.DateTimeField(_("updated"), default=clock.now)

    class Meta:
        verbose_name = _("stock-out days")
        verbose_name_plural = _("stock-out days")
        constraints = [models.UniqueConstraint(fields=["sku", "pool"], name="demand_stockoutseries_once")]

    def __str__(self) -> str:
        return f"{self.sku} @ {self.pool}"


class Forecast(models.Model):
    """The current forecast of a SKU in a pool: mean and quantiles a day from `first_on` on, and the model that really made it."""

    sku = models.ForeignKey(Sku, models.CASCADE, related_name="forecasts", db_index=False, verbose_name=_("SKU"))
    pool = models.ForeignKey(StockPool, models.CASCADE, related_name="forecasts", verbose_name=_("pool"))
    cycle = models.ForeignKey(Cycle, models.SET_NULL, null=True, related_name="forecasts", db_index=False, verbose_name=_("cycle"))
    first_on = models.DateField(_("first day"))
    horizon_days = models.PositiveSmallIntegerField(_("days"))
    model_used = models.CharField(_("model"), max_length=60)
    fallback_reason = models.CharField(_("why not the first choice"), max_length=200, blank=True)
    mean = ArrayField(_("mean a day"), dtype="<f4")
    #: Ascending levels, and their values as one array of levels times days.
    quantile_levels = ArrayField(_("quantile levels"), dtype="<f4")
    quantiles = ArrayField(_("quantiles a day"), dtype="<f4")
    error_sd = models.FloatField(_("deviation of a day's error"), null=True)
    history_days = models.PositiveIntegerField(_("days of history"))
    created_at = models.DateTimeField(_("made"), default=clock.now)

    class Meta:
        verbose_name = _("forecast")
        verbose_name_plural = _("forecasts")
        constraints = [models.UniqueConstraint(fields=["sku", "pool"], name="demand_forecast_once")]

    def __str__(self) -> str:
        return f"{self.sku} @ {self.pool}: {self.model_used}"


class ForecastSettings(models.Model):
    """How forecasts are made: the chain of forecasters, the horizon and the quantiles. One row."""

    chain = models.JSONField(_("forecasters in order"), default=list, help_text=_("Slugs; the first that can forecast a series does."))
    horizon_days = models.PositiveSmallIntegerField(_("horizon in days"), default=90)
    history_days = models.PositiveSmallIntegerField(_("history in days"), default=365)
    quantile_levels = models.JSONField(_("quantile levels"), default=list)
    uses_champions = models.BooleanField(
        _("champions first"),
        default=True,
        db_default=True,
        help_text=_("Ask the champion of each kind of demand before the forecasters in order."),
    )
    backtest_minutes = models.PositiveSmallIntegerField(
        _("minutes for costly models"),
        default=20,
        db_default=20,
        help_text=_("In a backtest, and in a night's forecasts of class A; 0 for none."),
    )
    updated_at = models.DateTimeField(_("updated"), default=clock.now)

    class Meta:
        verbose_name = _("forecast settings")
        verbose_name_plural = _("forecast settings")

    def __str__(self) -> str:
        return " → ".join(self.chain)
