"""SKUs: made and changed one by one or a thousand at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.catalog.attributes import require_attributes
from stockhub.catalog.inputs import ComponentInput, SkuInput
from stockhub.catalog.models import BundleComponent, Category, Product, Sku, Stage
from stockhub.catalog.stock_left import stock_left, stock_left_of
from stockhub.core import clock
from stockhub.core.unset import Unset
from stockhub.editing.undoable import Undoable
from stockhub.editing.upserts import (
    Change,
    RowResult,
    assign_columns,
    codes,
    collect,
    require_size,
    required,
    resolve,
    results,
    the_one,
    valid,
    write,
)
from stockhub.outbox.services import emit_event
from stockhub.values.errors import DomainError, LazyText

PERMISSION: Final = "catalog.change_sku"
#: Bundles that a refusal names.
_BUNDLES_NAMED: Final = 10
_COLUMNS: Final = (
    "name", "brand", "barcode", "attributes", "is_replenished", "is_clearance", "unit_cost_amount", "unit_cost_currency", "price_amount",
    "price_currency",
    "weight_grams", "length_mm", "width_mm", "height_mm", "shelf_life_days", "launched_on", "discontinued_on",
)  # fmt: skip


def upsert_sku(row: SkuInput) -> Sku:
    """Makes or changes one SKU; raises what is wrong with it."""
    return Sku.objects.get(pk=the_one(upsert_skus([row])))


def upsert_skus(rows: Sequence[SkuInput]) -> list[RowResult]:
    """Makes or changes up to 1,000 SKUs, one result for each row. A bad row is refused alone. A fixed number of queries."""
    require(PERMISSION)
    require_size(rows)
    with transaction.atomic():
        existing = {sku.code: sku for sku in Sku.objects.select_for_update().filter(code__in=[row.code for row in rows]).order_by("id")}
        links = _links(rows, existing.values())
        changes, errors = collect(
            rows,
            key=lambda row: row.code,
            existing=existing,
            new=lambda row: Sku(code=row.code),
            assign=lambda change, row: _assign(change, row, links),
        )
        _refuse_bad_bundles(rows, changes, errors, links)
        _refuse_stock_in_bundles(changes, errors)
        good = [change for change in changes if change.index not in errors]
        write(Sku, good, noun="catalog.sku")
        _write_components(good)
    return results(rows, changes, errors)


@dataclass(slots=True)
class _Links:
    """Everything that rows name by code: ids, and for SKUs whether they are bundles and of what."""

    products: dict[str, int]
    categories: dict[str, int]
    stages: dict[str, int]
    components: dict[str, int]
    bundles: set[str]
    parts: dict[int, list[dict[str, Any]]] = field(default_factory=dict)


def _links(rows: Sequence[SkuInput], existing: Collection[Sku]) -> _Links:
    named = {part.sku for row in rows for part in _components(row) or ()}
    stages = Stage.objects.values_list("slug", "id") if any(isinstance(row.stage, str) for row in rows) else []
    others = Sku.objects.filter(code__in=named, deleted_at=None).values_list("code", "id", "is_bundle") if named else []
    links = _Links(codes(Product, [row.product for row in rows]), codes(Category, [row.category for row in rows]), dict(stages), {}, set())
    for code, pk, is_bundle in others:
        links.components[code] = pk
        if is_bundle:
            links.bundles.add(code)
    ids = [sku.pk for sku in existing if sku.is_bundle]
    for bundle_id, code, qty in BundleComponent.objects.filter(bundle_id__in=ids).values_list("bundle_id", "component__code", "qty"):
        links.parts.setdefault(bundle_id, []).append({"sku": code, "qty": qty})
    return links


def _components(row: SkuInput) -> Sequence[ComponentInput] | None:
    """The parts that a row names: None where it says nothing about them, an empty list where it has none any more."""
    if isinstance(row.components, Unset):
        return None
    return row.components or ()


def _assign(change: Change[Sku], row: SkuInput, links: _Links) -> None:
    if change.is_new:
        valid(change.obj, "code", row.code)
    for name, known in (("product", links.products), ("category", links.categories), ("stage", links.stages)):
        given = getattr(row, name)
        if not isinstance(given, Unset):
            change.set(f"{name}_id", resolve(known, name, given))
    require_attributes(row.attributes)
    assign_columns(change, row, _COLUMNS)
    for amount, currency in (("unit_cost_amount", "unit_cost_currency"), ("price_amount", "price_currency")):
        if getattr(change.obj, amount) is not None and not getattr(change.obj, currency):
            raise DomainError("required", _("An amount needs its currency."), path=(currency,))
    parts = _components(row)
    if parts is not None:
        change.set("is_bundle", bool(parts))


def _refuse_bad_bundles(rows: Sequence[SkuInput], changes: Sequence[Change[Sku]], errors: dict[int, DomainError], links: _Links) -> None:
    """A bundle has SKUs of its own stock as parts: not itself, not another bundle, each once. Parts may stand in the same list."""
    good = {rows[change.index].code: change for change in changes}
    for change in changes:
        parts = _components(rows[change.index])
        seen: set[str] = set()
        for number, part in enumerate(parts or ()):
            path = ("components", str(number))
            problem = _problem(part, rows[change.index].code, good, links, seen)
            if problem is not None:
                code, message = problem
                errors[change.index] = DomainError(
                    code, message, path=(*path, "qty" if code == "invalid_quantity" else "sku"), params={"sku": part.sku}
                )
                break
            seen.add(part.sku)
        if parts is not None and change.index not in errors:
            _note_parts(change, parts, links)


def _refuse_stock_in_bundles(changes: Sequence[Change[Sku]], errors: dict[int, DomainError]) -> None:
    """A SKU that has stock of its own cannot become a bundle, which has none: the units would belong to nothing that is sold."""
    becoming = [change for change in changes if not change.is_new and change.obj.is_bundle and "is_bundle" in change.fields]
    for index, error in stock_left_of({change.index: change.obj for change in becoming}).items():
        errors.setdefault(index, error.at("components"))


def _problem(
    part: ComponentInput, bundle: str, good: Mapping[str, Change[Sku]], links: _Links, seen: set[str]
) -> tuple[str, LazyText] | None:
    if part.sku == bundle:
        return "bundle_contains_itself", _("A bundle cannot be a part of itself.")
    if part.sku in seen:
        return "duplicate_component", _("Name each part once, with its quantity.")
    if not 1 <= part.qty < 2**31:
        return "invalid_quantity", _("A bundle takes at least 1 of each part.")
    if part.sku not in good and part.sku not in links.components:
        return "unknown_sku", _("There is no such SKU; create it first.")
    if good[part.sku].obj.is_bundle if part.sku in good else part.sku in links.bundles:
        return "nested_bundle", _("A part of a bundle cannot be a bundle; name that one's parts instead.")
    return None


def _note_parts(change: Change[Sku], parts: Sequence[ComponentInput], links: _Links) -> None:
    """Puts changed parts among the changes, so that they raise the version and stand in the event."""
    before = links.parts.get(change.obj.pk or 0, [])
    after = [{"sku": part.sku, "qty": part.qty} for part in parts]
    if sorted(before, key=_code) != sorted(after, key=_code):
        change.fields["components"] = (before, after)


def _code(part: Mapping[str, Any]) -> str:
    return str(part["sku"])


def _write_components(changes: Sequence[Change[Sku]]) -> None:
    """Puts the parts that changes name in the place of those that were. Raises `unknown_sku` for a part that is no longer there."""
    changed = [change for change in changes if "components" in change.fields]
    if not changed:
        return
    ids = codes(Sku, [part["sku"] for change in changed for part in change.fields["components"][1]])
    BundleComponent.objects.filter(bundle_id__in=[change.obj.pk for change in changed]).delete()
    BundleComponent.objects.bulk_create(
        BundleComponent(bundle_id=change.obj.pk, component_id=required(ids, "sku", part["sku"]), qty=part["qty"])
        for change in changed
        for part in change.fields["components"][1]
    )


def _write_components_back(changes: Sequence[Change[Sku]]) -> None:
    """Undoing may make a SKU a bundle again, which has come to have stock since. Raises `stock_left`."""
    becoming = [change for change in changes if change.obj.is_bundle and "is_bundle" in change.fields]
    for error in stock_left_of({change.obj.pk: change.obj for change in becoming}).values():
        raise error
    _write_components(changes)


def why_kept(sku: Sku) -> DomainError | None:
    """Why a SKU cannot be deleted, and what to do first; None where it can.

    `stock_left` while any bucket holds units, also such as are still on their way; `part_of_bundle` while a bundle needs it.
    """
    if left := stock_left(sku):
        return left
    its = BundleComponent.objects.filter(component=sku, bundle__deleted_at=None).order_by("bundle__code")
    bundles = list(its.values_list("bundle__code", flat=True))
    if not bundles:
        return None
    named = ", ".join(bundles[:_BUNDLES_NAMED]) + (" …" if len(bundles) > _BUNDLES_NAMED else "")
    return DomainError(
        "part_of_bundle",
        _("%(name)s is a part of these bundles: %(named)s. Take it out of them, or delete them, first."),
        params={"code": sku.code, "name": str(sku), "named": named, "bundles": bundles},
    )


SKU_CHANGES: Final = Undoable(
    noun="catalog.sku",
    model=Sku,
    permission=PERMISSION,
    details={"components": lambda parts: parts},
    write_details=_write_components_back,
    obstacle=why_kept,
)


@transaction.atomic
def delete_sku(*, code: str, expected_version: int | None = None) -> Sku:
    """Leaves a tombstone, whoever asks: the admin, an import or a program. Deleting it again changes nothing.

    DomainErrors `not_found`, `stale_version`, and those of `why_kept`. Alerts about it end with the next warning cycle.
    """
    require("catalog.delete_sku")
    sku = Sku.objects.select_for_update().filter(code=code).first()
    if sku is None:
        raise DomainError("not_found", _("There is no such SKU."), path=("code",), params={"code": code})
    if expected_version is not None and sku.version != expected_version:
        raise DomainError("stale_version", _("Somebody changed it meanwhile; read it again."), path=("expected_version",))
    if sku.deleted_at is None:
        if obstacle := why_kept(sku):
            raise obstacle.at("code")
        sku.deleted_at = clock.now()
        sku.version += 1
        sku.save()
        emit_event("catalog.sku_deleted.v1", entity="catalog.sku", entity_id=sku.pk, payload={"code": sku.code, "version": sku.version})
    return sku
