"""What of the catalogue a user may see.

SKUs, categories and suppliers are the same for all who have the permission to view them. Stock is not: a warehouse is visible by grant, and
a pool only where all of its warehouses are, because its numbers add them up.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet

from stockhub.access.models import User
from stockhub.access.scopes import visible_warehouse_ids
from stockhub.catalog.models import PoolWarehouse, Sku, StockPool, Warehouse

Anyone = User | AnonymousUser


def skus_visible_to(user: Anyone) -> QuerySet[Sku]:
    """All SKUs that are not deleted; none without the permission to view them."""
    return Sku.objects.filter(deleted_at=None) if user.has_perm("catalog.view_sku") else Sku.objects.none()


def warehouses_visible_to(user: Anyone) -> QuerySet[Warehouse]:
    visible = visible_warehouse_ids(user)
    warehouses = Warehouse.objects.filter(deleted_at=None)
    return warehouses if visible is None else warehouses.filter(id__in=visible)


def pools_visible_to(user: Anyone) -> QuerySet[StockPool]:
    """Pools of which every warehouse is visible. One without warehouses is seen by those who see all of them."""
    visible = visible_warehouse_ids(user)
    pools = StockPool.objects.filter(deleted_at=None)
    if visible is None:
        return pools
    members = PoolWarehouse.objects.filter(pool=OuterRef("pk"))
    return pools.filter(Exists(members), ~Exists(members.exclude(warehouse_id__in=visible)))


def visible_pool_ids(user: Anyone) -> set[int] | None:
    """The ids of the pools that the user may see; None means all."""
    if visible_warehouse_ids(user) is None:
        return None
    return set(pools_visible_to(user).values_list("id", flat=True))
