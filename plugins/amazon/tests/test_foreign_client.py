"""Somebody else's client works with the made-up Amazon: python-amazon-sp-api, which is used by many sellers."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sp_api.api import Inventories, OrdersV20260101, ReportsV2
from sp_api.auth import AccessTokenClient
from sp_api.base import SellingApiRequestThrottledException

from stockhub_amazon.fake.login import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN
from stockhub_amazon.fake.server import Fake
from stockhub_amazon.fake.world import MARKETPLACE

pytestmark = pytest.mark.judged
_CREDENTIALS = {"refresh_token": REFRESH_TOKEN, "lwa_app_id": CLIENT_ID, "lwa_client_secret": CLIENT_SECRET}


def _foreign(kind: Any, fake: Fake) -> Any:  # noqa: ANN401 - a library without types
    """The library knows Amazon's addresses alone; what it looks at is replaced by what has the same attributes."""
    host = fake.base_url.removeprefix("http://")
    login = type("Login", (AccessTokenClient,), {"scheme": "http://", "host": host})
    # Its `Host` header is the address from the ninth character on, as it expects https.
    here = type(kind.__name__, (kind,), {"headers": property(lambda self: _headers(self, host))})
    market = SimpleNamespace(endpoint=fake.base_url, marketplace_id=MARKETPLACE, region="us-east-1")
    return here(marketplace=market, credentials=_CREDENTIALS, auth_token_client_class=login)


def _headers(client: Any, host: str) -> dict[str, str]:  # noqa: ANN401 - a library without types
    return {"host": host, "x-amz-access-token": client.auth.access_token, "content-type": "application/json"}


@pytest.fixture(autouse=True)
def _no_tokens_of_other_tests() -> None:
    from sp_api.auth import access_token_client

    access_token_client.cache.clear()


def test_it_reads_stock_page_by_page(amazon: Fake) -> None:
    for number in range(120):
        amazon.world.add_product(f"SKU-{number:03d}", fulfillable=number)
    inventories, token = _foreign(Inventories, amazon), ""
    seen: dict[str, int] = {}
    for _page in range(4):
        more: dict[str, str] = {"nextToken": token} if token else {}
        answer = inventories.get_inventory_summary_marketplace(details=True, marketplaceIds=[MARKETPLACE], **more)
        seen |= {row["sellerSku"]: row["inventoryDetails"]["fulfillableQuantity"] for row in answer.payload["inventorySummaries"]}
        token = answer.next_token
        if not token:
            break
    assert seen == {f"SKU-{number:03d}": number for number in range(120)}


def test_it_reads_orders_with_their_items_page_by_page(amazon: Fake) -> None:
    amazon.world.add_product("MUG", fulfillable=1_000)
    at = amazon.world.now() - timedelta(hours=1)
    made = {amazon.world.create_order([("MUG", number % 3 + 1)], at=at).order_id: number % 3 + 1 for number in range(110)}
    orders, token = _foreign(OrdersV20260101, amazon), ""
    seen: dict[str, int] = {}
    sizes = []
    since = (at - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    for _page in range(3):
        more = {"paginationToken": token} if token else {}
        answer = orders.search_orders(createdAfter=since, marketplaceIds=[MARKETPLACE], maxResultsPerPage=100, **more)
        sizes.append(len(answer.payload["orders"]))
        seen |= {order["orderId"]: order["orderItems"][0]["quantityOrdered"] for order in answer.payload["orders"]}
        token = answer.next_token
        if not token:
            break
    assert (sizes, seen) == ([100, 10], made)


def test_it_makes_a_report_and_reads_its_document(amazon: Fake) -> None:
    amazon.world.add_product("MUG", fulfillable=10)
    reports = _foreign(ReportsV2, amazon)
    made = reports.create_report(reportType="GET_FBA_INVENTORY_PLANNING_DATA", marketplaceIds=[MARKETPLACE])
    amazon.world.advance(60)
    report = reports.get_report(made.payload["reportId"]).payload
    assert report["processingStatus"] == "DONE"
    document = reports.get_report_document(report["reportDocumentId"], download=True).payload["document"]
    assert [line.split("\t")[1] for line in document.splitlines()] == ["sku", "MUG"]


def test_it_knows_a_quota_that_is_used_up(amazon: Fake) -> None:
    amazon.faults.add("getInventorySummaries", "throttle")
    with pytest.raises(SellingApiRequestThrottledException):
        _foreign(Inventories, amazon).get_inventory_summary_marketplace(details=True)
