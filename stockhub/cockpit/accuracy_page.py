"""What the page of forecast accuracy shows on top of its list: the champions, and all forecasters side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from stockhub.cockpit.charts.bars import Bar, bar_chart
from stockhub.core import clock
from stockhub.demand.champion_models import Backtest, Champion, DemandKind, ModelAccuracy
from stockhub.demand.forecaster_names import forecaster_name

#: A backtest runs every night: figures that end before more days than these are a sign that the runs fail.
FRESH_DAYS = 3


@dataclass(frozen=True, slots=True)
class ShownChampion:
    """A champion by the reader's names; `gain` is how much less it loses than the seasonal naive forecast, or a dash.

    `mean` is who forecasts the mean, `mean_gain` how much less it errs.
    """

    row: Champion
    name: str
    challenger: str
    gain: str
    mean: str
    mean_gain: str


@dataclass(frozen=True, slots=True)
class AccuracyPage:
    """The newest backtest of all SKUs that has figures; None where there has been none.

    `stale_days` since it ended, where that is too long ago. `too_short` is set where runs have found too little history so far. `kinds` are
    links that narrow the page to a kind of demand: address, name, and whether it is the one that is shown.
    """

    backtest: Backtest | None
    champions: Sequence[ShownChampion]
    panels: Sequence[tuple[str, str, SafeString]] = ()
    left_out: Sequence[tuple[str, str]] = ()
    kinds: Sequence[tuple[str, str, bool]] = ()
    kind: str = ""
    stale_days: int | None = None
    too_short: bool = False


def accuracy_page(kind: str) -> AccuracyPage:
    """For a kind of demand, or "" for all of it."""
    champions = [
        ShownChampion(
            row,
            forecaster_name(row.model),
            forecaster_name(row.challenger),
            _gain(row.score, row.floor_score),
            forecaster_name(row.mean_model or row.model),
            _gain(row.mean_score, row.mean_floor_score),
        )
        for row in Champion.objects.order_by("pk")
    ]
    champions.sort(key=lambda shown: DemandKind.values.index(shown.row.kind))
    whole = Backtest.objects.filter(cycle__sku_codes=[]).order_by("-last_on", "-pk")
    backtest = whole.filter(accuracies__isnull=False).first()
    if backtest is None:
        return AccuracyPage(None, champions, too_short=whole.filter(windows=0).exists())
    # The best first; who has no loss at all comes last.
    rows = sorted(backtest.accuracies.filter(kind=kind), key=lambda row: (row.relative_loss is None, row.relative_loss or 0.0, row.model))
    in_use = {shown.row.model for shown in champions if not kind or shown.row.kind == kind}
    means = {shown.row.mean_model or shown.row.model for shown in champions if not kind or shown.row.kind == kind}
    reasons = {"too_slow": _("too slow for a night"), "out_of_time": _("its time was up"), "failed": _("failed")}
    panels = [
        (
            _("Loss of lead-time sums over the textbook's"),
            _("Below 1 is better than independent normal days; this decides."),
            _bars(rows, in_use, "relative_loss", reference=1.0),
        ),
        (
            _("WAPE of 28 days"),
            _("How far the sum of four weeks was off, as a share of what was sold."),
            _bars(rows, means, "wape_28", per_cent=True),
        ),
        (
            _("sMAPE"),
            _("Twice the error of a day over forecast and actual together, 0 to 2; nothing is chosen by it."),
            _bars(rows, means, "smape"),
        ),
        (_("Bias"), _("Above 0 too much was forecast."), _bars(rows, means, "bias", per_cent=True)),
        (
            _("Lead times within their 90 % quantile"),
            _("Nine in ten are honest; fewer promise too much."),
            _bars(rows, in_use, "sum_coverage_90", per_cent=True, reference=0.9),
        ),
    ]
    left_out = [(forecaster_name(slug), reasons.get(reason, reason)) for slug, reason in backtest.left_out.items()]
    ended = (clock.business_day(clock.now(), settings.STOCKHUB_TIME_ZONE) - backtest.last_on).days
    return AccuracyPage(
        backtest, champions, panels if rows else (), left_out, _kinds(kind), _name_of(kind), ended if ended > FRESH_DAYS else None
    )


def _gain(score: float | None, floor: float | None) -> str:
    if score is None or not floor:
        return "–"
    return f"{(1.0 - score / floor) * 100:z.0f} %"


def _kinds(shown: str) -> list[tuple[str, str, bool]]:
    here = reverse("admin:demand_modelaccuracy_changelist")
    return [(f"{here}?kind__exact={kind}" if kind else here, _name_of(kind), kind == shown) for kind in ("", *DemandKind.values)]


def _name_of(kind: str) -> str:
    return str(DemandKind(kind).label) if kind else _("All demand")


def _bars(
    rows: Sequence[ModelAccuracy], in_use: set[str], field: str, *, per_cent: bool = False, reference: float | None = None
) -> SafeString:
    def text(value: float | None) -> str:
        return "–" if value is None else f"{value * 100:z.1f} %" if per_cent else f"{value:.3f}"

    bars = [Bar(forecaster_name(row.model), getattr(row, field), text(getattr(row, field)), strong=row.model in in_use) for row in rows]
    field_name: Any = ModelAccuracy._meta.get_field(field)
    return bar_chart(bars, about=str(field_name.verbose_name), reference=reference)
