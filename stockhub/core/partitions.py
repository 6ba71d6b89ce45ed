"""Monthly partitions of the tables that grow for ever, on PostgreSQL; elsewhere nothing here does anything.

A declared table is cut by the month, in UTC, of a column that never changes. Months are made ahead of time. A DEFAULT partition catches
what has no month yet, so that no write fails; what it holds is shown to the operator (`watch`) and moved as soon as its month is made.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.db import OperationalError, connection, transaction
from django.db.models import Q

logger = logging.getLogger(__name__)

#: Months that are made before they begin: three missed nights a month are no trouble, three missed months are shown long before.
MONTHS_AHEAD: Final = 3
#: Counted no further: "more than a thousand" is bad enough, and counting must stay cheap.
COUNTED_STRAYS: Final = 1_000
#: Making a month needs a table for an instant. Who waits for it stands in everybody's way, so it gives up and the next night tries again.
_LOCK_TIMEOUT: Final = "3s"
#: One maker of partitions at a time; a second one waits, and finds everything made.
_ADVISORY_LOCK: Final = 0x53746F636B507274
_LOCK_NOT_AVAILABLE: Final = "55P03"
_BOUND = re.compile(r"FROM \((?:'([^']+)'|MINVALUE)\) TO \((?:'([^']+)'|MAXVALUE)\)")


@dataclass(frozen=True, slots=True)
class MonthlyTable:
    """A table in monthly partitions; `key` is its timestamp column whose month decides."""

    table: str
    key: str


@dataclass(frozen=True, slots=True)
class Partition:
    """`start` ≤ key < `end`; None is unbounded. The default partition holds what no other does."""

    name: str
    start: datetime | None = None
    end: datetime | None = None
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Watched:
    """`made_until`: the end of the last month that follows on without a gap from now; None where this month has no partition.

    `strays` are rows in the default partition, counted to COUNTED_STRAYS + 1; `recent_strays` those of this month, which a month that was
    made in time would have taken.
    """

    table: str
    made_until: datetime | None
    strays: int
    recent_strays: int


_declared: dict[str, MonthlyTable] = {}


def declare(table: str, *, key: str) -> None:
    """Says that a table is cut by the month of `key`. An app calls it when it is ready; the table's migration does the cutting."""
    _declared[table] = MonthlyTable(table, key)


def withdraw(table: str) -> None:
    """Forgets a declaration; the table stays as it is."""
    _declared.pop(table, None)


def declared() -> list[MonthlyTable]:
    return sorted(_declared.values(), key=lambda each: each.table)


def month_start(instant: datetime, plus: int = 0) -> datetime:
    """The first instant of the month, in UTC, so many months later."""
    at = instant.astimezone(UTC)
    months = at.year * 12 + at.month - 1 + plus
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


def in_months(column: str, instants: Iterable[datetime]) -> Q:
    """A condition that holds for these instants, in whole months: the database looks into no other partition.

    Neighbouring months are one range. No instants, no rows.
    """
    condition = Q(pk__in=[])
    starts = sorted({month_start(instant) for instant in instants})
    while starts:
        first = starts[0]
        end = month_start(first, 1)
        starts.pop(0)
        while starts and starts[0] == end:
            end = month_start(starts.pop(0), 1)
        condition |= Q(**{f"{column}__gte": first, f"{column}__lt": end})
    return condition


def partitions_of(tables: Sequence[str]) -> dict[str, list[Partition]]:
    """The partitions of each of these tables, the earliest first, the default last. Tables that are not partitioned are left out."""
    if connection.vendor != "postgresql" or not tables:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT parent.relname, child.relname, pg_get_expr(child.relpartbound, child.oid) FROM pg_class parent"
            " LEFT JOIN pg_inherits link ON link.inhparent = parent.oid LEFT JOIN pg_class child ON child.oid = link.inhrelid"
            " WHERE parent.relname = ANY(%s) AND parent.relkind = 'p' AND pg_table_is_visible(parent.oid)",
            [list(tables)],
        )
        found: dict[str, list[Partition]] = {}
        for table, name, bound in cursor.fetchall():
            found.setdefault(table, [])
            if name is not None:
                found[table].append(_partition(name, bound))
    earliest = datetime.min.replace(tzinfo=UTC)
    return {table: sorted(parts, key=lambda part: (part.is_default, part.start or earliest)) for table, parts in found.items()}


def _partition(name: str, bound: str) -> Partition:
    match = _BOUND.search(bound)
    if match is None:
        return Partition(name, is_default=True)
    start, end = (None if text is None else datetime.fromisoformat(text).astimezone(UTC) for text in match.groups())
    return Partition(name, start, end)


def ensure_partitions(now: datetime) -> list[str]:
    """Makes the months that are missing, from this one to three ahead, and those of rows in the default partition, which it moves there.

    Returns the names of the partitions made. Safe at any time and from several processes. A table that is busy for seconds is left for the
    next night.
    """
    made: list[str] = []
    tables = declared()
    existing = partitions_of([each.table for each in tables])
    for each in tables:
        if each.table not in existing:
            continue
        with busy_tables_wait(each.table):
            made += _ensure(each, now)
    return made


@contextmanager
def busy_tables_wait(table: str) -> Iterator[None]:
    """A transaction that changes a table's partitions: it waits for the table for seconds only, then it is undone and left for later."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_LOCK_TIMEOUT])
            yield
            if connection.vendor == "postgresql":
                # Where the caller's transaction goes on, its own waiting is its own matter.
                cursor.execute("SELECT set_config('lock_timeout', '0', true)")
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
            raise
        logger.warning("%s is busy: its partitions are seen to the next night.", table)


def _ensure(each: MonthlyTable, now: datetime) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY_LOCK])
        # Looked at again under the lock: another process may have been faster.
        parts = partitions_of([each.table])[each.table]
        default = next((part for part in parts if part.is_default), None)
        if default is None:
            default = create_default(cursor, each.table)
            parts.append(default)
        months = [month_start(now, plus) for plus in range(MONTHS_AHEAD + 1)]
        if _has_rows(cursor, default.name):
            return _with_strays(cursor, each, default, parts, months)
        return create_months(cursor, each.table, parts, months)


def create_months(cursor: Any, table: str, parts: Sequence[Partition], months: Iterable[datetime]) -> list[str]:  # noqa: ANN401 - Django's cursor
    """Makes the partitions of those months that no existing one covers.

    Each is made as a table of its own and attached, which lets readers and writers of other months go on; LIKE brings the checks and
    defaults, attaching the indexes, foreign keys and triggers.
    """
    quote = connection.ops.quote_name
    made: list[str] = []
    for month in sorted(set(months)):
        if any(_covers(part, month) for part in parts):
            continue
        name = f"{table}_{month:%Y_%m}"
        cursor.execute(f"CREATE TABLE {quote(name)} (LIKE {quote(table)} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)")
        cursor.execute(
            f"ALTER TABLE {quote(table)} ATTACH PARTITION {quote(name)}"
            f" FOR VALUES FROM ('{month:%Y-%m-%d} 00:00:00+00') TO ('{month_start(month, 1):%Y-%m-%d} 00:00:00+00')"
        )
        made.append(name)
    return made


def create_default(cursor: Any, table: str) -> Partition:  # noqa: ANN401 - Django's cursor
    quote = connection.ops.quote_name
    name = f"{table}_default"
    cursor.execute(f"CREATE TABLE {quote(name)} PARTITION OF {quote(table)} DEFAULT")
    return Partition(name, is_default=True)


def _with_strays(cursor: Any, each: MonthlyTable, default: Partition, parts: Sequence[Partition], months: list[datetime]) -> list[str]:  # noqa: ANN401
    """Makes the months, those of the default's rows too, and moves the rows there.

    The default is taken off for it: attached, it would be searched for every new month, and the table's triggers would refuse to let go
    of its rows. Nobody reads or writes the table meanwhile.
    """
    quote = connection.ops.quote_name
    table, stray, key = quote(each.table), quote(default.name), quote(each.key)
    cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
    cursor.execute(f"ALTER TABLE {table} DETACH PARTITION {stray}")
    cursor.execute(f"SELECT DISTINCT date_trunc('month', {key} AT TIME ZONE 'UTC') FROM {stray}")  # noqa: S608 - own names
    months = [*months, *(at.replace(tzinfo=UTC) for (at,) in cursor.fetchall())]
    made = create_months(cursor, each.table, parts, months)
    columns = ", ".join(quote(name) for name in columns_of(cursor, each.table))
    cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {stray}")  # noqa: S608 - own names
    moved = cursor.rowcount
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute(f"TRUNCATE {stray}")
    cursor.execute(f"ALTER TABLE {table} ATTACH PARTITION {stray} DEFAULT")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    logger.info("%s rows of %s were moved to the partitions of their months.", moved, each.table)
    return made


def columns_of(cursor: Any, table: str) -> list[str]:  # noqa: ANN401 - Django's cursor
    return [column.name for column in connection.introspection.get_table_description(cursor, table)]


def _covers(part: Partition, month: datetime) -> bool:
    if part.is_default:
        return False
    return (part.start is None or part.start <= month) and (part.end is None or month < part.end)


def _has_rows(cursor: Any, table: str) -> bool:  # noqa: ANN401 - Django's cursor
    cursor.execute(f"SELECT EXISTS (SELECT FROM {connection.ops.quote_name(table)})")  # noqa: S608 - own name
    return bool(cursor.fetchone()[0])


def watch(now: datetime) -> list[Watched]:
    """How far ahead each declared table has its months, and what lies in its default partition. Two queries, however many tables."""
    keys = {each.table: each.key for each in declared()}
    parts = partitions_of(list(keys))
    strays = _strays({part.name: keys[table] for table in parts for part in parts[table] if part.is_default}, now)
    return [Watched(table, _made_until(parts[table], now), *strays.get(f"{table}_default", (0, 0))) for table in sorted(parts)]


def _made_until(parts: Sequence[Partition], now: datetime) -> datetime | None:
    until: datetime | None = month_start(now)
    while until is not None and (part := next((part for part in parts if _covers(part, until)), None)):
        until = part.end
    if until is None:
        return datetime.max.replace(tzinfo=UTC)
    return None if until == month_start(now) else until


def _strays(defaults: dict[str, str], now: datetime) -> dict[str, tuple[int, int]]:
    """How many rows each of these default partitions has, and how many of this month; by their key columns."""
    if not defaults:
        return {}
    quote = connection.ops.quote_name
    counts = [
        f"SELECT '{name}', (SELECT count(*) FROM (SELECT FROM {quote(name)} LIMIT %(most)s) AS counted), (SELECT count(*) FROM"  # noqa: S608
        f" (SELECT FROM {quote(name)} WHERE {quote(key)} >= %(since)s AND {quote(key)} < %(until)s LIMIT %(most)s) AS recent)"
        for name, key in defaults.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(counts), {"most": COUNTED_STRAYS + 1, "since": month_start(now), "until": month_start(now, 1)})
        return {name: (strays, recent) for name, strays, recent in cursor.fetchall()}
