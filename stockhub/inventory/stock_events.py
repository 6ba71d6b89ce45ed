"""The event that says which stock moved: one for each call, whatever its size. Incremental evaluation reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from stockhub.outbox.services import emit_event

STOCK_CHANGED: Final = "inventory.stock_changed.v1"


def emit_stock_changed(pairs: Iterable[tuple[int, int]], *, details: Mapping[str, Any] | None = None) -> None:
    """Records that the stock of these (SKU, warehouse) pairs changed; nothing where there are none."""
    changed = sorted(set(pairs))
    if not changed:
        return
    payload = {
        "sku_ids": sorted({sku_id for sku_id, _warehouse_id in changed}),
        "warehouse_ids": sorted({warehouse_id for _sku_id, warehouse_id in changed}),
        **(details or {}),
    }
    emit_event(STOCK_CHANGED, entity="inventory.stock", entity_id=None, payload=payload)
