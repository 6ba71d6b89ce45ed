"""Purchase orders: told by a person, an ERP or a file, any number of times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.catalog.models import Sku, Warehouse
from stockhub.core import clock
from stockhub.core.unset import UNSET, Unset
from stockhub.editing.upserts import Change, assign_columns, codes, collect, required, results, the_one, valid, write
from stockhub.inventory.bundles import refuse_bundles
from stockhub.inventory.places import warehouse_facts
from stockhub.inventory.stock_events import emit_stock_changed
from stockhub.inventory.transactions import in_transaction, raced
from stockhub.purchasing.inputs import OrderLineInput, PurchaseOrderInput
from stockhub.purchasing.models import PurchaseOrder, PurchaseOrderLine, PurchaseOrderStatus
from stockhub.purchasing.selectors import shipped_by_order_line
from stockhub.purchasing.supply_postings import post_supply
from stockhub.suppliers.models import Supplier
from stockhub.values.errors import DomainError

PERMISSION = "purchasing.change_purchaseorder"


def upsert_purchase_order(row: PurchaseOrderInput) -> PurchaseOrder:
    """Makes or changes a purchase order and posts what that changes on order. Telling the same again changes nothing.

    A draft does not count as on order; a cancelled or received one is no longer. A fixed number of queries for any number of lines.
    """
    order_id = in_transaction(lambda: raced(lambda: _upsert(row)))
    return PurchaseOrder.objects.get(pk=order_id)


def _upsert(row: PurchaseOrderInput) -> int:
    existing = {order.code: order for order in PurchaseOrder.objects.select_for_update().filter(code=row.code)}
    warehouses = codes(Warehouse, [row.warehouse])
    suppliers = codes(Supplier, [row.supplier])

    def assign(change: Change[PurchaseOrder], row: PurchaseOrderInput) -> None:
        _assign(change, row, warehouses, suppliers)

    changes, errors = collect([row], key=lambda row: row.code, existing=existing, new=_new, assign=assign)
    order_id_or_error = results([row], changes, errors)
    if errors:
        the_one(order_id_or_error)
    [change] = changes
    order = change.obj
    require(PERMISSION, warehouse_ids=[order.warehouse_id])
    lines = _lines(change, row)
    write(PurchaseOrder, changes, noun="purchasing.purchase_order")
    _write_lines(order, lines, row)
    return int(order.pk)


def _new(row: PurchaseOrderInput) -> PurchaseOrder:
    return PurchaseOrder(code=row.code, ordered_on=clock.now().date())


def _assign(change: Change[PurchaseOrder], row: PurchaseOrderInput, warehouses: Mapping[str, int], suppliers: Mapping[str, int]) -> None:
    if change.is_new:
        for name in ("supplier", "warehouse", "currency"):
            if getattr(row, name) in (UNSET, None, ""):
                raise DomainError("required", _("A new purchase order needs this."), path=(name,))
        valid(change.obj, "code", row.code)
    if row.supplier is not UNSET:
        change.set("supplier_id", required(suppliers, "supplier", row.supplier))
    if row.warehouse is not UNSET:
        warehouse_id = required(warehouses, "warehouse", row.warehouse)
        if not change.is_new and warehouse_id != change.obj.warehouse_id:
            raise DomainError(
                "warehouse_fixed", _("An order keeps its warehouse: cancel it and make a new one for the other."), path=("warehouse",)
            )
        change.set("warehouse_id", warehouse_id)
    assign_columns(change, row, ("status", "currency", "ordered_on", "promised_on"))


def _lines(change: Change[PurchaseOrder], row: PurchaseOrderInput) -> dict[int, PurchaseOrderLine]:
    """The order's lines by number as they are to be, in memory; notes in the change which fields differ."""
    order = change.obj
    known = {} if change.is_new else {line.line_no: line for line in order.lines.select_for_update().order_by("id")}
    if isinstance(row.lines, Unset):
        return known
    skus = codes(Sku, [line.sku for line in row.lines])
    refuse_bundles(skus.values(), path=("lines",))
    wanted: dict[int, PurchaseOrderLine] = {}
    for index, given in enumerate(row.lines):
        path = ("lines", str(index))
        number = given.line_no if given.line_no is not None else index + 1
        if number in wanted:
            raise DomainError("duplicate_line", _("Two lines have the same number."), path=(*path, "line_no"), params={"line_no": number})
        try:
            wanted[number] = _line(known.get(number), order, number, given, skus)
        except DomainError as error:
            raise error.at(*path, *error.path) from error
    before = _told(known.values())
    if before != _told(wanted.values()):
        change.fields["lines"] = (None, _told(wanted.values()))
    return wanted


def _told(lines: object) -> list[list[object]]:
    columns = ("line_no", "sku_id", "ordered_qty", "unit_price_amount", "promised_on")
    return sorted([_plain(getattr(line, name)) for name in columns] for line in lines)  # type: ignore[attr-defined]


def _plain(value: object) -> object:
    return value if isinstance(value, int) else str(value)


def _line(
    known: PurchaseOrderLine | None, order: PurchaseOrder, number: int, given: OrderLineInput, skus: Mapping[str, int]
) -> PurchaseOrderLine:
    sku_id = required(skus, "sku", given.sku)
    if given.ordered_qty < 1:
        raise DomainError("invalid_quantity", _("Order at least 1 unit; leave the line out to remove it."), path=("ordered_qty",))
    if known is not None and known.sku_id != sku_id:
        raise DomainError("sku_fixed", _("A line keeps its SKU: give the other SKU a line of its own."), path=("sku",))
    fields = {
        name: valid(PurchaseOrderLine(), name, getattr(given, name))
        for name in ("unit_price_amount", "promised_on")
        if getattr(given, name) is not UNSET
    }
    copy = PurchaseOrderLine(
        pk=known.pk if known else None,
        purchase_order=order,
        line_no=number,
        sku_id=sku_id,
        ordered_qty=valid(PurchaseOrderLine(), "ordered_qty", given.ordered_qty),
        unit_price_amount=known.unit_price_amount if known else None,
        promised_on=known.promised_on if known else None,
        posted_qty=known.posted_qty if known else 0,
        revision=known.revision if known else 0,
    )
    for name, value in fields.items():
        setattr(copy, name, value)
    return copy


def _write_lines(order: PurchaseOrder, lines: Mapping[int, PurchaseOrderLine], row: PurchaseOrderInput) -> None:
    gone = [] if row.lines is UNSET else list(order.lines.exclude(line_no__in=lines))
    made = [line for line in lines.values() if line.pk is None]
    for line in made:
        line.purchase_order = order
    PurchaseOrderLine.objects.bulk_create(made)
    for line in gone:
        line.ordered_qty = 0
    everything = [*lines.values(), *gone]
    for line in everything:
        line.purchase_order = order
    shipped = shipped_by_order_line([line.pk for line in everything])
    places = warehouse_facts([order.warehouse_id])
    supply = post_supply(shipment=None, shipment_lines=[], order_lines=everything, shipped=shipped, places=places)
    _save([line for line in lines.values() if line.pk is not None])
    _remove(order, gone)
    emit_stock_changed(supply.moved)


def _save(lines: Sequence[PurchaseOrderLine]) -> None:
    columns = ["ordered_qty", "unit_price_amount", "promised_on", "posted_qty", "revision"]
    PurchaseOrderLine.objects.bulk_create(lines, update_conflicts=True, unique_fields=["id"], update_fields=columns)


def _remove(order: PurchaseOrder, gone: Sequence[PurchaseOrderLine]) -> None:
    if not gone:
        return
    try:
        order.lines.filter(pk__in=[line.pk for line in gone]).delete()
    except ProtectedError as error:
        raise DomainError(
            "line_has_shipments", _("Units of a removed line were shipped already; keep the line with what was shipped."), path=("lines",)
        ) from error


def close_received_orders(order_ids: Sequence[int], received: Mapping[int, int]) -> None:
    """Marks orders as received of which every line has come in. `received` is by order line."""
    full: set[int] = set(order_ids)
    for line in PurchaseOrderLine.objects.filter(purchase_order_id__in=order_ids):
        if received.get(line.pk, 0) < line.ordered_qty:
            full.discard(line.purchase_order_id)
    PurchaseOrder.objects.filter(pk__in=full, status=PurchaseOrderStatus.OPEN).update(
        status=PurchaseOrderStatus.RECEIVED, updated_at=clock.now()
    )
