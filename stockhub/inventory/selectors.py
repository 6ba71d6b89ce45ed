"""Reads of stock: at a moment, and on hand."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, Sum

from stockhub.inventory.models import Balance, Bucket, Movement


def balance_as_of(*, sku_id: int, warehouse_id: int | None, at: datetime, bucket: str | None = None) -> int:
    """Units at a moment: the sum of all movements that had happened by then (D1).

    Of one bucket, or of all that lies in the warehouse; without a warehouse, of all of them.
    """
    buckets = [bucket] if bucket else list(Bucket.objects.filter(is_physical=True).values_list("slug", flat=True))
    movements = Movement.objects.filter(sku_id=sku_id, occurred_at__lte=at)
    if warehouse_id is not None:
        movements = movements.filter(warehouse_id=warehouse_id)
    sums = movements.aggregate(entered=Sum("qty", filter=Q(to_bucket__in=buckets)), left=Sum("qty", filter=Q(from_bucket__in=buckets)))
    return (sums["entered"] or 0) - (sums["left"] or 0)


def on_hand(*, sku_id: int, warehouse_id: int | None = None) -> int:
    """Units that lie in the warehouse now, sellable or not."""
    balances = Balance.objects.filter(sku_id=sku_id, bucket__is_physical=True)
    if warehouse_id is not None:
        balances = balances.filter(warehouse_id=warehouse_id)
    return balances.aggregate(total=Sum("qty"))["total"] or 0
