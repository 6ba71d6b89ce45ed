"""Stock at any past moment, by when it happened and by when it was known (D1).

A sum over all movements would read the whole history. Instead it starts from the nearest sum that is known (the checkpoint before the
moment, the first one after it, or the balances as they are) and corrects it by the movements between. No movement happened more than a day
after it was recorded (`postings.MAX_AHEAD`), so that only movements recorded about the moment are read, and of the later ones those that
came late, which PostgreSQL finds by an index of their own. One statement, which sees one consistent moment of the database.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from stockhub.core import clock
from stockhub.core.bulk import is_postgresql, stored
from stockhub.core.ranges import LISTED
from stockhub.inventory.history.moments import Moment
from stockhub.inventory.lots.order import UNSELLABLE
from stockhub.inventory.lots.rows import Held
from stockhub.inventory.models import BalanceCheckpoint, Bucket
from stockhub.inventory.posting.postings import MAX_AHEAD

IntArray = NDArray[np.int64]

#: How the index of late movements says it, word for word; MAX_AHEAD is the same day.
_LATE: Final = " AND recorded_at - occurred_at > interval '24 hours'"


@dataclass(frozen=True, slots=True)
class StockLevels:
    """What lay in n cells, (n,) each, sorted by SKU and warehouse; cells with 0 are left out."""

    sku_ids: IntArray
    warehouse_ids: IntArray
    buckets: NDArray[np.str_]
    qty: IntArray


@dataclass(frozen=True, slots=True)
class Start:
    """A sum that is known: all movements recorded before `at`; None is the balances, which hold every movement."""

    at: datetime | None


def stock_as_of(moment: Moment, *, sku_ids: Collection[int] | None = None, warehouse_ids: Collection[int] | None = None) -> StockLevels:
    """The stock of these SKUs and warehouses, None for all, at a moment. Three queries; few rows are read beyond those of the answer."""
    return summed(moment, nearest_start(moment), sku_ids, warehouse_ids)


def balances_now(*, sku_ids: Collection[int] | None = None, warehouse_ids: Collection[int] | None = None) -> StockLevels:
    """The balances as they are, in the same form. One query."""
    conditions, values = _cells(sku_ids, warehouse_ids)
    statement = f"SELECT sku_id, warehouse_id, bucket_id, qty FROM inventory_balance WHERE qty <> 0{conditions} ORDER BY 1, 2, 3"  # noqa: S608
    return _levels(statement, values)


def held_as_of(moment: Moment, *, sku_ids: Collection[int] | None = None, warehouse_ids: Collection[int] | None = None) -> Held:
    """What lay in each (SKU, warehouse) at a moment: the buckets that are physical, and of them the unsellable one."""
    levels = stock_as_of(moment, sku_ids=sku_ids, warehouse_ids=warehouse_ids)
    physical = list(Bucket.objects.filter(is_physical=True).values_list("slug", flat=True))
    lies = np.isin(levels.buckets, physical)
    pairs, place = np.unique(np.stack([levels.sku_ids[lies], levels.warehouse_ids[lies]], axis=1), axis=0, return_inverse=True)
    place = place.reshape(-1)
    qty, unsellable = np.zeros(len(pairs), np.int64), np.zeros(len(pairs), np.int64)
    np.add.at(qty, place, levels.qty[lies])
    np.add.at(unsellable, place, np.where(levels.buckets[lies] == UNSELLABLE, levels.qty[lies], 0))
    return Held(pairs[:, 0], pairs[:, 1], qty, unsellable)


def nearest_start(moment: Moment) -> Start:
    """The known sum from which the fewest days of movements lead to the moment."""
    first, last = _reach(moment)
    before = BalanceCheckpoint.objects.filter(at__lte=first).order_by("-at").values_list("at", flat=True).first()
    after = BalanceCheckpoint.objects.filter(at__gt=first).order_by("at").values_list("at", flat=True).first()
    choices = [(clock.now() - first, Start(None))]
    if after is not None:
        choices.append((max(after, last) - first, Start(after)))
    if before is not None:
        choices.append((last - before, Start(before)))
    return min(choices, key=lambda choice: choice[0])[1]


def _reach(moment: Moment) -> tuple[datetime, datetime]:
    """Whatever was recorded before the first instant counts; what was recorded after the second counts only if it came late."""
    first, last = moment.occurred_at - MAX_AHEAD, moment.occurred_at + MAX_AHEAD
    return (first, last) if moment.recorded_at is None else (min(first, moment.recorded_at), min(last, moment.recorded_at))


def summed(moment: Moment, start: Start, sku_ids: Collection[int] | None, warehouse_ids: Collection[int] | None) -> StockLevels:
    """`stock_as_of` from a start of one's own choice: every one leads to the same answer. One query."""
    return _levels(*statement_of(moment, start, sku_ids, warehouse_ids))


def statement_of(
    moment: Moment, start: Start, sku_ids: Collection[int] | None, warehouse_ids: Collection[int] | None
) -> tuple[str, list[Any]]:
    """The statement that sums the stock of a moment, and its parameters: the start, and what changed between it and the moment."""
    cells, cell_values = _cells(sku_ids, warehouse_ids)
    parts, values = _start_part(start, cells, cell_values)
    for condition, its_values, sign in _changes(moment, start):
        parts.append(
            f"SELECT sku_id, warehouse_id, from_bucket_id, to_bucket_id, {sign} * sum(qty) AS qty FROM inventory_movement"  # noqa: S608
            f" WHERE {condition}{cells} GROUP BY 1, 2, 3, 4"
        )
        values += [*its_values, *cell_values]
    # The known sum is a change that came from nowhere, so that all are one kind of row.
    statement = f"""
WITH change AS ({" UNION ALL ".join(parts)}), side AS (
    SELECT sku_id, warehouse_id, to_bucket_id AS bucket, qty FROM change WHERE to_bucket_id IS NOT NULL
    UNION ALL SELECT sku_id, warehouse_id, from_bucket_id, -qty FROM change WHERE from_bucket_id IS NOT NULL
)
SELECT sku_id, warehouse_id, bucket, CAST(sum(qty) AS bigint) FROM side GROUP BY 1, 2, 3 HAVING sum(qty) <> 0 ORDER BY 1, 2, 3
"""  # noqa: S608 - own names
    return statement, values


def _start_part(start: Start, cells: str, cell_values: Sequence[Any]) -> tuple[list[str], list[Any]]:
    nowhere = "CAST(NULL AS varchar(24)) AS from_bucket_id, bucket_id AS to_bucket_id, qty"
    if start.at is None:
        return [f"SELECT sku_id, warehouse_id, {nowhere} FROM inventory_balance WHERE qty <> 0{cells}"], [*cell_values]  # noqa: S608
    return (
        [f"SELECT sku_id, warehouse_id, {nowhere} FROM inventory_balancecheckpoint WHERE at = %s{cells}"],  # noqa: S608
        [_instant(start.at), *cell_values],
    )


def _changes(moment: Moment, start: Start) -> list[tuple[str, list[Any], int]]:
    """What leads from the known sum to the moment: conditions on movements, their values, and whether they are added or taken off.

    Each names a range of `recorded_at`, by which partitions are left out.
    """
    first, last = _reach(moment)
    changes: list[tuple[str, list[Any], int]] = []
    # In the known sum, but not yet at the moment: it had not happened, or nobody knew.
    not_yet, not_values = "occurred_at > %s", [_instant(moment.occurred_at)]
    if moment.recorded_at is not None:
        not_yet, not_values = f"({not_yet} OR recorded_at > %s)", [*not_values, _instant(moment.recorded_at)]
    if start.at is None or start.at > first:
        until, until_values = (" AND recorded_at < %s", [_instant(start.at)]) if start.at is not None else ("", [])
        changes.append((f"recorded_at >= %s{until} AND {not_yet}", [_instant(first), *until_values, *not_values], -1))
    if start.at is None:
        return changes
    # Not in the known sum, but there at the moment: recorded about it, or later than a day after it happened.
    happened, there = "occurred_at <= %s", [_instant(moment.occurred_at)]
    if start.at <= last:
        changes.append((f"recorded_at >= %s AND recorded_at <= %s AND {happened}", [_instant(start.at), _instant(last), *there], 1))
    if moment.recorded_at is None or moment.recorded_at > last:
        known, known_values = (" AND recorded_at <= %s", [_instant(moment.recorded_at)]) if moment.recorded_at is not None else ("", [])
        after = "recorded_at >= %s" if start.at > last else "recorded_at > %s"
        late = _LATE if is_postgresql() else ""
        changes.append((f"{after}{known} AND {happened}{late}", [_instant(max(start.at, last)), *known_values, *there], 1))
    return changes


def _cells(sku_ids: Collection[int] | None, warehouse_ids: Collection[int] | None) -> tuple[str, list[Any]]:
    """Conditions, each begun by AND, and their values.

    Few SKUs are looked up by the index of their history. For many that would walk through the history of each, so that the sum keeps the
    index from being used: the range of `recorded_at` is read once, and the SKUs are picked out of it.
    """
    conditions = ""
    values: list[Any] = []
    sku = "sku_id" if sku_ids is None or len(sku_ids) <= LISTED else "sku_id + 0"
    for column, ids in ((sku, sku_ids), ("warehouse_id", warehouse_ids)):
        if ids is None:
            continue
        if is_postgresql():
            conditions += f" AND {column} = ANY(%s)"
            values.append([int(i) for i in ids])
        else:
            conditions += f" AND {column} IN (SELECT value FROM json_each(%s))"  # noqa: S608 - own names
            values.append(json.dumps([int(i) for i in ids]))
    return conditions, values


def _instant(instant: datetime) -> Any:  # noqa: ANN401 - as the driver takes it
    return instant if is_postgresql() else stored(instant)


def _levels(statement: str, values: Sequence[Any]) -> StockLevels:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    skus, warehouses, buckets, qty = zip(*rows, strict=True) if rows else ((), (), (), ())
    return StockLevels(np.array(skus, np.int64), np.array(warehouses, np.int64), np.array(buckets, np.str_), np.array(qty, np.int64))
