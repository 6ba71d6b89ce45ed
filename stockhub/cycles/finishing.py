"""The last step of a run: its results are added up, and it ends once."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from stockhub.core import clock, kept_texts
from stockhub.core.claims import claim
from stockhub.core.kept_texts import Said, Sentence
from stockhub.cycles import leases, registry
from stockhub.cycles.attempts import as_cycle, error_sentence, pause
from stockhub.cycles.models import Chunk, ChunkStatus, Cycle, CycleStatus
from stockhub.outbox.services import emit_event

logger = logging.getLogger(__name__)
_READY = Q(status=CycleStatus.RUNNING, next_attempt_at__lte=Now(), attempts__lt=leases.MAX_ATTEMPTS) & leases.FREE
_DIED: Final = _("Its worker died or was stopped in each of three attempts. Look for its end in the log, then have it tried again.")
_GIVEN_UP: Final = (
    _("%(number)d of %(total)d part was given up after three attempts. The first error: %(error)s"),
    _("%(number)d of %(total)d parts were given up after three attempts. The first error: %(error)s"),
)
_FAILED: Final = (_("%(number)d step failed: %(error)s"), _("%(number)d steps failed. The first: %(error)s"))
_OPEN_CHUNKS = Chunk.objects.filter(cycle=OuterRef("pk"), status__in=[ChunkStatus.DUE, ChunkStatus.LEASED])


def to_finish(scope: Q) -> Q:
    """Cycles that run, have no chunk left to do, and that nobody is finishing."""
    return scope & _READY & Q(~Exists(_OPEN_CHUNKS))


def finish_one(worker: str, scope: Q, backoff: float) -> bool:
    """Finishes one cycle; False where none is ready for it."""
    cycle = claim(Cycle.objects.filter(to_finish(scope)).order_by("pk"), while_still=_READY, **leases.taking(worker))
    if cycle is None:
        return False
    with as_cycle(cycle), leases.kept_alive(cycle):
        try:
            _finish(cycle)
        except leases.LeaseLostError:
            logger.warning("%s was finished by another worker meanwhile.", cycle)
        except Exception as error:
            logger.exception("%s could not be finished at attempt %s of %s.", cycle, cycle.attempts, leases.MAX_ATTEMPTS)
            _failed(cycle, error, backoff)
        except BaseException:
            leases.give_back(cycle)
            raise
    return True


def close(
    cycle: Cycle,
    status: CycleStatus,
    *,
    message: Sequence[Said],
    counts: Mapping[str, int] | None = None,
    seconds: Mapping[str, float] | None = None,
) -> None:
    """Ends the run and says so in an event, both in one transaction. `message` is a text a line. LeaseLostError where another worker has
    the run.
    """
    english, lines = kept_texts.kept_lines(message)
    totals, durations = dict(counts or cycle.counts), dict(seconds or cycle.seconds)
    with leases.guard(cycle):
        leases.give_up(
            cycle, status=status, finished_at=clock.now(), message=english, message_lines=lines, counts=totals, seconds=durations
        )
        emit_event(
            "cycles.cycle_finished.v1",
            entity="cycles.cycle",
            entity_id=cycle.pk,
            payload={"name": cycle.name, "slot_at": cycle.slot_at.isoformat(), "status": str(status.value), "counts": totals},
        )
    ended = {"cycle": cycle.name, "cycle_id": cycle.pk, "status": str(status.value), "step_seconds": durations}
    logger.info("The run has ended.", extra=ended)


def give_up_hopeless() -> None:
    """Parks what took three workers with it without an error: nothing else would ever end it."""
    exhausted = Q(lease_until__lt=Now(), attempts__gte=leases.MAX_ATTEMPTS)
    for chunk in Chunk.objects.filter(exhausted, status=ChunkStatus.LEASED):
        logger.error("%s is parked: its worker died in each of three attempts.", chunk)
        last = {} if chunk.error else noted_error(_DIED)
        leases.give_up(chunk, status=ChunkStatus.PARKED, finished_at=clock.now(), **last)
    for cycle in Cycle.objects.filter(exhausted, status__in=[CycleStatus.DUE, CycleStatus.RUNNING]):
        logger.error("%s is given up: its worker died in each of three attempts to plan or finish it.", cycle)
        try:
            close(cycle, CycleStatus.FAILED, message=[_DIED])
        except leases.LeaseLostError:
            continue


def noted_error(error: Said) -> dict[str, object]:
    """The columns of a chunk that say how it failed last."""
    english, lines = kept_texts.kept_lines([error])
    return {"error": english, "error_lines": lines}


def _finish(cycle: Cycle) -> None:
    definition = registry.get(cycle.name)
    chunks = list(cycle.chunks.order_by("ordinal"))
    parked = [chunk for chunk in chunks if chunk.status == ChunkStatus.PARKED]
    started = time.perf_counter()
    all_failed = bool(chunks) and len(parked) == len(chunks)
    # In memory only, so that `finish` sees what the whole run did; another attempt adds the same parts up again.
    cycle.counts = _added([cycle.counts, *(chunk.counts for chunk in chunks)])
    note = definition.finish(cycle) if definition.finish and not all_failed else ""
    own = cycle.seconds | {"finish": round(time.perf_counter() - started, 3)}
    failures = [error for chunk in chunks for error in chunk.errors]
    status = CycleStatus.FAILED if all_failed else CycleStatus.PARTIAL if parked or failures else CycleStatus.DONE
    close(
        cycle,
        status,
        message=[*([note] if note else []), *_remarks(chunks, parked, failures, idle_is_normal=definition.idle_is_normal)],
        seconds={step: round(value, 3) for step, value in _added([own, *(chunk.seconds for chunk in chunks)]).items()},
    )


def _remarks(chunks: Sequence[Chunk], parked: Sequence[Chunk], failures: Sequence[str], *, idle_is_normal: bool) -> list[Said]:
    """What an operator should know, a sentence a line."""
    remarks: list[Said] = []
    if not chunks and not idle_is_normal:
        remarks.append(_("No data: there is no SKU that this run is for."))
    if parked:
        first = kept_texts.again(parked[0].error_lines[0]) if parked[0].error_lines else parked[0].error
        values = {"number": len(parked), "total": len(chunks), "error": first}
        remarks.append(Sentence(_GIVEN_UP[len(parked) > 1], values))
    if failures:
        remarks.append(Sentence(_FAILED[len(failures) > 1], {"number": len(failures), "error": failures[0]}))
    return remarks


def _added(parts: Sequence[Mapping[str, float]]) -> dict[str, float]:
    total: Counter[str] = Counter()
    for part in parts:
        total.update(part)
    return dict(total)


def _failed(cycle: Cycle, error: Exception, backoff: float) -> None:
    if cycle.attempts >= leases.MAX_ATTEMPTS:
        status = CycleStatus.PARTIAL if cycle.chunks.filter(status=ChunkStatus.DONE).exists() else CycleStatus.FAILED
        text = Sentence(_("The run could not be finished: %(error)s"), {"error": error_sentence(error)})
        close(cycle, status, message=[text])
    else:
        english, lines = kept_texts.kept_lines([error_sentence(error)])
        later = Now() + timedelta(seconds=pause(cycle.attempts, backoff))
        leases.give_up(cycle, next_attempt_at=later, message=english, message_lines=lines)
