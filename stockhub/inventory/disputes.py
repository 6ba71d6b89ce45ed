"""Disputes: stock that nobody can be sure of holds automatic decisions until a person or a second count settles it (H6).

A dispute changes no stock and stops no order: what it stops is that something orders, moves or marks down units by itself on a figure that
was wrong a moment ago.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, Protocol

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.core import actor, clock
from stockhub.core.columns import INT
from stockhub.core.kept import KeptIds, kept
from stockhub.core.ranges import id_filter
from stockhub.inventory.by_hand import require_key
from stockhub.inventory.dispute_models import DisputeCause, StockDispute
from stockhub.inventory.places import warehouse_facts
from stockhub.inventory.posting.request_keys import claim_request
from stockhub.inventory.transactions import in_transaction
from stockhub.outbox.services import emit_event
from stockhub.values.errors import DomainError

#: What a second count may settle; the others wait for a person.
_CONFIRMED_BY_COUNT: Final = frozenset({DisputeCause.COUNT, DisputeCause.RECONCILE, DisputeCause.UNBACKED})
CONFIRMED: Final = "A second count agreed with the book."


class Counted(Protocol):
    """What was counted of a SKU: a bucket, or the shelf that several share."""

    @property
    def sku_id(self) -> int: ...
    @property
    def buckets(self) -> tuple[str, ...]: ...
    @property
    def book_qty(self) -> int: ...
    @property
    def counted_qty(self) -> int: ...
    @property
    def unposted_qty(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Why a SKU's stock in a warehouse is in dispute. Quantities are sums over `buckets`; None where nothing was counted."""

    sku_id: int
    warehouse_id: int
    cause: DisputeCause
    buckets: tuple[str, ...] = ()
    book_qty: int | None = None
    counted_qty: int | None = None
    deviation_pct: Decimal | None = None
    counted_at: datetime | None = None
    note: str = ""


def deviation_of(rows: Collection[Counted]) -> Decimal:
    """How far a count is from the book, in per cent of the book, with the sign of the net difference.

    Differences of buckets do not make up for each other: eight missing in one and eight too many in another are sixteen. Units that the
    book does not know at all deviate by 100 %.
    """
    book = sum(row.book_qty for row in rows)
    net = sum(row.counted_qty - row.book_qty for row in rows)
    off = sum(abs(row.counted_qty - row.book_qty) for row in rows)
    size = Decimal(100 * off) / book if book > 0 else Decimal(100 if off else 0)
    return (-size if net < 0 else size).quantize(Decimal("0.01"))


def judge_counts(warehouse_id: int, rows: Iterable[Counted], counted_at: datetime) -> None:
    """After a count, in its transaction: what is too far from the book is disputed, what was disputed and now agrees is settled.

    Too far is more than `STOCKHUB_COUNT_DEVIATION_PCT`, or missing units that could not be taken: the book still has units that nobody
    found. Only a later count that covers every disputed bucket settles.
    """
    by_sku: dict[int, list[Counted]] = defaultdict(list)
    for row in rows:
        by_sku[row.sku_id].append(row)
    limit = Decimal(str(settings.STOCKHUB_COUNT_DEVIATION_PCT))
    doubts, agreed = [], {}
    for sku_id, its in by_sku.items():
        buckets = tuple(sorted({bucket for row in its for bucket in row.buckets}))
        deviation = deviation_of(its)
        if abs(deviation) <= limit and not any(row.unposted_qty for row in its):
            agreed[sku_id] = set(buckets)
            continue
        doubts.append(
            Doubt(
                sku_id=sku_id, warehouse_id=warehouse_id, cause=DisputeCause.COUNT, buckets=buckets, counted_at=counted_at,
                book_qty=sum(row.book_qty for row in its), counted_qty=sum(row.counted_qty for row in its), deviation_pct=deviation,
            )
        )  # fmt: skip
    raise_disputes(doubts)
    for dispute in _open(warehouse_id, agreed):
        later = counted_at > (dispute.counted_at or dispute.opened_at)
        if later and dispute.cause in _CONFIRMED_BY_COUNT and set(dispute.buckets) <= agreed[dispute.sku_id]:
            _settle(dispute, CONFIRMED)


def raise_disputes(doubts: Sequence[Doubt]) -> list[StockDispute]:
    """Opens a dispute for each doubt, in the caller's transaction; one that is open already takes over a newer count's figures."""
    raised = []
    for doubt in sorted(doubts, key=lambda each: (each.sku_id, each.warehouse_id)):
        dispute = _opened(doubt)
        if dispute is None:
            dispute = _add(doubt)
        elif doubt.counted_at is not None and doubt.counted_at > (dispute.counted_at or dispute.opened_at):
            _recount(dispute, doubt)
        raised.append(dispute)
    return raised


def open_dispute(*, sku_id: int, warehouse_id: int, note: str, idempotency_key: str, buckets: Sequence[str] = ()) -> StockDispute:
    """A person doubts the stock. Where a dispute is open already, it is returned as it is; so is the one of the same request.

    Raises `reason_required`, `unknown_warehouse`, `invalid_key` and `idempotency_key_reused`.
    """
    require("inventory.add_stockdispute", warehouse_ids=[warehouse_id])
    require_key(idempotency_key)
    if not note.strip():
        raise DomainError("reason_required", _("Say what makes you doubt the stock."), path=("note",))
    warehouse_facts([warehouse_id])
    doubt = Doubt(
        sku_id=sku_id, warehouse_id=warehouse_id, cause=DisputeCause.OPERATOR, buckets=tuple(sorted(set(buckets))), note=note.strip()[:300]
    )

    def work() -> StockDispute:
        if not claim_request(f"dispute:{idempotency_key}", sku_id, warehouse_id, note, doubt.buckets):
            return StockDispute.objects.filter(sku_id=sku_id, warehouse_id=warehouse_id).latest("id")
        return raise_disputes([doubt])[0]

    return in_transaction(work)


def resolve_dispute(*, dispute_id: int, resolution: str) -> StockDispute:
    """A person settles it, and automatic decisions go on. Raises `not_found`, `resolution_required` and `dispute_resolved`."""
    if not resolution.strip():
        raise DomainError("resolution_required", _("Say how the dispute was settled."), path=("resolution",))

    def work() -> StockDispute:
        dispute = StockDispute.objects.select_for_update().filter(pk=dispute_id).first()
        if dispute is None:
            raise DomainError("not_found", _("There is no such dispute."), path=("id",), params={"id": dispute_id})
        require("inventory.change_stockdispute", warehouse_ids=[dispute.warehouse_id])
        if dispute.resolved_at is not None:
            raise DomainError("dispute_resolved", _("The dispute is settled already."), path=("id",), params={"id": dispute_id})
        _settle(dispute, resolution.strip()[:300])
        return dispute

    return in_transaction(work)


def disputed_pairs(sku_ids: Collection[int] | None = None) -> set[tuple[int, int]]:
    """The (SKU, warehouse) pairs whose stock is in dispute: what plans orders, transfers or markdowns must leave them to a person."""
    if sku_ids is None:
        return set(StockDispute.objects.filter(resolved_at=None).values_list("sku_id", "warehouse_id"))
    wanted = set(sku_ids)
    return {(sku, warehouse) for sku, warehouse in _disputed.tuples(skus=wanted) if sku in wanted}


@kept({"sku_id": INT, "warehouse_id": INT})
def _disputed(skus: KeptIds) -> QuerySet[StockDispute]:
    return StockDispute.objects.filter(**id_filter("sku_id", skus), resolved_at=None)


def _open(warehouse_id: int, sku_ids: Collection[int]) -> list[StockDispute]:
    if not sku_ids:
        return []
    rows = StockDispute.objects.select_for_update().filter(warehouse_id=warehouse_id, sku_id__in=list(sku_ids), resolved_at=None)
    return list(rows.order_by("sku_id"))


def _opened(doubt: Doubt) -> StockDispute | None:
    return next(iter(_open(doubt.warehouse_id, [doubt.sku_id])), None)


def _add(doubt: Doubt) -> StockDispute:
    now = clock.now()
    try:
        with transaction.atomic():
            dispute = StockDispute.objects.create(
                sku_id=doubt.sku_id, warehouse_id=doubt.warehouse_id, cause=doubt.cause, buckets=list(doubt.buckets),
                book_qty=doubt.book_qty, counted_qty=doubt.counted_qty, deviation_pct=doubt.deviation_pct, counted_at=doubt.counted_at,
                note=doubt.note, opened_at=now, opened_by=actor.current().label, updated_at=now,
            )  # fmt: skip
    except IntegrityError:
        # Somebody else opened it meanwhile; any other broken rule is broken still.
        other = _opened(doubt)
        if other is None:
            raise
        return other
    _tell(dispute, "opened")
    return dispute


def _recount(dispute: StockDispute, doubt: Doubt) -> None:
    dispute.book_qty, dispute.counted_qty, dispute.deviation_pct = doubt.book_qty, doubt.counted_qty, doubt.deviation_pct
    dispute.counted_at, dispute.buckets, dispute.updated_at = doubt.counted_at, sorted({*dispute.buckets, *doubt.buckets}), clock.now()
    dispute.save(update_fields=["book_qty", "counted_qty", "deviation_pct", "counted_at", "buckets", "updated_at"])
    _tell(dispute, "recounted")


def _settle(dispute: StockDispute, resolution: str) -> None:
    dispute.resolved_at = dispute.updated_at = clock.now()
    dispute.resolved_by, dispute.resolution = actor.current().label, resolution
    dispute.save(update_fields=["resolved_at", "resolved_by", "resolution", "updated_at"])
    _tell(dispute, "resolved")


def _tell(dispute: StockDispute, what: str) -> None:
    emit_event(
        f"inventory.stock_dispute_{what}.v1",
        entity="inventory.stockdispute",
        entity_id=dispute.pk,
        payload={
            "sku_id": dispute.sku_id,
            "warehouse_id": dispute.warehouse_id,
            "cause": str(dispute.cause),
            "book_qty": dispute.book_qty,
            "counted_qty": dispute.counted_qty,
            "deviation_pct": None if dispute.deviation_pct is None else str(dispute.deviation_pct),
            "resolution": dispute.resolution,
        },
    )
