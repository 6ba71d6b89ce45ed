"""Every operation that the connector declares is called through Amazon's own models: the requests and the answers are judged (issue 9)."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from stockhub.pluginapi.connectors import (
    FEED_CAPABILITIES,
    ConnectorContext,
    FeedKind,
    InboundPlanLine,
    PricePush,
    PushStatus,
    ReadRequest,
    RemovalLine,
    StockPush,
    WebhookRequest,
)
from stockhub.pluginapi.testing.connector_context import connector_context
from stockhub_amazon.connector import AmazonConnector
from stockhub_amazon.fake.login import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN
from stockhub_amazon.fake.server import Fake
from stockhub_amazon.fake.world import MARKETPLACE, SELLER
from stockhub_amazon.limits import RATE_LIMITS

pytestmark = pytest.mark.services
CONNECTOR = AmazonConnector()
SECRET = "a-secret-of-the-web-hook"
PRICE = Decimal("21.50")
ADDRESS = {
    "name": "Own Warehouse", "address_line": "1 Harbour Road", "city": "Oakland", "postal_code": "94607", "country_code": "US",
    "phone": "5105550100", "state": "CA",
}  # fmt: skip


@pytest.fixture
def shop(judged: tuple[Fake, str]) -> Fake:
    """Something for each operation to tell, and an old shipment whose lines are asked for one by one."""
    fake, _judge = judged
    world = fake.world
    fake.reports.queue_seconds = fake.reports.progress_seconds = fake.writing.feed_seconds = 0.0
    # Past the judge: pre-signed addresses are no part of Amazon's models.
    fake.seen_as = fake.base_url
    world.add_product("E-FBA", fulfillable=40, unfulfillable=5, awd_available=9, ages=[(20, 40)])
    world.add_product("E-OWN", fulfilled_by="MERCHANT", merchant_qty=7)
    world.plan_shipment({"E-FBA": 50}, expected_at=world.now() + timedelta(days=9)).updated_at -= timedelta(minutes=1)
    old = world.plan_shipment({"E-FBA": 3})
    old.created_at = old.updated_at = world.now() - timedelta(days=400)
    world.ship_upstream({"E-FBA": 4})
    return fake


@pytest.fixture
def context(shop: Fake, judged: tuple[Fake, str]) -> ConnectorContext:
    config: dict[str, Any] = {
        "lwa_client_id": CLIENT_ID, "lwa_client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN, "seller_id": SELLER, "region": "na",
        "marketplace_ids": [MARKETPLACE], "base_url": judged[1], "token_url": f"{shop.base_url}/auth/o2/token", "awd_warehouse": "AWD",
        "ship_from": ADDRESS, "webhook_secret": SECRET, "rivals": [f"E-FBA={shop.world.products['E-OWN'].asin}"],
    }  # fmt: skip
    return connector_context(CONNECTOR, config, clock=shop.world.now)


def read(kind: FeedKind, context: ConnectorContext, since: timedelta) -> int:
    """Records of a reading to its end; what is set apart fails the test, since the judge says so by an error."""
    request, records = ReadRequest(since=context.now() - since), 0
    for _run in range(60):
        for page in getattr(CONNECTOR, FEED_CAPABILITIES[kind][1])(request, context):
            assert page.rejected in ([], ()), (kind, page.rejected)
            records += len(page.records)
            request = ReadRequest(cursor=page.cursor)
            if page.is_last:
                return records
            if page.again_after is not None:
                break
    raise AssertionError(f"{kind}: the reading does not end")


def write(context: ConnectorContext, shop: Fake) -> None:
    """Each of the four writes, as often as it takes until Amazon has applied it; and one feed whose answer is lost."""
    assert CONNECTOR.push_stock([StockPush("E-OWN", 9, was=7)], "e1", context, preview=False)[0].status is PushStatus.ACCEPTED
    (priced,) = CONNECTOR.push_prices([PricePush("E-OWN", PRICE, "USD")], "e2", context, preview=False)
    assert priced.status is PushStatus.ACCEPTED
    CONNECTOR.draft_inbound_plan([InboundPlanLine("E-FBA", 5)], "e3", context, preview=False)
    shop.world.advance(600)
    assert CONNECTOR.draft_inbound_plan([InboundPlanLine("E-FBA", 5)], "e3", context, preview=False).status is PushStatus.APPLIED
    for key, is_lost in (("e4", False), ("e5", True)):
        rows = [RemovalLine("E-FBA", 0, 1, "disposal")]
        if is_lost:
            shop.faults.add("createFeed", "half")
        CONNECTOR.request_removal(rows, key, context, preview=False)
        shop.world.advance(600)
        (removed,) = CONNECTOR.request_removal(rows, key, context, preview=False)
        assert removed.status in (PushStatus.APPLIED, PushStatus.ACCEPTED), removed


def test_every_declared_operation_is_judged(context: ConnectorContext, shop: Fake) -> None:
    order = shop.world.create_order([("E-FBA", 1)], at=shop.world.now() - timedelta(hours=1))
    assert CONNECTOR.test_connection(context).subject == SELLER
    for kind in CONNECTOR.feed_plans:
        read(kind, context, timedelta(days=12))
    list(CONNECTOR.read_stock(ReadRequest(codes=("E-FBA", "E-OWN,2")), context))
    body = json.dumps(shop.notifications.order_changed(order.order_id)).encode()
    push = CONNECTOR.receive(WebhookRequest("POST", {"x-api-key": SECRET}, {}, body), context)
    (facts,) = CONNECTOR.work_on(list(push.messages), context)
    assert [record.external_id for record in facts.records] == [order.order_id]
    write(context, shop)
    # Without those to pre-signed addresses, which are no operations.
    called = set(context.platform.operations()) - {""}  # type: ignore[attr-defined]
    assert called == set(RATE_LIMITS), set(RATE_LIMITS) ^ called
