"""Works on cycles: plans what is due, runs chunks under leases, and finishes a cycle once. All that it knows is in the database."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from stockhub.core.remembering import SETTINGS_SECONDS, Memory
from stockhub.cycles import chunks, finishing, leases, planning, registry
from stockhub.cycles.models import Cycle, CycleStatus

#: How long an inline run waits before it looks again at work that another process has.
_LOOK_AGAIN_SECONDS = 0.2


@dataclass(slots=True)
class Progress:
    """What one call of `advance` did."""

    planned: int = 0
    chunks: int = 0
    finished: int = 0

    @property
    def total(self) -> int:
        return self.planned + self.chunks + self.finished


def advance(
    worker: str,
    *,
    names: Collection[str] | None = None,
    cycle_id: int | None = None,
    max_chunks: int | None = None,
    seconds: float | None = None,
    retry_seconds: float | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> Progress:
    """Takes due work, a unit at a time, until there is none, `max_chunks` chunks are done, `seconds` are used up, or `stopping()`.

    `names` limits it to these cycles, `cycle_id` to one run, which is left when it has been finished or failed at that. A unit that fails
    is tried again after `retry_seconds`, doubled each time.
    """
    progress = Progress()
    scope = Q(name__in=registry.names() if names is None else list(names))
    if cycle_id is not None:
        scope &= Q(pk=cycle_id)
    backoff = settings.STOCKHUB_RETRY_SECONDS if retry_seconds is None else retry_seconds
    deadline = None if seconds is None else time.monotonic() + seconds
    remembered = Memory(SETTINGS_SECONDS)
    finishing.give_up_hopeless()
    while not stopping() and (deadline is None or time.monotonic() < deadline):
        if finishing.finish_one(worker, scope, backoff):
            progress.finished += 1
            # The next run sees what was set before it.
            remembered.forget()
            if cycle_id is not None:
                break
        elif (max_chunks is None or progress.chunks < max_chunks) and chunks.run_one(worker, scope, backoff, remembered):
            progress.chunks += 1
        elif planning.plan_one(worker, scope, backoff):
            progress.planned += 1
            remembered.forget()
        else:
            break
    return progress


def run_inline(cycle: Cycle, *, stopping: Callable[[], bool] = lambda: False) -> Cycle:
    """Brings one run to its end in this process and returns it as it ended. Other workers may help; it waits for what they hold.

    What fails is tried again at once. Where `stopping()` turns true, the run is left to whoever works next.
    """
    worker = leases.worker_name()
    while True:
        done = advance(worker, cycle_id=cycle.pk, retry_seconds=0, stopping=stopping)
        cycle.refresh_from_db()
        if cycle.status not in (CycleStatus.DUE, CycleStatus.RUNNING) or stopping():
            return cycle
        # An earlier run of the same cycle goes first: help it along, or wait for the process that has it.
        if not done.total and not advance(worker, names=[cycle.name], max_chunks=1, retry_seconds=0, stopping=stopping).total:
            time.sleep(_LOOK_AGAIN_SECONDS)
