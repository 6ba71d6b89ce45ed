"""Many rows at once: COPY on PostgreSQL, executemany on SQLite. Values are as the columns store them, instants aware."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, models

#: Below this many rows COPY costs more than it saves.
FEW = 50
#: Rows of one INSERT with VALUES; SQLite allows some thirty thousand parameters.
VALUES_ROWS = 500
_COPY_ROWS = 5_000
_SPECIAL = re.compile(r"[\\\t\n\r\b\f\v]")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\b": "\\b", "\f": "\\f", "\v": "\\v"})


def is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def transaction_rows() -> int:
    """Rows to write in one transaction: SQLite has one writer, which others must not wait for longer than a tenth of a second."""
    return 20_000 if is_postgresql() else 2_000


def stored(value: Any) -> Any:  # noqa: ANN401 - any column's value
    """A value as SQLite's driver takes it; PostgreSQL's takes all of ours."""
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None))
    return value


def aware(value: Any) -> datetime:  # noqa: ANN401 - the driver's own type
    """An instant as the driver gives it: aware on PostgreSQL, text in UTC on SQLite."""
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def table_of(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Adds rows that cannot collide. The caller holds whatever makes that true."""
    if not rows:
        return
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    with connection.cursor() as cursor:
        if is_postgresql() and len(rows) >= FEW:
            copy_into(cursor, f"{table_of(model)} ({names})", rows)
            return
        if is_postgresql():
            cursor.execute(f"INSERT INTO {table_of(model)} ({names}) {_unnested(_types(model, columns))}", _arrays(rows))
            return
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table_of(model)} ({names}) VALUES ({marks})", _as_stored(rows))  # noqa: S608 - own names


def insert_new(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]], *, returning: str) -> dict[Any, int]:
    """Adds the rows that are not there yet, by any unique constraint; returns the ids of the added by the value of one column."""
    if not rows:
        return {}
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    back = connection.ops.quote_name(returning)
    with connection.cursor() as cursor:
        if is_postgresql() and len(rows) >= FEW:
            return _insert_new_by_copy(cursor, model, names, rows, back)
        if is_postgresql():
            source = _unnested(_types(model, columns))
            cursor.execute(
                f"INSERT INTO {table_of(model)} ({names}) {source} ON CONFLICT DO NOTHING RETURNING {back}, id",
                _arrays(rows),
            )
            return dict(cursor.fetchall())
        added: dict[Any, int] = {}
        marks = f"({', '.join(['%s'] * len(columns))})"
        for chunk in _chunks(rows):
            values = ", ".join([marks] * len(chunk))
            cursor.execute(
                f"INSERT INTO {table_of(model)} ({names}) VALUES {values} ON CONFLICT DO NOTHING RETURNING {back}, id",  # noqa: S608
                [cell for row in _as_stored(chunk) for cell in row],
            )
            added.update(cursor.fetchall())
    return added


def update_rows(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]], *, found_by: Sequence[str] = ("id",)
) -> None:
    """Writes columns of existing rows. Each row: the columns' values, then those that it is found by: its id, and its partition's key."""
    if not rows:
        return
    assignments = ", ".join(f"{connection.ops.quote_name(column)} = %s" for column in columns)
    found = " AND ".join(f"{connection.ops.quote_name(column)} = %s" for column in found_by)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table_of(model)} SET {assignments} WHERE {found}", _as_stored(rows))  # noqa: S608 - own names


def stage(cursor: Any, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:  # noqa: ANN401 - Django's cursor
    """Puts rows into a temporary table of these columns and types, in place of what it held, for one statement to join with.

    The caller is in a transaction, whose end empties it on PostgreSQL.
    """
    types = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    names = ", ".join(columns)
    cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {table} ({types})" + (" ON COMMIT DELETE ROWS" if is_postgresql() else ""))
    cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - own names
    if is_postgresql() and len(rows) >= FEW:
        copy_into(cursor, f"{table} ({names})", rows)
        return
    if is_postgresql():
        if rows:
            cursor.execute(f"INSERT INTO {table} ({names}) {_unnested(columns.values())}", _arrays(rows))
        return
    marks = f"({', '.join(['%s'] * len(columns))})"
    for chunk in _chunks(rows):
        values = ", ".join([marks] * len(chunk))
        cursor.execute(f"INSERT INTO {table} ({names}) VALUES {values}", [cell for row in _as_stored(chunk) for cell in row])  # noqa: S608


def _types(model: type[models.Model], columns: Sequence[str]) -> list[str]:
    """The types of a table's columns, as a cast takes them."""
    fields = {field.column: field for field in model._meta.concrete_fields}
    return [str(fields[column].rel_db_type(connection)) for column in columns]


def _unnested(types: Iterable[str]) -> str:
    """Rows from an array a column: one text however many they are, which the driver and the server have met before."""
    return f"SELECT * FROM unnest({', '.join(f'%s::{each}[]' for each in types)})"  # noqa: S608 - own names


def _arrays(rows: Sequence[Sequence[Any]]) -> list[str]:
    """The columns of some rows as PostgreSQL reads arrays; cells as COPY takes them."""
    return ["{" + ",".join(map(_element, column)) + "}" for column in zip(*rows, strict=True)]


def _element(cell: Any) -> str:  # noqa: ANN401 - any column's value
    if cell is None:
        return "NULL"
    if isinstance(cell, int | float):
        return str(cell)
    if not isinstance(cell, str | date | Decimal):
        raise TypeError(f"A {type(cell).__name__} cannot be written in bulk: give it as text.")
    text = str(cell)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def copy_into(cursor: Any, target: str, rows: Sequence[Sequence[Any]]) -> None:  # noqa: ANN401 - Django's cursor wrapper
    """COPY's own text format. Made here, since the driver's takes six times as long for rows of so many equal cells."""
    texts = _Texts({None: "\\N"})
    with cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for start in range(0, len(rows), _COPY_ROWS):
            lines = ["\t".join(map(texts.__getitem__, row)) for row in rows[start : start + _COPY_ROWS]]
            copy.write("\n".join(lines) + "\n")


class _Texts(dict[Any, str]):
    """Cells as COPY wants them, each made once: numbers, texts and instants. A boolean would be taken for a number."""

    def __missing__(self, cell: Any) -> str:  # noqa: ANN401 - any column's value
        # 104.0 is the same key as 104, which may be of a column of whole numbers.
        text = str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)
        if isinstance(cell, str) and _SPECIAL.search(text):
            text = text.translate(_ESCAPES)
        self[cell] = text
        return text


def _insert_new_by_copy(cursor: Any, model: type[models.Model], names: str, rows: Sequence[Sequence[Any]], back: str) -> dict[Any, int]:  # noqa: ANN401
    """COPY has no ON CONFLICT, so the rows pass through a temporary table."""
    staging = connection.ops.quote_name(f"staging_{model._meta.db_table}")
    cursor.execute(
        f"CREATE TEMPORARY TABLE IF NOT EXISTS {staging} ON COMMIT DELETE ROWS AS SELECT {names} FROM {table_of(model)} WITH NO DATA"  # noqa: S608
    )
    cursor.execute(f"DELETE FROM {staging}")  # noqa: S608
    copy_into(cursor, f"{staging} ({names})", rows)
    cursor.execute(
        f"INSERT INTO {table_of(model)} ({names}) SELECT {names} FROM {staging} ON CONFLICT DO NOTHING RETURNING {back}, id"  # noqa: S608
    )
    return dict(cursor.fetchall())


def _as_stored(rows: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
    return rows if is_postgresql() else [[stored(cell) for cell in row] for row in rows]


def _chunks(rows: Sequence[Sequence[Any]]) -> Iterator[Sequence[Sequence[Any]]]:
    for start in range(0, len(rows), VALUES_ROWS):
        yield rows[start : start + VALUES_ROWS]
