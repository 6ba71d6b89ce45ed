"""A removal feed's processing report: what became of each row. What it does not tell clearly is unknown, since nothing can be undone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from stockhub.pluginapi.connectors import PushResult, PushStatus, RemovalLine

_COUNT: Final = re.compile(r"^\s*number of records (processed|successful)\s+(\d{1,9})\s*$", re.IGNORECASE)
_NUMBER, _SKU, _CODE, _TYPE, _MESSAGE = "original-record-number", "sku", "error-code", "error-type", "error-message"


class _UnclearError(Exception):
    """The report does not agree with itself, or with what was sent."""


def results_of(report: str, rows: Sequence[RemovalLine], feed_id: str) -> list[PushResult]:
    """A result for each row. Records are numbered from 1, in the order in which they were sent."""
    try:
        refused = _refused(report, rows)
    except _UnclearError as error:
        said = f"{error} See in Seller Central which units are being removed; nothing is sent again before somebody has looked."
        return [PushResult(i, PushStatus.UNKNOWN, "unclear_report", said, feed_id) for i in range(len(rows))]
    return [
        PushResult(i, PushStatus.REFUSED, "removal_refused", refused[i][:500], feed_id)
        if i in refused
        else PushResult(i, PushStatus.APPLIED, reference=feed_id)
        for i in range(len(rows))
    ]


def _refused(report: str, rows: Sequence[RemovalLine]) -> Mapping[int, str]:
    """Why Amazon refused a row, by its place."""
    processed, successful = _counts(report)
    if processed != len(rows) or successful > processed:
        raise _UnclearError(f"Amazon's report tells of {processed} records, {successful} of them successful; {len(rows)} were sent.")
    found: dict[int, str] = {}
    for error in _errors(report):
        place = _place(error, rows)
        said = f"{error.get(_CODE, '')}: {error.get(_MESSAGE, '')}".strip(": ") or "Amazon does not say why."
        found[place] = f"{found[place]}; {said}" if place in found else said
    if len(found) != processed - successful:
        raise _UnclearError(f"Amazon's report counts {processed - successful} refused records and names {len(found)}.")
    return found


def _counts(report: str) -> tuple[int, int]:
    found: dict[str, set[int]] = {"processed": set(), "successful": set()}
    for line in report.splitlines():
        if match := _COUNT.match(line):
            found[match[1].lower()].add(int(match[2]))
    if any(len(numbers) != 1 for numbers in found.values()):
        raise _UnclearError("Amazon's report does not say how many records it took.")
    return found["processed"].pop(), found["successful"].pop()


def _errors(report: str) -> list[dict[str, str]]:
    """Rows of the report's table that are errors; warnings are none."""
    header: list[str] = []
    found: list[dict[str, str]] = []
    for line in report.splitlines():
        cells = [cell.strip() for cell in line.split("\t")]
        if header and any(cells):
            row = dict(zip(header, cells, strict=False))
            if row.get(_TYPE, "").lower() != "warning":
                found.append(row)
        elif cells[0].lower() == _NUMBER:
            header = [cell.lower() for cell in cells]
    return found


def _place(error: Mapping[str, str], rows: Sequence[RemovalLine]) -> int:
    number = error.get(_NUMBER, "")
    if not number.isdecimal() or not 1 <= int(number) <= len(rows):
        raise _UnclearError(f"Amazon's report names record {number[:20] or '(none)'} of {len(rows)}.")
    place = int(number) - 1
    if error.get(_SKU) and error[_SKU] != rows[place].code.strip():
        raise _UnclearError(f"Amazon's report calls record {number} {error[_SKU][:60]}, and {rows[place].code[:60]} was sent there.")
    return place
