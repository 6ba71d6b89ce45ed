"""Balances in bulk: rows for what is not there yet, and when they were observed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Final

from django.db import connection

from stockhub.core import clock
from stockhub.inventory.models import Balance
from stockhub.inventory.posting.decisions import Cell

# The update that never happens still locks a row that is there already.
_CLAIM_POSTGRESQL: Final = """
INSERT INTO inventory_balance AS b (sku_id, warehouse_id, bucket_id, qty, updated_at)
SELECT sku_id, warehouse_id, bucket, 0, %s FROM jsonb_to_recordset(%s::jsonb) AS asked (sku_id bigint, warehouse_id bigint, bucket varchar)
ORDER BY sku_id, warehouse_id, bucket COLLATE "C"
ON CONFLICT (sku_id, warehouse_id, bucket_id) DO UPDATE SET qty = b.qty WHERE false
"""
_CLAIM_SQLITE: Final = """
INSERT INTO inventory_balance (sku_id, warehouse_id, bucket_id, qty, updated_at)
SELECT json_extract(value, '$.sku_id'), json_extract(value, '$.warehouse_id'), json_extract(value, '$.bucket'), 0, %s
FROM json_each(%s) WHERE true
ON CONFLICT (sku_id, warehouse_id, bucket_id) DO NOTHING
"""
_STAMP_POSTGRESQL: Final = """
UPDATE inventory_balance SET observed_at = %s WHERE id IN (SELECT value::bigint FROM jsonb_array_elements_text(%s::jsonb))
"""
_STAMP_SQLITE: Final = "UPDATE inventory_balance SET observed_at = %s WHERE id IN (SELECT value FROM json_each(%s))"


def claim(cells: Iterable[Cell]) -> None:
    """Makes sure that each cell has a balance, and that it is ours until the transaction ends.

    What is decided about stock is decided under the lock of its balance. One that is not there yet has no row to be locked, and of two who
    find none neither would see what the other does: so whoever finds none makes an empty one first, and the other waits for it.
    """
    rows = json.dumps([{"sku_id": sku, "warehouse_id": warehouse, "bucket": bucket} for sku, warehouse, bucket in sorted(cells)])
    with connection.cursor() as cursor:
        statement = _CLAIM_POSTGRESQL if connection.vendor == "postgresql" else _CLAIM_SQLITE
        cursor.execute(statement, [connection.ops.adapt_datetimefield_value(clock.now()), rows])


def claim_missing(cells: Collection[Cell]) -> None:
    """Claims those of the cells that have no balance; the others are locked by whoever posts, in the order of everything that it posts."""
    skus = {sku_id for sku_id, _warehouse_id, _bucket in cells}
    rows = Balance.objects.filter(sku_id__in=skus, bucket_id__in={bucket for _sku_id, _warehouse_id, bucket in cells})
    missing = set(cells) - set(rows.values_list("sku_id", "warehouse_id", "bucket_id")) if cells else set()
    if missing:
        claim(missing)


def stamp(balance_ids: Sequence[int], observed_at: datetime) -> None:
    """Notes that these balances were observed."""
    with connection.cursor() as cursor:
        statement = _STAMP_POSTGRESQL if connection.vendor == "postgresql" else _STAMP_SQLITE
        cursor.execute(statement, [connection.ops.adapt_datetimefield_value(observed_at), json.dumps(list(balance_ids))])
