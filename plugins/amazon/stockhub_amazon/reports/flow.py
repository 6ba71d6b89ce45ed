"""From the wish for a report to its rows: asked for, waited for, fetched, read. Each step leaves a cursor that goes on after it.

A report that is done already is used again, one that is under way is waited for: a process that died after asking asks no second time.
Amazon ends reports as FATAL or CANCELLED, often without a reason: that is an error with a count, and after a few of them a refusal.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Generic, TypeVar

from stockhub.pluginapi.connectors import ConnectorContext, Rejected, RequestRefusedError, UnavailableError, UnreadableAnswerError
from stockhub_amazon.calls import Query, call, path_of
from stockhub_amazon.fields import FieldError, instant, instant_or_none, required_objects, text, text_or_empty
from stockhub_amazon.reports.documents import Document, opened
from stockhub_amazon.reports.tables import Slice
from stockhub_amazon.reports.trust import remember_rows, require_trustworthy

R = TypeVar("R")

UNRELIABLE: Final = "unreliable_report"
#: Of documents that came as Amazon wrote them: they stay as they are.
_READ_WHOLE: Final = (UNRELIABLE, "missing_column")
_MOST_FAILURES: Final = 3
#: Amazon makes FBA's daily reports anew every four hours at most.
_AFTER_FAILURE: Final = 4 * 3600.0
_FIRST_POLL: Final = 30.0
_LONGEST_POLL: Final = 300.0
_MOST_POLLS: Final = 200


@dataclass(frozen=True, slots=True)
class ReportWish:
    """`reuse_for`: a report of that age is new enough. `is_whole`: a snapshot, whose rows are compared with the last good one's.

    `cancelled_is_empty`: Amazon also cancels a report that would be empty, which for a span of time is an answer when it comes twice.
    """

    report_type: str
    marketplace_ids: tuple[str, ...]
    start: datetime | None = None
    end: datetime | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    reuse_for: timedelta = timedelta(hours=4)
    is_whole: bool = False
    cancelled_is_empty: bool = False
    is_table: bool = True


@dataclass(frozen=True, slots=True)
class ReportCursor:
    """Where a report stands. `refused` are ids that are not taken again, `misreads` how often this one's document could not be read."""

    report_id: str = ""
    document_id: str = ""
    made_at: str = ""
    row: int = 0
    polls: int = 0
    failures: int = 0
    refused: tuple[str, ...] = ()
    is_done: bool = False
    misreads: int = 0

    def as_json(self) -> dict[str, Any]:
        """Small: what is as at the beginning is left out."""
        pairs = {"id": self.report_id, "doc": self.document_id, "at": self.made_at, "row": self.row, "polls": self.polls}
        pairs |= {"failures": self.failures, "refused": list(self.refused), "done": self.is_done, "misreads": self.misreads}
        return {name: value for name, value in pairs.items() if value}

    @classmethod
    def of(cls, saved: Mapping[str, Any]) -> ReportCursor:
        return cls(
            saved.get("id", ""), saved.get("doc", ""), saved.get("at", ""), saved.get("row", 0), saved.get("polls", 0),
            saved.get("failures", 0), tuple(saved.get("refused", ())), saved.get("done", False), saved.get("misreads", 0),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReportStep(Generic[R]):
    """Records that were read, and where to go on. `data_until` is set when the report is done."""

    cursor: ReportCursor
    records: list[R] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    again_after: float | None = None
    data_until: datetime | None = None
    total: int | None = None


#: What makes records of a document's rows after the one named.
Consume = Callable[[Document, int], Iterator[Slice[R]]]


def report_steps(wish: ReportWish, cursor: ReportCursor, consume: Consume[R], context: ConnectorContext) -> Iterator[ReportStep[R]]:
    """Goes from the cursor to the report's end, or to where nothing can be done before some seconds."""
    if not cursor.report_id:
        cursor = _asked(wish, cursor, context)
        if not cursor.document_id:
            yield ReportStep(cursor, again_after=_FIRST_POLL)
            return
        yield ReportStep(cursor)
    if not cursor.document_id:
        answer = call(context, "getReport", "GET", "/reports/2021-06-30" + path_of("reports", cursor.report_id))
        status, cursor = _looked_at(answer, cursor)
        if status in ("IN_QUEUE", "IN_PROGRESS"):
            if cursor.polls > _MOST_POLLS:
                yield from _failed(wish, cursor, "did not end", context)
            yield ReportStep(cursor, again_after=min(_FIRST_POLL * 2.0 ** min(cursor.polls, 8), _LONGEST_POLL))
            return
        if status != "DONE":
            if status == "CANCELLED" and wish.cancelled_is_empty and cursor.failures:
                context.log.info("Amazon cancelled %s twice: there is nothing in its span of time.", wish.report_type)
                yield ReportStep(replace(cursor, is_done=True), data_until=wish.end)
                return
            yield from _failed(wish, cursor, f"ended as {status}", context)
        yield ReportStep(cursor)
    try:
        yield from _read(wish, cursor, consume, context)
    except UnreadableAnswerError as error:
        yield ReportStep(_after_misreading(cursor, error))
        raise


def _read(wish: ReportWish, cursor: ReportCursor, consume: Consume[R], context: ConnectorContext) -> Iterator[ReportStep[R]]:
    with opened(context, cursor.document_id, is_table=wish.is_table) as document:
        rows = document.lines - 1
        if wish.is_whole and not cursor.row:
            problem = require_trustworthy(wish.report_type, wish.marketplace_ids[0], rows, context)
            if problem:
                raise UnreadableAnswerError(problem, code=UNRELIABLE)
        for part in consume(document, cursor.row):
            if not part.records and not part.rejected and part.row == cursor.row:
                continue
            cursor = replace(cursor, row=max(part.row, cursor.row + 1))
            yield ReportStep(cursor, part.records, part.rejected, total=rows)
    if wish.is_whole:
        remember_rows(wish.report_type, wish.marketplace_ids[0], rows, context)
    until = wish.end or (datetime.fromisoformat(cursor.made_at) if cursor.made_at else None)
    yield ReportStep(replace(cursor, is_done=True), data_until=until, total=rows)


def _asked(wish: ReportWish, cursor: ReportCursor, context: ConnectorContext) -> ReportCursor:
    found = _one_there_already(wish, cursor, context)
    if found is not None:
        return found
    body: dict[str, Any] = {"reportType": wish.report_type, "marketplaceIds": list(wish.marketplace_ids)}
    if wish.options:
        body["reportOptions"] = dict(wish.options)
    if wish.start is not None:
        body["dataStartTime"] = _iso(wish.start)
    if wish.end is not None:
        body["dataEndTime"] = _iso(wish.end)
    answer = call(context, "createReport", "POST", "/reports/2021-06-30/reports", body=body)
    return replace(cursor, report_id=_read_field(answer, "reportId"), document_id="", row=0, polls=0)


def _one_there_already(wish: ReportWish, cursor: ReportCursor, context: ConnectorContext) -> ReportCursor | None:
    query: Query = {
        "reportTypes": wish.report_type,
        "processingStatuses": ["DONE", "IN_PROGRESS", "IN_QUEUE"],
        "marketplaceIds": list(wish.marketplace_ids),
        "pageSize": 20,
        "createdSince": _iso(context.now() - wish.reuse_for),
    }
    answer = call(context, "getReports", "GET", "/reports/2021-06-30/reports", query=query)
    for report in sorted(required_objects(answer, "reports"), key=lambda r: str(r.get("createdTime") or ""), reverse=True):
        try:
            if _serves(wish, report) and text(report, "reportId") not in cursor.refused:
                return replace(_cursor_of(report, cursor), row=0, polls=0)
        except FieldError as error:
            context.log.warning("A report in Amazon's list cannot be read: %s", error.message)
    return None


def _serves(wish: ReportWish, report: Mapping[str, Any]) -> bool:
    """A report of the same span, for the same marketplaces alone. Options are not told, so that a wish with some asks anew."""
    if wish.options or sorted(report.get("marketplaceIds") or ()) != sorted(wish.marketplace_ids):
        return False
    if report.get("reportType") != wish.report_type:
        return False
    if wish.start is None or wish.end is None:
        return True
    start, end = instant_or_none(report, "dataStartTime"), instant_or_none(report, "dataEndTime")
    return start is not None and end is not None and start <= wish.start and end >= wish.end.replace(microsecond=0)


def _looked_at(answer: Mapping[str, Any], cursor: ReportCursor) -> tuple[str, ReportCursor]:
    status = _read_field(answer, "processingStatus")
    if status not in ("IN_QUEUE", "IN_PROGRESS", "DONE", "CANCELLED", "FATAL"):
        raise UnreadableAnswerError(f"Amazon says of a report that it is {status[:30]}, which is no status.", code="unknown_status")
    try:
        after = _cursor_of(answer, cursor)
    except FieldError as error:
        raise UnreadableAnswerError(error.message, code="bad_field") from None
    if status == "DONE" and not after.document_id:
        raise UnreadableAnswerError("Amazon calls a report done that has no document.", code="missing_field")
    return status, replace(after, polls=cursor.polls + 1)


def _cursor_of(report: Mapping[str, Any], cursor: ReportCursor) -> ReportCursor:
    done = text_or_empty(report, "processingStatus") == "DONE"
    made_at = instant_or_none(report, "processingEndTime") or instant(report, "createdTime")
    document = text_or_empty(report, "reportDocumentId") if done else ""
    return replace(cursor, report_id=text(report, "reportId"), document_id=document, made_at=made_at.isoformat())


def _failed(wish: ReportWish, cursor: ReportCursor, what: str, context: ConnectorContext) -> Iterator[ReportStep[Any]]:
    """The step that forgets the report, so that the next attempt asks anew, and then the error."""
    after = _again(cursor)
    said = f"Amazon's {wish.report_type} {cursor.report_id} {what}, attempt {after.failures} of {_MOST_FAILURES}."
    context.log.warning("%s", said)
    if after.failures >= _MOST_FAILURES:
        yield ReportStep(replace(after, failures=0))
        raise RequestRefusedError(
            "report_failed",
            f"{said} See whether Seller Central makes this report by hand for the same marketplace and span, and whether the app has the "
            "role for it; then read the feed again. Until then the data are those of the last good report.",
        )
    yield ReportStep(after)
    raise UnavailableError(f"{said} It is asked for again in some hours.", code="report_failed", after_seconds=_AFTER_FAILURE)


def _again(cursor: ReportCursor) -> ReportCursor:
    return ReportCursor(failures=cursor.failures + 1, refused=(*cursor.refused, cursor.report_id)[-5:])


def _after_misreading(cursor: ReportCursor, error: UnreadableAnswerError) -> ReportCursor:
    """A gateway's page may have come in the document's place, and another report is not to be had for hours: it is fetched once more.

    What was read whole and is not believed is not; the next attempt asks for another report then.
    """
    if cursor.misreads or error.code in _READ_WHOLE:
        return _again(cursor)
    return replace(cursor, misreads=1)


def _read_field(answer: Mapping[str, Any], name: str) -> str:
    try:
        return text(answer, name)
    except FieldError as error:
        raise UnreadableAnswerError(error.message, code="missing_field") from None


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def cursor_text(pairs: Mapping[str, Any]) -> str:
    return json.dumps(pairs, separators=(",", ":"), sort_keys=True)


def cursor_pairs(cursor: str) -> dict[str, Any]:
    """What `cursor_text` wrote. A cursor that is none is a fault of ours or of the host's, and says so."""
    if not cursor:
        return {}
    pairs = json.loads(cursor)
    if not isinstance(pairs, dict):
        raise TypeError("The cursor is no object.")
    return pairs
