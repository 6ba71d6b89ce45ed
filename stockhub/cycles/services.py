"""Asking for a run of a cycle. The row is the request: whoever works on cycles finds it, with or without a nudge."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from stockhub.core import actor, clock
from stockhub.core.kept_texts import Sentence, kept_lines
from stockhub.cycles import registry
from stockhub.cycles.models import Chunk, ChunkStatus, Cycle, CycleStatus, ProcessHeartbeat, ProcessKind
from stockhub.outbox.services import emit_event, ring_after_commit
from stockhub.values import DomainError

logger = logging.getLogger(__name__)
#: On SQLite a transaction should hold the one writer for 100 ms at most.
_DELETED_AT_ONCE = 200


def request_cycle(
    *, name: str, slot_at: datetime | None = None, as_of: datetime | None = None, sku_codes: Sequence[str] = (), requested_by: str
) -> Cycle:
    """The run of that cycle for that slot, made where there is none yet: asked twice for one slot, it is the same row.

    `slot_at` is now where it is left out, so that such a run is always a new one. `as_of` is what the run takes for now. DomainError
    `unknown_cycle`, `instant_without_zone`.
    """
    registry.get(name)
    for path, instant in (("slot_at", slot_at), ("as_of", as_of)):
        if instant is not None and instant.tzinfo is None:
            raise DomainError(
                "instant_without_zone",
                _("%(path)s needs a time zone, such as 2026-03-01T02:30:00+08:00."),
                path=(path,),
                params={"path": path},
            )
    now = clock.now()
    cycle, created = Cycle.objects.get_or_create(
        name=name,
        slot_at=slot_at or now,
        defaults={"as_of": as_of or now, "created_at": now, "sku_codes": list(dict.fromkeys(sku_codes)), "requested_by": requested_by},
    )
    if created:
        ring_after_commit("cycles")
        logger.info(
            f"A run of {name!r} was asked for by {requested_by}.",
            extra={"cycle": name, "cycle_id": cycle.pk},
        )
    return cycle


def retry_parked(*, cycle_id: int) -> int:
    """Gives the parked chunks of a run three more attempts and opens the run again; the number of chunks. DomainError `nothing_parked`."""
    with transaction.atomic():
        # A cancelled run has ended for good.
        chunks = Chunk.objects.filter(cycle_id=cycle_id, status=ChunkStatus.PARKED).exclude(cycle__status=CycleStatus.CANCELLED)
        number = chunks.update(status=ChunkStatus.DUE, attempts=0, next_attempt_at=Now(), finished_at=None)
        if not number:
            raise DomainError("nothing_parked", _("No part of this run was given up, so there is nothing to try again."), path=("id",))
        # What it counted itself stays with the chunks; the totals are made anew when it ends.
        Cycle.objects.filter(pk=cycle_id).update(
            status=CycleStatus.RUNNING, attempts=0, finished_at=None, counts={}, seconds={}, message="", message_lines=None
        )
        ring_after_commit("cycles")
    return number


def cancel_cycle(*, cycle_id: int) -> Cycle:
    """Ends a run that has not ended: no part of it is begun any more, and a worker that is in one writes nothing more.

    What finished parts have written stays. DomainError `not_found`, `cycle_ended`.
    """
    with transaction.atomic():
        cycle = Cycle.objects.select_for_update().filter(pk=cycle_id).first()
        if cycle is None:
            raise DomainError("not_found", _("There is no such run."), path=("id",), params={"id": cycle_id})
        if cycle.status not in (CycleStatus.DUE, CycleStatus.RUNNING):
            raise DomainError("cycle_ended", _("This run has ended, so there is nothing to cancel."), path=("id",))
        # A higher fence takes the lease from whoever has it: what he writes from now on is undone.
        taken = {"leased_by": "", "lease_until": None, "fence": F("fence") + 1}
        open_chunks = Chunk.objects.filter(cycle=cycle, status__in=[ChunkStatus.DUE, ChunkStatus.LEASED])
        open_chunks.update(status=ChunkStatus.CANCELLED, finished_at=clock.now(), **taken)
        chunks = list(Chunk.objects.filter(cycle=cycle).values_list("status", flat=True))
        said = Sentence(
            _("Cancelled by %(actor)s when %(done)d of %(total)d parts were done. What these wrote stays."),
            {"actor": actor.current().label, "done": chunks.count(ChunkStatus.DONE), "total": len(chunks)},
        )
        cycle.message, cycle.message_lines = kept_lines([said])
        cycle.status, cycle.finished_at = CycleStatus.CANCELLED, clock.now()
        ended = {
            "status": cycle.status, "finished_at": cycle.finished_at, "message": cycle.message, "message_lines": cycle.message_lines,
        }  # fmt: skip
        Cycle.objects.filter(pk=cycle.pk).update(**ended, **taken)
        emit_event(
            "cycles.cycle_finished.v1",
            entity="cycles.cycle",
            entity_id=cycle.pk,
            payload={"name": cycle.name, "slot_at": cycle.slot_at.isoformat(), "status": str(cycle.status.value), "counts": cycle.counts},
        )
        ring_after_commit("cycles")
    return cycle


def record_heartbeat(*, kind: ProcessKind, label: str, message: str = "", started_at: datetime, seen_event_id: int | None = None) -> None:
    """Notes that a resident process is at work. `label` tells it from others of its kind on this host, such as its queue."""
    host, now = socket.gethostname()[:100], clock.now()
    seen = {"kind": kind, "host": host, "pid": os.getpid(), "started_at": started_at, "seen_at": now, "message": message[:2000]}
    ProcessHeartbeat.objects.update_or_create(name=f"{label}@{host}"[:150], defaults=seen | {"seen_event_id": seen_event_id})


def forget_old_runs() -> int:
    """Deletes the records of runs that ended long ago; the number of runs. Parts that were given up stay until their run is old, too.

    What the dispatcher started to answer an event is kept for two days, other runs for `STOCKHUB_KEEP_RUNS_DAYS`. The latest run of each
    cycle stays.
    """
    now = clock.now()
    ended = Cycle.objects.exclude(status__in=[CycleStatus.DUE, CycleStatus.RUNNING])
    latest = ended.values("name").annotate(latest=Max("pk")).values("latest")
    brief = Q(requested_by="dispatcher", finished_at__lt=now - timedelta(days=2))
    old = Q(finished_at__lt=now - timedelta(days=settings.STOCKHUB_KEEP_RUNS_DAYS))
    pks = list(ended.filter(brief | old).exclude(pk__in=latest).values_list("pk", flat=True))
    for start in range(0, len(pks), _DELETED_AT_ONCE):
        Cycle.objects.filter(pk__in=pks[start : start + _DELETED_AT_ONCE]).delete()
    return len(pks)
