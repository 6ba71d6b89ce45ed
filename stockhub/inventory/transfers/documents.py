"""Transfers between warehouses: told by a person, an ERP or a WMS, any number of times and in any order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.catalog.models import Warehouse
from stockhub.core import clock
from stockhub.core.unset import UNSET, Unset
from stockhub.editing.upserts import Change, assign_columns, codes, collect, required, results, the_one, valid, write
from stockhub.inventory.by_hand import require_key
from stockhub.inventory.models import StockVariance, Transfer, TransferEvent, TransferLine, TransferLot, TransferStatus
from stockhub.inventory.posting.request_keys import claim_request
from stockhub.inventory.transactions import in_transaction, raced
from stockhub.inventory.transfers.flow import follow
from stockhub.inventory.transfers.inputs import TransferInput
from stockhub.inventory.transfers.lines import told, wanted_lines, write_lines
from stockhub.inventory.transfers.models import DEPARTED
from stockhub.values.errors import DomainError

PERMISSION: Final = "inventory.change_transfer"
#: Of two states of one moment the later one in a transfer's life holds.
_RANK: Final = {status: rank for rank, status in enumerate(TransferStatus.values)}
#: The ledger takes what happened up to a day from now: clocks and zones differ.
_FUTURE_TOLERANCE: Final = timedelta(days=1)
_COLUMNS: Final = ("mode", "shipped_on", "expected_on", "received_on")
#: A change of anything else concerns the source as well.
_DESTINATION_S: Final = frozenset({"mode", "expected_on", "received_on", "status", "lines"})


def upsert_transfer(row: TransferInput) -> Transfer:
    """Makes or changes a transfer, and makes the ledger follow it. Telling the same again changes nothing.

    Shipping takes the units from the source and puts them in transit to the destination; receiving books them in there, whole or damaged.
    Units that have not come in when it is received are missing: they lie in `researching`, and a variance asks a person about them. A
    transfer can be cancelled until the first units have come in; they are then back at the source. A fixed number of queries for any number
    of lines.

    Raises `insufficient_stock` where the source has fewer units than are shipped; then nothing has changed.
    """
    require(PERMISSION)
    if row.idempotency_key:
        require_key(row.idempotency_key)
    transfer_id = in_transaction(lambda: raced(lambda: _upsert(row)))
    return Transfer.objects.get(pk=transfer_id)


def _upsert(row: TransferInput) -> int:
    if row.idempotency_key and not claim_request(f"transfer:{row.idempotency_key}", row):
        return Transfer.objects.values_list("pk", flat=True).get(code=row.code)
    _require_possible(row.occurred_at)
    existing = {transfer.code: transfer for transfer in Transfer.objects.select_for_update().filter(code=row.code)}
    before = existing[row.code].status if existing else TransferStatus.PLANNED
    is_late = bool(existing) and _is_late(row, existing[row.code])
    change = _change(row, existing, is_late=is_late)
    transfer = change.obj
    lines = [] if change.is_new else list(transfer.lines.order_by("line_no", "sku_id"))
    was = _Before(before, told(lines), {line.pk: line.shipped_qty for line in lines}, any(line.received_qty for line in lines))
    if not is_late:
        departs = before not in DEPARTED and transfer.status in DEPARTED
        lines = wanted_lines(row, {(line.line_no, line.sku_id): line for line in lines}, is_departing=departs, status=transfer.status)
        if (now_told := told(lines)) != was.lines:
            change.fields["lines"] = (was.lines or None, now_told)
    _require(change, was, lines)
    _refuse_cancelling(change, was, lines)
    if not is_late:
        _note_moment(change, row)
    write(Transfer, [change], noun="inventory.transfer")
    write_lines(transfer, lines)
    _note_state(transfer, row)
    if not is_late:
        follow(transfer, lines, at=transfer.state_at)
    return int(transfer.pk)


@dataclass(frozen=True, slots=True)
class _Before:
    """A transfer as it was: its status, what people said about its lines, units shipped by line id, and whether any had come in."""

    status: str
    lines: list[list[object]]
    shipped: Mapping[int, int]
    has_received: bool


def _require_possible(occurred_at: datetime | None) -> None:
    if occurred_at is None:
        return
    if occurred_at.tzinfo is None:
        raise DomainError("invalid_time", _("Give the time with its zone."), path=("occurred_at",))
    if occurred_at > clock.now() + _FUTURE_TOLERANCE:
        raise DomainError("future_time", _("That has not happened yet: give the time at which it did."), path=("occurred_at",))


def _change(row: TransferInput, existing: Mapping[str, Transfer], *, is_late: bool) -> Change[Transfer]:
    warehouses = codes(Warehouse, [row.from_warehouse, row.to_warehouse])

    def assign(change: Change[Transfer], row: TransferInput) -> None:
        if is_late:
            _fill_in(change, row)
        else:
            _assign(change, row, warehouses)

    changes, errors = collect([row], key=lambda row: row.code, existing=existing, new=lambda row: Transfer(code=row.code), assign=assign)
    if errors:
        the_one(results([row], changes, errors))
    return changes[0]


def _note_moment(change: Change[Transfer], row: TransferInput) -> None:
    """Since when it is in its state. Being told the same of a later moment changes nothing else, so that it makes no new version."""
    transfer = change.obj
    if change.is_new:
        transfer.state_at = row.occurred_at or clock.now()
    elif row.occurred_at is not None or change.fields:
        transfer.state_at = max(row.occurred_at or clock.now(), transfer.state_at)
        Transfer.objects.filter(pk=transfer.pk).update(state_at=transfer.state_at)


def _is_late(row: TransferInput, transfer: Transfer) -> bool:
    if row.occurred_at is None:
        return False
    status = transfer.status if isinstance(row.status, Unset) else row.status
    return (row.occurred_at, _RANK.get(status, 0)) < (transfer.state_at, _RANK[transfer.status])


def _fill_in(change: Change[Transfer], row: TransferInput) -> None:
    """What is told too late still says what nobody has told yet."""
    if row.status is not UNSET:
        valid(change.obj, "status", row.status)
    for name in _COLUMNS:
        if not getattr(change.obj, name) and getattr(row, name) not in (UNSET, None, ""):
            change.set(name, valid(change.obj, name, getattr(row, name)))


def _assign(change: Change[Transfer], row: TransferInput, warehouses: Mapping[str, int]) -> None:
    transfer = change.obj
    if change.is_new:
        for name in ("from_warehouse", "to_warehouse", "lines"):
            if getattr(row, name) in (UNSET, None, "", []):
                raise DomainError("required", _("A new transfer needs this."), path=(name,))
        valid(transfer, "code", row.code)
    for name in ("from_warehouse", "to_warehouse"):
        if getattr(row, name) is UNSET:
            continue
        warehouse_id = _warehouse_id(warehouses, name, getattr(row, name))
        if not change.is_new and warehouse_id != getattr(transfer, f"{name}_id"):
            raise DomainError("warehouse_fixed", _("A transfer keeps its warehouses: cancel it and make a new one."), path=(name,))
        change.set(f"{name}_id", warehouse_id)
    if transfer.from_warehouse_id == transfer.to_warehouse_id:
        raise DomainError("same_warehouse", _("A transfer goes to another warehouse."), path=("to_warehouse",))
    assign_columns(change, row, ("status", *_COLUMNS))


def _warehouse_id(warehouses: Mapping[str, int], name: str, given: object) -> int:
    """The id behind a warehouse's code; raises `unknown_warehouse` with the field that names it."""
    try:
        return required(warehouses, "warehouse", given)
    except DomainError as error:
        raise error.at(name) from error


def _require(change: Change[Transfer], was: _Before, lines: Sequence[TransferLine]) -> None:
    """Receiving concerns the destination; whatever concerns what leaves concerns the source, too."""
    transfer = change.obj
    leaves = (was.status in DEPARTED) != (transfer.status in DEPARTED) or any(
        line.shipped_qty != was.shipped.get(line.pk or 0, 0) for line in lines
    )
    both = change.is_new or leaves or change.fields.keys() - _DESTINATION_S
    require(PERMISSION, warehouse_ids=[transfer.to_warehouse_id, *([transfer.from_warehouse_id] if both else [])])


def _refuse_cancelling(change: Change[Transfer], was: _Before, lines: Sequence[TransferLine]) -> None:
    if was.status not in DEPARTED or change.obj.status in DEPARTED:
        return
    pks = [line.pk for line in lines if line.pk]
    if was.has_received or TransferLot.objects.filter(line_id__in=pks, arrived_qty__gt=0).exists():
        raise DomainError(
            "already_received", _("Units of it have come in already: send them back with another transfer."), path=("status",)
        )


def _note_state(transfer: Transfer, row: TransferInput) -> None:
    """Every state with its moment, once; without a moment only where it differs from the last."""
    status = transfer.status if isinstance(row.status, Unset) else row.status
    expected_on = transfer.expected_on if isinstance(row.expected_on, Unset) else row.expected_on
    if row.occurred_at is None:
        last = transfer.events.order_by("-occurred_at", "-id").first()
        if last is not None and (last.status, last.expected_on) == (status, expected_on):
            return
    at = row.occurred_at or clock.now()
    TransferEvent.objects.get_or_create(transfer=transfer, status=status, expected_on=expected_on, occurred_at=at)


class TransferDocument:
    """What a transfer does when a person decides about what is missing of it."""

    def accept(self, variance: StockVariance) -> None:
        transfer, lines, line = _locked(variance)
        line.lost_qty = line.missing_qty
        follow(transfer, lines, at=clock.now())

    def find(self, variance: StockVariance, qty: int) -> None:
        transfer, lines, line = _locked(variance)
        if qty > line.missing_qty:
            raise DomainError("not_open", _("This variance is resolved already; read it again."), path=("id",))
        line.received_qty += qty
        line.save(update_fields=["received_qty"])
        follow(transfer, lines, at=clock.now())


def _locked(variance: StockVariance) -> tuple[Transfer, list[TransferLine], TransferLine]:
    transfer = Transfer.objects.select_for_update().get(code=variance.reference.removeprefix("transfer:"))
    lines = list(transfer.lines.order_by("line_no", "sku_id"))
    [line] = [line for line in lines if (line.line_no, line.sku_id) == (variance.line_no, variance.sku_id)]
    return transfer, lines, line
