"""What notifications cost a warning cycle: with 10,000 of them queued and a worker that sends them, against the same cycle with none.

With them, fifty people and ten endpoints are subscribed to everything, so that each cycle also leaves its notices. The processor time is
that of the cycle's worker and its server process alone; on the clock both share the machine.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from benchmarks.cycle_world import change_one_percent, fill
from benchmarks.scratch import scratch_database
from benchmarks.warning_cycle import Timed, _Clock, _cycle, result

SKUS: Final = int(os.environ.get("BENCH_NOTIFY_SKUS", "10000"))
QUEUED: Final = int(os.environ.get("BENCH_NOTIFY_QUEUED", "10000"))
REPEATS: Final = int(os.environ.get("BENCH_NOTIFY_REPEATS", "5"))
PEOPLE, ENDPOINTS = 50, 10


def run() -> list[dict[str, Any]]:
    with scratch_database("stockhub_bench_notify"):
        fill(SKUS)
        return _measured()


def _measured() -> list[dict[str, Any]]:
    clock, without, with_them = _Clock(), Timed(), Timed()
    for _turn in range(2):  # the second settles what the first one opened
        _cycle(Timed(), clock.next(), workers=1)
    _subscribe()
    for turn in range(REPEATS):
        _switch(on=False)
        change_one_percent(2 * turn)
        _cycle(without, clock.next(), workers=1)
        _switch(on=True)
        change_one_percent(2 * turn + 1)
        _queue()
        with _delivering():
            _cycle(with_them, clock.next(), workers=1)
    told = [_told(measure, without, with_them) for measure in ("processor", "wall")]
    return [result(f"{QUEUED:,} queued notifications, {SKUS:,} SKUs: cycle's {m} time, times without", r, 1.05) for m, r in told]


def _told(measure: str, without: Timed, with_them: Timed) -> tuple[str, float]:
    turns = [getattr(b, measure) / getattr(a, measure) for a, b in zip(without.runs, with_them.runs, strict=True)]
    seconds = " ".join(f"{getattr(a, measure):.2f}/{getattr(b, measure):.2f}" for a, b in zip(without.runs, with_them.runs, strict=True))
    print(f"{measure}: without/with {seconds} s; load {os.getloadavg()[0]:.1f}", flush=True)
    return measure, statistics.median(turns)


def _subscribe() -> None:
    from stockhub.access.models import User
    from stockhub.alerts.models import Subscription
    from stockhub.outbox.endpoints import EndpointInput, save_endpoint

    for number in range(PEOPLE):
        user = User.objects.create(username=f"p{number}", email=f"p{number}@example.com", sees_all_accounts=True, sees_all_warehouses=True)
        Subscription.objects.create(user=user)
    for number in range(ENDPOINTS):
        config = {"url": "http://127.0.0.1:9/", "secret": "s" * 20}
        Subscription.objects.create(endpoint=save_endpoint(given=EndpointInput(name=f"e{number}", notifier="webhook", config=config)))


def _switch(*, on: bool) -> None:
    from stockhub.alerts.models import Notice, Subscription
    from stockhub.outbox.models import Delivery

    Subscription.objects.update(is_active=on)
    Notice.objects.all().delete()
    Delivery.objects.all().delete()


def _queue() -> None:
    """Messages that are due, for all endpoints alike."""
    from stockhub.outbox.models import Delivery, Endpoint
    from stockhub.outbox.services import emit_event
    from stockhub.pluginapi import Item, Message

    items = tuple(Item(f"SKU-{n}", f"[2] SKU-{n} is short", 2) for n in range(10))
    message = Message(key="", language="en", subject="10 new or worse stock alerts", level=2, items=items).to_json()
    endpoints = list(Endpoint.objects.filter(notifier="webhook"))
    events = [emit_event("alerts.cycle_news.v1", entity="cycles.cycle", entity_id=n, payload={}) for n in range(QUEUED // len(endpoints))]
    Delivery.objects.bulk_create(
        (
            Delivery(event=event, channel="webhook", endpoint=each, recipient=each.name, subject="10", body="…", message=message, level=2)
            for event in events
            for each in endpoints
        ),
        batch_size=1000,
    )


@contextmanager
def _delivering() -> Iterator[None]:
    """A worker that sends them to a receiver of its own, until the cycle is over."""
    command = [sys.executable, "-m", "benchmarks.notification_worker"]
    environment = os.environ | {"STOCKHUB_ALLOW_PRIVATE_URLS": "127.0.0.1"}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield
        sent = process.communicate("\n")[0].strip()
        print(f"sent meanwhile: {sent}", flush=True)
