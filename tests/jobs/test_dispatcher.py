from __future__ import annotations

import json
import logging
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from stockhub.channels import inbox
from stockhub.channels.inbox import accept_records
from stockhub.channels.models import Account, Order
from stockhub.core import clock
from stockhub.core.actor import SYSTEM, acting_as
from stockhub.core.logs import JsonFormatter
from stockhub.cycles import executor
from stockhub.cycles.models import Chunk, Cycle, CycleStatus, ProcessHeartbeat
from stockhub.cycles.services import request_cycle
from stockhub.jobs import tasks
from stockhub.jobs.dispatcher import Dispatcher
from stockhub.jobs.nudges import Nudger
from stockhub.outbox.cursor import RecentEvents
from stockhub.outbox.deliveries import deliver_due, queue_mail
from stockhub.outbox.models import Event
from stockhub.outbox.services import emit_event
from stockhub.pluginapi.records import OrderRecord

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("cycles")]


class Sent(Nudger):
    """Stands where the nudges go out, so that they can be counted; the broker itself is tried in `test_nudges`."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[str, str]] = []

    def send(self, task: str, arguments: list[str], *, queue: str, times: int = 1, expires: float | None = None) -> bool:
        self.calls.append((task, queue))
        return True


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest.fixture
def dispatcher(sent: Sent) -> Dispatcher:
    found = Dispatcher(lambda: False)
    found._nudger = sent
    return found


def order_placed() -> Event:
    return emit_event("channels.order_placed.v1", entity="order", entity_id=1, payload={})


def test_an_event_runs_the_cycle_that_reacts_to_it_and_a_burst_runs_it_once(dispatcher: Dispatcher) -> None:
    for _ in range(3):
        order_placed()
    emit_event("catalog.sku_renamed.v1", entity="sku", entity_id=1, payload={})
    dispatcher.turn()
    dispatcher.turn()
    assert list(Cycle.objects.values_list("name", "status", "requested_by")) == [("sync", CycleStatus.DONE, "dispatcher")]


def test_events_that_come_soon_after_are_answered_a_second_later(dispatcher: Dispatcher) -> None:
    order_placed()
    dispatcher.turn()
    order_placed()
    dispatcher.turn()
    assert Cycle.objects.count() == 1
    time.sleep(1)
    dispatcher.turn()
    assert Cycle.objects.count() == 2


def test_a_run_that_nobody_has_begun_answers_the_event_as_well(dispatcher: Dispatcher) -> None:
    request_cycle(name="sync", requested_by="schedule")
    order_placed()
    dispatcher.turn()
    assert list(Cycle.objects.values_list("requested_by", "status")) == [("schedule", CycleStatus.DONE)]


def test_due_work_is_announced_once_and_again_only_after_a_while(dispatcher: Dispatcher, sent: Sent) -> None:
    request_cycle(name="warnings", requested_by="ana")
    dispatcher.turn()
    dispatcher.turn()
    assert sent.calls == [("jobs.work", "bulk")]
    dispatcher._announced = {key: (units, at - 10) for key, (units, at) in dispatcher._announced.items()}
    dispatcher.turn()
    assert sent.calls == [("jobs.work", "bulk")] * 2


def test_h13_a_look_costs_a_dozen_queries_and_a_burst_of_rings_is_looked_at_a_few_times_a_second(dispatcher: Dispatcher) -> None:
    dispatcher.turn()
    with CaptureQueriesContext(connection) as queries:
        dispatcher.turn()
    # Records, events, three of cycles, received, two of feeds, webhooks, deliveries, notices, two of pushes.
    assert len(queries) == 13
    assert 0 < dispatcher.rest() <= 0.25


def test_due_work_of_both_queues_is_found_in_one_look(dispatcher: Dispatcher, sent: Sent) -> None:
    request_cycle(name="warnings", requested_by="ana")
    request_cycle(name="sync", requested_by="ana")
    dispatcher.turn()
    assert sent.calls == [("jobs.work", "fast"), ("jobs.work", "bulk")]


def test_a_mail_that_is_due_is_announced(dispatcher: Dispatcher, sent: Sent) -> None:
    queue_mail(event=order_placed(), recipient="ana@example.com", subject="Hello", body="…")
    dispatcher.turn()
    assert ("jobs.deliver", "bulk") in sent.calls


def test_f4_what_came_in_is_applied_at_the_next_look_without_a_broker(dispatcher: Dispatcher, sent: Sent) -> None:
    account = Account.objects.create(code="dy", name="Shop", marketplace="file")
    records = [OrderRecord(str(number), "paid", clock.now(), "CNY") for number in range(3)]
    accept_records(account=account, kind="order", records=records, source="webhook")
    dispatcher.turn()
    assert (Order.objects.count(), inbox.is_due(), sent.calls) == (3, False, [])


def test_u25_an_order_is_followed_through_the_log_from_its_request_into_the_run_that_answers_it(
    dispatcher: Dispatcher, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "stockhub")
    caplog.handler.setFormatter(JsonFormatter())
    account = Account.objects.create(code="dy", name="Shop", marketplace="file")
    with acting_as(SYSTEM, correlation="request-of-a-shop"):
        accept_records(account=account, kind="order", records=[OrderRecord("A-77", "paid", clock.now(), "CNY")], source="webhook")
    dispatcher.turn()
    # What a busy dispatcher leaves, a worker does.
    executor.advance("worker")
    event = Event.objects.get(kind__startswith="channels.order_")
    mail = queue_mail(event=event, recipient="ana@example.com", subject="s", body="b")
    assert deliver_due("worker").sent == 1
    told = [json.loads(line) for line in caplog.text.splitlines()]
    came, applied = (line for line in told if line.get("external_ids") == ["A-77"])
    assert (came["correlation_id"], came["account"]) == ("request-of-a-shop", "dy")
    assert (applied["correlation_id"], applied["actor"]) == (event.correlation_id, "inbox:webhook")
    [answer] = [line for line in told if line.get("caused_by") == [event.correlation_id]]
    [end] = [line for line in told if line["message"] == "The run has ended."]
    assert (answer["cycle"], end["correlation_id"], end["actor"]) == ("sync", f"cycle-{answer['cycle_id']}", "cycle:sync")
    [sent_mail] = [line for line in told if "delivery_id" in line]
    named = {"correlation_id": event.correlation_id, "actor": "job:deliver", "delivery_id": mail.pk, "event_id": event.pk}
    assert named.items() <= sent_mail.items()


def test_u25_the_dispatcher_notes_the_newest_event_that_it_has_seen(dispatcher: Dispatcher) -> None:
    order_placed()
    last = order_placed()
    dispatcher.turn()
    dispatcher.note_alive()
    assert ProcessHeartbeat.objects.get().seen_event_id == last.pk


def test_f11_what_the_dispatcher_leaves_is_announced_to_workers(
    dispatcher: Dispatcher, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stockhub.jobs.dispatcher._OWN_INBOX_SECONDS", 0.0)
    account = Account.objects.create(code="dy", name="Shop", marketplace="file")
    accept_records(account=account, kind="order", records=[OrderRecord("1", "paid", clock.now(), "CNY")], source="webhook")
    dispatcher.turn()
    assert (Order.objects.count(), sent.calls) == (0, [("jobs.apply_received", "fast")])
    tasks.apply_received()
    assert Order.objects.count() == 1


def test_an_event_whose_transaction_ends_after_a_later_one_is_told_all_the_same() -> None:
    last = order_placed()
    events = RecentEvents()
    Event(pk=last.pk + 7, kind="later.thing_happened.v1", entity="x", actor="x").save(force_insert=True)
    assert set(events.new().values()) == {"later.thing_happened.v1"}
    Event(pk=last.pk + 3, kind="earlier.thing_happened.v1", entity="x", actor="x").save(force_insert=True)
    assert set(events.new().values()) == {"earlier.thing_happened.v1"}
    assert events.new() == {}


def test_f6_what_cost_three_workers_is_parked_although_no_worker_would_look_at_it(dispatcher: Dispatcher, sent: Sent) -> None:
    cycle = request_cycle(name="warnings", requested_by="ana")
    executor.advance("a", names=["warnings"], max_chunks=0)
    Chunk.objects.update(status="leased", leased_by="dead", attempts=3, lease_until=Now() - timedelta(seconds=1))
    dispatcher.turn()
    assert cycle.chunks.get().status == "parked"
    assert sent.calls == [("jobs.work", "bulk")]
