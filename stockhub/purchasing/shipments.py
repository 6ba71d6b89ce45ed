"""Shipments: goods on their way, and their receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.catalog.models import Sku, Warehouse
from stockhub.core import clock
from stockhub.core.unset import UNSET, Unset
from stockhub.editing.upserts import Change, assign_columns, codes, collect, required, resolve, results, the_one, valid, write
from stockhub.inventory.allocations import serve_owed
from stockhub.inventory.bundles import refuse_bundles
from stockhub.inventory.lots.receipts import Receipt, UnitCost, add_lots
from stockhub.inventory.models import CostKind
from stockhub.inventory.places import WarehouseFacts, warehouse_facts
from stockhub.inventory.stock_events import emit_stock_changed
from stockhub.inventory.transactions import in_transaction, raced
from stockhub.purchasing.inputs import ShipmentInput, ShipmentLineInput
from stockhub.purchasing.models import PurchaseOrder, PurchaseOrderLine, Shipment, ShipmentEvent, ShipmentLine, ShipmentStatus
from stockhub.purchasing.purchase_orders import close_received_orders
from stockhub.purchasing.selectors import shipped_by_order_line
from stockhub.purchasing.shipment_variances import note_differences
from stockhub.purchasing.supply_postings import Supply, post_supply
from stockhub.suppliers.models import Supplier
from stockhub.values.errors import DomainError

PERMISSION = "purchasing.change_shipment"


def upsert_shipment(row: ShipmentInput) -> Shipment:
    """Makes or changes a shipment, posts what that changes in the ledger, and makes lots of what came in. Idempotent.

    Units leave `on_order` of their order's line when the shipment departs, and go to `available` as they are received. More or less may be
    received than was shipped: what is missing was never ours, so that it leaves the ledger, and a variance asks a person about it. Every
    state that differs from the last is kept as an event. A fixed number of queries for any number of lines.
    """
    shipment_id = in_transaction(lambda: raced(lambda: _upsert(row)))
    return Shipment.objects.get(pk=shipment_id)


def _upsert(row: ShipmentInput, permission: str = PERMISSION) -> int:
    # Order lines before shipments, always: a change of an order takes its lines' locks first, too.
    order_lines = _lock_order_lines(row)
    existing = {shipment.code: shipment for shipment in Shipment.objects.select_for_update().filter(code=row.code)}
    warehouses = codes(Warehouse, [row.warehouse])
    suppliers = codes(Supplier, [row.supplier])

    def assign(change: Change[Shipment], row: ShipmentInput) -> None:
        _assign(change, row, warehouses, suppliers)

    changes, errors = collect([row], key=lambda row: row.code, existing=existing, new=lambda row: Shipment(code=row.code), assign=assign)
    if errors:
        the_one(results([row], changes, errors))
    [change] = changes
    shipment = change.obj
    require(permission, warehouse_ids=[shipment.warehouse_id])
    known = {} if change.is_new else {line.line_no: line for line in shipment.lines.order_by("id")}
    received_before = {line.line_no: line.received_qty for line in known.values()}
    lines = _lines(change, row, known, order_lines)
    gone = [known[number] for number in sorted(known.keys() - lines.keys())]
    write(Shipment, changes, noun="purchasing.shipment")
    _write_lines(shipment, lines, known)
    _take_away(shipment, gone)
    _post(shipment, list(lines.values()), gone, order_lines, received_before)
    _note_state(shipment, row)
    note_differences(shipment, list(lines.values()))
    return int(shipment.pk)


def receive_more(*, code: str, line_no: int, qty: int, permission: str) -> None:
    """Receives further units of one line, in the caller's transaction; raises `stale_version` where somebody changes the shipment now."""
    shipment = Shipment.objects.get(code=code)
    lines = [
        ShipmentLineInput(
            sku=line.sku.code, line_no=line.line_no, shipped_qty=line.shipped_qty,
            received_qty=line.received_qty + (qty if line.line_no == line_no else 0),
        )
        for line in shipment.lines.select_related("sku").order_by("line_no")
    ]  # fmt: skip
    _upsert(ShipmentInput(code=code, lines=lines, expected_version=shipment.version), permission)


def _lock_order_lines(row: ShipmentInput) -> dict[int, PurchaseOrderLine]:
    """The order lines that the shipment names or named, by id, locked in order of their ids."""
    named: set[str] = set()
    if not isinstance(row.lines, Unset):
        named = {line.purchase_order for line in row.lines if line.purchase_order}
    before = ShipmentLine.objects.filter(shipment__code=row.code, order_line__isnull=False).values_list("order_line__purchase_order_id")
    order_ids = set(PurchaseOrder.objects.filter(code__in=named).values_list("id", flat=True)) | {pk for (pk,) in before}
    if not order_ids:
        return {}
    lines = PurchaseOrderLine.objects.select_for_update(of=("self",)).select_related("purchase_order__warehouse")
    return {line.pk: line for line in lines.filter(purchase_order_id__in=order_ids).order_by("id")}


def _assign(change: Change[Shipment], row: ShipmentInput, warehouses: Mapping[str, int], suppliers: Mapping[str, int]) -> None:
    if change.is_new:
        if row.warehouse in (UNSET, None, ""):
            raise DomainError("required", _("A new shipment needs this."), path=("warehouse",))
        valid(change.obj, "code", row.code)
    if row.supplier is not UNSET:
        change.set("supplier_id", resolve(suppliers, "supplier", row.supplier))
    if row.warehouse is not UNSET:
        warehouse_id = required(warehouses, "warehouse", row.warehouse)
        if not change.is_new and warehouse_id != change.obj.warehouse_id:
            raise DomainError("warehouse_fixed", _("A shipment keeps its warehouse: cancel it and make a new one."), path=("warehouse",))
        change.set("warehouse_id", warehouse_id)
    assign_columns(change, row, ("status", "mode", "shipped_on", "expected_on", "received_on"))


def _lines(
    change: Change[Shipment], row: ShipmentInput, known: Mapping[int, ShipmentLine], order_lines: Mapping[int, PurchaseOrderLine]
) -> dict[int, ShipmentLine]:
    if isinstance(row.lines, Unset):
        lines = dict(known)
    else:
        skus = codes(Sku, [line.sku for line in row.lines])
        refuse_bundles(skus.values(), path=("lines",))
        lines = {}
        for index, given in enumerate(row.lines):
            path = ("lines", str(index))
            number = given.line_no if given.line_no is not None else index + 1
            if number in lines:
                raise DomainError(
                    "duplicate_line", _("Two lines have the same number."), path=(*path, "line_no"), params={"line_no": number}
                )
            try:
                lines[number] = _line(known.get(number), number, given, skus, order_lines)
            except DomainError as error:
                raise error.at(*path, *error.path) from error
        if row.is_whole:
            lines |= {number: _closed(line) for number, line in known.items() if number not in lines and line.received_qty}
        elif known.keys() - lines.keys():
            raise DomainError(
                "line_missing", _("A shipment keeps its lines: name all of them, or cancel the shipment."), path=("lines",),
                params={"line_nos": sorted(known.keys() - lines.keys())},
            )  # fmt: skip
    if not row.is_whole:
        _take_all_where_received(change.obj, lines)
    if _told(lines.values()) != _told(known.values()):
        change.fields["lines"] = (None, _told(lines.values()))
    return lines


def _closed(line: ShipmentLine) -> ShipmentLine:
    """A line that nobody names any more, of which units came in: these stay, and nothing of it is under way."""
    line.shipped_qty = line.received_qty
    return line


def _take_away(shipment: Shipment, gone: Sequence[ShipmentLine]) -> None:
    """Lines of which nothing came in and that are not under way any more. In memory they stay: what they hold is to be posted back."""
    ShipmentLine.objects.filter(pk__in=[line.pk for line in gone]).delete()
    for line in gone:
        line.shipment, line.shipped_qty = shipment, 0


def _take_all_where_received(shipment: Shipment, lines: Mapping[int, ShipmentLine]) -> None:
    """A shipment that is told as received without any quantities came in whole."""
    if shipment.status == ShipmentStatus.RECEIVED and not any(line.received_qty for line in lines.values()):
        for line in lines.values():
            line.received_qty = line.shipped_qty


def _told(lines: object) -> list[list[int | None]]:
    columns = ("line_no", "sku_id", "shipped_qty", "received_qty", "order_line_id")
    return sorted([getattr(line, name) for name in columns] for line in lines)  # type: ignore[attr-defined]


def _line(
    known: ShipmentLine | None, number: int, given: ShipmentLineInput, skus: Mapping[str, int], order_lines: Mapping[int, PurchaseOrderLine]
) -> ShipmentLine:
    sku_id = required(skus, "sku", given.sku)
    if known is not None and known.sku_id != sku_id:
        raise DomainError("sku_fixed", _("A line keeps its SKU: give the other SKU a line of its own."), path=("sku",))
    if given.shipped_qty < 1 or given.received_qty < 0:
        raise DomainError("invalid_quantity", _("Ship at least 1 unit, and receive 0 or more."), path=("shipped_qty",))
    order_line_id = _order_line_id(given, sku_id, order_lines) if given.purchase_order else known.order_line_id if known else None
    return ShipmentLine(
        pk=known.pk if known else None,
        line_no=number,
        sku_id=sku_id,
        order_line_id=order_line_id,
        shipped_qty=valid(ShipmentLine(), "shipped_qty", given.shipped_qty),
        received_qty=valid(ShipmentLine(), "received_qty", given.received_qty),
        posted_qty=known.posted_qty if known else 0,
        posted_receiving_qty=known.posted_receiving_qty if known else 0,
        posted_received_qty=known.posted_received_qty if known else 0,
        revision=known.revision if known else 0,
    )


def _order_line_id(given: ShipmentLineInput, sku_id: int | None, order_lines: Mapping[int, PurchaseOrderLine]) -> int:
    for line in order_lines.values():
        fits = given.order_line_no is None or line.line_no == given.order_line_no
        if line.purchase_order.code == given.purchase_order and line.sku_id == sku_id and fits:
            return int(line.pk)
    raise DomainError(
        "unknown_purchase_order", _("There is no such purchase order with a line of this SKU."), path=("purchase_order",),
        params={"purchase_order": given.purchase_order, "sku": given.sku},
    )  # fmt: skip


def _write_lines(shipment: Shipment, lines: Mapping[int, ShipmentLine], known: Mapping[int, ShipmentLine]) -> None:
    for line in lines.values():
        line.shipment = shipment
    ShipmentLine.objects.bulk_create([line for number, line in lines.items() if number not in known])
    _save_lines([line for number, line in lines.items() if number in known])


def _save_lines(lines: Sequence[ShipmentLine]) -> None:
    columns = ["order_line", "shipped_qty", "received_qty", "posted_qty", "posted_receiving_qty", "posted_received_qty", "revision"]
    ShipmentLine.objects.bulk_create(lines, update_conflicts=True, unique_fields=["id"], update_fields=columns)


def _post(
    shipment: Shipment,
    lines: Sequence[ShipmentLine],
    gone: Sequence[ShipmentLine],
    order_lines: Mapping[int, PurchaseOrderLine],
    received_before: Mapping[int, int],
) -> None:
    places = warehouse_facts({shipment.warehouse_id, *(line.purchase_order.warehouse_id for line in order_lines.values())})
    shipped = shipped_by_order_line(list(order_lines))
    supply = post_supply(
        shipment=shipment, shipment_lines=[*lines, *gone], order_lines=list(order_lines.values()), shipped=shipped, places=places
    )
    _save_lines(lines)
    columns = ["posted_qty", "revision"]
    PurchaseOrderLine.objects.bulk_create(list(order_lines.values()), update_conflicts=True, unique_fields=["id"], update_fields=columns)
    place = places[shipment.warehouse_id]
    _make_lots(shipment, lines, order_lines, supply, place, received_before)
    if order_lines:
        came = ShipmentLine.objects.filter(order_line_id__in=order_lines).values_list("order_line_id").annotate(Sum("received_qty"))
        close_received_orders(sorted({line.purchase_order_id for line in order_lines.values()}), dict(came.order_by()))
    emit_stock_changed(supply.moved)
    if supply.received:
        serve_owed(sku_ids={line.sku_id for line, _qty in supply.received}, warehouse_ids=[shipment.warehouse_id])


def _make_lots(
    shipment: Shipment,
    lines: Sequence[ShipmentLine],
    order_lines: Mapping[int, PurchaseOrderLine],
    supply: Supply,
    place: WarehouseFacts,
    received_before: Mapping[int, int],
) -> None:
    """One lot for each line and day on which units of it came in, at the order's price."""
    arrived = supply.received
    if place.is_observed:
        arrived = [(line, line.received_qty - received_before.get(line.line_no, 0)) for line in lines]
    day = shipment.received_on or clock.business_day(clock.now(), place.time_zone)
    receipts = [_receipt(shipment, line, qty, order_lines.get(line.order_line_id or 0), day) for line, qty in arrived if qty > 0]
    add_lots(receipts, {place.id: place})


def _receipt(shipment: Shipment, line: ShipmentLine, qty: int, order_line: PurchaseOrderLine | None, day: object) -> Receipt:
    costs: tuple[UnitCost, ...] = ()
    if order_line is not None and order_line.unit_price_amount is not None:
        currency = order_line.purchase_order.currency
        costs = (UnitCost(kind=CostKind.PURCHASE, unit_amount=order_line.unit_price_amount, currency=currency),)
    return Receipt(
        sku_id=line.sku_id,
        warehouse_id=shipment.warehouse_id,
        qty=qty,
        idempotency_key=f"shipment-line:{line.pk}:{line.revision}",
        received_on=day,  # type: ignore[arg-type]
        lot_code=f"{shipment.code[:70]}/{line.line_no}/{day}",
        costs=costs,
        reference=f"shipment:{shipment.code}",
    )


def _note_state(shipment: Shipment, row: ShipmentInput) -> None:
    last = shipment.events.order_by("-id").first()
    if last is not None and (last.status, last.expected_on) == (shipment.status, shipment.expected_on):
        return
    ShipmentEvent.objects.create(
        shipment=shipment, status=shipment.status, expected_on=shipment.expected_on, occurred_at=row.occurred_at or clock.now()
    )
