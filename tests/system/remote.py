"""A process of the site under test that does what the test asks: a JSON list a line in, a JSON value a line out."""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.db import close_old_connections  # noqa: E402
from django_celery_beat.models import IntervalSchedule, PeriodicTask, PeriodicTasks  # noqa: E402
from slow_app import EFFECT  # type: ignore[import-not-found]  # noqa: E402 - on the path of this process

from stockhub.access.models import User  # noqa: E402
from stockhub.alerts.models import Alert, AlertEvent, Subscription  # noqa: E402
from stockhub.catalog.models import Sku, StockPolicy  # noqa: E402
from stockhub.core.actor import SYSTEM, acting_as  # noqa: E402
from stockhub.cycles.models import Chunk, Cycle, ProcessHeartbeat  # noqa: E402
from stockhub.cycles.services import request_cycle  # noqa: E402
from stockhub.outbox.models import Delivery, Event  # noqa: E402
from stockhub.outbox.services import emit_event  # noqa: E402
from tests.worlds import make_world  # noqa: E402


def request(name: str) -> int:
    return request_cycle(name=name, requested_by="test").pk


def state(pk: int) -> dict[str, object]:
    cycle = Cycle.objects.get(pk=pk)
    chunks = list(cycle.chunks.order_by("ordinal").values_list("pk", "status", "attempts"))
    effects = list(
        Event.objects.filter(kind=EFFECT, entity_id__in=[pk for pk, _, _ in chunks])
        .order_by("entity_id")
        .values_list("entity_id", flat=True)
    )
    finished = Event.objects.filter(kind="cycles.cycle_finished.v1", entity_id=pk).count()
    return {
        "status": cycle.status,
        "message": cycle.message,
        "counts": cycle.counts,
        "errors": sorted(error for chunk in cycle.chunks.all() for error in chunk.errors),
        "finished": finished,
        "chunks": [status for _, status, _ in chunks],
        "attempts": [attempts for _, _, attempts in chunks],
        "once": effects == [pk for pk, _, _ in chunks],
    }


def runs(name: str) -> list[tuple[int, str, str]]:
    return [
        (pk, slot.isoformat(), status)
        for pk, slot, status in Cycle.objects.filter(name=name).order_by("pk").values_list("pk", "slot_at", "status")
    ]


def emit(kind: str, correlation: str = "") -> int:
    with acting_as(SYSTEM, correlation=correlation):
        return emit_event(kind, entity="trial", entity_id=1, payload={}).pk


def every(seconds: int, name: str) -> None:
    period, _ = IntervalSchedule.objects.get_or_create(every=seconds, period=IntervalSchedule.SECONDS)
    PeriodicTask.objects.create(name=f"test {name}", task="jobs.start_cycle", args=json.dumps([name]), interval=period)


def never(name: str) -> None:
    PeriodicTask.objects.filter(name=f"test {name}").delete()
    PeriodicTasks.update_changed()


def processes() -> list[str]:
    return sorted(ProcessHeartbeat.objects.values_list("name", flat=True))


def leased() -> int:
    return Chunk.objects.filter(status="leased").count()


def storm(count: int) -> None:
    """A shop of so many SKUs whose stock lies below their lines, and somebody who wants to be told."""
    world = make_world()
    skus = Sku.objects.bulk_create(Sku(code=f"STORM{n:05}") for n in range(count))
    for sku in skus:
        world.stock(sku, 5)
    StockPolicy.objects.bulk_create(StockPolicy(sku=sku, pool=world.pool, alert_threshold_qty=10) for sku in skus)
    user = User.objects.create(username="storm", email="storm@example.com", is_superuser=True)
    Subscription.objects.create(user=user, kinds=["below-threshold"])


def stormed() -> dict[str, object]:
    """What the storm became: alerts, steps of their lives, events, and the subjects of the messages."""
    alerts = Alert.objects.filter(kind="below-threshold", sku__code__startswith="STORM")
    return {
        "alerts": alerts.count(),
        "steps": AlertEvent.objects.filter(alert__in=alerts, what="opened").count(),
        "events": Event.objects.filter(kind="alerts.alert_opened.v1", payload__kind="below-threshold").count(),
        "messages": list(Delivery.objects.order_by("pk").values_list("subject", flat=True)),
    }


calls = {call.__name__: call for call in (request, state, runs, emit, every, never, processes, leased, storm, stormed)}
for line in sys.stdin:
    call, *arguments = json.loads(line)
    close_old_connections()
    sys.stdout.write(json.dumps(calls[call](*arguments)) + "\n")
    sys.stdout.flush()
