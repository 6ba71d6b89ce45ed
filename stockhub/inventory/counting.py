"""Stock counts: what a person found on a shelf, taken over as the difference to what the book said at that time (H6)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.catalog.models import Sku
from stockhub.core import clock
from stockhub.inventory.adjustments import PERMISSION
from stockhub.inventory.allocations import serve_owed
from stockhub.inventory.bundles import refuse_bundles
from stockhub.inventory.by_hand import require_happened, require_key, require_texts
from stockhub.inventory.disputes import judge_counts
from stockhub.inventory.models import Balance, Bucket, Movement, MovementKey, MovementKind
from stockhub.inventory.places import require_counted_here, warehouse_facts
from stockhub.inventory.posting import balance_rows
from stockhub.inventory.posting.ledger import post
from stockhub.inventory.posting.postings import AVAILABLE, MAX_AHEAD, MAX_QTY, RESERVED, Posting, PostingStatus
from stockhub.inventory.posting.request_keys import claim_request
from stockhub.inventory.stock_events import emit_stock_changed
from stockhub.inventory.transactions import in_transaction
from stockhub.outbox.services import emit_event
from stockhub.values.errors import DomainError

#: A SKU's id and the bucket that was counted; None is the shelf that sales come from.
Cell = tuple[int, str | None]

#: What lies on that shelf: nobody can see which of its units an order holds.
_SHELF: Final = (AVAILABLE, RESERVED)
#: A longer key of a count stands in the keys of its movements as a digest.
_COUNT_KEY_MAX: Final = 130


@dataclass(frozen=True, slots=True)
class CountedStock:
    """The book said `book_qty` when `counted_qty` were counted; `posted_qty` of the difference was posted, negative for missing units.

    `bucket` is None where the shelf was counted: what is available and what is reserved, together.
    """

    sku_id: int
    bucket: str | None
    book_qty: int
    counted_qty: int
    posted_qty: int

    @property
    def buckets(self) -> tuple[str, ...]:
        """The buckets that the count covers."""
        return _buckets(self.bucket)

    @property
    def unposted_qty(self) -> int:
        """Missing units that could not be taken, as a number from 0 on: orders hold them, or the book says that they left since."""
        return self.book_qty - self.counted_qty + self.posted_qty


def count_stock(
    *,
    warehouse_id: int,
    counts: Mapping[Cell, int],
    idempotency_key: str,
    counted_at: datetime | None = None,
    reason: str = "",
) -> list[CountedStock]:
    """Takes over a stock count: posts the difference between what was counted and what the book said at that time (H6).

    `counts` is by (SKU id, bucket). Without a bucket it is the shelf: available and reserved units together, whose difference changes
    `available`, because what orders hold follows orders alone. Movements since the count stand: the difference is added to them. Missing
    units that orders hold or that have left since cannot be taken, so that `posted_qty` may be smaller than the difference: that is a
    dispute. So is a count that is too far from its book, until a second count agrees (`disputes`).

    Raises `bucket_not_countable`, `counted_twice`, `invalid_quantity`, `bundle_has_no_stock`, `warehouse_is_observed`, `before_ledger`,
    `in_the_future`, `invalid_key`, `text_too_long` and `idempotency_key_reused`; then nothing has changed. The path of what is wrong with
    one count is `counts` and its place.
    """
    require(PERMISSION, warehouse_ids=[warehouse_id])
    require_counted_here(warehouse_facts([warehouse_id])[warehouse_id])
    _require_countable(counts)
    require_key(idempotency_key)
    require_texts(reason=reason)
    at = counted_at or clock.now()
    require_happened(at, field="counted_at")
    return in_transaction(lambda: _count(warehouse_id, _in_order(counts), idempotency_key, at, reason))


def note_counts(*, warehouse_id: int, counts: Mapping[int, int], counted_at: datetime, source: str) -> int:
    """What a warehouse itself says that lies on its shelf, by SKU: kept as a count that changes nothing (D23, H82).

    The book stays ours: the daily difference tells both, and a person posts what is right with a count. Told again, it is there once; the
    number of counts that are new. Raises `invalid_quantity`, `bundle_has_no_stock`, `warehouse_is_observed` and `in_the_future`.
    """
    require(PERMISSION, warehouse_ids=[warehouse_id])
    require_counted_here(warehouse_facts([warehouse_id])[warehouse_id])
    cells: dict[Cell, int] = {(sku_id, None): qty for sku_id, qty in sorted(counts.items())}
    _require_countable(cells)
    require_happened(counted_at, field="counted_at")

    def note() -> int:
        fresh = {
            cell: qty for cell, qty in cells.items()
            if claim_request(f"noted:{warehouse_id}:{cell[0]}:{counted_at.isoformat()}:{source}"[:190], qty)
        }  # fmt: skip
        if fresh:
            book = _book_at(warehouse_id, fresh, counted_at)
            rows = [[sku_id, bucket, book[sku_id, bucket], qty, 0] for (sku_id, bucket), qty in fresh.items()]
            emit_event(
                "inventory.stock_counted.v1", entity="catalog.warehouse", entity_id=warehouse_id,
                payload={"rows": rows, "source": source}, occurred_at=counted_at,
            )  # fmt: skip
        return len(fresh)

    return in_transaction(note)


def _require_countable(counts: Mapping[Cell, int]) -> None:
    physical = set(Bucket.objects.filter(is_physical=True).values_list("slug", flat=True))
    seen: set[tuple[int, str]] = set()
    for index, ((sku_id, bucket), qty) in enumerate(counts.items()):
        path = ("counts", str(index))
        if bucket == RESERVED:
            message = _("Reserved units lie on the shelf with those available: count them together, without a bucket.")
            raise DomainError("bucket_not_countable", message, path=(*path, "bucket"), params={"bucket": bucket})
        if bucket is not None and bucket not in physical:
            message = _("Only stock that lies in the warehouse can be counted.")
            raise DomainError("bucket_not_countable", message, path=(*path, "bucket"), params={"bucket": bucket[:40]})
        if not 0 <= qty <= MAX_QTY:
            message = _("A count is a whole number from 0 to %(max_qty)s.")
            raise DomainError("invalid_quantity", message, path=(*path, "qty"), params={"max_qty": f"{MAX_QTY:,}"})
        cells = {(sku_id, each) for each in _buckets(bucket)}
        if seen & cells:
            message = _("The shelf holds what is available: count a SKU there either with the bucket or without, not both.")
            raise DomainError("counted_twice", message, path=path)
        seen |= cells
    skus = [sku_id for sku_id, _bucket in counts]
    bundle = Sku.objects.filter(id__in=set(skus), is_bundle=True).values_list("id", flat=True).first()
    if bundle is not None:
        refuse_bundles([bundle], path=("counts", str(skus.index(bundle)), "sku"))


def _buckets(bucket: str | None) -> tuple[str, ...]:
    return _SHELF if bucket is None else (bucket,)


def _in_order(counts: Mapping[Cell, int]) -> dict[Cell, int]:
    return dict(sorted(counts.items(), key=lambda count: (count[0][0], count[0][1] or "")))


def _count(warehouse_id: int, counts: dict[Cell, int], key: str, at: datetime, reason: str) -> list[CountedStock]:
    if not claim_request(f"count:{key}", warehouse_id, list(counts.items())):
        return _counted_before(key, counts)
    book = _book_at(warehouse_id, counts, at)
    steps = {cell: _count_step(warehouse_id, cell, qty - book[cell], key, at, reason) for cell, qty in counts.items() if qty != book[cell]}
    posted = dict(zip(steps, post(list(steps.values())), strict=True))
    early = [cell for cell, result in posted.items() if result.status == PostingStatus.BEFORE_LEDGER]
    if early:
        raise DomainError("before_ledger", _("The warehouse's ledger starts later than the count."), path=("counted_at",))
    signed = {cell: result.qty if steps[cell].from_bucket is None else -result.qty for cell, result in posted.items()}
    told = [CountedStock(*cell, book[cell], qty, signed.get(cell, 0)) for cell, qty in counts.items()]
    emit_event(
        "inventory.stock_counted.v1",
        entity="catalog.warehouse",
        entity_id=warehouse_id,
        payload={"rows": [[row.sku_id, row.bucket, row.book_qty, row.counted_qty, row.posted_qty] for row in told]},
        occurred_at=at,
    )
    emit_stock_changed(((sku_id, warehouse_id) for sku_id, _bucket in steps), details={"cause": str(MovementKind.COUNT)})
    judge_counts(warehouse_id, told, at)
    more = {cell[0] for cell, qty in signed.items() if steps[cell].to_bucket == AVAILABLE and qty > 0}
    if more:
        serve_owed(sku_ids=more, warehouse_ids=[warehouse_id])
    return told


def _count_key(key: str, cell: Cell, *, more: bool) -> str:
    # The column holds 200 characters, and the cell takes some of them.
    named = key if len(key) <= _COUNT_KEY_MAX else hashlib.sha256(key.encode()).hexdigest()
    return f"count:{named}:{cell[0]}:{cell[1] or AVAILABLE}:{'more' if more else 'less'}"


def _count_step(warehouse_id: int, cell: Cell, difference: int, key: str, at: datetime, reason: str) -> Posting:
    more = difference > 0
    bucket = cell[1] or AVAILABLE
    return Posting(
        sku_id=cell[0], warehouse_id=warehouse_id, from_bucket=None if more else bucket, to_bucket=bucket if more else None,
        qty=abs(difference), kind=MovementKind.COUNT, key=_count_key(key, cell, more=more), occurred_at=at, reason=reason,
        reference=f"count:{key}"[:120], partial=True,
    )  # fmt: skip


def _book_at(warehouse_id: int, counts: Mapping[Cell, int], at: datetime) -> dict[Cell, int]:
    """What each counted bucket held at an instant: its balance, locked, less what has moved since. A shelf is the sum of its buckets."""
    counted = {(cell[0], bucket): cell for cell in counts for bucket in _buckets(cell[1])}
    sku_ids = {sku_id for sku_id, _bucket in counts}
    book = dict.fromkeys(counts, 0)
    balance_rows.claim((sku_id, warehouse_id, bucket) for sku_id, bucket in counted)
    rows = Balance.objects.filter(warehouse_id=warehouse_id, sku_id__in=sku_ids)
    for sku_id, bucket, qty in rows.values_list("sku_id", "bucket_id", "qty"):
        if (sku_id, bucket) in counted:
            book[counted[sku_id, bucket]] += qty
    # Nothing happened more than a day after it was recorded: older months are left out.
    since = Movement.objects.filter(warehouse_id=warehouse_id, sku_id__in=sku_ids, occurred_at__gt=at, recorded_at__gt=at - MAX_AHEAD)
    for sku_id, source, target, qty in since.values_list("sku_id", "from_bucket_id", "to_bucket_id").annotate(Sum("qty")):
        if (sku_id, source) in counted:
            book[counted[sku_id, source]] += qty
        if (sku_id, target) in counted:
            book[counted[sku_id, target]] -= qty
    return book


def _counted_before(key: str, counts: Mapping[Cell, int]) -> list[CountedStock]:
    """The result of the same count when it was first taken over."""
    keys = {_count_key(key, cell, more=more): (cell, 1 if more else -1) for cell in counts for more in (True, False)}
    posted = dict.fromkeys(counts, 0)
    for its_key, qty in MovementKey.objects.filter(key__in=keys).values_list("key", "posted_qty"):
        cell, sign = keys[its_key]
        posted[cell] = sign * qty
    return [CountedStock(*cell, qty - posted[cell], qty, posted[cell]) for cell, qty in counts.items()]
