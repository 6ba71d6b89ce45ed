"""Turns a plain table into monthly partitions and back, for migrations on PostgreSQL. Elsewhere tables stay as they are.

Everything that the plain table had is read from the catalog and given to the new one: columns, defaults, checks, indexes, foreign keys,
triggers, the sequence and where it stands. What PostgreSQL asks for on top is that primary key and unique constraints end with the
partition key. Privileges that somebody granted on the table by hand have to be granted again.

The lock: ACCESS EXCLUSIVE on the table from the first statement to the end of the migration, SHARE ROW EXCLUSIVE on the tables that its
foreign keys name while those are made again. It waits ten seconds for it, then the migration fails without a trace and can be run again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from stockhub.core.partitions import MONTHS_AHEAD, columns_of, create_default, create_months, month_start

_LOCK_TIMEOUT: Final = "10s"


@dataclass(frozen=True, slots=True)
class _Extras:
    """What hangs on a table, as statements that make it again. `keys`: (name, PRIMARY KEY or UNIQUE, columns)."""

    keys: list[tuple[str, str, list[str]]]
    foreign_keys: list[tuple[str, str]]
    indexes: list[str]
    triggers: list[str]
    sequence: str | None
    sequence_at: tuple[int, bool] | None


def lock_table(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Takes the table for this migration, or fails after ten seconds: who waits for it longer holds up everybody else."""
    if editor.connection.vendor != "postgresql":
        return
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_LOCK_TIMEOUT])
        cursor.execute(f"LOCK TABLE {editor.quote_name(table)} IN ACCESS EXCLUSIVE MODE")
        cursor.execute("SELECT set_config('lock_timeout', '0', true)")


def partition_by_month(
    editor: BaseDatabaseSchemaEditor, table: str, key: str, *, now: datetime, values: Mapping[str, str] | None = None, joins: str = ""
) -> None:
    """Puts the rows of a plain table into monthly partitions by `key`. A table that is partitioned already is left alone.

    `values` are SQL expressions for columns that get another value than they have, `joins` what those need; the rows' table is `source`.
    """
    if editor.connection.vendor != "postgresql":
        return
    lock_table(editor, table)
    with editor.connection.cursor() as cursor:
        if _is_partitioned(cursor, table):
            return
        extras = _extras(cursor, table)
        quote, old = editor.quote_name, f"{table}_unpartitioned"
        cursor.execute(f"ALTER TABLE {quote(table)} RENAME TO {quote(old)}")
        cursor.execute(
            f"CREATE TABLE {quote(table)} (LIKE {quote(old)} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING IDENTITY INCLUDING STORAGE)"
            f" PARTITION BY RANGE ({quote(key)})"
        )
        source = f"{quote(old)} AS source {joins}"
        expressions = {name: (values or {}).get(name, f"source.{quote(name)}") for name in columns_of(cursor, old)}
        cursor.execute(f"SELECT DISTINCT date_trunc('month', {expressions[key]} AT TIME ZONE 'UTC') FROM {source}")  # noqa: S608 - own names
        months = [at.replace(tzinfo=UTC) for (at,) in cursor.fetchall()]
        create_months(cursor, table, (), [*months, *(month_start(now, plus) for plus in range(MONTHS_AHEAD + 1))])
        create_default(cursor, table)
        _move(cursor, editor, old, table, expressions, source)
        _give(cursor, editor, table, extras, key)


def merge_partitions(editor: BaseDatabaseSchemaEditor, table: str, key: str) -> None:
    """The way back: one plain table with all rows, keys without the partition key. A plain table is left alone."""
    if editor.connection.vendor != "postgresql":
        return
    lock_table(editor, table)
    with editor.connection.cursor() as cursor:
        if not _is_partitioned(cursor, table):
            return
        extras = _extras(cursor, table)
        quote, old = editor.quote_name, f"{table}_partitioned"
        cursor.execute(f"ALTER TABLE {quote(table)} RENAME TO {quote(old)}")
        cursor.execute(
            f"CREATE TABLE {quote(table)} (LIKE {quote(old)} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING IDENTITY INCLUDING STORAGE)"
        )
        expressions = {name: f"source.{quote(name)}" for name in columns_of(cursor, old)}
        _move(cursor, editor, old, table, expressions, f"{quote(old)} AS source")
        _give(cursor, editor, table, extras, None, without=key)


def _is_partitioned(cursor: Any, table: str) -> bool:  # noqa: ANN401 - Django's cursor
    cursor.execute("SELECT relkind = 'p' FROM pg_class WHERE oid = %s::regclass", [table])
    return bool(cursor.fetchone()[0])


def _extras(cursor: Any, table: str) -> _Extras:  # noqa: ANN401 - Django's cursor
    cursor.execute(
        "SELECT conname, CASE contype WHEN 'p' THEN 'PRIMARY KEY' ELSE 'UNIQUE' END,"
        " ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY AS k (num, n)"
        "       JOIN pg_attribute ON attrelid = conrelid AND attnum = k.num ORDER BY k.n)"
        " FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('p', 'u') ORDER BY conname",
        [table],
    )
    keys = [(row[0], row[1], list(row[2])) for row in cursor.fetchall()]
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype = 'f' AND conparentid = 0 ORDER BY conname",
        [table],
    )
    foreign_keys = [(row[0], row[1]) for row in cursor.fetchall()]
    cursor.execute(
        "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass"
        " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u')) ORDER BY indexrelid",
        [table],
    )
    # An index of a partitioned table is told as one ON ONLY it, which would leave the partitions out.
    indexes = [row[0].replace(" ON ONLY ", " ON ", 1) for row in cursor.fetchall()]
    cursor.execute(
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal ORDER BY tgname", [table]
    )
    triggers = [row[0] for row in cursor.fetchall()]
    cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
    sequence = cursor.fetchone()[0]
    at = None
    if sequence is not None:
        cursor.execute(f"SELECT last_value, is_called FROM {sequence}")  # noqa: S608 - the catalog's own quoted name
        at = cursor.fetchone()
    return _Extras(keys, foreign_keys, indexes, triggers, sequence, at)


def _move(
    cursor: Any,  # noqa: ANN401 - Django's cursor
    editor: BaseDatabaseSchemaEditor,
    old: str,
    new: str,
    expressions: Mapping[str, str],
    source: str,
) -> None:
    quote = editor.quote_name
    names = ", ".join(quote(name) for name in expressions)
    cursor.execute(f"SELECT count(*) FROM {quote(old)}")  # noqa: S608 - own names
    before = cursor.fetchone()[0]
    cursor.execute(f"INSERT INTO {quote(new)} ({names}) SELECT {', '.join(expressions.values())} FROM {source} ORDER BY source.id")  # noqa: S608
    if cursor.rowcount != before:
        raise RuntimeError(f"{old} has {before} rows, but {cursor.rowcount} were moved; nothing was changed.")
    cursor.execute(f"DROP TABLE {quote(old)}")


def _give(
    cursor: Any,  # noqa: ANN401 - Django's cursor
    editor: BaseDatabaseSchemaEditor,
    table: str,
    extras: _Extras,
    key: str | None,
    *,
    without: str = "",
) -> None:
    """Gives the table what hung on the one before; keys get `key` at their end, or lose `without`."""
    quote = editor.quote_name
    for name, kind, columns in extras.keys:
        wanted = [*(column for column in columns if column not in (key, without)), *([key] if key else [])]
        cursor.execute(f"ALTER TABLE {quote(table)} ADD CONSTRAINT {quote(name)} {kind} ({', '.join(map(quote, wanted))})")
    for statement in extras.indexes:
        cursor.execute(statement)
    for name, definition in extras.foreign_keys:
        cursor.execute(f"ALTER TABLE {quote(table)} ADD CONSTRAINT {quote(name)} {definition}")
    for statement in extras.triggers:
        cursor.execute(statement)
    if extras.sequence is not None and extras.sequence_at is not None:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
        made = cursor.fetchone()[0]
        if made != extras.sequence:
            cursor.execute(f"ALTER SEQUENCE {made} RENAME TO {quote(extras.sequence.split('.')[-1].strip(chr(34)))}")
        cursor.execute("SELECT setval(%s::regclass, %s, %s)", [extras.sequence, *extras.sequence_at])
    cursor.execute(f"ANALYZE {quote(table)}")
