"""The connector keeps the contracts of all that it declares, against the fake: reading, faults, privacy, pushing, receiving, authorisation.

U24, U25, H82, H103, promises 10, 12 and 13.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

import pytest

from stockhub.pluginapi.connectors import (
    ConnectorContext,
    PricePush,
    PushPrices,
    PushShipTimes,
    PushStock,
    ShipTimePush,
    StockPush,
    WebhookRequest,
)
from stockhub.pluginapi.testing import (
    AuthorizingContract,
    ConnectorContract,
    FaultsContract,
    PrivacyContract,
    PushCase,
    PushingContract,
    ReadingContract,
    WebhookContract,
)
from stockhub.pluginapi.testing.connector_context import HandSetClock, connector_context
from stockhub_douyin.connector import DouyinConnector
from stockhub_douyin.fake import FakeDouyin, FakeSettings
from stockhub_douyin.fake.signature import event_sign

AT = datetime(2026, 3, 1, 4, tzinfo=UTC)
BLACK = "TSHIRT-BLK-M"
BUYER = FakeSettings()


class OnTheFake(ConnectorContract):
    """A shop with a past, living orders, returns of all kinds, and messages about them; its clock and the connector's are one."""

    connector = DouyinConnector()
    planted = (BUYER.buyer_name, BUYER.buyer_phone, BUYER.buyer_address)
    fake: ClassVar[FakeDouyin]

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def _running(cls) -> Iterator[None]:
        with FakeDouyin() as cls.fake:
            cls.fake.control("clock", {"set": AT.timestamp(), "stop": True})
            cls.fill(cls.fake)
            yield

    @classmethod
    def fill(cls, fake: FakeDouyin) -> None:
        """What there is to read."""
        fake.control("past", {"orders": 250, "days": 20})
        lines = [{"code": BLACK, "qty": 2}, {"code": "DOWN-BLK-M", "qty": 1, "gift_of": 0}]
        gift, sent, back = (fake.control("orders", {"lines": lines, "pay": True, "live": {}})["order_ids"][0] for _n in range(3))
        fake.control("orders", {"lines": [{"code": "DOWN-BLK-M"}], "deposit": 5_000, "pay": True})
        fake.control("orders", {"lines": [{"code": "TSHIRT-WHT-XL", "qty": 3}], "at": int(AT.timestamp()) - 900})
        fake.control(f"orders/{sent}/ship", {"lines": [int(sent) + 1]})
        fake.control("aftersales", {"order_id": gift, "type": 2})
        fake.control(f"orders/{back}/ship")
        for number in (1, 2):
            case = fake.control("aftersales", {"order_id": back, "line_id": int(back) + number, "type": 0, "qty": 1})["aftersale_id"]
            for step in ("agree", "send_back", "succeed"):
                fake.control(f"aftersales/{case}/{step}")

    def context(self) -> ConnectorContext:
        account = {
            "app_key": self.fake.world.app_key, "app_secret": self.fake.world.app_secret, "shop_id": str(self.fake.world.shop_id),
            "base_url": self.fake.url,
        }  # fmt: skip
        return connector_context(self.connector, account, clock=HandSetClock(AT))


class TestDouyinReads(OnTheFake, ReadingContract, FaultsContract, PrivacyContract):
    pass


class TestDouyinAuthorises(OnTheFake, AuthorizingContract):
    @contextmanager
    def revoked(self) -> Iterator[None]:
        self.fake.control("tokens", {"close": True})
        try:
            yield
        finally:
            self.fake.control("tokens", {"open": True})


class TestDouyinPushes(OnTheFake, PushingContract):
    def cases(self) -> Mapping[type[Any], PushCase]:
        world = self.fake.world
        with world.lock:
            world.idempotent_ids.clear()
            sku, coat = (world.catalogue.sku_by_code(code) for code in (BLACK, "DOWN-WHT-S"))
            sku.normal, sku.activity, sku.price, coat.normal = 64, 20, 5_900, 12
            sku.ship_rules.clear()
        until = AT + timedelta(days=10)
        return {
            PushStock: PushCase(
                [StockPush(BLACK, 80, was=84), StockPush("DOWN-WHT-S", 15)],
                lambda: (sku.stock_num, coat.stock_num),
                bad_row=StockPush("NO-SUCH-CODE", 5),
                disturb=lambda: self.fake.control("orders", {"lines": [{"code": BLACK, "qty": 1}], "pay": True}),
            ),
            PushPrices: PushCase(
                [PricePush(BLACK, Decimal("49.90"), "CNY")], lambda: sku.price, bad_row=PricePush(BLACK, Decimal(0), "CNY")
            ),
            PushShipTimes: PushCase(
                [ShipTimePush(BLACK, 7, presale_until=until)],
                lambda: dict(sku.ship_rules),
                bad_row=ShipTimePush(BLACK, 99, presale_until=until),
            ),
        }


class TestDouyinReceives(OnTheFake, WebhookContract):
    messages: ClassVar[list[bytes]] = []

    @classmethod
    def fill(cls, fake: FakeDouyin) -> None:
        """Nobody listens at the address: the pushes are looked at in the fake's log."""
        world, kept = fake.world, []
        world.pusher.settings.url = "http://127.0.0.1:9"
        world.pusher.add = lambda message: kept.append([message.shown(as_object=False)])  # type: ignore[method-assign]
        super().fill(fake)
        fake.control("product/3521000000000000001")
        cls.messages = [json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode() for body in kept]

    def bodies(self) -> Sequence[bytes]:
        return self.messages

    def pushed(self, body: bytes, *, foreign: bool = False) -> WebhookRequest:
        world = self.fake.world
        key, secret = ("7000000000000000009", "another-apps-secret") if foreign else (world.app_key, world.app_secret)
        return WebhookRequest("POST", {"app-id": key, "event-sign": event_sign(key, body, secret)}, {}, body)
