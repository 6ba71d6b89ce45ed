"""What there is to do, and who is there to do it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Min, Q

from stockhub.core import clock
from stockhub.cycles import finishing, planning
from stockhub.cycles.chunks import TO_RUN
from stockhub.cycles.models import Chunk, Cycle, CycleStatus, ProcessHeartbeat

#: A process that was not seen for this long is missing.
MISSING_AFTER = timedelta(seconds=45)


def claimable(names: Collection[str]) -> list[tuple[str, int]]:
    """Units of work that a worker could take now: (`plan`, cycle id), (`chunk`, cycle id), (`finish`, cycle id), a row each."""
    scope = Q(name__in=list(names))
    running = Cycle.objects.filter(scope, status=CycleStatus.RUNNING)
    return [
        *(("plan", pk) for pk in Cycle.objects.filter(planning.to_plan(scope)).values_list("pk", flat=True)),
        *(("chunk", pk) for pk in Chunk.objects.filter(TO_RUN, cycle__in=running).values_list("cycle_id", flat=True)[:100]),
        *(("finish", pk) for pk in Cycle.objects.filter(finishing.to_finish(scope)).values_list("pk", flat=True)),
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
