"""Balances in bulk: rows for what is observed, and when it was observed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection

from stockhub.core import clock

# The update that never happens still locks a row that is there already.
_CLAIM_POSTGRESQL: Final = """
INSERT INTO inventory_balance AS b (sku_id, warehouse_id, bucket_id, qty, updated_at)
SELECT sku_id, %s, bucket, 0, %s FROM jsonb_to_recordset(%s::jsonb) AS asked (sku_id bigint, bucket varchar)
ORDER BY sku_id, bucket COLLATE "C"
ON CONFLICT (sku_id, warehouse_id, bucket_id) DO UPDATE SET qty = b.qty WHERE false
"""
_CLAIM_SQLITE: Final = """
INSERT INTO inventory_balance (sku_id, warehouse_id, bucket_id, qty, updated_at)
SELECT json_extract(value, '$.sku_id'), %s, json_extract(value, '$.bucket'), 0, %s FROM json_each(%s) WHERE true
ON CONFLICT (sku_id, warehouse_id, bucket_id) DO NOTHING
"""
_STAMP_POSTGRESQL: Final = """
UPDATE inventory_balance SET observed_at = %s WHERE id IN (SELECT value::bigint FROM jsonb_array_elements_text(%s::jsonb))
"""
_STAMP_SQLITE: Final = "UPDATE inventory_balance SET observed_at = %s WHERE id IN (SELECT value FROM json_each(%s))"


def claim(warehouse_id: int, cells: Sequence[tuple[int, str]]) -> None:
    """Makes sure that each (SKU, bucket) has a balance, and that it is ours until the transaction ends."""
    rows = json.dumps([{"sku_id": sku_id, "bucket": bucket} for sku_id, bucket in sorted(cells)])
    with connection.cursor() as cursor:
        statement = _CLAIM_POSTGRESQL if connection.vendor == "postgresql" else _CLAIM_SQLITE
        cursor.execute(statement, [warehouse_id, connection.ops.adapt_datetimefield_value(clock.now()), rows])


def stamp(balance_ids: Sequence[int], observed_at: datetime) -> None:
    """Notes that these balances were observed."""
    with connection.cursor() as cursor:
        statement = _STAMP_POSTGRESQL if connection.vendor == "postgresql" else _STAMP_SQLITE
        cursor.execute(statement, [connection.ops.adapt_datetimefield_value(observed_at), json.dumps(list(balance_ids))])
