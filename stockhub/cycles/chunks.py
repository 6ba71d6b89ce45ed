"""The middle of a run: one chunk under a lease."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial

from django.db.models import Q
from django.db.models.functions import Now

from stockhub.core import clock
from stockhub.core.claims import claim
from stockhub.core.remembering import Memory
from stockhub.cycles import leases, registry
from stockhub.cycles.attempts import as_cycle, error_sentence, error_text, pause
from stockhub.cycles.finishing import noted_error
from stockhub.cycles.models import Chunk, ChunkStatus, Cycle, CycleStatus

logger = logging.getLogger(__name__)
#: Due, or left behind by a worker whose lease ran out.
TO_RUN = Q(status=ChunkStatus.DUE, next_attempt_at__lte=Now()) | Q(
    status=ChunkStatus.LEASED, lease_until__lt=Now(), attempts__lt=leases.MAX_ATTEMPTS
)


def run_one(worker: str, scope: Q, backoff: float, settings: Memory) -> bool:
    """Runs one chunk of the oldest cycle; False where there is none. `settings` is what is remembered from chunk to chunk."""
    cycles = Cycle.objects.filter(scope, status=CycleStatus.RUNNING)
    chunk = claim(
        Chunk.objects.filter(TO_RUN, cycle__in=cycles).order_by("cycle_id", "ordinal"),
        while_still=TO_RUN,
        status=ChunkStatus.LEASED,
        **leases.taking(worker),
    )
    if chunk is None:
        return False
    work = registry.Work(cycle=chunk.cycle, chunk=chunk, guard=partial(leases.guard, chunk), settings=settings)
    with as_cycle(chunk.cycle, chunk), leases.kept_alive(chunk):
        try:
            registry.get(chunk.cycle.name).run_chunk(work)
            _finish(work)
        except leases.LeaseLostError:
            logger.warning("%s was taken over while it was worked on; nothing more was written here.", chunk)
        except Exception as error:
            logger.exception("%s failed at attempt %s of %s.", chunk, chunk.attempts, leases.MAX_ATTEMPTS)
            # Whoever mends what was wrong is to be seen at the next attempt.
            settings.forget()
            _failed(work, error, backoff)
        except BaseException:
            leases.give_back(chunk, status=ChunkStatus.DUE)
            raise
    return True


def _finish(work: registry.Work) -> None:
    results = {"counts": work.counts, "seconds": work.seconds, "errors": work.errors}
    if not leases.give_up(work.chunk, status=ChunkStatus.DONE, finished_at=clock.now(), error="", error_lines=None, **results):
        raise leases.LeaseLostError(f"{work.chunk} was taken over before it was finished.")


def _failed(work: registry.Work, error: Exception, backoff: float) -> None:
    last = noted_error(error_sentence(error))
    if work.chunk.attempts >= leases.MAX_ATTEMPTS:
        logger.error("%s is parked after %s attempts: %s", work.chunk, work.chunk.attempts, error_text(error))
        leases.give_up(work.chunk, status=ChunkStatus.PARKED, finished_at=clock.now(), errors=work.errors, **last)
    else:
        wait = timedelta(seconds=pause(work.chunk.attempts, backoff))
        leases.give_up(work.chunk, status=ChunkStatus.DUE, next_attempt_at=Now() + wait, **last)
