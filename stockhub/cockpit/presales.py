"""The page *Presales*: how much of what is on its way is promised, and how much can still be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy

from stockhub.access.models import User
from stockhub.access.scopes import visible_warehouse_ids
from stockhub.catalog.models import Sku, Warehouse
from stockhub.cockpit.files import file_links
from stockhub.inventory.presale import PresalePosition, presale_positions

TITLE = gettext_lazy("Presales")
PERMISSION: Final = "inventory.view_balance"
FILE: Final = "presale-positions"
FILE_PERMISSIONS: Final = (PERMISSION, "catalog.view_sku", "catalog.view_warehouse")
MOST_ROWS: Final = 500


@dataclass(frozen=True, slots=True)
class PresaleRow:
    """A position with the codes of its SKU and warehouse."""

    sku: str
    warehouse: str
    position: PresalePosition


def presales(request: HttpRequest) -> TemplateResponse:
    """What is promised beyond what comes first, then by SKU and warehouse; of the warehouses that the user sees."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm(PERMISSION):
        raise PermissionDenied
    found = presale_positions(warehouse_ids=visible_warehouse_ids(user))
    rows = _rows(found)
    context = admin.site.each_context(request) | {
        "title": TITLE,
        "rows": rows[:MOST_ROWS],
        "more": max(len(rows) - MOST_ROWS, 0),
        "files": file_links(FILE) if user.has_perms(FILE_PERMISSIONS) else None,
    }
    return TemplateResponse(request, "cockpit/presales.html", context)


def _rows(found: Sequence[PresalePosition]) -> list[PresaleRow]:
    skus = dict(Sku._base_manager.filter(pk__any_of=[each.sku_id for each in found]).values_list("pk", "code"))  # noqa: SLF001 - documented
    warehouses = dict(Warehouse.objects.values_list("pk", "code"))
    rows = [PresaleRow(skus[each.sku_id], warehouses[each.warehouse_id], each) for each in found]
    return sorted(rows, key=lambda row: (-row.position.oversold_qty, row.sku, row.warehouse))
