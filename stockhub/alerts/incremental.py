"""Incremental evaluation: the SKUs that an event touched are judged at once, between the full cycles (H13, D18).

It opens and raises alerts and brings their numbers up to date. It never lowers or closes one: that takes two evaluations in a row, which
full cycles count, and a burst of events would be hundreds. A full cycle that read its snapshot before such an evaluation leaves those SKUs
to its next turn (`Overtaken`), so that it never undoes what came later.

A run of the minute's `incremental` cycle gathers what was evaluated within it; whoever finishes it responds to it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import DatabaseError, InterfaceError, transaction

from stockhub.alerts import first_response
from stockhub.alerts.cycle import evaluate_skus
from stockhub.alerts.evaluation import evaluate
from stockhub.alerts.giving_way import INCREMENTAL as NAME
from stockhub.alerts.incidents.grouping import group_alerts
from stockhub.alerts.overtaken import SKUS_EVALUATED
from stockhub.catalog.models import Sku
from stockhub.core import clock
from stockhub.core.postgresql import without_waiting
from stockhub.cycles.attempts import as_cycle, error_text
from stockhub.cycles.models import Chunk, ChunkStatus, Cycle, CycleStatus
from stockhub.cycles.registry import CycleDefinition, Work
from stockhub.demand.cycles import sku_ids, sku_range
from stockhub.outbox.services import emit_event
from stockhub.snapshot.builder import build
from stockhub.values import Label

logger = logging.getLogger(__name__)
_SLOT: Final = timedelta(minutes=1)
#: A run is finished a little after its minute, so that its last evaluation has ended.
_GRACE: Final = timedelta(seconds=2)
#: So many SKUs are evaluated at once; a storm of more is evaluated in parts.
AT_ONCE: Final = 1000


def touched_skus(payload: Mapping[str, Any]) -> set[int]:
    """The SKUs that an event names."""
    return {int(sku) for sku in payload.get("sku_ids", ())}


def rehearse() -> None:
    """Judges one SKU and writes no alert. A process does it as it starts: its first evaluation takes a second longer than all others.

    That is when rules and what they stand on are imported, and the database plans its statements.
    """
    try:
        evaluate(build(list(Sku.objects.order_by("pk").values_list("pk", flat=True)[:1]), clock.now()))
    except (DatabaseError, InterfaceError):
        raise
    except Exception:
        logger.exception("The rehearsal of an evaluation failed; what events touch is judged all the same.")


def evaluate_touched(skus: Iterable[int], *, worker: str, stopping: Callable[[], bool] = lambda: False) -> set[int]:
    """Judges these SKUs now; those that `stopping()` left over. What fails is logged and shown with the minute's run."""
    left = sorted(skus)
    while left and not stopping():
        part, left = left[:AT_ONCE], left[AT_ONCE:]
        run, chunk = _run_of(clock.now(), worker)
        work = Work(run, chunk, transaction.atomic)
        with as_cycle(run):
            try:
                _evaluate(work, part)
            except (DatabaseError, InterfaceError):
                raise
            except Exception as error:
                logger.exception("SKUs that an event touched could not be evaluated; the next full cycle does it.")
                work.errors.append(error_text(error))
            _add_up(chunk, work)
    return set(left)


def _evaluate(work: Work, skus: Sequence[int]) -> None:
    evaluate_skus(work, skus, only_worse=True, before_writing=lambda: _tell(skus))
    work.count("evaluations", 1)
    logger.info(f"{len(skus)} SKUs that events touched are judged.")


def _tell(skus: Sequence[int]) -> None:
    """Before the first alert is written, and after everything was read: a full cycle that sees these alerts also sees this."""
    # The alerts are committed after it, and no later commit is durable without it.
    with without_waiting():
        emit_event(SKUS_EVALUATED, entity="alerts.alert", entity_id=None, payload={"sku_ids": list(skus)})


def _run_of(now: datetime, worker: str) -> tuple[Cycle, Chunk]:
    """The minute's run, its lease held until the minute is over, and the one chunk in which its evaluations add up."""
    slot = now.replace(second=0, microsecond=0)
    known = Chunk.objects.select_related("cycle").filter(cycle__name=NAME, cycle__slot_at=slot, ordinal=1).first()
    run, chunk = (known.cycle, known) if known is not None else _begun(slot, now, worker)
    # The row says when the minute began; this evaluation is of now.
    run.as_of = now
    return run, chunk


def _begun(slot: datetime, now: datetime, worker: str) -> tuple[Cycle, Chunk]:
    held = {"status": CycleStatus.RUNNING, "leased_by": worker, "lease_until": slot + _SLOT + _GRACE}
    made = {"as_of": now, "created_at": now, "started_at": now, "requested_by": "dispatcher", **held}
    run, _is_new = Cycle.objects.get_or_create(name=NAME, slot_at=slot, defaults=made)
    chunk, _is_new = Chunk.objects.get_or_create(
        cycle=run, ordinal=1, defaults={"first_sku_id": 0, "last_sku_id": 0, "status": ChunkStatus.DONE}
    )
    return run, chunk


def _add_up(chunk: Chunk, work: Work) -> None:
    chunk.counts = dict(Counter(chunk.counts) + Counter(work.counts))
    chunk.seconds = {step: chunk.seconds.get(step, 0.0) + work.seconds.get(step, 0.0) for step in {*chunk.seconds, *work.seconds}}
    chunk.errors = sorted({*chunk.errors, *work.errors})
    chunk.finished_at = clock.now()
    with without_waiting():
        chunk.save(update_fields=["counts", "seconds", "errors", "finished_at"])


def _run_chunk(work: Work) -> None:
    """A run that somebody asked for by hand."""
    if ids := sku_range(work):
        _evaluate(work, ids)


def _finish(cycle: Cycle) -> str:
    group_alerts(cycle.as_of)
    first_response.respond_to_minute(cycle, since=cycle.slot_at, until=cycle.slot_at + _SLOT)
    return ""


INCREMENTAL = CycleDefinition(
    name=NAME,
    label=Label("Warnings of touched SKUs", "变动商品即时预警"),
    sku_ids=sku_ids,
    run_chunk=_run_chunk,
    finish=_finish,
    queue="fast",
    idle_is_normal=True,
)
