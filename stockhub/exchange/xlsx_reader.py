"""The first sheet of an XLSX file, streamed. The file is a zip archive, so its real size is checked before anything is unpacked."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from stockhub.exchange.tables import BATCH_ROWS, HEADER_COLUMNS, Batch, Fault, FileError

_UNPACKED_BYTES: Final = 512 << 20
#: Texts are the one part that openpyxl holds in memory.
_TEXT_BYTES: Final = 64 << 20
_RATIO: Final = 200


def open_xlsx(path: Path) -> XlsxTable:
    _require_harmless(path)
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        return XlsxTable(sheet)
    except FileError:
        raise
    except Exception as error:
        raise FileError("broken_xlsx", _("The XLSX file is damaged or not one. Open it, save it again, or export it as CSV.")) from error


class XlsxTable:
    def __init__(self, sheet: Any) -> None:  # noqa: ANN401 - openpyxl's read-only sheet has no public type
        self._rows: Iterator[tuple[Any, ...]] = sheet.iter_rows(values_only=True)
        self._line = 0
        self.header = self._read_header()

    def _read_header(self) -> list[str]:
        for row in self._rows:
            self._line += 1
            names = ["" if cell is None else str(cell).strip() for cell in row[:HEADER_COLUMNS]]
            while names and not names[-1]:
                names.pop()
            if names:
                return names
        raise FileError("empty", _("The first sheet is empty. It needs a row with the names of its columns."))

    def batches(self, indices: Sequence[int]) -> Iterator[Batch]:
        while True:
            lines: list[int] = []
            rows: list[tuple[Any, ...]] = []
            faults: list[Fault] = []
            for row in self._next_rows():
                self._line += 1
                if all(cell is None for cell in row):
                    continue
                if any(isinstance(row[index], str) and "\x00" in row[index] for index in indices if index < len(row)):
                    faults.append(Fault(self._line, "", "nul", _("The row holds a NUL character.")))
                    continue
                lines.append(self._line)
                rows.append(row)
                if len(lines) >= BATCH_ROWS:
                    break
            if not lines and not faults:
                return
            yield Batch(lines, [[row[index] if index < len(row) else None for row in rows] for index in indices], faults)

    def _next_rows(self) -> Iterator[tuple[Any, ...]]:
        """One by one: `yield from` would close the sheet with this generator, at the end of the first batch."""
        while True:
            try:
                row = next(self._rows)
            except StopIteration:
                return
            except Exception as error:
                raise FileError(
                    "broken_xlsx",
                    _("The XLSX file is damaged after line %(line)s. The rows before it were read."),
                    params={"line": self._line},
                ) from error
            yield row


def _require_harmless(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise FileError("broken_xlsx", _("The XLSX file is damaged or cut off. Save it again, or export it as CSV.")) from error
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise FileError("not_xlsx", _("This is a zip archive, not an XLSX file. Unpack it first."))
    unpacked = sum(part.file_size for part in parts)
    texts = sum(part.file_size for part in parts if part.filename == "xl/sharedStrings.xml")
    dense = any(part.file_size > 10 << 20 and part.file_size > _RATIO * max(part.compress_size, 1) for part in parts)
    if unpacked > _UNPACKED_BYTES or texts > _TEXT_BYTES or dense:
        raise FileError("too_large", _("The XLSX file is too large when unpacked. Export the table as CSV, which has no such limit."))
