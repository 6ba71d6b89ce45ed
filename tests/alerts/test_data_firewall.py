"""The data firewall (N17): contradictory and old data are said, and what rests on them is held."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from stockhub.alerts.models import Alert
from stockhub.alerts.rules.doubtful_data import DoubtfulDataParameters, DoubtfulDataRule
from stockhub.alerts.wording import headline
from stockhub.catalog.models import Sku
from stockhub.channels.connecting.models import AccountAuthorization, AuthorizationState
from stockhub.channels.models import Feed, Listing, ListingComponent, Order
from stockhub.channels.pushes.models import DifferenceCause, StockDifference
from stockhub.demand.models import StockoutSeries
from stockhub.inventory.models import MovementKind, StockHistory
from stockhub.inventory.posting.ledger import post
from stockhub.inventory.posting.postings import Posting
from stockhub.pluginapi.testing.snapshots import snapshot_of
from stockhub.purchasing.models import PurchaseOrder, PurchaseOrderLine, Shipment, ShipmentLine
from stockhub.suppliers.models import Offer
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
#: 30 a month for two months, then nothing for 10 days of the third, while stock lay there.
SILENT = {
    "available": 100.0, "sold_30": 20.0, "sold_60": 50.0, "sold_90": 80.0, "days_since_sale": 10.0, "stockout_days_30": 0.0,
    "pack_jump": 0.0, "doubled_inbound": 0.0, "platform_gap": 0.0,
}  # fmt: skip


@pytest.fixture
def world() -> World:
    return make_world()


def levels(*rows: dict[str, float]) -> list[int]:
    found = DoubtfulDataRule().evaluate(snapshot_of(*rows), DoubtfulDataParameters())
    return [int(level) for level in found.level]


def confidence(world: World, sku: Sku) -> float:
    from stockhub.snapshot.builder import build

    snapshot = build([sku.pk], NOW)
    return float(snapshot["data_confidence"][0])


def steady(world: World, code: str, *, silent_days: int, stock: int = 500) -> Sku:
    """3 a day for 90 days, the last of which were silent, in stock all the time."""
    sku = world.sku(code)
    world.stock(sku, stock)
    world.sold(sku, [3.0] * (90 - silent_days) + [0.0] * silent_days)
    world.forecast(sku, 3.0)
    StockoutSeries.objects.create(sku=sku, pool=world.pool, first_on=DAY - timedelta(days=30), in_stock=np.full(30, 100, np.uint8))
    return sku


def shown(kind: str) -> list[Alert]:
    return list(Alert.objects.filter(kind=kind).exclude(status="resolved").select_related("sku", "pool").order_by("id"))


@pytest.mark.one_database
class TestSigns:
    def test_n17_stock_that_should_have_sold_ten_units_and_sold_none_is_phantom(self) -> None:
        assert levels(SILENT, {**SILENT, "sold_60": 49.0, "sold_90": 79.0}) == [2, 0]

    def test_n17_a_show_that_sold_a_quarter_in_one_evening_is_no_pace(self) -> None:
        assert levels({**SILENT, "sold_30": 0.0, "sold_60": 1000.0, "sold_90": 1000.0}) == [0]

    @pytest.mark.parametrize(
        "other",
        [
            {"stockout_days_30": 1.0},
            {"stockout_days_30": np.nan},
            {"days_since_sale": 6.9},
            {"days_since_sale": 31.0},
            {"available": 0.0},
        ],
    )
    def test_n17_silence_that_has_a_reason_is_no_sign(self, other: dict[str, float]) -> None:
        assert levels({**SILENT, "sold_90": 500.0, "sold_60": 260.0, **other}) == [0]

    def test_n17_a_jump_by_a_case_holds_and_doubled_inbound_warns(self) -> None:
        calm = {**SILENT, "days_since_sale": 1.0}
        assert levels({**calm, "pack_jump": 1.0}, {**calm, "doubled_inbound": 40.0}, calm) == [2, 1, 0]

    def test_n17_a_platform_that_shows_other_stock_holds(self) -> None:
        assert levels({**SILENT, "days_since_sale": 1.0, "platform_gap": 20.0}) == [2]


def test_n17_phantom_stock_is_an_alert_and_what_rests_on_it_is_held(world: World) -> None:
    phantom, sells = steady(world, "GHOST", silent_days=15, stock=40), steady(world, "SELLS", silent_days=0, stock=40)
    assert (confidence(world, phantom), confidence(world, sells)) == (0.4, 1.0)
    run_cycle("warnings")
    [alert] = shown("doubtful-data")
    assert (alert.sku, alert.level, alert.value, alert.side) == (phantom, 2, 0.4, "data")
    held = {alert.sku.code: alert.held_reason for alert in shown("shortage") if alert.sku}
    assert held == {"GHOST": "DOUBTFUL_DATA", "SELLS": None}
    [ghost] = [alert for alert in shown("shortage") if alert.sku == phantom]
    assert "held: order" in headline(ghost)
    assert "its data are doubtful" in headline(ghost)


@pytest.mark.one_database
def test_n17_a_jump_by_a_case_is_said_until_something_explains_it(world: World) -> None:
    sku = world.sku("CASES", lead_time=None)
    Offer.objects.create(supplier=world.supplier, sku=sku, currency="CNY", lead_time_days=15.0, case_pack=12)
    world.stock(sku, 240)
    StockHistory.objects.create(sku=sku, warehouse=world.warehouse, first_on=DAY - timedelta(days=2), qty=np.array([20, 20], "<f4"))
    world.sold(sku, [1.0] * 60)
    assert confidence(world, sku) == 0.3
    Offer.objects.filter(sku=sku).update(case_pack=10)
    assert confidence(world, sku) == 1.0
    Offer.objects.filter(sku=sku).update(case_pack=12)
    [told] = post(
        [
            Posting(
                sku_id=sku.pk, warehouse_id=world.warehouse.pk, from_bucket=None, to_bucket="available", qty=1, kind=MovementKind.RECEIVE,
                key="came", occurred_at=NOW,
            )
        ]
    )  # fmt: skip
    assert told.status == "posted"
    assert confidence(world, sku) == 1.0


def test_n17_an_order_and_a_shipment_of_as_many_units_are_one_delivery_told_twice(world: World) -> None:
    sku = world.selling("TWICE", stock=500, rate=1.0)
    order = PurchaseOrder.objects.create(
        code="PO", supplier=world.supplier, warehouse=world.warehouse, currency="CNY", ordered_on=DAY, promised_on=DAY + timedelta(days=9)
    )
    line = PurchaseOrderLine.objects.create(purchase_order=order, line_no=1, sku=sku, ordered_qty=300)
    shipment = Shipment.objects.create(code="SH", warehouse=world.warehouse, expected_on=DAY + timedelta(days=8))
    sent = ShipmentLine.objects.create(shipment=shipment, line_no=1, sku=sku, shipped_qty=300)
    run_cycle("warnings")
    [alert] = shown("doubtful-data")
    assert (alert.level, alert.value, alert.inputs["doubled_inbound"]) == (1, 0.6, 300.0)
    ShipmentLine.objects.filter(pk=sent.pk).update(order_line=line)
    assert confidence(world, sku) == 1.0


def test_n17_h103_a_feed_that_is_silent_for_two_days_is_one_alert_of_its_account_and_holds(world: World) -> None:
    world.selling("SHORT", stock=100, rate=10.0)
    world.selling("OTHER", stock=100, rate=10.0)
    Feed.objects.update(last_success_at=NOW - timedelta(hours=48))
    run_cycle("warnings")
    assert (shown("stale-feed"), {alert.held_reason for alert in shown("shortage")}) == ([], {None})
    Feed.objects.update(last_success_at=NOW - timedelta(hours=49))
    run_cycle("warnings", NOW + timedelta(minutes=15))
    [alert] = shown("stale-feed")
    assert (alert.account_id, alert.level, alert.side, alert.inputs["hours"]) == (world.account.pk, 2, "data", 49)
    assert headline(alert) == "dy · Data are stale · Orders last came in 49 hours ago: see the account's connection, or import a file."
    assert {alert.held_reason for alert in shown("shortage")} == {"DOUBTFUL_DATA"}
    Feed.objects.update(last_success_at=NOW)
    run_cycle("warnings", NOW + timedelta(minutes=30))
    assert shown("stale-feed") == []
    assert {alert.held_reason for alert in shown("shortage")} == {None}


def test_h103_a_feed_that_is_read_and_has_stopped_is_an_alert_with_its_error(world: World) -> None:
    """By its own plan; what no decision rests on is less urgent, and the others that stopped are counted."""
    told = {"error": "The platform answered 503.", "error_code": "http_503", "next_attempt_at": NOW}
    Feed.objects.create(account=world.account, kind="traffic", last_success_at=NOW - timedelta(hours=30), **told)
    run_cycle("warnings")
    [alert] = shown("stale-feed")
    assert (alert.level, alert.inputs["feed"], alert.inputs["code"], alert.inputs["others"]) == (1, "traffic", "http_503", 0)
    assert headline(alert) == "dy · Data are stale · Traffic last came in 30 hours ago: The platform answered 503."
    stopped = Feed.objects.filter(kind="orders")
    stopped.update(last_success_at=NOW - timedelta(hours=3), next_attempt_at=NOW, open_until=NOW + timedelta(hours=1))
    run_cycle("warnings", NOW + timedelta(minutes=15))
    [alert] = shown("stale-feed")
    assert (alert.level, alert.inputs["feed"], alert.inputs["hours"], alert.inputs["others"]) == (2, "orders", 3, 1)
    assert alert.inputs["since"] == (NOW - timedelta(hours=3)).isoformat()


@pytest.mark.one_database
def test_n17_a_feed_that_is_paused_is_meant_to_be_behind(world: World) -> None:
    sku = world.selling("SHORT", stock=100, rate=10.0)
    Feed.objects.update(last_success_at=NOW - timedelta(hours=500), is_paused=True)
    run_cycle("warnings")
    assert shown("stale-feed") == []
    assert confidence(world, sku) == 1.0


def ordered(world: World, ages: list[float], hours_off: float) -> None:
    """Orders of the last day as they came in: `ages` in hours when they were taken in, the times that they tell so many hours ahead."""
    Order.objects.bulk_create(
        Order(
            account=world.account, external_id=f"{hours_off}-{number}", currency="CNY", recorded_at=NOW - timedelta(minutes=number),
            ordered_at=NOW - timedelta(minutes=number, hours=age) + timedelta(hours=hours_off),
        )
        for number, age in enumerate(ages)
    )  # fmt: skip


@pytest.mark.one_database
def test_n17_orders_that_come_eight_hours_ahead_are_a_zone_gone_wrong_and_hold(world: World) -> None:
    """Beijing's time taken for UTC: one alert of the account, and nothing acts on what rests on its days."""
    sku = world.selling("SHORT", stock=100, rate=10.0)
    ordered(world, [0.02 + 0.01 * number for number in range(60)], 0.0)
    assert confidence(world, sku) == 1.0
    ordered(world, [0.02 + 0.01 * number for number in range(60)], 8.0)
    assert confidence(world, sku) == 0.45
    run_cycle("warnings")
    [alert] = shown("shifted-times")
    assert (alert.account_id, alert.level, alert.side, alert.inputs["hours"]) == (world.account.pk, 2, "data", 8)
    assert "8 hours in the future" in headline(alert)
    assert {alert.held_reason for alert in shown("shortage")} == {"DOUBTFUL_DATA"}
    Order.objects.filter(external_id__startswith="8.0").delete()
    run_cycle("warnings", NOW + timedelta(minutes=15))
    assert shown("shifted-times") == []
    assert {alert.held_reason for alert in shown("shortage")} == {None}


def test_n17_orders_that_are_never_younger_than_eight_hours_are_a_zone_gone_wrong_where_they_are_read_often(world: World) -> None:
    sku = world.selling("SHORT", stock=100, rate=10.0)
    ordered(world, [0.02 + 0.1 * number for number in range(60)], -8.0)
    # A file of yesterday's orders is old by good right.
    assert confidence(world, sku) == 1.0
    feeds = Feed.objects.filter(account=world.account, kind="orders")
    feeds.update(next_attempt_at=NOW, every_seconds=600)
    assert confidence(world, sku) == 0.45
    run_cycle("warnings")
    [alert] = shown("shifted-times")
    assert (alert.inputs["hours"], "younger than 8 hours" in headline(alert)) == (-8, True)
    # What is read from the past is old by right, too; so is what is read once a day.
    feeds.update(backfill_since=NOW - timedelta(days=90))
    assert confidence(world, sku) == 1.0
    # All of them happened before the past had been read: they came with it, or by a file before the account was connected.
    feeds.update(backfill_finished_at=NOW)
    assert confidence(world, sku) == 1.0
    feeds.update(backfill_finished_at=NOW - timedelta(days=2))
    assert confidence(world, sku) == 0.45
    AccountAuthorization.objects.create(account=world.account, state=AuthorizationState.DISCONNECTED)
    assert confidence(world, sku) == 1.0
    AccountAuthorization.objects.filter(account=world.account).update(state=AuthorizationState.AUTHORISED)
    assert confidence(world, sku) == 0.45
    feeds.update(backfill_since=None, every_seconds=86_400)
    assert confidence(world, sku) == 1.0


def test_n17_a_platform_that_shows_other_stock_for_no_known_reason_is_doubtful_data_and_holds(world: World) -> None:
    """The daily comparison's rows: only what nothing explains, of the listing's SKU, and as long as it was found lately."""
    sku, other = world.selling("SHORT", stock=100, rate=10.0), world.selling("OTHER", stock=100, rate=10.0)
    listing = Listing.objects.create(account=world.account, kind="sku", code="L1")
    ListingComponent.objects.create(listing=listing, sku=sku)
    made = StockDifference.objects.create(
        day=DAY, subject=f"listing:{listing.pk}:", account=world.account, listing=listing, our_qty=100, platform_qty=160,
        cause=DifferenceCause.UNEXPLAINED,
    )  # fmt: skip
    assert (confidence(world, sku), confidence(world, other)) == (0.4, 1.0)
    run_cycle("warnings")
    [alert] = shown("doubtful-data")
    assert (alert.sku, alert.level, alert.inputs["platform_gap"]) == (sku, 2, 60.0)
    held = {alert.sku.code: alert.held_reason for alert in shown("shortage") if alert.sku}
    assert held == {"SHORT": "DOUBTFUL_DATA", "OTHER": None}
    for change in ({"cause": DifferenceCause.PENDING_ORDERS}, {"platform_qty": 110}, {"day": DAY - timedelta(days=2)}):
        before = {name: getattr(made, name) for name in change}
        StockDifference.objects.filter(pk=made.pk).update(**change)
        assert confidence(world, sku) == 1.0, change
        StockDifference.objects.filter(pk=made.pk).update(**before)
    assert confidence(world, sku) == 0.4
