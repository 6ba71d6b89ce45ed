"""What an order line wants of the stock, and the postings that lead there from what it has: pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _

from stockhub.inventory.models import Allocation, MovementKind
from stockhub.inventory.posting.postings import AVAILABLE, RESERVED, Posting, PostingResult
from stockhub.values.errors import DomainError

#: What an allocation takes over from its target as it is.
_FACTS: Final = ("wanted_qty", "ship_qty", "account_id", "ordered_at", "paid_at", "ship_by_at", "paid_amount", "currency", "is_presale")
#: A presale that must ship within this time is served like any other order; before, it takes only what comes in.
PRESALE_WINDOW: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationTarget:
    """The state that an order line should have in the ledger: `wanted_qty` units, of which `ship_qty` have left.

    A cancelled line wants 0. `occurred_at` is when the line came into this state. A line that moved to another warehouse needs two
    targets: 0 in the old one and the rest in the new one. What `is_presale` waits for stock that is on its way, and leaves what is
    available to others until its ship-by time is near.
    """

    reference: str
    sku_id: int
    warehouse_id: int
    account_id: int | None
    wanted_qty: int
    ship_qty: int
    ordered_at: datetime
    occurred_at: datetime
    paid_at: datetime | None = None
    ship_by_at: datetime | None = None
    paid_amount: Decimal | None = None
    currency: str = ""
    is_presale: bool = False

    def may_reserve(self, now: datetime) -> bool:
        """Whether it may take what is available at once."""
        return not self.is_presale or (self.ship_by_at is not None and self.ship_by_at <= now + PRESALE_WINDOW)

    @property
    def line(self) -> tuple[str, int, int]:
        return self.reference, self.sku_id, self.warehouse_id


class TargetStatus(StrEnum):
    POSTED = "posted"
    UNCHANGED = "unchanged"
    #: The state is older than the warehouse's ledger, and the ledger holds nothing of the line: nothing was done.
    BEFORE_LEDGER = "before_ledger"
    #: The platform counts this warehouse; its figures already hold the order.
    SNAPSHOT = "snapshot"


@dataclass(frozen=True, slots=True)
class TargetResult:
    """Where a line stands now. `owed_qty` is wanted, unshipped and without stock; `unbacked_qty` left although the ledger had none."""

    reference: str
    sku_id: int
    warehouse_id: int
    status: TargetStatus
    reserved_qty: int = 0
    shipped_qty: int = 0
    owed_qty: int = 0
    unbacked_qty: int = 0


@dataclass(slots=True)
class Plan:
    """The postings of one line, and what each of them changes in the allocation."""

    allocation: Allocation
    ship_reserved: Posting | None = None
    ship_available: Posting | None = None
    unship: Posting | None = None
    release: Posting | None = None
    reserve: Posting | None = None
    #: Units that left without stock and now turn out not to have left: no movement undoes them, as none was made.
    forgiven_qty: int = 0
    #: Whether units moved, and whether anything at all about the line changed: set when the plan was carried out.
    has_moved: bool = False
    is_changed: bool = False

    @property
    def postings(self) -> list[Posting]:
        steps = (self.ship_reserved, self.unship, self.release, self.ship_available, self.reserve)
        return [step for step in steps if step is not None]


def require_valid(targets: Sequence[AllocationTarget]) -> None:
    for index, target in enumerate(targets):
        path = ("targets", str(index))
        for name in ("wanted_qty", "ship_qty"):
            if not 0 <= getattr(target, name) < 2**31:
                raise DomainError("invalid_quantity", _("A quantity is a whole number from 0 on."), path=(*path, name))
        if not 0 < len(target.reference) <= 160:
            raise DomainError("invalid_reference", _("A reference has 1 to 160 characters."), path=(*path, "reference"))


def plan(allocation: Allocation, *, wanted_qty: int, ship_qty: int, occurred_at: datetime, may_reserve: bool = True) -> Plan:
    """The steps from what the allocation holds to what it should hold; without `may_reserve` it keeps what it holds and gets no more.

    Shipping takes what is reserved, then what is available, and the rest is unbacked. The allocation's next revision is part of every
    key, so that a repeated target finds nothing left to do and a crashed one is done once.
    """
    revision = allocation.revision + 1
    reference = allocation.reference if len(allocation.reference) <= 120 else f"allocation:{allocation.pk}"

    def step(name: str, source: str | None, target: str | None, qty: int, kind: MovementKind, *, partial: bool = False) -> Posting | None:
        if qty <= 0:
            return None
        return Posting(
            sku_id=allocation.sku_id, warehouse_id=allocation.warehouse_id, from_bucket=source, to_bucket=target, qty=qty, kind=kind,
            key=f"allocation:{allocation.pk}:{revision}:{name}", occurred_at=occurred_at, reference=reference, partial=partial,
        )  # fmt: skip

    to_ship = max(ship_qty - allocation.shipped_qty, 0)
    undone = max(allocation.shipped_qty - ship_qty, 0)
    forgiven = min(undone, allocation.unbacked_qty)
    from_reserved = min(to_ship, allocation.reserved_qty)
    reserve = max(wanted_qty - ship_qty, 0) - (allocation.reserved_qty - from_reserved)
    return Plan(
        allocation,
        ship_reserved=step("ship", RESERVED, None, from_reserved, MovementKind.SHIP),
        ship_available=step("ship-available", AVAILABLE, None, to_ship - from_reserved, MovementKind.SHIP, partial=True),
        unship=step("unship", None, AVAILABLE, undone - forgiven, MovementKind.RELEASE),
        release=step("release", RESERVED, AVAILABLE, -reserve, MovementKind.RELEASE),
        reserve=step("reserve", AVAILABLE, RESERVED, reserve if may_reserve else 0, MovementKind.RESERVE, partial=True),
        forgiven_qty=forgiven,
    )


def carry_out(plan: Plan, target: AllocationTarget, posted: Mapping[str, PostingResult], *, now: datetime) -> None:
    """Brings the allocation, in memory, to where the postings brought the line; a change gives it a new revision."""

    def qty(posting: Posting | None) -> int:
        return posted[posting.key].qty if posting else 0

    allocation = plan.allocation
    before = _state(allocation)
    shipped_now = max(target.ship_qty - allocation.shipped_qty, 0)
    backed = qty(plan.ship_reserved) + qty(plan.ship_available)
    allocation.reserved_qty += qty(plan.reserve) - qty(plan.release) - qty(plan.ship_reserved)
    allocation.unbacked_qty += shipped_now - backed - plan.forgiven_qty
    allocation.shipped_qty = target.ship_qty
    for name in _FACTS:
        setattr(allocation, name, getattr(target, name))
    plan.has_moved = any(qty(posting) for posting in plan.postings)
    plan.is_changed = plan.has_moved or _state(allocation) != before
    if plan.is_changed:
        allocation.revision += 1
        allocation.updated_at = now


def _state(allocation: Allocation) -> tuple[object, ...]:
    return tuple(getattr(allocation, name) for name in (*_FACTS, "reserved_qty", "shipped_qty", "unbacked_qty"))


def owed_qty(allocation: Allocation) -> int:
    return max(allocation.wanted_qty - allocation.shipped_qty - allocation.reserved_qty, 0)
