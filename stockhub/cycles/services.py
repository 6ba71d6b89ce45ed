"""Asking for a run of a cycle. The row is the request: whoever works on cycles finds it, with or without a nudge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from stockhub.core import clock
from stockhub.cycles import registry
from stockhub.cycles.models import Cycle
from stockhub.outbox.services import ring_after_commit
from stockhub.values import DomainError


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
            raise DomainError("instant_without_zone", f"{path} needs a time zone, such as 2026-03-01T02:30:00+08:00.", path=(path,))
    now = clock.now()
    cycle, created = Cycle.objects.get_or_create(
        name=name,
        slot_at=slot_at or now,
        defaults={"as_of": as_of or now, "sku_codes": list(dict.fromkeys(sku_codes)), "requested_by": requested_by},
    )
    if created:
        ring_after_commit("cycles")
    return cycle
