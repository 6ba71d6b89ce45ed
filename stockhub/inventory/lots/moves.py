"""Receipts that move to another SKU: what came back under a listing that turned out to deliver something else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Max, Sum

from stockhub.core import clock
from stockhub.inventory.allocations import serve_owed
from stockhub.inventory.disputes import Doubt, raise_disputes
from stockhub.inventory.lots.receipt_rows import Came, write_receipts
from stockhub.inventory.lots.receipts import CODE_MAX, Receipt, grow_lots, shortened
from stockhub.inventory.models import DisputeCause, Grade, Lot, LotCost, LotReceipt, MovementKind
from stockhub.inventory.places import WarehouseFacts, warehouse_facts
from stockhub.inventory.posting.ledger import post
from stockhub.inventory.posting.postings import AVAILABLE, Posting
from stockhub.inventory.stock_events import emit_stock_changed
from stockhub.inventory.transactions import in_transaction

REASON: Final = "Its listing delivers something else."
#: Characters of a source's key, so that it fits into a movement's with what a receipt puts before it.
_KEY_MAX: Final = 192
#: Characters of a reference.
_REFERENCE_MAX: Final = 120


def reference_of(source: str) -> str:
    """The reference of all that a source (`return:<account>:<id>`) brought."""
    return source[:_REFERENCE_MAX]


def source_key(source: str, sku_id: int) -> str:
    """The key under which a source's units of a SKU come in first; the code of their lot is made of it."""
    return shortened(f"{source}:{sku_id}", _KEY_MAX)


def _code(source: str, sku_id: int) -> str:
    """Of the lot of a source's units of a SKU."""
    return shortened(source_key(source, sku_id), CODE_MAX)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedReceipts:
    """What a source is to have brought into a warehouse: `units` by SKU id, none where nobody knows of what.

    `bucket` is where it brought them; `key` is part of the movements' keys and tells one wish from another of the same source.
    """

    source: str
    warehouse_id: int
    units: Mapping[int, int]
    bucket: str
    key: str


@dataclass(frozen=True, slots=True)
class Moved:
    """Of what was wanted, the keys of the sources that have ever brought anything there, and of those whose units were moved."""

    known: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()


def move_receipts(wanted: Sequence[WantedReceipts]) -> Moved:
    """Brings what sources have brought to what they are to have brought, in one transaction. Repeating it changes nothing.

    Units of a SKU that is not wanted leave the bucket again as a correction, and their very lot has a receipt below zero. Of those that an
    order took meanwhile nobody knows which SKU's they were: both are disputed, and what comes in again later makes up for them first.
    Units that are wanted come in now, as old as they were, with what they cost where one lot becomes one of as many units. A source that
    never brought anything brings nothing now. A fixed number of queries, and some for each SKU that comes to be disputed.
    """
    return in_transaction(lambda: _move(wanted)) if wanted else Moved()


@dataclass(frozen=True, slots=True)
class _Held:
    """A lot of a source, what of it was taken back after it had left, and how many receipts it has; `came_at` is the last one's time."""

    lot: Lot
    missing_qty: int
    revision: int
    came_at: datetime


@dataclass(slots=True)
class _Change:
    """`qty` units of a SKU that a source is to have brought more; below zero, fewer. `held` is their lot, `like` one of the same source."""

    wanted: WantedReceipts
    sku_id: int
    qty: int
    held: _Held | None
    like: _Held
    occurred_at: datetime
    #: Of `qty`, what is not to be moved, because it makes up for what was missing before; of units taken back, what had left.
    unbacked_qty: int = 0

    @property
    def key(self) -> str:
        return f"{self.wanted.key}:{self.sku_id}:{self.held.revision if self.held else 0}"


@dataclass(slots=True)
class _Plan:
    """The changes of one source; `heir` is the new lot's old one, where one lot becomes one of as many units."""

    gives: list[_Change] = field(default_factory=list)
    takes: list[_Change] = field(default_factory=list)

    @property
    def heir(self) -> _Change | None:
        if len(self.gives) != 1 or len(self.takes) != 1:
            return None
        [gives], [takes] = self.gives, self.takes
        is_empty = gives.held is None or not gives.held.lot.received_qty
        return takes if is_empty and gives.qty == -takes.qty else None


def _move(wanted: Sequence[WantedReceipts]) -> Moved:
    facts = warehouse_facts({each.warehouse_id for each in wanted})
    held = _held(wanted)
    plans = {each.key: _plan(each, held[each.key], facts[each.warehouse_id]) for each in wanted if each.key in held}
    plans = {key: each for key, each in plans.items() if each.gives or each.takes}
    gives = [change for each in plans.values() for change in each.gives]
    takes = [change for each in plans.values() for change in each.takes]
    _post([*gives, *takes], facts)
    came = _give(plans.values(), facts)
    write_receipts([*came, *_take(takes)], facts)
    _pass_on_costs(plans.values(), came)
    _tell(plans.values(), facts)
    return Moved(frozenset(held), frozenset(plans))


def _held(wanted: Sequence[WantedReceipts]) -> dict[str, dict[int, _Held]]:
    """By the key of what is wanted and by SKU, the lots of its source in its warehouse, locked. Two queries."""
    by_source: dict[tuple[str, int], WantedReceipts] = {(each.source, each.warehouse_id): each for each in wanted}
    of_reference: dict[tuple[str, int], list[WantedReceipts]] = defaultdict(list)
    for each in by_source.values():
        of_reference[reference_of(each.source), each.warehouse_id].append(each)
    rows = Lot.objects.select_for_update().filter(
        reference__any_of=sorted({reference for reference, _w in of_reference}), warehouse_id__in={each.warehouse_id for each in wanted}
    )
    # A reference may be that of several sources, if their names are long; a code is of one.
    lots = [
        (each.key, lot)
        for lot in rows.order_by("id")
        for each in of_reference.get((lot.reference, lot.warehouse_id), ())
        if lot.code == _code(each.source, lot.sku_id)
    ]
    told = LotReceipt.objects.filter(lot__in=[lot for _key, lot in lots]).values("lot_id").order_by()
    sums = {
        row["lot_id"]: row
        for row in told.annotate(unbacked=Sum("unbacked_qty"), receipts=Count("id"), came_at=Max("occurred_at"))
    }  # fmt: skip
    found: dict[str, dict[int, _Held]] = defaultdict(dict)
    for key, lot in lots:
        if (row := sums.get(lot.pk)) is not None:
            found[key][lot.sku_id] = _Held(lot, -row["unbacked"], row["receipts"], row["came_at"])
    return dict(found)


def _plan(wanted: WantedReceipts, held: Mapping[int, _Held], place: WarehouseFacts) -> _Plan:
    """What is to come in and what is to leave again, none of it before the units had come."""
    plan = _Plan()
    occurred_at = max(clock.now(), *(each.came_at for each in held.values()))
    if not place.is_observed and occurred_at < place.ledger_starts_at:
        return plan
    like = max(held.values(), key=lambda each: (each.lot.received_qty, each.lot.pk))
    for sku_id in [*wanted.units, *(sku_id for sku_id in held if sku_id not in wanted.units)]:
        its = held.get(sku_id)
        qty = wanted.units.get(sku_id, 0) - (its.lot.received_qty if its else 0)
        change = _Change(wanted, sku_id, qty, its, like, occurred_at)
        if qty > 0:
            change.unbacked_qty = min(qty, its.missing_qty) if its and not place.is_observed else 0
            plan.gives.append(change)
        elif qty < 0:
            plan.takes.append(change)
    return plan


def _post(changes: Sequence[_Change], facts: Mapping[int, WarehouseFacts]) -> None:
    """Posts what moves, and notes what had left before it was to be taken back."""
    steps = {
        change.key: _posting(change)
        for change in changes
        if not facts[change.wanted.warehouse_id].is_observed and change.qty != change.unbacked_qty
    }
    posted = dict(zip(steps, (result.qty for result in post(list(steps.values()))), strict=True))
    for change in changes:
        if change.qty < 0 and change.key in posted:
            change.unbacked_qty = change.qty + posted[change.key]


def _posting(change: _Change) -> Posting:
    wanted = change.wanted
    is_more = change.qty > 0
    return Posting(
        sku_id=change.sku_id,
        warehouse_id=wanted.warehouse_id,
        from_bucket=None if is_more else wanted.bucket,
        to_bucket=wanted.bucket if is_more else None,
        qty=abs(change.qty - change.unbacked_qty),
        kind=MovementKind.CORRECT,
        key=change.key,
        occurred_at=change.occurred_at,
        reason=REASON,
        reference=reference_of(wanted.source),
        partial=not is_more,
    )


def _give(plans: Iterable[_Plan], facts: Mapping[int, WarehouseFacts]) -> list[Came]:
    receipts = [_receipt(change, plan.heir) for plan in plans for change in plan.gives]
    unbacked = {change.key: change.unbacked_qty for plan in plans for change in plan.gives}
    return grow_lots(receipts, facts, unbacked=unbacked)


def _receipt(change: _Change, heir: _Change | None) -> Receipt:
    like = change.like.lot
    return Receipt(
        sku_id=change.sku_id,
        warehouse_id=change.wanted.warehouse_id,
        qty=change.qty,
        idempotency_key=change.key,
        lot_code=_code(change.wanted.source, change.sku_id),
        kind=MovementKind.CORRECT,
        bucket=change.wanted.bucket,
        occurred_at=change.occurred_at,
        received_on=like.received_on,
        produced_on=like.produced_on,
        expires_on=like.expires_on,
        grade=Grade(like.grade),
        origin_id=heir.held.lot.pk if heir and heir.held else None,
        reason=REASON,
        reference=like.reference,
    )


def _take(takes: Sequence[_Change]) -> list[Came]:
    """Takes units back out of their lots, which never hold less than nothing, nor more than they received."""
    came: list[Came] = []
    for change in takes:
        assert change.held is not None  # noqa: S101 - only what is held is taken
        lot = change.held.lot
        lot.received_qty += change.qty
        lot.remaining_qty = min(max(lot.remaining_qty + change.qty - change.unbacked_qty, 0), lot.received_qty)
        came.append(
            Came(
                lot=lot, bucket=change.wanted.bucket, qty=change.qty, occurred_at=change.occurred_at, unbacked_qty=change.unbacked_qty
            )
        )  # fmt: skip
    Lot.objects.bulk_update([each.lot for each in came], ["received_qty", "remaining_qty"], batch_size=500)
    return came


def _pass_on_costs(plans: Iterable[_Plan], came: Sequence[Came]) -> None:
    """What a unit cost, it goes on to have cost: the parts that are known of the old lot and not yet of the new one."""
    lots = {(each.lot.code, *each.pair): each.lot for each in came}
    heirs: list[tuple[Lot, Lot]] = []
    for plan in plans:
        if (heir := plan.heir) is not None and heir.held is not None:
            [change] = plan.gives
            code = _code(change.wanted.source, change.sku_id)
            heirs.append((heir.held.lot, lots[code, change.sku_id, change.wanted.warehouse_id]))
    if not heirs:
        return
    known: dict[int, Counter[tuple[Any, ...]]] = defaultdict(Counter)
    rows = LotCost.objects.filter(lot__in=[lot for pair in heirs for lot in pair]).order_by("id")
    for lot_id, *part in rows.values_list("lot_id", "kind", "unit_amount", "currency", "rate_on"):
        known[lot_id][tuple(part)] += 1
    LotCost.objects.bulk_create(
        LotCost(lot=new, kind=kind, unit_amount=amount, currency=currency, rate_on=rate_on, recorded_at=clock.now())
        for old, new in heirs
        for kind, amount, currency, rate_on in (known[old.pk] - known[new.pk]).elements()
    )


def _tell(plans: Iterable[_Plan], facts: Mapping[int, WarehouseFacts]) -> None:
    """What follows from it: events, stock for lines that are owed some, and disputes."""
    moved = [
        change
        for plan in plans
        for change in (*plan.gives, *plan.takes)
        if change.qty != change.unbacked_qty and not facts[change.wanted.warehouse_id].is_observed
    ]
    emit_stock_changed((change.sku_id, change.wanted.warehouse_id) for change in moved)
    fresh = [change for change in moved if change.qty > 0 and change.wanted.bucket == AVAILABLE]
    if fresh:
        serve_owed(sku_ids={change.sku_id for change in fresh}, warehouse_ids={change.wanted.warehouse_id for change in fresh})
    _dispute(plans)


def _dispute(plans: Iterable[_Plan]) -> None:
    """Units left as one SKU's that may have been another's: what is there of either, nobody knows until it is counted."""
    doubts: dict[tuple[int, int], Doubt] = {}
    for plan in plans:
        missing = [change for change in plan.takes if change.unbacked_qty]
        if not missing:
            continue
        short = -sum(change.unbacked_qty for change in missing)
        for change in (*missing, *plan.gives):
            wanted = change.wanted
            note = f"{wanted.source}: {short} units were no longer free when its listing was linked to something else."
            doubts.setdefault(
                (change.sku_id, wanted.warehouse_id),
                Doubt(
                    sku_id=change.sku_id, warehouse_id=wanted.warehouse_id, cause=DisputeCause.UNBACKED, buckets=(wanted.bucket,),
                    note=note[:300],
                ),
            )  # fmt: skip
    raise_disputes(list(doubts.values()))
