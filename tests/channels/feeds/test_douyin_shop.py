"""D2, D18, N8: a Douyin shop on the fake, connected and read by the host over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Q
from pytest_django.fixtures import Settings

from stockhub.catalog.models import PoolWarehouse, Sku, StockPool, Warehouse
from stockhub.channels.accounts import AccountInput
from stockhub.channels.connecting.account_connection import connect_account
from stockhub.channels.feeds.engine import read_due
from stockhub.channels.inbox import apply_due
from stockhub.channels.models import Account, CustomerReturn, Feed, Listing, Order, PoolAccount, Quarantined
from stockhub.channels.received_models import ReceivedRecord
from stockhub.core import clock
from stockhub.inventory.models import Allocation, Balance, Movement
from stockhub.inventory.services import Receipt, receive_lot
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


def test_d23_a_connector_and_a_file_bring_the_ledger_to_the_same_state(account: Account, fake: FakeDouyin, tmp_path: Path) -> None:
    """The Douyin connector over HTTP, and `import_sales` with what a seller exported: the same movements, balances and promises."""
    start = clock.now() - timedelta(days=3)
    warehouse = Warehouse.objects.create(code="CN1", name="Main", ledger_starts_at=start)
    pool = StockPool.objects.create(code="CN", name="China")
    PoolWarehouse.objects.create(pool=pool, warehouse=warehouse)
    files = Account.objects.create(code="files", name="Files", marketplace="file", currency="CNY", reduce_on=account.reduce_on)
    for each in (account, files):
        PoolAccount.objects.create(pool=pool, account=each)
    by_feed, by_file = Sku.objects.get(code="DOWN-BLK-M"), Sku.objects.get(code="TSHIRT-BLK-M")
    for sku in (by_feed, by_file):
        receive_lot(Receipt(sku_id=sku.pk, warehouse_id=warehouse.pk, qty=10, idempotency_key=sku.code, occurred_at=start))
    for qty, steps in ((3, ["pay"]), (2, ["pay", "ship"]), (4, ["cancel"]), (1, [])):
        order_id = fake.control("orders", {"lines": [{"code": by_feed.code, "qty": qty}]})["order_ids"][0]
        for step in steps:
            fake.control(f"orders/{order_id}/{step}", {})
    read(account, FeedKind.ORDERS)
    orders = Order.objects.filter(account=account).order_by("external_id")
    rows = ["order_id,line_id,sku,time,quantity,price,status,paid_at,ship_by,shipped_at"]
    for order in orders:
        [line] = order.lines.all()
        times = [at.isoformat() if at else "" for at in (order.paid_at, order.ship_by_at, order.shipped_at)]
        cells = [order.external_id, line.line_key, by_file.code, order.ordered_at.isoformat(), str(line.qty), str(line.unit_price_amount)]
        rows.append(",".join([*cells, order.status, *times]))
    (path := tmp_path / "orders.csv").write_text("\n".join(rows) + "\n")
    call_command("import_sales", str(path), account="files", stdout=StringIO())

    def state(sku: Sku) -> list[object]:
        moves = Movement.objects.filter(sku=sku).exclude(kind="receipt").order_by("kind", "qty", "from_bucket_id", "to_bucket_id")
        return [
            list(Balance.objects.filter(sku=sku).exclude(qty=0).order_by("bucket_id").values_list("warehouse_id", "bucket_id", "qty")),
            list(moves.values_list("from_bucket_id", "to_bucket_id", "qty", "kind", "occurred_at")),
            list(Allocation.objects.filter(sku=sku).order_by("wanted_qty", "ship_qty").values_list("wanted_qty", "ship_qty", "ship_by_at")),
        ]

    assert state(by_feed) == state(by_file)
    assert dict(Balance.objects.filter(sku=by_feed).exclude(qty=0).values_list("bucket_id", "qty")) == {"available": 4, "reserved": 4}
