"""Incremental evaluation: what an event touched is judged at once, by the same rules, and no full cycle undoes it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.access.models import User
from stockhub.alerts.composing import compose_due
from stockhub.alerts.cycle import evaluate_skus
from stockhub.alerts.incremental import evaluate_touched, rehearse
from stockhub.alerts.models import Alert, AlertEvent, Subscription
from stockhub.alerts.wording import headline
from stockhub.catalog.models import Sku, StockPolicy
from stockhub.core import clock
from stockhub.core.remembering import Memory, remembering
from stockhub.cycles.executor import advance
from stockhub.cycles.models import Chunk, Cycle, CycleStatus
from stockhub.cycles.registry import Work
from stockhub.inventory.allocations import AllocationTarget, set_targets
from stockhub.outbox.models import Delivery, Event
from stockhub.pluginhost.models import Provider
from tests.worlds import NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def world() -> World:
    return make_world()


def ordered(world: World, sku: Sku, units: int, *, at: datetime) -> None:
    """An order of so many units comes in."""
    number = Event.objects.count()
    with clock.at(at):
        set_targets(
            [
                AllocationTarget(
                    reference=f"order:{sku.code}:{number}:{at.isoformat()}", sku_id=sku.pk, warehouse_id=world.warehouse.pk,
                    account_id=world.account.pk, wanted_qty=units, ship_qty=0, ordered_at=at, occurred_at=at,
                )
            ]
        )  # fmt: skip


def judged(*skus: Sku, at: datetime) -> None:
    with clock.at(at):
        assert evaluate_touched([sku.pk for sku in skus], worker="dispatcher") == set()


def calm(world: World, code: str, stock: int, *, line: int | None = None) -> Sku:
    """A SKU that sells one a day and has plenty, judged by a full cycle."""
    sku = world.selling(code, stock=stock, rate=1.0)
    if line is not None:
        StockPolicy.objects.create(sku=sku, alert_threshold_qty=line)
    run_cycle("warnings", NOW - timedelta(hours=1))
    return sku


def alert_of(sku: Sku, kind: str) -> Alert:
    return Alert.objects.exclude(status="resolved").get(sku=sku, kind=kind)


def test_d18_a_burst_that_reaches_the_line_within_the_hour_is_an_alert_now(world: World) -> None:
    sku = calm(world, "LIVE", 580, line=100)
    for minute in range(10):
        ordered(world, sku, 8, at=NOW - (10 - minute) * MINUTE)
    judged(sku, at=NOW)
    alert = alert_of(sku, "burn-rate")
    # 500 left, 8 a minute, a line of 100: 50 minutes.
    assert alert.inputs["available"] == 500.0
    assert alert.inputs["burn_rate"] == pytest.approx(8.0, rel=0.15)
    assert alert.value == pytest.approx(50.0, rel=0.15)
    assert (alert.level, alert.unit, alert.opened_at) == (1, "minute", NOW)
    # Minutes say when; a day would add nothing.
    assert headline(alert).startswith("LIVE in cn · Selling out within the hour: ")
    assert " · by " not in headline(alert)


def test_d18_a_rehearsal_reads_all_that_an_evaluation_reads_and_changes_no_alert(world: World) -> None:
    sku = world.selling("CALM", stock=60, rate=1.0)
    with CaptureQueriesContext(connection) as rehearsed:
        rehearse()
    assert not Alert.objects.exists()
    assert not AlertEvent.objects.exists()
    assert not Cycle.objects.filter(name="incremental").exists()
    with CaptureQueriesContext(connection) as evaluated:
        evaluate_touched({sku.pk}, worker="w")
    reads = {_shape(query) for query in evaluated if query["sql"].startswith("SELECT") and "inventory_" in query["sql"]}
    assert reads
    assert reads <= {_shape(query) for query in rehearsed}


def test_a_rehearsal_that_fails_is_told_and_keeps_nobody_from_judging(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_arguments: object) -> None:
        raise ValueError("an odd row")

    monkeypatch.setattr("stockhub.alerts.incremental.build", broken)
    with caplog.at_level("ERROR", logger="stockhub.alerts.incremental"):
        rehearse()
    assert [record.message for record in caplog.records] == [
        "The rehearsal of an evaluation failed; what events touch is judged all the same."
    ]


def _shape(query: dict[str, str]) -> str:
    """A statement without its numbers and times."""
    return re.sub(r"'[^']*'|\d+", "?", query["sql"])


def test_d18_the_usual_pace_is_no_burst(world: World) -> None:
    sku = world.selling("BUSY", stock=60, rate=1440.0)
    run_cycle("warnings", NOW - timedelta(hours=1))
    for minute in range(10):
        ordered(world, sku, 1, at=NOW - (10 - minute) * MINUTE)
    judged(sku, at=NOW)
    assert not Alert.objects.filter(kind="burn-rate").exists()


def test_h13_a_crossing_is_one_alert_and_one_mail_not_one_an_order(world: World) -> None:
    user = User.objects.create(username="ana", email="ana@example.com", is_superuser=True)
    Subscription.objects.create(user=user, kinds=["below-threshold"])
    sku = calm(world, "LINE", 101, line=100)
    Delivery.objects.all().delete()
    for second in range(4):
        at = NOW + timedelta(seconds=second)
        ordered(world, sku, 2, at=at)
        judged(sku, at=at)
    alert = alert_of(sku, "below-threshold")
    assert (alert.value, alert.inputs["available"]) == (7.0, 93.0)
    assert [event.what for event in alert.events.all()] == ["opened"]
    assert Event.objects.filter(kind="alerts.alert_opened.v1", entity_id=alert.pk).count() == 1
    assert not Delivery.objects.exists()
    finish(NOW + 2 * MINUTE)
    assert compose_due() == 1
    [mail] = Delivery.objects.all()
    assert mail.subject.startswith("LINE in cn · Below your threshold")
    run = Cycle.objects.get(name="incremental")
    assert (run.status, run.counts["evaluations"], run.counts["opened"], run.slot_at) == (CycleStatus.DONE, 4, 1, NOW)
    assert set(run.seconds) >= {"snapshot", "rules", "compare", "write"}


def finish(at: datetime) -> None:
    """The minute is over: its run's lease has run out on the database's clock, too."""
    Cycle.objects.filter(name="incremental").update(lease_until=None)
    with clock.at(at):
        assert advance("worker", names=["incremental"]).finished == 1


def test_u17_an_order_a_low_stock_and_stock_that_is_back_are_events_that_name_the_sku(world: World) -> None:
    """What apps wait for: an event on the order flow, one when stock is low, and one when it is back."""
    sku = calm(world, "LINE", 101, line=100)
    told = Event.objects.order_by("-pk").values_list("pk", flat=True)[0]
    ordered(world, sku, 2, at=NOW)
    judged(sku, at=NOW)
    news = Event.objects.filter(pk__gt=told).exclude(kind="alerts.skus_evaluated.v1").order_by("pk")
    changed, low = news.get(kind="inventory.stock_changed.v1"), news.get(kind="alerts.alert_opened.v1", payload__kind="below-threshold")
    assert (changed.payload["sku_ids"], changed.pk < low.pk) == ([sku.pk], True)
    assert low.payload == {"kind": "below-threshold", "level": 1, "sku": sku.pk, "pool": world.pool.pk}
    world.stock(sku, 1000, at=NOW + MINUTE)
    for turn in (1, 2):
        run_cycle("warnings", NOW + turn * 15 * MINUTE)
    back = Event.objects.get(kind="alerts.alert_resolved.v1", payload__kind="below-threshold")
    assert (back.entity_id, back.payload["sku"]) == (low.entity_id, sku.pk)


def test_an_evaluation_never_lowers_nor_counts_towards_closing(world: World) -> None:
    sku = calm(world, "LINE", 90, line=100)
    alert = alert_of(sku, "below-threshold")
    assert (alert.level, alert.clean_evaluations) == (1, 0)
    world.stock(sku, 1000, at=NOW)
    before = Alert.objects.filter(pk=alert.pk).values().get()
    for second in range(5):
        judged(sku, at=NOW + timedelta(seconds=second))
    assert Alert.objects.filter(pk=alert.pk).values().get() == before
    run_cycle("warnings", NOW + 15 * MINUTE)
    assert alert_of(sku, "below-threshold").clean_evaluations == 1


def test_an_alert_that_gets_worse_is_raised_and_wakes(world: World) -> None:
    sku = calm(world, "LINE", 90, line=100)
    Alert.objects.filter(kind="below-threshold").update(status="snoozed", snoozed_until_at=NOW + timedelta(days=1))
    ordered(world, sku, 60, at=NOW)
    judged(sku, at=NOW)
    alert = alert_of(sku, "below-threshold")
    assert (alert.level, alert.status, alert.value) == (2, "open", 70.0)
    assert [event.what for event in alert.events.order_by("id")] == ["opened", "raised"]


def test_a_full_cycle_never_undoes_what_was_evaluated_after_it_had_read(world: World) -> None:
    touched, other = calm(world, "LINE", 101, line=100), calm(world, "OTHER", 101, line=100)
    later = NOW + 15 * MINUTE
    ordered(world, other, 5, at=NOW)

    def meanwhile() -> None:
        """The full cycle has read its snapshot, in which nothing is wrong with the SKU."""
        ordered(world, touched, 90, at=later)
        judged(touched, at=later)

    with clock.at(later):
        cycle = Cycle.objects.create(name="warnings", slot_at=later, as_of=later, requested_by="test")
        chunk = Chunk.objects.create(cycle=cycle, ordinal=1, first_sku_id=0, last_sku_id=0)
        work = Work(cycle, chunk, guarded)
        evaluate_skus(work, [touched.pk, other.pk], before_writing=meanwhile)
    alert = alert_of(touched, "below-threshold")
    assert (alert.level, alert.value, alert.clean_evaluations) == (2, 89.0, 0)
    assert list(alert.events.values_list("what", "actor")) == [("opened", "cycle:incremental")]
    assert work.counts["left_to_later"] == 1
    # The other one is the full cycle's own business.
    assert alert_of(other, "below-threshold").value == 4.0


def guarded() -> Any:  # noqa: ANN401 - a transaction
    from django.db import transaction

    return transaction.atomic()


def test_what_a_storm_touches_is_judged_with_a_fixed_number_of_queries(world: World) -> None:
    few = [world.selling(f"A{n}", stock=1, rate=5.0) for n in range(2)]
    many = [world.selling(f"B{n}", stock=1, rate=5.0) for n in range(40)]
    judged(world.selling("WARM", stock=1, rate=5.0), at=NOW)
    used = []
    for skus in (few, many):
        with CaptureQueriesContext(connection) as queries:
            judged(*skus, at=NOW)
        used.append(len(queries))
    assert used[0] == used[1]
    assert Alert.objects.filter(kind="shortage", sku__in=many).count() == 40
    assert AlertEvent.objects.filter(alert__sku__in=many, alert__kind="shortage", what="opened").count() == 40


def test_h13_a_burst_reads_settings_once_and_asks_only_for_the_skus_that_were_touched(world: World) -> None:
    """What an evaluation costs in a burst is its queries: those that name no SKU are asked once in three seconds."""
    skus = [world.selling(f"L{n}", stock=101, rate=1.0) for n in range(30)]
    for sku in skus:
        StockPolicy.objects.create(sku=sku, alert_threshold_qty=100)
    run_cycle("warnings", NOW - timedelta(hours=1))
    memory = Memory(seconds=3600)
    used = []
    for part in (skus[:10], skus[10:20], skus[20:]):
        for sku in part:
            ordered(world, sku, 2, at=NOW)
        with remembering(memory), CaptureQueriesContext(connection) as queries:
            judged(*part, at=NOW)
        used.append(len(queries))
    assert Alert.objects.filter(kind="below-threshold").count() == 30
    calls = Provider.objects.values_list("calls", flat=True).get(kind="alert_rule", slug="below-threshold")
    memory.forget()
    assert Provider.objects.values_list("calls", flat=True).get(kind="alert_rule", slug="below-threshold") == calls + 3
    assert used[1] == used[2] < used[0] - 30
    # 38 of the SKUs' facts, two of their alerts, the minute's run; the rest writes: what was judged, alerts with steps and events, sums.
    assert used[1] <= 62


def test_a_rule_that_fails_is_shown_with_the_run_and_the_others_go_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from stockhub.alerts.rules.shortage import ShortageRule

    def broken(*_args: object) -> object:
        raise RuntimeError("no luck")

    monkeypatch.setattr(ShortageRule, "measure", broken)
    sku = calm(world, "LINE", 101, line=100)
    ordered(world, sku, 50, at=NOW)
    judged(sku, at=NOW)
    assert alert_of(sku, "below-threshold").value == 49.0
    finish(NOW + 2 * MINUTE)
    run = Cycle.objects.get(name="incremental")
    assert run.status == CycleStatus.PARTIAL
    assert "alert_rule shortage" in run.message
