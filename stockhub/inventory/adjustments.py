"""Changes of stock that a person decides on: adjustments, moves between buckets, stock counts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Sum

from stockhub.access.scopes import require
from stockhub.core import clock
from stockhub.inventory.allocations import serve_owed
from stockhub.inventory.bundles import refuse_bundles
from stockhub.inventory.by_hand import as_given, require_bucket, require_happened, require_key, require_texts
from stockhub.inventory.disputes import judge_counts
from stockhub.inventory.models import Balance, Bucket, Movement, MovementKey, MovementKind
from stockhub.inventory.places import require_counted_here, warehouse_facts
from stockhub.inventory.posting import balance_rows
from stockhub.inventory.posting.ledger import post
from stockhub.inventory.posting.postings import AVAILABLE, MAX_AHEAD, MAX_QTY, Posting, PostingResult, PostingStatus
from stockhub.inventory.posting.request_keys import claim_request
from stockhub.inventory.stock_events import emit_stock_changed
from stockhub.inventory.transactions import in_transaction
from stockhub.outbox.services import emit_event
from stockhub.values.errors import DomainError

PERMISSION = "inventory.add_movement"
#: A longer key of a count stands in the keys of its movements as a digest.
_COUNT_KEY_MAX: Final = 130


def adjust(
    *,
    sku_id: int,
    warehouse_id: int,
    bucket: str,
    delta_qty: int,
    reason: str,
    idempotency_key: str,
    occurred_at: datetime | None = None,
    reference: str = "",
) -> PostingResult:
    """Adds units to a bucket, or takes them away where `delta_qty` is negative.

    Raises `insufficient_stock` where fewer are there, `before_ledger` where it happened before the ledger starts, `bundle_has_no_stock` for
    a bundle, `invalid_bucket`, `invalid_key`, `text_too_long` and `idempotency_key_reused`; then nothing has changed.
    """
    require(PERMISSION, warehouse_ids=[warehouse_id])
    require_key(idempotency_key)
    require_bucket(bucket)
    source, target = (None, bucket) if delta_qty > 0 else (bucket, None)
    return post_by_hand(
        Posting(
            sku_id=sku_id, warehouse_id=warehouse_id, from_bucket=source, to_bucket=target, qty=abs(delta_qty), kind=MovementKind.ADJUST,
            key=f"adjust:{idempotency_key}", occurred_at=occurred_at or clock.now(), reason=reason, reference=reference,
        )
    )  # fmt: skip


def move_stock(
    *,
    sku_id: int,
    warehouse_id: int,
    from_bucket: str,
    to_bucket: str,
    qty: int,
    reason: str,
    idempotency_key: str,
    occurred_at: datetime | None = None,
    reference: str = "",
) -> PostingResult:
    """Moves units between two buckets of one warehouse, such as from inspecting to available. Raises as `adjust` does."""
    require(PERMISSION, warehouse_ids=[warehouse_id])
    require_key(idempotency_key)
    require_bucket(from_bucket, field="from_bucket")
    require_bucket(to_bucket, field="to_bucket")
    return post_by_hand(
        Posting(
            sku_id=sku_id, warehouse_id=warehouse_id, from_bucket=from_bucket, to_bucket=to_bucket, qty=qty, kind=MovementKind.MOVE,
            key=f"move:{idempotency_key}", occurred_at=occurred_at or clock.now(), reason=reason, reference=reference,
        )
    )  # fmt: skip


def post_by_hand(posting: Posting) -> PostingResult:
    """One posting that a person decided on, in a warehouse that we count, of a SKU with stock of its own; serves owed orders.

    The caller has checked what the person may do. Raises as `adjust` does.
    """
    refuse_bundles([posting.sku_id])
    require_texts(reason=posting.reason, reference=posting.reference)
    require_counted_here(warehouse_facts([posting.warehouse_id])[posting.warehouse_id])

    def work() -> PostingResult:
        with as_given():
            result = post([posting])[0]
        if result.status == PostingStatus.INSUFFICIENT:
            there = Balance.objects.filter(
                sku_id=posting.sku_id, warehouse_id=posting.warehouse_id, bucket_id=posting.from_bucket
            ).values_list("qty", flat=True)
            held = next(iter(there), 0)
            raise DomainError(
                "insufficient_stock",
                f"Only {held} units are there, not {posting.qty}.",
                path=("qty",),
                params={"asked_qty": posting.qty, "held_qty": held, "bucket": posting.from_bucket},
            )
        if result.status == PostingStatus.BEFORE_LEDGER:
            raise DomainError("before_ledger", "The warehouse's ledger starts later than that.", path=("occurred_at",))
        if result.status == PostingStatus.POSTED:
            emit_stock_changed([(posting.sku_id, posting.warehouse_id)], details={"cause": str(posting.kind)})
            if posting.to_bucket == AVAILABLE:
                serve_owed(sku_ids=[posting.sku_id], warehouse_ids=[posting.warehouse_id])
        return result

    return in_transaction(work)


@dataclass(frozen=True, slots=True)
class CountedStock:
    """The book said `book_qty` when `counted_qty` were counted; `posted_qty` of the difference was posted, negative for missing units."""

    sku_id: int
    bucket: str
    book_qty: int
    counted_qty: int
    posted_qty: int


def count_stock(
    *,
    warehouse_id: int,
    counts: Mapping[tuple[int, str], int],
    idempotency_key: str,
    counted_at: datetime | None = None,
    reason: str = "",
) -> list[CountedStock]:
    """Takes over a stock count: posts the difference between what was counted and what the book said at that time (H6).

    `counts` is by (SKU id, bucket). Movements since the count stand: the difference is added to them. Missing units that have left since
    cannot be taken again, so that `posted_qty` may be smaller than the difference. A SKU whose count is too far from its book is disputed,
    one whose second count agrees no longer (`disputes`).
    """
    require(PERMISSION, warehouse_ids=[warehouse_id])
    require_counted_here(warehouse_facts([warehouse_id])[warehouse_id])
    physical = set(Bucket.objects.filter(is_physical=True).values_list("slug", flat=True))
    for (sku_id, bucket), qty in counts.items():
        if bucket not in physical:
            message = "Only stock that lies in the warehouse can be counted."
            raise DomainError("bucket_not_countable", message, path=("counts", f"{sku_id}:{bucket}"), params={"bucket": bucket})
        if not 0 <= qty <= MAX_QTY:
            message = f"A count is a whole number from 0 to {MAX_QTY:,}."
            raise DomainError("invalid_quantity", message, path=("counts", f"{sku_id}:{bucket}"))
    refuse_bundles([sku_id for sku_id, _bucket in counts], path=("counts",))
    require_key(idempotency_key)
    require_texts(reason=reason)
    at = counted_at or clock.now()
    require_happened(at, field="counted_at")
    return in_transaction(lambda: _count(warehouse_id, dict(sorted(counts.items())), idempotency_key, at, reason))


def _count(warehouse_id: int, counts: dict[tuple[int, str], int], key: str, at: datetime, reason: str) -> list[CountedStock]:
    if not claim_request(f"count:{key}", warehouse_id, sorted(counts.items())):
        return _counted_before(key, counts)
    book = _book_at(warehouse_id, counts, at)
    steps = {cell: _count_step(warehouse_id, cell, qty - book[cell], key, at, reason) for cell, qty in counts.items() if qty != book[cell]}
    posted = dict(zip(steps, post(list(steps.values())), strict=True))
    early = [cell for cell, result in posted.items() if result.status == PostingStatus.BEFORE_LEDGER]
    if early:
        raise DomainError("before_ledger", "The warehouse's ledger starts later than the count.", path=("counted_at",))
    signed = {cell: result.qty if steps[cell].from_bucket is None else -result.qty for cell, result in posted.items()}
    told = [
        CountedStock(sku_id, bucket, book[sku_id, bucket], qty, signed.get((sku_id, bucket), 0)) for (sku_id, bucket), qty in counts.items()
    ]
    emit_event(
        "inventory.stock_counted.v1",
        entity="catalog.warehouse",
        entity_id=warehouse_id,
        payload={"rows": [[row.sku_id, row.bucket, row.book_qty, row.counted_qty, row.posted_qty] for row in told]},
        occurred_at=at,
    )
    emit_stock_changed(((sku_id, warehouse_id) for sku_id, _bucket in steps), details={"cause": str(MovementKind.COUNT)})
    judge_counts(warehouse_id, told, at)
    more = {sku_id for (sku_id, bucket), qty in signed.items() if bucket == AVAILABLE and qty > 0}
    if more:
        serve_owed(sku_ids=more, warehouse_ids=[warehouse_id])
    return told


def _count_key(key: str, cell: tuple[int, str], *, more: bool) -> str:
    # The column holds 200 characters, and the cell takes some of them.
    named = key if len(key) <= _COUNT_KEY_MAX else hashlib.sha256(key.encode()).hexdigest()
    return f"count:{named}:{cell[0]}:{cell[1]}:{'more' if more else 'less'}"


def _count_step(warehouse_id: int, cell: tuple[int, str], difference: int, key: str, at: datetime, reason: str) -> Posting:
    more = difference > 0
    return Posting(
        sku_id=cell[0], warehouse_id=warehouse_id, from_bucket=None if more else cell[1], to_bucket=cell[1] if more else None,
        qty=abs(difference), kind=MovementKind.COUNT, key=_count_key(key, cell, more=more), occurred_at=at, reason=reason,
        reference=f"count:{key}"[:120], partial=True,
    )  # fmt: skip


def _book_at(warehouse_id: int, counts: Mapping[tuple[int, str], int], at: datetime) -> dict[tuple[int, str], int]:
    """What each counted bucket held at an instant: its balance, locked, less what has moved since."""
    sku_ids = {sku_id for sku_id, _bucket in counts}
    book = dict.fromkeys(counts, 0)
    balance_rows.claim((sku_id, warehouse_id, bucket) for sku_id, bucket in counts)
    rows = Balance.objects.filter(warehouse_id=warehouse_id, sku_id__in=sku_ids)
    for sku_id, bucket, qty in rows.values_list("sku_id", "bucket_id", "qty"):
        if (sku_id, bucket) in book:
            book[sku_id, bucket] = qty
    # Nothing happened more than a day after it was recorded: older months are left out.
    since = Movement.objects.filter(warehouse_id=warehouse_id, sku_id__in=sku_ids, occurred_at__gt=at, recorded_at__gt=at - MAX_AHEAD)
    for sku_id, source, target, qty in since.values_list("sku_id", "from_bucket_id", "to_bucket_id").annotate(Sum("qty")):
        if (sku_id, source) in book:
            book[sku_id, source] += qty
        if (sku_id, target) in book:
            book[sku_id, target] -= qty
    return book


def _counted_before(key: str, counts: Mapping[tuple[int, str], int]) -> list[CountedStock]:
    """The result of the same count when it was first taken over."""
    keys = {_count_key(key, cell, more=more): (cell, 1 if more else -1) for cell in counts for more in (True, False)}
    posted = dict.fromkeys(counts, 0)
    for its_key, qty in MovementKey.objects.filter(key__in=keys).values_list("key", "posted_qty"):
        cell, sign = keys[its_key]
        posted[cell] = sign * qty
    return [CountedStock(cell[0], cell[1], qty - posted[cell], qty, posted[cell]) for cell, qty in counts.items()]
