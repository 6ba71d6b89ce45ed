"""Reads of stock: balances, stock at a moment, and what of both a user may see."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet, Sum

from stockhub.access.models import User
from stockhub.access.scopes import visible_warehouse_ids
from stockhub.inventory.models import Balance, Bucket, Lot, Movement

Anyone = User | AnonymousUser


def balances_visible_to(user: Anyone) -> QuerySet[Balance]:
    visible = visible_warehouse_ids(user)
    return Balance.objects.all() if visible is None else Balance.objects.filter(warehouse_id__in=visible)


def movements_visible_to(user: Anyone) -> QuerySet[Movement]:
    visible = visible_warehouse_ids(user)
    return Movement.objects.all() if visible is None else Movement.objects.filter(warehouse_id__in=visible)


def lots_visible_to(user: Anyone) -> QuerySet[Lot]:
    visible = visible_warehouse_ids(user)
    return Lot.objects.all() if visible is None else Lot.objects.filter(warehouse_id__in=visible)


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
