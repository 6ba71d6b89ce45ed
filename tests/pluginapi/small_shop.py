"""A platform of a few lines, and a connector for it that keeps every contract: what broken ones are made from."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, BinaryIO, ClassVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from stockhub.pluginapi import ListingRecord, MarketplaceConnector, NoHttp, OrderLineRecord, OrderRecord, Site
from stockhub.pluginapi.connectors import (
    AccountFacts,
    AuthorizationLostError,
    Authorize,
    ConnectionReport,
    ConnectorContext,
    FeedKind,
    FeedPlan,
    Page,
    Platform,
    PushPrices,
    PushResult,
    PushStatus,
    RateLimit,
    ReadListings,
    ReadOrders,
    ReadRequest,
    ReceiveWebhook,
    Rejected,
    TokenRefusedError,
    Tokens,
    UnreadableAnswerError,
    WebhookAnswer,
    WebhookFacts,
    WebhookMessage,
    WebhookPush,
    WebhookRefusedError,
    WebhookRequest,
    json_object,
    raise_for_pressure,
)
from stockhub.pluginapi.http import HttpRequest, HttpResponse
from stockhub.pluginapi.testing.connector_context import HandSetClock, KeptInMemory
from stockhub.values import Label

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
BUYER = "Jane Sentinel, 4 Hidden Lane"
SECRET = "small-shop-secret"
TOKEN = "small-shop-token"


class Shop(Platform):
    """Seven orders in pages of two, and prices that can be set, once a key."""

    def __init__(self) -> None:
        self.prices: dict[str, int] = {"A": 500, "B": 900}
        self.keys: set[str] = set()
        self.is_open = True
        self.orders = [
            {"id": str(n), "at": int(AT.timestamp()) - 7_000 + n, "sku": "A", "qty": 1 + n % 2, "cents": 500, "buyer": BUYER}
            for n in range(7)
        ]

    def send(self, operation: str, request: HttpRequest) -> HttpResponse:
        wanted = json.loads(request.body)
        if request.headers["token"] != TOKEN or not self.is_open:
            return _answer({"ok": False, "why": "token" if self.is_open else "revoked"})
        return _answer({"ok": True, "data": getattr(self, f"_{operation}")(wanted)})

    def download(self, operation: str, request: HttpRequest, into: BinaryIO, *, most_bytes: int) -> HttpResponse:
        raise AssertionError("there is nothing to download")

    def token(self) -> str:
        return TOKEN

    def _orders(self, wanted: dict[str, Any]) -> dict[str, Any]:
        rows = [o for o in self.orders if str(o["id"]) in wanted["ids"]] if "ids" in wanted else self.orders
        page = wanted.get("page", 0)
        return {"rows": rows[page * 2 : page * 2 + 2] if "ids" not in wanted else rows, "total": len(rows)}

    def _prices(self, _wanted: dict[str, Any]) -> dict[str, Any]:
        return {"rows": [{"sku": sku, "cents": cents} for sku, cents in sorted(self.prices.items())]}

    def _set_prices(self, wanted: dict[str, Any]) -> dict[str, Any]:
        if wanted["key"] not in self.keys:
            self.keys.add(wanted["key"])
            self.prices |= {row["sku"]: row["cents"] for row in wanted["rows"]}
        return {"done": True}


def _answer(value: object) -> HttpResponse:
    return HttpResponse(200, {"content-type": "application/json"}, json.dumps(value).encode())


class Account(BaseModel):
    model_config = ConfigDict(extra="forbid")

    secret: SecretStr = Field(description="Signs pushes.")


class SmallConnector(Authorize, ReadOrders, ReadListings, PushPrices, ReceiveWebhook, MarketplaceConnector):
    slug: ClassVar[str] = "small"
    name: ClassVar[Label] = Label("Small", "小店")
    sites: ClassVar[tuple[Site, ...]] = (Site("US", Label("United States", "美国"), "America/New_York", "USD"),)
    account_config_model: ClassVar[type[BaseModel]] = Account
    rate_limits: ClassVar[Mapping[str, RateLimit]] = {"orders": RateLimit(1.0, 5)}
    feed_plans: ClassVar[Mapping[FeedKind, FeedPlan]] = {
        FeedKind.ORDERS: FeedPlan(timedelta(minutes=1), backfill=timedelta(days=30)),
        FeedKind.LISTINGS: FeedPlan(timedelta(hours=1), is_snapshot=True),
    }

    def ask(self, operation: str, wanted: dict[str, Any], context: ConnectorContext) -> dict[str, Any]:
        token = context.platform.token()
        response = context.platform.send(
            operation, HttpRequest("POST", "http://small.example/", {"token": token}, json.dumps(wanted).encode())
        )
        raise_for_pressure(response, context.now(), operation=operation)
        answer = json_object(response)
        if answer.get("ok") is False and answer.get("why") == "token":
            raise TokenRefusedError("The shop does not take the token any more.", token=token)
        if answer.get("ok") is False:
            raise AuthorizationLostError("revoked", "Authorise the shop again.")
        data = answer.get("data")
        if not isinstance(data, dict):
            raise UnreadableAnswerError("The answer has no data.")
        return data

    def rows(self, data: dict[str, Any]) -> list[Any]:
        rows = data.get("rows")
        if not isinstance(rows, list):
            raise UnreadableAnswerError("The answer has no rows.")
        return rows

    # Authorisation

    def obtain(self, context: ConnectorContext, *, code: str = "") -> Tokens:
        return Tokens(TOKEN, context.now() + timedelta(days=7), subject="small-1")

    def renew(self, context: ConnectorContext, tokens: Tokens) -> Tokens:
        shop = SHOPS[-1]
        if not shop.is_open:
            raise AuthorizationLostError("revoked", "Authorise the shop again.")
        return self.obtain(context)

    def test_connection(self, context: ConnectorContext) -> ConnectionReport:
        self.ask("prices", {}, context)
        return ConnectionReport("small-1")

    # Reading

    def read_orders(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[OrderRecord]]:
        page = int(request.cursor or 0)
        while True:
            data = self.ask("orders", {"page": page}, context)
            rows, total = self.rows(data), data.get("total")
            if not isinstance(total, int) or total < 0:
                raise UnreadableAnswerError("The answer has no total.")
            page += 1
            is_last = page * 2 >= total or not rows
            yield self.page_of(rows, str(page), context, is_last=is_last)
            if is_last:
                return

    def page_of(self, rows: Sequence[Any], cursor: str, context: ConnectorContext, *, is_last: bool) -> Page[OrderRecord]:
        records, rejected = [], []
        for row in rows:
            try:
                records.append(self.order(row))
            except (KeyError, TypeError, ValueError, OverflowError, OSError, InvalidOperation) as error:
                rejected.append(Rejected("", "unreadable_row", f"{type(error).__name__} in a row."))
        return Page(records, cursor, data_until=context.now(), rejected=rejected, is_last=is_last)

    def order(self, row: dict[str, Any]) -> OrderRecord:
        qty, cents = row["qty"], row["cents"]
        if not (isinstance(qty, int) and 0 < qty < 10**6 and isinstance(cents, int) and 0 <= cents < 10**12 and row["at"] > 0):
            raise ValueError("absurd")
        line = OrderLineRecord(row["sku"], qty, Decimal(cents) / 100)
        return OrderRecord(row["id"], "paid", datetime.fromtimestamp(row["at"], UTC), "USD", (line,))

    def read_listings(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[ListingRecord]]:
        records, rejected = [], []
        for row in self.rows(self.ask("prices", {}, context)):
            cents = row.get("cents") if isinstance(row, dict) else None
            if isinstance(cents, int) and 0 <= cents < 10**12 and row.get("sku"):
                records.append(ListingRecord(row["sku"], context.now(), list_price=Decimal(cents) / 100, currency="USD"))
            else:
                rejected.append(Rejected("", "unreadable_row", "A row has no price."))
        yield Page(records, "done", rejected=rejected, is_last=True)

    # Pushing

    def push_prices(self, rows: Sequence[Any], key: str, context: ConnectorContext, *, preview: bool) -> Sequence[PushResult]:
        if not preview:
            wanted = {"key": key, "rows": [{"sku": row.code, "cents": int(row.price * 100)} for row in rows]}
            if self.ask("set_prices", wanted, context).get("done") is not True:
                raise UnreadableAnswerError("The answer does not say that it is done.")
        return [PushResult(n, PushStatus.ACCEPTED if preview else PushStatus.APPLIED) for n, _row in enumerate(rows)]

    # Receiving

    def receive(self, request: WebhookRequest, context: ConnectorContext) -> WebhookPush:
        wanted = hmac.new(SECRET.encode(), request.body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(request.headers.get("sign", ""), wanted):
            raise WebhookRefusedError(401, "signature", "The signature is wrong.")
        try:
            order_id = str(json.loads(request.body)["order"])
        except (ValueError, TypeError, KeyError, IndexError, RecursionError):
            return WebhookPush((), WebhookAnswer(), unreadable="There is no order in it.")
        return WebhookPush([WebhookMessage(f"order-{order_id}", "order", {"order": order_id})], WebhookAnswer())

    def work_on(self, messages: Sequence[WebhookMessage], context: ConnectorContext) -> Iterable[WebhookFacts]:
        ids = sorted({m.payload["order"] for m in messages})
        page = self.page_of(self.rows(self.ask("orders", {"ids": ids}, context)), "", context, is_last=True)
        yield WebhookFacts(FeedKind.ORDERS, page.records, [m.message_id for m in messages], page.rejected)


#: The newest is the one that a contract runs against.
SHOPS: list[Shop] = [Shop()]


def small_context(connector: MarketplaceConnector, shop: Shop) -> ConnectorContext:
    SHOPS[-1] = shop
    account = AccountFacts("SMALL", "US", "America/New_York", "USD")
    log = logging.getLogger("tests.small_shop")
    return ConnectorContext(account, Account(secret=SecretStr(SECRET)), log, HandSetClock(AT), NoHttp(), shop, KeptInMemory())
