"""A burst in a live room is an alert that names the room and its author, with the units that they sold (D18)."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stockhub.access.models import User
from stockhub.alerts.incremental import evaluate_touched
from stockhub.alerts.live_selling import LiveSeller, live_sellers, sellers_of, sellers_text
from stockhub.alerts.models import Alert
from stockhub.catalog.models import Sku, StockPolicy
from stockhub.channels.ingestion import ingest_orders
from stockhub.channels.models import Listing, ListingComponent
from stockhub.core import clock
from stockhub.demand.plans.inputs import PlannedEventInput
from stockhub.demand.plans.services import plan_event
from stockhub.pluginapi.records import OrderLineRecord, OrderRecord
from stockhub.snapshot.builder import build
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def world() -> World:
    return make_world()


def on_sale(world: World) -> Sku:
    """A SKU that sells one a day, judged by a full cycle, with a line at 100 of its 580."""
    sku = world.selling("LIVE", stock=580, rate=1.0)
    StockPolicy.objects.create(sku=sku, alert_threshold_qty=100)
    listing = Listing.objects.create(account=world.account, code="live-1")
    ListingComponent.objects.create(listing=listing, sku=sku)
    run_cycle("warnings", NOW - timedelta(hours=1))
    return sku


def order(number: int, qty: int, minutes_ago: int, *, room: str = "7301", author: str = "98") -> OrderRecord:
    at = NOW - minutes_ago * MINUTE
    line = OrderLineRecord(code="live-1", qty=qty, unit_price=Decimal(100), line_id="1")
    return OrderRecord(f"{number}", "paid", at, "CNY", (line,), version=1, paid_at=at, live_room=room, live_author=author)


def pushed(world: World, *orders: OrderRecord) -> None:
    for each in orders:
        with clock.at(each.ordered_at):
            ingest_orders(account=world.account, orders=[each], source="webhook")


def test_d18_a_burst_is_no_alarm_where_the_planned_sale_ends_before_the_line(world: World) -> None:
    """It is noon in Shanghai, and some 50 minutes to the line at eight a minute."""
    sku = on_sale(world)
    pushed(world, *[order(number, 8, 10 - number) for number in range(10)])
    sale = PlannedEventInput(
        code="live", kind="promotion", event_type="live", name="Live", sku=sku.code, starts_on=DAY, ends_on=DAY, ends_time=time(12, 20),
        reason="Agreed",
    )  # fmt: skip
    plan_event(sale)
    with clock.at(NOW):
        assert build([sku.pk], NOW)["sale_minutes_left"].tolist() == [20.0]
        evaluate_touched([sku.pk], worker="dispatcher")
        assert not Alert.objects.filter(kind="burn-rate").exists()
        plan_event(replace(sale, ends_time=time(13, 30)))
        evaluate_touched([sku.pk], worker="dispatcher")
    alert = Alert.objects.get(kind="burn-rate", sku=sku)
    assert (alert.level, alert.inputs["sale_minutes_left"]) == (1, 90.0)
    assert 40.0 < (alert.value or 0.0) < 60.0
    # One that is over and one without a time say nothing.
    plan_event(replace(sale, ends_time=time(11, 59)))
    assert np.isnan(build([sku.pk], NOW)["sale_minutes_left"]).all()
    plan_event(replace(sale, ends_time=None))
    assert np.isnan(build([sku.pk], NOW)["sale_minutes_left"]).all()


def test_d18_a_burst_in_a_live_room_is_an_alert_that_names_the_room_and_its_author(world: World) -> None:
    sku = on_sale(world)
    burst = [order(number, 8, 10 - number) for number in range(10)]
    pushed(world, *burst, order(20, 4, 3, room="55", author=""), order(21, 2, 2, room="", author=""))
    # One is pushed again, and one is cancelled.
    pushed(world, burst[0], replace(burst[1], status="cancelled", version=2, cancelled_at=NOW - MINUTE))
    with clock.at(NOW):
        evaluate_touched([sku.pk], worker="dispatcher")
    alert = Alert.objects.get(kind="burn-rate", sku=sku)
    code = world.account.code
    assert live_sellers(alert, seen=None) == [LiveSeller(code, "7301", "98", 72), LiveSeller(code, "55", "", 4)]
    assert sellers_text(alert, seen=None) == f"room 7301, author 98 ({code}): 72 · room 55 ({code}): 4"
    assert live_sellers(alert, seen=set()) == []
    client = Client()
    client.force_login(User.objects.create(username="root", is_superuser=True, is_staff=True))
    page = client.get(reverse("admin:alerts_alert_change", args=[alert.pk])).content.decode()
    assert "<td>7301</td><td>98</td>" in page
    query = '{ alerts(kinds: ["burn-rate"]) { edges { node { liveSellers { account room author units } } } } }'
    [edge] = client.post("/graphql/", {"query": query}, content_type="application/json").json()["data"]["alerts"]["edges"]
    assert edge["node"]["liveSellers"] == [
        {"account": code, "room": "7301", "author": "98", "units": 72}, {"account": code, "room": "55", "author": "", "units": 4},
    ]  # fmt: skip


def test_an_alert_of_another_kind_names_no_room(world: World) -> None:
    sku = on_sale(world)
    pushed(world, order(1, 480, 1))
    with clock.at(NOW):
        evaluate_touched([sku.pk], worker="dispatcher")
    others = Alert.objects.filter(sku=sku).exclude(kind="burn-rate")
    assert others.exists()
    assert [live_sellers(alert, seen=None) for alert in others] == [[] for _alert in others]


def test_d18_the_rooms_of_many_bursts_are_asked_together(world: World) -> None:
    sku = on_sale(world)
    pushed(world, *[order(number, 8, 10 - number) for number in range(10)], order(20, 4, 3, room="55", author=""))
    with clock.at(NOW):
        evaluate_touched([sku.pk], worker="dispatcher")
    alert = Alert.objects.get(kind="burn-rate", sku=sku)
    # Its like of a day and of a minute before, and one of another SKU.
    others = []
    for number, (at, of) in enumerate(
        ((NOW - timedelta(days=1), sku), (NOW - 5 * MINUTE, sku), (NOW, world.selling("ELSE", stock=1, rate=1.0)))
    ):
        made = Alert.objects.get(pk=alert.pk)
        made.pk, made.sku, made.evaluated_at, made.status = None, of, at, "resolved"
        made.subject = f"{made.subject}-{number}"
        made.save(force_insert=True)
        others.append(made)
    code = world.account.code
    with CaptureQueriesContext(connection) as one:
        alone = [live_sellers(each, seen=None) for each in (alert,)]
    with CaptureQueriesContext(connection) as many:
        together = sellers_of([alert, *others], seen=None)
    assert len(many) == len(one)
    assert alone == [[LiveSeller(code, "7301", "98", 80), LiveSeller(code, "55", "", 4)]]
    assert together[alert.pk] == alone[0]
    # Until a minute after it: those of 10 to 5 minutes ago.
    assert [together[each.pk] for each in others] == [[], [LiveSeller(code, "7301", "98", 48)], []]
    assert [live_sellers(each, seen=None) for each in others] == [together[each.pk] for each in others]
