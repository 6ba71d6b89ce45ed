"""Allocations in bulk: one statement for a thousand of them, on both databases."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from django.db import connection

from stockhub.core import clock
from stockhub.inventory.allocation_targets import AllocationTarget
from stockhub.inventory.models import Allocation

# The update that never happens still locks a row that another transaction made first.
_CLAIM_POSTGRESQL: Final = """
INSERT INTO inventory_allocation AS a (reference, sku_id, warehouse_id, account_id, wanted_qty, ship_qty, reserved_qty, shipped_qty,
    unbacked_qty, currency, ordered_at, revision, updated_at)
SELECT reference, sku_id, warehouse_id, account_id, 0, 0, 0, 0, 0, '', ordered_at, 0, updated_at
FROM jsonb_to_recordset(%s::jsonb) AS asked (
    reference varchar, sku_id bigint, warehouse_id bigint, account_id bigint, ordered_at timestamptz, updated_at timestamptz)
ORDER BY reference COLLATE "C", sku_id, warehouse_id
ON CONFLICT (reference, sku_id, warehouse_id) DO UPDATE SET revision = a.revision WHERE false
"""
_CLAIM_SQLITE: Final = """
INSERT INTO inventory_allocation (reference, sku_id, warehouse_id, account_id, wanted_qty, ship_qty, reserved_qty, shipped_qty,
    unbacked_qty, currency, ordered_at, revision, updated_at)
SELECT json_extract(value, '$.reference'), json_extract(value, '$.sku_id'), json_extract(value, '$.warehouse_id'),
    json_extract(value, '$.account_id'), 0, 0, 0, 0, 0, '', json_extract(value, '$.ordered_at'), 0,
    json_extract(value, '$.updated_at')
FROM json_each(%s) WHERE true
ON CONFLICT (reference, sku_id, warehouse_id) DO NOTHING
"""
_SAVE_POSTGRESQL: Final = """
UPDATE inventory_allocation AS a SET account_id = s.account_id, wanted_qty = s.wanted_qty, ship_qty = s.ship_qty,
    reserved_qty = s.reserved_qty, shipped_qty = s.shipped_qty, unbacked_qty = s.unbacked_qty, paid_amount = s.paid_amount,
    currency = s.currency, is_presale = s.is_presale, paid_at = s.paid_at, ship_by_at = s.ship_by_at, ordered_at = s.ordered_at,
    revision = s.revision, updated_at = s.updated_at
FROM jsonb_to_recordset(%s::jsonb) AS s (id bigint, account_id bigint, wanted_qty bigint, ship_qty bigint, reserved_qty bigint,
    shipped_qty bigint, unbacked_qty bigint, paid_amount bigint, currency varchar, is_presale boolean, paid_at timestamptz,
    ship_by_at timestamptz, ordered_at timestamptz, revision integer, updated_at timestamptz)
WHERE a.id = s.id
"""
_SAVE_SQLITE: Final = """
UPDATE inventory_allocation SET account_id = %s, wanted_qty = %s, ship_qty = %s, reserved_qty = %s, shipped_qty = %s,
    unbacked_qty = %s, paid_amount = %s, currency = %s, is_presale = %s, paid_at = %s, ship_by_at = %s, ordered_at = %s, revision = %s,
    updated_at = %s
WHERE id = %s
"""
_SAVED: Final = (
    "account_id", "wanted_qty", "ship_qty", "reserved_qty", "shipped_qty", "unbacked_qty", "paid_amount", "currency", "is_presale",
    "paid_at", "ship_by_at", "ordered_at", "revision", "updated_at", "id",
)  # fmt: skip


def claim(targets: Sequence[AllocationTarget]) -> None:
    """Makes sure that every line has its row, empty at first, and that it is ours."""
    if not targets:
        return
    now = _stored(clock.now())
    rows = [
        {
            "reference": target.reference,
            "sku_id": target.sku_id,
            "warehouse_id": target.warehouse_id,
            "account_id": target.account_id,
            "ordered_at": _stored(target.ordered_at),
            "updated_at": now,
        }
        for target in targets
    ]
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM_POSTGRESQL if connection.vendor == "postgresql" else _CLAIM_SQLITE, [json.dumps(rows)])


def save(allocations: Sequence[Allocation]) -> None:
    """Writes changed allocations."""
    if not allocations:
        return
    rows = [{name: _value(allocation, name) for name in _SAVED} for allocation in allocations]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_SAVE_POSTGRESQL, [json.dumps(rows)])
        else:
            cursor.executemany(_SAVE_SQLITE, [tuple(row.values()) for row in rows])


def _value(allocation: Allocation, name: str) -> Any:  # noqa: ANN401 - a column of any type
    value = getattr(allocation, name)
    if name.endswith("_at"):
        return _stored(value)
    if name == "paid_amount":
        return Allocation._meta.get_field("paid_amount").get_prep_value(value)
    return value


def _stored(instant: Any) -> str | None:  # noqa: ANN401 - an instant or None
    """An instant in UTC as text that both databases read alike."""
    from datetime import UTC

    return None if instant is None else instant.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
