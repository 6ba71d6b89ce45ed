"""A connector for the small marketplace of `wire_platform`, written as a plugin's author would."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar
from urllib.parse import quote

from pydantic import BaseModel

from stockhub.pluginapi import MarketplaceConnector, Site
from stockhub.pluginapi.connectors import (
    Authorize,
    ConnectionReport,
    ConnectorContext,
    FeedKind,
    FeedPlan,
    Page,
    ReadOrders,
    ReadRequest,
    ReadStock,
    ReadTraffic,
    Rejected,
    TokenRefusedError,
    Tokens,
    UnreadableAnswerError,
    json_object,
    raise_for_pressure,
)
from stockhub.pluginapi.http import HttpRequest, HttpResponse
from stockhub.pluginapi.platform_records import TrafficRecord
from stockhub.pluginapi.records import OrderLineRecord, OrderRecord, StockCountRecord
from stockhub.values import Label

#: Called before each page of orders, for the tests of what a connector does wrong; its answer is the page where it has one.
misbehave: list[Callable[[ReadRequest], Any]] = []


class ShopConfig(BaseModel):
    base_url: str = ""


class WireShop(MarketplaceConnector, Authorize, ReadOrders, ReadStock, ReadTraffic):
    slug: ClassVar[str] = "wire-shop"
    name: ClassVar[Label] = Label("Wire shop", "线上商店")
    sites: ClassVar[tuple[Site, ...]] = (Site("CN", Label("China", "中国"), "Asia/Shanghai", "CNY"),)
    account_config_model: ClassVar[type[BaseModel]] = ShopConfig
    feed_plans: ClassVar[dict[FeedKind, FeedPlan]] = {
        FeedKind.ORDERS: FeedPlan(every=timedelta(minutes=1), backfill=timedelta(days=90), stale_after=timedelta(hours=2)),
        FeedKind.STOCK: FeedPlan(every=timedelta(hours=1), is_snapshot=True),
    }

    def obtain(self, context: ConnectorContext, *, code: str = "") -> Tokens:
        return Tokens("token-1", context.now() + timedelta(days=7), refresh_token="refresh-1", subject="shop-1")

    def renew(self, context: ConnectorContext, tokens: Tokens) -> Tokens:
        return self.obtain(context)

    def test_connection(self, context: ConnectorContext) -> ConnectionReport:
        return ConnectionReport("shop-1", "Wire shop")

    def read_orders(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[OrderRecord]]:
        cursor = request.cursor
        while True:
            for step in misbehave:
                if (page := step(request)) is not None:
                    yield page
                    return
            answer = _asked(context, f"/orders?cursor={quote(cursor)}")
            page = _page(answer)
            yield page
            if page.is_last:
                return
            cursor = page.cursor

    def read_stock(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[StockCountRecord]]:
        answer = _asked(context, "/stock")
        rows = tuple(
            StockCountRecord(row["code"], row["warehouse"], (("available", row["qty"]),), context.now()) for row in answer["stock"]
        )
        yield Page(rows, "", is_last=True)

    def read_traffic(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[TrafficRecord]]:
        raise LookupError("There is no traffic here.")


def _asked(context: ConnectorContext, path: str) -> Any:  # noqa: ANN401 - a JSON object
    token = context.platform.token()
    url = f"{context.config.base_url}{path}"  # type: ignore[attr-defined]
    response: HttpResponse = context.platform.send("read", HttpRequest("GET", url, {"authorization": token}))
    if response.status == 401:
        raise TokenRefusedError("The platform does not take the token.", token=token)
    raise_for_pressure(response, context.now(), operation="read")
    return json_object(response)


def _page(answer: Any) -> Page[OrderRecord]:  # noqa: ANN401 - a JSON object
    records, rejected = [], []
    if "orders" not in answer:
        raise UnreadableAnswerError("The answer has no orders in it.")
    for row in answer["orders"]:
        try:
            records.append(_order(row))
        except (KeyError, TypeError, ValueError, InvalidOperation) as error:
            rejected.append(Rejected(str(row.get("id", "")), "unreadable", f"A field is missing or wrong: {type(error).__name__}.", row))
    until = datetime.fromisoformat(answer["until"])
    return Page(
        records, answer["next"], data_until=until, rejected=rejected, is_last=answer["last"], done=answer.get("done"),
        total=answer.get("total"),
    )  # fmt: skip


def _order(row: dict[str, Any]) -> OrderRecord:
    line = OrderLineRecord(code=row["code"], qty=row["qty"], unit_price=Decimal(str(row["price"])), line_id="1")
    return OrderRecord(
        external_id=row["id"], status=row["status"], ordered_at=datetime.fromisoformat(row["at"]), currency="CNY", lines=(line,)
    )  # fmt: skip


def sleep_for_an_hour(_request: ReadRequest) -> None:
    time.sleep(3600)


def sleep_whatever_comes(_request: ReadRequest) -> None:
    """As a connector does that tries again after any error."""
    while True:
        try:
            time.sleep(3600)
        except Exception:  # noqa: BLE001, S112 - what is tested
            continue


def spin_for_ever(_request: ReadRequest) -> None:
    while True:
        pass
