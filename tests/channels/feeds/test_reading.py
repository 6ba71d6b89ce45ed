"""Feeds of an account that are read over real HTTP (D2, U25, H103, N8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from stockhub.catalog.models import Sku, Warehouse
from stockhub.channels import inbox
from stockhub.channels.accounts import AccountInput, upsert_account
from stockhub.channels.feeds.claiming import due, next_due_in, take, units
from stockhub.channels.feeds.engine import Read, read_due
from stockhub.channels.feeds.ensuring import ensure_feeds
from stockhub.channels.models import Account, Feed, FeedState, Listing, ListingComponent, Order
from stockhub.channels.received_models import ReceivedRecord
from stockhub.core import clock
from stockhub.inventory.models import Balance
from stockhub.outbox.models import Event
from tests.channels.feeds import wire_shop
from tests.channels.feeds.wire_platform import UNTIL, PlatformServer, order

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_an_account_has_a_feed_for_each_capability_and_one_without_a_place_for_its_records_is_not_read(account: Account) -> None:
    states = {feed.kind: feed.state for feed in Feed.objects.filter(account=account).select_related("account")}
    assert states == {"orders": FeedState.WAITING, "stock": FeedState.WAITING, "traffic": FeedState.NOT_KEPT}
    assert [feed.kind for feed in due()] == ["orders", "stock"]
    assert [kind for kind, _fence in units("fast")] == []
    assert len(units("bulk")) == 2
    assert next_due_in() == 0.0


def test_a_capability_that_goes_takes_its_feed_off_the_schedule_and_comes_back_with_its_cursor(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    Feed.objects.filter(kind="stock").update(cursor="7")
    with monkeypatch.context() as gone:
        gone.setattr("stockhub.channels.feeds.ensuring.kinds_of", lambda _connector: [])
        ensure_feeds(account)
    assert {feed.kind: feed.state for feed in account.feeds.all()} == dict.fromkeys(("orders", "stock", "traffic"), FeedState.NOT_OFFERED)
    assert not due().exists()
    ensure_feeds(account, anew=False)
    assert {feed.kind: feed.hold for feed in account.feeds.all()} == {"orders": "", "stock": "", "traffic": "not_kept"}
    assert Feed.objects.get(kind="stock").cursor == "7"


def test_d2_the_first_reading_brings_the_past_with_progress_and_the_next_goes_on_from_its_cursor(
    orders: Feed, platform: PlatformServer, read: Callable[..., Read]
) -> None:
    told = read()
    assert (told.feeds, told.pages, told.records, told.failed) == (1, 3, 25, 0)
    assert (orders.backfill_done, orders.backfill_total, orders.is_backfilling) == (25, 25, False)
    assert orders.backfill_since is not None
    assert timedelta(days=89) < clock.now() - orders.backfill_since < timedelta(days=91)
    assert (orders.cursor, orders.data_until_at, orders.pages, orders.records, orders.error) == ("25", UNTIL, 3, 25, "")
    assert orders.next_attempt_at is not None
    assert 50 < (orders.next_attempt_at - clock.wall()).total_seconds() <= 60
    inbox.apply_due()
    assert Order.objects.count() == 25
    platform.orders.append(order(25))
    read()
    inbox.apply_due()
    assert Order.objects.count() == 26
    assert platform.asked[-1] == "/orders?cursor=25"
    assert Event.objects.filter(kind="channels.feed_backfilled.v1").count() == 1


def test_n8_the_lag_is_measured_when_a_reading_renews_the_data(orders: Feed, read: Callable[..., Read]) -> None:
    read()
    assert orders.measured_lag_seconds is None
    behind = clock.now() - timedelta(seconds=95)
    Feed.objects.filter(pk=orders.pk).update(data_until_at=behind)
    read()
    assert orders.measured_lag_seconds == pytest.approx(95, abs=5)


def test_h103_what_a_webhook_brings_does_not_hide_that_a_feed_has_stopped(orders: Feed, read: Callable[..., Read]) -> None:
    read()
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    Feed.objects.filter(pk=orders.pk).update(last_success_at=long_ago, data_until_at=long_ago, error="It is down.")
    inbox.apply_due()
    orders.refresh_from_db()
    assert (orders.last_success_at, orders.data_until_at, orders.error) == (long_ago, long_ago, "It is down.")
    assert orders.rows == 25


def test_a_snapshot_begins_anew_and_an_empty_one_erases_nothing(
    account: Account, platform: PlatformServer, read: Callable[..., Read]
) -> None:
    read("stock")
    platform.stock.clear()
    read("stock")
    stock = Feed.objects.get(kind="stock")
    assert (stock.cursor, stock.reading_records, stock.records, stock.error) == ("", 0, 1, "")
    [kept] = ReceivedRecord.objects.filter(kind="stock")
    assert kept.payload["quantities"] == [["available", 7]]


@pytest.mark.parametrize(
    "told",
    [
        [], [{"code": "b-1", "warehouse": "FBA", "qty": 3}], [{"code": "a-1", "warehouse": "FBA", "qty": None}],
        [{"code": "a-1", "warehouse": "FBA", "qty": float("nan")}], [{"code": "a-1", "warehouse": "FBA", "qty": -7}],
        [{"code": "a-1", "warehouse": "FBA", "qty": "none"}], [{"code": "a-1", "warehouse": "FBA", "qty": 10**40}],
    ],
    ids=["nothing", "another SKU", "null", "NaN", "negative", "words", "absurd"],
)  # fmt: skip
def test_promise_12_a_sku_that_is_missing_or_has_no_number_keeps_its_stock_and_is_never_zero(
    told: list[dict[str, Any]], account: Account, platform: PlatformServer, read: Callable[..., Read]
) -> None:
    """To the ledger's own balance, and beside a SKU that is told."""
    fba = Warehouse.objects.create(code="FBA", name="FBA", authority="snapshot")
    known = [Sku.objects.create(code=code) for code in ("a-1", "b-1")]
    for sku in known:
        ListingComponent.objects.create(listing=Listing.objects.create(account=account, kind="sku", code=sku.code), sku=sku, qty=1)
    platform.stock = [{"code": sku.code, "warehouse": "FBA", "qty": 7} for sku in known]
    read("stock")
    inbox.apply_due()

    def stock() -> dict[str, int]:
        return dict(Balance.objects.filter(warehouse=fba, bucket_id="available").values_list("sku__code", "qty"))

    assert stock() == {"a-1": 7, "b-1": 7}
    platform.stock = told
    read("stock")
    inbox.apply_due()
    assert stock() == {"a-1": 7, "b-1": 3 if told and told[0]["code"] == "b-1" else 7}


def test_a_turn_that_is_over_goes_on_where_it_stopped(orders: Feed, platform: PlatformServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stockhub.channels.feeds.engine.TURN_SECONDS", 0.0)
    fed = take("one")
    assert fed is not None
    Feed.objects.update(leased_by="", lease_until=None)
    told = read_due("tester", seconds=0.0)
    assert told.feeds == 0
    for _ in range(3):
        read_due("tester", seconds=0.001)
    orders.refresh_from_db()
    assert (orders.cursor, orders.pages, orders.reading_started_at) == ("25", 3, None)
    assert [target.rpartition("=")[2] for target in platform.asked] == ["", "10", "20"]


def test_n8_new_orders_come_first_and_their_past_waits_its_turn(account: Account) -> None:
    """A reading of the past is due again at once: it must not keep the others from being read."""
    now = clock.wall()
    Feed.objects.filter(kind="orders").update(next_attempt_at=now - timedelta(seconds=1))
    Feed.objects.filter(kind="stock").update(next_attempt_at=now - timedelta(minutes=1))
    assert [feed.kind for feed in due()] == ["stock", "orders"]
    Feed.objects.filter(kind="orders").update(backfill_finished_at=now)
    assert [feed.kind for feed in due()] == ["orders", "stock"]


def test_a_paused_feed_and_one_of_an_inactive_account_are_not_read(account: Account, orders: Feed) -> None:
    Feed.objects.update(is_paused=True)
    assert read_due("tester").feeds == 0
    Feed.objects.update(is_paused=False)
    upsert_account(AccountInput(code=account.code, is_active=False))
    assert read_due("tester").feeds == 0
    assert next_due_in() is None
    orders.refresh_from_db()
    assert orders.state == FeedState.NOT_CONNECTED


def test_a_worker_that_lost_its_lease_writes_nothing(orders: Feed, connector: wire_shop.WireShop, read: Callable[..., Read]) -> None:
    def taken_over(_request: object) -> None:
        Feed.objects.filter(pk=orders.pk).update(fence=99, leased_by="another")

    wire_shop.misbehave.append(taken_over)
    told = read()
    assert (told.pages, orders.cursor, orders.leased_by, ReceivedRecord.objects.count()) == (0, "", "another", 0)
