"""What Douyin pushes: it carries ids only, so that what they name is fetched anew."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from typing import Final, cast

from stockhub.pluginapi.connectors import (
    ConnectorContext,
    FeedKind,
    Rejected,
    WebhookAnswer,
    WebhookFacts,
    WebhookMessage,
    WebhookPush,
    WebhookRefusedError,
    WebhookRequest,
)
from stockhub_douyin.account import DouyinAccountConfig
from stockhub_douyin.client import DouyinClient
from stockhub_douyin.listings import listings_of_products
from stockhub_douyin.orders import one_order
from stockhub_douyin.push_messages import UnreadableBodyError, messages_of
from stockhub_douyin.returns import after_sales_since
from stockhub_douyin.signing import push_signature

#: What the platform wants to hear within five seconds.
ACKNOWLEDGED: Final = WebhookAnswer(200, b'{"code":0,"msg":"success"}')
_PRODUCTS: Final = frozenset(("400", "417"))
_PRODUCTS_A_CALL: Final = 100
#: After-sales are looked for by the time of their change, a little before what the message says.
_EARLIER_SECONDS: Final = 120
_UNDATED_SECONDS: Final = 3_600


def receive(request: WebhookRequest, context: ConnectorContext) -> WebhookPush:
    """Verified over the bytes as they came, and taken apart. Messages for other shops of the same app are not this account's."""
    config = cast("DouyinAccountConfig", context.config)
    _verify(request, config)
    try:
        messages = messages_of(request.body)
    except UnreadableBodyError as error:
        return WebhookPush((), ACKNOWLEDGED, unreadable=str(error))
    ours = [message for message in messages if message.payload.get("shop_id", config.shop_id) == config.shop_id]
    if len(ours) < len(messages):
        context.log.warning("%s messages are for another shop of the app and are left out.", len(messages) - len(ours))
    return WebhookPush(ours, ACKNOWLEDGED)


def work_on(messages: Sequence[WebhookMessage], context: ConnectorContext) -> Iterator[WebhookFacts]:
    """Orders, returns and listings that the messages name, each fetched once."""
    client = DouyinClient(context)
    rest: list[WebhookMessage] = []
    by_order: dict[str, list[WebhookMessage]] = {}
    products: dict[str, list[WebhookMessage]] = {}
    for message in messages:
        payload = message.payload
        if payload.get("p_id"):
            by_order.setdefault(payload["p_id"], []).append(message)
        elif message.kind in _PRODUCTS and payload.get("product_id"):
            products.setdefault(payload["product_id"], []).append(message)
        else:
            rest.append(message)
    yield from _settled(rest)
    for order_id, about in by_order.items():
        yield from _order(client, order_id, about)
    yield from _products(client, products)


def _verify(request: WebhookRequest, config: DouyinAccountConfig) -> None:
    if request.method.upper() != "POST":
        raise WebhookRefusedError(400, "method", "Douyin pushes with POST.")
    if not hmac.compare_digest(request.headers.get("app-id", "").encode(), config.app_key.encode()):
        raise WebhookRefusedError(403, "app", "The message is of another app than this account's.")
    wanted = push_signature(app_key=config.app_key, app_secret=config.app_secret.get_secret_value(), body=request.body)
    if not hmac.compare_digest(request.headers.get("event-sign", "").encode(), wanted.encode()):
        raise WebhookRefusedError(401, "signature", "The signature of the message is wrong: check the app secret.")


def _settled(messages: Sequence[WebhookMessage]) -> Iterator[WebhookFacts]:
    """Messages that lead to no record: the verification, tags that say nothing of stock, and what cannot be read, which is set apart."""
    if not messages:
        return
    rejected = [
        Rejected(message.message_id, "unreadable_message", f"Message {message.kind}: {message.payload['fault']}")
        for message in messages
        if "fault" in message.payload
    ]
    yield WebhookFacts(FeedKind.ORDERS, (), [message.message_id for message in messages], rejected)


def _order(client: DouyinClient, order_id: str, about: Sequence[WebhookMessage]) -> Iterator[WebhookFacts]:
    records, rejected = one_order(client, order_id)
    after_sales = [message for message in about if _may_bring_goods_back(message, client)]
    done = [message.message_id for message in about if message not in after_sales]
    yield WebhookFacts(FeedKind.ORDERS, records, done, rejected)
    if after_sales:
        yield _returns(client, after_sales)


def _may_bring_goods_back(message: WebhookMessage, client: DouyinClient) -> bool:
    kind = message.payload.get("aftersale_type")
    return bool(message.payload.get("aftersale_id")) and kind in client.config.returning_types


def _returns(client: DouyinClient, messages: Sequence[WebhookMessage]) -> WebhookFacts:
    now = int(client.context.now().timestamp())
    times = [int(message.occurred_at.timestamp()) if message.occurred_at else now - _UNDATED_SECONDS for message in messages]
    wanted = {message.payload["aftersale_id"] for message in messages}
    records, rejected = after_sales_since(client, min(times) - _EARLIER_SECONDS, wanted)
    return WebhookFacts(FeedKind.RETURNS, records, [message.message_id for message in messages], rejected)


def _products(client: DouyinClient, products: dict[str, list[WebhookMessage]]) -> Iterator[WebhookFacts]:
    ids = list(products)
    for start in range(0, len(ids), _PRODUCTS_A_CALL):
        some = ids[start : start + _PRODUCTS_A_CALL]
        found = listings_of_products(client, some)
        done = [message.message_id for product_id in some for message in products[product_id]]
        yield WebhookFacts(FeedKind.LISTINGS, found.records, done, found.rejected)
