from __future__ import annotations

import threading
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.jobs.doorbell import LOOK_AGAIN_SECONDS
from stockhub.jobs.ears import listen
from stockhub.outbox.models import Event
from stockhub.outbox.services import emit_event

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def test_an_event_is_heard_soon_after_its_commit_and_a_burst_is_one_look() -> None:
    def emit() -> None:
        for _ in range(5):
            emit_event("trial.thing_happened.v1", entity="trial", entity_id=1, payload={})
        connection.close()

    with listen() as ear:
        ear.wait(0.1)
        thread = threading.Thread(target=emit)
        started = time.monotonic()
        thread.start()
        ear.wait(5)
        assert time.monotonic() - started < 1
        thread.join()
        # Whatever was still on its way is heard by now, and looked for once more.
        ear.wait(0.2)
        ear.wait(0.2)
        started = time.monotonic()
        ear.wait(0.3)
        assert time.monotonic() - started >= 0.3
    assert Event.objects.count() == 5


def test_without_a_ring_it_returns_in_time() -> None:
    with listen() as ear:
        ear.wait(0)
        started = time.monotonic()
        ear.wait(0.2)
        assert 0.2 <= time.monotonic() - started < 1


def test_what_follows_a_ring_too_soon_to_ring_again_is_looked_for_once_more() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("On SQLite nobody rings.")
    with listen() as ear, CaptureQueriesContext(connection) as queries:
        emit_event("trial.thing_happened.v1", entity="trial", entity_id=1, payload={})
        emit_event("trial.thing_happened.v1", entity="trial", entity_id=2, payload={})
        ear.wait(5)
        started = time.monotonic()
        ear.wait(5)
        assert LOOK_AGAIN_SECONDS / 2 < time.monotonic() - started < 1
        started = time.monotonic()
        ear.wait(0.3)
        assert time.monotonic() - started >= 0.3
        emit_event("trial.thing_happened.v1", entity="trial", entity_id=3, payload={})
        started = time.monotonic()
        ear.wait(5)
        assert time.monotonic() - started < 1
    assert len([query for query in queries if "pg_notify" in query["sql"]]) == 2
