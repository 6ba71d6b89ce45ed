"""Warehouses and pools that a user may see."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from stockhub.access.models import User
from stockhub.access.scopes import visible_warehouse_ids
from stockhub.catalog.models import PoolWarehouse, StockPool, Warehouse


def warehouses_visible_to(user: User) -> QuerySet[Warehouse]:
    """The warehouses of the user's scope, deleted ones too."""
    ids = visible_warehouse_ids(user)
    return Warehouse.objects.all() if ids is None else Warehouse.objects.filter(id__in=ids)


def pools_visible_to(user: User) -> QuerySet[StockPool]:
    """Pools all of whose warehouses the user may see: a pool's numbers add them up, so a part would show the rest."""
    ids = visible_warehouse_ids(user)
    if ids is None:
        return StockPool.objects.all()
    hidden = PoolWarehouse.objects.filter(~Q(warehouse_id__in=ids)).values("pool_id")
    return StockPool.objects.filter(pool_warehouses__isnull=False).exclude(id__in=hidden).distinct()
