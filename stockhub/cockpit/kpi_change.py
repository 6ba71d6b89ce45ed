"""The page *Why a key figure changed*: what contributed most between two days (H84)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy

from stockhub.access.models import User
from stockhub.alerts.units import amount_of_unit
from stockhub.cockpit.kpi_reasons import REASONS
from stockhub.overview.kpis import KPIS, KpiGrouping
from stockhub.review.kpi_changes.changes import Cause, CauseKind, Comparison, KpiChange
from stockhub.review.kpi_changes.wording import change_text, share_text

TITLE = gettext_lazy("Why a key figure changed")
PERMISSION: Final = "demand.view_stockfigures"
#: How far a person looks back; the first where none is asked for.
SPANS: Final = (30, 7, 90, 365)
_SECTIONS: Final[tuple[tuple[CauseKind, str | Promise, str | Promise], ...]] = (
    (CauseKind.PART, gettext_lazy("By its parts"), gettext_lazy("Figure")),
    (CauseKind.INCIDENT, gettext_lazy("By incident"), gettext_lazy("Incident")),
    (CauseKind.ALERT, gettext_lazy("By the alerts that its SKUs had"), gettext_lazy("Alert")),
    (CauseKind.CATEGORY, gettext_lazy("By category"), gettext_lazy("Category")),
    (CauseKind.SKU, gettext_lazy("By SKU"), gettext_lazy("SKU")),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One cause as the template shows it."""

    code: str
    name: str
    pool: str
    contribution: str
    share: str


@dataclass(frozen=True, slots=True)
class Section:
    """Causes of one kind."""

    title: str | Promise
    heading: str | Promise
    lines: Sequence[Line]


def kpi_change(request: HttpRequest) -> TemplateResponse:
    """Figure, place and days stand in the address; 404 where there is no such figure or place for this user."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm(PERMISSION):
        raise PermissionDenied
    kpi, code, asked = (request.GET.get(name, "") for name in ("kpi", "code", "by"))
    by = KpiGrouping(asked) if asked in list(KpiGrouping) else KpiGrouping.POOL
    days = next((span for span in SPANS if request.GET.get("days") == str(span)), SPANS[0])
    change = Comparison(by, user, days).change(kpi, code) if kpi in KPIS else None
    if change is None:
        raise Http404
    language = get_language() or "en"
    context = admin.site.each_context(request) | {
        "title": TITLE,
        "change": change,
        "figure": KPIS[kpi].text(language),
        "place": change.name or change.code or gettext("none"),
        "headline": change_text(change),
        "reason": gettext(REASONS[change.reason]) if change.reason else "",
        "untold": amount_of_change(change, change.untold),
        "sections": [Section(title, heading, lines) for kind, title, heading in _SECTIONS if (lines := _lines(change, kind))],
        "spans": [(span, _address(kpi, code, by, span), span == days) for span in SPANS],
        "figures": [(label.text(language), _address(name, code, by, days), name == kpi) for name, label in KPIS.items()],
        "back": f"{reverse('cockpit:kpis')}?by={by.value}",
    }
    return TemplateResponse(request, "cockpit/kpi_change.html", context)


def _address(kpi: str, code: str, by: KpiGrouping, days: int) -> str:
    return f"{reverse('cockpit:kpi_change')}?{urlencode({'kpi': kpi, 'by': by.value, 'code': code, 'days': days})}"


def _lines(change: KpiChange, kind: CauseKind) -> list[Line]:
    return [_line(change, cause) for cause in change.of(kind)]


def _line(change: KpiChange, cause: Cause) -> Line:
    shown = "" if cause.kind in (CauseKind.ALERT, CauseKind.INCIDENT, CauseKind.PART) else cause.code or gettext("none")
    return Line(shown, cause.name, cause.pool, amount_of_change(change, cause.contribution), share_text(cause))


def amount_of_change(change: KpiChange, value: float | None) -> str:
    """A part of a change with its sign; empty where it is not known."""
    return "" if value is None else f"{'+' if value > 0 else ''}{amount_of_unit(value, '' if change.unit == '1' else change.unit)}"
