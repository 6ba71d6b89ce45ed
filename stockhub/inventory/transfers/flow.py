"""Makes the ledger, the lots and the tasks follow a transfer, within the transaction of whoever changed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from stockhub.core import clock
from stockhub.inventory.allocations import serve_owed
from stockhub.inventory.models import Bucket
from stockhub.inventory.places import WarehouseFacts, warehouse_facts
from stockhub.inventory.posting.ledger import lock_balances, post
from stockhub.inventory.posting.postings import PostingStatus
from stockhub.inventory.stock_events import emit_stock_changed
from stockhub.inventory.transfers.lots import Left, lots_that_left, lots_that_would_leave, lots_there, note_arrival, note_departure
from stockhub.inventory.transfers.models import Transfer, TransferLine, TransferStatus, VarianceKind
from stockhub.inventory.transfers.postings import Side, Step, arrived_qty, out_target, serves_orders, steps_of
from stockhub.inventory.transfers.variances import Told, note_variances
from stockhub.values.errors import DomainError

#: What following a transfer changes in its lines.
FOLLOWED = (
    "posted_out_qty", "posted_transit_qty", "posted_receiving_qty", "posted_received_qty", "posted_damaged_qty", "posted_missing_qty",
    "lost_qty", "revision",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ends:
    """Both warehouses of a transfer, as facts and as sides of its postings."""

    source_facts: WarehouseFacts
    destination_facts: WarehouseFacts
    source: Side
    destination: Side


def follow(transfer: Transfer, lines: Sequence[TransferLine], *, at: datetime) -> None:
    """Posts the difference between where the units of the lines are and where they should be, all of it or nothing.

    `at` is when the transfer came into its state; its own dates count before it. Raises `insufficient_stock` where a bucket that units
    must leave has too few. A fixed number of queries for any number of lines.
    """
    ends = _ends(transfer, at)
    lines = sorted(lines, key=lambda line: (line.line_no, line.sku_id))
    leaving = {line.pk: change for line in lines if (change := out_target(line, transfer.status) - line.posted_out_qty)}
    steps = [
        step for line in lines for step in steps_of(line, transfer.status, ends.source, ends.destination, reference=transfer.reference)
    ]
    _lock(lines, ends, steps)
    left = _post_with_lots(lines, leaving, steps, ends)
    note_departure(lines, leaving, left)
    _bring_up_to_date(steps)
    TransferLine.objects.bulk_update(lines, FOLLOWED)
    _arrive(transfer, lines, ends)
    _tell(steps)
    _note_variances(transfer, lines, ends)


def _ends(transfer: Transfer, at: datetime) -> Ends:
    facts = warehouse_facts([transfer.from_warehouse_id, transfer.to_warehouse_id])
    source, destination = facts[transfer.from_warehouse_id], facts[transfer.to_warehouse_id]
    return Ends(
        source, destination, _side(source, transfer.shipped_on, at), _side(destination, transfer.received_on, at)
    )  # fmt: skip


def _side(facts: WarehouseFacts, day: object, at: datetime) -> Side:
    """An end at its day, if one was told, else when the state began; never later than now, nor before the ledger."""
    from datetime import date

    moment = facts.instant_of(day) if isinstance(day, date) else at
    early = isinstance(day, date) and facts.is_before_ledger(day)
    return Side(facts.id, facts.is_observed, early, max(min(moment, clock.now()), facts.ledger_starts_at))


def _lock(lines: Sequence[TransferLine], ends: Ends, steps: Sequence[Step]) -> None:
    """Locks everything that lies at both ends, in the ledger's one order: the lots that leave are told by what is there."""
    if not any(step.posting for step in steps):
        return
    buckets = list(Bucket.objects.values_list("slug", flat=True))
    sku_ids = {line.sku_id for line in lines}
    lock_balances([(sku, warehouse, bucket) for sku in sku_ids for warehouse in (ends.source.warehouse_id, ends.destination.warehouse_id)
                   for bucket in buckets])  # fmt: skip


def _post_with_lots(lines: Sequence[TransferLine], leaving: dict[int, int], steps: Sequence[Step], ends: Ends) -> dict[int, Left]:
    """Posts the steps; gives the lots that left the source, by SKU."""
    qty_of: dict[int, int] = {}
    for line in lines:
        if leaving.get(line.pk, 0) > 0:
            qty_of[line.sku_id] = qty_of.get(line.sku_id, 0) + leaving[line.pk]
    counted = not ends.source.is_observed and not ends.source.is_before_ledger
    before = lots_there(qty_of, ends.source.warehouse_id) if qty_of and counted else None
    _post(steps)
    if before is not None:
        return lots_that_left(before, lots_there(qty_of, ends.source.warehouse_id))
    if qty_of and ends.source.is_observed:
        return lots_that_would_leave(qty_of, ends.source.warehouse_id, ends.source.at)
    return {}


def _post(steps: Sequence[Step]) -> None:
    postings = [step.posting for step in steps if step.posting is not None]
    for posting, result in zip(postings, post(postings), strict=True):
        if result.status != PostingStatus.POSTED:
            raise DomainError(
                "insufficient_stock",
                _("Fewer than %(asked_qty)s units are there to be moved out of %(bucket)s. Count or adjust the stock first."),
                path=("lines",),
                params={
                    "asked_qty": posting.qty, "bucket": posting.from_bucket, "sku_id": posting.sku_id, "warehouse_id": posting.warehouse_id,
                },
            )  # fmt: skip


def _bring_up_to_date(steps: Sequence[Step]) -> None:
    for step in steps:
        for column, change in step.columns:
            setattr(step.line, column, getattr(step.line, column) + change)
    for line in {id(step.line): step.line for step in steps}.values():
        line.revision += 1


def _arrive(transfer: Transfer, lines: Sequence[TransferLine], ends: Ends) -> None:
    arrived = {line.pk: qty for line in lines if (qty := arrived_qty(line, transfer.status, ends.destination))}
    if arrived:
        day = transfer.received_on or clock.business_day(ends.destination.at, ends.destination_facts.time_zone)
        note_arrival(transfer, arrived, ends.destination_facts, day=day, makes_lots=not ends.destination.is_before_ledger)


def _tell(steps: Sequence[Step]) -> None:
    posted = [step.posting for step in steps if step.posting is not None]
    emit_stock_changed(((posting.sku_id, posting.warehouse_id) for posting in posted), details={"cause": "transfer"})
    served = [step.posting for step in steps if step.posting is not None and serves_orders(step)]
    if served:
        serve_owed(sku_ids={p.sku_id for p in served}, warehouse_ids={p.warehouse_id for p in served})


def _note_variances(transfer: Transfer, lines: Sequence[TransferLine], ends: Ends) -> None:
    note_variances(
        kind=VarianceKind.TRANSFER,
        reference=transfer.reference,
        warehouse_id=transfer.to_warehouse_id,
        lines=[Told(line.line_no, line.sku_id, line.shipped_qty, line.received_qty) for line in lines],
        is_complete=transfer.status == TransferStatus.RECEIVED and not ends.destination.is_before_ledger,
    )
