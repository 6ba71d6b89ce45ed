"""Several listings of one SKU in a platform's warehouse add up, whenever each of them is told of (H15, H82)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from stockhub.catalog.models import Authority, Sku, Warehouse
from stockhub.channels.fact_models import ListingCount
from stockhub.channels.models import Account
from stockhub.channels.stock_counts import ingest_stock
from stockhub.core import clock
from stockhub.inventory.models import Balance
from stockhub.pluginapi.records import StockCountRecord
from tests.channels.shop import LEDGER_START, Shop, small_shop

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def shop() -> Shop:
    """FBA holds SKU A under three codes, one of them a pack of two; and SKU B under one."""
    made = small_shop()
    Warehouse.objects.create(code="FBA", name="FBA", kind="fba", authority=Authority.SNAPSHOT, ledger_starts_at=LEDGER_START)
    made.listing("a-2", A=1)
    made.listing("a-pack", A=2)
    return made


def told(account: Account, code: str, qty: int, minutes: int) -> None:
    at = AT + timedelta(minutes=minutes)
    with clock.at(at):
        ingest_stock(account=account, counts=[StockCountRecord(code, "FBA", (("available", qty),), at)])


def available(sku: Sku) -> int:
    return Balance.objects.values_list("qty", flat=True).get(sku=sku, warehouse__code="FBA", bucket_id="available")


def test_h15_listings_on_different_pages_do_not_overwrite_each_other(shop: Shop) -> None:
    told(shop.account, "a-1", 80, 0)
    told(shop.account, "a-2", 5, 7)
    assert available(shop.skus["A"]) == 85
    told(shop.account, "a-pack", 3, 9)
    assert available(shop.skus["A"]) == 91
    # The next reading tells of each anew.
    told(shop.account, "a-1", 70, 60)
    assert available(shop.skus["A"]) == 81


def test_h82_an_old_count_that_comes_late_and_one_that_comes_twice_change_nothing(shop: Shop) -> None:
    told(shop.account, "a-1", 80, 0)
    told(shop.account, "a-2", 5, 7)
    told(shop.account, "a-2", 5, 7)
    told(shop.account, "a-1", 99, -30)
    assert available(shop.skus["A"]) == 85


def test_two_listings_of_one_page_are_added(shop: Shop) -> None:
    counts = [StockCountRecord(code, "FBA", (("available", qty),), AT) for code, qty in (("a-1", 10), ("a-2", 4), ("b-1", 7))]
    with clock.at(AT):
        ingest_stock(account=shop.account, counts=counts)
    assert (available(shop.skus["A"]), available(shop.skus["B"])) == (14, 7)
    # A SKU with one listing needs no memory.
    assert sorted(ListingCount.objects.values_list("listing__code", flat=True)) == ["a-1", "a-2"]
