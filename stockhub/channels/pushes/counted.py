"""What shelves should hold by their last stock counts: what was counted, and what has moved since."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, Sum

from stockhub.inventory.models import Balance, Movement
from stockhub.outbox.models import Event

#: A count that is older says little of today.
KEPT: Final = timedelta(days=60)
_SHELF: Final = ("available", "reserved")


@dataclass(frozen=True, slots=True)
class Shelf:
    """`book_qty` and `counted_qty` are of the buckets that were counted, both as of now."""

    sku_id: int
    warehouse_id: int
    buckets: tuple[str, ...]
    book_qty: int
    counted_qty: int
    counted_at: datetime


def counted_shelves(at: datetime) -> list[Shelf]:
    """The last count of the shelf of each SKU and warehouse in the last sixty days, brought up to now. Some queries a count."""
    last: dict[tuple[int, int], tuple[datetime, tuple[str, ...], int]] = {}
    events = Event.objects.filter(kind="inventory.stock_counted.v1", occurred_at__gt=at - KEPT, occurred_at__lte=at)
    buckets: tuple[str, ...]
    for warehouse_id, counted_at, payload in events.order_by("occurred_at", "id").values_list("entity_id", "occurred_at", "payload"):
        for sku_id, bucket, _book, counted, _posted in payload["rows"]:
            if warehouse_id is not None and bucket in (None, "available"):
                buckets = _SHELF if bucket is None else ("available",)
                last[sku_id, warehouse_id] = (counted_at, buckets, counted)
    together: dict[tuple[int, datetime, tuple[str, ...]], dict[int, int]] = defaultdict(dict)
    for (sku_id, warehouse_id), (counted_at, buckets, counted) in last.items():
        together[warehouse_id, counted_at, buckets][sku_id] = counted
    return [shelf for key, counted in sorted(together.items()) for shelf in _brought_up(*key, counted)]


def _brought_up(warehouse_id: int, counted_at: datetime, buckets: tuple[str, ...], counted: dict[int, int]) -> list[Shelf]:
    moved: dict[int, int] = dict.fromkeys(counted, 0)
    since = Movement.objects.filter(warehouse_id=warehouse_id, sku_id__any_of=sorted(counted), occurred_at__gt=counted_at)
    enters, leaves = Q(to_bucket__in=buckets), Q(from_bucket__in=buckets)
    sums = (
        since.filter(enters | leaves).order_by().values("sku_id").annotate(come=Sum("qty", filter=enters), gone=Sum("qty", filter=leaves))
    )
    for row in sums:
        moved[row["sku_id"]] = (row["come"] or 0) - (row["gone"] or 0)
    book: dict[int, int] = dict.fromkeys(counted, 0)
    balances = Balance.objects.filter(warehouse_id=warehouse_id, sku_id__any_of=sorted(counted), bucket__in=buckets)
    for sku_id, qty in balances.values_list("sku_id", "qty"):
        book[sku_id] += qty
    return [Shelf(sku, warehouse_id, buckets, book[sku], qty + moved[sku], counted_at) for sku, qty in sorted(counted.items())]
