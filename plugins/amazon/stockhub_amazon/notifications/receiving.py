"""The webhook of an account: notifications are proved, reduced, and worked on later, fetched anew where they carry ids only."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from stockhub.pluginapi.connectors import (
    ConnectorContext,
    FeedKind,
    ReceiveWebhook,
    Rejected,
    RequestRefusedError,
    WebhookAnswer,
    WebhookFacts,
    WebhookMessage,
    WebhookPush,
    WebhookRefusedError,
    WebhookRequest,
)
from stockhub.pluginapi.platform_records import MarketSignalRecord
from stockhub.pluginapi.records import ListingRecord, OrderRecord, StockCountRecord
from stockhub_amazon.calls import Query, account_of, call, path_of
from stockhub_amazon.fields import FieldError, decimal_of, required_object
from stockhub_amazon.notifications.envelopes import EnvelopeError, notifications_of
from stockhub_amazon.notifications.proof import require_proof
from stockhub_amazon.notifications.reduced import FBA_STOCK, LISTING_STATUS, OFFER_CHANGED, ORDER_CHANGE, reduced, seller_of
from stockhub_amazon.reading.orders import INCLUDED, order_of

_MOST_BYTES: Final = 2 << 20
_BUCKETS: Final = (
    ("available", "Fulfillable"),
    ("reserved", "PendingCustomerOrder"),
    ("platform_transfer", "WarehouseTransfer"),
    ("inspecting", "WarehouseProcessing"),
    ("researching", "Researching"),
    ("unsellable", "Unfulfillable"),
)


class AmazonNotifications(ReceiveWebhook):
    def receive(self, request: WebhookRequest, context: ConnectorContext) -> WebhookPush:
        config = account_of(context)
        if request.method != "POST":
            raise WebhookRefusedError(400, "no_post", "Notifications are posted.")
        if len(request.body) > _MOST_BYTES:
            raise WebhookRefusedError(413, "too_large", "The body has more than two megabytes.")
        if config.webhook_secret is None or not config.webhook_secret.get_secret_value():
            raise WebhookRefusedError(403, "no_secret", "The account has no secret for its webhook.")
        require_proof(request, config.webhook_secret.get_secret_value(), context.now())
        try:
            found = notifications_of(request.body)
        except EnvelopeError as error:
            return WebhookPush((), _answer(0), unreadable=str(error))
        foreign = [each.kind for each in found if seller_of(each) not in ("", config.seller_id)]
        if foreign:
            raise WebhookRefusedError(403, "other_seller", "A notification is for another seller.")
        messages = [WebhookMessage(each.notification_id, each.kind, reduced(each), each.occurred_at) for each in found]
        return WebhookPush(messages, _answer(len(messages)))

    def work_on(self, messages: Sequence[WebhookMessage], context: ConnectorContext) -> Iterable[WebhookFacts]:
        by_kind: dict[str, list[WebhookMessage]] = {}
        for message in messages:
            by_kind.setdefault(message.kind, []).append(message)
        for kind, some in by_kind.items():
            yield from _WORK.get(kind, _nothing)(some, context)


def _answer(count: int) -> WebhookAnswer:
    return WebhookAnswer(body=json.dumps({"taken": count}).encode())


def _orders(messages: Sequence[WebhookMessage], context: ConnectorContext) -> Iterator[WebhookFacts]:
    """Fetched anew, each order once, however many messages speak of it: what is old by then does not matter."""
    by_order: dict[str, list[str]] = {}
    for message in messages:
        by_order.setdefault(str(message.payload.get("order_id") or ""), []).append(message.message_id)
    for order_id, ids in by_order.items():
        records: list[OrderRecord] = []
        rejected: list[Rejected] = []
        if not order_id:
            rejected.append(Rejected(ids[0], "no_order", "The notification names no order."))
        else:
            try:
                query: Query = {"includedData": INCLUDED}
                answer = call(context, "getOrder", "GET", "/orders/2026-01-01" + path_of("orders", order_id), query=query)
                records.append(order_of(required_object(answer, "order"), context))
            except FieldError as error:
                rejected.append(Rejected(order_id, "bad_field", error.message))
            except RequestRefusedError as error:
                rejected.append(Rejected(order_id, error.code, error.message))
        yield WebhookFacts(FeedKind.ORDERS, records, ids, rejected)


def _stock(messages: Sequence[WebhookMessage], context: ConnectorContext) -> Iterator[WebhookFacts]:
    """The newest of each SKU: they come in any order. Another marketplace's view of the same stock is not added to it."""
    newest: dict[str, WebhookMessage] = {}
    rejected: list[Rejected] = []
    for message in messages:
        sku = str(message.payload.get("sku") or "")
        if not sku or message.occurred_at is None:
            rejected.append(Rejected(message.message_id, "no_sku", "The notification names no SKU or no instant."))
        elif sku not in newest or (newest[sku].occurred_at or message.occurred_at) < message.occurred_at:
            newest[sku] = message
    records = [record for sku, message in newest.items() if (record := _count(sku, message, context))]
    yield WebhookFacts(FeedKind.STOCK, records, [message.message_id for message in messages], rejected)


def _count(sku: str, message: WebhookMessage, context: ConnectorContext) -> StockCountRecord | None:
    config = account_of(context)
    for row in message.payload.get("by_marketplace") or ():
        if row.get("marketplace") == config.home.marketplace_id:
            counts = row.get("counts") or {}
            quantities = tuple((bucket, counts[name]) for bucket, name in _BUCKETS if counts.get(name) is not None)
            at = min(message.occurred_at or context.now(), context.now())
            return StockCountRecord(sku, config.fba_warehouse, quantities, at) if quantities else None
    return None


def _offers(messages: Sequence[WebhookMessage], context: ConnectorContext) -> Iterator[WebhookFacts]:
    """Prices of an article, of ours or of a rival that is watched."""
    config = account_of(context)
    watched = {asin: sku for sku, asin in config.rival_asins}
    records: list[MarketSignalRecord] = []
    rejected: list[Rejected] = []
    for message in messages:
        payload, asin = message.payload, str(message.payload.get("asin") or "")
        if not asin or payload.get("marketplace") != config.home.marketplace_id:
            continue
        code, code_kind, subject = (watched[asin], "sku", asin) if asin in watched else (asin, "asin", "")
        at = min(message.occurred_at or context.now(), context.now())
        for kind, name in (("featured_price", "featured"), ("lowest_price", "lowest")):
            try:
                price = _lowest(payload.get(name) or (), str(payload.get("condition") or "new"))
            except FieldError as error:
                rejected.append(Rejected(message.message_id, "bad_field", error.message))
                continue
            if price is not None:
                records.append(MarketSignalRecord(code, kind, price[0], at, subject, price[1], code_kind))
    yield WebhookFacts(FeedKind.SIGNALS, records, [message.message_id for message in messages], rejected)


def _lowest(rows: Iterable[Mapping[str, Any]], condition: str) -> tuple[Decimal, str] | None:
    prices = [
        (decimal_of("amount", row.get("amount")), str(row.get("currency") or "")) for row in rows if row.get("condition") == condition
    ]
    return min(prices, default=None)


def _listings(messages: Sequence[WebhookMessage], context: ConnectorContext) -> Iterator[WebhookFacts]:
    home, now = account_of(context).home.marketplace_id, context.now()
    records = [
        ListingRecord(str(payload["sku"]), _at(message, now), status="active" if "BUYABLE" in payload["status"] else "inactive")
        for message in messages
        if (payload := message.payload).get("sku") and payload.get("marketplace") == home and isinstance(payload.get("status"), list)
    ]
    yield WebhookFacts(FeedKind.LISTINGS, records, [message.message_id for message in messages])


def _at(message: WebhookMessage, now: datetime) -> datetime:
    return min(message.occurred_at or now, now)


def _nothing(messages: Sequence[WebhookMessage], context: ConnectorContext) -> Iterator[WebhookFacts]:
    """Reports and feeds that are done are found by those who wait for them; of other types nothing is needed."""
    context.log.info("Nothing is done with %d notifications of %s.", len(messages), messages[0].kind)
    yield WebhookFacts(FeedKind.ORDERS, (), [message.message_id for message in messages])


_Work = Callable[[Sequence[WebhookMessage], ConnectorContext], Iterator[WebhookFacts]]
_WORK: Final[Mapping[str, _Work]] = {ORDER_CHANGE: _orders, FBA_STOCK: _stock, OFFER_CHANGED: _offers, LISTING_STATUS: _listings}
