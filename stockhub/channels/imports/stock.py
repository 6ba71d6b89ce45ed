"""Opening lots with age and cost, and known stock of the past."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Sku, Warehouse
from stockhub.channels.imports.options import ImportOptions, open_rows
from stockhub.channels.imports.row_outcomes import effect, fault_of
from stockhub.core import clock
from stockhub.exchange.jobs import ImportRun
from stockhub.exchange.layouts import STOCK
from stockhub.exchange.mapping import Rows
from stockhub.exchange.ordinals import Ordinals
from stockhub.exchange.tables import Fault
from stockhub.inventory.counting import note_counts
from stockhub.inventory.history.stock_history import DayStock, record_stock_history
from stockhub.inventory.lots.receipts import Receipt, UnitCost, receive_lots
from stockhub.inventory.models import CostKind, Grade, MovementKind
from stockhub.inventory.posting.postings import PostingStatus
from stockhub.values.errors import DomainError

_CHUNK = 1_000
#: What is told of a moment, the column of the moment, and what is said where it is missing.
_DATED = (
    ("on_hand", "date", _("Known stock of the past needs its day.")),
    ("counted", "counted_at", _("A count needs the moment of it.")),
)


def import_stock(run: ImportRun, path: Path, *, options: ImportOptions) -> None:
    """A lot comes in once: by its code, or by its day, cost, grade and ordinal among equals. Stock of a day is simply what the row says."""
    _columns, batches = open_rows(STOCK, path, options, settings.STOCKHUB_TIME_ZONE)
    work = _StockImport(run, dict(Warehouse.objects.filter(deleted_at=None).values_list("code", "id")))
    for rows in batches:
        work.take(rows)


@dataclass(slots=True)
class _StockImport:
    run: ImportRun
    warehouses: dict[str, int]
    ordinals: Ordinals = field(default_factory=Ordinals)

    def take(self, rows: Rows) -> None:
        faults = rows.faults
        codes = {rows.values["sku"][index] for index in rows.good}
        skus = dict(Sku.objects.filter(code__in=codes, deleted_at=None).values_list("code", "id"))
        lots: list[tuple[int, dict[str, Any], int, int]] = []
        days: list[DayStock] = []
        counts: dict[tuple[int, datetime], dict[int, int]] = {}
        idle = 0
        for index in rows.good:
            line, row = rows.lines[index], rows.row(index)
            sku_id, warehouse_id = skus.get(row["sku"]), self.warehouses.get(row["warehouse"])
            problem = _problem(line, row, sku_id, warehouse_id)
            if problem is not None or sku_id is None or warehouse_id is None:
                faults += [problem] if problem else []
            elif row.get("on_hand") is not None:
                days.append(DayStock(sku_id, warehouse_id, row["date"], row["on_hand"]))
            elif row.get("counted") is not None:
                counts.setdefault((warehouse_id, row["counted_at"]), {})[sku_id] = row["counted"]
            elif row["qty"]:
                lots.append((line, row, sku_id, warehouse_id))
            else:
                idle += 1
        with effect(self.run):
            written, unchanged = self._receive(lots, faults)
            kept, same = record_stock_history(days)
            noted = sum(
                note_counts(warehouse_id=place, counts=cells, counted_at=at, source="file") for (place, at), cells in sorted(counts.items())
            )
        told = sum(len(cells) for cells in counts.values())
        self.run.refuse(faults)
        self.run.advance(read=rows.read, written=written + kept + noted, unchanged=unchanged + same + idle + told - noted, done=rows.done)

    def _receive(self, lots: list[tuple[int, dict[str, Any], int, int]], faults: list[Fault]) -> tuple[int, int]:
        ordinals = self.ordinals.next([_identity(row) for _line, row, _sku, _warehouse in lots])
        receipts = [
            (line, _receipt(row, ordinal, sku_id, warehouse_id))
            for (line, row, sku_id, warehouse_id), ordinal in zip(lots, ordinals, strict=True)
        ]
        written = unchanged = 0
        for start in range(0, len(receipts), _CHUNK):
            for status in _posted(receipts[start : start + _CHUNK], faults):
                if status == PostingStatus.DUPLICATE:
                    unchanged += 1
                else:
                    written += 1
        return written, unchanged


def _posted(receipts: list[tuple[int, Receipt]], faults: list[Fault]) -> list[PostingStatus]:
    """The chunk at once; where one lot of it was opened otherwise before, one by one."""
    with contextlib.suppress(DomainError):
        return [result.status for result in receive_lots([receipt for _line, receipt in receipts])]
    statuses: list[PostingStatus] = []
    for line, receipt in receipts:
        try:
            statuses += [result.status for result in receive_lots([receipt])]
        except DomainError as error:
            if error.code == "idempotency_key_reused":
                message = _("This lot was opened with another quantity before. Correct it with a stock count.")
                faults.append(Fault(line, "qty", "lot_differs", message, str(receipt.qty)))
            else:
                faults.append(fault_of(line, error))
    return statuses


def _problem(line: int, row: dict[str, Any], sku_id: int | None, warehouse_id: int | None) -> Fault | None:
    if sku_id is None:
        return Fault(line, "sku", "unknown_sku", _("There is no such SKU. Import the catalogue first."), row["sku"])
    if warehouse_id is None:
        return Fault(line, "warehouse", "unknown_warehouse", _("There is no such warehouse. Create it first."), row["warehouse"])
    for name, dated, message in _DATED:
        if row.get(name) is not None:
            return Fault(line, dated, "missing", message) if row.get(dated) is None else None
    if row.get("qty") is None:
        return Fault(line, "qty", "missing", _("The row has neither qty nor on_hand nor counted."))
    produced, expires = row.get("produced_on"), row.get("expires_on")
    if produced and expires and expires < produced:
        return Fault(line, "expires_on", "bad_date", _("The lot expires before it was produced."), str(expires))
    return None


def _identity(row: dict[str, Any]) -> tuple[Any, ...]:
    """What tells lots without a code apart: not the quantity, so that a corrected file does not bring the lot in twice."""
    if row.get("lot"):
        return row["sku"], row["warehouse"], row["lot"]
    names = ("sku", "warehouse", "received_on", "date", "age_days", "unit_cost", "currency", "grade", "produced_on", "expires_on")
    return tuple(str(row.get(name)) for name in names)


def _receipt(row: dict[str, Any], ordinal: int, sku_id: int, warehouse_id: int) -> Receipt:
    digest = hashlib.blake2b(repr((_identity(row), ordinal)).encode(), digest_size=10).hexdigest()
    code = row.get("lot") or f"opening-{digest}"
    if row.get("lot") and ordinal:
        code = f"{row['lot'][:90]}#{ordinal + 1}"
    received_on = row.get("received_on") or row.get("date")
    if received_on is None and row.get("age_days") is not None:
        received_on = clock.business_day(clock.now(), settings.STOCKHUB_TIME_ZONE) - timedelta(days=row["age_days"])
    currency = row.get("currency") or settings.STOCKHUB_BASE_CURRENCY
    cost = row.get("unit_cost")
    return Receipt(
        sku_id=sku_id,
        warehouse_id=warehouse_id,
        qty=row["qty"],
        idempotency_key=f"opening:{digest}",
        kind=MovementKind.OPENING,
        received_on=received_on,
        lot_code=code,
        produced_on=row.get("produced_on"),
        expires_on=row.get("expires_on"),
        grade=Grade(row.get("grade") or Grade.NEW),
        costs=() if cost is None else (UnitCost(kind=CostKind.PURCHASE, unit_amount=cost, currency=currency),),
        reason="import",
        reference="import:stock",
    )
