"""How old the stock at Amazon is: of the planning report, one reading a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from stockhub.pluginapi.connectors import ConnectorContext, Page, ReadAges, ReadRequest
from stockhub.pluginapi.platform_records import StockAgeRecord
from stockhub_amazon.calls import account_of
from stockhub_amazon.reports.documents import Document
from stockhub_amazon.reports.flow import ReportWish
from stockhub_amazon.reports.planning import AGES_TABLE, PLANNING, PlanningRows
from stockhub_amazon.reports.snapshots import snapshot_pages
from stockhub_amazon.reports.tables import Slice


class AmazonAges(ReadAges):
    def read_ages(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[StockAgeRecord]]:
        rows = planning_rows(context)

        def consume(document: Document, row: int) -> Iterator[Slice[StockAgeRecord]]:
            return AGES_TABLE.slices_by_place(document, rows.ages, after_row=row)

        return snapshot_pages(planning_wish(context), request.cursor, consume, context)


def planning_wish(context: ConnectorContext) -> ReportWish:
    """For the first marketplace alone: Amazon ends the report as FATAL for several."""
    return ReportWish(PLANNING, (account_of(context).home.marketplace_id,), reuse_for=timedelta(hours=8), is_whole=True)


def planning_rows(context: ConnectorContext) -> PlanningRows:
    config = account_of(context)
    return PlanningRows(config.fba_warehouse, config.home.site.time_zone, context.now(), config.home.site.currency)
