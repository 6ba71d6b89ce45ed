"""The page *Imbalances*: where stock lies too long while it runs out elsewhere, and the files of the unified view (H4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from stockhub.access.models import User
from stockhub.alerts.models import Alert, AlertStatus
from stockhub.alerts.rules.imbalance import IMBALANCE
from stockhub.alerts.selectors import alerts_visible_to
from stockhub.alerts.units import amount_of_unit
from stockhub.cockpit.files import file_links
from stockhub.core.admin_classes import money_text
from stockhub.formulas.stock.cover import is_beyond_telling

TITLE = gettext_lazy("Imbalances")
PERMISSION: Final = "alerts.view_alert"
#: The file of the list and those of the unified view that it is part of: what each is called, and who may have it.
_IN_STOCK: Final = ("catalog.view_stockpool", "catalog.view_sku", "catalog.view_warehouse")
_OVERVIEW: Final = ("inventory.view_balance", *_IN_STOCK)
FILES: Final[Mapping[str, tuple[Any, tuple[str, ...]]]] = {
    "imbalances": (gettext_lazy("Imbalances"), (PERMISSION, *_IN_STOCK)),
    "overview-warehouses": (gettext_lazy("Each SKU in each warehouse"), _OVERVIEW),
    "overview-pools": (gettext_lazy("Each SKU in each pool"), (*_OVERVIEW, "demand.view_forecast")),
    "overview-accounts": (gettext_lazy("Each SKU on each account"), (*_OVERVIEW, "channels.view_account", "demand.view_salesseries")),
}
MOST_ROWS: Final = 200


@dataclass(frozen=True, slots=True)
class ImbalanceRow:
    """One of them as the template shows it; numbers are texts in the reader's language."""

    link: str
    level: int
    sku: str
    name: str
    pool: str
    donor: str
    units: str
    due_on: date | None
    money: str
    available: str
    donor_available: str
    donor_cover: str


def imbalances(request: HttpRequest) -> TemplateResponse:
    """The worst first, between pools that the user sees; what is resolved is not here."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm(PERMISSION):
        raise PermissionDenied
    found = alerts_visible_to(user).filter(kind=IMBALANCE).exclude(status=AlertStatus.RESOLVED).select_related("sku", "pool")
    found = found.order_by("-level", "-money_amount", "sku__code", "pk")
    rows = [_row(alert) for alert in found[:MOST_ROWS]]
    context = admin.site.each_context(request) | {
        "title": TITLE,
        "rows": rows,
        "more": max(found.count() - MOST_ROWS, 0) if len(rows) == MOST_ROWS else 0,
        "files": _files(user),
        "alerts": f"{reverse('admin:alerts_alert_changelist')}?kind={IMBALANCE}",
    }
    return TemplateResponse(request, "cockpit/imbalances.html", context)


def _files(user: User) -> Sequence[tuple[Any, Sequence[tuple[str, str]]]]:
    return [(label, file_links(name)) for name, (label, needed) in FILES.items() if user.has_perms(needed)]


def _row(alert: Alert) -> ImbalanceRow:
    return ImbalanceRow(
        link=reverse("admin:alerts_alert_change", args=[alert.pk]),
        level=alert.level,
        sku=alert.sku.code if alert.sku else "",
        name=alert.sku.name if alert.sku else "",
        pool=alert.pool.code if alert.pool else "",
        donor=str(alert.inputs.get("donor") or ""),
        units=_told(alert.suggested_qty, "unit"),
        due_on=alert.due_on,
        money=money_text(alert.money_amount, settings.STOCKHUB_BASE_CURRENCY),
        available=_told(alert.inputs.get("available"), "unit"),
        donor_available=_told(alert.inputs.get("donor_available"), "unit"),
        donor_cover=_cover(alert.inputs.get("donor_cover_days")),
    )


def _told(value: float | None, unit: str) -> str:
    return gettext("unknown") if value is None else amount_of_unit(value, unit)


def _cover(days: float | None) -> str:
    """Days that the fuller pool lasts; it has none where next to nothing is asked for."""
    if days is None:
        return gettext("nothing is asked for")
    if is_beyond_telling(days):
        return gettext("more than ten years")
    return amount_of_unit(days, "day")
