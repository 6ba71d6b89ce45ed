"""What is left of lots by plain reasoning, one at a time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from stockhub.catalog.models import PoolWarehouse, Sku, Warehouse
from stockhub.inventory.models import Balance, Lot


def _last_to_leave_first(sku: Sku, house: int) -> list[Lot]:
    """What expires first leaves first, the oldest among equals; what does not expire leaves after it."""
    lots = Lot.objects.filter(sku=sku, warehouse_id=house)
    without = lots.filter(expires_on=None).order_by("-received_on", "-id")
    return [*without, *lots.filter(expires_on__isnull=False).order_by("-expires_on", "-received_on", "-id")]


def lots_left(sku: Sku, houses: list[int], day: date) -> list[tuple[int, int]]:
    """Age and units of what is left of each lot."""
    held: list[tuple[int, int]] = []
    for house in houses:
        left = max(sum(b.qty for b in Balance.objects.filter(sku=sku, warehouse_id=house, bucket__is_physical=True)), 0)
        for lot in _last_to_leave_first(sku, house):
            units = min(left, lot.received_qty)
            left -= units
            if units:
                held.append(((day - lot.received_on).days, units))
    return held


def plain_lots(sku_ids: Iterable[int], day: date) -> list[tuple[int, int, float, float, float]]:
    """SKU, pool, age, units and days to the expiry of every lot that expires and can be sold; the first to expire leaves first."""
    found = []
    for sku in Sku.objects.filter(id__in=list(sku_ids)):
        for house in Warehouse.objects.filter(lots__sku=sku).distinct():
            left = max(sum(b.qty for b in Balance.objects.filter(sku=sku, warehouse=house, bucket__is_physical=True)), 0)
            for lot in _last_to_leave_first(sku, house.pk):
                units = min(left, lot.received_qty)
                left -= units
                if units and lot.expires_on:
                    for pool in PoolWarehouse.objects.filter(warehouse=house, pool__deleted_at=None):
                        age, life = float((day - lot.received_on).days), float((lot.expires_on - day).days)
                        found.append((sku.pk, pool.pool_id, age, float(units), life))
    return sorted(found)
