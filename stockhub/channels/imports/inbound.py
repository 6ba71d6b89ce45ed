"""Open purchase orders and goods on their way: without them everything on the water looks short."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from stockhub.channels.imports.options import ImportOptions, open_rows
from stockhub.channels.imports.row_outcomes import effect, fault_of, given, require_few
from stockhub.exchange.jobs import ImportRun
from stockhub.exchange.layouts import INBOUND
from stockhub.exchange.tables import Fault
from stockhub.purchasing.inputs import OrderLineInput, PurchaseOrderInput, ShipmentInput, ShipmentLineInput
from stockhub.purchasing.models import PurchaseOrder, Shipment
from stockhub.purchasing.purchase_orders import upsert_purchase_order
from stockhub.purchasing.shipments import upsert_shipment
from stockhub.suppliers.models import Supplier
from stockhub.values.errors import DomainError

_Document = list[tuple[int, dict[str, Any]]]


def import_inbound(run: ImportRun, path: Path, *, options: ImportOptions) -> None:
    """Orders before shipments, since a shipment may name its order. What was received is in the opening stock, so it is left out."""
    _columns, batches = open_rows(INBOUND, path, options, settings.STOCKHUB_TIME_ZONE)
    orders: dict[str, _Document] = {}
    shipments: dict[str, _Document] = {}
    for rows in batches:
        faults = list(rows.faults)
        idle = 0
        for index in rows.good:
            line, row = rows.lines[index], rows.row(index)
            if not row.get("po") and not row.get("shipment"):
                faults.append(Fault(line, "po", "missing", _("The row names neither a purchase order nor a shipment.")))
            elif row["qty"] <= (row.get("received_qty") or 0):
                idle += 1
            elif row.get("shipment"):
                shipments.setdefault(row["shipment"], []).append((line, row))
            else:
                orders.setdefault(row["po"], []).append((line, row))
        run.refuse(faults)
        run.advance(read=rows.read, unchanged=idle, done=rows.done)
        require_few(run.job.rows_read)
    with effect(run):
        _write(run, orders, PurchaseOrder, lambda document: upsert_purchase_order(_order(document)))
        _write(run, shipments, Shipment, lambda document: upsert_shipment(_shipment(document)))


def _write(
    run: ImportRun,
    documents: dict[str, _Document],
    model: type[PurchaseOrder | Shipment],
    write: Callable[[_Document], PurchaseOrder | Shipment],
) -> None:
    """A document goes in as a whole or not at all."""
    for code, document in documents.items():
        version = model.objects.filter(code=code).values_list("version", flat=True).first()
        try:
            same = write(document).version == version
        except DomainError as error:
            run.refuse([fault_of(line, error) for line, _row in document])
            run.advance(read=0, done=1.0)
        else:
            count = len(document)
            run.advance(read=0, written=0 if same else count, unchanged=count if same else 0, done=1.0)


def _order(document: _Document) -> PurchaseOrderInput:
    head = _head(document)
    currency = head.get("currency") or _currency_of(head.get("supplier"))
    told = given(
        supplier=head.get("supplier"), warehouse=head.get("warehouse"), currency=currency, ordered_on=head.get("ordered_on"),
        promised_on=head.get("expected_on"),
    )  # fmt: skip
    lines = [
        OrderLineInput(
            sku=row["sku"],
            ordered_qty=row["qty"] - (row.get("received_qty") or 0),
            line_no=row.get("line_no") or number,
            **given(unit_price_amount=row.get("price"), promised_on=row.get("expected_on")),  # type: ignore[arg-type]
        )
        for number, (_line, row) in enumerate(document, 1)
    ]
    return PurchaseOrderInput(code=document[0][1]["po"], lines=lines, **told)  # type: ignore[arg-type]


def _shipment(document: _Document) -> ShipmentInput:
    head = _head(document)
    told = given(
        warehouse=head.get("warehouse"), supplier=head.get("supplier"), mode=head.get("mode"), shipped_on=head.get("shipped_on"),
        expected_on=head.get("expected_on"),
    )  # fmt: skip
    lines = [
        ShipmentLineInput(
            sku=row["sku"],
            shipped_qty=row["qty"] - (row.get("received_qty") or 0),
            line_no=row.get("line_no") or number,
            purchase_order=row.get("po") or "",
        )
        for number, (_line, row) in enumerate(document, 1)
    ]
    return ShipmentInput(code=document[0][1]["shipment"], lines=lines, **told)  # type: ignore[arg-type]


def _head(document: _Document) -> dict[str, Any]:
    """Of each column, the first cell that is not empty."""
    head: dict[str, Any] = {}
    for _line, row in document:
        for name, value in row.items():
            if value is not None:
                head.setdefault(name, value)
    return head


def _currency_of(supplier: str | None) -> str:
    found = Supplier.objects.filter(code=supplier).values_list("currency", flat=True).first() if supplier else None
    return found or settings.STOCKHUB_BASE_CURRENCY
