"""The connector keeps the contracts of all that it declares, against the made-up Amazon: reading, faults, privacy, authorisation, pushing,
receiving.

U24, H15, H82, H103, promises 10, 12 and 13.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

import pytest

from stockhub.pluginapi.connectors import (
    ConnectorContext,
    DraftInboundPlans,
    InboundPlanLine,
    PricePush,
    PushPrices,
    PushStock,
    RemovalLine,
    RequestRemovals,
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
from stockhub.pluginapi.testing.connector_context import HandSetClock, KeptInMemory, connector_context
from stockhub_amazon.connector import AmazonConnector
from stockhub_amazon.fake.login import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN
from stockhub_amazon.fake.server import Fake
from stockhub_amazon.fake.world import MARKETPLACE, SELLER
from stockhub_amazon.notifications.proof import signed

AT = datetime(2026, 3, 10, 4, tzinfo=UTC)
SECRET = "of-the-sellers-own-glue"
ADDRESS = {
    "name": "Own Warehouse", "address_line": "1 Harbour Road", "city": "Oakland", "postal_code": "94607", "country_code": "US",
    "phone": "5105550100", "state": "CA",
}  # fmt: skip


class OnTheFake(ConnectorContract):
    """A seller with stock, orders in each state, returns, a shipment that is half received; his clock and the connector's are one."""

    connector = AmazonConnector()
    planted: ClassVar[tuple[str, ...]] = ("Zhang Secret-Buyer", "secret-buyer@marketplace.amazon.com", "7 Secret Street")
    fake: ClassVar[Fake]
    clock: ClassVar[HandSetClock]
    memory: ClassVar[KeptInMemory]
    rival: ClassVar[str]

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def _running(cls) -> Iterator[None]:
        with Fake(rates=0) as cls.fake:
            cls.memory = KeptInMemory()
            cls.clock = HandSetClock(AT - timedelta(days=20))
            world = cls.fake.world
            world.now = cls.clock  # type: ignore[method-assign]
            world.monotonic = lambda: cls.clock().timestamp()  # type: ignore[method-assign]
            cls.fill(cls.fake)
            yield

    @classmethod
    def fill(cls, fake: Fake) -> None:
        """What there is to read. It ends at `AT`."""
        world = fake.world
        ages = [(20, 150), (100, 30), (200, 12), (400, 8)]
        rival = world.add_product("RIVAL", fulfilled_by="MERCHANT", merchant_qty=1)
        world.add_product("MUG", fulfillable=200, reserved_transfer=4, reserved_processing=3, unfulfillable=9, rank=4312, ages=ages)
        world.add_product("OWN", fulfilled_by="MERCHANT", merchant_qty=70)
        for number in range(70):
            world.add_product(f"SKU-{number:03d}", fulfillable=50)
        cls.rival = rival.asin
        mug = world.products["MUG"]
        mug.awd_available, mug.awd_reserved = 300, 20
        upstream = world.ship_upstream({"MUG": 100, "SKU-001": 5})
        world.receive_upstream(upstream.shipment_id, "MUG", 40)
        for day in range(20):
            cls.clock.at = AT - timedelta(days=20 - day)
            for number in range(8):
                world.ship_order(world.create_order([("MUG", 1), (f"SKU-{number + day:03d}", 2)]).order_id)
            world.create_order([("OWN", 1)], fulfilled_by="MERCHANT")
            mug.traffic[cls.clock().date()] = (30 + day, 50 + day)
            world.products["SKU-001"].traffic[cls.clock().date()] = (3, 5)
        world.charge_age("MUG", AT - timedelta(days=9), 12, "6.00")
        for centre, amount in (("ONT8", "12.30"), ("LAX9", "4.10")):
            world.charge_storage("MUG", "2026-02", amount, centre=centre)
        cls.clock.at = AT - timedelta(hours=12)
        sent, gone = world.create_order([("MUG", 2)]), world.create_order([("MUG", 1)])
        world.ship_order(sent.order_id)
        world.return_units(sent.order_id, "MUG", 1, "CUSTOMER_DAMAGED")
        world.return_units(sent.order_id, "MUG", 1)
        world.cancel_order(gone.order_id)
        for number in range(130):
            world.create_order([(f"SKU-{number % 70:03d}", 1)])
        for number in range(3):
            shipment = world.plan_shipment({"MUG": 50, f"SKU-{number:03d}": 10}, expected_at=AT + timedelta(days=9))
            world.receive(shipment.confirmation_id, "MUG", 20)
        # After what the report of the past tells: these come from the search.
        cls.clock.at = AT - timedelta(minutes=6)
        for number in range(130):
            world.create_order([(f"SKU-{number % 70:03d}", 1)])
        cls.clock.at = AT

    def account(self) -> dict[str, Any]:
        return {
            "lwa_client_id": CLIENT_ID, "lwa_client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN, "seller_id": SELLER,
            "region": "na", "marketplace_ids": [MARKETPLACE], "base_url": self.fake.base_url,
            "token_url": f"{self.fake.base_url}/auth/o2/token", "webhook_secret": SECRET, "ship_from": ADDRESS,
            "rivals": [f"MUG={self.rival}"],
            "awd_warehouse": "AWD",
        }  # fmt: skip

    def context(self) -> ConnectorContext:
        """Of an account whose memory the host keeps."""
        return replace(connector_context(self.connector, self.account(), clock=self.clock), memory=self.memory)


class TestAmazonReads(OnTheFake, ReadingContract, FaultsContract, PrivacyContract):
    pass


class TestAmazonAuthorises(OnTheFake, AuthorizingContract):
    @contextmanager
    def revoked(self) -> Iterator[None]:
        self.fake.login.is_revoked = True
        try:
            yield
        finally:
            self.fake.login.is_revoked = False


class TestAmazonPushes(OnTheFake, PushingContract):
    """What Amazon accepts is done some minutes later: what is shown is looked at then."""

    @classmethod
    def fill(cls, fake: Fake) -> None:
        cls.rival = fake.world.add_product("RIVAL").asin
        for sku in ("OWN", "OWN,2"):
            fake.world.add_product(sku, fulfilled_by="MERCHANT")
        for sku in ("MUG", "LAMP"):
            fake.world.add_product(sku)
        cls.clock.at = AT

    def cases(self) -> Mapping[type[Any], PushCase]:
        world = self.fake.world
        # A feed whose answer was lost is the only one of its minutes.
        self.clock.move(timedelta(hours=1))
        own, other, mug = (world.products[sku] for sku in ("OWN", "OWN,2", "MUG"))
        own.merchant_qty, other.merchant_qty, own.price = 7, 3, Decimal("19.99")
        mug.fulfillable, mug.unfulfillable, mug.price = 100, 20, Decimal("19.99")
        world.products["LAMP"].fulfillable = 50
        world.pending_patches.clear()
        world.drafts.clear()
        world.removals.clear()

        def settled() -> None:
            self.clock.move(timedelta(minutes=5))
            self.fake.offers.apply_patches()

        def quantities() -> object:
            settled()
            return own.merchant_qty, other.merchant_qty

        def prices() -> object:
            settled()
            return own.price, mug.price

        def sell() -> None:
            world.create_order([("MUG", 1)])
            world.return_units(next(iter(world.orders)), "MUG", 1)

        return {
            PushStock: PushCase([StockPush("OWN", 9, was=7), StockPush("OWN,2", 0)], quantities, bad_row=StockPush("MUG", 9)),
            PushPrices: PushCase(
                [PricePush("OWN", Decimal("17.50"), "USD"), PricePush("MUG", Decimal(21), "USD")],
                prices,
                bad_row=PricePush("MUG", Decimal(21), "EUR"),
            ),
            DraftInboundPlans: PushCase(
                [InboundPlanLine("MUG", 200), InboundPlanLine("OWN", 20)],
                lambda: sorted(str(draft["items"]) for draft in world.drafts.values()),
                bad_row=InboundPlanLine("MUG", 0),
                disturb=sell,
            ),
            RequestRemovals: PushCase(
                [RemovalLine("MUG", 0, 5, "disposal"), RemovalLine("LAMP", 2, 0, "return")],
                lambda: [(row["sku"], row["requested-quantity"], row["disposition"]) for row in world.removals],
                bad_row=RemovalLine("MUG", 0, 0, "disposal"),
                disturb=sell,
            ),
        }


class TestAmazonReceives(OnTheFake, WebhookContract):
    """As the seller's own glue or the receiver posts them: bare, and out of a queue. Amazon's postal codes are planted."""

    planted = ("98101", "Zhang Secret-Buyer", "7 Secret Street")
    notified: ClassVar[list[bytes]] = []

    @classmethod
    def fill(cls, fake: Fake) -> None:
        super().fill(fake)
        orders = list(fake.world.orders)
        told = [fake.notifications.order_changed(order_id) for order_id in (orders[0], orders[-1])]
        told.append(fake.notifications.inventory_changed("MUG"))
        told.append(fake.notifications.report_finished("1", "GET_FBA_INVENTORY_PLANNING_DATA", "DONE", "amzn1.spdoc.1"))
        again = [fake.notifications.order_changed(orders[0]), fake.notifications.inventory_changed("SKU-003")]
        queue = {"Records": [{"messageId": str(number), "body": json.dumps(each)} for number, each in enumerate(again)]}
        cls.notified = [json.dumps(each).encode() for each in (*told, queue)]

    def bodies(self) -> Sequence[bytes]:
        return self.notified

    def pushed(self, body: bytes, *, foreign: bool = False) -> WebhookRequest:
        return WebhookRequest("POST", signed(body, "of-another-account" if foreign else SECRET, self.clock()), {}, body)
