"""The truth of stock while a live room sells out: Douyin's fake, its signed pushes, and a second shop on the same units (U25, D18, N8)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import pytest
from django.db.models import F, Sum
from django.test import Client
from pytest_django.fixtures import Settings

from stockhub.catalog.models import PoolWarehouse, Sku, StockPool, Warehouse
from stockhub.channels.accounts import AccountInput
from stockhub.channels.connecting.account_connection import connect_account
from stockhub.channels.feeds.engine import read_due
from stockhub.channels.inbox import apply_due
from stockhub.channels.models import Account, Feed, Listing, ListingComponent, Order, PoolAccount
from stockhub.channels.pushes.stock_rules import StockRuleInput, upsert_stock_rule
from stockhub.channels.pushes.targets import targets_of
from stockhub.channels.webhooks.models import WebhookMessage
from stockhub.channels.webhooks.working import work_due
from stockhub.core import clock, retention
from stockhub.inventory.models import Allocation, Balance
from stockhub.inventory.services import Receipt, receive_lot
from stockhub_douyin.fake import FakeDouyin
from stockhub_douyin.fake.messages import PushMessage
from stockhub_douyin.fake_shop import account_of
from stockhub_douyin.signing import push_signature

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
CODE: Final = "DOWN-BLK-M"
#: As sellers tell it: 1,500 units are asked for within two hours, and 900 are there.
STOCK, ASKED, EACH = 900, 1_500, 5
#: Buyers who come between two looks.
ROUND: Final = 60


@pytest.fixture
def pushed() -> list[PushMessage]:
    return []


@pytest.fixture
def fake(pushed: list[PushMessage], monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeDouyin]:
    """What it pushes is kept, and delivered when a test says so."""
    with FakeDouyin() as running:
        running.world.pusher.settings.url = "http://127.0.0.1:9"
        monkeypatch.setattr(running.world.pusher, "add", pushed.append)
        running.control("stock", {"code": CODE, "normal": STOCK})
        yield running


@pytest.fixture
def shops(fake: FakeDouyin, settings: Settings) -> tuple[Account, Account]:
    """The live room's shop and another one, both on the units of one warehouse of ours."""
    settings.STOCKHUB_ALLOW_PRIVATE_URLS = ["127.0.0.1"]
    start = clock.now() - timedelta(days=3)
    sku = Sku.objects.create(code=CODE)
    warehouse = Warehouse.objects.create(code="CN1", name="Main", ledger_starts_at=start)
    pool = StockPool.objects.create(code="CN", name="China")
    PoolWarehouse.objects.create(pool=pool, warehouse=warehouse)
    receive_lot(Receipt(sku_id=sku.pk, warehouse_id=warehouse.pk, qty=STOCK, idempotency_key="start", occurred_at=start))
    config = account_of(fake) | {"overlap_minutes": 10, "reads_per_second": 500, "window_hours": 2_160}
    live, tried = connect_account(AccountInput(code="dy", name="抖店", marketplace="douyin", site="CN", config=config))
    assert (tried.ok, tried.message) == (True, "")
    other = Account.objects.create(code="other", name="Other", marketplace="file", currency="CNY", reduce_on=live.reduce_on)
    for account in (live, other):
        PoolAccount.objects.create(pool=pool, account=account)
        ListingComponent.objects.create(listing=Listing.objects.create(account=account, kind="sku", code=CODE), sku=sku, qty=1)
    upsert_stock_rule(StockRuleInput(account="other", keeps_lag_buffer=True))
    return live, other


def deliver(pushed: list[PushMessage], fake: FakeDouyin) -> None:
    """Signed, twenty in a body, and every body twice: at least once is what platforms promise."""
    client, known = Client(), fake.world.settings
    messages, pushed[:] = list(pushed), []
    for first in range(0, len(messages), 20):
        body = json.dumps([each.shown(as_object=False) for each in messages[first : first + 20]]).encode()
        sign = push_signature(app_key=known.app_key, app_secret=known.app_secret, body=body)
        for _copy in range(2):
            headers = {"app-id": known.app_key, "event-sign": sign}
            answer = client.post("/webhooks/douyin/dy/", data=body, content_type="application/json", headers=headers)
            assert (answer.status_code, answer.json()) == (200, {"code": 0, "msg": "success"})


def work() -> None:
    work_due("tester")
    apply_due()


def buckets() -> dict[str, int]:
    return dict(Balance.objects.exclude(qty=0).values_list("bucket_id", "qty"))


def offered(account: Account) -> int:
    [target] = targets_of(account, list(Listing.objects.filter(account=account)))
    assert target.qty is not None
    return target.qty


def test_u25_a_burst_of_1500_on_900_is_told_truly_at_each_look_and_nothing_is_oversold(
    shops: tuple[Account, Account], fake: FakeDouyin, pushed: list[PushMessage]
) -> None:
    live, other = shops
    Feed.objects.filter(account=other, kind="orders").update(measured_lag_seconds=None)
    sold = turned_away = 0
    for _round in range(ASKED // EACH // ROUND):
        told: dict[str, Any] = fake.control("bursts", {"code": CODE, "orders": ROUND, "qty": EACH})
        sold, turned_away = sold + told["sold"], turned_away + told["turned_away"]
        left = fake.world.catalogue.sku_by_code(CODE).stock_num
        deliver(pushed, fake)
        work()
        # Not 200 where 50 are left: what we tell is what the platform has, after the pushes alone.
        assert buckets() == {name: qty for name, qty in (("available", left), ("reserved", STOCK - left)) if qty}
        # The other shop offers less than is there by what sells before anybody hears of it, and never below 0.
        assert offered(other) < left or (offered(other), left) == (0, 0)
    assert (sold, turned_away) == (STOCK // EACH, (ASKED - STOCK) // EACH)
    assert (buckets(), offered(other)) == ({"reserved": STOCK}, 0)
    totals = Allocation.objects.aggregate(wanted=Sum("wanted_qty"), reserved=Sum("reserved_qty"))
    assert (totals, Allocation.objects.exclude(wanted_qty=F("reserved_qty")).count()) == ({"wanted": STOCK, "reserved": STOCK}, 0)
    # Polling behind finds nothing that the pushes did not tell, and changes nothing.
    Feed.objects.filter(account=live).exclude(kind="orders").update(is_paused=True)
    Feed.objects.filter(account=live, kind="orders").update(next_attempt_at=clock.wall())
    assert read_due("tester").failed == 0
    apply_due()
    assert (buckets(), Order.objects.filter(account=live).count()) == ({"reserved": STOCK}, sold)


def test_promise_10_a_push_that_is_replayed_long_after_it_was_forgotten_has_no_second_effect(
    shops: tuple[Account, Account], fake: FakeDouyin, pushed: list[PushMessage]
) -> None:
    """Douyin's signature has no time in it, so that a recorded push can be sent for ever. What it names is fetched as it is now."""
    [order_id] = fake.control("orders", {"lines": [{"code": CODE, "qty": 7}], "pay": True})["order_ids"]
    recorded = list(pushed)
    deliver(pushed, fake)
    work()
    fake.control(f"orders/{order_id}/ship", {})
    deliver(pushed, fake)
    work()
    after = (buckets(), Order.objects.get().status)
    assert after == ({"available": STOCK - 7}, "shipped")
    retention.forget_expired(clock.now() + timedelta(days=150))
    assert WebhookMessage.objects.count() == 0
    deliver(recorded, fake)
    assert WebhookMessage.objects.filter(status="due").count() == 2
    work()
    assert (buckets(), Order.objects.get().status) == after
