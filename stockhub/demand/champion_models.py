"""Trials of the forecasters on the stored series, and who won them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from stockhub.core import clock
from stockhub.core.fields import ArrayField
from stockhub.cycles.models import Cycle


class DemandKind(models.TextChoices):
    """What champions are chosen for: the kinds of demand, and the regular demand of class A, for which costly forecasters may compete."""

    SMOOTH = "smooth", _("Smooth")
    ERRATIC = "erratic", _("Erratic")
    INTERMITTENT = "intermittent", _("Intermittent")
    LUMPY = "lumpy", _("Lumpy")
    NO_DEMAND = "no_demand", _("No demand")
    CLASS_A = "class_a", _("Class A, regular")


class Backtest(models.Model):
    """The plan of one run of the backtest cycle."""

    cycle = models.OneToOneField(Cycle, models.CASCADE, related_name="backtest", verbose_name=_("cycle"))
    last_on = models.DateField(_("last day of history"))
    horizon_days = models.PositiveSmallIntegerField(_("days ahead"))
    windows = models.PositiveSmallIntegerField(_("windows"))
    lead_times = models.JSONField(_("lead times in days"), default=list)
    sku_ids = ArrayField(_("SKUs looked at"), dtype="<i8")
    #: Revenue a day in the base currency from which a SKU is of class A; null where no price is known.
    class_a_from = models.FloatField(_("class A from, revenue a day"), null=True)
    class_a_skus = models.PositiveIntegerField(_("SKUs of class A"), default=0)
    #: By forecaster: why it was not judged.
    left_out = models.JSONField(_("not judged"), default=dict)

    class Meta:
        verbose_name = _("backtest")
        verbose_name_plural = _("backtests")

    def __str__(self) -> str:
        return f"{self.last_on}: {self.windows} × {self.horizon_days}"


class BacktestSum(models.Model):
    """What one forecaster was off by on one chunk's series of a kind, added up by window. Kept until the next run begins."""

    backtest = models.ForeignKey(Backtest, models.CASCADE, related_name="sums", verbose_name=_("backtest"))
    first_sku_id = models.BigIntegerField(_("first SKU id"))
    kind = models.CharField(_("kind of demand"), max_length=20, choices=DemandKind)
    model = models.CharField(_("model"), max_length=60)
    #: Windows times the figures of `champions.sums`.
    values = ArrayField(_("sums"), dtype="<f8")

    class Meta:
        verbose_name = _("sums of a backtest")
        verbose_name_plural = _("sums of a backtest")
        constraints = [models.UniqueConstraint(fields=["backtest", "first_sku_id", "kind", "model"], name="demand_backtestsum_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.model}"


class ModelAccuracy(models.Model):
    """How well a forecaster did on one kind of demand in one backtest, or on all of it; null where nothing can be said."""

    backtest = models.ForeignKey(Backtest, models.CASCADE, related_name="accuracies", verbose_name=_("backtest"))
    kind = models.CharField(_("kind of demand"), max_length=20, choices=DemandKind, blank=True, help_text=_("Empty for all together."))
    model = models.CharField(_("model"), max_length=60)
    is_champion = models.BooleanField(_("champion"), default=False)
    is_mean_champion = models.BooleanField(_("champion of the mean"), default=False, db_default=False)
    series_windows = models.PositiveIntegerField(_("series and windows"))
    loss = models.FloatField(_("loss of lead-time sums"), null=True, help_text=_("Pinball of the sums over lead times, a unit sold."))
    relative_loss = models.FloatField(_("loss over the textbook's"), null=True)
    rmsse = models.FloatField(_("RMSSE"), null=True)
    wape = models.FloatField(_("WAPE a day"), null=True)
    wape_14 = models.FloatField(_("WAPE of 14 days"), null=True)
    wape_28 = models.FloatField(_("WAPE of 28 days"), null=True)
    rmse = models.FloatField(_("RMSE"), null=True)
    mape = models.FloatField(_("MAPE"), null=True, help_text=_("Over the days with demand; nothing is chosen by it."))
    smape = models.FloatField(
        _("sMAPE"), null=True, help_text=_("Twice the error over forecast and actual together, 0 to 2; nothing is chosen by it.")
    )
    bias = models.FloatField(_("bias"), null=True, help_text=_("Forecast less actual as a share of units sold: above 0 is too much."))
    coverage_90 = models.FloatField(_("days within their 90 % quantile"), null=True)
    sum_coverage_90 = models.FloatField(_("lead times within their 90 % quantile"), null=True)
    pinball_90 = models.FloatField(_("pinball at 90 %"), null=True)
    seconds = models.FloatField(_("seconds a series"), null=True)

    class Meta:
        verbose_name = _("forecast accuracy")
        verbose_name_plural = _("forecast accuracies")
        constraints = [models.UniqueConstraint(fields=["backtest", "kind", "model"], name="demand_modelaccuracy_once")]

    def __str__(self) -> str:
        return f"{self.model}: {self.kind or '*'}"


class Decision(models.TextChoices):
    """Why a champion is what it is."""

    KEPT = "keep_incumbent", _("Kept: no other is better by enough")
    TAKEN = "take_challenger", _("Taken: better by enough, often enough")
    FLOOR = "fall_back_to_floor", _("The floor: nothing beats the seasonal naive forecast")


class Champion(models.Model):
    """The forecasters in use for a kind of demand: `model` for the sums that decisions rest on, `mean_model` for the mean (ADR 0048)."""

    kind = models.CharField(_("kind of demand"), max_length=20, choices=DemandKind, unique=True)
    model = models.CharField(_("model"), max_length=60)
    since_at = models.DateTimeField(_("since"), default=clock.now, help_text=_("When it became champion."))
    decision = models.CharField(_("decision"), max_length=20, choices=Decision)
    #: Scores of the last trial, pinball a window; null where there was none.
    score = models.FloatField(_("loss"), null=True)
    challenger = models.CharField(_("best other"), max_length=60, blank=True)
    challenger_score = models.FloatField(_("loss of the best other"), null=True)
    floor_score = models.FloatField(_("loss of the floor"), null=True)
    series = models.PositiveIntegerField(_("series judged"), default=0)
    shared = models.BooleanField(_("judged with all others"), default=False, help_text=_("There were too few series of the kind itself."))
    #: Empty until a backtest has chosen one: then `model` forecasts the mean as well. Scores are errors of the mean, a window.
    mean_model = models.CharField(_("model of the mean"), max_length=60, blank=True, default="", db_default="")
    mean_since_at = models.DateTimeField(_("mean since"), null=True)
    mean_decision = models.CharField(_("decision about the mean"), max_length=20, choices=Decision, blank=True, default="", db_default="")
    mean_score = models.FloatField(_("error of the mean"), null=True)
    mean_floor_score = models.FloatField(_("error of the floor"), null=True)
    backtest = models.ForeignKey(Backtest, models.SET_NULL, null=True, related_name="champions", verbose_name=_("backtest"))
    updated_at = models.DateTimeField(_("updated"), default=clock.now)

    class Meta:
        verbose_name = _("champion")
        verbose_name_plural = _("champions")

    def __str__(self) -> str:
        return f"{self.kind}: {self.model}"
