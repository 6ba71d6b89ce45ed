"""CSV with whatever delimiter, encoding and line ends, however broken: a bad row costs that row, never the file or the memory."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, TextIO

from django.utils.translation import gettext_lazy as _

from stockhub.exchange.encodings import detect_encoding
from stockhub.exchange.tables import BATCH_ROWS, HEADER_COLUMNS, ROW_CHARACTERS, Batch, Fault, FileError

_DELIMITERS: Final = ",\t;|"
#: A quoted cell may hold so many line ends; a quote that is open for longer was never closed.
_JOINED_LINES: Final = 50
_BATCH_CHARACTERS: Final = 8_000_000
_UNDECODED: Final = frozenset(chr(code) for code in range(0xDC80, 0xDD00))


def open_csv(path: Path, *, encoding: str = "") -> CsvTable:
    return CsvTable(path, encoding or detect_encoding(path))


class CsvTable:
    """The header is the first line that is not blank."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._size = max(path.stat().st_size, 1)
        try:
            self._handle: TextIO = path.open(encoding=encoding, errors="surrogateescape", newline="")
            self._lines = _Lines(self._handle)
            self.header, self._delimiter = self._read_header()
        except (LookupError, UnicodeError) as error:
            raise FileError(
                "encoding",
                _("The file is not text in %(encoding)s. Save it as UTF-8, or name its encoding."),
                params={"encoding": encoding},
            ) from error

    def _read_header(self) -> tuple[list[str], str]:
        while (line := self._lines.take()) is not None:
            if line.too_long:
                raise FileError(
                    "header_too_long",
                    _("The first line has more than %(row_characters)s characters; it should name the columns."),
                    params={"row_characters": ROW_CHARACTERS},
                )
            if line.text.strip():
                break
        else:
            raise FileError("empty", _("The file has no line with the names of its columns."))
        text = line.text.lstrip("\ufeff")
        delimiter = max(_DELIMITERS, key=text.count)
        if text.count(delimiter) == 0:
            delimiter = ","
        header = next(csv.reader([text], delimiter=delimiter), [])
        if len(header) > HEADER_COLUMNS:
            raise FileError(
                "too_many_columns", _("The header names more than %(header_columns)s columns."), params={"header_columns": HEADER_COLUMNS}
            )
        return [name.strip() for name in header], delimiter

    def batches(self, indices: Sequence[int]) -> Iterator[Batch]:
        with self._handle:
            while True:
                texts, lines, faults = self._take_rows()
                if not texts and not faults:
                    return
                yield self._batch(texts, lines, faults, indices)

    def _take_rows(self) -> tuple[list[str], list[int], list[Fault]]:
        """The next rows as text, one string each, quotes balanced."""
        texts: list[str] = []
        lines: list[int] = []
        faults: list[Fault] = []
        characters = 0
        while len(texts) < BATCH_ROWS and characters < _BATCH_CHARACTERS and len(faults) < BATCH_ROWS:
            line = self._lines.take()
            if line is None:
                break
            text = line.text
            if line.too_long:
                faults.append(_too_long(line.number))
                continue
            if text.count('"') & 1:
                whole = self._completed(line)
                if whole is None:
                    faults.append(Fault(line.number, "", "unclosed_quote", _("A quotation mark in this line is never closed.")))
                    continue
                text = whole
            if fault := _unusable(line.number, text):
                faults.append(fault)
                continue
            if text.strip():
                texts.append(text)
                lines.append(line.number)
                characters += len(text)
        return texts, lines, faults

    def _completed(self, line: _Line) -> str | None:
        """The row that begins with a line of an odd number of quotes: that line alone where it parses, else with those that follow."""
        if _parses(line.text, self._delimiter, leniently=True):
            return line.text
        joined = line.text
        for ahead in range(_JOINED_LINES):
            following = self._lines.peek(ahead)
            if following is None or following.too_long or len(joined) + len(following.text) > ROW_CHARACTERS:
                return None
            joined += following.text
            if following.text.count('"') & 1:
                if not _parses(joined, self._delimiter, leniently=False):
                    return None
                self._lines.skip(ahead + 1)
                return joined
        return None

    def _batch(self, texts: list[str], lines: list[int], faults: list[Fault], indices: Sequence[int]) -> Batch:
        rows = _parsed(texts, lines, faults, self._delimiter)
        width = len(self.header)
        good: list[list[str]] = []
        numbers: list[int] = []
        for number, row in zip(lines, rows, strict=True):
            if row is None:
                continue
            if len(row) != width:
                if len(row) > width and not any(row[width:]):
                    row = row[:width]  # noqa: PLW2901 - trailing delimiters
                else:
                    faults.append(_of_other_width(number, len(row), width))
                    continue
            good.append(row)
            numbers.append(number)
        columns = [[row[index] for row in good] for index in indices]
        return Batch(numbers, columns, faults, min(self._handle.buffer.tell() / self._size, 1.0))


class _Line:
    __slots__ = ("number", "text", "too_long")

    def __init__(self, number: int, text: str, *, too_long: bool = False) -> None:
        self.number = number
        self.text = text
        self.too_long = too_long


class _Lines:
    """Physical lines with their numbers, and a look at those ahead. A giant line is read in pieces and dropped."""

    def __init__(self, handle: TextIO) -> None:
        self._handle = handle
        self._ahead: deque[_Line] = deque()
        self._number = 0

    def take(self) -> _Line | None:
        return self._ahead.popleft() if self._ahead else self._read()

    def peek(self, distance: int) -> _Line | None:
        while len(self._ahead) <= distance:
            line = self._read()
            if line is None:
                return None
            self._ahead.append(line)
        return self._ahead[distance]

    def skip(self, count: int) -> None:
        for _line in range(count):
            self._ahead.popleft()

    def _read(self) -> _Line | None:
        text = self._handle.readline(ROW_CHARACTERS)
        if not text:
            return None
        self._number += 1
        if len(text) < ROW_CHARACTERS or text[-1] in "\r\n":
            return _Line(self._number, text)
        while (rest := self._handle.readline(ROW_CHARACTERS)) and rest[-1] not in "\r\n":
            pass
        return _Line(self._number, "", too_long=True)


def _parses(text: str, delimiter: str, *, leniently: bool) -> bool:
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error as error:
        # A quote inside of an unquoted cell, such as 5" pipe, is odd but complete.
        return leniently and "expected after" in str(error)
    return len(rows) == 1


def _parsed(texts: list[str], lines: list[int], faults: list[Fault], delimiter: str) -> list[list[str] | None]:
    try:
        rows: list[list[str] | None] = list(csv.reader(texts, delimiter=delimiter))
    except csv.Error:
        rows = []
    if len(rows) == len(texts):
        return rows
    # A row with an even number of misplaced quotes swallowed its neighbours: take them one at a time.
    rows = []
    for number, text in zip(lines, texts, strict=True):
        try:
            row = next(csv.reader([text], delimiter=delimiter, strict=True))
        except (csv.Error, StopIteration):
            faults.append(Fault(number, "", "quotes", _("The quotation marks of this line do not fit together.")))
            rows.append(None)
        else:
            rows.append(row)
    return rows


def _too_long(number: int) -> Fault:
    text = _("The line has more than %(most)d characters.")
    return Fault(number, "", "line_too_long", text, params={"most": ROW_CHARACTERS})


def _of_other_width(number: int, cells: int, width: int) -> Fault:
    text = _("The row has %(cells)d cells where the header has %(width)d.")
    return Fault(number, "", "cells", text, params={"cells": cells, "width": width})


def _unusable(number: int, text: str) -> Fault | None:
    if "\x00" in text:
        return Fault(number, "", "nul", _("The line holds a NUL character."))
    if not text.isascii() and not _UNDECODED.isdisjoint(text):
        return Fault(number, "", "encoding", _("The line holds bytes that are not text in the file's encoding."))
    return None
