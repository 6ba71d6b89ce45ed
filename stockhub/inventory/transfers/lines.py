"""The lines of a transfer: from what is told of SKUs and bundles to units of SKUs with stock of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Sku
from stockhub.core.unset import UNSET, Unset
from stockhub.editing.upserts import codes, required, valid
from stockhub.inventory.bundles import components_of
from stockhub.inventory.models import Transfer, TransferLine, TransferStatus
from stockhub.inventory.posting.postings import MAX_QTY
from stockhub.inventory.transfers.inputs import TransferInput, TransferLineInput
from stockhub.values.errors import DomainError

LineKey = tuple[int, int]

_QUANTITIES: Final = ("planned_qty", "shipped_qty", "received_qty", "damaged_qty")
#: Where units of a transfer can leave: `reserved` belongs to orders, the rest is on its way or missing.
_BUCKETS: Final = frozenset({"available", "unsellable", "quarantined", "inspecting"})
_COLUMNS: Final = ("line_no", "sku_id", "bucket_id", *_QUANTITIES, "freight_amount", "freight_currency")


def told(lines: Iterable[TransferLine]) -> list[list[object]]:
    """What people say about lines, comparable and fit for an event."""
    return sorted([_plain(getattr(line, name)) for name in _COLUMNS] for line in lines)


def _plain(value: object) -> object:
    return value if isinstance(value, int) else "" if value is None else str(value)


def wanted_lines(row: TransferInput, known: Mapping[LineKey, TransferLine], *, is_departing: bool, status: str) -> list[TransferLine]:
    """All lines as they are to be, in memory. A line keeps its SKU, and a bundle the components that it had when its line was made."""
    lines = list(known.values())
    received_told = False
    if not isinstance(row.lines, Unset):
        lines = _named_lines(row.lines, known)
        received_told = any(not isinstance(given.received_qty, Unset) for given in row.lines)
    if is_departing and not any(line.shipped_qty for line in lines):
        for line in lines:
            line.shipped_qty = line.planned_qty
    if status == TransferStatus.RECEIVED and not received_told and not any(line.received_qty for line in lines):
        # A transfer that is told as received without any quantities came in whole.
        for line in lines:
            line.received_qty = line.shipped_qty
    for index, line in enumerate(lines):
        if line.damaged_qty > line.received_qty:
            raise DomainError(
                "invalid_quantity", _("No more units can be damaged than have come in."), path=("lines", str(index), "damaged_qty"),
                params={"damaged_qty": line.damaged_qty, "received_qty": line.received_qty},
            )  # fmt: skip
    return lines


def _named_lines(given: Iterable[TransferLineInput], known: Mapping[LineKey, TransferLine]) -> list[TransferLine]:
    rows = list(given)
    ids = codes(Sku, [row.sku for row in rows])
    bundles = components_of(list(ids.values()))
    before: dict[int, list[TransferLine]] = {}
    for line in known.values():
        before.setdefault(line.line_no, []).append(line)
    lines: dict[LineKey, TransferLine] = {}
    numbers: set[int] = set()
    for index, row in enumerate(rows):
        number = row.line_no if row.line_no is not None else index + 1
        path = ("lines", str(index))
        try:
            for line in _lines_of(row, valid(TransferLine(), "line_no", number), ids, bundles, before.get(number, [])):
                _require_once(lines, (number, line.sku_id), is_taken=number in numbers and number not in before)
                lines[number, line.sku_id] = line
            numbers.add(number)
        except DomainError as error:
            raise error.at(*path, *error.path) from error
    if missing := sorted(before.keys() - numbers):
        raise DomainError(
            "line_missing", _("A transfer keeps its lines: name all of them, or cancel the transfer."), path=("lines",),
            params={"line_nos": missing},
        )  # fmt: skip
    # Of a bundle some components may be named, and the others stay as they are.
    return list({**known, **lines}.values())


def _require_once(lines: Mapping[LineKey, TransferLine], key: LineKey, *, is_taken: bool) -> None:
    if is_taken or key in lines:
        raise DomainError("duplicate_line", _("Two lines have the same number."), path=("line_no",), params={"line_no": key[0]})


def _lines_of(
    row: TransferLineInput, number: int, ids: Mapping[str, int], bundles: Mapping[int, list[tuple[int, int]]], before: list[TransferLine]
) -> list[TransferLine]:
    """The lines that an input is about: of a bundle all components, of a component of a known bundle that one alone, in its own units."""
    sku_id = required(ids, "sku", row.sku)
    if before:
        if named := [line for line in before if line.sku_id == sku_id]:
            return [_assigned(line, row, units=1) for line in named]
        if before[0].bundle_id != sku_id:
            raise DomainError("sku_fixed", _("A line keeps its SKU: give the other SKU a line of its own."), path=("sku",))
        return [_assigned(line, row, units=line.units_each) for line in before]
    if sku_id in bundles:
        return [_assigned(_new(number, part, units, sku_id), row, units=units) for part, units in bundles[sku_id]]
    return [_assigned(_new(number, sku_id, 1, None), row, units=1)]


def _new(number: int, sku_id: int, units: int, bundle_id: int | None) -> TransferLine:
    return TransferLine(line_no=number, sku_id=sku_id, units_each=units, bundle_id=bundle_id, planned_qty=0)


def _assigned(line: TransferLine, row: TransferLineInput, *, units: int) -> TransferLine:
    for name in _QUANTITIES:
        given = getattr(row, name)
        if isinstance(given, Unset):
            continue
        if not 0 <= given <= MAX_QTY:
            raise DomainError("invalid_quantity", _("A quantity is a whole number from 0 on."), path=(name,), params={"value": given})
        setattr(line, name, given * units)
    if not line.planned_qty:
        line.planned_qty = line.shipped_qty
    if not line.planned_qty:
        raise DomainError("invalid_quantity", _("Plan or ship at least 1 unit."), path=("planned_qty",))
    if not isinstance(row.bucket, Unset) and row.bucket != line.bucket_id:
        _set_bucket(line, row.bucket)
    if row.freight_amount is not UNSET:
        line.freight_amount = valid(line, "freight_amount", row.freight_amount)
    if row.freight_currency is not UNSET:
        line.freight_currency = valid(line, "freight_currency", row.freight_currency)
    if line.freight_amount is not None and not line.freight_currency:
        raise DomainError("required", _("An amount needs its currency."), path=("freight_currency",))
    return line


def _set_bucket(line: TransferLine, bucket: str) -> None:
    if bucket not in _BUCKETS:
        message = _("Units can be transferred from available, unsellable, quarantined or inspecting.")
        raise DomainError("invalid_bucket", message, path=("bucket",), params={"bucket": bucket[:40]})
    if line.posted_out_qty:
        raise DomainError("bucket_fixed", _("The units have left their bucket already: cancel the transfer first."), path=("bucket",))
    line.bucket_id = bucket


def write_lines(transfer: Transfer, lines: Iterable[TransferLine]) -> None:
    """Makes new lines and saves what was told of the others."""
    rows = list(lines)
    for line in rows:
        line.transfer = transfer
    TransferLine.objects.bulk_create([line for line in rows if line.pk is None])
    TransferLine.objects.bulk_update([line for line in rows if line.pk is not None], _COLUMNS_SAVED)


_COLUMNS_SAVED: Final = ("bucket", *_QUANTITIES, "freight_amount", "freight_currency")
