"""No personal data in any table, any log line or the outbox: orders with buyers come by feed and by webhook, from both marketplaces."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from stockhub.catalog.models import Sku, Warehouse
from stockhub.channels.accounts import AccountInput
from stockhub.channels.connecting.account_connection import connect_account
from stockhub.channels.feeds.control import read_feed
from stockhub.channels.feeds.engine import read_due
from stockhub.channels.inbox import apply_due
from stockhub.channels.models import Account, Feed, Order
from stockhub.channels.webhooks.models import RefusedWebhook, UnreadableWebhook, WebhookMessage
from stockhub.channels.webhooks.working import work_due
from stockhub.core import clock
from stockhub.outbox.models import Event
from stockhub.pluginapi.connectors import FeedKind
from stockhub_amazon.fake.login import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN
from stockhub_amazon.fake.server import Fake as FakeAmazon
from stockhub_amazon.fake.world import MARKETPLACE, SELLER
from stockhub_douyin.fake import FakeDouyin
from stockhub_douyin.fake.messages import order_message
from stockhub_douyin.fake_shop import account_of
from stockhub_douyin.signing import push_signature

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
#: What the made-up Amazon tells of every buyer, in any of its answers.
AMAZONS_BUYER = ("Secret-Buyer", "secret-buyer@", "Secret Street", "555 0100", "Secretville")
HOOK_SECRET = "a-secret-of-the-glue"


def everything() -> Iterator[tuple[str, str]]:
    """(table, a row as text) of every table of the database, with what is binary as the text that it may be."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - the database's own names
            for row in cursor.fetchall():
                cells = [bytes(each).decode(errors="replace") if isinstance(each, bytes | memoryview) else str(each) for each in row]
                said = " ".join(cells)
                # JSON may hold a name escaped.
                yield table, said + (said.encode("ascii", "backslashreplace").decode("unicode_escape", "replace") if "\\u" in said else "")


def found(personal: tuple[str, ...], log: str) -> list[str]:
    """Where any of it stands: tables, and the log."""
    tables = {table for table, said in everything() for each in personal if each in said}
    return sorted(tables) + ["the log"] * any(each in log for each in personal)


def read(account: Account, kind: FeedKind) -> None:
    feed = Feed.objects.get(account=account, kind=kind)
    Feed.objects.exclude(pk=feed.pk).update(is_paused=True)
    read_feed(feed_id=feed.pk, since=clock.now() - timedelta(hours=20))
    told = read_due("tester")
    feed.refresh_from_db()
    assert (told.failed, feed.error) == (0, "")
    apply_due()


def work() -> int:
    done = work_due("tester").done
    apply_due()
    return done


def log_of(caplog: pytest.LogCaptureFixture) -> str:
    """Messages with their arguments, extras and tracebacks."""
    return caplog.text + "".join(repr(record.__dict__) for record in caplog.records)


@pytest.fixture
def douyin(settings: Settings) -> Iterator[tuple[FakeDouyin, Account]]:
    settings.STOCKHUB_ALLOW_PRIVATE_URLS = ["127.0.0.1"]
    Sku.objects.create(code="DOWN-BLK-M")
    with FakeDouyin() as fake:
        config = account_of(fake) | {"overlap_minutes": 10, "reads_per_second": 500, "window_hours": 2_160}
        account, tried = connect_account(AccountInput(code="dy", name="抖店", marketplace="douyin", site="CN", config=config))
        assert (tried.ok, tried.message) == (True, "")
        yield fake, account


def test_nobodys_data_of_douyin_is_in_any_table_log_line_or_event(
    douyin: tuple[FakeDouyin, Account], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fake, account = douyin
    known = fake.world.settings
    personal = (known.buyer_name, known.buyer_phone, known.buyer_address)
    ids = fake.control("orders", {"lines": [{"code": "DOWN-BLK-M"}], "pay": True, "count": 3})["order_ids"]
    fake.control(f"orders/{ids[0]}/ship", {})
    read(account, FeedKind.ORDERS)
    assert Order.objects.filter(account=account).count() == 3

    client = Client()
    shipped = fake.world.orders.get(int(ids[0]))
    assert shipped is not None
    pushed = order_message(shipped, "102", int(clock.now().timestamp()), known).shown(as_object=False)
    body = json.dumps([pushed], ensure_ascii=False).encode()
    broken = body[:-2]
    assert all(each in json.loads(body)[0]["data"] for each in personal[:2])
    for sent, is_ours in ((body, True), (broken, True), (body + b" ", False)):
        sign = push_signature(app_key=known.app_key, app_secret=known.app_secret if is_ours else "another", body=sent)
        headers = {"app-id": known.app_key, "event-sign": sign}
        client.post("/webhooks/douyin/dy/", data=sent, content_type="application/json", headers=headers)
    assert (WebhookMessage.objects.count(), UnreadableWebhook.objects.count(), RefusedWebhook.objects.count()) == (1, 1, 1)
    assert work() == 1
    assert Event.objects.exists()
    assert found(personal, log_of(caplog)) == []
    # What is looked for would be found.
    assert found((ids[0],), "") != []


@pytest.fixture
def amazon(settings: Settings) -> Iterator[tuple[FakeAmazon, Account]]:
    settings.STOCKHUB_ALLOW_PRIVATE_URLS = ["127.0.0.1"]
    Sku.objects.create(code="MUG")
    Warehouse.objects.create(code="FBA", name="FBA", authority="snapshot")
    with FakeAmazon(rates=0) as fake:
        fake.world.add_product("MUG", fulfillable=50)
        config: dict[str, Any] = {
            "lwa_client_id": CLIENT_ID, "lwa_client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN, "seller_id": SELLER,
            "region": "na", "marketplace_ids": [MARKETPLACE], "base_url": fake.base_url, "token_url": f"{fake.base_url}/auth/o2/token",
            "fba_warehouse": "FBA", "webhook_secret": HOOK_SECRET,
        }  # fmt: skip
        account, tried = connect_account(AccountInput(code="us", name="US", marketplace="amazon", site="US", config=config))
        assert (tried.ok, tried.message) == (True, "")
        yield fake, account


def test_nobodys_data_of_amazon_is_in_any_table_log_line_or_event(
    amazon: tuple[FakeAmazon, Account], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fake, account = amazon
    orders = [fake.world.create_order([("MUG", 1)], at=clock.now() - timedelta(hours=hours)) for hours in (2, 3, 4)]
    read(account, FeedKind.ORDERS)
    assert Order.objects.filter(account=account).count() == 3

    new = fake.world.create_order([("MUG", 2)], at=clock.now() - timedelta(minutes=9))
    told = fake.notifications.order_changed(new.order_id)
    # Amazon's own message names a postal code; more than that is what a careless glue might add.
    told["Payload"]["OrderChangeNotification"]["BuyerInfo"] = {"BuyerName": "Zhang Secret-Buyer", "BuyerEmail": "secret-buyer@example.com"}
    body = json.dumps(told).encode()
    client = Client()
    for sent, secret in ((body, HOOK_SECRET), (body[:-2], HOOK_SECRET), (body, "another")):
        client.post("/webhooks/amazon/us/", data=sent, content_type="application/json", headers={"x-api-key": secret})
    assert (WebhookMessage.objects.count(), UnreadableWebhook.objects.count(), RefusedWebhook.objects.count()) == (1, 1, 1)
    assert work() == 1
    assert Order.objects.filter(account=account, external_id=new.order_id).exists()
    assert Event.objects.exists()
    assert found(AMAZONS_BUYER, log_of(caplog)) == []
    assert found((orders[0].order_id,), "") != []
