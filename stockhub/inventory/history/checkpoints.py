"""Checkpoints: what all movements recorded before the start of a month add up to. Questions about the past start from them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Min

from stockhub.core import clock
from stockhub.core.bulk import is_postgresql, stored
from stockhub.core.partitions import month_start
from stockhub.inventory.models import BalanceCheckpoint, Movement

#: Movements take their `recorded_at` before they are committed; after this long the last of a month are there.
SETTLING: Final = timedelta(hours=1)

# The balances of before and the movements since, as changes of one kind.
_MAKE: Final = """
INSERT INTO inventory_balancecheckpoint (at, sku_id, warehouse_id, bucket_id, qty)
SELECT %(at)s, sku_id, warehouse_id, bucket, sum(qty) FROM (
    SELECT sku_id, warehouse_id, bucket_id AS bucket, qty FROM inventory_balancecheckpoint WHERE at = %(since)s
    UNION ALL
    SELECT sku_id, warehouse_id, to_bucket_id, qty FROM inventory_movement
    WHERE recorded_at >= %(since)s AND recorded_at < %(at)s AND to_bucket_id IS NOT NULL
    UNION ALL
    SELECT sku_id, warehouse_id, from_bucket_id, -qty FROM inventory_movement
    WHERE recorded_at >= %(since)s AND recorded_at < %(at)s AND from_bucket_id IS NOT NULL
) AS side GROUP BY sku_id, warehouse_id, bucket HAVING sum(qty) <> 0
"""
_WRONG: Final = """
SELECT sku_id, warehouse_id, bucket, CAST(sum(qty) AS bigint) FROM (
    SELECT sku_id, warehouse_id, bucket_id AS bucket, -qty AS qty FROM inventory_balancecheckpoint WHERE at = %(at)s
    UNION ALL
    SELECT sku_id, warehouse_id, to_bucket_id, qty FROM inventory_movement WHERE recorded_at < %(at)s AND to_bucket_id IS NOT NULL
    UNION ALL
    SELECT sku_id, warehouse_id, from_bucket_id, -qty FROM inventory_movement WHERE recorded_at < %(at)s AND from_bucket_id IS NOT NULL
) AS side GROUP BY sku_id, warehouse_id, bucket HAVING sum(qty) <> 0 ORDER BY 1, 2, 3
"""
#: Whether a transaction is still open that may yet commit a movement recorded before an instant.
_OPEN: Final = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND xact_start < %s)"


def make_checkpoints() -> list[datetime]:
    """Makes the checkpoints of all months that are over and have none; returns their instants. Running it again makes nothing.

    A month is over once an hour has passed since, and no transaction is open that began in it. Each is made in a transaction of its own
    from the one before it.
    """
    now = clock.now()
    made: list[datetime] = []
    since = BalanceCheckpoint.objects.order_by("-at").values_list("at", flat=True).first()
    if since is None:
        first = Movement.objects.aggregate(first=Min("recorded_at"))["first"]
        if first is None:
            return made
        since = month_start(first)
    while (at := month_start(since, 1)) + SETTLING <= now and not _may_still_change(at):
        if _make(since, at):
            made.append(at)
        since = at
    return made


def _may_still_change(at: datetime) -> bool:
    if not is_postgresql():
        return False  # one writer: what began before us has ended
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [at])
        return bool(cursor.fetchone()[0])


def _make(since: datetime, at: datetime) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        # Two nights that overlap make it once: the second one waits, and finds it.
        if is_postgresql():
            cursor.execute("LOCK TABLE inventory_balancecheckpoint IN SHARE ROW EXCLUSIVE MODE")
        if BalanceCheckpoint.objects.filter(at=at).exists():
            return 0
        cursor.execute(_MAKE, {"since": _value(since), "at": _value(at)})
        return int(cursor.rowcount)


def wrong_cells(at: datetime) -> list[tuple[int, int, str, int]]:
    """(SKU id, warehouse id, bucket, missing units) where a checkpoint is not the sum of its movements. Reads the whole history."""
    with connection.cursor() as cursor:
        cursor.execute(_WRONG, {"at": _value(at)})
        return [(row[0], row[1], row[2], int(row[3])) for row in cursor.fetchall()]


def _value(instant: datetime) -> Any:  # noqa: ANN401 - as the driver takes it
    return instant if is_postgresql() else stored(instant)
