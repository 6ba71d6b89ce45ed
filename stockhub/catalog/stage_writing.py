"""The stage of many SKUs at once: what the life cycle has found, written where nobody has changed it since it was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from stockhub.core import clock
from stockhub.core.bulk import is_postgresql, stage, stored
from stockhub.outbox.services import record_events

_STAGING: Final = "staging_sku_stages"
_STAGED: Final = {"sku_id": "bigint", "seen_id": "bigint", "new_id": "bigint"}
# Whoever writes several SKUs takes them in the order of their ids, so that nobody waits in a ring.
_LOCK: Final = (
    f"SELECT count(*) FROM (SELECT FROM catalog_sku k JOIN {_STAGING} s ON k.id = s.sku_id ORDER BY k.id FOR UPDATE OF k) AS locked"  # noqa: S608 - own names
)
_WRITE: Final = f"""
UPDATE catalog_sku SET stage_id = s.new_id, version = catalog_sku.version + 1, updated_at = %(now)s
FROM {_STAGING} AS s WHERE catalog_sku.id = s.sku_id AND coalesce(catalog_sku.stage_id, 0) = coalesce(s.seen_id, 0)
RETURNING id, version
"""  # noqa: S608 - own names


@dataclass(frozen=True, slots=True)
class NewStage:
    """The id of a SKU's stage as it was read, and as it shall be; None for none."""

    sku_id: int
    seen_id: int | None
    stage_id: int | None


def write_stages(changes: Sequence[NewStage]) -> set[int]:
    """Writes the stages, raises versions and records an event for each SKU; returns the ids of those that were as they had been read.

    The caller is in a transaction.
    """
    if not changes:
        return set()
    values: dict[str, Any] = {"now": clock.now()}
    with connection.cursor() as cursor:
        stage(cursor, _STAGING, _STAGED, [(each.sku_id, each.seen_id, each.stage_id) for each in changes])
        if is_postgresql():
            cursor.execute(_LOCK)
        cursor.execute(_WRITE, values if is_postgresql() else {name: stored(value) for name, value in values.items()})
        versions = dict(cursor.fetchall())
    told = [
        (each.sku_id, {"created": False, "version": versions[each.sku_id], "changes": {"stage_id": [each.seen_id, each.stage_id]}})
        for each in changes
        if each.sku_id in versions
    ]
    record_events("catalog.sku_changed.v1", "catalog.sku", told)
    return set(versions)
