"""What there is to do, and who is there to do it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Min, Q, Subquery

from stockhub.core import clock
from stockhub.cycles import finishing, planning, registry
from stockhub.cycles.chunks import TO_RUN
from stockhub.cycles.models import Chunk, ChunkStatus, Cycle, CycleStatus, ProcessHeartbeat, ProcessKind
from stockhub.outbox import cursor

#: A process that was not seen for this long is missing.
MISSING_AFTER = timedelta(seconds=45)
#: Chunks of one run that a look counts: enough to wake every worker there is.
_MOST_CHUNKS = 100


#: One unit of work that a worker could take now: (`plan`, cycle id), (`chunk`, cycle id) or (`finish`, cycle id).
Unit = tuple[str, int]


def claimable(names: Collection[str]) -> list[Unit]:
    """The units of work of these cycles that a worker could take now, a row each."""
    return [unit for _name, unit in named_claimable(names)]


def named_claimable(names: Collection[str]) -> list[tuple[str, Unit]]:
    """The same with the name of each unit's cycle, for whoever asks for several queues at once."""
    scope = Q(name__in=list(names))
    running = Cycle.objects.filter(scope, status=CycleStatus.RUNNING)
    chunks = Chunk.objects.filter(TO_RUN, cycle__in=running).values_list("cycle__name", "cycle_id").annotate(number=Count("pk"))
    return [
        *((name, ("plan", pk)) for name, pk in Cycle.objects.filter(planning.to_plan(scope)).values_list("name", "pk")),
        *((name, ("chunk", pk)) for name, pk, number in chunks.order_by() for _chunk in range(min(number, _MOST_CHUNKS))),
        *((name, ("finish", pk)) for name, pk in Cycle.objects.filter(finishing.to_finish(scope)).values_list("name", "pk")),
    ]


def waiting_since() -> datetime | None:
    """Since when the oldest due run or chunk has been waiting for a worker; None where nothing waits."""
    cycles = Cycle.objects.filter(planning.DUE).aggregate(since=Min("next_attempt_at"))["since"]
    chunks = Chunk.objects.filter(TO_RUN).aggregate(due=Min("next_attempt_at"))["due"]
    return min((instant for instant in (cycles, chunks) if instant is not None), default=None)


@dataclass(frozen=True, slots=True)
class Process:
    """A resident process as an operator sees it."""

    name: str
    kind: str
    seen_at: datetime
    is_missing: bool
    message: str


def processes() -> list[Process]:
    """Every resident process that was seen in the last day."""
    now = clock.now()
    rows = ProcessHeartbeat.objects.filter(seen_at__gt=now - timedelta(days=1)).order_by(F("kind"), F("name"))
    return [Process(row.name, row.kind, row.seen_at, now - row.seen_at > MISSING_AFTER, row.message) for row in rows]


def dispatcher_lag_seconds() -> float | None:
    """How long the oldest event has waited that no dispatcher has seen; 0 where all are seen, None where none was alive in the last day.

    Dispatchers note what they have seen every ten seconds, so up to ten are normal.
    """
    now = clock.now()
    recent = ProcessHeartbeat.objects.filter(kind=ProcessKind.DISPATCHER, seen_at__gt=now - timedelta(days=1))
    seen = recent.aggregate(seen=Max("seen_event_id"))["seen"]
    if seen is None:
        return None
    since = cursor.waiting_since(seen)
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())


@dataclass(frozen=True, slots=True)
class Waiting:
    """Runs or chunks of one cycle in one state, and since when the oldest of those that a worker could take has waited."""

    name: str
    status: str
    number: int
    since: datetime | None


def open_runs() -> list[Waiting]:
    """Runs that have not ended, by cycle and status."""
    rows = Cycle.objects.filter(status__in=[CycleStatus.DUE, CycleStatus.RUNNING]).values("name", "status")
    return _waiting(rows.annotate(number=Count("pk"), since=Min("next_attempt_at", filter=planning.DUE)).order_by("name", "status"))


def open_chunks() -> list[Waiting]:
    """Chunks that are not done, by cycle and status; those that were given up are among them."""
    open_ones = Q(status__in=[ChunkStatus.DUE, ChunkStatus.LEASED]) | Q(status=ChunkStatus.PARKED)
    rows = Chunk.objects.filter(open_ones).exclude(cycle__status=CycleStatus.CANCELLED).values("status", name=F("cycle__name"))
    return _waiting(rows.annotate(number=Count("pk"), since=Min("next_attempt_at", filter=TO_RUN)).order_by("name", "status"))


def last_runs() -> list[Cycle]:
    """The latest run over all SKUs of each registered cycle that has ended; one that was overtaken did nothing and is none."""
    ended = Cycle.objects.filter(started_at__isnull=False, finished_at__isnull=False, sku_codes=[]).order_by("-slot_at")
    latest: Any = [Subquery(ended.filter(name=name).values("pk")[:1]) for name in registry.names()]
    return list(Cycle.objects.filter(pk__in=latest).order_by("name"))


def _waiting(rows: Iterable[Mapping[str, Any]]) -> list[Waiting]:
    return [Waiting(row["name"], row["status"], row["number"], row["since"]) for row in rows]
