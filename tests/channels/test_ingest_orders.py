"""Orders come in once, however often and in whatever order they are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.catalog.models import BundleComponent, Sku, Warehouse
from stockhub.channels.ingestion import ingest_orders
from stockhub.channels.models import Account, Feed, Listing, ListingComponent, Order, OrderLine, OrderStatusChange, Quarantined, SalesDelta
from stockhub.channels.quarantine_retries import Retried, retry_quarantined
from stockhub.inventory.models import Allocation, Movement
from stockhub.outbox.models import Event
from stockhub.pluginapi.records import OrderLineRecord, OrderRecord
from tests.channels.shop import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ORDERED = datetime(2026, 3, 10, 6, 30, tzinfo=UTC)
HOUR = datetime(2026, 3, 10, 6, tzinfo=UTC)
Make = Callable[..., OrderRecord]


def test_d2_the_same_order_twice_takes_its_stock_once(shop: Shop, order: Make) -> None:
    shop.stock("A", 10)
    first = ingest_orders(account=shop.account, orders=[order(version=1)], source="webhook")
    second = ingest_orders(account=shop.account, orders=[order(version=1)], source="webhook")
    assert (first.new, first.lines_new, second.new, second.unchanged, second.lines_unchanged) == (1, 1, 0, 1, 1)
    assert (shop.balance("A"), shop.balance("A", "reserved")) == (7, 3)
    assert shop.sold("A") == {HOUR: 3}


def test_d2_the_same_order_twice_in_one_batch_takes_its_stock_once(shop: Shop, order: Make) -> None:
    shop.stock("A", 10)
    ingest_orders(account=shop.account, orders=[order(version=1), order(version=1), order(version=2, status="shipped")], source="api")
    assert (shop.balance("A"), shop.balance("A", "reserved")) == (7, 0)
    assert [c.status for c in OrderStatusChange.objects.order_by("id")] == ["paid", "shipped"]


@pytest.mark.parametrize("versions", [(1, 2), (0, 0)], ids=["versioned", "without versions"])
def test_d2_a_cancellation_that_arrives_before_its_order_leaves_the_stock_at_10(shop: Shop, order: Make, versions: tuple[int, int]) -> None:
    shop.stock("A", 10)
    created, cancelled = versions
    ingest_orders(account=shop.account, orders=[order(version=cancelled, status="cancelled", lines=())], source="webhook")
    ingest_orders(account=shop.account, orders=[order(version=created, status="created")], source="webhook")
    assert (shop.balance("A"), shop.balance("A", "reserved")) == (10, 0)
    assert shop.sold("A") == {}
    assert Order.objects.get().status == "cancelled"
    assert OrderLine.objects.get().status == "cancelled"


def test_a_cancellation_gives_stock_and_demand_back_on_the_day_of_the_order(shop: Shop, order: Make) -> None:
    shop.stock("A", 10)
    ingest_orders(account=shop.account, orders=[order(version=1)], source="api")
    late = order(version=2, status="cancelled", cancelled_at=ORDERED + timedelta(days=4), lines=())
    ingest_orders(account=shop.account, orders=[late], source="api")
    assert (shop.balance("A"), shop.balance("A", "reserved")) == (10, 0)
    assert sorted(SalesDelta.objects.values_list("hour_at", "qty")) == [(HOUR, -3), (HOUR, 3)]


@pytest.mark.parametrize("reason", ["stock_out", "late_shipment"])
def test_a_cancellation_because_we_could_not_deliver_stays_demand(shop: Shop, order: Make, reason: str) -> None:
    ingest_orders(account=shop.account, orders=[order(version=1)], source="api")
    ingest_orders(account=shop.account, orders=[order(version=2, status="cancelled", cancel_reason=reason)], source="api")
    assert shop.sold("A") == {HOUR: 3}
    assert Allocation.objects.get().wanted_qty == 0


@pytest.mark.parametrize("kind", ["gift", "sample", "replacement", "internal", "excluded"])
def test_kinds_that_nobody_bought_are_not_demand(shop: Shop, order: Make, kind: str) -> None:
    shop.stock("A", 10)
    ingest_orders(account=shop.account, orders=[order(kind=kind)], source="api")
    assert shop.sold("A") == {}
    assert shop.balance("A") == (10 if kind in ("internal", "excluded") else 7)


def test_old_news_changes_nothing(shop: Shop, order: Make) -> None:
    ingest_orders(account=shop.account, orders=[order(version=5, qty=4)], source="api")
    result = ingest_orders(account=shop.account, orders=[order(version=4, qty=9, line_id="L1")], source="api")
    assert (result.changed, result.unchanged) == (0, 1)
    assert OrderLine.objects.get().qty == 4


def test_a_new_version_posts_the_difference(shop: Shop, order: Make) -> None:
    shop.stock("A", 10)
    ingest_orders(account=shop.account, orders=[order(version=1, qty=3)], source="api")
    result = ingest_orders(account=shop.account, orders=[order(version=2, qty=5)], source="api")
    assert (result.changed, result.lines_changed) == (1, 1)
    assert (shop.balance("A"), shop.balance("A", "reserved"), shop.sold("A")) == (5, 5, {HOUR: 5})


def test_a_line_that_a_complete_record_no_longer_names_is_gone(shop: Shop, order: Make) -> None:
    shop.stock("A", 10)
    shop.stock("B", 10)
    two = order(version=1, lines=(OrderLineRecord("a-1", 2, line_id="1"), OrderLineRecord("b-1", 1, line_id="2")))
    ingest_orders(account=shop.account, orders=[two], source="api")
    ingest_orders(account=shop.account, orders=[replace(two, version=2, lines=two.lines[:1])], source="api")
    assert (shop.balance("A"), shop.balance("B")) == (8, 10)
    assert shop.sold("B") == {}


def test_an_incomplete_record_adds_lines_and_removes_none(shop: Shop, order: Make) -> None:
    for line in (OrderLineRecord("a-1", 2), OrderLineRecord("b-1", 1)):
        ingest_orders(account=shop.account, orders=[order(lines=(line,), is_complete=False)], source="file")
    assert sorted(OrderLine.objects.values_list("listing__code", "status")) == [("a-1", "paid"), ("b-1", "paid")]


def test_exact_duplicate_lines_of_one_record_are_two_lines(shop: Shop, order: Make) -> None:
    same = (OrderLineRecord("a-1", 2), OrderLineRecord("a-1", 2))
    for _again in range(2):
        ingest_orders(account=shop.account, orders=[order(lines=same)], source="api")
    assert OrderLine.objects.count() == 2
    assert shop.sold("A") == {HOUR: 4}


def test_a_shipped_order_leaves_the_warehouse(shop: Shop, order: Make) -> None:
    shop.stock("A", 10)
    ingest_orders(account=shop.account, orders=[order(version=1)], source="api")
    ingest_orders(account=shop.account, orders=[order(version=2, status="shipped", shipped_at=ORDERED + timedelta(days=1))], source="api")
    assert (shop.balance("A"), shop.balance("A", "reserved")) == (7, 0)
    assert Allocation.objects.get().shipped_qty == 3


def test_an_account_that_takes_stock_at_payment_holds_nothing_for_an_unpaid_order(shop: Shop, order: Make) -> None:
    shop.stock("A", 10)
    Account.objects.update(reduce_on="pay")
    shop.account.refresh_from_db()
    ingest_orders(account=shop.account, orders=[order(version=1, status="created")], source="api")
    assert (shop.balance("A"), shop.sold("A")) == (10, {HOUR: 3})
    ingest_orders(account=shop.account, orders=[order(version=2, status="paid", paid_at=ORDERED)], source="api")
    assert shop.balance("A") == 7


def test_a_presale_holds_no_stock_until_it_ships(shop: Shop, order: Make) -> None:
    shop.stock("A", 10)
    ingest_orders(account=shop.account, orders=[order(version=1, presale_kind="full")], source="api")
    assert shop.balance("A") == 10
    ingest_orders(account=shop.account, orders=[order(version=2, presale_kind="full", status="shipped")], source="api")
    assert shop.balance("A") == 7


def test_what_the_platform_fulfils_or_counts_moves_nothing_of_ours(shop: Shop, order: Make) -> None:
    shop.stock("A", 10)
    ingest_orders(account=shop.account, orders=[order("1", fulfilled_by="platform")], source="api")
    Warehouse.objects.update(authority="snapshot")
    ingest_orders(account=shop.account, orders=[order("2")], source="api")
    assert shop.balance("A") == 10
    assert Allocation.objects.count() == 0
    assert shop.sold("A") == {HOUR: 6}


def test_lines_from_before_the_ledger_are_facts_and_move_nothing(shop: Shop, order: Make) -> None:
    shop.stock("A", 10)
    before = datetime(2025, 12, 31, 23, 59, tzinfo=UTC)
    ingest_orders(account=shop.account, orders=[order(ordered_at=before)], source="file")
    assert (shop.balance("A"), Allocation.objects.count()) == (10, 0)
    assert shop.sold("A") == {before.replace(minute=0): 3}


def test_a_named_warehouse_is_taken_from_and_an_unknown_one_is_refused_until_it_exists(shop: Shop, order: Make) -> None:
    other = Warehouse.objects.create(code="CN2", name="Other", ledger_starts_at=datetime(2026, 1, 1, tzinfo=UTC))
    result = ingest_orders(
        account=shop.account, orders=[order("1", line_warehouse="CN2"), order("2", line_warehouse="CN3", buyer="ana")], source="api"
    )
    assert (result.new, result.quarantined) == (1, 1)
    assert Allocation.objects.get().warehouse == other
    held = Quarantined.objects.get()
    assert (held.kind, held.external_id, held.code, held.attempts) == ("order", "2", "unknown_warehouse", 1)
    assert "ana" not in str(held.payload)
    assert len(held.payload["buyer_hash"]) == 64
    assert retry_quarantined([held.pk]) == Retried(taken=0, left=1)
    held.refresh_from_db()
    assert (held.attempts, held.resolved_at) == (2, None)
    Warehouse.objects.create(code="CN3", name="New", ledger_starts_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert retry_quarantined([held.pk]) == Retried(taken=1, left=0)
    held.refresh_from_db()
    assert held.resolved_at is not None
    assert Order.objects.get(external_id="2").buyer_hash == held.payload["buyer_hash"]


def test_a_multipack_and_a_bundle_are_taken_apart(shop: Shop, order: Make) -> None:
    for sku in "ABC":
        shop.stock(sku, 20)
    bundle = shop.skus["set"] = Sku.objects.create(code="SET", is_bundle=True)
    BundleComponent.objects.create(bundle=bundle, component=shop.skus["A"], qty=2)
    BundleComponent.objects.create(bundle=bundle, component=shop.skus["B"], qty=1)
    shop.listing("mix", set=1, C=4)
    ingest_orders(account=shop.account, orders=[order(code="mix", qty=3)], source="api")
    assert {sku: shop.balance(sku) for sku in "ABC"} == {"A": 14, "B": 17, "C": 8}
    assert [shop.sold(sku) for sku in "ABC"] == [{HOUR: 6}, {HOUR: 3}, {HOUR: 12}]
    assert OrderLine.objects.get().sku == bundle


def test_components_hold_on_the_business_day_of_the_account(shop: Shop, order: Make) -> None:
    listing = shop.listing("gift")
    ListingComponent.objects.create(listing=listing, sku=shop.skus["A"], qty=1, valid_to="2026-03-10")
    ListingComponent.objects.create(listing=listing, sku=shop.skus["B"], qty=2, valid_from="2026-03-11")
    # 16:30 UTC is half past midnight in Shanghai.
    evening, night = datetime(2026, 3, 10, 15, 30, tzinfo=UTC), datetime(2026, 3, 10, 16, 30, tzinfo=UTC)
    ingest_orders(
        account=shop.account, orders=[order("1", code="gift", ordered_at=evening), order("2", code="gift", ordered_at=night)], source="api"
    )
    assert shop.sold("A") == {evening.replace(minute=0): 3}
    assert shop.sold("B") == {night.replace(minute=0): 6}


def test_d24_the_ledger_knows_what_was_paid_and_by_when_it_must_ship(shop: Shop, order: Make) -> None:
    shop.stock("A", 1)
    due = ORDERED + timedelta(hours=20)
    orders = [order(str(n), qty=1, paid_at=ORDERED, ship_by_at=due) for n in range(3)]
    ingest_orders(account=shop.account, orders=orders, source="api")
    rows = Allocation.objects.order_by("id").values_list(
        "wanted_qty", "reserved_qty", "paid_amount", "currency", "ship_by_at", "account_id"
    )
    amount = Decimal("9.90")
    assert list(rows) == [(1, n, amount, "CNY", due, shop.account.pk) for n in (1, 0, 0)]


def test_a_ship_by_time_that_is_told_later_reaches_the_ledger(shop: Shop, order: Make) -> None:
    ingest_orders(account=shop.account, orders=[order(version=1)], source="api")
    due = ORDERED + timedelta(hours=48)
    ingest_orders(account=shop.account, orders=[order(version=2, ship_by_at=due)], source="api")
    assert Allocation.objects.get().ship_by_at == due


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"external_id": ""}, "order_id"),
        ({"external_id": "x" * 121}, "order_id"),
        ({"status": "lost"}, "status"),
        ({"currency": "yuan"}, "currency"),
        ({"currency": "XXQ"}, "currency"),
        ({"qty": 0}, "quantity"),
        ({"qty": -1}, "quantity"),
        ({"qty": 10_000_001}, "quantity"),
        ({"qty": 1.5}, "quantity"),
        ({"qty": True}, "quantity"),
        ({"code": "a\x00b"}, "sku"),
        ({"ordered_at": datetime(2026, 1, 1)}, "naive_time"),  # noqa: DTZ001 - what is refused
        ({"ordered_at": datetime(2999, 1, 1, tzinfo=UTC)}, "future_time"),
        ({"ordered_at": "2026-01-01"}, "malformed"),
        ({"lines": None}, "malformed"),
        ({"province": "x" * 61}, "text_too_long"),
        ({"version": 2**70}, "version"),
    ],
)
def test_a_bad_record_goes_into_quarantine_and_the_rest_goes_in(shop: Shop, order: Make, change: dict[str, object], code: str) -> None:
    result = ingest_orders(
        account=shop.account, orders=[order("good-1"), order(**{"external_id": "bad", **change}), order("good-2")], source="api"
    )
    assert (result.new, result.quarantined) == (2, 1)
    assert [refusal.code for refusal in result.refusals] == [code]
    assert sorted(Order.objects.values_list("external_id", flat=True)) == ["good-1", "good-2"]
    assert Quarantined.objects.get().code == code


def test_prices_that_are_no_numbers_are_refused(shop: Shop, order: Make) -> None:
    for price in (Decimal("NaN"), Decimal("Infinity"), Decimal(-1), Decimal("1e30")):
        result = ingest_orders(account=shop.account, orders=[order(lines=(OrderLineRecord("a-1", 1, unit_price=price),))], source="api")
        assert [refusal.code for refusal in result.refusals] == ["price"]
    assert Order.objects.count() == 0


def test_an_unmapped_code_is_kept_as_a_listing_and_a_line_without_sku(shop: Shop, order: Make) -> None:
    ingest_orders(account=shop.account, orders=[order(code="new-7")], source="api")
    assert OrderLine.objects.get().sku is None
    assert Listing.objects.get(code="new-7").components.count() == 0
    assert SalesDelta.objects.count() == 0


def test_the_buyer_is_kept_as_a_keyed_hash_only(shop: Shop, order: Make) -> None:
    ingest_orders(account=shop.account, orders=[order("1", buyer="13800138000"), order("2", buyer="13800138000")], source="api")
    first, second = Order.objects.order_by("id")
    assert first.buyer_hash == second.buyer_hash
    assert len(first.buyer_hash) == 64
    assert "13800138000" not in str(list(Event.objects.values("payload")))


def test_live_orders_have_an_event_each_and_history_one_a_batch(shop: Shop, order: Make) -> None:
    ingest_orders(account=shop.account, orders=[order("1"), order("2")], source="webhook")
    ingest_orders(account=shop.account, orders=[order("1"), order("2")], source="webhook")
    assert Event.objects.filter(kind="channels.order_changed.v1").count() == 2
    ingest_orders(account=shop.account, orders=[order("3"), order("4")], source="file")
    assert Event.objects.filter(kind="channels.orders_ingested.v1").count() == 1


def test_the_feed_says_how_fresh_it_is_and_never_grows_older(shop: Shop, order: Make) -> None:
    ingest_orders(account=shop.account, orders=[order("1")], source="api", data_until_at=ORDERED + timedelta(hours=1))
    ingest_orders(account=shop.account, orders=[order("2")], source="api")
    feed = Feed.objects.get()
    assert (feed.kind, feed.data_until_at, feed.rows) == ("orders", ORDERED + timedelta(hours=1), 2)


def test_the_number_of_queries_does_not_depend_on_the_number_of_orders(shop: Shop, order: Make) -> None:
    shop.stock("A", 1000)

    def queries(first: int, count: int) -> int:
        orders = [order(str(n)) for n in range(first, first + count)]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            ingest_orders(account=shop.account, orders=orders, source="api")
        return len(captured)

    queries(0, 1)
    few, many = queries(100, 5), queries(200, 45)
    assert many <= few
    assert Movement.objects.filter(kind="reserve").count() == 51


@pytest.mark.parametrize("count", [3, 120], ids=["a few", "in bulk"])
def test_texts_are_stored_as_they_are(shop: Shop, order: Make, count: int) -> None:
    texts = ["a\tb", "c\\d", "\\N", "e\nf\r", "中文 ✓", "'; --", ""]
    orders = [order(f"{n}\\N\t", line_promo=texts[n % len(texts)], province=texts[-1 - n % len(texts)]) for n in range(count)]
    ingest_orders(account=shop.account, orders=orders, source="file")
    assert list(OrderLine.objects.order_by("id").values_list("promo", flat=True)) == [texts[n % len(texts)] for n in range(count)]
    assert set(Order.objects.values_list("external_id", "province")) == {(each.external_id, each.province) for each in orders}
