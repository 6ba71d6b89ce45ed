"""Naming the SKU that a new one is like (F7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.catalog.models import Sku
from stockhub.core import actor, clock
from stockhub.core.unset import Unset
from stockhub.demand.models import LaunchAnalogue
from stockhub.demand.plans.inputs import LaunchAnalogueInput
from stockhub.editing.upserts import Change, RowResult, assign_columns, codes, collect, require_size, required, results, the_one, write
from stockhub.values.errors import DomainError

_NOUN: Final = "demand.launch_analogue"
_COLUMNS: Final = ("scale", "ends_on", "reason")


def name_analogue(row: LaunchAnalogueInput) -> LaunchAnalogue:
    return LaunchAnalogue.objects.get(pk=the_one(name_analogues([row])))


def name_analogues(rows: Sequence[LaunchAnalogueInput]) -> list[RowResult]:
    """Names like SKUs by the code of the new one, one result for each row; the next forecast cycle goes by them.

    Refuses with `unknown_sku`, `unknown_like_sku`, `like_itself`, `invalid_value` and `required`.
    """
    require("demand.change_launchanalogue")
    require_size(rows)
    with transaction.atomic():
        skus = codes(Sku, [code for row in rows for code in (row.sku, row.like_sku)])
        there = LaunchAnalogue.objects.select_for_update().filter(sku__code__in=[row.sku for row in rows]).order_by("id")
        existing = {each.sku_id: each for each in there}
        changes, errors = collect(
            rows,
            key=lambda row: skus.get(row.sku, row.sku),
            existing=existing,
            new=lambda row: LaunchAnalogue(sku_id=required(skus, "sku", row.sku)),
            assign=lambda change, row: _assign(change, row, skus),
        )
        write(LaunchAnalogue, changes, noun=_NOUN)
    return results(rows, changes, errors)


def _assign(change: Change[LaunchAnalogue], row: LaunchAnalogueInput, skus: Mapping[str, int]) -> None:
    if change.is_new:
        change.set("made_by", actor.current().label)
    if not isinstance(row.like_sku, Unset):
        change.set("like_sku_id", required(skus, "like_sku", row.like_sku))
    if isinstance(row.scale, float) and not isfinite(row.scale):
        raise DomainError("invalid_value", _("A number is wanted."), path=("scale",), params={"value": str(row.scale)})
    assign_columns(change, row, _COLUMNS)
    if change.obj.like_sku_id is None:
        raise DomainError("required", _("This field cannot be empty."), path=("like_sku",))
    if not change.obj.reason:
        raise DomainError("required", _("This field cannot be empty."), path=("reason",))
    if change.obj.like_sku_id == change.obj.sku_id:
        raise DomainError("like_itself", _("A SKU is not its own like SKU."), path=("like_sku",))


def forget_analogue(*, sku: str) -> LaunchAnalogue:
    """Takes a named like SKU back: the choice is automatic again. DomainError `not_found`; one that was taken back stays so."""
    require("demand.delete_launchanalogue")
    with transaction.atomic():
        found = LaunchAnalogue.objects.select_for_update().filter(sku__code=sku).first()
        if found is None:
            raise DomainError("not_found", _("There is no such code."), path=("sku",), params={"value": sku[:200]})
        if found.deleted_at is None:
            change = Change(0, found, is_new=False)
            change.set("deleted_at", clock.now())
            write(LaunchAnalogue, [change], noun=_NOUN)
    return found
