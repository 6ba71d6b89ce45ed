"""Units that a person or a warehouse's system books in without a document: receipts as lots with costs, and returns with a grade."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.core import clock
from stockhub.editing.upserts import valid
from stockhub.inventory.bundles import components_of, refuse_bundles
from stockhub.inventory.by_hand import as_given, require_key, require_texts
from stockhub.inventory.lots.costs import require_amount
from stockhub.inventory.lots.receipts import RETURN_BUCKETS, Receipt, UnitCost, receive_lots
from stockhub.inventory.models import Bucket, Grade, Lot, LotCost, MovementKey, MovementKind
from stockhub.inventory.places import warehouse_facts
from stockhub.inventory.posting.postings import MAX_QTY, QUANTITY_RANGE, RESERVED, PostingResult, PostingStatus
from stockhub.inventory.posting.request_keys import claim_request
from stockhub.inventory.transactions import in_transaction
from stockhub.values.errors import DomainError

PERMISSION: Final = "inventory.add_movement"


def record_receipt(receipt: Receipt) -> PostingResult:
    """Books in one lot by hand, with what its units cost. The same key again has no second effect; with other values it is refused.

    In a warehouse that the platform counts only the lot is made: the units are in the platform's own figures. Raises
    `bundle_has_no_stock`, `before_ledger`, `lot_differs` where the lot's code stands for another lot, and what is wrong with a value.
    """
    require(PERMISSION, warehouse_ids=[receipt.warehouse_id])
    refuse_bundles([receipt.sku_id])
    _require_valid(receipt)

    def work() -> PostingResult:
        asked = dataclasses.replace(receipt, occurred_at=None)
        if not claim_request(f"receipt-request:{receipt.idempotency_key}", asked):
            return _posted_before(receipt)
        with as_given():
            [result] = receive_lots([receipt])
        if result.status == PostingStatus.BEFORE_LEDGER:
            raise DomainError("before_ledger", _("The warehouse's ledger starts later than that."), path=("occurred_at",))
        # Only now is the lot locked: another receipt with its code may have been written at the same time. A refusal undoes all of it.
        _require_same_lot(receipt)
        return result

    return in_transaction(work)


def _posted_before(receipt: Receipt) -> PostingResult:
    key = f"receipt:{receipt.idempotency_key}"
    posted = MovementKey.objects.filter(pk=key).values_list("posted_qty", flat=True).first()
    return PostingResult(key, PostingStatus.OBSERVED if posted is None else PostingStatus.DUPLICATE, posted or 0)


def _require_valid(receipt: Receipt) -> None:
    if not 1 <= receipt.qty <= MAX_QTY:
        raise DomainError("invalid_quantity", QUANTITY_RANGE, path=("qty",), params={"qty": receipt.qty, "most": f"{MAX_QTY:,}"})
    if receipt.bucket == RESERVED or not Bucket.objects.filter(pk=receipt.bucket, is_physical=True).exists():
        raise DomainError("invalid_bucket", _("Units are received where they lie: available, inspecting, unsellable …"), path=("bucket",))
    require_texts(reason=receipt.reason, reference=receipt.reference, lot_code=receipt.lot_code)
    require_key(receipt.idempotency_key)
    if receipt.produced_on and receipt.expires_on and receipt.expires_on < receipt.produced_on:
        raise DomainError("invalid_value", _("A lot expires after it was made."), path=("expires_on",))
    if receipt.received_on and receipt.received_on > _today(receipt.warehouse_id):
        raise DomainError("future_time", _("That has not happened yet."), path=("received_on",))
    for index, cost in enumerate(receipt.costs):
        _require_cost(cost, ("costs", str(index)))


def _today(warehouse_id: int) -> date:
    return clock.business_day(clock.now(), warehouse_facts([warehouse_id])[warehouse_id].time_zone)


def _require_cost(cost: UnitCost, path: Sequence[str]) -> None:
    for name in ("unit_amount", "currency"):
        try:
            valid(LotCost(), name, getattr(cost, name))
        except DomainError as error:
            raise error.at(*path, *error.path) from error
    if cost.unit_amount:
        require_amount(cost.unit_amount, path)


def _require_same_lot(receipt: Receipt) -> None:
    """Receipts with one code add up in one lot: they must be units of the same kind, at the same cost."""
    lot = Lot.objects.filter(sku_id=receipt.sku_id, warehouse_id=receipt.warehouse_id, code=receipt.lot_code).first()
    if not receipt.lot_code or lot is None:
        return
    told = {name: getattr(receipt, name) for name in ("received_on", "produced_on", "expires_on", "grade") if getattr(receipt, name)}
    differs = sorted(name for name, value in told.items() if getattr(lot, name) != value)
    costs = {(cost.kind, cost.unit_amount, cost.currency) for cost in receipt.costs}
    if differs or (costs and costs != set(lot.costs.values_list("kind", "unit_amount", "currency"))):
        raise DomainError(
            "lot_differs", _("This code is another lot's: give these units a code of their own."), path=("lot_code",),
            params={"lot_code": receipt.lot_code, "differs": differs or ["costs"]},
        )  # fmt: skip


def record_return(
    *,
    sku_id: int,
    warehouse_id: int,
    qty: int,
    grade: str,
    idempotency_key: str,
    returned_at: datetime | None = None,
    reference: str = "",
    reason: str = "",
) -> list[PostingResult]:
    """Books in what a customer sent back; returned bundles come in as their components, one result for each.

    New and like new units can be sold, damaged and defective ones cannot, and without a grade they are inspected first. Raises as
    `record_receipt` does.
    """
    require(PERMISSION, warehouse_ids=[warehouse_id])
    require_key(idempotency_key)
    if grade and grade not in RETURN_BUCKETS:
        raise DomainError("invalid_grade", _("A grade is new, like_new, damaged or defective, or empty to inspect first."), path=("grade",))
    units = components_of([sku_id]).get(sku_id, [(sku_id, 1)])
    # Of one length, so that no key is the beginning of another's.
    prefix = f"return:{hashlib.sha256(idempotency_key.encode()).hexdigest()[:32]}:"

    def receipts(parts: Sequence[tuple[int, int]]) -> list[Receipt]:
        return [
            Receipt(
                sku_id=part, warehouse_id=warehouse_id, qty=qty * each, idempotency_key=f"{prefix}{part}",
                kind=MovementKind.RETURN, bucket=RETURN_BUCKETS.get(grade, "inspecting"), occurred_at=returned_at,
                grade=Grade(grade) if grade else Grade.LIKE_NEW, reason=reason, reference=reference,
            )
            for part, each in parts
        ]  # fmt: skip

    def work() -> list[PostingResult]:
        if not claim_request(f"return-request:{idempotency_key}", sku_id, warehouse_id, qty, grade, reference, reason):
            # By the key, as a bundle may have got other components since.
            before = MovementKey.objects.filter(key__startswith=f"receipt:{prefix}", posted_qty__gt=0).order_by("key")
            return [PostingResult(row.key, PostingStatus.DUPLICATE, row.posted_qty) for row in before]
        rows = receipts(units)
        for row in rows:
            _require_valid(row)
        with as_given(occurred_at="returned_at"):
            results = receive_lots(rows)
        if any(result.status == PostingStatus.BEFORE_LEDGER for result in results):
            raise DomainError("before_ledger", _("The warehouse's ledger starts later than that."), path=("returned_at",))
        return results

    return in_transaction(work)
