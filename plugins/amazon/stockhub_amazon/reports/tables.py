"""Tables of reports: columns found by their names, whichever order and language they come in; what is unknown is left out.

Amazon renames, moves and adds columns without notice. A column that is needed and missing is an error that names it; a quantity is never
taken from the place where its column used to be.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Final, Generic, TypeVar

from stockhub.pluginapi.connectors import Rejected, UnreadableAnswerError
from stockhub_amazon.fields import FieldError
from stockhub_amazon.reports.documents import Document

R = TypeVar("R")
Row = Mapping[str, str]
#: From the names of the columns that are there to what makes a record of a row's fields, in the same order.
Bind = Callable[[tuple[str, ...]], Callable[[tuple[str, ...]], R | None]]
_SEPARATORS: Final = re.compile(r"[\s_\-/]+")
#: A page of a report: large enough that storing it is cheap, small enough to hold.
ROWS_A_PAGE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Column:
    """`name` is what code calls it, as Amazon's English header does; `aliases` are other names that it was seen under."""

    name: str
    aliases: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True)
class Slice(Generic[R]):
    """Records of the rows up to `row`, which counts from 1 without the header."""

    records: list[R]
    rejected: list[Rejected]
    row: int


@dataclass(frozen=True, slots=True)
class Table:
    """Which columns of a report are wanted."""

    report_type: str
    columns: tuple[Column, ...]
    #: The column that rows are known by in errors.
    key: str = "sku"

    def slices(self, document: Document, make: Callable[[Row], R | None], *, after_row: int = 0) -> Iterator[Slice[R]]:
        """The records, in slices of at most `ROWS_A_PAGE` rows. A row that cannot be read is set apart, with its number."""
        return self.slices_by_place(document, lambda names: lambda values: make(dict(zip(names, values, strict=True))), after_row=after_row)

    def slices_by_place(self, document: Document, bind: Bind[R], *, after_row: int = 0) -> Iterator[Slice[R]]:
        """The same for who makes his records of the fields by their places: `bind` is called once, with the names of the columns."""
        with document.text() as source:
            try:
                yield from self._slices(source, bind, after_row, is_ended=document.is_ended)
            except (UnicodeDecodeError, csv.Error) as error:
                raise UnreadableAnswerError(
                    f"{self.report_type} cannot be read as {document.encoding}: {type(error).__name__}.", code="bad_encoding"
                ) from None

    def _slices(self, source: Iterable[str], bind: Bind[R], after_row: int, *, is_ended: bool) -> Iterator[Slice[R]]:
        lines = iter(source)
        first = next(lines, "")
        quoted = first.lstrip("\ufeff").startswith('"')
        header = next(_reader([first], quoted=quoted), [])
        names, pick = self.places(header)
        key, width, make = names.index(self.key), len(header), bind(names)
        records: list[R] = []
        rejected: list[Rejected] = []
        number = 0
        fields = header
        for number, fields in enumerate(_reader(lines, quoted=quoted), 1):
            if number <= after_row:
                continue
            if len(fields) == width:
                values = pick(fields)
                try:
                    record = make(values)
                except FieldError as error:
                    rejected.append(_rejected(number, values[key], f"Row {number}: {error.message}", error.name))
                else:
                    if record is not None:
                        records.append(record)
            elif any(fields):
                rejected.append(_rejected(number, "", f"Row {number} has {len(fields)} fields, the header has {width}."))
            if number % ROWS_A_PAGE == 0:
                yield Slice(records, rejected, number)
                records, rejected = [], []
        if not is_ended and (len(fields) < width or not number):
            raise UnreadableAnswerError(f"{self.report_type} ends in the middle of row {number}.", code="half_document")
        yield Slice(records, rejected, max(number, after_row))

    def places(self, header: list[str]) -> tuple[tuple[str, ...], Callable[[list[str]], tuple[str, ...]]]:
        """The names of the columns that are there, and what picks their fields from a row."""
        found: dict[str, int] = {}
        for place, said in enumerate(header):
            found.setdefault(normal(said), place)
        at: dict[str, int] = {}
        for column in self.columns:
            known = [normal(name) for name in (column.name, *column.aliases) if normal(name) in found]
            if known:
                at[column.name] = found[known[0]]
            elif column.required:
                raise UnreadableAnswerError(
                    f"{self.report_type} has no column {column.name!r}: Amazon renamed or removed it. Nothing of the report is used.",
                    code="missing_column",
                )
        names, places = tuple(at), tuple(at.values())
        get = itemgetter(*places)
        return names, (get if len(places) > 1 else lambda row: (row[places[0]],))


def normal(said: str) -> str:
    """A header without what it is written with: case, quotes, blanks, hyphens, the question mark."""
    return _SEPARATORS.sub("-", said.strip("\ufeff\"' \t\r\n?").lower())


def unquoted(said: str) -> str:
    """A field of a table that quotes only where it must, and is read without quoting because titles hold bare quotes."""
    if len(said) > 1 and said[0] == said[-1] == '"':
        inner = said[1:-1]
        if inner.replace('""', "").find('"') < 0:
            return inner.replace('""', '"')
    return said


def _reader(lines: Iterable[str], *, quoted: bool) -> Iterator[list[str]]:
    if quoted:
        return csv.reader(lines, delimiter="\t")
    return csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def _rejected(number: int, key: str, message: str, field: str = "") -> Rejected:
    return Rejected(f"row {number} {key}".strip()[:200], "bad_row", message[:300], {"row": number, "field": field})
