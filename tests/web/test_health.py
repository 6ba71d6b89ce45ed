from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from stockhub.channels.inbox import accept_records, apply_due
from stockhub.channels.models import Account, Feed
from stockhub.channels.received_models import ReceivedRecord
from stockhub.core import clock
from stockhub.core.partitions import month_start
from stockhub.cycles.models import Cycle, ProcessHeartbeat, ProcessKind
from stockhub.cycles.services import record_heartbeat
from stockhub.inventory.proof.proofs import prove_ledger
from stockhub.outbox.services import emit_event
from stockhub.pluginapi.records import OrderRecord
from stockhub.web import health

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def client(settings: Settings) -> Client:
    settings.SECURE_SSL_REDIRECT = False
    return Client()


def test_live_answers_without_touching_the_database(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "live"})


def test_ready_names_processes_and_the_age_of_the_oldest_due_work(client: Client) -> None:
    record_heartbeat(kind=ProcessKind.WORKER, label="worker fast", started_at=clock.now())
    record_heartbeat(kind=ProcessKind.BEAT, label="beat", started_at=clock.now(), message="The broker cannot be reached.")
    ProcessHeartbeat.objects.filter(kind="worker").update(seen_at=clock.now() - timedelta(minutes=2))
    now = clock.now()
    Cycle.objects.create(name="warnings", slot_at=now, as_of=now, requested_by="ana", next_attempt_at=now - timedelta(seconds=30))
    answer = client.get("/health/ready")
    body = answer.json()
    assert (answer.status_code, body["status"], body["database"], body["pending_migrations"]) == (200, "ready", "reachable", 0)
    assert [(check["kind"], check["ok"], check["message"]) for check in body["checks"]] == [
        ("beat", True, "The broker cannot be reached."),
        ("worker", False, ""),
    ]
    assert 30 <= body["oldest_due_work_seconds"] < 60


def test_ready_says_nothing_waits_where_nothing_does(client: Client) -> None:
    assert client.get("/health/ready").json()["oldest_due_work_seconds"] is None


def test_ready_says_when_the_ledger_was_last_proved(client: Client) -> None:
    assert client.get("/health/ready").json()["ledger"] is None
    with clock.at(datetime(2026, 3, 2, tzinfo=UTC)):
        assert prove_ledger() == []
    told = client.get("/health/ready").json()["ledger"]
    assert (told["proved_at"], told["discrepancies"]) == ("2026-03-02T00:00:00+00:00", 0)


def test_f11_ready_tells_how_long_the_oldest_record_that_came_in_has_waited(client: Client) -> None:
    assert client.get("/health/ready").json()["oldest_received_record_seconds"] is None
    account = Account.objects.create(code="dy", name="Shop", marketplace="file")
    records = [OrderRecord("1", "paid", clock.now(), "CNY")]
    accept_records(account=account, kind="order", records=records, source="webhook")
    ReceivedRecord.objects.update(next_attempt_at=clock.now() - timedelta(seconds=90))
    assert 90 <= client.get("/health/ready").json()["oldest_received_record_seconds"] < 120
    apply_due()
    assert client.get("/health/ready").json()["oldest_received_record_seconds"] is None


def test_ready_is_quick_after_the_first_time(client: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    client.get("/health/ready")
    with django_assert_max_num_queries(10):
        client.get("/health/ready")


def test_not_ready_while_migrations_are_missing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", set())
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'inventory'"
            " AND name = (SELECT max(name) FROM django_migrations WHERE app = 'inventory')"
        )
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["pending_migrations"]) == (503, 1)


def test_u25_ready_tells_the_dispatchers_lag_the_oldest_feed_and_what_does_not_run(client: Client) -> None:
    nobody = client.get("/health/ready").json()
    assert (nobody["not_running"], nobody["dispatcher_lag_seconds"], nobody["stalest_feed_seconds"]) == (
        ["worker", "beat", "dispatcher"],
        None,
        None,
    )
    seen = emit_event("channels.order_placed.v1", entity="order", entity_id=1, payload={})
    account = Account.objects.create(code="dy", name="Shop", marketplace="file")
    for kind, hours, paused in (("orders", 2, False), ("stock", 1, False), ("returns", 900, True)):
        Feed.objects.create(account=account, kind=kind, data_until_at=clock.now() - timedelta(hours=hours), is_paused=paused)
    record_heartbeat(kind=ProcessKind.DISPATCHER, label="dispatcher", started_at=clock.now(), seen_event_id=seen.pk)
    told = client.get("/health/ready").json()
    assert (told["not_running"], told["dispatcher_lag_seconds"], told["stalest_feed_seconds"] // 60) == (["worker", "beat"], 0.0, 120)
    with clock.at(clock.now() - timedelta(seconds=70)):
        emit_event("channels.order_placed.v1", entity="order", entity_id=2, payload={})
    assert 70 <= client.get("/health/ready").json()["dispatcher_lag_seconds"] < 100


@pytest.mark.parametrize(("offered", "kept"), [("abc-12345678", True), ("x", False), ("a" * 65, False), ("<img onerror=1>", False)])
def test_a_correlation_id_is_taken_over_where_it_is_well_formed(client: Client, offered: str, kept: bool) -> None:  # noqa: FBT001
    given = client.get("/health/live", headers={"X-Correlation-Id": offered})["X-Correlation-Id"]
    assert (given == offered) is kept
    assert len(given) >= 8


def test_ready_says_how_far_ahead_months_are_made(client: Client) -> None:
    partitions = client.get("/health/ready").json()["partitions"]
    if connection.vendor != "postgresql":
        assert partitions == []
        return
    told = {each["table"]: (each["made_until"], each["rows_without_month"]) for each in partitions}
    until = month_start(clock.wall(), 4).date().isoformat()
    assert (told["inventory_movement"], told["channels_orderline"]) == ((until, 0), (until, 0))
