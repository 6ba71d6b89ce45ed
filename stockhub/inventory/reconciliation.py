"""Proof of the ledger over the whole database: each check is one statement, which sees one consistent moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from stockhub.inventory.lot_settlement import settle_lots


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """What does not hold, and where."""

    invariant: str
    text: str


_I1: Final = """
SELECT sku.code, warehouse.code, cell.bucket, cell.moved, cell.held FROM (
    SELECT sku_id, warehouse_id, bucket, sum(moved) AS moved, sum(held) AS held FROM (
        SELECT sku_id, warehouse_id, to_bucket_id AS bucket, qty AS moved, 0 AS held FROM inventory_movement WHERE to_bucket_id IS NOT NULL
        UNION ALL
        SELECT sku_id, warehouse_id, from_bucket_id, -qty, 0 FROM inventory_movement WHERE from_bucket_id IS NOT NULL
        UNION ALL
        SELECT sku_id, warehouse_id, bucket_id, 0, qty FROM inventory_balance
    ) AS side GROUP BY sku_id, warehouse_id, bucket HAVING sum(moved) <> sum(held)
) AS cell LEFT JOIN catalog_sku AS sku ON sku.id = cell.sku_id LEFT JOIN catalog_warehouse AS warehouse ON warehouse.id = cell.warehouse_id
ORDER BY 1, 2, 3
"""
_I2: Final = """
SELECT sku.code, warehouse.code, balance.bucket_id, balance.qty FROM inventory_balance AS balance
JOIN catalog_sku AS sku ON sku.id = balance.sku_id JOIN catalog_warehouse AS warehouse ON warehouse.id = balance.warehouse_id
WHERE balance.qty < 0 AND NOT (balance.bucket_id = 'available' AND warehouse.allows_backorder)
ORDER BY 1, 2, 3
"""
_I3_KEYS: Final = """
SELECT key, sum(movements), sum(keys), sum(moved), sum(posted) FROM (
    SELECT key, 1 AS movements, 0 AS keys, qty AS moved, 0 AS posted FROM inventory_movement
    UNION ALL
    SELECT key, 0, 1, 0, posted_qty FROM inventory_movementkey
) AS side GROUP BY key HAVING sum(movements) > 1 OR sum(keys) <> 1 OR sum(moved) <> sum(posted)
ORDER BY 1
"""
_I3_ALLOCATIONS_POSTGRESQL: Final = """
SELECT allocation.reference, sku.code, warehouse.code, allocation.reserved_qty, coalesce(made.reserved, 0),
    allocation.shipped_qty - allocation.unbacked_qty, coalesce(made.shipped, 0)
FROM inventory_allocation AS allocation
JOIN catalog_sku AS sku ON sku.id = allocation.sku_id JOIN catalog_warehouse AS warehouse ON warehouse.id = allocation.warehouse_id
LEFT JOIN (
    SELECT split_part(key, ':', 2)::bigint AS id,
        sum(CASE WHEN to_bucket_id = 'reserved' THEN qty WHEN from_bucket_id = 'reserved' THEN -qty ELSE 0 END) AS reserved,
        sum(CASE WHEN to_bucket_id IS NULL THEN qty WHEN from_bucket_id IS NULL THEN -qty ELSE 0 END) AS shipped
    FROM inventory_movement WHERE key LIKE 'allocation:%' GROUP BY 1
) AS made ON made.id = allocation.id
WHERE allocation.reserved_qty <> coalesce(made.reserved, 0)
    OR allocation.shipped_qty - allocation.unbacked_qty <> coalesce(made.shipped, 0)
ORDER BY 1, 2, 3
"""
_I3_ALLOCATIONS_SQLITE: Final = """
SELECT allocation.reference, sku.code, warehouse.code, allocation.reserved_qty, coalesce(made.reserved, 0),
    allocation.shipped_qty - allocation.unbacked_qty, coalesce(made.shipped, 0)
FROM inventory_allocation AS allocation
JOIN catalog_sku AS sku ON sku.id = allocation.sku_id JOIN catalog_warehouse AS warehouse ON warehouse.id = allocation.warehouse_id
LEFT JOIN (
    SELECT CAST(substr(key, 12) AS INTEGER) AS id,
        sum(CASE WHEN to_bucket_id = 'reserved' THEN qty WHEN from_bucket_id = 'reserved' THEN -qty ELSE 0 END) AS reserved,
        sum(CASE WHEN to_bucket_id IS NULL THEN qty WHEN from_bucket_id IS NULL THEN -qty ELSE 0 END) AS shipped
    FROM inventory_movement WHERE key LIKE 'allocation:%' GROUP BY 1
) AS made ON made.id = allocation.id
WHERE allocation.reserved_qty <> coalesce(made.reserved, 0)
    OR allocation.shipped_qty - allocation.unbacked_qty <> coalesce(made.shipped, 0)
ORDER BY 1, 2, 3
"""
_LOTS: Final = """
SELECT sku.code, warehouse.code, lots.remaining, coalesce(held.qty, 0) FROM (
    SELECT sku_id, warehouse_id, sum(remaining_qty) AS remaining FROM inventory_lot GROUP BY sku_id, warehouse_id
) AS lots
JOIN catalog_sku AS sku ON sku.id = lots.sku_id JOIN catalog_warehouse AS warehouse ON warehouse.id = lots.warehouse_id
LEFT JOIN (
    SELECT sku_id, warehouse_id, sum(qty) AS qty FROM inventory_balance AS balance
    JOIN inventory_bucket AS bucket ON bucket.slug = balance.bucket_id WHERE bucket.is_physical GROUP BY sku_id, warehouse_id
) AS held ON held.sku_id = lots.sku_id AND held.warehouse_id = lots.warehouse_id
WHERE lots.remaining > 0 AND lots.remaining > coalesce(held.qty, 0)
ORDER BY 1, 2
"""
#: Stock that moves between settling and looking makes a lot look too full; looking again tells.
_LOOKS: Final = 3


def reconcile() -> list[Discrepancy]:
    """Everything that does not hold of I1 to I3; an empty list is the proof.

    I1: the movements of each SKU, warehouse and bucket add up to its balance. I2: no balance is below zero, but for `available` where
    back-orders are allowed. I3: each key has one effect, and each order line holds what its movements gave it.
    """
    return [*_balances(), *_negatives(), *_keys(), *_allocations()]


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _balances() -> list[Discrepancy]:
    return [
        Discrepancy("I1", f"{sku} in {warehouse}, {bucket}: the ledger adds up to {moved}, the balance says {held}.")
        for sku, warehouse, bucket, moved, held in _rows(_I1)
    ]


def _negatives() -> list[Discrepancy]:
    return [Discrepancy("I2", f"{sku} in {warehouse}, {bucket}: {qty} is below zero.") for sku, warehouse, bucket, qty in _rows(_I2)]


def _keys() -> list[Discrepancy]:
    return [
        Discrepancy("I3", f"Key {key}: {movements} movements of {moved} units, {keys} keys of {posted} units.")
        for key, movements, keys, moved, posted in _rows(_I3_KEYS)
    ]


def _allocations() -> list[Discrepancy]:
    statement = _I3_ALLOCATIONS_POSTGRESQL if connection.vendor == "postgresql" else _I3_ALLOCATIONS_SQLITE
    return [
        Discrepancy(
            "I3",
            f"{reference}, {sku} in {warehouse}: holds {reserved} reserved and {shipped} shipped, its movements made {made} and {left}.",
        )
        for reference, sku, warehouse, reserved, made, shipped, left in _rows(statement)
    ]


def reconcile_lots() -> list[Discrepancy]:
    """Lots that hold more than lies there. They follow the ledger in batches, so that they are settled first."""
    rows: list[tuple[Any, ...]] = []
    for _look in range(_LOOKS):
        settle_lots()
        rows = _rows(_LOTS)
        if not rows:
            break
    return [
        Discrepancy("lots", f"{sku} in {warehouse}: lots hold {remaining} units, {qty} lie there.")
        for sku, warehouse, remaining, qty in rows
    ]
