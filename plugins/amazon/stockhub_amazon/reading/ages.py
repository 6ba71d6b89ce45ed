"""How old the stock at Amazon is: of the planning report, one reading a day; and how much of it no active offer sells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from stockhub.pluginapi.connectors import ConnectorContext, Page, ReadAges, ReadRequest
from stockhub.pluginapi.platform_records import StockAgeRecord
from stockhub_amazon.calls import account_of
from stockhub_amazon.reading.stranded import StrandedUnits
from stockhub_amazon.reports.documents import Document
from stockhub_amazon.reports.flow import ReportCursor, ReportWish, cursor_pairs, cursor_text, report_steps
from stockhub_amazon.reports.planning import AGES_TABLE, PLANNING, PlanningRows
from stockhub_amazon.reports.tables import Slice

_Pages = Iterator[Page[StockAgeRecord]]


class AmazonAges(ReadAges):
    """The planning report is asked for first, and while Amazon makes it, that of stranded stock, whose rows are read before its own."""

    def read_ages(self, request: ReadRequest, context: ConnectorContext) -> _Pages:
        at = cursor_pairs(request.cursor)
        stranded, cursor = StrandedUnits(at.get("stranded", {})), ReportCursor.of(at)
        rows = planning_rows(context)

        def consume(document: Document, row: int) -> Iterator[Slice[StockAgeRecord]]:
            return AGES_TABLE.slices_by_place(document, lambda names: rows.ages(names, stranded.units_of), after_row=row)

        if cursor.document_id:
            yield from _stranded_pages(stranded, cursor, context)
            if not stranded.is_settled:
                return
        elif cursor.report_id and not stranded.is_asked:
            yield _asked_page(stranded, cursor, context)
        for step in report_steps(planning_wish(context), cursor, consume, context):
            cursor = step.cursor
            # Two waits in turn would take twice as long. First of all it is kept that the planning report was asked for.
            is_next = step.again_after is not None and not stranded.is_asked
            yield Page(
                step.records,
                _cursor(cursor, stranded),
                data_until=step.data_until,
                rejected=step.rejected,
                again_after=None if is_next else step.again_after,
                is_last=cursor.is_done,
                done=cursor.row,
                total=step.total,
            )
            if is_next:
                yield _asked_page(stranded, cursor, context, again_after=step.again_after)
            elif cursor.document_id and step.again_after is None:
                yield from _stranded_pages(stranded, cursor, context)
                if not stranded.is_settled:
                    return


def _asked_page(
    stranded: StrandedUnits, cursor: ReportCursor, context: ConnectorContext, *, again_after: float | None = None
) -> Page[StockAgeRecord]:
    rejected = stranded.ask(context).rejected
    return Page((), _cursor(cursor, stranded), rejected=rejected, again_after=again_after)


def _stranded_pages(stranded: StrandedUnits, cursor: ReportCursor, context: ConnectorContext) -> _Pages:
    for step in stranded.steps(context):
        yield Page((), _cursor(cursor, stranded), rejected=step.rejected, again_after=step.again_after, done=cursor.row)


def _cursor(cursor: ReportCursor, stranded: StrandedUnits) -> str:
    return cursor_text({**cursor.as_json(), "stranded": stranded.as_json()})


def planning_wish(context: ConnectorContext) -> ReportWish:
    """For the first marketplace alone: Amazon ends the report as FATAL for several."""
    return ReportWish(PLANNING, (account_of(context).home.marketplace_id,), reuse_for=timedelta(hours=8), is_whole=True)


def planning_rows(context: ConnectorContext) -> PlanningRows:
    config = account_of(context)
    return PlanningRows(config.fba_warehouse, config.home.site.time_zone, context.now(), config.home.site.currency)
