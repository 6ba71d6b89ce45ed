"""How rows become a file: CSV as it is read, XLSX and parquet through a file on disk, each in memory of one chunk."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import IO, Any, Final

from django.utils.translation import gettext_lazy as _

from stockhub.core.spreadsheet_text import inert, text_cell
from stockhub.exports.export import CHUNK, Column, Kind, Row
from stockhub.values import DomainError

#: The rows of an XLSX sheet, its header among them.
MOST_SHEET_ROWS: Final = 1_048_576
BOM: Final = "\ufeff"
#: Of numbers with a fraction, which are estimates: people read a CSV. The typed formats hold all of them.
CSV_PLACES: Final = 4


def instant_text(value: dt.datetime) -> str:
    """`2026-03-02T04:00:00Z`: always in UTC, so that a file means the same wherever it is opened."""
    return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def _amount_text(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


_TEXTS: Final[dict[Kind, Callable[[Any], object]]] = {
    Kind.TEXT: lambda value: inert(str(value)),
    Kind.INTEGER: int,
    Kind.NUMBER: lambda value: _amount_text(Decimal(repr(round(float(value), CSV_PLACES)))),
    Kind.AMOUNT: lambda value: _amount_text(Decimal(value)),
    Kind.DAY: dt.date.isoformat,
    Kind.INSTANT: instant_text,
    Kind.FLAG: lambda value: "true" if value else "false",
}


def csv_chunks(columns: Sequence[Column], rows: Iterator[Row], *, bom: bool) -> Iterator[bytes]:
    """The file in pieces of `CHUNK` rows, UTF-8 with CRLF as RFC 4180 wants it. Nothing is an empty cell."""
    writers = [_TEXTS[column.kind] for column in columns]
    buffer = io.StringIO(newline="")
    table = csv.writer(buffer)
    buffer.write(BOM if bom else "")
    table.writerow([column.name for column in columns])
    while True:
        batch = list(islice(rows, CHUNK))
        table.writerows(["" if value is None else write(value) for write, value in zip(writers, row, strict=True)] for row in batch)
        yield buffer.getvalue().encode()
        if len(batch) < CHUNK:
            return
        buffer.seek(0)
        buffer.truncate()


def xlsx_file(columns: Sequence[Column], rows: Iterator[Row]) -> IO[bytes]:
    """One sheet, written row by row. Texts are typed as texts, and marked as quoted where they look like a formula."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("export")

    def cell(kind: Kind, value: Any) -> object:  # noqa: ANN401 - what a row holds
        if value is None:
            return None
        if kind is Kind.TEXT:
            return text_cell(sheet, str(value))
        if kind is Kind.INSTANT:
            return value.astimezone(dt.UTC).replace(tzinfo=None)
        return bool(value) if kind is Kind.FLAG else value

    sheet.append([column.name for column in columns])
    kinds = [column.kind for column in columns]
    for number, row in enumerate(rows, start=2):
        if number > MOST_SHEET_ROWS:
            message = _("A sheet has at most 1,048,576 rows. Narrow the export by its filters, or take it as .csv or .parquet.")
            raise DomainError("too_many_rows", message, params={"most": MOST_SHEET_ROWS - 1})
        sheet.append([cell(kind, value) for kind, value in zip(kinds, row, strict=True)])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    return file


def parquet_file(columns: Sequence[Column], rows: Iterator[Row]) -> IO[bytes]:
    """Typed columns, a row group a chunk: whole numbers, decimals of six places, days and instants in UTC. Texts are as they are."""
    import pyarrow as pa
    from pyarrow import parquet

    types = {
        Kind.TEXT: pa.string(), Kind.INTEGER: pa.int64(), Kind.NUMBER: pa.float64(), Kind.AMOUNT: pa.decimal128(24, 6),
        Kind.DAY: pa.date32(), Kind.INSTANT: pa.timestamp("us", tz="UTC"), Kind.FLAG: pa.bool_(),
    }  # fmt: skip
    schema = pa.schema([(column.name, types[column.kind]) for column in columns])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with parquet.ParquetWriter(file, schema) as writer:
        # Small row groups waste space: a group is ten chunks.
        while batch := list(islice(rows, CHUNK * 10)):
            series = zip(*batch, strict=True)
            arrays = [
                pa.array(_typed(column.kind, values), field.type) for column, values, field in zip(columns, series, schema, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
    return file


def _typed(kind: Kind, values: Sequence[Any]) -> list[Any]:
    if kind is Kind.TEXT:
        return [None if value is None else str(value) for value in values]
    if kind is Kind.AMOUNT:
        return [None if value is None else Decimal(value).quantize(Decimal("0.000001")) for value in values]
    return list(values)


@dataclass(frozen=True, slots=True)
class Format:
    """A file's suffix and type; `as_file` makes it as a whole, the others stream."""

    suffix: str
    content_type: str
    as_file: Callable[[Sequence[Column], Iterator[Row]], IO[bytes]] | None = None


FORMATS: Final = {
    each.suffix: each
    for each in (
        Format("csv", "text/csv; charset=utf-8"),
        Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_file),
        Format("parquet", "application/vnd.apache.parquet", parquet_file),
    )
}
