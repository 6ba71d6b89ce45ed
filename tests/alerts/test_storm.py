"""An alert storm: every alert is there, and nobody gets a mail for each (row 20 of the faults)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.access.models import User
from stockhub.alerts.composing import compose_due
from stockhub.alerts.giving_way import give_way
from stockhub.alerts.incremental import AT_ONCE, evaluate_touched
from stockhub.alerts.models import Alert, AlertEvent, Subscription
from stockhub.catalog.models import Sku, StockPolicy
from stockhub.core import clock
from stockhub.cycles.executor import advance
from stockhub.cycles.models import Chunk, Cycle
from stockhub.demand.turnover_models import StockFigures
from stockhub.inventory.models import Balance
from stockhub.outbox.models import Delivery, Event
from stockhub.purchasing.models import Shipment
from tests.worlds import NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
MINUTE = timedelta(minutes=1)
STORM = 1000


@pytest.fixture
def world() -> World:
    return make_world()


def below_their_lines(world: World, count: int) -> list[int]:
    """SKUs whose stock lies below their line."""
    skus = Sku.objects.bulk_create([Sku(code=f"S{n:05}") for n in range(count)])
    Balance.objects.bulk_create([Balance(sku=sku, warehouse=world.warehouse, bucket_id="available", qty=5) for sku in skus])
    StockPolicy.objects.bulk_create([StockPolicy(sku=sku, pool=world.pool, alert_threshold_qty=10) for sku in skus])
    return [sku.pk for sku in skus]


def lined() -> int:
    return Alert.objects.filter(kind="below-threshold", status="open").count()


def subscriber(name: str) -> None:
    user = User.objects.create(username=name, email=f"{name}@example.com", is_superuser=True)
    Subscription.objects.create(user=user, kinds=["below-threshold"])


def test_f20_a_thousand_skus_at_once_are_a_thousand_alerts_and_one_mail_to_each_subscriber(world: World) -> None:
    for name in ("ana", "bo"):
        subscriber(name)
    skus = below_their_lines(world, STORM)
    # Ten bursts of a hundred within a minute, as the dispatcher gathers them.
    with CaptureQueriesContext(connection) as queries:
        for part in range(0, STORM, 100):
            with clock.at(NOW + timedelta(seconds=part / 20)):
                assert evaluate_touched(skus[part : part + 100], worker="dispatcher") == set()
    assert (lined(), Delivery.objects.count()) == (STORM, 0)
    # Some hundred a burst, and no more for more SKUs.
    assert len(queries) < 1.2 * STORM
    with clock.at(NOW + 2 * MINUTE):
        Cycle.objects.filter(name="incremental").update(lease_until=NOW - MINUTE)
        advance("worker", names=["incremental"])
        advance("worker", names=["incremental"])
        assert compose_due() == 2
    mails = list(Delivery.objects.order_by("recipient"))
    assert [mail.recipient for mail in mails] == ["ana@example.com", "bo@example.com"]
    for mail in mails:
        assert mail.subject == "1000 new or worse stock alerts"
        lines = mail.body.splitlines()
        assert (len(lines), lines[-1]) == (32, "… and 970 more: open Today.")
    # What no mail lists is an alert, a step in its life and an event all the same.
    assert AlertEvent.objects.filter(what="opened", alert__kind="below-threshold").count() == STORM
    assert Event.objects.filter(kind="alerts.alert_opened.v1", payload__kind="below-threshold").count() == STORM


def test_f20_a_storm_of_more_than_are_judged_at_once_is_judged_in_parts(world: World) -> None:
    skus = below_their_lines(world, AT_ONCE + 30)
    calls: list[None] = []

    def stop_after_one() -> bool:
        calls.append(None)
        return len(calls) > 1

    with clock.at(NOW):
        left = evaluate_touched(skus, worker="dispatcher", stopping=stop_after_one)
        assert (left, lined()) == (set(skus[AT_ONCE:]), AT_ONCE)
        assert evaluate_touched(left, worker="dispatcher") == set()
    assert lined() == AT_ONCE + 30


def test_f20_the_same_storm_in_a_full_cycle_is_one_mail_and_the_next_cycle_none(world: World) -> None:
    subscriber("ana")
    below_their_lines(world, 120)
    run_cycle("warnings")
    run_cycle("warnings", NOW + 15 * MINUTE)
    assert compose_due() == 1
    assert [mail.subject for mail in Delivery.objects.all()] == ["120 new or worse stock alerts"]
    assert lined() == 120


def test_f20_n14_one_late_supplier_is_one_alert_about_all_its_shipments(world: World) -> None:
    late = date(2026, 2, 1)
    for number in range(40):
        Shipment.objects.create(
            code=f"SH-{number}", warehouse=world.warehouse, supplier=world.supplier, status="in_transit", expected_on=late
        )
    run_cycle("warnings")
    run_cycle("warnings", NOW + 15 * MINUTE)
    alerts = Alert.objects.filter(kind="late-supply").exclude(status="resolved")
    assert [("40" in alert.message, alert.sku_id) for alert in alerts] == [(True, None)]


def test_a_full_cycle_gives_way_only_while_touched_skus_are_judged(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("stockhub.alerts.giving_way.time.sleep", slept.append)
    assert give_way(1.0) == 0.0
    sku = world.selling("TEA", stock=10, rate=1.0)
    evaluate_touched([sku.pk], worker="dispatcher")
    assert [give_way(0.5), give_way(100.0)] == [1.5, 3.0]
    assert slept == [1.5, 3.0]
    run_cycle("warnings")
    assert len(slept) == 3
    assert Chunk.objects.get(cycle__name="warnings").seconds["pause"] == slept[2]
    Chunk.objects.filter(cycle__name="incremental").update(finished_at=clock.wall() - timedelta(seconds=3))
    assert give_way(0.5) == 0.0


def test_h13_a_full_cycle_is_done_in_small_pieces_while_touched_skus_are_judged_and_finds_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("stockhub.alerts.giving_way.time.sleep", slept.append)
    skus = below_their_lines(world, 5)
    run_cycle("warnings")
    assert slept == []
    whole = {figures.pool_id: figures.figures.tolist() for figures in StockFigures.objects.filter(chunk=0)}
    found = set(Alert.objects.values_list("kind", "sku_id", "level"))
    Alert.objects.all().delete()
    StockFigures.objects.all().delete()
    evaluate_touched(skus[:1], worker="dispatcher")
    monkeypatch.setattr("stockhub.alerts.giving_way.PIECE_SKUS", 2)
    run_cycle("warnings", NOW + 15 * MINUTE)
    assert len(slept) == 3
    assert {figures.pool_id: figures.figures.tolist() for figures in StockFigures.objects.filter(chunk=0)} == whole
    assert set(Alert.objects.values_list("kind", "sku_id", "level")) == found
