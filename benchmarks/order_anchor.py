"""One order into the ledger as a good programmer would write it with psycopg: what `ledger` is measured against."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

_HELD = "SELECT qty FROM inventory_balance WHERE sku_id = %s AND warehouse_id = %s AND bucket_id = 'available' FOR UPDATE"
_ALLOCATION = (
    "INSERT INTO inventory_allocation (reference, sku_id, warehouse_id, account_id, wanted_qty, ship_qty, reserved_qty, shipped_qty,"
    " unbacked_qty, currency, ordered_at, revision, updated_at) VALUES (%s, %s, %s, NULL, %s, 0, %s, 0, 0, %s, %s, 1, %s) RETURNING id"
)
_KEY = "INSERT INTO inventory_movementkey (key, fingerprint, posted_qty, recorded_at) VALUES (%s, %s, %s, %s)"
_MOVEMENT = (
    "INSERT INTO inventory_movement (sku_id, warehouse_id, from_bucket_id, to_bucket_id, qty, kind, reason, reference, actor, key,"
    " occurred_at, recorded_at) VALUES (%s, %s, 'available', 'reserved', %s, 'reserve', '', %s, 'system', %s, %s, %s)"
)
_BALANCES = (
    "UPDATE inventory_balance SET qty = qty + CASE bucket_id WHEN 'reserved' THEN %s ELSE -%s END, updated_at = %s"
    " WHERE sku_id = %s AND warehouse_id = %s AND bucket_id IN ('available', 'reserved')"
)
_EVENT = (
    "INSERT INTO outbox_event (kind, entity, payload, actor, correlation_id, occurred_at, recorded_at)"
    " VALUES ('inventory.stock_changed.v1', 'inventory.stock', %s, 'system', '', %s, %s)"
)


def anchor(connection: Any, target: Any) -> None:  # noqa: ANN401 - psycopg's connection and a target
    """SELECT FOR UPDATE, insert, update. The reserved balance is there already."""
    from psycopg.types.json import Jsonb

    sku_id, warehouse_id, qty, now = target.sku_id, target.warehouse_id, target.wanted_qty, datetime.now(UTC)
    with connection.transaction(), connection.cursor() as cursor:
        there = cursor.execute(_HELD, [sku_id, warehouse_id]).fetchone()[0]
        if there < qty:
            raise RuntimeError("The benchmark's stock has run out.")
        [pk] = cursor.execute(_ALLOCATION, [target.reference, sku_id, warehouse_id, qty, qty, "CNY", target.ordered_at, now]).fetchone()
        key = f"allocation:{pk}:1:reserve"
        cursor.execute(_KEY, [key, "0" * 64, qty, now])
        cursor.execute(_MOVEMENT, [sku_id, warehouse_id, qty, target.reference, key, target.occurred_at, now])
        cursor.execute(_BALANCES, [qty, qty, now, sku_id, warehouse_id])
        cursor.execute(_EVENT, [Jsonb({"sku_ids": [sku_id], "warehouse_ids": [warehouse_id]}), now, now])


def anchored(connection: Any, targets: list[Any]) -> float:  # noqa: ANN401 - psycopg's connection
    started = time.perf_counter()
    for target in targets:
        anchor(connection, target)
    return time.perf_counter() - started
