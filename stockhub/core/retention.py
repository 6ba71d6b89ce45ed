"""How long rows of some tables are kept: whole months are dropped where a table is partitioned, rows in small batches where it is not.

Only a table that declares it loses anything. What is old enough goes at the start of a month, on both databases alike: a row lives for at
least its days, and for a month more at most.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction

from stockhub.core.partitions import busy_tables_wait, month_start, partitions_of

logger = logging.getLogger(__name__)

#: SQLite has one writer, whom nobody should wait for longer than a tenth of a second: batches are made to take half of that.
_BATCH_SECONDS: Final = 0.05
_FIRST_BATCH: Final = 250
_LARGEST_BATCH: Final = 10_000


@dataclass(frozen=True, slots=True)
class Retention:
    """Rows of `table` whose `key` is more than `days()` ago may go, but for those of which the SQL condition `unless` holds.

    `pk` is its primary key, or the column that tells rows apart.
    """

    table: str
    key: str
    days: Callable[[], int]
    unless: str = ""
    pk: str = "id"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was dropped of a table: whole partitions by name, and rows one by one."""

    table: str
    partitions: tuple[str, ...]
    rows: int


_declared: dict[str, Retention] = {}


def declare(table: str, *, key: str, days: Callable[[], int], unless: str = "", pk: str = "id") -> None:
    """Says that rows of a table are not kept for ever. `days` is asked each time, so that a setting counts at once.

    `unless` is a condition in SQL that both databases understand, for rows that somebody still needs, such as `status = 'due'`.
    """
    _declared[table] = Retention(table, key, days, unless, pk)


def withdraw(table: str) -> None:
    """Forgets a declaration; what is there stays."""
    _declared.pop(table, None)


def forget_expired(now: datetime) -> list[Forgotten]:
    """Drops what is older than its table keeps; one entry for each table that lost something.

    Safe at any time, from several processes, and after having been cut short. A table that is busy for seconds is left for the next night.
    """
    parts = partitions_of(list(_declared))
    found: list[Forgotten] = []
    for each in sorted(_declared.values(), key=lambda each: each.table):
        until = month_start(now - timedelta(days=each.days()))
        dropped: list[str] = []
        for part in parts.get(each.table, ()):
            if not part.is_default and part.end is not None and part.end <= until:
                with busy_tables_wait(each.table), connection.cursor() as cursor:
                    if _is_needed(cursor, part.name, each.unless):
                        continue
                    cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(part.name)}")
                    dropped.append(part.name)
        rows = _delete_before(each, until)
        if dropped or rows:
            found.append(Forgotten(each.table, tuple(dropped), rows))
    return found


def _is_needed(cursor: Any, partition: str, unless: str) -> bool:  # noqa: ANN401 - Django's cursor
    """Whether somebody needs a row of it; its others are deleted one by one then. Locked, so that none comes to be needed meanwhile."""
    if not unless:
        return False
    name = connection.ops.quote_name(partition)
    cursor.execute(f"LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE")
    cursor.execute(f"SELECT EXISTS (SELECT FROM {name} WHERE {unless})")  # noqa: S608 - our own condition
    return bool(cursor.fetchone()[0])


def _delete_before(each: Retention, until: datetime) -> int:
    """Deletes rows in batches, the oldest first, each in a transaction of its own."""
    quote = connection.ops.quote_name
    table, key, pk = quote(each.table), quote(each.key), quote(each.pk)
    others = f"AND NOT ({each.unless})" if each.unless else ""
    batch, deleted = _FIRST_BATCH, 0
    while True:
        started = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {table} WHERE {key} < %s {others} AND {pk} IN"  # noqa: S608 - own names and condition
                f" (SELECT {pk} FROM {table} WHERE {key} < %s {others} ORDER BY {key} LIMIT %s)",
                [connection.ops.adapt_datetimefield_value(until)] * 2 + [batch],
            )
            gone = int(cursor.rowcount)
        deleted += gone
        if gone < batch:
            return deleted
        seconds = time.perf_counter() - started
        if seconds > _BATCH_SECONDS:
            batch = max(batch // 2, 1)
        elif seconds < _BATCH_SECONDS / 2:
            batch = min(batch * 2, _LARGEST_BATCH)
