"""Reads of stock: at a moment, and on hand."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from django.db.models import Sum

from stockhub.inventory.history.moments import Moment
from stockhub.inventory.history.stock_as_of import stock_as_of
from stockhub.inventory.models import Balance, Bucket


def balance_as_of(
    *, sku_id: int, warehouse_id: int | None, at: datetime, bucket: str | None = None, recorded_at: datetime | None = None
) -> int:
    """Units at a moment: the sum of all movements that had happened by then (D1), and where `recorded_at` is given were known by then.

    Of one bucket, or of all that lies in the warehouse; without a warehouse, of all of them.
    """
    buckets = [bucket] if bucket else list(Bucket.objects.filter(is_physical=True).values_list("slug", flat=True))
    warehouse_ids = None if warehouse_id is None else [warehouse_id]
    levels = stock_as_of(Moment(at, recorded_at), sku_ids=[sku_id], warehouse_ids=warehouse_ids)
    return int(levels.qty[np.isin(levels.buckets, buckets)].sum())


def on_hand(*, sku_id: int, warehouse_id: int | None = None) -> int:
    """Units that lie in the warehouse now, sellable or not."""
    balances = Balance.objects.filter(sku_id=sku_id, bucket__is_physical=True)
    if warehouse_id is not None:
        balances = balances.filter(warehouse_id=warehouse_id)
    return balances.aggregate(total=Sum("qty"))["total"] or 0
