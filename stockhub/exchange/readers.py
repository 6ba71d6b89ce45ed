"""Opens a CSV, XLSX or parquet file as a table. What a file is, its first bytes say, not its name."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from stockhub.exchange.csv_reader import open_csv
from stockhub.exchange.tables import FileError, Table

_UNREADABLE = {
    b"\xd0\xcf\x11\xe0": ("old_excel", _("This is an Excel file of the old kind (.xls). Save it as .xlsx or CSV.")),
    b"\x1f\x8b": ("compressed", _("This is a gzip file. Unpack it first.")),
    b"%PDF": ("pdf", _("This is a PDF. Export the table as CSV or XLSX.")),
}


def open_table(path: Path, *, encoding: str = "") -> Table:
    """Raises `FileError` with what to do about it where the file cannot be read as a table."""
    try:
        with path.open("rb") as handle:
            magic = handle.read(4)
    except OSError as error:
        raise FileError("unreadable", _("The file cannot be opened: %(strerror)s."), params={"strerror": error.strerror}) from error
    if not magic:
        raise FileError("empty", _("The file is empty. It needs a header line with the names of its columns."))
    for start, (code, message) in _UNREADABLE.items():
        if magic.startswith(start):
            raise FileError(code, message)
    if magic == b"PAR1":
        from stockhub.exchange.parquet_reader import open_parquet

        return open_parquet(path)
    if magic == b"PK\x03\x04":
        from stockhub.exchange.xlsx_reader import open_xlsx

        return open_xlsx(path)
    return open_csv(path, encoding=encoding)
