"""The connector keeps the contracts of all that it declares, against the made-up Amazon: reading, faults, privacy, authorisation, pushing,
receiving.

U24, H15, H82, H103, promises 10, 12 and 13.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest

from stockhub.pluginapi.connectors import ConnectorContext
from stockhub.pluginapi.testing import (
    AuthorizingContract,
    ConnectorContract,
    FaultsContract,
    PrivacyContract,
    ReadingContract,
)
from stockhub.pluginapi.testing.connector_context import HandSetClock, KeptInMemory, connector_context
from stockhub_amazon.connector import AmazonConnector
from stockhub_amazon.fake.login import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN
from stockhub_amazon.fake.server import Fake
from stockhub_amazon.fake.world import MARKETPLACE, SELLER

AT = datetime(2026, 3, 10, 4, tzinfo=UTC)
SECRET = "of-the-sellers-own-glue"
ADDRESS = {
    "name": "Own Warehouse", "address_line": "1 Harbour Road", "city": "Oakland", "postal_code": "94607", "country_code": "US",
    "phone": "5105550100", "state": "CA",
}  # fmt: skip


class OnTheFake(ConnectorContract):
    """A seller with stock, orders in each state, returns, a shipment that is half received; his clock and the connector's are one."""

    connector = AmazonConnector()
    planted = ("Zhang Secret-Buyer", "secret-buyer@marketplace.amazon.com", "7 Secret Street")
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
        for day in range(20):
            cls.clock.at = AT - timedelta(days=20 - day)
            for number in range(8):
                world.ship_order(world.create_order([("MUG", 1), (f"SKU-{number + day:03d}", 2)]).order_id)
            world.create_order([("OWN", 1)], fulfilled_by="MERCHANT")
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
