"""The first step of a run: what is to be done is cut into chunks."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from stockhub.core import clock, kept_texts
from stockhub.core.claims import claim
from stockhub.core.kept_texts import Sentence
from stockhub.cycles import finishing, leases, registry
from stockhub.cycles.attempts import as_cycle, error_sentence, pause
from stockhub.cycles.models import Chunk, Cycle, CycleStatus
from stockhub.outbox.services import ring_after_commit

logger = logging.getLogger(__name__)
#: Who asks for the runs of a schedule. Of several that wait, the latest does the work of all.
SCHEDULE = "schedule"
DUE = Q(status=CycleStatus.DUE, next_attempt_at__lte=Now(), attempts__lt=leases.MAX_ATTEMPTS) & leases.FREE


def to_plan(scope: Q) -> Q:
    """Cycles that a worker could plan now. A run over all SKUs waits for an earlier run of the same cycle."""
    others = Cycle.objects.filter(name=OuterRef("name")).exclude(pk=OuterRef("pk"))
    underway = others.filter(Q(status=CycleStatus.RUNNING) | Q(status=CycleStatus.DUE, lease_until__gte=Now()))
    return scope & DUE & (~Q(sku_codes=[]) | Q(~Exists(underway)))


def plan_one(worker: str, scope: Q, backoff: float) -> bool:
    """Plans one due cycle; False where none is due."""
    cycle = claim(Cycle.objects.filter(to_plan(scope)).order_by("slot_at", "pk"), while_still=DUE, **leases.taking(worker))
    if cycle is None:
        return False
    with as_cycle(cycle), leases.kept_alive(cycle):
        try:
            _plan(cycle)
        except leases.LeaseLostError:
            logger.warning("%s was planned by another worker meanwhile.", cycle)
        except Exception as error:
            logger.exception("%s could not be planned at attempt %s of %s.", cycle, cycle.attempts, leases.MAX_ATTEMPTS)
            _failed(cycle, error, backoff)
        except BaseException:
            leases.give_back(cycle)
            raise
    return True


def ranges(ids: Sequence[int] | NDArray[np.int64], size: int) -> list[tuple[int, int]]:
    """First and last id of each stretch of `size` ids. ValueError where the ids do not ascend."""
    sku_ids = np.asarray(ids, dtype=np.int64)
    if np.any(np.diff(sku_ids) <= 0):
        raise ValueError("The SKU ids of a cycle must ascend, each once.")
    return [(int(part[0]), int(part[-1])) for part in (sku_ids[start : start + size] for start in range(0, len(sku_ids), size))]


def _plan(cycle: Cycle) -> None:
    later = Cycle.objects.filter(name=cycle.name, requested_by=SCHEDULE, status=CycleStatus.DUE, slot_at__gt=cycle.slot_at)
    if cycle.requested_by == SCHEDULE and (next_slot := later.order_by("-slot_at").values_list("slot_at", flat=True).first()):
        note = Sentence(_("Overtaken by the run for %(slot)s, which does the work of both."), {"slot": next_slot.isoformat()})
        finishing.close(cycle, CycleStatus.DONE, message=[note])
        return
    definition = registry.get(cycle.name)
    started_at, started = clock.now(), time.perf_counter()
    if definition.prepare:
        definition.prepare(cycle)
    chunks = [
        Chunk(cycle=cycle, ordinal=number, first_sku_id=first, last_sku_id=last)
        for number, (first, last) in enumerate(ranges(definition.sku_ids(cycle), definition.chunk_skus), start=1)
    ]
    seconds = cycle.seconds | {"prepare": round(time.perf_counter() - started, 3)}
    with leases.guard(cycle):
        Chunk.objects.bulk_create(chunks)
        leases.give_up(cycle, status=CycleStatus.RUNNING, started_at=started_at, attempts=0, counts=cycle.counts, seconds=seconds)
        ring_after_commit("cycles")


def _failed(cycle: Cycle, error: Exception, backoff: float) -> None:
    if cycle.attempts >= leases.MAX_ATTEMPTS:
        text = Sentence(_("The run could not be planned: %(error)s"), {"error": error_sentence(error)})
        finishing.close(cycle, CycleStatus.FAILED, message=[text])
    else:
        english, lines = kept_texts.kept_lines([error_sentence(error)])
        later = Now() + timedelta(seconds=pause(cycle.attempts, backoff))
        leases.give_up(cycle, next_attempt_at=later, message=english, message_lines=lines)
