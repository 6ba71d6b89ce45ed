"""The page *Stock by hand*: counts, adjustments, moves, transfers, returns, removals, disposals and doubts as forms with a preview (H6).

The preview is the use case itself, done in a transaction that is taken back: what is shown is what will happen, with the orders that are
served by it and the dispute that it opens. What is booked is what was shown; where stock has changed meanwhile so that something else
would happen, that is shown first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_lazy

from stockhub.access.models import User
from stockhub.catalog.models import Sku, Warehouse
from stockhub.cockpit.by_hand_forms import FORMS, MOVEMENT, HandForm
from stockhub.core.admin_classes import in_language
from stockhub.inventory.disputes import disputed_pairs
from stockhub.inventory.models import Balance, Bucket
from stockhub.inventory.posting.request_keys import claim_request
from stockhub.inventory.transactions import in_transaction
from stockhub.values import DomainError

TITLE = gettext_lazy("Stock by hand")
PERMISSION: Final = MOVEMENT
_Cells = dict[tuple[int, int, str], int]


@dataclass(frozen=True, slots=True)
class CellRow:
    """One bucket before and after."""

    sku: str
    warehouse: str
    bucket: str
    before_qty: int
    after_qty: int

    @property
    def difference(self) -> str:
        return f"{self.after_qty - self.before_qty:+}" if self.after_qty != self.before_qty else ""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a form does: the buckets of its SKU, a sentence of the service, and disputes that it opens or settles."""

    rows: Sequence[CellRow]
    said: str
    opens_dispute: bool
    settles_dispute: bool

    def digest(self, form: HandForm) -> str:
        """Tells this effect of this form from any other; what else lies in the buckets does not matter."""
        typed = [(name, form.data.get(name, "")) for name in form.fields]
        moved = [(row.sku, row.warehouse, row.bucket, row.difference) for row in self.rows if row.difference]
        return hashlib.sha256(repr((typed, moved, self.said, self.opens_dispute, self.settles_dispute)).encode()).hexdigest()


class _OtherwiseError(Exception):
    """Something else than what was shown would happen; carries that, and takes the transaction back."""

    def __init__(self, effect: Effect) -> None:
        super().__init__()
        self.effect = effect


def stock_by_hand(request: HttpRequest, kind: str = "count") -> HttpResponse:
    """GET: an empty form, with what the address names filled in. POST: what it would do, and with `step=book` does it."""
    form_class = FORMS.get(kind)
    if form_class is None:
        raise Http404
    user = request.user
    if not isinstance(user, User) or not user.has_perm(form_class.permission):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, kind, form_class(viewer=user, initial=request.GET.dict()))
    form = form_class(request.POST, viewer=user)
    effect = None
    if form.is_valid():
        try:
            if request.POST.get("step") == "book":
                return _booked(request, kind, form)
            effect = _tried(form)
        except _OtherwiseError as otherwise:
            effect = otherwise.effect
            messages.warning(request, gettext("This is not what was shown before. Look at it again, and book it then."))
        except DomainError as error:
            form.add_error(form.field_of(tuple(error.path)), gettext(error.message))
    return _page(request, kind, form, effect)


def _page(request: HttpRequest, kind: str, form: HandForm, effect: Effect | None = None) -> TemplateResponse:
    allowed = {slug: each for slug, each in FORMS.items() if request.user.has_perm(each.permission)}
    context = admin.site.each_context(request) | {
        "title": TITLE,
        "form": form,
        "effect": effect,
        "shown": effect.digest(form) if effect is not None else "",
        "tabs": [(reverse("cockpit:stock_by_hand", args=[slug]), each.title, slug == kind) for slug, each in allowed.items()],
    }
    return TemplateResponse(request, "cockpit/by_hand.html", context)


def _tried(form: HandForm) -> Effect:
    """What the form does, done and taken back."""
    with transaction.atomic():
        try:
            return _done(form)
        finally:
            transaction.set_rollback(True)


def _booked(request: HttpRequest, kind: str, form: HandForm) -> HttpResponse:
    shown = request.POST.get("shown", "")

    def work() -> Effect | None:
        # The page's own key: the services answer a repetition as they did at first, which would look as if nothing happened.
        if not claim_request(f"by-hand:{form.cleaned_data['key']}", kind, *((name, form.data.get(name, "")) for name in form.fields)):
            return None
        effect = _done(form)
        if effect.digest(form) != shown:
            raise _OtherwiseError(effect)
        return effect

    effect = in_transaction(work)
    if effect is None:
        messages.info(request, gettext("This was booked before; nothing has changed now."))
    else:
        messages.success(request, " ".join(filter(None, (gettext("Booked."), effect.said))))
    given = {"sku": form.cleaned_data["sku"].code, "warehouse": form.cleaned_data["warehouse"]}
    return redirect(f"{reverse('cockpit:stock_by_hand', args=[kind])}?{urlencode(given)}")


def _done(form: HandForm) -> Effect:
    """Tells the service, in the caller's transaction, and looks at the buckets before and after."""
    sku_ids, warehouse_ids = form.sku_ids, form.warehouse_ids
    before, doubted = _cells(sku_ids, warehouse_ids), disputed_pairs(sku_ids)
    said = form.do()
    after, doubted_then = _cells(sku_ids, warehouse_ids), disputed_pairs(sku_ids)
    return Effect(_rows(before, after), said, bool(doubted_then - doubted), bool(doubted - doubted_then))


def _cells(sku_ids: Collection[int], warehouse_ids: Collection[int]) -> _Cells:
    rows = Balance.objects.filter(sku_id__in=sku_ids, warehouse_id__in=warehouse_ids)
    return {(sku, place, bucket): qty for sku, place, bucket, qty in rows.values_list("sku_id", "warehouse_id", "bucket_id", "qty")}


def _rows(before: _Cells, after: _Cells) -> list[CellRow]:
    """Buckets that hold or held something, in the order of warehouses and buckets."""
    cells = [cell for cell in before.keys() | after.keys() if before.get(cell) or after.get(cell)]
    skus = dict(Sku.objects.filter(pk__in={sku for sku, _place, _bucket in cells}).values_list("pk", "code"))
    places = dict(Warehouse.objects.filter(pk__in={place for _sku, place, _bucket in cells}).values_list("pk", "code"))
    buckets = {bucket.pk: bucket for bucket in Bucket.objects.all()}
    cells.sort(key=lambda cell: (skus[cell[0]], places[cell[1]], buckets[cell[2]].position))
    return [
        CellRow(skus[cell[0]], places[cell[1]], in_language(buckets[cell[2]]), before.get(cell, 0), after.get(cell, 0)) for cell in cells
    ]
