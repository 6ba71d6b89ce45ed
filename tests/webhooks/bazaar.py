"""A small marketplace that pushes: HMAC over time and body, ids of 64 bits as numbers, and personal data that nobody asked for."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import BaseModel, SecretStr

from stockhub.channels.models import Account
from stockhub.pluginapi import MarketplaceConnector, Site
from stockhub.pluginapi.connectors import (
    ConnectorContext,
    FeedKind,
    ReceiveWebhook,
    WebhookAnswer,
    WebhookFacts,
    WebhookMessage,
    WebhookPush,
    WebhookRefusedError,
    WebhookRequest,
)
from stockhub.pluginapi.records import OrderLineRecord, OrderRecord
from stockhub.pluginhost import registry
from stockhub.pluginhost.configuration import Stored, save
from stockhub.pluginhost.kinds import Kind
from stockhub.values import Label

SECRET = "a-secret-of-the-shop"
SHOP = "4671234567890123456"
TOLERANCE_SECONDS = 300
ACKNOWLEDGED = b'{"code":0,"msg":"success"}'
_KEPT = ("order", "status", "version", "at", "code", "qty", "price", "room", "author")

Works = Callable[[Sequence[WebhookMessage], ConnectorContext], Iterable[WebhookFacts]]


class BazaarConfig(BaseModel):
    shop_id: str = SHOP
    secret: SecretStr


class Bazaar(MarketplaceConnector, ReceiveWebhook):
    """`works` stands in for `work_on` where a test sets it; `reads` for the reading of a verified body."""

    slug = "bazaar"
    name = Label("Bazaar", "集市")
    sites = (Site("CN", Label("China", "中国"), "Asia/Shanghai", "CNY"),)
    account_config_model: ClassVar[type[BaseModel]] = BazaarConfig

    def __init__(self) -> None:
        self.works: Works | None = None
        self.reads: Callable[[bytes], Any] = json.loads
        self.answer = WebhookAnswer(200, ACKNOWLEDGED)
        self.worked: list[list[str]] = []

    def receive(self, request: WebhookRequest, context: ConnectorContext) -> WebhookPush:
        config = context.config
        assert isinstance(config, BazaarConfig)
        told_at = request.headers.get("x-bazaar-time", "")
        if not hmac.compare_digest(
            signature(told_at, request.body, config.secret.get_secret_value()), request.headers.get("x-bazaar-sign", "")
        ):
            raise WebhookRefusedError(401, "wrong_signature", "The signature is not this shop's.")
        if abs(context.now().timestamp() - float(told_at)) > TOLERANCE_SECONDS:
            raise WebhookRefusedError(401, "too_old", "It was signed too long ago.")
        try:
            body = self.reads(request.body)
        except (ValueError, RecursionError):
            return WebhookPush((), self.answer, unreadable="The body is no JSON.")
        if str(body["shop"]) != config.shop_id:
            raise WebhookRefusedError(403, "another_shop", "It is for another shop.")
        return WebhookPush([_message(each) for each in body["messages"]], self.answer)

    def work_on(self, messages: Sequence[WebhookMessage], context: ConnectorContext) -> Iterable[WebhookFacts]:
        self.worked.append([message.message_id for message in messages])
        yield from (self.works or orders)(messages, context)


def _message(told: dict[str, Any]) -> WebhookMessage:
    data = told.get("data") or {}
    return WebhookMessage(str(told["id"]), str(told.get("tag", "")), {name: data[name] for name in _KEPT if name in data})


def orders(messages: Sequence[WebhookMessage], _context: ConnectorContext) -> Iterable[WebhookFacts]:
    """One answer for all: an order a message."""
    yield WebhookFacts(FeedKind.ORDERS, [order_of(m.payload) for m in messages if m.kind == "order"], [m.message_id for m in messages])


def order_of(told: Any) -> OrderRecord:  # noqa: ANN401 - JSON's own types
    line = OrderLineRecord(
        code=told.get("code", "a-1"), qty=told.get("qty", 1), unit_price=Decimal(str(told.get("price", "9.9"))), line_id="1"
    )
    return OrderRecord(
        str(told["order"]), told.get("status", "paid"), datetime.fromisoformat(told["at"]), "CNY", (line,), version=told.get("version", 1),
        live_room=told.get("room", ""), live_author=told.get("author", ""),
    )  # fmt: skip


def signature(told_at: str, body: bytes, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), told_at.encode() + b"." + body, hashlib.sha256).hexdigest()


def signed(body: bytes, at: datetime, secret: str = SECRET) -> dict[str, str]:
    """Headers of a push that is the shop's own."""
    told_at = str(at.timestamp())
    return {"x-bazaar-time": told_at, "x-bazaar-sign": signature(told_at, body, secret), "content-type": "application/json"}


def body_of(*messages: dict[str, Any], shop: str = SHOP) -> bytes:
    return json.dumps({"shop": shop, "messages": messages}).encode()


def pushed_order(number: int, **data: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON's own types
    """A message about an order of a unit of a-1, with a buyer whom nobody may keep."""
    at = datetime(2026, 3, 10, 6, 30, tzinfo=UTC).isoformat()
    told = {"order": 6917529027641081856 + number, "at": at, "code": "a-1", "qty": 1, "buyer_name": "王小明", "phone": "13800138000"}
    return {"id": 9007199254740993 + number, "tag": "order", "data": told | data}


def installed() -> Bazaar:
    """Registers it in this process."""
    connector = Bazaar()
    registry.register_built_in(Kind.MARKETPLACE, connector)
    return connector


def taken_away() -> None:
    registry._built_in.pop((Kind.MARKETPLACE, Bazaar.slug), None)
    registry.reset()


def connect(account: Account) -> None:
    stored = save(BazaarConfig, {"shop_id": SHOP, "secret": SECRET}, Stored())
    account.marketplace, account.config, account.secrets = Bazaar.slug, dict(stored.config), stored.secrets
    account.save()
