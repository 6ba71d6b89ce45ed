"""What the connector owes single requirements, against the made-up Amazon: H16, H41, H44, H82, H103, U22, U23, U24, backfill."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from stockhub.pluginapi.connectors import FEED_CAPABILITIES, ConnectorContext, FeedKind, Page, ReadExperienceScore, ReadRequest
from stockhub.pluginapi.testing.connector_context import HandSetClock, connector_context
from stockhub_amazon.connector import AmazonConnector
from stockhub_amazon.fake.login import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN
from stockhub_amazon.fake.planning_columns import PLANNING
from stockhub_amazon.fake.server import Fake
from stockhub_amazon.fake.world import MARKETPLACE, SELLER
from stockhub_amazon.fees.schedule import AmazonFees
from stockhub_amazon.fields import FieldError
from stockhub_amazon.reading.order_lines import lines_of, paid_each
from stockhub_amazon.reports.__main__ import main
from stockhub_amazon.reports.second_opinion import our_figures

CONNECTOR = AmazonConnector()
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
CANADA = "A2EUQ1WTGCTBG2"


@pytest.fixture
def clock() -> HandSetClock:
    return HandSetClock(NOW)


@pytest.fixture
def shop(clock: HandSetClock) -> Iterator[Fake]:
    with Fake(rates=0) as fake:
        fake.world.now = clock  # type: ignore[method-assign]
        fake.world.monotonic = lambda: clock().timestamp()  # type: ignore[method-assign]
        fake.world.add_product("MUG", fulfillable=200, rank=4312, ages=[(20, 100), (100, 60), (180, 25), (181, 15)])
        yield fake


def context_of(shop: Fake, clock: HandSetClock, **changes: object) -> ConnectorContext:
    account = {
        "lwa_client_id": CLIENT_ID, "lwa_client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN, "seller_id": SELLER, "region": "na",
        "marketplace_ids": [MARKETPLACE], "base_url": shop.base_url, "token_url": f"{shop.base_url}/auth/o2/token", **changes,
    }  # fmt: skip
    return connector_context(CONNECTOR, account, clock=clock)


def read(kind: FeedKind, context: ConnectorContext, request: ReadRequest) -> list[Page[Any]]:
    """To the end, as a host reads: what asks for time gets it."""
    found: list[Page[Any]] = []
    for _run in range(100):
        for page in getattr(CONNECTOR, FEED_CAPABILITIES[kind][1])(request, context):
            found.append(page)
            if page.is_last:
                return found
            if page.again_after is not None:
                assert isinstance(context.now, HandSetClock)
                context.now.move(timedelta(seconds=page.again_after))
                break
        request = ReadRequest(cursor=found[-1].cursor)
    raise AssertionError(f"{kind}: the reading does not end")


def records_of(pages: list[Page[Any]]) -> list[Any]:
    assert [page.rejected for page in pages if page.rejected] == []
    return [record for page in pages for record in page.records]


# U22: profit with coupons and storage, in local time


def test_u22_charges_fall_on_the_marketplaces_own_day_and_month(shop: Fake, clock: HandSetClock) -> None:
    """October's storage and the surcharge of the 15th: at midnight in UTC they would be September's and of the 14th in America."""
    shop.world.charge_storage("MUG", "2026-10", "12.30")
    shop.world.charge_age("MUG", datetime(2026, 11, 15, tzinfo=ZoneInfo("America/Los_Angeles")), 15, "7.50")
    charges = records_of(read(FeedKind.SETTLEMENTS, context_of(shop, clock), ReadRequest(since=NOW - timedelta(days=30))))
    at = {charge.fee: charge.posted_at for charge in charges}
    assert at == {
        "monthly_storage": datetime(2026, 10, 1, 7, tzinfo=UTC), "aged_inventory_surcharge": datetime(2026, 11, 15, 8, tzinfo=UTC)
    }  # fmt: skip
    local = {fee: posted.astimezone(ZoneInfo("America/Los_Angeles")).date() for fee, posted in at.items()}
    assert local == {"monthly_storage": date(2026, 10, 1), "aged_inventory_surcharge": date(2026, 11, 15)}


@pytest.mark.parametrize("hours", [2, 24 * 5])
def test_u22_what_a_coupon_took_off_is_not_earned(shop: Fake, clock: HandSetClock, hours: int) -> None:
    """By the search, and by the report of the past: two mugs of 19.99, four dollars off."""
    order = shop.world.create_order([("MUG", 2)], at=NOW - timedelta(hours=hours))
    order.items[0].discount = Decimal("4.00")
    shop.world.create_order([("MUG", 1)], at=NOW - timedelta(hours=hours))
    orders = records_of(read(FeedKind.ORDERS, context_of(shop, clock), ReadRequest(since=NOW - timedelta(hours=hours + 1))))
    prices = {(line.qty, line.unit_price) for each in orders for line in each.lines}
    assert prices == {(2, Decimal("17.99")), (1, Decimal("19.99"))}


def test_u22_a_discount_on_the_shipping_is_none_on_the_goods() -> None:
    off = {"type": "DISCOUNT", "subtotal": {"amount": "-7", "currencyCode": "USD"}}
    parts = [{"subtype": "ITEM", "value": {"amount": "-2"}}, {"subtype": "SHIPPING", "value": {"amount": "-5"}}]
    item = {"orderItemId": "1", "quantityOrdered": 2, "product": {"sellerSku": "A", "price": {"unitPrice": {"amount": "10"}}}}
    whole, split = (lines_of([item | {"proceeds": {"breakdowns": [each]}}], "") for each in (off, off | {"detailedBreakdowns": parts}))
    assert (whole[0].unit_price, split[0].unit_price) == (Decimal("6.5"), Decimal(9))


@pytest.mark.parametrize(
    ("price", "discount", "qty", "paid"),
    [
        (Decimal(10), Decimal(0), 3, Decimal(10)),
        (Decimal(10), Decimal(1), 3, Decimal("9.666667")),
        (Decimal(10), Decimal(99), 3, Decimal(0)),
        (None, Decimal(5), 1, None),
    ],
)
def test_u22_a_unit_costs_what_was_paid_for_it(price: Decimal | None, discount: Decimal, qty: int, paid: Decimal | None) -> None:
    assert paid_each(price, discount, qty) == paid


# U23: Amazon's advice is a second opinion

_ADVICE = (
    "Merchant SKU\tUnits Sold Last 30 Days\tAvailable\tInbound\tTotal Days of Supply\tAlert\tRecommended replenishment qty\t"
    "Recommended ship date\r\nMUG\t90\t40\t0\t13\tlow_stock\t490\t11/25/2026\r\nTRAY\t0\t5\t0\t\t\t0\t\r\n"
)
_OURS = (
    "sku,pool,available,daily_demand,cover_days,no_cover_because,sells_out_first_days,p_stockout,safety_stock,order_up_to,lead_time_days,as_of\r\n"
    "MUG,FBA-US,38.0000,3.1,12.2580,,,,,310.0000,40,2026-11-20\r\nMUG,EU,1,1,1,,,,,1,1,2026-11-20\r\n"
    "'=LAMP,FBA-US,7,,,NO_DEMAND,,,,,40,2026-11-20\r\n"
)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    advice, ours = tmp_path / "restock.tsv", tmp_path / "overview-pools.csv"
    advice.write_text(_ADVICE, encoding="utf-8", newline="")
    ours.write_text(_OURS, encoding="utf-8-sig", newline="")
    return advice, ours


def test_u23_amazons_advice_stands_beside_our_figures(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["reports", "restock", str(files[0]), "--ours", str(files[1]), "--pool", "FBA-US"])
    assert main() == 0
    assert capsys.readouterr().out.splitlines() == [
        "MUG\tAmazon: send 490 by 2026-11-25, 13 days of supply\tStockHub: 38 available, 12.258 days of cover, order up to 310",
        "TRAY\tAmazon: send 0 by -, ? days of supply\tStockHub: nothing under this code",
        "=LAMP\tAmazon: nothing\tStockHub: 7 available, ? days of cover, order up to ?",
    ]


@pytest.mark.parametrize(
    ("text", "pool", "said"),
    [
        (_OURS, "", "has MUG in several pools: choose Amazon's with --pool."),
        (_OURS, "MOON", "has no pool MOON."),
        (_OURS.replace("order_up_to", "target"), "EU", "has no column order_up_to: give the export overview-pools.csv."),
        (_OURS.replace("38.0000", "many"), "FBA-US", "row 2: available is no number: many."),
    ],
)
def test_u23_figures_that_are_not_ours_are_refused_with_what_to_do(files: tuple[Path, Path], text: str, pool: str, said: str) -> None:
    files[1].write_text(text, encoding="utf-8", newline="")
    with pytest.raises(FieldError) as refused:
        our_figures(files[1], pool)
    assert refused.value.message.endswith(said)


def test_u23_no_reading_asks_for_amazons_advice(shop: Fake, clock: HandSetClock) -> None:
    """What is not read can be put into nothing."""
    context = context_of(shop, clock)
    for kind in CONNECTOR.feed_plans:
        read(kind, context, ReadRequest(since=NOW - timedelta(days=12)))
    asked = {report.kind for report in shop.reports.reports.values()}
    assert "GET_FBA_INVENTORY_PLANNING_DATA" in asked
    assert "GET_RESTOCK_INVENTORY_RECOMMENDATIONS_REPORT" not in asked


# U24: one seller in several marketplaces


def test_u24_stock_that_shows_in_several_marketplaces_is_counted_once(shop: Fake, clock: HandSetClock) -> None:
    """Pooled stock lies there once: it is asked of the first marketplace alone, and orders of all of them."""
    context = context_of(shop, clock, marketplace_ids=[MARKETPLACE, CANADA])
    counts = records_of(read(FeedKind.STOCK, context, ReadRequest()))
    assert [(count.code, count.warehouse, dict(count.quantities)["available"]) for count in counts] == [("MUG", "FBA", 200)]
    read(FeedKind.ORDERS, context, ReadRequest(since=NOW - timedelta(hours=1)))
    asked = {operation: request.url for operation, request in context.platform.calls}  # type: ignore[attr-defined]
    assert f"marketplaceIds={MARKETPLACE}&" in asked["getInventorySummaries"] + "&"
    assert CANADA not in asked["getInventorySummaries"]
    assert f"marketplaceIds={MARKETPLACE},{CANADA}" in asked["searchOrders"]


def test_u24_each_accounts_stock_is_in_a_warehouse_of_its_own_marketplace(shop: Fake, clock: HandSetClock) -> None:
    """Two accounts of a seller, one warehouse or two: who sees the same stock in both gives both the same code."""
    for marketplaces, code, shown in (
        ([MARKETPLACE, CANADA], "FBA-NA", "FBA US"), ([CANADA, MARKETPLACE], "FBA-NA", "FBA CA"), ([CANADA], "FBA-CA", "FBA CA"),
    ):  # fmt: skip
        context = context_of(shop, clock, marketplace_ids=marketplaces, fba_warehouse=code)
        (warehouse,) = CONNECTOR.read_warehouses(context)
        assert (warehouse.code, warehouse.name, warehouse.external_id, warehouse.is_platforms) == (code, shown, marketplaces[0], True)
        assert CONNECTOR.rate_scope(context.config) == f"amazon:na:{SELLER}:{CLIENT_ID}"


# H16, H41, H44


def test_h16_no_score_is_read_and_none_is_made_up() -> None:
    """The index is in no interface and no report: there is nothing that could tell it."""
    assert not issubclass(AmazonConnector, ReadExperienceScore)
    assert FeedKind.EXPERIENCE_SCORE not in CONNECTOR.feed_plans
    assert [name for name in PLANNING if "ipi" in name.lower().split("-") or "performance-index" in name.lower()] == []


def test_h41_our_rank_and_the_rivals_are_told_apart(shop: Fake, clock: HandSetClock) -> None:
    """What a market that shrinks is known by: the ranks of rivals, each under its own name, of the hour at which they were seen."""
    rivals = [shop.world.add_product(f"R{number}", fulfilled_by="MERCHANT", rank=900 + number) for number in range(3)]
    context = context_of(shop, clock, rivals=[f"MUG={rival.asin}" for rival in rivals])
    signals = records_of(read(FeedKind.SIGNALS, context, ReadRequest()))
    assert all(signal.code == "MUG" for signal in signals)
    asins = {rival.asin for rival in rivals}
    ranks = {(s.rival or s.subject): (s.value, s.observed_at) for s in signals if s.kind == "sales_rank"}
    assert {name: ranks[name] for name in asins} == {rival.asin: (Decimal(rival.rank), clock()) for rival in rivals}
    assert [value for name, (value, _at) in ranks.items() if name not in asins] == [Decimal(4312)]


def test_h44_the_age_at_which_stock_begins_to_cost_begins_a_bracket(shop: Fake, clock: HandSetClock) -> None:
    """Of 200 units 15 are charged already and 25 from tomorrow: with a bracket that ran over the 181st day nobody could tell."""
    (record,) = records_of(read(FeedKind.AGES, context_of(shop, clock), ReadRequest()))
    held = [r for r in AmazonFees().rates("US") if r.fee == "aged_inventory_surcharge" and (r.effective_from or date.min) <= NOW.date()]
    charged = {int(r.band.lower) for r in held if r.rate and r.band.lower is not None and (r.effective_to or date.max) >= NOW.date()}
    assert min(charged) == 181
    brackets = {first: (last, units) for first, last, units in record.brackets}
    assert {first: brackets[first] for first in (0, 91, 181)} == {0: (90, 100), 91: (180, 85), 181: (270, 15)}
    assert record.surcharge == Decimal("4.50")
    assert record.observed_at == datetime(2026, 11, 20, 8, tzinfo=UTC)


# H82, H103, backfill


def test_h103_every_feed_says_until_when_it_knows(shop: Fake, clock: HandSetClock) -> None:
    """Reports are as old as Amazon made them, the search is three minutes behind, and each feed's age has a limit."""
    context = context_of(shop, clock)
    until = {}
    for kind in CONNECTOR.feed_plans:
        pages = read(kind, context, ReadRequest(since=NOW - timedelta(days=9)))
        until[kind] = max(page.data_until for page in pages if page.data_until is not None)
    assert until[FeedKind.TRAFFIC] == datetime(2026, 11, 19, 8, tzinfo=UTC), "the day before yesterday has ended in Seattle"
    made = {report.kind: report.created_at for report in shop.reports.reports.values()}
    shown = shop.reports.queue_seconds + shop.reports.progress_seconds
    assert until[FeedKind.AGES] == made["GET_FBA_INVENTORY_PLANNING_DATA"] + timedelta(seconds=shown)
    assert all(NOW - timedelta(days=2) < at <= clock() for at in until.values())
    for kind, plan in CONNECTOR.feed_plans.items():
        assert plan.stale_after is not None, kind
        assert plan.stale_after > plan.every, kind


def test_h82_what_is_read_again_is_the_same_and_in_the_same_version(shop: Fake, clock: HandSetClock) -> None:
    """A span is asked for with an overlap: what comes twice has to be known again."""
    for minutes in (5, 30, 55):
        shop.world.create_order([("MUG", 1)], at=NOW - timedelta(minutes=minutes))
    context = context_of(shop, clock)
    first = read(FeedKind.ORDERS, context, ReadRequest(since=NOW - timedelta(hours=1)))
    again = records_of(read(FeedKind.ORDERS, context, ReadRequest(cursor=first[-1].cursor)))
    known = {repr(record) for record in records_of(first)}
    assert len(known) == 3
    assert [repr(record) in known for record in again] == [True]
    assert [record.ordered_at for record in again] == [NOW - timedelta(minutes=5)]


def test_the_past_is_read_in_spans_without_a_gap(shop: Fake, clock: HandSetClock) -> None:
    """45 days of orders, one each twelve hours: ten days a report, and the search only from there on."""
    times = [NOW - timedelta(hours=12 * number + 1) for number in range(90)]
    for at in times:
        shop.world.create_order([("MUG", 1)], at=at)
    context = context_of(shop, clock)
    pages = read(FeedKind.ORDERS, context, ReadRequest(since=NOW - timedelta(days=45)))
    orders = records_of(pages)
    assert sorted({order.ordered_at for order in orders}) == sorted(times)
    reports = sorted((report.since, report.until) for report in shop.reports.reports.values())
    assert reports[0][0] == NOW - timedelta(days=45)
    assert [following[0] - before[1] for before, following in pairwise(reports)] == [timedelta(0)] * 4
    assert len(reports) == 5
    assert max(until - since for since, until in reports) == timedelta(days=10)
    assert context.platform.operations().count("searchOrders") == 1  # type: ignore[attr-defined]
    told = [page.data_until for page in pages if page.data_until is not None]
    assert told == sorted(told)
    plan = CONNECTOR.feed_plans[FeedKind.ORDERS]
    assert plan.backfill == timedelta(days=400)
