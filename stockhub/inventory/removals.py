"""Stock that leaves for good or for another place by somebody's decision: removals to the owner and disposals."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.catalog.models import Sku, Warehouse
from stockhub.core import clock
from stockhub.inventory.adjustments import post_by_hand
from stockhub.inventory.bundles import refuse_bundles
from stockhub.inventory.by_hand import require_key, require_reason, require_texts
from stockhub.inventory.models import Bucket, MovementKind, Transfer, TransferStatus
from stockhub.inventory.posting.postings import RESERVED, Posting, PostingResult
from stockhub.inventory.posting.request_keys import claim_request
from stockhub.inventory.transactions import in_transaction
from stockhub.inventory.transfers.documents import upsert_transfer
from stockhub.inventory.transfers.inputs import TransferInput, TransferLineInput
from stockhub.values.errors import DomainError

PERMISSION: Final = "inventory.add_movement"


def remove_stock(
    *,
    sku_id: int,
    warehouse_id: int,
    bucket: str,
    qty: int,
    reason: str,
    idempotency_key: str,
    occurred_at: datetime | None = None,
    reference: str = "",
) -> PostingResult:
    """Units go back to their owner and are ours to sell no more. Raises as `adjust` does, and `invalid_bucket`."""
    return _take_out(MovementKind.REMOVE, sku_id, warehouse_id, bucket, qty, reason, idempotency_key, occurred_at, reference)


def dispose_stock(
    *,
    sku_id: int,
    warehouse_id: int,
    bucket: str,
    qty: int,
    reason: str,
    idempotency_key: str,
    occurred_at: datetime | None = None,
    reference: str = "",
) -> PostingResult:
    """Units are destroyed. Raises as `adjust` does, and `invalid_bucket`."""
    return _take_out(MovementKind.DISPOSE, sku_id, warehouse_id, bucket, qty, reason, idempotency_key, occurred_at, reference)


def _take_out(
    kind: MovementKind, sku_id: int, warehouse_id: int, bucket: str, qty: int, reason: str, key: str, at: datetime | None, reference: str
) -> PostingResult:
    require(PERMISSION, warehouse_ids=[warehouse_id])
    require_key(key)
    require_reason(reason)
    _require_removable(bucket)
    return post_by_hand(
        Posting(
            sku_id=sku_id, warehouse_id=warehouse_id, from_bucket=bucket, to_bucket=None, qty=qty, kind=kind, key=f"{kind}:{key}",
            occurred_at=at or clock.now(), reason=reason, reference=reference,
        )
    )  # fmt: skip


def _require_removable(bucket: str) -> None:
    """What lies there and belongs to no order: reserved units are released first, and supply on its way is cancelled."""
    if bucket == RESERVED or not Bucket.objects.filter(pk=bucket, is_physical=True).exists():
        raise DomainError(
            "invalid_bucket", _("Only units that lie in the warehouse and that no order holds can be removed."), path=("bucket",),
            params={"bucket": bucket[:40]},
        )  # fmt: skip


def remove_stock_to(
    *,
    sku_id: int,
    warehouse_id: int,
    to_warehouse_id: int,
    bucket: str,
    qty: int,
    reason: str,
    idempotency_key: str,
    occurred_at: datetime | None = None,
) -> Transfer:
    """Units go to another warehouse of ours: a transfer that has left, with all that follows from one.

    A platform's warehouse may be the source: what it sends back is in transit to us, and its own figures lack it. Raises as
    `upsert_transfer` does, and `bundle_has_no_stock`; the same key with other values is refused.
    """
    require(PERMISSION, warehouse_ids=[warehouse_id, to_warehouse_id])
    require_key(idempotency_key)
    require_reason(reason)
    require_texts(reason=reason)
    refuse_bundles([sku_id])
    code = f"RM-{hashlib.sha256(idempotency_key.encode()).hexdigest()[:16]}"
    codes = dict(Warehouse.objects.filter(pk__in=[warehouse_id, to_warehouse_id]).values_list("pk", "code"))
    line = TransferLineInput(sku=Sku.objects.get(pk=sku_id).code, shipped_qty=qty, bucket=bucket)

    def work() -> Transfer:
        if not claim_request(f"remove-to:{idempotency_key}", sku_id, warehouse_id, to_warehouse_id, bucket, qty, reason):
            return Transfer.objects.get(code=code)
        return upsert_transfer(
            TransferInput(
                code=code, from_warehouse=codes.get(warehouse_id, ""), to_warehouse=codes.get(to_warehouse_id, ""),
                status=TransferStatus.IN_TRANSIT, lines=[line], occurred_at=occurred_at,
            )
        )  # fmt: skip

    return in_transaction(work)
