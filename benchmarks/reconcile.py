# ruff: noqa: S608 - statements put together of constants
"""The nightly proof of the ledger against one GROUP BY of each table that it reads, on PostgreSQL.

1,000,000 movements with their keys and 100,000 allocations of 10,000 SKUs in two warehouses, in the order and in the months' partitions in
which a year would write them: half of the movements are orders' (reserved, released, shipped in parts), the others receipts, moves and
counts. The anchor groups each of the four tables once by what the proof has to compare, as plainly as SQL can, and sends only the number of
groups: movements by SKU, warehouse and buckets, balances and allocations by SKU and warehouse, keys by day. Proof and anchor take turns on
one connection with the same memory; the value is the ratio of the medians of five. Peak memory is this process's, before the load and after
all proofs.
"""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg

from benchmarks.months import make_months, require_in_months
from benchmarks.scratch import SERVER, scratch_database

GOAL = 2.0
GOAL_MIB = 50
TURNS = 5
_FIRST = "(SELECT min(id) AS first FROM catalog_sku) AS sku, (SELECT min(id) AS first FROM catalog_warehouse) AS warehouse"
_SKUS = """
INSERT INTO catalog_sku (created_at, updated_at, version, code, name, brand, barcode, attributes, is_bundle, is_replenished,
    unit_cost_currency, price_currency)
SELECT now(), now(), 1, 'SKU-' || n, '', '', '', '{}', false, true, '', '' FROM generate_series(1, 10000) AS n
"""
# Each line: three reserved, one of them released, three more reserved, four shipped in two parts, one still reserved.
_LINES = f"""
INSERT INTO inventory_allocation (reference, sku_id, warehouse_id, wanted_qty, ship_qty, reserved_qty, shipped_qty, unbacked_qty,
    currency, ordered_at, revision, updated_at)
SELECT 'line:' || n, sku.first + n % 10000, warehouse.first + n / 10000 % 2, 5, 4, 1, 4, 0, 'CNY', now(), 5, now()
FROM generate_series(1, 100000) AS n, {_FIRST}
"""
_MOVEMENTS = f"""
INSERT INTO inventory_movement (sku_id, warehouse_id, from_bucket_id, to_bucket_id, qty, kind, reason, reference, actor, key,
    occurred_at, recorded_at)
SELECT sku_id, warehouse_id, source, target, qty, kind, '', reference, 'connector', key, at, at FROM (
    SELECT timestamptz '2025-01-01' + row_number() OVER (ORDER BY turn, id) * interval '31 seconds' AS at, * FROM (
        SELECT a.id, a.id + step.revision * 10007 AS turn, a.sku_id, a.warehouse_id, step.source, step.target, step.qty, step.kind,
            a.reference, 'allocation:' || a.id || ':' || step.revision || ':' || step.kind AS key
        FROM inventory_allocation AS a CROSS JOIN (
            VALUES (1, 'available', 'reserved', 3, 'reserve'), (2, 'reserved', 'available', 1, 'release'),
                (3, 'available', 'reserved', 3, 'reserve'), (4, 'reserved', NULL, 2, 'ship'), (5, 'reserved', NULL, 2, 'ship')
        ) AS step (revision, source, target, qty, kind)
        UNION ALL
        SELECT n, n / 5, sku.first + n / 5 % 10000, warehouse.first + n / 50000 % 2,
            CASE n % 5 WHEN 2 THEN 'available' WHEN 3 THEN 'inspecting' END,
            CASE n % 5 WHEN 2 THEN 'inspecting' WHEN 3 THEN NULL ELSE 'available' END,
            CASE n % 5 WHEN 4 THEN 10 ELSE 1 END, CASE n % 5 WHEN 2 THEN 'move' WHEN 3 THEN 'count' ELSE 'receive' END, '',
            'receipt:erp-' || md5(n::text)
        FROM generate_series(1, 500000) AS n, {_FIRST}
    ) AS made
) AS timed ORDER BY at
"""
_KEYS = """
INSERT INTO inventory_movementkey (key, fingerprint, posted_qty, recorded_at)
SELECT key, encode(sha256(key::bytea), 'hex'), qty, recorded_at FROM inventory_movement ORDER BY id
"""
_BALANCES = """
INSERT INTO inventory_balance (sku_id, warehouse_id, bucket_id, qty, updated_at)
SELECT sku_id, warehouse_id, bucket, sum(qty), now() FROM (
    SELECT sku_id, warehouse_id, to_bucket_id AS bucket, qty FROM inventory_movement WHERE to_bucket_id IS NOT NULL
    UNION ALL SELECT sku_id, warehouse_id, from_bucket_id, -qty FROM inventory_movement WHERE from_bucket_id IS NOT NULL
) AS side GROUP BY 1, 2, 3
"""
_ANCHOR = (
    "SELECT sku_id, warehouse_id, from_bucket_id, to_bucket_id, sum(qty) FROM inventory_movement GROUP BY 1, 2, 3, 4",
    "SELECT date_trunc('day', recorded_at), count(*), sum(posted_qty) FROM inventory_movementkey GROUP BY 1",
    "SELECT sku_id, warehouse_id, sum(reserved_qty), sum(shipped_qty) FROM inventory_allocation GROUP BY 1, 2",
    "SELECT sku_id, warehouse_id, sum(qty) FROM inventory_balance GROUP BY 1, 2",
)


def run() -> list[dict[str, Any]]:
    try:
        psycopg.connect(f"{SERVER}/postgres").close()
    except psycopg.OperationalError:
        print("reconcile: PostgreSQL is absent, skipped")
        return []
    with scratch_database("stockhub_bench_reconcile"):
        movements = _load()
        before = _peak_mib()
        proofs, anchors = [], []
        for _turn in range(TURNS):
            proofs.append(_timed(_prove))
            anchors.append(_timed(_group))
        mib = _peak_mib() - before
    proof, anchor = statistics.median(proofs), statistics.median(anchors)
    print(
        f"reconcile: {movements:,} movements proved in {proof:.2f} s, grouped in {anchor:.2f} s; "
        f"ratios {', '.join(f'{p / a:.2f}' for p, a in zip(proofs, anchors, strict=True))}; {mib:.0f} MiB more"
    )
    ratio = proof / anchor
    return [
        {
            "name": "proof of the ledger against one GROUP BY a table",
            "value": round(ratio, 3),
            "goal": GOAL,
            "better": "lower",
            "ok": ratio <= GOAL,
        },
        {"name": "proof of the ledger, MiB more", "value": round(mib), "goal": GOAL_MIB, "better": "lower", "ok": mib <= GOAL_MIB},
    ]


def _load() -> int:
    from django.db import connection

    from stockhub.catalog.models import Warehouse

    for code in ("east", "west"):
        Warehouse.objects.create(code=code, name=code, ledger_starts_at=datetime(2024, 1, 1, tzinfo=UTC))
    # A million movements, 31 seconds apart.
    make_months(datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 12, 31, tzinfo=UTC))
    with connection.cursor() as cursor:
        for statement in (_SKUS, _LINES, _MOVEMENTS, _KEYS, _BALANCES, "VACUUM ANALYZE"):
            cursor.execute(statement)
        require_in_months()
        cursor.execute("SELECT count(*) FROM inventory_movement")
        return int(cursor.fetchone()[0])


def _prove() -> None:
    from stockhub.inventory.proof.reconciliation import reconcile

    assert reconcile() == []


def _group() -> None:
    from django.db import connection, transaction

    from stockhub.inventory.proof.reconciliation import WORK_MEM

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL work_mem = '{WORK_MEM}'")
        for statement in _ANCHOR:
            cursor.execute(f"SELECT count(*) FROM ({statement}) AS grouped")
            cursor.fetchone()


def _timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
