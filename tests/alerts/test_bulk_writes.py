"""Many alerts at once: what is opened, changed and left alone, and what it costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import numpy as np
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from stockhub.access.models import User
from stockhub.alerts import services
from stockhub.alerts.composing import compose_due
from stockhub.alerts.cycle import evaluate_skus
from stockhub.alerts.first_response import respond_to_cycle
from stockhub.alerts.models import Alert, AlertEvent, Subscription
from stockhub.catalog.models import Category, Sku, StockPool
from stockhub.channels.models import Responsibility
from stockhub.core import clock
from stockhub.cycles.models import Chunk, Cycle
from stockhub.cycles.registry import Work
from stockhub.demand.models import Forecast
from stockhub.outbox.models import Delivery, Event
from tests.worlds import NOW, World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
#: More than are written row by row.
MANY = 60


@pytest.fixture
def world() -> World:
    return make_world()


def short_skus(world: World, count: int) -> list[int]:
    """SKUs that sell ten a day and have a hundred."""
    return [world.selling(f"SHORT{n}", stock=100, rate=10.0).pk for n in range(count)]


def evaluated(ids: list[int], minutes: int = 0, *, before_writing: Callable[[], object] | None = None, cycle: Cycle | None = None) -> Work:
    """One evaluation; `before_writing` happens after the alerts were read and before the first is written."""
    at = NOW + timedelta(minutes=minutes)
    cycle = cycle or Cycle.objects.create(name="warnings", slot_at=at, as_of=at, created_at=at, requested_by="test")
    chunk, _made = Chunk.objects.get_or_create(cycle=cycle, ordinal=1, defaults={"first_sku_id": 1, "last_sku_id": 2**40})
    waiting = [before_writing] if before_writing else []

    @contextmanager
    def guard() -> Iterator[None]:
        while waiting:
            waiting.pop()()
        with transaction.atomic():
            yield

    work = Work(cycle, chunk, guard)
    with clock.at(at):
        evaluate_skus(work, ids)
    return work


def shortages() -> list[Alert]:
    return list(Alert.objects.filter(kind="shortage").order_by("sku_id"))


def test_many_alerts_are_opened_with_their_steps_and_events(world: World) -> None:
    ids = short_skus(world, MANY)
    work = evaluated(ids)
    opened = Alert.objects.count()
    assert [alert.sku_id for alert in shortages()] == ids
    assert (work.counts["opened"], AlertEvent.objects.filter(what="opened").count()) == (opened, opened)
    alert = shortages()[7]
    assert (alert.status, alert.level, alert.unit, alert.version, alert.clean_evaluations) == ("open", alert.level, "unit", 1, 0)
    assert (alert.opened_cycle_id, alert.changed_cycle_id, alert.opened_at) == (work.cycle.pk, work.cycle.pk, NOW)
    event = Event.objects.get(kind="alerts.alert_opened.v1", entity_id=alert.pk)
    assert event.payload == {"kind": "shortage", "level": alert.level, "sku": ids[7], "pool": world.pool.pk}
    assert (event.recorded_at, alert.events.get().occurred_at) == (NOW, NOW)


def test_many_alerts_get_other_numbers_in_one_statement_and_equal_ones_cost_none(world: World) -> None:
    ids = short_skus(world, MANY)
    evaluated(ids)
    Forecast.objects.filter(sku_id__in=ids[:55]).update(mean=np.full(90, 20.0, np.float32))
    before = {alert.pk: (alert.value, alert.version) for alert in shortages()}
    evaluated(ids, 15)
    for place, alert in enumerate(shortages()):
        value, version = before[alert.pk]
        assert value is not None
        expected = (pytest.approx(value + 280, abs=0.3), version + 1) if place < 55 else (value, version)
        assert (alert.value, alert.version) == expected
    with CaptureQueriesContext(connection) as again:
        work = evaluated(ids, 30)
    assert not [query["sql"] for query in again if "UPDATE" in query["sql"] and "alerts_alert" in query["sql"]]
    assert sum(work.counts.get(name, 0) for name in ("opened", "raised", "lowered", "resolved", "renumbered")) == 0


@pytest.mark.parametrize("count", [3, MANY])
def test_an_alert_that_somebody_touched_since_it_was_read_is_left_to_its_next_turn(world: World, count: int) -> None:
    ids = short_skus(world, count)
    evaluated(ids)
    Forecast.objects.update(mean=np.full(90, 20.0, np.float32))
    touched = shortages()[1]
    with clock.at(NOW):
        work = evaluated(ids, 15, before_writing=lambda: services.acknowledge(alert_ids=[touched.pk]))
    after = shortages()
    assert (after[1].status, after[1].value, after[1].version) == ("acknowledged", touched.value, touched.version + 1)
    assert {alert.version for alert in after if alert.pk != touched.pk} == {2}
    assert work.counts["renumbered"] == Alert.objects.exclude(pk=touched.pk).filter(changed_cycle=work.cycle).count()
    evaluated(ids, 30)
    assert shortages()[1].value == pytest.approx(2 * 280 - 100, abs=0.3)


def test_an_alert_that_another_run_has_just_opened_is_neither_doubled_nor_recorded_twice(world: World) -> None:
    ids = short_skus(world, MANY)
    evaluated(ids, before_writing=lambda: evaluated(ids[:10], 5))
    assert [alert.sku_id for alert in shortages()] == ids
    assert AlertEvent.objects.filter(alert__kind="shortage").count() == MANY
    assert Event.objects.filter(kind="alerts.alert_opened.v1", payload__kind="shortage").count() == MANY


def test_the_same_run_again_after_its_worker_died_takes_no_second_step(world: World) -> None:
    [sku] = short_skus(world, 1)
    evaluated([sku])
    world.stock(Sku.objects.get(pk=sku), 5000, at=NOW)
    work = evaluated([sku], 15)
    assert shortages()[0].clean_evaluations == 1
    evaluated([sku], cycle=work.cycle)
    assert (shortages()[0].status, shortages()[0].clean_evaluations) == ("open", 1)
    evaluated([sku], 30)
    assert shortages()[0].status == "resolved"


def test_a_snoozed_alert_that_gets_worse_wakes_and_one_whose_row_is_gone_is_resolved_as_it_was(world: World) -> None:
    mild = world.selling("MILD", stock=270, rate=10.0, lead_time=1.0)
    evaluated([mild.pk])
    [alert] = shortages()
    with clock.at(NOW):
        services.snooze(alert_ids=[alert.pk], until_at=NOW + timedelta(days=9), reason="Campaign")
    world.take(mild, 270, "all")
    evaluated([mild.pk], 15)
    alert.refresh_from_db()
    assert (alert.status, alert.snoozed_until_at, alert.level_since_at) == ("open", None, NOW + timedelta(minutes=15))
    assert alert.events.filter(what="raised", level=alert.level).count() == 1
    seen = (alert.value, alert.level, alert.inputs, alert.changed_cycle_id)
    type(world.pool).objects.update(deleted_at=NOW)
    evaluated([mild.pk], 30)
    alert.refresh_from_db()
    assert (alert.status, alert.resolution, alert.resolved_at) == ("resolved", "gone", NOW + timedelta(minutes=30))
    assert (alert.value, alert.level, alert.inputs, alert.changed_cycle_id) == seen
    event = Event.objects.get(kind="alerts.alert_expired.v1", entity_id=alert.pk)
    assert event.payload == {"kind": "shortage", "level": alert.level, "sku": mild.pk, "pool": world.pool.pk}


def test_each_alert_goes_to_the_most_particular_responsibility(world: World) -> None:
    ids = short_skus(world, 4)
    names = ("all", "brand", "category", "account", "sku")
    users = {name: User.objects.create(username=name) for name in names}
    category = Category.objects.create(code="c", name="c")
    Sku.objects.filter(pk__in=ids[1:3]).update(brand="Acme")
    Sku.objects.filter(pk__in=ids[2:]).update(category=category)
    Responsibility.objects.create(owner=users["all"])
    Responsibility.objects.create(owner=users["brand"], brand="Acme")
    Responsibility.objects.create(owner=users["category"], category=category)
    Responsibility.objects.create(owner=users["account"], category=category, account=world.account)
    Responsibility.objects.create(owner=users["all"], category=category, account=world.account)
    Responsibility.objects.create(owner=users["sku"], sku_id=ids[3])
    evaluated(ids)
    assert [alert.owner.username for alert in shortages() if alert.owner] == ["all", "brand", "account", "sku"]


def test_an_evaluation_takes_as_many_queries_for_one_sku_as_for_many(world: World) -> None:
    ids = short_skus(world, 12)
    evaluated(ids)
    counts = []
    for turn, some in enumerate((ids[:1], ids), 1):
        with CaptureQueriesContext(connection) as queries:
            evaluated(some, 15 * turn)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_h13_a_mail_lists_the_worst_and_counts_the_rest_for_each_persons_subscriptions(world: World) -> None:
    ids = short_skus(world, 40)
    ana, bo = (User.objects.create(username=name, email=f"{name}@example.com", is_superuser=True) for name in ("ana", "bo"))
    Subscription.objects.create(user=ana, kinds=["shortage"])
    Subscription.objects.create(user=ana, kinds=["order-due"], min_level=3)
    Subscription.objects.create(user=bo, kinds=["overstock"])
    Subscription.objects.create(user=bo).pools.add(StockPool.objects.create(code="other", name="Other"))
    work = evaluated(ids)
    with CaptureQueriesContext(connection) as queries, clock.at(NOW):
        respond_to_cycle(work.cycle)
    assert len(queries) < 20
    with clock.at(NOW):
        assert compose_due() == 1
    [delivery] = Delivery.objects.all()
    expected = Alert.objects.filter(kind="shortage").count() + Alert.objects.filter(kind="order-due", level=3).count()
    assert (delivery.recipient, delivery.subject) == ("ana@example.com", f"{expected} new or worse stock alerts")
    lines = delivery.body.splitlines()
    assert (len(lines), lines[-1]) == (31, f"… and {expected - 30} more: open Today.")
    assert delivery.event.payload == {"alerts": Alert.objects.count()}
