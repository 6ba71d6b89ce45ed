"""Lots follow the ledger in batches: orders never touch them, so what each lot still holds is worked out from what lies there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
from django.db import connection, transaction

from stockhub.core import clock
from stockhub.inventory.lots.ageing import ages

#: Lots written in one transaction: a tenth of a second of SQLite's one writer.
_CHUNK: Final = 2_000

_WRITE_POSTGRESQL: Final = """
UPDATE inventory_lot AS lot SET remaining_qty = least(settled.qty, lot.received_qty), settled_at = %s
FROM unnest(%s::bigint[], %s::bigint[]) AS settled (id, qty) WHERE lot.id = settled.id
"""
_WRITE_SQLITE: Final = "UPDATE inventory_lot SET remaining_qty = min(%s, received_qty), settled_at = %s WHERE id = %s"


def settle_lots(sku_ids: Collection[int] | None = None) -> int:
    """Brings `remaining_qty` of lots up to date: the newest hold what lies in the warehouse. Returns how many lots were written.

    Units are conserved: the lots of a SKU in a warehouse hold its stock, as far as they ever received that much. Running it again writes
    nothing.
    """
    # The day gives ages only, which settling does not read.
    aged = ages(sku_ids, day=clock.now().date())
    qty = aged.qty.astype(np.int64)
    pairs = np.stack([aged.sku_ids, aged.warehouse_ids], axis=1)
    changed = aged.qty != aged.stored_qty
    if not changed.any():
        return 0
    # All lots of a pair are stamped together, so that `settled_at` of any of them says when the pair was settled.
    _unique, group = np.unique(pairs, axis=0, return_inverse=True)
    written = np.isin(group.reshape(-1), group.reshape(-1)[changed])
    ids, left = aged.lot_ids[written].tolist(), qty[written].tolist()
    for start in range(0, len(ids), _CHUNK):
        with transaction.atomic():
            _write(ids[start : start + _CHUNK], left[start : start + _CHUNK])
    return len(ids)


def _write(ids: Sequence[int], left: Sequence[int]) -> None:
    now = connection.ops.adapt_datetimefield_value(clock.now())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_WRITE_POSTGRESQL, [now, list(ids), list(left)])
        else:
            cursor.executemany(_WRITE_SQLITE, [(qty, now, pk) for pk, qty in zip(ids, left, strict=True)])
