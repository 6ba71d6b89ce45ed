"""What is read from Amazon, with Amazon's own models as the judge of every request (H15, H44, H103, U24)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import pytest

from stockhub.pluginapi.connectors import ConnectorContext, Page, ReadRequest, ThrottledError
from stockhub.pluginapi.testing.connector_context import connector_context
from stockhub_amazon.connector import AmazonConnector
from stockhub_amazon.fake.login import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN
from stockhub_amazon.fake.server import Fake
from stockhub_amazon.fake.world import MARKETPLACE, SELLER

pytestmark = pytest.mark.services
R = TypeVar("R")
Read = Callable[[ReadRequest, ConnectorContext], Iterator[Page[R]]]
CONNECTOR = AmazonConnector()


def account(api: str, login: str, **changes: object) -> dict[str, Any]:
    return {
        "lwa_client_id": CLIENT_ID, "lwa_client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN, "seller_id": SELLER,
        "region": "na", "marketplace_ids": [MARKETPLACE], "base_url": api, "token_url": f"{login}/auth/o2/token", **changes,
    }  # fmt: skip


@pytest.fixture(scope="module")
def shop(judged: tuple[Fake, str]) -> Fake:
    fake, _judge = judged
    world = fake.world
    fake.reports.queue_seconds = fake.reports.progress_seconds = 0.0
    world.add_product("MUG", fulfillable=640, reserved_orders=30, reserved_transfer=22, reserved_processing=9, unfulfillable=3, rank=4312,
                      ages=[(20, 610), (100, 52)])  # fmt: skip
    world.add_product(
        "LAMP", fulfillable=455, ages=[(100, 35), (200, 120), (300, 180), (400, 100), (500, 40)], rival_price=Decimal("31.50")
    )
    world.add_product("OWN", fulfilled_by="MERCHANT", merchant_qty=7)
    world.add_product("OWN,2", fulfilled_by="MERCHANT", merchant_qty=3)
    for number in range(60):
        world.add_product(f"SKU-{number:03d}", fulfillable=number)
    shipped = world.create_order([("MUG", 2)], at=world.now() - timedelta(hours=5))
    world.ship_order(shipped.order_id)
    world.create_order([("OWN", 1), ("MUG", 1)], fulfilled_by="MERCHANT", at=world.now() - timedelta(hours=4))
    world.cancel_order(world.create_order([("LAMP", 1)], at=world.now() - timedelta(hours=3)).order_id)
    for order in world.orders.values():
        order.updated_at = world.now() - timedelta(hours=1)
    shipment = world.plan_shipment({"MUG": 500, "LAMP": 10}, expected_at=world.now() + timedelta(days=9))
    world.receive(shipment.confirmation_id, "MUG", 200)
    return fake


@pytest.fixture
def context(shop: Fake, judged: tuple[Fake, str]) -> ConnectorContext:
    fake, judge = judged
    return connector_context(CONNECTOR, account(judge, fake.base_url), clock=fake.world.now)


def pages_of(read: Read[R], context: ConnectorContext, request: ReadRequest | None = None) -> list[Page[R]]:
    """All pages of a reading, asked for as a host does: again from the last cursor where nothing more was to be had for a while."""
    request = request or ReadRequest()
    found: list[Page[R]] = []
    for _run in range(40):
        for page in read(request, context):
            found.append(page)
            assert len(page.cursor) <= 4_000
            if page.is_last or page.again_after is not None:
                break
        if found[-1].is_last:
            cursors = [page.cursor for page in found]
            assert len(set(cursors)) == len(cursors), "a cursor came twice"
            return found
        request = ReadRequest(cursor=found[-1].cursor)
    raise AssertionError(f"the reading does not end: {found[-3:]}")


def records_of(pages: list[Page[R]]) -> list[R]:
    assert [page.rejected for page in pages if page.rejected] == []
    return [record for page in pages for record in page.records]


def test_the_connection_is_tried(context: ConnectorContext) -> None:
    report = CONNECTOR.test_connection(context)
    assert report.subject == SELLER
    assert report.remarks == ("The day of the client secret's last rotation is not entered, so nobody is warned before its 180 days end.",)


def test_stock_is_counted_by_bucket_and_paged_to_its_end(context: ConnectorContext) -> None:
    pages = pages_of(CONNECTOR.read_stock, context)
    counts = {record.code: record for record in records_of(pages)}
    assert len(counts) == 64
    assert counts["MUG"].warehouse == "FBA"
    # What the merchant ships is no warehouse's: it is what the shop shows.
    assert (counts["OWN"].warehouse, counts["OWN"].quantities) == ("", (("available", 7),))
    # 2 were shipped of the 640; 200 of 500 came in. What is under way is no stock.
    assert dict(counts["MUG"].quantities) == {
        "available": 838, "reserved": 30, "platform_transfer": 22, "inspecting": 9, "researching": 0, "unsellable": 3
    }  # fmt: skip
    assert pages[-1].data_until is not None
    assert [page.data_until for page in pages[:-1]] == [None] * (len(pages) - 1)


def test_stock_of_some_codes_is_asked_for_alone(context: ConnectorContext) -> None:
    asked = ReadRequest(codes=("MUG", "OWN", "SKU-007", "OWN,2", "NOBODY,S"))
    records = [record for page in CONNECTOR.read_stock(asked, context) for record in page.records]
    assert sorted((record.code, record.warehouse, dict(record.quantities)["available"]) for record in records) == [
        ("MUG", "FBA", 838), ("OWN", "", 7), ("OWN,2", "", 3), ("SKU-007", "FBA", 7)
    ]  # fmt: skip


def test_listings_of_some_codes_are_asked_for_alone(context: ConnectorContext) -> None:
    codes = ("OWN", *(f"SKU-{number:03d}" for number in range(25)), "OWN,2", "NOBODY")
    pages = list(CONNECTOR.read_listings(ReadRequest(codes=codes), context))
    assert sorted(record.code for page in pages for record in page.records) == sorted(codes[:-1])
    assert [page.is_last for page in pages] == [False, False, True]
    assert context.platform.operations() == ["searchListingsItems"] * 2 + ["getListingsItem"]  # type: ignore[attr-defined]


def test_orders_come_with_items_and_amazons_own_never_reserve(context: ConnectorContext) -> None:
    """Promise 16's other half: what Amazon ships from its own stock is fulfilled by the platform."""
    request = ReadRequest(since=context.now() - timedelta(hours=8))
    pages = pages_of(CONNECTOR.read_orders, context, request)
    orders = sorted(records_of(pages), key=lambda order: order.ordered_at)
    assert [(o.status, o.fulfilled_by) for o in orders] == [("shipped", "platform"), ("paid", "merchant"), ("cancelled", "platform")]
    assert [(line.code, line.qty, line.warehouse) for line in orders[1].lines] == [("OWN", 1, ""), ("MUG", 1, "")]
    assert [(line.code, line.qty, line.warehouse) for line in orders[0].lines] == [("MUG", 2, "FBA")]
    assert orders[0].currency == "USD"
    assert all(line.unit_price is not None and line.line_id for line in orders[0].lines)
    assert pages[-1].data_until == datetime.fromisoformat(json.loads(pages[-1].cursor)["until"])


def test_a_cancelled_line_and_a_want_of_stock_are_told(context: ConnectorContext, shop: Fake) -> None:
    """H103, U24: a line that is cancelled reserves nothing, and what could not be delivered was wanted."""
    world = shop.world
    goes_on = world.create_order([("OWN", 2), ("OWN,2", 1)], fulfilled_by="MERCHANT", at=world.now() - timedelta(minutes=30))
    world.cancel_item(goes_on.order_id, "OWN", "CUSTOMER_REQUESTED", by="BUYER")
    lost = world.create_order([("OWN", 3)], fulfilled_by="MERCHANT", at=world.now() - timedelta(minutes=30))
    world.cancel_order(lost.order_id, "NO_INVENTORY", by="MERCHANT")
    for order in (goes_on, lost):
        order.updated_at = world.now() - timedelta(minutes=20)
    pages = pages_of(CONNECTOR.read_orders, context, ReadRequest(since=context.now() - timedelta(minutes=40)))
    orders = {record.external_id: record for record in records_of(pages)}
    for each in (goes_on, lost):
        del world.orders[each.order_id]
    assert [(line.code, line.qty, line.status) for line in orders[goes_on.order_id].lines] == [("OWN", 2, "cancelled"), ("OWN,2", 1, "")]
    assert (orders[goes_on.order_id].status, orders[goes_on.order_id].cancel_reason) == ("paid", "customer_requested")
    assert [(line.code, line.qty, line.status) for line in orders[lost.order_id].lines] == [("OWN", 3, "cancelled")]
    assert (orders[lost.order_id].status, orders[lost.order_id].cancel_reason) == ("cancelled", "stock_out")


def test_a_second_reading_of_orders_goes_on_with_an_overlap(context: ConnectorContext, shop: Fake) -> None:
    first = pages_of(CONNECTOR.read_orders, context, ReadRequest(since=context.now() - timedelta(hours=8)))
    shop.world.advance(3_600)
    (page,) = pages_of(CONNECTOR.read_orders, context, ReadRequest(cursor=first[-1].cursor))
    asked = context.platform.calls[-1][1].url  # type: ignore[attr-defined]
    since = first[-1].data_until
    assert since is not None
    assert f"lastUpdatedAfter={(since - timedelta(minutes=10)).strftime('%Y-%m-%dT%H:%M:%SZ')}" in asked
    assert "BUYER" not in asked
    assert page.is_last


def test_the_past_comes_from_the_report(context: ConnectorContext) -> None:
    pages = pages_of(CONNECTOR.read_orders, context, ReadRequest(since=context.now() - timedelta(days=15)))
    operations = context.platform.operations()  # type: ignore[attr-defined]
    assert operations.count("createReport") == 2
    assert operations.count("searchOrders") == 1
    orders = {record.external_id: record for record in records_of(pages)}
    assert sorted(order.status for order in orders.values()) == ["cancelled", "paid", "shipped"]


def test_inbound_says_what_is_received_and_when_the_rest_is_expected(context: ConnectorContext) -> None:
    """H15: what is under way is netted out, so it has to be right."""
    (record,) = records_of(pages_of(CONNECTOR.read_inbound, context))
    assert {line.code: (line.shipped_qty, line.received_qty) for line in record.lines} == {"MUG": (500, 200), "LAMP": (10, 0)}
    assert record.status == "receiving"
    assert record.warehouse == "FBA"
    assert record.expected_on is not None
    assert timedelta(days=8) <= record.expected_on - context.now().date() <= timedelta(days=10)


def test_ages_add_no_bracket_twice_and_say_what_they_will_cost(context: ConnectorContext) -> None:
    """H44: the day on which stock begins to cost more is known from its age."""
    pages = pages_of(CONNECTOR.read_ages, context)
    ages = {record.code: record for record in records_of(pages)}
    lamp = ages["LAMP"]
    assert [(first, last) for first, last, _units in lamp.brackets] == [(0, 90), (91, 180), (181, 270), (271, 365), (366, 455), (456, None)]
    assert [units for _first, _last, units in lamp.brackets] == [0, 35, 120, 180, 100, 40]
    assert lamp.currency == "USD"
    assert lamp.surcharge is not None
    assert lamp.surcharge > 0
    assert pages[-1].data_until is not None


def test_listings_are_read_to_their_end(context: ConnectorContext) -> None:
    pages = pages_of(CONNECTOR.read_listings, context)
    listings = {record.code: record for record in records_of(pages)}
    assert len(listings) == 64
    assert listings["MUG"].status == "active"
    assert listings["MUG"].currency == "USD"
    assert pages[-1].total == 64


def test_fees_are_estimated_for_each_offer(context: ConnectorContext) -> None:
    fees = {record.code: record for record in records_of(pages_of(CONNECTOR.read_fees, context))}
    assert len(fees) == 64
    assert fees["MUG"].price > 0
    assert {name for name, _amount in fees["MUG"].fees} >= {"ReferralFee"}
    assert all(isinstance(amount, Decimal) for _name, amount in fees["MUG"].fees)


def test_signals_of_our_own_come_without_a_call_each_and_rivals_by_twenty(context: ConnectorContext, judged: tuple[Fake, str]) -> None:
    """H41: rank and price of rivals stand beside our own."""
    fake, judge = judged
    lamp = fake.world.products["LAMP"].asin
    watching = connector_context(CONNECTOR, account(judge, fake.base_url, rivals=[f"MUG={lamp}"]), clock=fake.world.now)
    signals = records_of(pages_of(CONNECTOR.read_market_signals, watching))
    ranks = {(s.code, s.subject): s.value for s in signals if s.kind == "sales_rank"}
    assert ranks[("MUG", lamp)] == fake.world.products["LAMP"].rank
    assert [value for (code, subject), value in ranks.items() if code == "MUG" and subject != lamp] == [Decimal(4312)]
    rival = [s for s in signals if s.subject == lamp and s.kind == "featured_price"]
    assert [(s.code, s.currency) for s in rival] == [("MUG", "USD")]


def test_returns_are_told_apart_and_graded(context: ConnectorContext, shop: Fake) -> None:
    order = next(o for o in shop.world.orders.values() if o.status == "SHIPPED")
    for _unit in range(2):
        shop.world.return_units(order.order_id, "MUG", 1, "CUSTOMER_DAMAGED")
    shop.world.advance(1_200)
    returns = records_of(pages_of(CONNECTOR.read_returns, context, ReadRequest(since=context.now() - timedelta(days=2))))
    assert [(r.code, r.qty, r.grade, r.order_external_id) for r in returns] == [("MUG", 1, "damaged", order.order_id)] * 2
    assert len({r.external_id for r in returns}) == 2


def test_the_declared_limits_let_a_reading_go_on_later(judged: tuple[Fake, str], shop: Fake) -> None:
    """A limit that is used up ends a run at once; the next one goes on from the cursor."""
    fake, judge = judged
    clock = _Moved(fake.world.now)
    context = connector_context(CONNECTOR, account(judge, fake.base_url), clock=clock, keeps_to_limits=True)
    request = ReadRequest()
    found: list[Any] = []
    throttled: list[str] = []
    for _run in range(20):
        try:
            for page in CONNECTOR.read_fees(request, context):
                found += page.records
                request = ReadRequest(cursor=page.cursor)
        except ThrottledError as error:
            throttled.append(error.operation)
            clock.by += timedelta(seconds=error.after_seconds or 0)
            continue
        break
    assert len({record.code for record in found}) == len(found) == len(shop.world.products)
    assert throttled == ["getMyFeesEstimates"] * 3
    assert CONNECTOR.rate_limits["searchOrders"].per_second == pytest.approx(1 / 179, rel=0.01)


class _Moved:
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.by = timedelta()

    def __call__(self) -> datetime:
        return (self._now() + self.by).astimezone(UTC)
