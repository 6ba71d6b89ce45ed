"""What the page of forecast accuracy shows on top of its list: the champions, and all forecasters side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from stockhub.cockpit.charts.bars import Bar, bar_chart
from stockhub.demand.champion_models import Backtest, Champion, DemandKind, ModelAccuracy
from stockhub.demand.forecaster_names import forecaster_name


@dataclass(frozen=True, slots=True)
class AccuracyPage:
    """The newest backtest of all SKUs; None where there has been none."""

    backtest: Backtest | None
    champions: Sequence[tuple[Champion, str, str]]
    panels: Sequence[tuple[str, str, SafeString]]
    left_out: Sequence[tuple[str, str]]


def accuracy_page(kind: str) -> AccuracyPage:
    """For a kind of demand, or "" for all of it."""
    champions = [(row, forecaster_name(row.model), forecaster_name(row.challenger)) for row in Champion.objects.order_by("pk")]
    champions.sort(key=lambda entry: DemandKind.values.index(entry[0].kind))
    backtest = Backtest.objects.filter(cycle__sku_codes=[], accuracies__isnull=False).order_by("-last_on", "-pk").first()
    if backtest is None:
        return AccuracyPage(None, champions, [], [])
    # The best first; who has no loss at all comes last.
    rows = sorted(backtest.accuracies.filter(kind=kind), key=lambda row: (row.relative_loss is None, row.relative_loss or 0.0, row.model))
    in_use = {row.model for row, _name, _challenger in champions if not kind or row.kind == kind}
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
            _bars(rows, in_use, "wape_28", per_cent=True),
        ),
        (_("Bias"), _("Above 0 too much was forecast."), _bars(rows, in_use, "bias", per_cent=True)),
        (
            _("Lead times within their 90 % quantile"),
            _("Nine in ten are honest; fewer promise too much."),
            _bars(rows, in_use, "sum_coverage_90", per_cent=True, reference=0.9),
        ),
    ]
    left_out = [(forecaster_name(slug), reasons.get(reason, reason)) for slug, reason in backtest.left_out.items()]
    return AccuracyPage(backtest, champions, panels, left_out)


def _bars(
    rows: Sequence[ModelAccuracy], in_use: set[str], field: str, *, per_cent: bool = False, reference: float | None = None
) -> SafeString:
    def text(value: float | None) -> str:
        return "–" if value is None else f"{value * 100:z.1f} %" if per_cent else f"{value:.3f}"

    bars = [Bar(forecaster_name(row.model), getattr(row, field), text(getattr(row, field)), strong=row.model in in_use) for row in rows]
    field_name: Any = ModelAccuracy._meta.get_field(field)
    return bar_chart(bars, about=str(field_name.verbose_name), reference=reference)
