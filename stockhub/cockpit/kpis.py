"""The page *Key figures*: turnover, stock to sales, dead stock, fill rate and health, by pool, category or site (H16, H84)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_lazy

from stockhub.access.models import User
from stockhub.alerts.explanation_tree import Branch, tree_of
from stockhub.alerts.units import amount_of_unit
from stockhub.cockpit.kpi_reasons import REASONS
from stockhub.overview.kpis import INPUTS, KPIS, KpiGrouping, StockKpis, stock_kpis
from stockhub.values import Metric

TITLE = gettext_lazy("Key figures")
PERMISSION: Final = "demand.view_stockfigures"
_GROUPINGS: Final = {
    KpiGrouping.POOL: gettext_lazy("By pool"),
    KpiGrouping.CATEGORY: gettext_lazy("By category"),
    KpiGrouping.SITE: gettext_lazy("By site"),
}
_NAMES: Final = {**KPIS, **{name: label for name, (_unit, _source, label) in INPUTS.items()}}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as the template shows it: a text, why there is none, and how it comes about."""

    text: str
    reason: str
    tree: Branch
    #: Leads to why it changed.
    link: str = ""


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One pool, category or site with its figures in the order of `KPIS`."""

    code: str
    name: str
    skus: int
    day: date
    figures: Sequence[Figure]


def kpis(request: HttpRequest) -> TemplateResponse:
    """Over the pools that the user sees; a grouping stands in the address."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm(PERMISSION):
        raise PermissionDenied
    asked = request.GET.get("by", "")
    by = KpiGrouping(asked) if asked in list(KpiGrouping) else KpiGrouping.POOL
    rows = [_row(by, place) for place in stock_kpis(by, viewer=user)]
    language = get_language() or "en"
    context = admin.site.each_context(request) | {
        "title": TITLE,
        "rows": rows,
        "day": rows[0].day if rows else None,
        "names": [label.text(language) for label in KPIS.values()],
        "groupings": [(label, f"{reverse('cockpit:kpis')}?by={each.value}", each is by) for each, label in _GROUPINGS.items()],
    }
    return TemplateResponse(request, "cockpit/kpis.html", context)


def _row(by: KpiGrouping, place: StockKpis) -> PlaceRow:
    return PlaceRow(
        code=place.code or gettext("none"),
        name=place.name,
        skus=place.skus,
        day=place.day,
        figures=[_figure(name, metric, _why(name, by, place)) for name, metric in place.metrics.items()],
    )


def _why(name: str, by: KpiGrouping, place: StockKpis) -> str:
    return f"{reverse('cockpit:kpi_change')}?{urlencode({'kpi': name, 'by': by.value, 'code': place.code})}"


def _figure(name: str, metric: Metric, link: str) -> Figure:
    if metric.explanation is None:
        raise ValueError(f"The key figure {name} has no formula.")
    text = "–" if metric.value is None else amount_of_unit(metric.value, "" if metric.unit == "1" else metric.unit)
    reason = gettext(REASONS[metric.reason]) if metric.reason else ""
    return Figure(text, reason, tree_of(metric.explanation, _NAMES, name=KPIS[name].text(get_language() or "en"), unit=metric.unit), link)
