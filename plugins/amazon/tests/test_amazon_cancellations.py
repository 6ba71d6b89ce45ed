"""What an order tells of its cancelled lines: they reserve nothing, and what could not be delivered stays demand (H103, U24)."""

from __future__ import annotations

from typing import Any

import pytest

from stockhub.pluginapi.connectors import ConnectorContext
from stockhub.pluginapi.testing.connector_context import connector_context
from stockhub_amazon.connector import AmazonConnector
from stockhub_amazon.reading.orders import order_of

CONFIG = {
    "lwa_client_id": "a", "lwa_client_secret": "s", "refresh_token": "r", "seller_id": "A1B2C3D4E5", "region": "na",
    "marketplace_ids": ["ATVPDKIKX0DER"],
}  # fmt: skip


def context_of(**changes: object) -> ConnectorContext:
    return connector_context(AmazonConnector(), CONFIG | changes, reaches_network=False)


@pytest.fixture
def context() -> ConnectorContext:
    return context_of()


def cancelled_item(by: str, reason: str, *, qty: int = 2, sent: int = 0, to_send: int | None = 0) -> dict[str, Any]:
    units = {"quantityFulfilled": sent} | ({} if to_send is None else {"quantityUnfulfilled": to_send})
    execution = {"cancellationExecution": {"cancelledBy": by, "cancelReason": reason}}
    return {"orderItemId": f"{by}{reason}{qty}", "quantityOrdered": qty, "product": {"sellerSku": "A"}, "fulfillment": units,
            "cancellation": execution}  # fmt: skip


@pytest.mark.parametrize(
    ("items", "status", "reason", "lines", "whole_order"),
    [
        ([cancelled_item("MERCHANT", "Out of stock")], "CANCELLED", "stock_out", [(2, "cancelled")], True),
        ([cancelled_item("BUYER", "Out of stock")], "CANCELLED", "out of stock", [(2, "cancelled")], True),
        ([cancelled_item("MERCHANT", "Buyer asked")], "CANCELLED", "buyer asked", [(2, "cancelled")], True),
        ([cancelled_item("MERCHANT", "NoInventory"), cancelled_item("BUYER", "")], "CANCELLED", "by buyer", [(2, "cancelled")] * 2, True),
        ([cancelled_item("MERCHANT", "NoInventory", qty=0)], "CANCELLED", "stock_out", [], False),
        ([cancelled_item("MERCHANT", "NoInventory", sent=1)], "SHIPPED", "stock_out", [(2, "")], True),
        ([cancelled_item("MERCHANT", "NoInventory", to_send=None)], "UNSHIPPED", "stock_out", [(2, "")], True),
    ],
)
def test_what_was_cancelled_and_why(
    context: ConnectorContext,
    items: list[dict[str, Any]],
    status: str,
    reason: str,
    lines: list[tuple[int, str]],
    whole_order: bool,  # noqa: FBT001 - of the table
) -> None:
    times = {"createdTime": "2026-11-20T10:00:00Z", "lastUpdatedTime": "2026-11-20T10:00:00Z"}
    row = {"orderId": "O", **times, "orderItems": items, "fulfillment": {"fulfillmentStatus": status, "fulfilledBy": "MERCHANT"}}
    record = order_of(row, context)
    assert (record.cancel_reason, record.is_complete) == (reason, whole_order)
    assert [(line.qty, line.status) for line in record.lines] == lines


def test_the_words_for_a_want_of_stock_are_the_accounts() -> None:
    row = {"orderId": "O", "createdTime": "2026-11-20T10:00:00Z", "lastUpdatedTime": "2026-11-20T10:00:00Z",
           "orderItems": [cancelled_item("MERCHANT", "Kein Bestand")],
           "fulfillment": {"fulfillmentStatus": "CANCELLED", "fulfilledBy": "MERCHANT"}}  # fmt: skip
    assert order_of(row, context_of()).cancel_reason == "kein bestand"
    assert order_of(row, context_of(stock_out_words=["bestand"])).cancel_reason == "stock_out"
