"""The page *Stock at a moment*: stock, lots and value by age as they were, and as they were known, with the files of the same (D1, U16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from stockhub.access.models import User
from stockhub.cockpit.files import file_links
from stockhub.cockpit.moment_form import MomentForm
from stockhub.core import clock
from stockhub.core.admin_classes import in_language, money_text
from stockhub.inventory.history.moments import Moment
from stockhub.inventory.history.stock_as_of import stock_as_of
from stockhub.inventory.lots.worth import AgeBucket, LotWorth, StockWorth, by_age, value_as_of
from stockhub.inventory.models import Bucket, Lot
from stockhub.values import Money

TITLE = gettext_lazy("Stock at a moment")
PERMISSION: Final = "inventory.view_balance"
#: Lots are shown with what they had cost, so that both are needed, as in the graph.
LOT_PERMISSIONS: Final = ("inventory.view_lot", "inventory.view_lotcost")
_CODES: Final = ("catalog.view_sku", "catalog.view_warehouse")
#: The files that hold what the page shows, and who may have each.
FILES: Final[Mapping[str, tuple[str, ...]]] = {
    "stock-as-of": (PERMISSION, *_CODES),
    "lots-as-of": (*LOT_PERMISSIONS, *_CODES),
    "value-by-age": (*LOT_PERMISSIONS, *_CODES),
}
#: Rows of a table on the page; the files hold all of them.
MOST_ROWS: Final = 500


@dataclass(frozen=True, slots=True)
class StockRow:
    """What lay in one bucket."""

    sku: str
    warehouse: str
    bucket: str
    qty: int


@dataclass(frozen=True, slots=True)
class LotRow:
    """What one lot held. Amounts are texts, "unknown" where they are."""

    sku: str
    warehouse: str
    code: str
    link: str
    age_days: int
    qty: int
    unit_cost: str
    value: str


@dataclass(frozen=True, slots=True)
class LotTables:
    """Lots and their value by age, and units that no lot explains."""

    lots: Sequence[LotRow]
    more: int
    without_lot: Sequence[tuple[str, str, int]]
    ages: Sequence[tuple[AgeBucket, str]]
    total: str
    uncosted_qty: int
    without_lot_qty: int


@dataclass(frozen=True, slots=True)
class StockAtMoment:
    """Everything that the template shows of a question. `lots` is None for those who may not see lots and their costs.

    `files` are those that the user may have, each with the suffixes of its formats and their addresses.
    """

    moment: Moment
    stock: Sequence[StockRow]
    more: int
    lots: LotTables | None
    files: Mapping[str, Sequence[tuple[str, str]]]


def stock_at_moment(request: HttpRequest) -> TemplateResponse:
    """A GET with the question in its address, so that an answer can be sent to somebody as a link."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm(PERMISSION):
        raise PermissionDenied
    form = MomentForm(request.GET if MomentForm.is_asked(request.GET) else None, viewer=user)
    context = admin.site.each_context(request) | {
        "title": TITLE,
        "form": form,
        "found": _found(form, user) if form.is_valid() else None,
        "most_rows": MOST_ROWS,
    }
    return TemplateResponse(request, "cockpit/stock_at_moment.html", context)


def _found(form: MomentForm, user: User) -> StockAtMoment:
    moment = Moment(form.cleaned_data["occurred_at"] or clock.now(), form.cleaned_data["recorded_at"])
    skus, warehouses, currency = form.sku_codes(), form.warehouse_codes(), form.cleaned_data["currency"] or None
    lots = None
    if user.has_perms(LOT_PERMISSIONS):
        worth = value_as_of(moment, sku_ids=list(skus), warehouse_ids=list(warehouses), currency=currency)
        lots = _lot_tables(worth, skus, warehouses)
    stock = _stock(moment, skus, warehouses)
    return StockAtMoment(
        moment=moment,
        stock=stock[:MOST_ROWS],
        more=max(len(stock) - MOST_ROWS, 0),
        lots=lots,
        files={name.replace("-", "_"): _files(name, form, moment) for name, needed in FILES.items() if user.has_perms(needed)},
    )


def _stock(moment: Moment, skus: Mapping[int, str], warehouses: Mapping[int, str]) -> list[StockRow]:
    found = stock_as_of(moment, sku_ids=list(skus), warehouse_ids=list(warehouses))
    buckets = {bucket.slug: bucket for bucket in Bucket.objects.all()}
    cells = zip(found.sku_ids.tolist(), found.warehouse_ids.tolist(), found.buckets.tolist(), found.qty.tolist(), strict=True)
    rows = sorted(cells, key=lambda cell: (skus[cell[0]], warehouses[cell[1]], buckets[cell[2]].position))
    return [StockRow(skus[sku], warehouses[place], in_language(buckets[bucket]), qty) for sku, place, bucket, qty in rows]


def _lot_tables(worth: StockWorth, skus: Mapping[int, str], warehouses: Mapping[int, str]) -> LotTables:
    shown = worth.lots[:MOST_ROWS]
    codes = dict(Lot.objects.filter(pk__in=[lot.lot_id for lot in shown]).values_list("pk", "code"))
    return LotTables(
        lots=[_lot(lot, codes[lot.lot_id], skus, warehouses) for lot in shown],
        more=len(worth.lots) - len(shown),
        without_lot=[(skus[sku], warehouses[place], qty) for sku, place, qty in worth.without_lot],
        ages=[(age, _amount(age.value)) for age in by_age(worth.lots, worth.currency) if age.valued_qty or age.uncosted_qty],
        total=_amount(worth.total),
        uncosted_qty=worth.uncosted_qty,
        without_lot_qty=worth.without_lot_qty,
    )


def _lot(lot: LotWorth, code: str, skus: Mapping[int, str], warehouses: Mapping[int, str]) -> LotRow:
    return LotRow(
        sku=skus[lot.sku_id],
        warehouse=warehouses[lot.warehouse_id],
        code=code,
        link=reverse("admin:inventory_lot_change", args=[lot.lot_id]),
        age_days=lot.age_days,
        qty=lot.qty,
        unit_cost=_amount(lot.unit_cost),
        value=_amount(lot.value),
    )


def _amount(money: Money | None) -> str:
    return gettext("unknown") if money is None else money_text(money.amount, money.currency)


def _files(name: str, form: MomentForm, moment: Moment) -> list[tuple[str, str]]:
    """A file of the same question: of the same moment, even where that was "now"."""
    asked: dict[str, Any] = {"sku": ",".join(form.sku_codes().values()), "at": _instant(moment.occurred_at)}
    if form.cleaned_data["warehouse"]:
        asked["warehouse"] = form.cleaned_data["warehouse"]
    if moment.recorded_at is not None:
        asked["recorded_at"] = _instant(moment.recorded_at)
    if name != "stock-as-of":
        asked["currency"] = form.cleaned_data["currency"] or settings.STOCKHUB_BASE_CURRENCY
    return file_links(name, asked)


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
