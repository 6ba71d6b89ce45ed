"""Whether a removal is there, by Amazon's own report of removal orders: for rows of which no answer or no clear report came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from stockhub.pluginapi.connectors import ConnectorContext, PushResult, PushStatus, RemovalLine
from stockhub_amazon.calls import account_of
from stockhub_amazon.fields import text, whole
from stockhub_amazon.reading.settlements import REMOVAL_ORDERS, REMOVALS_TABLE
from stockhub_amazon.reports.documents import Document
from stockhub_amazon.reports.flow import ReportCursor, ReportWish, report_steps
from stockhub_amazon.reports.tables import Row, Slice, unquoted

#: The report begins so long before the removal was sent: its days are not ours.
_BEFORE: Final = timedelta(days=1)
#: Where it is not noted when a removal was sent.
_LOOK_BACK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class _Ordered:
    order: str
    sku: str
    units: int


def seen_in_report(
    kept: dict[str, Any], rows: Sequence[RemovalLine], known: Sequence[PushResult], order: str, context: ConnectorContext
) -> tuple[dict[str, Any], list[PushResult]]:
    """The results with those that were unknown as the report tells them, and the note to keep. Never a word that nothing was removed.

    A row is applied where the report names all units of its SKU under the removal's id. A report takes minutes: until it is there the rows
    stay unknown, and the note says where to go on. Every ConnectorError of a report.
    """
    at = dict(kept.get("report") or {"until": context.now().isoformat()})
    until = datetime.fromisoformat(at["until"])
    since = (datetime.fromisoformat(kept["sent"]) - _BEFORE) if kept.get("sent") else context.now() - _LOOK_BACK
    wish = ReportWish(REMOVAL_ORDERS, (account_of(context).home.marketplace_id,), since, until, cancelled_is_empty=True)
    cursor = ReportCursor.of(at.get("cursor", {}))
    found, cursor, is_there = _read(wish, cursor, context, looks_again=not cursor.report_id)
    if not is_there:
        return {**kept, "report": {"until": at["until"], "cursor": cursor.as_json()}}, _waiting(known)
    units: dict[str, int] = {}
    for each in found:
        if each.order == order:
            units[each.sku] = units.get(each.sku, 0) + each.units
    note = {name: value for name, value in kept.items() if name != "report"}
    return note, _told(rows, known, units, order, until)


def _read(
    wish: ReportWish, cursor: ReportCursor, context: ConnectorContext, *, looks_again: bool
) -> tuple[list[_Ordered], ReportCursor, bool]:
    """The report's rows, and whether it is there; a report that was asked for just now is looked at once more."""
    found: list[_Ordered] = []
    for step in report_steps(wish, cursor, _consume, context):
        found += step.records
        if step.again_after is not None:
            return _read(wish, step.cursor, context, looks_again=False) if looks_again else ([], step.cursor, False)
    return found, cursor, True


def _consume(document: Document, after: int) -> Iterator[Slice[_Ordered]]:  # noqa: ARG001 - the report is small, and read from its first row
    yield from REMOVALS_TABLE.slices(document, _ordered)


def _ordered(row: Row) -> _Ordered:
    return _Ordered(text(row, "order-id"), unquoted(text(row, "sku")), whole(row, "requested-quantity"))


def _waiting(known: Sequence[PushResult]) -> list[PushResult]:
    said = "Amazon is making its report of removal orders, which tells whether the removal is there."
    return [_again(each, each.code or "no_answer", said) if each.status is PushStatus.UNKNOWN else each for each in known]


def _told(
    rows: Sequence[RemovalLine], known: Sequence[PushResult], units: Mapping[str, int], order: str, until: datetime
) -> list[PushResult]:
    asked: dict[str, int] = {}
    for row, result in zip(rows, known, strict=True):
        if result.status not in (PushStatus.REFUSED, PushStatus.FAILED):
            asked[row.code] = asked.get(row.code, 0) + row.sellable_qty + row.unsellable_qty
    results: list[PushResult] = []
    for row, result in zip(rows, known, strict=True):
        there = units.get(row.code, 0)
        if result.status is not PushStatus.UNKNOWN:
            results.append(result)
        elif there and there == asked[row.code]:
            results.append(PushResult(result.index, PushStatus.APPLIED, "", "Amazon's report of removal orders names it.", order))
        elif there:
            said = f"Amazon's report of {until:%Y-%m-%d %H:%M} UTC names {there} of {asked[row.code]} units of removal {order}."
            results.append(_again(result, "removal_in_part", f"{said} See in Seller Central."))
        else:
            said = f"Amazon's report of {until:%Y-%m-%d %H:%M} UTC does not name removal {order} yet."
            results.append(_again(result, result.code or "no_answer", f"{said} See in Seller Central whether it is there."))
    return results


def _again(result: PushResult, code: str, message: str) -> PushResult:
    return PushResult(result.index, PushStatus.UNKNOWN, code, message, result.reference)
