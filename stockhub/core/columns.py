"""A queryset's columns as arrays, without a Python object a row on PostgreSQL.

There the server strings the values of each column together, so that any number of rows travels as one, and their bytes are viewed, not
parsed: an array would be built first and then taken apart into the same bytes. On SQLite, which has no such thing and no wire either, rows
are read as plain tuples. The arrays are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import numpy as np
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BinaryField, DateField, Expression, F, Func, QuerySet, Value
from numpy.typing import NDArray

from stockhub.core.bulk import aware, is_postgresql
from stockhub.core.postgresql import prepared_cursor

IntArray = NDArray[np.int64]
#: Stands for no instant where instants are whole microseconds.
NO_INSTANT: Final = np.iinfo(np.int64).max
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: PostgreSQL counts days and microseconds from here; its infinities are the ends of its integers.
_DAY_ZERO: Final = date(2000, 1, 1).toordinal()
_INSTANT_ZERO: Final = 946_684_800_000_000
_DAY_INFINITY: Final = np.iinfo(np.int32).max
#: libpq's name for results that are not text.
_BINARY: Final = 1


@dataclass(frozen=True, slots=True)
class Blobs:
    """n byte strings: `flat` has one after the other, `sizes` (n,) how long each is."""

    flat: bytes
    sizes: IntArray

    @classmethod
    def of(cls, parts: Sequence[bytes]) -> Blobs:
        return cls(b"".join(parts), np.fromiter(map(len, parts), np.int64, len(parts)))

    def __len__(self) -> int:
        return len(self.sizes)


@dataclass(frozen=True, slots=True)
class Kind:
    """How a column becomes an array: `aggregate` is PostgreSQL's expression, `view` reads its bytes, `rows` takes SQLite's cells."""

    aggregate: str
    view: Callable[[bytes | None, int], Any]
    rows: Callable[[Sequence[Any]], Any]


def read(rows: QuerySet[Any], columns: Mapping[str, Kind]) -> dict[str, Any]:
    """The columns of the rows as aligned arrays, in the order of the queryset: fields or annotations by name, each as its kind says.

    One query. A chunk's worth of rows: PostgreSQL makes no value above a gibibyte. ValueError where a column has a null that its kind
    cannot hold.
    """
    try:
        text = text_of(rows, columns)
    except EmptyResultSet:
        return nothing(columns)
    return ask(text, text.params, columns)


@dataclass(frozen=True, slots=True)
class Text:
    """A query as the database takes it."""

    sql: str
    params: Sequence[Any]


def text_of(rows: QuerySet[Any], columns: Mapping[str, Kind]) -> Text:
    """The query that `read` asks. EmptyResultSet where the ORM knows that there are none."""
    sql, params = rows.values_list(*columns).query.get_compiler(connection=connection).as_sql()
    if not is_postgresql():
        return Text(sql, params)
    names = [f"c{number}" for number in range(len(columns))]
    aggregates = ", ".join(kind.aggregate.format(name) for name, kind in zip(names, columns.values(), strict=True))
    # Sizes and bytes are two aggregates, for each of which the server would cut the part out anew if it put its expression there.
    is_cut = any(kind is BLOB and name in rows.query.annotations for name, kind in columns.items())
    once = " OFFSET 0" if is_cut else ""
    text = f"SELECT count(*), {aggregates} FROM ({sql}{once}) AS rows_read ({', '.join(names)})"  # noqa: S608 - the ORM's own text
    return Text(text, params)


def nothing(columns: Mapping[str, Kind]) -> dict[str, Any]:
    """The columns of no rows."""
    return {name: kind.rows(()) for name, kind in columns.items()}


def ask(text: Text, params: Sequence[Any], columns: Mapping[str, Kind]) -> dict[str, Any]:
    """The columns that the query has with these parameters."""
    if not is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute(text.sql, params)
            cells = list(zip(*cursor.fetchall(), strict=True)) or [()] * len(columns)
        return {name: kind.rows(column) for (name, kind), column in zip(columns.items(), cells, strict=True)}
    with prepared_cursor() as cursor:
        # The driver would make a Python object of each element; the result's own bytes are an array already.
        cursor.cursor.format = _BINARY
        cursor.execute(text.sql, params)
        result = cursor.cursor.pgresult
        count = int.from_bytes(result.get_value(0, 0), "big")
        return {name: kind.view(result.get_value(0, at), count) for at, (name, kind) in enumerate(columns.items(), start=1)}


def days_of(column: str, *, begins: str, since: date | Expression, days: int | Expression, size: int) -> Func:
    """The part of a stored series that lies in `days` days from `since` on: points of `size` bytes, the first on the day in `begins`.

    It begins on the later of the two days, and is empty where the series has none of them.
    """
    first = Value(since, output_field=DateField()) if isinstance(since, date) else since
    wanted = Value(days) if isinstance(days, int) else days
    return _DaysOf(F(column), first, F(begins), wanted, Value(size), output_field=BinaryField())


class _DaysOf(Func):
    """PostgreSQL reads and sends no more of a series than is wanted."""

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, Any]:  # noqa: ANN401, ARG002 - Django's signature
        (column, since, begins, days, size), params = self._parts(compiler)
        text = f"substring({column} from 1 + {size} * ({since}::date - {begins}) for ({size} * {days})::int)"
        return text, [*params[0], *params[4], *params[1], *params[2], *params[4], *params[3]]

    def as_sqlite(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, Any]:  # noqa: ANN401, ARG002 - Django's signature
        (column, since, begins, days, size), params = self._parts(compiler)
        late = f"CAST(julianday({since}) - julianday({begins}) AS INTEGER)"
        # A start below 1 would count from the end.
        text = f"substr({column}, 1 + {size} * max({late}, 0), {size} * max({days} + min({late}, 0), 0))"
        shift = [*params[1], *params[2]]
        return text, [*params[0], *params[4], *shift, *params[4], *params[3], *shift]

    def _parts(self, compiler: Any) -> tuple[list[str], list[Any]]:  # noqa: ANN401 - Django's compiler
        compiled = [compiler.compile(part) for part in self.source_expressions]
        return [text for text, _params in compiled], [params for _text, params in compiled]


def _elements(raw: bytes | None, count: int, form: str) -> NDArray[Any]:
    """The values of one size that the server has strung together, of which it leaves out nulls."""
    values = np.frombuffer(raw or b"", form)
    if len(values) != count:
        raise ValueError("A column that must not be null is null in some row.")
    return values


def _whole(raw: bytes | None, count: int) -> IntArray:
    return _elements(raw, count, ">i8").astype(np.int64)


def _real(raw: bytes | None, count: int) -> NDArray[np.float64]:
    return _elements(raw, count, ">f8").astype(np.float64)


def _flag(raw: bytes | None, count: int) -> NDArray[np.bool_]:
    return _elements(raw, count, "u1").astype(np.bool_)


def _day(raw: bytes | None, count: int) -> NDArray[np.float64]:
    days = _elements(raw, count, ">i4")
    return np.where(days == _DAY_INFINITY, np.nan, days.astype(np.float64) + _DAY_ZERO)


def _instant(raw: bytes | None, count: int) -> IntArray:
    instants = _elements(raw, count, ">i8").astype(np.int64)
    return np.where(instants == NO_INSTANT, NO_INSTANT, np.where(instants == NO_INSTANT, 0, instants) + _INSTANT_ZERO)


def _blobs(raw: bytes | None, count: int) -> Blobs:
    """Sizes first, since they say where the bytes begin: both travel as one."""
    if raw is None:
        return Blobs(b"", np.zeros(0, np.int64))
    return Blobs(raw[4 * count :], np.frombuffer(raw, ">i4", count).astype(np.int64))


def _texts(raw: bytes | None, _count: int) -> NDArray[np.object_]:
    return np.array([] if raw is None else raw.decode().split("\0"), object)


def microseconds(instant: datetime) -> int:
    """An instant as `INSTANT` columns hold it."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


def _instant_cell(cell: Any) -> int:  # noqa: ANN401 - the driver's own type
    return NO_INSTANT if cell is None else microseconds(aware(cell))


def _day_cell(cell: Any) -> float:  # noqa: ANN401 - the driver's own type
    if cell is None:
        return np.nan
    return (date.fromisoformat(cell[:10]) if isinstance(cell, str) else cell).toordinal()


#: 64-bit whole numbers, never null.
INT: Final = Kind("string_agg(int8send({0}), ''::bytea)", _whole, lambda cells: np.array(cells, np.int64))
#: float64, NaN for null.
FLOAT: Final = Kind(
    "string_agg(float8send(coalesce({0}::float8, 'NaN')), ''::bytea)",
    _real,
    lambda cells: np.array([np.nan if c is None else c for c in cells], np.float64),
)
FLAG: Final = Kind("string_agg(boolsend({0}::boolean), ''::bytea)", _flag, lambda cells: np.array(cells, np.bool_))
#: Ordinals of days as float64, NaN for null.
DAY: Final = Kind(
    "string_agg(date_send(coalesce({0}, 'infinity')), ''::bytea)", _day, lambda cells: np.array([_day_cell(c) for c in cells], np.float64)
)
#: Microseconds since 1970 in UTC, `NO_INSTANT` for null.
INSTANT: Final = Kind(
    "string_agg(timestamptz_send(coalesce({0}, 'infinity')), ''::bytea)",
    _instant,
    lambda cells: np.array([_instant_cell(c) for c in cells], np.int64),
)
BLOB: Final = Kind(
    "string_agg(int4send(length({0})), ''::bytea) || string_agg({0}, ''::bytea)",
    _blobs,
    lambda cells: Blobs.of([bytes(c or b"") for c in cells]),
)
#: Texts as bytes, with the one byte between them that no text has.
_STRUNG: Final = r"string_agg(textsend(coalesce({0}, '')), '\x00'::bytea)"
#: Texts of any length, as objects; empty for null.
TEXT: Final = Kind(_STRUNG, _texts, lambda cells: np.array([c or "" for c in cells], object))


def code(width: int) -> Kind:
    """Short ASCII texts such as slugs and currencies, as bytes of that width at most; empty for null."""
    form = f"S{width}"

    def view(raw: bytes | None, _count: int) -> NDArray[np.bytes_]:
        return np.array([] if raw is None else raw.split(b"\0"), form)

    return Kind(_STRUNG, view, lambda cells: np.array([(c or "").encode() for c in cells], form))
