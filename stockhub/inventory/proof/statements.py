"""The precise statements of the proof: each looks at whole tables and names every row that does not hold. Exact, on both databases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from stockhub.inventory.posting.postings import MAX_QTY

_BALANCES: Final = """
SELECT cell.sku_id, cell.warehouse_id, sku.code, warehouse.code, cell.bucket, cell.moved, cell.held FROM (
    SELECT sku_id, warehouse_id, bucket, sum(moved) AS moved, sum(held) AS held FROM (
        SELECT sku_id, warehouse_id, to_bucket_id AS bucket, qty AS moved, 0 AS held FROM inventory_movement WHERE to_bucket_id IS NOT NULL
        UNION ALL
        SELECT sku_id, warehouse_id, from_bucket_id, -qty, 0 FROM inventory_movement WHERE from_bucket_id IS NOT NULL
        UNION ALL
        SELECT sku_id, warehouse_id, bucket_id, 0, qty FROM inventory_balance
    ) AS side GROUP BY sku_id, warehouse_id, bucket HAVING sum(moved) <> sum(held)
) AS cell LEFT JOIN catalog_sku AS sku ON sku.id = cell.sku_id LEFT JOIN catalog_warehouse AS warehouse ON warehouse.id = cell.warehouse_id
ORDER BY 3, 4, 5
"""
_NEGATIVES: Final = """
SELECT balance.sku_id, balance.warehouse_id, sku.code, warehouse.code, balance.bucket_id, balance.qty FROM inventory_balance AS balance
JOIN catalog_sku AS sku ON sku.id = balance.sku_id JOIN catalog_warehouse AS warehouse ON warehouse.id = balance.warehouse_id
WHERE balance.qty < 0 AND NOT (balance.bucket_id = 'available' AND warehouse.allows_backorder)
ORDER BY 3, 4, 5
"""
_KEYS: Final = """
SELECT key, sum(movements), sum(keys), sum(moved), sum(posted) FROM (
    SELECT key, 1 AS movements, 0 AS keys, qty AS moved, 0 AS posted FROM inventory_movement
    UNION ALL
    SELECT key, -1, 0, -qty, 0 FROM inventory_repeatedmovement
    UNION ALL
    SELECT key, 0, 1, 0, posted_qty FROM inventory_movementkey
) AS side GROUP BY key HAVING sum(movements) NOT IN (0, 1) OR sum(keys) <> 1 OR sum(moved) <> sum(posted)
ORDER BY 1
"""
#: The id of a line in the key of its movement, `allocation:ID:revision:step`, as text: a damaged key must not stop the proof.
_LINE_OF_KEY: Final = {
    "postgresql": "split_part(key, ':', 2)",
    "sqlite": "substr(key, 12, CASE WHEN instr(substr(key, 12), ':') > 0 THEN instr(substr(key, 12), ':') - 1 ELSE 200 END)",
}
_LINES: Final = """
SELECT line.id, line.sku_id, line.warehouse_id, sku.code, warehouse.code, line.present, line.reserved, line.made_reserved, line.shipped,
    line.made_shipped,
    coalesce((SELECT reference FROM inventory_allocation WHERE CAST(inventory_allocation.id AS varchar(24)) = line.id), '')
FROM (
    SELECT id, sku_id, warehouse_id, sum(present) AS present, sum(reserved) AS reserved, sum(made_reserved) AS made_reserved,
        sum(shipped) AS shipped, sum(made_shipped) AS made_shipped
    FROM (
        SELECT CAST(id AS varchar(24)) AS id, sku_id, warehouse_id, 1 AS present, reserved_qty AS reserved, 0 AS made_reserved,
            shipped_qty - unbacked_qty AS shipped, 0 AS made_shipped
        FROM inventory_allocation
        UNION ALL
        SELECT {line_of_key}, sku_id, warehouse_id, 0, 0,
            CASE WHEN to_bucket_id = 'reserved' THEN qty WHEN from_bucket_id = 'reserved' THEN -qty ELSE 0 END, 0,
            CASE WHEN to_bucket_id IS NULL THEN qty WHEN from_bucket_id IS NULL THEN -qty ELSE 0 END
        FROM inventory_movement WHERE key LIKE 'allocation:%%'
    ) AS side GROUP BY id, sku_id, warehouse_id HAVING sum(reserved) <> sum(made_reserved) OR sum(shipped) <> sum(made_shipped)
) AS line
LEFT JOIN catalog_sku AS sku ON sku.id = line.sku_id LEFT JOIN catalog_warehouse AS warehouse ON warehouse.id = line.warehouse_id
ORDER BY 11, 1, 4, 5
"""
#: A platform that counts its warehouse itself says what is reserved there, and no order of ours holds it.
_RESERVED: Final = """
SELECT cell.sku_id, cell.warehouse_id, sku.code, warehouse.code, cell.reserved, cell.held FROM (
    SELECT sku_id, warehouse_id, sum(reserved) AS reserved, sum(held) AS held FROM (
        SELECT sku_id, warehouse_id, qty AS reserved, 0 AS held FROM inventory_balance WHERE bucket_id = 'reserved'
        UNION ALL
        SELECT sku_id, warehouse_id, 0, reserved_qty FROM inventory_allocation
    ) AS side
    WHERE warehouse_id NOT IN (SELECT id FROM catalog_warehouse WHERE authority = 'snapshot')
    GROUP BY sku_id, warehouse_id HAVING sum(reserved) <> sum(held)
) AS cell LEFT JOIN catalog_sku AS sku ON sku.id = cell.sku_id LEFT JOIN catalog_warehouse AS warehouse ON warehouse.id = cell.warehouse_id
ORDER BY 3, 4
"""
_MALFORMED: Final = """
SELECT movement.id, sku.code, warehouse.code, coalesce(movement.from_bucket_id, ''), coalesce(movement.to_bucket_id, ''), movement.qty
FROM inventory_movement AS movement
LEFT JOIN catalog_sku AS sku ON sku.id = movement.sku_id LEFT JOIN catalog_warehouse AS warehouse ON warehouse.id = movement.warehouse_id
WHERE movement.qty NOT BETWEEN 1 AND %s OR coalesce(movement.from_bucket_id, '') = coalesce(movement.to_bucket_id, '')
ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class WrongBalance:
    """The movements of one SKU in one bucket of one warehouse add up to `moved_qty`, its balance says `held_qty`."""

    sku_id: int
    warehouse_id: int
    sku: str | None
    warehouse: str | None
    bucket: str
    moved_qty: int
    held_qty: int


@dataclass(frozen=True, slots=True)
class NegativeBalance:
    """`qty` is below zero where nothing may be."""

    sku_id: int
    warehouse_id: int
    sku: str
    warehouse: str
    bucket: str
    qty: int


@dataclass(frozen=True, slots=True)
class WrongKey:
    """A key with more or fewer than one effect, or with another one than it says. Repeats that a repair has reversed are not counted."""

    key: str
    movements: int
    keys: int
    moved_qty: int
    posted_qty: int


@dataclass(frozen=True, slots=True)
class WrongLine:
    """An order line that holds something else than its movements gave it; `is_present` is False where movements name a line that is gone.

    `allocation` is its id as it stands in the keys; `shipped_qty` counts what left from stock.
    """

    allocation: str
    sku_id: int
    warehouse_id: int
    sku: str | None
    warehouse: str | None
    is_present: bool
    reserved_qty: int
    made_reserved_qty: int
    shipped_qty: int
    made_shipped_qty: int
    reference: str


@dataclass(frozen=True, slots=True)
class WrongReserved:
    """The balance says that `reserved_qty` units of a SKU are reserved in a warehouse, its order lines hold `held_qty` of it together."""

    sku_id: int
    warehouse_id: int
    sku: str | None
    warehouse: str | None
    reserved_qty: int
    held_qty: int


@dataclass(frozen=True, slots=True)
class MalformedMovement:
    """A row that the table's own constraints forbid."""

    id: int
    sku: str | None
    warehouse: str | None
    from_bucket: str
    to_bucket: str
    qty: int


def wrong_balances() -> list[WrongBalance]:
    return [
        WrongBalance(sku_id, warehouse_id, sku, warehouse, bucket, int(moved), int(held))
        for sku_id, warehouse_id, sku, warehouse, bucket, moved, held in _rows(_BALANCES)
    ]


def negative_balances() -> list[NegativeBalance]:
    return [NegativeBalance(*row) for row in _rows(_NEGATIVES)]


def wrong_keys() -> list[WrongKey]:
    return [WrongKey(key, int(movements), int(keys), int(moved), int(posted)) for key, movements, keys, moved, posted in _rows(_KEYS)]


def wrong_lines() -> list[WrongLine]:
    statement = _LINES.format(line_of_key=_LINE_OF_KEY[connection.vendor])
    return [
        WrongLine(
            allocation=line, sku_id=sku_id, warehouse_id=warehouse_id, sku=sku, warehouse=warehouse, is_present=bool(present),
            reserved_qty=int(reserved), made_reserved_qty=int(made_reserved), shipped_qty=int(shipped), made_shipped_qty=int(made_shipped),
            reference=reference,
        )
        for line, sku_id, warehouse_id, sku, warehouse, present, reserved, made_reserved, shipped, made_shipped, reference in _rows(
            statement, []
        )
    ]  # fmt: skip


def wrong_reserved() -> list[WrongReserved]:
    return [
        WrongReserved(sku_id, warehouse_id, sku, warehouse, int(reserved), int(held))
        for sku_id, warehouse_id, sku, warehouse, reserved, held in _rows(_RESERVED)
    ]


def malformed_movements() -> list[MalformedMovement]:
    return [MalformedMovement(*row) for row in _rows(_MALFORMED, [MAX_QTY])]


def _rows(statement: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
