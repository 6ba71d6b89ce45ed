"""What orders hold. An order line has a target state; the difference to what was posted so far is posted (D2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import F, IntegerField, OuterRef, Q, Subquery, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Authority, Warehouse
from stockhub.core import clock
from stockhub.inventory import allocation_rows
from stockhub.inventory.allocation_targets import (
    PRESALE_WINDOW,
    AllocationTarget,
    Plan,
    TargetResult,
    TargetStatus,
    carry_out,
    owed_qty,
    plan,
    require_valid,
)
from stockhub.inventory.disputes import Doubt, disputed_pairs, raise_disputes
from stockhub.inventory.models import Allocation, Balance, DisputeCause
from stockhub.inventory.posting import balance_rows, new_lines
from stockhub.inventory.posting.ledger import post
from stockhub.inventory.posting.postings import AVAILABLE, MAX_AHEAD
from stockhub.inventory.stock_events import emit_stock_changed
from stockhub.inventory.transactions import in_transaction
from stockhub.values.errors import DomainError

__all__ = ["AllocationTarget", "TargetResult", "TargetStatus", "serve_owed", "set_targets"]

Line = tuple[str, int, int]


def set_targets(targets: Sequence[AllocationTarget]) -> list[TargetResult]:
    """Moves each order line to its target state and returns where it stands, one result for each target, in order.

    Repeating a target changes nothing. Where stock is short, what there is is reserved in the order of the list, and the rest is owed.
    Stock that is released goes to lines that are owed some. A fixed number of queries for any number of targets, and some for each SKU
    that is shipped without stock for the first time: it is disputed. Of several targets for one line the last one counts.
    """
    if not targets:
        return []
    require_valid(targets)
    if connection.vendor == "postgresql" and (reserved := new_lines.reserve_new(targets)) is not None:
        return reserved
    return in_transaction(lambda: _set_targets(targets))


def _set_targets(targets: Sequence[AllocationTarget]) -> list[TargetResult]:
    places = _places(targets)
    final = {target.line: target for target in targets if not places[target.warehouse_id].is_observed}
    _claim(final, places)
    allocations = _lock(final)
    plans = {line: _plan(allocation, final[line], places) for line, allocation in allocations.items()}
    unbacked = {line: allocation.unbacked_qty for line, allocation in allocations.items()}
    balance_rows.claim_missing({(*line[1:], AVAILABLE) for line, each in plans.items() if each.reserve is not None})
    posted = {result.key: result for result in post([step for each in plans.values() for step in each.postings])}
    for line, each in plans.items():
        carry_out(each, final[line], posted, now=clock.now())
    allocation_rows.save([each.allocation for each in plans.values() if each.is_changed])
    emit_stock_changed(line[1:] for line, each in plans.items() if each.has_moved)
    _dispute([each.allocation for line, each in plans.items() if each.allocation.unbacked_qty > unbacked[line]])
    for of_presale in (True, False):
        # What a presale gives back had come in for presales.
        freed = {line[1:] for line, each in plans.items() if (each.release or each.unship) and each.allocation.is_presale == of_presale}
        if freed:
            served = _serve([sku_id for sku_id, _w in freed], [warehouse_id for _s, warehouse_id in freed], has_arrived=of_presale)
            allocations |= {_line(allocation): allocation for allocation in served if _line(allocation) in allocations}
    return [_result(target, places, allocations.get(target.line), plans.get(target.line)) for target in targets]


def _dispute(unbacked: Sequence[Allocation]) -> None:
    """Units left that the ledger did not have, so that what it says of these SKUs is wrong: nothing acts on it until it is counted."""
    if not unbacked:
        return
    first = {(line.sku_id, line.warehouse_id): line for line in reversed(unbacked)}
    known = disputed_pairs([line.sku_id for line in unbacked])
    raise_disputes(
        [
            Doubt(
                sku_id=sku_id, warehouse_id=warehouse_id, cause=DisputeCause.UNBACKED, buckets=(AVAILABLE,),
                note=f"{line.reference}: {line.unbacked_qty} units left that the ledger did not have.",
            )
            for (sku_id, warehouse_id), line in first.items()
            if (sku_id, warehouse_id) not in known
        ]
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Place:
    is_observed: bool
    ledger_starts_at: datetime


def _places(targets: Sequence[AllocationTarget]) -> dict[int, _Place]:
    asked = {target.warehouse_id for target in targets}
    rows = Warehouse.objects.filter(id__in=asked).values_list("id", "authority", "ledger_starts_at")
    places = {pk: _Place(authority == Authority.SNAPSHOT, starts_at) for pk, authority, starts_at in rows}
    missing = sorted(asked - places.keys())
    if missing:
        raise DomainError("unknown_warehouse", _("There is no such warehouse."), path=("warehouse_id",), params={"warehouse_ids": missing})
    return places


def _claim(final: Mapping[Line, AllocationTarget], places: Mapping[int, _Place]) -> None:
    """Gives a row to each line that wants something. One that is cancelled before anything was wanted of it needs none."""
    wanting = [
        target
        for target in final.values()
        if (target.wanted_qty or target.ship_qty) and target.occurred_at >= places[target.warehouse_id].ledger_starts_at
    ]
    allocation_rows.claim(wanting)


def _lock(lines: Collection[Line]) -> dict[Line, Allocation]:
    references = {reference for reference, _sku_id, _warehouse_id in lines}
    rows = Allocation.objects.select_for_update().filter(reference__in=references).order_by("reference", "sku_id", "warehouse_id")
    found = {_line(row): row for row in rows} if references else {}
    return {line: found[line] for line in lines if line in found}


def _line(allocation: Allocation) -> Line:
    return allocation.reference, allocation.sku_id, allocation.warehouse_id


def _plan(allocation: Allocation, target: AllocationTarget, places: Mapping[int, _Place]) -> Plan:
    # A platform's clock may be wrong; its order is not refused for it.
    now = clock.now()
    occurred_at = min(max(target.occurred_at, places[target.warehouse_id].ledger_starts_at), now + MAX_AHEAD)
    may_reserve = target.may_reserve(now)
    return plan(allocation, wanted_qty=target.wanted_qty, ship_qty=target.ship_qty, occurred_at=occurred_at, may_reserve=may_reserve)


def _result(
    target: AllocationTarget, places: Mapping[int, _Place], allocation: Allocation | None, carried_out: Plan | None
) -> TargetResult:
    place = places[target.warehouse_id]
    if allocation is None:
        late = target.occurred_at >= place.ledger_starts_at
        status = TargetStatus.SNAPSHOT if place.is_observed else TargetStatus.UNCHANGED if late else TargetStatus.BEFORE_LEDGER
        return TargetResult(target.reference, target.sku_id, target.warehouse_id, status)
    has_moved = carried_out is not None and carried_out.has_moved
    return TargetResult(
        target.reference,
        target.sku_id,
        target.warehouse_id,
        TargetStatus.POSTED if has_moved else TargetStatus.UNCHANGED,
        reserved_qty=allocation.reserved_qty,
        shipped_qty=allocation.shipped_qty,
        owed_qty=owed_qty(allocation),
        unbacked_qty=allocation.unbacked_qty,
    )


def serve_owed(*, sku_ids: Collection[int] | None = None, warehouse_ids: Collection[int] | None = None, has_arrived: bool = True) -> int:
    """Reserves available stock for lines that are owed some, the earliest ship-by time first; returns the units reserved.

    None means all. Called after every receipt and release; running it again finds nothing to do. Presales are served with all others when
    stock `has_arrived`, for that is what they were promised; else only those whose ship-by time is near.
    """
    return in_transaction(lambda: sum(qty for _allocation, qty in _served(sku_ids, warehouse_ids, has_arrived=has_arrived)))


def _serve(sku_ids: Collection[int], warehouse_ids: Collection[int], *, has_arrived: bool) -> list[Allocation]:
    return [allocation for allocation, _qty in _served(sku_ids, warehouse_ids, has_arrived=has_arrived)]


def _served(sku_ids: Collection[int] | None, warehouse_ids: Collection[int] | None, *, has_arrived: bool) -> list[tuple[Allocation, int]]:
    """The lines that got something, with how much."""
    next_in_line, waiting, there = _next_in_line(sku_ids, warehouse_ids, has_arrived=has_arrived)
    owed = _owed(next_in_line, waiting)
    owed.sort(key=lambda row: (row.ship_by_at is None, row.ship_by_at or row.ordered_at, row.ordered_at, row.pk))
    now = clock.now()
    plans = [plan(row, wanted_qty=_servable(row, there), ship_qty=row.shipped_qty, occurred_at=now) for row in owed]
    steps = {each.allocation.pk: each.reserve for each in plans if each.reserve is not None}
    posted = {result.key: result.qty for result in post(list(steps.values()))}
    served = []
    for row in owed:
        step = steps.get(row.pk)
        qty = posted[step.key] if step else 0
        if qty:
            row.reserved_qty += qty
            row.revision += 1
            row.updated_at = now
            served.append((row, qty))
    allocation_rows.save([row for row, _qty in served])
    emit_stock_changed((row.sku_id, row.warehouse_id) for row, _qty in served)
    return served


def _owed(ids: Collection[int], waiting: Collection[int]) -> list[Allocation]:
    """The lines, locked. One that another transaction holds is skipped: that one reads the balance after us and serves it itself.

    A presale that leaves what lies there to others (`waiting`) would not, and would never get what came in for it meanwhile. So it is
    waited for; two that wait for each other are a deadlock, which is tried again.
    """
    presales = list(Allocation.objects.select_for_update().filter(id__in=waiting).order_by("id"))
    return presales + list(Allocation.objects.select_for_update(skip_locked=True).filter(id__in=ids))


def _servable(row: Allocation, there: dict[tuple[int, int], int]) -> int:
    """What the line may want now: a warehouse that allows back-orders would give more than there is, and serving takes what lies there."""
    held = row.shipped_qty + row.reserved_qty
    place = (row.sku_id, row.warehouse_id)
    qty = min(row.wanted_qty - held, there[place])
    there[place] -= qty
    return held + qty


def _next_in_line(
    sku_ids: Collection[int] | None, warehouse_ids: Collection[int] | None, *, has_arrived: bool
) -> tuple[set[int], set[int], dict[tuple[int, int], int]]:
    """Owed lines, of each SKU in each warehouse at most as many as there are units available: each takes at least one.

    First those that are served from whatever lies there, second the presales that leave it to others, and last the units.
    """
    lines = Allocation.objects.filter(shipped_qty__lt=F("wanted_qty"), wanted_qty__gt=F("reserved_qty") + F("shipped_qty"))
    near = clock.now() + PRESALE_WINDOW
    if not has_arrived:
        lines = lines.filter(Q(is_presale=False) | Q(ship_by_at__lte=near))
    if sku_ids is not None:
        lines = lines.filter(sku_id__in=sku_ids)
    if warehouse_ids is not None:
        lines = lines.filter(warehouse_id__in=warehouse_ids)
    there = Balance.objects.filter(sku_id=OuterRef("sku_id"), warehouse_id=OuterRef("warehouse_id"), bucket_id=AVAILABLE).values("qty")
    turn = Window(
        RowNumber(), partition_by=[F("sku_id"), F("warehouse_id")], order_by=[F("ship_by_at").asc(nulls_last=True), "ordered_at", "id"]
    )
    lines = lines.annotate(turn=turn, there=Subquery(there, output_field=IntegerField()))
    found = lines.filter(turn__lte=F("there")).values_list("id", "sku_id", "warehouse_id", "there", "is_presale", "ship_by_at")
    first: set[int] = set()
    waiting: set[int] = set()
    units: dict[tuple[int, int], int] = {}
    for pk, sku_id, warehouse_id, qty, is_presale, ship_by_at in found:
        units[sku_id, warehouse_id] = qty
        waits = is_presale and (ship_by_at is None or ship_by_at > near)
        (waiting if waits else first).add(pk)
    return first, waiting, units
