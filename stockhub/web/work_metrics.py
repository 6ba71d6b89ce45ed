"""Metrics of the work: cycles, their queues, and the processes that do it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from stockhub.cycles import registry, selectors
from stockhub.cycles.models import ProcessKind
from stockhub.web.families import Family, age, gauge, oldest, seconds


def collect() -> Iterator[Family]:
    yield from _last_runs()
    yield from _waiting()
    yield from _processes()
    lag = selectors.dispatcher_lag_seconds()
    yield gauge("dispatcher_lag_seconds", "Age of the oldest event that no dispatcher has seen; up to 10 is normal.", (), [((), lag)])


def _last_runs() -> Iterator[Family]:
    """Of each cycle, the latest run over all SKUs that has ended."""
    runs = selectors.last_runs()
    finished = [((run.name,), seconds(run.finished_at)) for run in runs]
    took = [((run.name,), (run.finished_at - run.started_at).total_seconds()) for run in runs if run.finished_at and run.started_at]
    steps = [((run.name, step), float(value)) for run in runs for step, value in sorted(run.seconds.items())]
    yield gauge("cycle_last_finish_timestamp_seconds", "When the latest run ended.", ("cycle",), finished)
    yield gauge("cycle_last_duration_seconds", "From its first step to its end.", ("cycle",), took)
    yield gauge("cycle_last_step_seconds", "Work in each step, added up over all chunks.", ("cycle", "step"), steps)
    yield gauge("cycle_last_status", "1 for the status of the latest run.", ("cycle", "status"), [((r.name, r.status), 1) for r in runs])


def _waiting() -> Iterator[Family]:
    runs, chunks = selectors.open_runs(), selectors.open_chunks()
    yield gauge("cycle_runs", "Runs that have not ended.", ("cycle", "status"), [((row.name, row.status), row.number) for row in runs])
    chunk_rows = [((row.name, row.status), row.number) for row in chunks]
    yield gauge("cycle_chunks", "Chunks that are due, being worked on, or given up.", ("cycle", "status"), chunk_rows)
    since = dict.fromkeys(sorted({registry.get(name).queue for name in registry.names()}))
    for row in (*runs, *chunks):
        if row.name in registry.names():
            queue = registry.get(row.name).queue
            since[queue] = oldest(since[queue], row.since)
    waiting = [((queue,), age(instant) or 0.0) for queue, instant in since.items()]
    yield gauge("queue_oldest_due_seconds", "How long the oldest due work has waited for a worker.", ("queue",), waiting)


def _processes() -> Iterator[Family]:
    rows = selectors.processes()
    seen = [((row.kind, row.name), seconds(row.seen_at)) for row in rows]
    yield gauge("process_last_seen_timestamp_seconds", "When a process of the last day was last at work.", ("kind", "name"), seen)
    hindered = [((row.kind, row.name), bool(row.message)) for row in rows]
    yield gauge("process_hindered", "1 where it says that something hinders it.", ("kind", "name"), hindered)
    alive = Counter(row.kind for row in rows if not row.is_missing)
    kinds = [((kind,), alive[kind]) for kind in ProcessKind.values]
    yield gauge("processes", "Processes seen in the last 45 seconds.", ("kind",), kinds)
