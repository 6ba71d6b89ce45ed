"""The ledger on SQLite: one writer at a time, by BEGIN IMMEDIATE, so that what was read stays true until it is written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import connection

from stockhub.core import clock
from stockhub.inventory.posting.decisions import Cell, Decision
from stockhub.inventory.posting.postings import EarlierKey, Place
from stockhub.inventory.transactions import ConcurrentKeyError


def _stored(instant: datetime) -> str:
    """An instant as Django's back end stores it: UTC, naive."""
    return connection.ops.adapt_datetimefield_value(instant) or ""


def _instant(stored: str | datetime) -> datetime:
    return (stored if isinstance(stored, datetime) else datetime.fromisoformat(stored)).replace(tzinfo=UTC)


def read_places(warehouse_ids: Sequence[int]) -> dict[int, Place]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, allows_backorder, ledger_starts_at FROM catalog_warehouse WHERE id IN (SELECT value FROM json_each(%s))",
            [json.dumps(list(warehouse_ids))],
        )
        return {row[0]: Place(bool(row[1]), _instant(row[2])) for row in cursor.fetchall()}


def lock_balances(cells: Sequence[Cell]) -> dict[Cell, int]:
    """Reads the balances; the transaction itself is the lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.sku_id, b.warehouse_id, b.bucket_id, b.qty FROM json_each(%s) AS asked CROSS JOIN inventory_balance AS b"
            " ON b.sku_id = json_extract(asked.value, '$[0]') AND b.warehouse_id = json_extract(asked.value, '$[1]')"
            " AND b.bucket_id = json_extract(asked.value, '$[2]')",
            [json.dumps(list(cells))],
        )
        return {(row[0], row[1], row[2]): row[3] for row in cursor.fetchall()}


def read_keys(keys: Sequence[str]) -> dict[str, EarlierKey]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, fingerprint, posted_qty FROM inventory_movementkey WHERE key IN (SELECT value FROM json_each(%s))",
            [json.dumps(list(keys))],
        )
        return {row[0]: EarlierKey(row[1], row[2]) for row in cursor.fetchall()}


def write(decision: Decision, *, label: str) -> None:
    """Writes keys, movements and grouped balances; the last is an upsert whose RETURNING proves that every cell was written."""
    now = _stored(clock.now())
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO inventory_movementkey (key, fingerprint, posted_qty, recorded_at) VALUES (%s, %s, %s, %s)",
            [(posting.key, posting.fingerprint, qty, now) for posting, qty in decision.accepted],
        )
        cursor.executemany(
            "INSERT INTO inventory_movement (sku_id, warehouse_id, from_bucket_id, to_bucket_id, qty, kind, reason, reference, actor, key,"
            " occurred_at, recorded_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (p.sku_id, p.warehouse_id, p.from_bucket, p.to_bucket, qty, str(p.kind), p.reason, p.reference, label, p.key,
                 _stored(p.occurred_at), now)
                for p, qty in decision.accepted
            ],
        )  # fmt: skip
        cursor.execute(
            "INSERT INTO inventory_balance (sku_id, warehouse_id, bucket_id, qty, updated_at)"
            " SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'), json_extract(value, '$[3]'), %s"
            " FROM json_each(%s) WHERE true"
            " ON CONFLICT (sku_id, warehouse_id, bucket_id) DO UPDATE SET qty = qty + excluded.qty, updated_at = excluded.updated_at"
            " RETURNING id",
            [now, json.dumps([(*cell, delta) for cell, delta in decision.deltas.items()])],
        )
        if len(cursor.fetchall()) != len(decision.deltas):
            raise ConcurrentKeyError("A balance was not written.")
