"""Rows that are written by another area's bulk service: in chunks, with its refusals as faults of the file's lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stockhub.editing.upserts import MAX_ROWS, RowResult, RowStatus
from stockhub.exchange.jobs import ImportRun
from stockhub.exchange.tables import Fault, FileError
from stockhub.values.errors import DomainError

Row = TypeVar("Row")

#: Documents and listings are put together from rows all over the file, so such a file has an end.
GROUPED_ROWS: Final = 500_000


@contextmanager
def effect(run: ImportRun) -> Iterator[None]:
    """Nothing for a real import, whose services have transactions of their own; one that is rolled back for a dry run."""
    if not run.is_dry:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def write_rows(rows: Sequence[tuple[int, Row]], write: Callable[[Sequence[Row]], Sequence[RowResult]]) -> tuple[int, int, list[Fault]]:
    """Writes (line, row) pairs; returns how many were new or changed, how many unchanged, and the faults."""
    written = unchanged = 0
    faults: list[Fault] = []
    for start in range(0, len(rows), MAX_ROWS):
        chunk = rows[start : start + MAX_ROWS]
        for result in write([row for _line, row in chunk]):
            if result.status == RowStatus.REFUSED and result.error is not None:
                faults.append(fault_of(chunk[result.index][0], result.error))
            elif result.status == RowStatus.UNCHANGED:
                unchanged += 1
            else:
                written += 1
    return written, unchanged, faults


def fault_of(line: int, error: DomainError) -> Fault:
    value = str(error.params.get("value", ""))
    return Fault(line, ".".join(error.path), error.code, error.text, value, error.params)


def require_few(rows: int) -> None:
    if rows > GROUPED_ROWS:
        raise FileError(
            "too_many_rows",
            _("Such a file may have %(most)d rows. Split it; no object may be in two parts."),
            params={"most": GROUPED_ROWS},
        )


def given(**values: object) -> dict[str, object]:
    """Those that a row has: an empty cell leaves what is there."""
    return {name: value for name, value in values.items() if value is not None}
