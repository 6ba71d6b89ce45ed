"""Balances that are not there yet have no row that could be locked: what stands for it on PostgreSQL.

A new line finds no balance and is owed its units; a receipt makes the balance and serves the lines that it sees. At the same moment neither
would see the other, and the line would wait beside stock. So who finds no balance takes a lock that stands for it, and looks again; and who
serves lines takes the same lock, shared, before it looks for them. SQLite has one writer at a time.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.db import connection

from stockhub.core.postgresql import array_of_numbers

#: The lock's first number, this project's own; the second is the SKU's id by this many, so that no list takes more locks than these.
SPACE: Final = 7_205
SLOTS: Final = 64
_MISSING: Final = f"""
SELECT pg_advisory_xact_lock({SPACE}, slot) FROM (
    SELECT DISTINCT (sku_id %% {SLOTS})::integer AS slot FROM unnest(%s::bigint[], %s::bigint[]) AS asked (sku_id, warehouse_id)
    WHERE NOT EXISTS (SELECT FROM inventory_balance AS b
        WHERE b.sku_id = asked.sku_id AND b.warehouse_id = asked.warehouse_id AND b.bucket_id = 'available') ORDER BY slot
) AS missing
"""  # noqa: S608 - own numbers
_SERVING: Final = f"SELECT pg_advisory_xact_lock_shared({SPACE}, slot) FROM unnest(%s::integer[]) AS slot"  # noqa: S608 - own number
_COUNTING: Final = f"SELECT pg_advisory_xact_lock({SPACE + 1}, slot) FROM unnest(%s::integer[]) AS slot"  # noqa: S608 - own number


def lock_missing(cells: Collection[tuple[int, int]]) -> None:
    """Before a decision about these (SKU, warehouse): whoever is making one of their balances now has made it when this returns."""
    if connection.vendor != "postgresql" or not cells:
        return
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, [array_of_numbers(sku for sku, _w in cells), array_of_numbers(warehouse for _s, warehouse in cells)])


def lock_serving(sku_ids: Collection[int] | None) -> None:
    """Before lines of these SKUs, or of all, are served: every line whose writer found no balance is there when this returns."""
    if connection.vendor != "postgresql":
        return
    slots = range(SLOTS) if sku_ids is None else sorted({sku_id % SLOTS for sku_id in sku_ids})
    with connection.cursor() as cursor:
        cursor.execute(_SERVING, [array_of_numbers(slots)])


def lock_counting(sku_ids: Collection[int]) -> None:
    """Before the book of a stock count is read: of two counts of a bucket without a balance, the second reads what the first posted."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(_COUNTING, [array_of_numbers(sorted({sku_id % SLOTS for sku_id in sku_ids}))])
