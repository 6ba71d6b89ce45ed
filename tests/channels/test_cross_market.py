"""U24: one SKU on Douyin and on Amazon in one view, each market as fresh as its own feeds, and units moved from one market to the other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from stockhub.access.models import User
from stockhub.catalog.models import PoolWarehouse, Sku, StockPool, Warehouse
from stockhub.channels.accounts import AccountInput
from stockhub.channels.connecting.account_connection import connect_account
from stockhub.channels.feeds.control import read_feed
from stockhub.channels.feeds.engine import read_due
from stockhub.channels.inbox import apply_due
from stockhub.channels.models import Account, Feed, Listing, ListingComponent, PoolAccount
from stockhub.core import clock
from stockhub.inventory.services import Receipt, receive_lot
from stockhub_amazon.fake.login import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN
from stockhub_amazon.fake.server import Fake as FakeAmazon
from stockhub_amazon.fake.world import MARKETPLACE, SELLER
from stockhub_douyin.fake import FakeDouyin
from stockhub_douyin.fake_shop import account_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
CODE = "DOWN-BLK-M"
VIEW = """{ stockOverview(skus: ["COAT"]) { edges { node { isWhole
    warehouses { warehouse pools availableQty reservedQty isObserved incoming { qty source reference } }
    accounts { account pools availableQty dataUntilAt } totals { availableQty reservedQty incomingQty } } } } }"""
MOVE = """mutation ($input: TransferUpsertInput!) { transferUpsert(input: $input) {
    transfer { status fromWarehouseCode toWarehouseCode } errors { code message } } }"""


@pytest.fixture
def markets(settings: Settings) -> Iterator[tuple[FakeDouyin, FakeAmazon]]:
    """A coat that Douyin knows by one code and Amazon by another: ours to count in Hangzhou, Amazon's in its own warehouse."""
    settings.STOCKHUB_ALLOW_PRIVATE_URLS = ["127.0.0.1"]
    start = clock.now() - timedelta(days=3)
    sku = Sku.objects.create(code="COAT")
    ours = Warehouse.objects.create(code="HZ", name="Hangzhou", country="CN", ledger_starts_at=start)
    fba = Warehouse.objects.create(code="FBA", name="FBA", country="US", authority="snapshot")
    receive_lot(Receipt(sku_id=sku.pk, warehouse_id=ours.pk, qty=40, idempotency_key="start", occurred_at=start))
    with FakeDouyin() as douyin, FakeAmazon(rates=0) as amazon:
        amazon.world.add_product("COAT-US", fulfillable=6)
        shop = account_of(douyin) | {"overlap_minutes": 10, "reads_per_second": 500, "window_hours": 2_160}
        seller: dict[str, Any] = {
            "lwa_client_id": CLIENT_ID, "lwa_client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN, "seller_id": SELLER,
            "region": "na", "marketplace_ids": [MARKETPLACE], "base_url": amazon.base_url, "token_url": f"{amazon.base_url}/auth/o2/token",
            "fba_warehouse": "FBA",
        }  # fmt: skip
        for code, marketplace, site, config, warehouse, listed in (
            ("dy", "douyin", "CN", shop, ours, CODE), ("us", "amazon", "US", seller, fba, "COAT-US"),
        ):  # fmt: skip
            account, tried = connect_account(AccountInput(code=code, name=code, marketplace=marketplace, site=site, config=config))
            assert (tried.ok, tried.message) == (True, "")
            pool = StockPool.objects.create(code=f"{code}-pool", name=code)
            PoolWarehouse.objects.create(pool=pool, warehouse=warehouse)
            PoolAccount.objects.create(pool=pool, account=account)
            listing = Listing.objects.create(account=account, kind="sku", code=listed)
            ListingComponent.objects.create(listing=listing, sku=sku, qty=1)
        yield douyin, amazon


def read(code: str, *kinds: str) -> None:
    """Reads feeds of an account once more. Reports of Amazon are made while one waits."""
    feeds = Feed.objects.filter(account__code=code)
    feeds.update(is_paused=False)
    for feed in feeds.filter(kind="orders"):
        read_feed(feed_id=feed.pk, since=clock.now() - timedelta(hours=20))
    Feed.objects.exclude(pk__in=feeds.filter(kind__in=kinds)).update(is_paused=True)
    for _turn in range(5):
        feeds.filter(kind__in=kinds).update(is_paused=False, next_attempt_at=clock.wall())
        assert read_due("tester").failed == 0, list(feeds.exclude(error="").values("kind", "error"))
    apply_due()


@pytest.fixture
def client() -> Client:
    made = Client()
    made.force_login(User.objects.create_superuser("root", sees_all_accounts=True, sees_all_warehouses=True))
    return made


def ask(client: Client, query: str, **variables: Any) -> Any:  # noqa: ANN401 - an answer
    answer = client.post("/graphql/", json.dumps({"query": query, "variables": variables}), content_type="application/json").json()
    assert "errors" not in answer, answer
    return answer["data"]


def view(client: Client) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Warehouses, accounts and totals."""
    [edge] = ask(client, VIEW)["stockOverview"]["edges"]
    node = edge["node"]
    assert node["isWhole"] is True
    return (
        {each.pop("warehouse"): each for each in node["warehouses"]}, {each.pop("account"): each for each in node["accounts"]},
        node["totals"],
    )  # fmt: skip


def test_u24_both_markets_are_one_view_and_units_move_between_them(markets: tuple[FakeDouyin, FakeAmazon], client: Client) -> None:
    douyin, amazon = markets
    douyin.control("orders", {"lines": [{"code": CODE, "qty": 3}], "pay": True})
    amazon.world.create_order([("COAT-US", 2)], at=clock.now() - timedelta(hours=1))
    read("dy", "orders")
    read("us", "orders", "stock")
    warehouses, accounts, totals = view(client)
    at_amazon = amazon.world.products["COAT-US"].fulfillable
    assert {code: (each["availableQty"], each["reservedQty"], each["isObserved"]) for code, each in warehouses.items()} == {
        "HZ": (37, 3, False), "FBA": (at_amazon, warehouses["FBA"]["reservedQty"], True),
    }  # fmt: skip
    assert {code: (each["pools"], each["availableQty"]) for code, each in accounts.items()} == {
        "dy": (["dy-pool"], 37), "us": (["us-pool"], at_amazon),
    }  # fmt: skip
    assert totals["availableQty"] == 37 + at_amazon
    # Each market is as old as its own feeds, and neither hides the other.
    for code, each in accounts.items():
        until = Feed.objects.get(account__code=code, kind="orders").data_until_at
        assert until is not None
        assert each["dataUntilAt"] == until.isoformat().replace("+00:00", "Z")

    line = {"sku": "COAT", "shippedQty": 12}
    given = {
        "code": "TR-1",
        "fromWarehouse": "HZ",
        "toWarehouse": "FBA",
        "status": "IN_TRANSIT",
        "expectedOn": f"{clock.now() + timedelta(days=20):%Y-%m-%d}",
        "lines": [line],
    }
    told = ask(client, MOVE, input=given)["transferUpsert"]
    assert told == {"transfer": {"status": "IN_TRANSIT", "fromWarehouseCode": "HZ", "toWarehouseCode": "FBA"}, "errors": []}
    warehouses, accounts, totals = view(client)
    assert (warehouses["HZ"]["availableQty"], warehouses["FBA"]["availableQty"]) == (25, at_amazon)
    assert warehouses["FBA"]["incoming"] == [{"qty": 12, "source": "transfer", "reference": "TR-1"}]
    assert (accounts["dy"]["availableQty"], accounts["us"]["availableQty"]) == (25, at_amazon)
    assert (totals["availableQty"], totals["incomingQty"]) == (25 + at_amazon, 12)


def test_u24_a_market_that_has_stopped_is_dated_and_the_other_goes_on(markets: tuple[FakeDouyin, FakeAmazon], client: Client) -> None:
    """The view of several marketplaces is never switched off as a whole: what is stale keeps its numbers and its date."""
    douyin, _amazon = markets
    read("us", "orders", "stock")
    read("dy", "orders")
    before = view(client)[1]
    Account.objects.filter(code="us").update(is_active=False)
    douyin.control("orders", {"lines": [{"code": CODE, "qty": 5}], "pay": True})
    read("dy", "orders")
    after = view(client)[1]
    assert after["us"] == before["us"]
    assert (before["dy"]["availableQty"], after["dy"]["availableQty"]) == (40, 35)
    assert after["dy"]["dataUntilAt"] >= before["dy"]["dataUntilAt"]
