"""Sales as series and forecasts as arrays: one row a series, so that a cycle loads one matrix."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Category, Sku, StockPool
from stockhub.channels.models import Account
from stockhub.core import clock
from stockhub.core.fields import ArrayField
from stockhub.cycles.models import Cycle
from stockhub.demand import champion_models, track_models, turnover_models  # noqa: F401 - Django looks for models here
from stockhub.demand.by_hand_models import DayMark, DayTreatment, LaunchAnalogue
from stockhub.demand.plan_models import (
    ContingencyPlan,
    EventLift,
    EventSales,
    ForecastAdjustment,
    MarketSignal,
    PlanKind,
    PlannedEvent,
    SignalKind,
)
from stockhub.pluginapi import ForecasterCapability
from stockhub.pluginhost.registry import registry

__all__ = [
    "ContingencyPlan",
    "DayMark",
    "DayTreatment",
    "EventLift",
    "EventSales",
    "Forecast",
    "ForecastAdjustment",
    "ForecastBasis",
    "ForecastSettings",
    "LaunchAnalogue",
    "LeadTimeCalibration",
    "MarketSignal",
    "PlanKind",
    "PlannedEvent",
    "SalesSeries",
    "SignalKind",
    "StockoutSeries",
]


def ascending_days(value: Any) -> None:  # noqa: ANN401 - what a person has typed
    """Whole days from 1 to 730, ascending, 20 at most."""
    whole = isinstance(value, list) and all(type(each) is int and 1 <= each <= 730 for each in value)
    if not whole or len(value) > 20 or any(b <= a for a, b in pairwise(value)):
        raise ValidationError(_("Give up to 20 whole numbers of days from 1 to 730 in ascending order, such as [7, 14, 28]."))


def ascending_levels(value: Any) -> None:  # noqa: ANN401 - what a person has typed
    """Probabilities between 0 and 1, ascending, 40 at most; one alone says nothing of the spread."""
    inside = isinstance(value, list) and all(type(each) in (int, float) and 0 < each < 1 for each in value)
    if not inside or len(value) == 1 or len(value) > 40 or any(b <= a for a, b in pairwise(value)):
        raise ValidationError(_("Give 2 to 40 probabilities between 0 and 1 in ascending order, such as [0.5, 0.9, 0.98]."))


def codes(value: Any) -> None:  # noqa: ANN401 - what a person has typed
    """Codes, a text each, 200 at most."""
    if not isinstance(value, list) or len(value) > 200 or not all(isinstance(each, str) and each.strip() for each in value):
        raise ValidationError(_('Give up to 200 codes, such as ["tmall", "amazon-us"].'))


def window_weights(value: Any) -> None:  # noqa: ANN401 - what a person has typed
    """Weights from 0 to 1000 by windows of 1 to 365 days, 12 at most, one at least above 0; none at all stands for the defaults."""
    numbers = {str(days) for days in range(1, 366)}
    known = isinstance(value, dict) and len(value) <= 12 and all(days in numbers for days in value)
    if not known or not all(type(weight) in (int, float) and 0 <= weight <= 1000 for weight in value.values()):
        raise ValidationError(_('Give up to 12 windows of 1 to 365 days with weights from 0 to 1000, such as {"7": 2, "30": 1, "90": 0}.'))
    if value and not any(value.values()):
        raise ValidationError(_("Every window is switched off. Give at least one a weight above 0."))


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
    """The current forecast of a SKU in a pool: mean and quantiles a day from `first_on` on, and the model that really made it.

    Beside them the quantiles of sums of demand over lead times, which a forecaster of its own makes: days do not add up to them.
    """

    sku = models.ForeignKey(Sku, models.CASCADE, related_name="forecasts", db_index=False, verbose_name=_("SKU"))
    pool = models.ForeignKey(StockPool, models.CASCADE, related_name="forecasts", verbose_name=_("pool"))
    #: Without a constraint in the database: it changes in every row of every run, and checking it cost half of writing them (ADR 0040).
    cycle = models.ForeignKey(
        Cycle, models.SET_NULL, null=True, related_name="forecasts", db_index=False, db_constraint=False, verbose_name=_("cycle")
    )
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
    #: Of cleaned demand, from which safety stock is taken beside the quantiles; none where too few days are known (ADR 0042).
    own_sd = models.FloatField(_("deviation of a day's demand"), null=True)
    #: Of a spike that went on up to the last day that was known; 0 where none did.
    spike_days = models.PositiveSmallIntegerField(_("days of a spike"), default=0, db_default=0)
    spike_rate = models.FloatField(_("units a day of the spike"), default=0.0, db_default=0.0)
    spike_before = models.FloatField(_("units a day before the spike"), default=0.0, db_default=0.0)
    #: Ascending lead times and levels, and the quantiles as one array of levels times lead times; they ascend along both.
    lead_time_days = ArrayField(_("lead times in days"), dtype="<i2", db_default=b"")
    lead_time_levels = ArrayField(_("levels of lead-time demand"), dtype="<f4", db_default=b"")
    lead_time_quantiles = ArrayField(_("quantiles of lead-time demand"), dtype="<f4", db_default=b"")
    lead_time_model = models.CharField(_("model of lead-time demand"), max_length=60, blank=True, default="", db_default="")
    lead_time_fallback = models.CharField(_("why not the lead-time model"), max_length=200, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("forecast")
        verbose_name_plural = _("forecasts")
        constraints = [models.UniqueConstraint(fields=["sku", "pool"], name="demand_forecast_once")]

    def __str__(self) -> str:
        return f"{self.sku} @ {self.pool}: {self.model_used}"


class LeadTimeCalibration(models.Model):
    """What a forecaster of lead-time demand has learned for one run from a sample of all series, so that every chunk forecasts alike."""

    cycle = models.OneToOneField(Cycle, models.CASCADE, related_name="lead_time_calibration", verbose_name=_("cycle"))
    forecaster = models.CharField(_("forecaster"), max_length=60)
    last_on = models.DateField(_("last known day"))
    series_count = models.PositiveIntegerField(_("series learned from"))
    #: The forecaster's own bytes; empty where it failed, and then `error` says how.
    learned = models.BinaryField(_("what was learned"), editable=False)
    error = models.CharField(_("error"), max_length=400, blank=True)
    created_at = models.DateTimeField(_("made"), default=clock.now, db_index=True)
    #: Days of history that the run looks at: those of the settings, or two years.
    history_days = models.PositiveSmallIntegerField(_("days of history"), default=365, db_default=365)
    #: Ascending lead times and levels, and how many of their own deviations SKUs usually need above the mean, levels times lead times.
    usual_days = ArrayField(_("lead times learned"), dtype="<i2", db_default=b"")
    usual_levels = ArrayField(_("levels learned"), dtype="<f4", db_default=b"")
    usual_deviations = ArrayField(_("deviations usually needed"), dtype="<f4", db_default=b"")
    #: The same of the costly forecaster, where the settings name one, and the seconds that it has taken in the run so far.
    costly_forecaster = models.CharField(_("costly forecaster"), max_length=60, blank=True, default="", db_default="")
    costly_learned = models.BinaryField(_("what the costly one learned"), editable=False, default=bytes, db_default=b"")
    costly_error = models.CharField(_("error of the costly one"), max_length=400, blank=True, default="", db_default="")
    costly_seconds = models.FloatField(_("seconds of the costly one"), default=0.0, db_default=0.0)
    #: What champions have learned whose sums are others' than the forecaster's (`champion_sums`), and by champion why one has not.
    champions_learned = models.BinaryField(_("what champions learned"), editable=False, default=bytes, db_default=b"")
    champion_errors = models.JSONField(_("errors of champions"), default=dict, db_default={})

    class Meta:
        verbose_name = _("lead-time calibration")
        verbose_name_plural = _("lead-time calibrations")

    def __str__(self) -> str:
        return f"{self.forecaster}: {self.last_on}"


class ForecastBasis(models.Model):
    """How a forecast came about that is not its model's on ordinary days alone.

    The model's mean, each reason with its factor and its days, and what days of late were: a position in `DAY_LABELS`, 255 before the
    first day.
    """

    #: Without a constraint in the database, as its forecast's run is (ADR 0040): both are written anew every night, one after the other.
    forecast = models.OneToOneField(Forecast, models.CASCADE, related_name="basis", db_constraint=False, verbose_name=_("forecast"))
    base_mean = ArrayField(_("mean a day before the reasons"), dtype="<f4")
    reasons = models.JSONField(_("reasons"), default=list)
    is_new = models.BooleanField(_("new"), default=False, help_text=_("In its first eight weeks and thirty units."))
    labels_from = models.DateField(_("first labelled day"))
    day_labels = ArrayField(_("labels of days"), dtype="|u1")

    class Meta:
        verbose_name = _("basis of a forecast")
        verbose_name_plural = _("bases of forecasts")

    def __str__(self) -> str:
        return str(self.forecast)


class ForecastSettings(models.Model):
    """How forecasts are made: the chain of forecasters, the horizon, the quantiles, and the lead times. One row."""

    chain = models.JSONField(_("forecasters in order"), default=list, help_text=_("Slugs; the first that can forecast a series does."))
    horizon_days = models.PositiveSmallIntegerField(_("horizon in days"), default=90)
    history_days = models.PositiveSmallIntegerField(_("history in days"), default=365)
    quantile_levels = models.JSONField(_("quantile levels"), default=list)
    lead_time_forecaster = models.CharField(
        _("forecaster of lead-time demand"), max_length=60, blank=True, default="", db_default="",
        help_text=_("A slug, which no champion replaces; empty: the champions, and the first that is installed where there are none."),
    )  # fmt: skip
    lead_time_days = models.JSONField(
        _("lead times in days"), default=list, db_default=[], blank=True, validators=[ascending_days],
        help_text=_("Between these, quantiles are interpolated. Empty: 1, 3, 7, 14, 28, 56, 90."),
    )  # fmt: skip
    lead_time_levels = models.JSONField(
        _("levels of lead-time demand"), default=list, db_default=[], blank=True, validators=[ascending_levels],
        help_text=_("Probabilities at which lead-time demand is kept. Empty: from 5 % to 99.5 %."),
    )  # fmt: skip
    costly_forecaster = models.CharField(
        _("costly forecaster of lead-time demand"), max_length=60, blank=True, default="", db_default="",
        help_text=_("A slug, such as lead-time-boosted: it makes the lead-time demand of the accounts and categories below. Empty: none."),
    )  # fmt: skip
    costly_accounts = models.JSONField(
        _("accounts of the costly one"), default=list, db_default=[], blank=True, validators=[codes],
        help_text=_("Codes. Without any account and category: everything."),
    )  # fmt: skip
    costly_categories = models.JSONField(
        _("categories of the costly one"), default=list, db_default=[], blank=True, validators=[codes],
        help_text=_("Codes, each with all beneath it."),
    )  # fmt: skip
    costly_minutes = models.PositiveSmallIntegerField(
        _("minutes of the costly one"), default=10, db_default=10, validators=[MinValueValidator(1)],
        help_text=_("In one run, learning included. What it has not made by then is the other forecaster's, with the reason."),
    )  # fmt: skip
    looks_back_two_years = models.BooleanField(
        _("looks back two years"), default=True, db_default=True,
        help_text=_("Where a quarter of the series are older than sixteen months, so that the season of last year is seen."),
    )  # fmt: skip
    seasons_by_category = models.BooleanField(
        _("seasons by category"), default=True, db_default=True,
        help_text=_("SKUs lean on what their category did last year, as far as its SKUs agree. Off: on the whole shop and themselves."),
    )  # fmt: skip
    season_categories = models.JSONField(
        _("only of these categories"), default=list, db_default=[], blank=True, validators=[codes],
        help_text=_(
            "Codes, each with all beneath it: only their SKUs lean on what their category did last year. Empty: those of every category."
        ),
    )  # fmt: skip
    cut_outliers = models.BooleanField(
        _("cut outliers"),
        default=True,
        db_default=True,
        help_text=_("A single day far from all others counts up to its bound. Stored sales stay as they are."),
    )
    least_in_stock_percent = models.PositiveSmallIntegerField(
        _("least of a day in stock, per cent"), default=25, db_default=25, validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_(
            "A day with less of it in stock says nothing about demand and is left out; one with more, but not all, is scaled up. With 100, "
            "every day with a stock-out is left out."
        ),
    )  # fmt: skip
    infers_stockouts = models.BooleanField(
        _("leaves out probable stock-outs"), default=True, db_default=True,
        help_text=_(
            "Where no stock is recorded: days without a sale in the middle of a steady flow, too many in a row for chance, say nothing "
            "about demand. Off: they are marked, and count as days without demand."
        ),
    )  # fmt: skip
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
    velocity_weights = models.JSONField(
        _("windows of sales velocity"), default=dict, db_default={}, blank=True, validators=[window_weights],
        help_text=_(
            'Weights by days, such as {"3": 0, "7": 2, "30": 1}: 0 switches a window off. Used by velocity-windows, where it is among the '
            "forecasters in order. Empty: 7, 14, 30, 60 and 90 days alike."
        ),
    )  # fmt: skip
    updated_at = models.DateTimeField(_("updated"), default=clock.now)

    class Meta:
        verbose_name = _("forecast settings")
        verbose_name_plural = _("forecast settings")

    def __str__(self) -> str:
        return " → ".join(self.chain)

    def clean(self) -> None:
        """The costly forecaster is installed and makes lead-time sums, and what it and seasons are for exists."""
        wrong: dict[str, Any] = {}
        if self.costly_forecaster:
            able = sorted(slug for slug, each in registry().forecasters.items() if ForecasterCapability.LEAD_TIME_SUMS in each.capabilities)
            if self.costly_forecaster not in able:
                wrong["costly_forecaster"] = _("No forecaster of that slug makes lead-time demand; there is: %(slugs)s.") % {
                    "slugs": ", ".join(able) or "–"
                }
        models_of: dict[str, type[Account | Category]] = {
            "costly_accounts": Account,
            "costly_categories": Category,
            "season_categories": Category,
        }
        for name, model in models_of.items():
            given = getattr(self, name)
            if isinstance(given, list):
                there = set(model._default_manager.filter(code__in=given).values_list("code", flat=True))
                if unknown := [str(code) for code in given if code not in there]:
                    wrong[name] = _("There is no such code: %(codes)s.") % {"codes": ", ".join(unknown)}
        if wrong:
            raise ValidationError(wrong)
