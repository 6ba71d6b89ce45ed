"""`/metrics`: exact values for a made-up state, read by Prometheus's own parser."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as text_format
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from stockhub.alerts.models import Alert
from stockhub.channels.models import Account, Feed, Quarantined
from stockhub.channels.received_models import ReceivedRecord
from stockhub.core import clock
from stockhub.cycles.models import Chunk, Cycle, ProcessHeartbeat, ProcessKind
from stockhub.cycles.services import record_heartbeat
from stockhub.inventory.dispute_models import LedgerProof
from stockhub.outbox.models import Delivery
from stockhub.outbox.services import emit_event
from stockhub.pluginhost.models import Plugin, Provider
from tests.worlds import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
#: Cycles 4, processes 1, dispatcher 2, feeds, inbox, quarantine, webhooks 3, alerts, deliveries, plugins 2, ledger.
QUERIES = 16


@pytest.fixture
def client(settings: Settings) -> Client:
    settings.DEBUG, settings.STOCKHUB_METRICS_TOKEN, settings.SECURE_SSL_REDIRECT = False, "a-token-of-the-scraper", True
    return Client(headers={"Authorization": "Bearer a-token-of-the-scraper"})


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def scrape(client: Client) -> dict[str, float]:
    """Every sample of the site by its name and the values of its labels, as `name label value`."""
    with clock.at(NOW):
        answer = client.get("/metrics")
    assert answer.status_code == 200
    return {
        " ".join([sample.name.removeprefix("stockhub_"), *sample.labels.values()]): sample.value
        for family in text_format(answer.content.decode())
        for sample in family.samples
        if not sample.name.startswith("stockhub_http_")
    }


def a_run(name: str, status: str, **columns: object) -> Cycle:
    columns = {"as_of": NOW, "created_at": NOW, "requested_by": "schedule", "next_attempt_at": NOW} | columns
    return Cycle.objects.create(name=name, status=status, **columns)


def made_up_work() -> None:
    done = {"started_at": ago(minutes=20), "finished_at": ago(minutes=18), "seconds": {"rules": 80.5, "write": 2.25}}
    a_run("warnings", "done", slot_at=ago(minutes=30), started_at=ago(minutes=29), finished_at=ago(minutes=28))
    a_run("warnings", "partial", slot_at=ago(minutes=15), **done)
    # One that was overtaken did nothing, and one for some SKUs says nothing about the others.
    a_run("warnings", "done", slot_at=ago(minutes=10), finished_at=ago(minutes=9))
    a_run("warnings", "done", slot_at=ago(minutes=9), sku_codes=["A"], started_at=ago(minutes=9), finished_at=ago(minutes=8))
    running = a_run("warnings", "running", slot_at=NOW, next_attempt_at=ago(seconds=300))
    for ordinal, (status, seconds) in enumerate([("due", 90), ("due", 20), ("leased", 500), ("parked", 800), ("done", 900)], start=1):
        lease = {"lease_until": "2999-01-01T00:00:00Z", "leased_by": "w"} if status == "leased" else {}
        span = {"ordinal": ordinal, "first_sku_id": ordinal, "last_sku_id": ordinal}
        Chunk.objects.create(cycle=running, status=status, next_attempt_at=ago(seconds=seconds), **span, **lease)
    a_run("sync", "due", slot_at=NOW, next_attempt_at=ago(seconds=12))


def made_up_processes() -> None:
    event = emit_event("channels.order_placed.v1", entity="order", entity_id=1, payload={})
    with clock.at(NOW):
        record_heartbeat(kind=ProcessKind.DISPATCHER, label="dispatcher", started_at=NOW, seen_event_id=event.pk)
        record_heartbeat(kind=ProcessKind.BEAT, label="beat", started_at=NOW, message="The broker cannot be reached.")
        record_heartbeat(kind=ProcessKind.WORKER, label="worker fast", started_at=NOW)
    for kind in ProcessKind.values:
        ProcessHeartbeat.objects.filter(kind=kind).update(name=f"{kind}@host")
    ProcessHeartbeat.objects.filter(kind="worker").update(seen_at=ago(seconds=50))
    with clock.at(ago(seconds=33)):
        late = emit_event("channels.order_placed.v1", entity="order", entity_id=2, payload={})
    Delivery.objects.create(event=event, channel="mail", recipient="a@example.com", status="due", next_attempt_at=ago(seconds=61))
    Delivery.objects.create(event=late, channel="mail", recipient="b@example.com", status="due", next_attempt_at="2999-01-01T00:00:00Z")
    Delivery.objects.create(event=event, channel="mail", recipient="c@example.com", status="dead", next_attempt_at=ago(days=1))
    Delivery.objects.create(event=event, channel="mail", recipient="d@example.com", status="delivered", next_attempt_at=ago(days=1))


def made_up_data(*accounts: str) -> None:
    for code in accounts:
        account = Account.objects.create(code=code, name=code, marketplace="file")
        Feed.objects.create(account=account, kind="orders", data_until_at=ago(minutes=2), last_success_at=ago(minutes=1))
        Feed.objects.create(account=account, kind="stock", error="The token has run out.", is_paused=True)
        for number, (status, seconds) in enumerate([("due", 44), ("due", 3), ("replay", 9999), ("applied", 9999)]):
            entry = {"kind": "order", "external_id": str(number), "source": "api", "payload": {}, "digest": f"{code}{number}"}
            ReceivedRecord.objects.create(account=account, status=status, received_at=ago(seconds=seconds), **entry)
        for number, resolved in enumerate([None, None, NOW]):
            Quarantined.objects.create(account=account, kind="order", external_id=str(number), code="malformed", resolved_at=resolved)
        for level, status in ((1, "open"), (3, "acknowledged"), (3, "snoozed"), (2, "resolved")):
            Alert.objects.create(kind="stockout", subject=f"{code}:{level}{status}", side="shortage", level=level, status=status)
    LedgerProof.objects.create(started_at=ago(hours=9), duration_seconds=3.5, discrepancy_count=2, actor="job", discrepancies=[])


def made_up_plugins() -> None:
    Plugin.objects.all().delete()
    Provider.objects.all().delete()
    plugin = Plugin.objects.create(entry_point="x:y", slug="rules-of-ours", status="active")
    Provider.objects.create(
        plugin=plugin, kind="alert_rule", slug="odd", calls=9, failures=4, seconds=1.5, open_until="2999-01-01T00:00:00Z"
    )


def test_u25_the_state_of_the_site_is_told_exactly(client: Client) -> None:
    made_up_work()
    made_up_processes()
    made_up_data("dy")
    made_up_plugins()
    now = NOW.timestamp()
    assert scrape(client) == {
        "cycle_last_finish_timestamp_seconds warnings": now - 18 * 60,
        "cycle_last_duration_seconds warnings": 120.0,
        "cycle_last_step_seconds warnings rules": 80.5,
        "cycle_last_step_seconds warnings write": 2.25,
        "cycle_last_status warnings partial": 1.0,
        "cycle_runs sync due": 1.0,
        "cycle_runs warnings running": 1.0,
        "cycle_chunks warnings due": 2.0,
        "cycle_chunks warnings leased": 1.0,
        "cycle_chunks warnings parked": 1.0,
        "queue_oldest_due_seconds bulk": 90.0,
        "queue_oldest_due_seconds fast": 12.0,
        "process_last_seen_timestamp_seconds beat beat@host": now,
        "process_last_seen_timestamp_seconds dispatcher dispatcher@host": now,
        "process_last_seen_timestamp_seconds worker worker@host": now - 50,
        "process_hindered beat beat@host": 1.0,
        "process_hindered dispatcher dispatcher@host": 0.0,
        "process_hindered worker worker@host": 0.0,
        "processes beat": 1.0,
        "processes dispatcher": 1.0,
        "processes worker": 0.0,
        "dispatcher_lag_seconds": 33.0,
        "feed_age_seconds dy orders": 120.0,
        "feed_last_success_timestamp_seconds dy orders": now - 60,
        "feed_failing dy orders": 0.0,
        "feed_failing dy stock": 1.0,
        "feed_paused dy orders": 0.0,
        "feed_paused dy stock": 1.0,
        "feed_state dy orders unscheduled": 1.0,
        "feed_state dy stock paused": 1.0,
        "feed_stale dy orders": 0.0,
        "feed_stale dy stock": 0.0,
        **{f"feed_{name}_total dy {kind}": 0.0 for name in ("pages", "records", "rejected") for kind in ("orders", "stock")},
        "inbox_records": 3.0,
        "inbox_oldest_seconds": 44.0,
        "quarantine_open dy order": 2.0,
        "alerts_open stockout 1": 1.0,
        "alerts_open stockout 3": 2.0,
        "deliveries dead": 1.0,
        "deliveries due": 2.0,
        "delivery_oldest_due_seconds": 61.0,
        "plugin_status rules-of-ours active": 1.0,
        "provider_calls_total alert_rule odd": 9.0,
        "provider_failures_total alert_rule odd": 4.0,
        "provider_seconds_total alert_rule odd": 1.5,
        "provider_circuit_open alert_rule odd": 1.0,
        "ledger_last_proof_timestamp_seconds": now - 9 * 3600,
        "ledger_discrepancies": 2.0,
    }


def test_an_empty_site_says_that_nothing_waits_and_nobody_works(client: Client) -> None:
    made_up_plugins()
    told = scrape(client)
    assert {name for name in told if not name.startswith(("provider", "plugin"))} == {
        "queue_oldest_due_seconds bulk", "queue_oldest_due_seconds fast", "processes worker", "processes beat", "processes dispatcher",
        "inbox_records", "inbox_oldest_seconds", "delivery_oldest_due_seconds",
    }  # fmt: skip
    assert {told[name] for name in told if not name.startswith(("provider", "plugin"))} == {0.0}


def test_a_scrape_costs_the_same_number_of_queries_however_much_there_is(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(QUERIES):
        client.get("/metrics")
    made_up_work()
    made_up_processes()
    made_up_data("dy", "amz", "tm")
    with django_assert_num_queries(QUERIES):
        client.get("/metrics")


@pytest.mark.one_database
@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer x", "Basic a-token-of-the-scraper", "Bearer a-token-of-the-scrape", "Bearer ü"])
def test_without_the_token_nothing_is_told(client: Client, given: str, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/metrics", headers={"Authorization": given})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert b"stockhub_" not in answer.content


def test_in_production_metrics_are_closed_until_a_token_is_set_and_in_development_open(client: Client, settings: Settings) -> None:
    settings.STOCKHUB_METRICS_TOKEN = ""
    closed = client.get("/metrics")
    assert (closed.status_code, b"Set STOCKHUB_METRICS_TOKEN" in closed.content) == (403, True)
    settings.DEBUG = True
    assert Client().get("/metrics").status_code == 200


def test_a_scraper_that_asks_for_open_metrics_gets_it(client: Client) -> None:
    answer = client.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert answer["Content-Type"].startswith("application/openmetrics-text; version=1.0.0")
    assert "stockhub_queue_oldest_due_seconds" in {family.name for family in open_metrics(answer.content.decode())}  # type: ignore[no-untyped-call]


def test_requests_are_counted_by_view_and_status_and_an_address_makes_no_series(client: Client) -> None:
    def counted() -> dict[tuple[str, str], float]:
        return {
            (sample.labels["view"], sample.labels["status"]): sample.value
            for family in text_format(client.get("/metrics").content.decode())
            for sample in family.samples
            if sample.name == "stockhub_http_request_seconds_count"
        }

    before = counted()
    for address in ("/health/live", "/health/live", "/health/nothing-1", "/nothing-2/../../etc", "/admin/login/?next=/x"):
        client.get(address, secure=True)
    after = counted()
    grown = {key: number - before.get(key, 0) for key, number in after.items() if number != before.get(key, 0)}
    assert grown == {("live", "200"): 2, ("none", "404"): 2, ("admin:login", "200"): 1, ("metrics", "200"): 1}
