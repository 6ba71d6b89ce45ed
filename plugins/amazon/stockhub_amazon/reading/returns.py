"""What customers sent back to Amazon's warehouses, from the report of returns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from stockhub.pluginapi.connectors import ConnectorContext, Page, ReadRequest, ReadReturns
from stockhub.pluginapi.records import ReturnRecord
from stockhub_amazon.calls import account_of
from stockhub_amazon.fields import instant, text, text_or_empty, whole
from stockhub_amazon.reports.documents import Document
from stockhub_amazon.reports.flow import Consume, ReportWish, cursor_pairs
from stockhub_amazon.reports.repeats import Repeats
from stockhub_amazon.reports.spans import Spans
from stockhub_amazon.reports.tables import Column, Row, Slice, Table, unquoted

RETURNS: Final = "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA"
#: What Amazon's words for the state of a returned unit mean here; others count as damaged, which sells nothing by mistake.
_GRADES: Final = {"SELLABLE": "like_new", "DEFECTIVE": "defective"}

#: `customer-comments` is not read: customers write their telephone numbers there.
RETURNS_TABLE: Final = Table(
    RETURNS,
    (
        Column("return-date"),
        Column("order-id"),
        Column("sku"),
        Column("fnsku", required=False),
        Column("quantity"),
        Column("fulfillment-center-id", required=False),
        Column("detailed-disposition"),
        Column("reason", required=False),
        Column("license-plate-number", required=False),
    ),
)


class AmazonReturns(ReadReturns):
    def read_returns(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[ReturnRecord]]:
        marketplaces = (account_of(context).home.marketplace_id,)
        spans: Spans[ReturnRecord] = Spans(
            wish=lambda start, end: ReportWish(RETURNS, marketplaces, start, end, cancelled_is_empty=True),
            consume=lambda _wish: returns_of_report(context),
            longest=timedelta(days=27),
            overlap=timedelta(days=3),
            shortest=timedelta(hours=6),
        )
        at = cursor_pairs(request.cursor) or {"from": (request.since or context.now() - timedelta(days=30)).isoformat()}
        for page, _after in spans.pages(at, context.now() - timedelta(minutes=10), context):
            yield page


def returns_of_report(context: ConnectorContext) -> Consume[ReturnRecord]:
    """From the first row on: equal rows are told apart by how many came before."""
    warehouse, now = account_of(context).fba_warehouse, context.now()

    def consume(document: Document, after: int) -> Iterator[Slice[ReturnRecord]]:
        repeats = Repeats()
        for part in RETURNS_TABLE.slices(document, lambda row: _return(row, warehouse, now, repeats)):
            if part.row > after or not after:
                yield part

    return consume


def _return(row: Row, warehouse: str, now: datetime, repeats: Repeats) -> ReturnRecord:
    order, sku = text(row, "order-id"), unquoted(text(row, "sku"))
    returned_at = instant(row, "return-date")
    plate = text_or_empty(row, "license-plate-number")
    said = (order, sku, returned_at.isoformat(), row["quantity"], text(row, "detailed-disposition"), text_or_empty(row, "reason"), plate)
    return ReturnRecord(
        external_id=repeats.name("return", said),
        code=sku,
        qty=whole(row, "quantity"),
        returned_at=min(returned_at, now),
        grade=_GRADES.get(text(row, "detailed-disposition").upper(), "damaged"),
        order_external_id=order,
        warehouse=warehouse,
        reason=text_or_empty(row, "reason")[:60],
    )
