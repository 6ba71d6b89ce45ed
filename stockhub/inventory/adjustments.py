"""Changes of stock that a person decides on: adjustments and moves between buckets."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.core import clock
from stockhub.inventory.allocations import serve_owed
from stockhub.inventory.bundles import refuse_bundles
from stockhub.inventory.by_hand import as_given, require_bucket, require_key, require_reason, require_texts
from stockhub.inventory.models import Balance, MovementKind
from stockhub.inventory.places import require_counted_here, warehouse_facts
from stockhub.inventory.posting.ledger import post
from stockhub.inventory.posting.postings import AVAILABLE, Posting, PostingResult, PostingStatus
from stockhub.inventory.stock_events import emit_stock_changed
from stockhub.inventory.transactions import in_transaction
from stockhub.values.errors import DomainError

PERMISSION = "inventory.add_movement"


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
    a bundle, `invalid_bucket`, `invalid_key`, `reason_required`, `text_too_long` and `idempotency_key_reused`; then nothing has changed.
    """
    require(PERMISSION, warehouse_ids=[warehouse_id])
    require_key(idempotency_key)
    require_reason(reason)
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
    require_reason(reason)
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
                _("Only %(held_qty)s units are there, not %(asked_qty)s."),
                path=("qty",),
                params={"asked_qty": posting.qty, "held_qty": held, "bucket": posting.from_bucket},
            )
        if result.status == PostingStatus.BEFORE_LEDGER:
            raise DomainError("before_ledger", _("The warehouse's ledger starts later than that."), path=("occurred_at",))
        if result.status == PostingStatus.POSTED:
            emit_stock_changed([(posting.sku_id, posting.warehouse_id)], details={"cause": str(posting.kind)})
            if posting.to_bucket == AVAILABLE:
                serve_owed(sku_ids=[posting.sku_id], warehouse_ids=[posting.warehouse_id])
        return result

    return in_transaction(work)
