"""Units that come in: receipts, opening stock and returns. Each makes a lot, from which age and cost are known."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from stockhub.core import clock
from stockhub.inventory.allocations import serve_owed
from stockhub.inventory.bundles import refuse_bundles
from stockhub.inventory.lots.receipt_rows import Came, write_receipts
from stockhub.inventory.models import CostKind, Grade, Lot, LotCost, MovementKind
from stockhub.inventory.places import WarehouseFacts, warehouse_facts
from stockhub.inventory.posting.ledger import post
from stockhub.inventory.posting.postings import AVAILABLE, Posting, PostingResult, PostingStatus
from stockhub.inventory.stock_events import emit_stock_changed
from stockhub.inventory.transactions import in_transaction

#: Characters of a lot's code.
CODE_MAX: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCost:
    """A part of what one unit of a lot cost; `rate_on` is the day whose exchange rate applies, the receipt's if empty."""

    kind: CostKind
    unit_amount: Decimal
    currency: str
    rate_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """`qty` units that came in as one lot. An empty `lot_code` is made from the key; receipts with the same code add up in one lot.

    The age counts from `received_on`; an empty one is the business day of `occurred_at`, and an empty `occurred_at` now, or for opening
    stock the moment when the warehouse's ledger starts. `origin_id` is the lot that the units were in before: in another warehouse of
    ours, or of another SKU.
    """

    sku_id: int
    warehouse_id: int
    qty: int
    idempotency_key: str
    kind: MovementKind = MovementKind.RECEIVE
    bucket: str = AVAILABLE
    occurred_at: datetime | None = None
    received_on: date | None = None
    lot_code: str = ""
    produced_on: date | None = None
    expires_on: date | None = None
    grade: Grade = Grade.NEW
    origin_id: int | None = None
    costs: tuple[UnitCost, ...] = ()
    reason: str = ""
    reference: str = ""


def receive_lots(receipts: Sequence[Receipt]) -> list[PostingResult]:
    """Posts receipts and makes their lots, one result for each. Lines that are owed the stock get it in the same transaction.

    In a warehouse that the platform counts only the lot is made, once for each code: the units are in the platform's own figures. Raises
    `bundle_has_no_stock` for a bundle. A fixed number of queries.
    """
    refuse_bundles([receipt.sku_id for receipt in receipts])
    return in_transaction(lambda: _receive(receipts)) if receipts else []


def _receive(receipts: Sequence[Receipt]) -> list[PostingResult]:
    facts = warehouse_facts({receipt.warehouse_id for receipt in receipts})
    counted = [receipt for receipt in receipts if not facts[receipt.warehouse_id].is_observed]
    posted = iter(post([_posting(receipt, facts[receipt.warehouse_id]) for receipt in counted]))
    outcome = [
        PostingResult(receipt.idempotency_key, PostingStatus.OBSERVED, 0) if facts[receipt.warehouse_id].is_observed else next(posted)
        for receipt in receipts
    ]
    arrived = [receipt for receipt, result in zip(receipts, outcome, strict=True) if result.status == PostingStatus.POSTED]
    seen = [receipt for receipt in receipts if facts[receipt.warehouse_id].is_observed]
    add_lots([*arrived, *seen], facts, once={receipt.idempotency_key for receipt in seen})
    pairs = {(receipt.sku_id, receipt.warehouse_id) for receipt in arrived}
    emit_stock_changed(pairs)
    if any(receipt.bucket == AVAILABLE for receipt in arrived):
        serve_owed(sku_ids={sku_id for sku_id, _w in pairs}, warehouse_ids={warehouse_id for _s, warehouse_id in pairs})
    return outcome


def _posting(receipt: Receipt, place: WarehouseFacts) -> Posting:
    return Posting(
        sku_id=receipt.sku_id,
        warehouse_id=receipt.warehouse_id,
        from_bucket=None,
        to_bucket=receipt.bucket,
        qty=receipt.qty,
        kind=receipt.kind,
        key=f"receipt:{receipt.idempotency_key}",
        occurred_at=_occurred_at(receipt, place),
        reason=receipt.reason,
        reference=receipt.reference,
    )


def _occurred_at(receipt: Receipt, place: WarehouseFacts) -> datetime:
    """Opening stock is what the ledger starts with, however old the count is."""
    if receipt.kind == MovementKind.OPENING:
        return max(receipt.occurred_at or place.ledger_starts_at, place.ledger_starts_at)
    return receipt.occurred_at or clock.now()


def _received_on(receipt: Receipt, place: WarehouseFacts) -> date:
    return receipt.received_on or clock.business_day(_occurred_at(receipt, place), place.time_zone)


def add_lots(receipts: Sequence[Receipt], facts: Mapping[int, WarehouseFacts], *, once: Collection[str] = ()) -> None:
    """Makes lots without posting; units of a code that is there already are added to it, unless its receipt's key is in `once`.

    Called after the units were posted, in the same transaction. Each receipt is written down with what lay there before it.
    """
    write_receipts(grow_lots(receipts, facts, once=once), facts)


def grow_lots(
    receipts: Sequence[Receipt],
    facts: Mapping[int, WarehouseFacts],
    *,
    once: Collection[str] = (),
    unbacked: Mapping[str, int] | None = None,
) -> list[Came]:
    """What `add_lots` makes, and what is to be written down of it. `unbacked` are units, by a receipt's key, that were not posted."""
    if not receipts:
        return []
    unbacked = unbacked or {}
    known = {
        (lot.sku_id, lot.warehouse_id, lot.code): lot
        for lot in Lot.objects.select_for_update()
        .filter(sku_id__in={receipt.sku_id for receipt in receipts}, code__in={lot_code_of(receipt) for receipt in receipts})
        .order_by("id")
    }
    made: list[Lot] = []
    grown: list[Lot] = []
    costs: list[LotCost] = []
    came: list[Came] = []
    for receipt in receipts:
        key = (receipt.sku_id, receipt.warehouse_id, lot_code_of(receipt))
        missing = unbacked.get(receipt.idempotency_key, 0)
        lot = known.get(key)
        if lot is None:
            lot = known[key] = _new_lot(receipt, facts[receipt.warehouse_id])
            made.append(lot)
            costs += [cost_row(lot, cost) for cost in receipt.costs]
        elif receipt.idempotency_key in once:
            continue
        else:
            lot.received_qty += receipt.qty
            lot.remaining_qty += receipt.qty - missing
            if lot.pk is not None:
                grown.append(lot)
        if receipt.qty > 0:
            at = _occurred_at(receipt, facts[receipt.warehouse_id])
            came.append(Came(lot=lot, bucket=receipt.bucket, qty=receipt.qty, occurred_at=at, unbacked_qty=missing))
    Lot.objects.bulk_create(made)
    Lot.objects.bulk_update(grown, ["received_qty", "remaining_qty"])
    LotCost.objects.bulk_create(costs)
    return came


def lot_code_of(receipt: Receipt) -> str:
    """The code of the lot that a receipt makes: its own or its key's."""
    return shortened(receipt.lot_code or receipt.idempotency_key, CODE_MAX)


def shortened(name: str, most: int) -> str:
    """What a column cannot hold ends in a digest, so that two long names which begin alike are two."""
    if len(name) <= most:
        return name
    digest = hashlib.blake2b(name.encode(), digest_size=8).hexdigest()
    return f"{name[: most - len(digest) - 1]}~{digest}"


def _new_lot(receipt: Receipt, place: WarehouseFacts) -> Lot:
    return Lot(
        sku_id=receipt.sku_id,
        warehouse_id=receipt.warehouse_id,
        code=lot_code_of(receipt),
        received_on=_received_on(receipt, place),
        produced_on=receipt.produced_on,
        expires_on=receipt.expires_on,
        grade=receipt.grade,
        origin_id=receipt.origin_id,
        received_qty=receipt.qty,
        remaining_qty=receipt.qty,
        settled_at=clock.now(),
        recorded_at=clock.now(),
        reference=receipt.reference[:120],
    )


def cost_row(lot: Lot, cost: UnitCost) -> LotCost:
    """A part of a lot's cost, not saved."""
    return LotCost(
        lot=lot, kind=cost.kind, unit_amount=cost.unit_amount, currency=cost.currency, rate_on=cost.rate_on or lot.received_on,
        recorded_at=clock.now(),
    )  # fmt: skip


def receive_lot(receipt: Receipt) -> PostingResult:
    """One receipt."""
    return receive_lots([receipt])[0]


#: Where returned units go by their grade; without one they are inspected first.
RETURN_BUCKETS: Mapping[str, str] = {
    Grade.NEW: AVAILABLE,
    Grade.LIKE_NEW: AVAILABLE,
    Grade.DAMAGED: "unsellable",
    Grade.DEFECTIVE: "unsellable",
}


def receive_return(
    *,
    sku_id: int,
    warehouse_id: int,
    qty: int,
    grade: str,
    idempotency_key: str,
    returned_at: datetime,
    reference: str = "",
    reason: str = "",
) -> PostingResult:
    """Units that came back, as a new lot. New and like new ones can be sold, damaged ones cannot, ungraded ones are inspected first."""
    return receive_lot(
        Receipt(
            sku_id=sku_id,
            warehouse_id=warehouse_id,
            qty=qty,
            idempotency_key=idempotency_key,
            kind=MovementKind.RETURN,
            bucket=RETURN_BUCKETS.get(grade, "inspecting"),
            occurred_at=returned_at,
            grade=Grade(grade) if grade else Grade.LIKE_NEW,
            reason=reason,
            reference=reference,
        )
    )
