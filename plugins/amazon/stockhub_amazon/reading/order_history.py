"""Orders of the past, from the report of all orders by their last change: a span of days each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from stockhub.pluginapi.connectors import ConnectorContext, Page, Rejected
from stockhub.pluginapi.records import OrderLineRecord, OrderRecord
from stockhub_amazon.calls import account_of
from stockhub_amazon.fields import FieldError, amount_or_none, instant, text, text_or_empty, whole
from stockhub_amazon.reading.order_lines import paid_each
from stockhub_amazon.reports.documents import Document
from stockhub_amazon.reports.flow import Consume, ReportWish, cursor_text
from stockhub_amazon.reports.spans import Spans
from stockhub_amazon.reports.tables import ROWS_A_PAGE, Column, Row, Slice, Table, unquoted

ALL_ORDERS: Final = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL"
#: Amazon gives 30 days. The rows of an order need not stand together, so that a span is held in memory: ten days are enough of it.
WINDOW: Final = timedelta(days=10)
_CLOSE: Final = timedelta(hours=6)

#: No name, no place, no telephone number: columns that are not named are not read.
ORDERS_TABLE: Final = Table(
    ALL_ORDERS,
    (
        Column("amazon-order-id", ("order-id",)),
        Column("purchase-date"),
        Column("last-updated-date"),
        Column("order-status"),
        Column("fulfillment-channel"),
        Column("sku"),
        Column("item-status", required=False),
        Column("quantity", ("quantity-purchased",)),
        Column("currency"),
        Column("item-price"),
        Column("item-promotion-discount", required=False),
    ),
    key="amazon-order-id",
)


_STATUSES: Final = (
    ("cancel", "cancelled"),
    ("pending", "created"),
    ("unshipped", "paid"),
    ("partially", "paid"),
    ("ship", "shipped"),
    ("complete", "shipped"),
)


@dataclass(frozen=True, slots=True)
class _HistoryRow:
    order: OrderRecord
    line: OrderLineRecord | None


def history(at: dict[str, Any], context: ConnectorContext) -> Iterator[tuple[Page[OrderRecord], dict[str, Any]]]:
    """Pages of the past, and the cursor of each. The last one has `until`, from where changes are read."""
    marketplaces = tuple(account_of(context).marketplace_ids)
    spans: Spans[OrderRecord] = Spans(
        wish=lambda start, end: ReportWish(ALL_ORDERS, marketplaces, start, end, reuse_for=timedelta(days=2), cancelled_is_empty=True),
        consume=lambda _wish: orders_of_report(context),
        longest=WINDOW,
        shortest=_CLOSE,
    )
    for page, after in spans.pages(at, context.now() - timedelta(minutes=10), context):
        if page.is_last:
            changes = {"until": after["from"]}
            yield Page(page.records, cursor_text(changes), data_until=page.data_until, rejected=page.rejected), changes
        else:
            yield page, after


def orders_of_report(context: ConnectorContext) -> Consume[OrderRecord]:
    """Whole orders: their rows are brought together first. What is counted is orders, not rows."""
    warehouse = account_of(context).fba_warehouse

    def consume(document: Document, after: int) -> Iterator[Slice[OrderRecord]]:
        found: dict[str, list[_HistoryRow]] = {}
        rejected: list[Rejected] = []
        for part in ORDERS_TABLE.slices(document, lambda row: _row(row, warehouse)):
            rejected += part.rejected
            for row in part.records:
                found.setdefault(row.order.external_id, []).append(row)
        broken = {each.external_id.partition(" ")[2].partition(" ")[2] for each in rejected}
        orders = [_together(rows, context.account.currency) for name, rows in found.items() if name not in broken]
        for start in range(after, max(len(orders), after + 1), ROWS_A_PAGE):
            some = orders[start : start + ROWS_A_PAGE]
            yield Slice(some, rejected if start == after == 0 else [], start + len(some))

    return consume


def _row(row: Row, warehouse: str) -> _HistoryRow:
    status = status_of(text(row, "order-status"))
    by_amazon = text(row, "fulfillment-channel").lower() in ("amazon", "afn")
    changed = instant(row, "last-updated-date")
    qty = whole(row, "quantity")
    cancelled = status == "cancelled" or text_or_empty(row, "item-status").lower().startswith("cancel")
    price = amount_or_none(row, "item-price")
    line = None
    if qty and not cancelled:
        line = OrderLineRecord(
            unquoted(text(row, "sku")),
            qty,
            paid_each(_each(price, qty), abs(amount_or_none(row, "item-promotion-discount") or Decimal(0)), qty),
            warehouse=warehouse if by_amazon else "",
            ordered_at=instant(row, "purchase-date"),
        )
    order = OrderRecord(
        external_id=text(row, "amazon-order-id"),
        status=status,
        ordered_at=instant(row, "purchase-date"),
        currency=text_or_empty(row, "currency"),
        version=int(changed.timestamp() * 1000) - 1,
        fulfilled_by="platform" if by_amazon else "merchant",
        cancelled_at=changed if status == "cancelled" else None,
    )
    return _HistoryRow(order, line)


def status_of(said: str) -> str:
    """`Shipped - Delivered to Buyer` and its like begin with what counts."""
    word = said.lower()
    for begins, status in _STATUSES:
        if word.startswith(begins):
            return status
    raise FieldError("order-status", f"The order's status {said[:40]} is not known here.")


def _each(price: Decimal | None, qty: int) -> Decimal | None:
    """The report has the price of the line."""
    return None if price is None else (price / qty).quantize(Decimal("0.000001"))


def _together(rows: list[_HistoryRow], site_currency: str) -> OrderRecord:
    newest = max(rows, key=lambda row: row.order.version).order
    currency = newest.currency or next((row.order.currency for row in rows if row.order.currency), site_currency)
    lines = tuple(row.line for row in rows if row.line is not None)
    return replace(newest, currency=currency, lines=lines)
