"""D2, D18, N8: a Douyin shop on the fake, connected and read by the host over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db.models import Q
from pytest_django.fixtures import Settings

from stockhub.catalog.models import Sku
from stockhub.channels.accounts import AccountInput
from stockhub.channels.connecting.account_connection import connect_account
from stockhub.channels.feeds.engine import read_due
from stockhub.channels.inbox import apply_due
from stockhub.channels.models import Account, CustomerReturn, Feed, Listing, Order, Quarantined
from stockhub.channels.received_models import ReceivedRecord
from stockhub.core import clock
from stockhub.pluginapi.connectors import FeedKind
from stockhub_douyin.fake import FakeDouyin
from stockhub_douyin.fake_shop import account_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture
def fake() -> Iterator[FakeDouyin]:
    with FakeDouyin() as running:
        yield running


@pytest.fixture
def account(fake: FakeDouyin, settings: Settings) -> Account:
    settings.STOCKHUB_ALLOW_PRIVATE_URLS = ["127.0.0.1"]
    Sku.objects.bulk_create([Sku(code="DOWN-BLK-M"), Sku(code="TSHIRT-BLK-M")])
    # A window of ninety days: empty ones would be most of what is asked for here.
    config = account_of(fake) | {"overlap_minutes": 10, "reads_per_second": 500, "window_hours": 2_160}
    made, tried = connect_account(AccountInput(code="dy", name="抖店", marketplace="douyin", site="CN", config=config))
    assert (tried.ok, tried.code, tried.message) == (True, "", "")
    return made


def read(account: Account, *kinds: FeedKind) -> None:
    """Reads feeds once more, and gives what they brought its effects."""
    feeds = Feed.objects.filter(account=account)
    feeds.exclude(kind__in=kinds).update(is_paused=True)
    feeds.filter(kind__in=kinds).update(is_paused=False, next_attempt_at=clock.wall())
    told = read_due("tester")
    assert told.failed == 0, list(feeds.exclude(error="").values("kind", "error_code", "error"))
    apply_due()


def test_d2_an_order_of_a_live_room_is_followed(account: Account, fake: FakeDouyin) -> None:
    order_id = fake.control("orders", {"lines": [{"code": "DOWN-BLK-M", "qty": 2}], "live": {"room_id": 7454000000000000009}})["order_ids"][
        0
    ]
    told = []
    for step in ("pay", "ship", "complete", ""):
        read(account, FeedKind.ORDERS)
        order = Order.objects.get(account=account, external_id=order_id)
        told.append(order.status)
        if step:
            # In the same second or in the next: of equal versions the status that is further on is the news.
            fake.control(f"orders/{order_id}/{step}", {})
    assert told == ["created", "paid", "shipped", "completed"]
    assert (order.live_room, order.live_author) == ("7454000000000000009", "99887766554433")
    [line] = order.lines.select_related("sku")
    assert (line.sku and line.sku.code, line.qty, line.unit_price_amount) == ("DOWN-BLK-M", 2, 399)
    assert Feed.objects.get(account=account, kind="orders").data_until_at is not None


def test_goods_that_come_back_and_what_is_on_offer(account: Account, fake: FakeDouyin) -> None:
    order_id = fake.control("orders", {"lines": [{"code": "DOWN-BLK-M"}], "pay": True})["order_ids"][0]
    fake.control(f"orders/{order_id}/ship", {})
    case = fake.control("aftersales", {"order_id": order_id, "type": 0})["aftersale_id"]
    for step in ("agree", "send_back", "succeed"):
        fake.control(f"aftersales/{case}/{step}", {})
    read(account, FeedKind.RETURNS, FeedKind.LISTINGS)
    assert list(CustomerReturn.objects.values_list("external_id", "order_external_id", "qty")) == [(case, order_id, 1)]
    listed = dict(Listing.objects.filter(account=account).values_list("code", "status"))
    assert len(listed) == 6
    assert set(listed.values()) == {"active"}
    assert not Quarantined.objects.exists()


def test_nobodys_name_is_in_the_database(account: Account, fake: FakeDouyin) -> None:
    fake.control("orders", {"lines": [{"code": "DOWN-BLK-M"}], "pay": True, "count": 3})
    read(account, FeedKind.ORDERS)
    assert Order.objects.filter(account=account).count() == 3
    settings = fake.world.settings
    for personal in (settings.buyer_name, settings.buyer_phone, settings.buyer_address):
        assert not ReceivedRecord.objects.filter(Q(payload__icontains=personal)).exists()
        assert not Order.objects.filter(Q(province__contains=personal) | Q(cancel_reason__contains=personal)).exists()
