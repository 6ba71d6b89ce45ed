"""The nightly proof of the ledger against one GROUP BY of each table that it reads, on PostgreSQL.

1,000,000 movements with their keys and 100,000 allocations of 10,000 SKUs in two warehouses, written in the order of their time, as a
year would leave them: half of the movements are orders' (reserved, released, shipped in parts), the others receipts, moves and counts. The
anchor groups each of the four tables once by the columns that the proof has to compare, as plainly as SQL can: movements by SKU, warehouse
and buckets, balances by SKU and warehouse, allocations by SKU and warehouse, keys by day. Proof and anchor take turns on one connection; the
value is the ratio of the medians of five.
"""

from __future__ import annotations

GOAL = 2.0
GOAL_MIB = 150
TURNS = 5
_MOVEMENT = (
    "INSERT INTO inventory_movement (sku_id, warehouse_id, from_bucket_id, to_bucket_id, qty, kind, reason, reference, actor, key,"
    " occurred_at, recorded_at)"
)
_AT = "timestamptz '2025-01-01' + n * interval '31 seconds'"
_LOAD = (
    "INSERT INTO catalog_sku (created_at, updated_at, version, code, name, brand, barcode, attributes, is_bundle, is_replenished,"
    " unit_cost_currency, price_currency)"
    " SELECT now(), now(), 1, 'SKU-' || n, '', '', '', '{}', false, true, '', '' FROM generate_series(1, 10000) AS n",
    # Line n of 100,000: three reserved, one of them released, three more reserved, four shipped in two parts, one still reserved.
    "INSERT INTO inventory_allocation (reference, sku_id, warehouse_id, wanted_qty, ship_qty, reserved_qty, shipped_qty, unbacked_qty,"
    " currency, ordered_at, revision, updated_at)"
    " SELECT 'line:' || n, sku.first + n % 10000, warehouse.first + n / 10000 % 2, 5, 4, 1, 4, 0, 'CNY', now(), 5, now()"
    " FROM generate_series(1, 100000) AS n, (SELECT min(id) AS first FROM catalog_sku) AS sku,"
    " (SELECT min(id) AS first FROM catalog_warehouse) AS warehouse",
    f"{_MOVEMENT} SELECT sku_id, warehouse_id, source, target, qty, kind, '', reference, 'connector', key, {_AT}, {_AT} FROM ("
    " SELECT row_number() OVER (ORDER BY turn, id) AS n, * FROM ("
    "  SELECT a.id, a.id + step.turn * 10007 AS turn, a.sku_id, a.warehouse_id, step.source, step.target, step.qty, step.kind,"
    "  a.reference, 'allocation:' || a.id || ':' || step.revision || ':' || step.name AS key FROM inventory_allocation AS a CROSS JOIN"
    "  (VALUES (1, 'available', 'reserved', 3, 'reserve', 'reserve', 1), (2, 'reserved', 'available', 1, 'release', 'release', 2),"
    "   (3, 'available', 'reserved', 3, 'reserve', 'reserve', 3), (4, 'reserved', NULL, 2, 'ship', 'ship', 4),"
    "   (5, 'reserved', NULL, 2, 'ship', 'ship', 5)) AS step (revision, source, target, qty, kind, name, turn)"
    "  UNION ALL SELECT n, n / 5, sku.first + n / 5 % 10000, warehouse.first + n / 50000 % 2,"
    "   CASE WHEN n % 5 = 2 THEN 'available' WHEN n % 5 = 3 THEN 'inspecting' END,"
    "   CASE WHEN n % 5 < 2 THEN 'available' WHEN n % 5 = 2 THEN 'inspecting' WHEN n % 5 = 4 THEN 'available' END, 1 + n % 5 / 4 * 9,"
    "   CASE WHEN n % 5 < 2 THEN 'receive' WHEN n % 5 = 2 THEN 'move' ELSE 'count' END, '', 'receipt:erp-' || md5(n::text)"
    "   FROM generate_series(1, 500000) AS n, (SELECT min(id) AS first FROM catalog_sku) AS sku,"
    "   (SELECT min(id) AS first FROM catalog_warehouse) AS warehouse) AS made) AS made",
    "INSERT INTO inventory_movementkey (key, fingerprint, posted_qty, recorded_at)"
    " SELECT key, encode(sha256(key::bytea), 'hex'), qty, recorded_at FROM inventory_movement ORDER BY id",
    "INSERT INTO inventory_balance (sku_id, warehouse_id, bucket_id, qty, updated_at) SELECT sku_id, warehouse_id, bucket, sum(qty), now()"
    " FROM (SELECT sku_id, warehouse_id, to_bucket_id AS bucket, qty FROM inventory_movement WHERE to_bucket_id IS NOT NULL UNION ALL"
    " SELECT sku_id, warehouse_id, from_bucket_id, -qty FROM inventory_movement WHERE from_bucket_id IS NOT NULL) AS side GROUP BY 1, 2, 3",
)
_ANCHOR = (
    "SELECT sku_id, warehouse_id, from_bucket_id, to_bucket_id, sum(qty) FROM inventory_movement GROUP BY 1, 2, 3, 4",
    "SELECT date_trunc('day', recorded_at), count(*), sum(posted_qty) FROM inventory_movementkey GROUP BY 1",
    "SELECT sku_id, warehouse_id, sum(reserved_qty), sum(shipped_qty) FROM inventory_allocation GROUP BY 1, 2",
    "SELECT sku_id, warehouse_id, sum(qty) FROM inventory_balance GROUP BY 1, 2",
)
