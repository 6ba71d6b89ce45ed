"""What can happen to a SKU: each operation is done to the real ledger and to the model, and both must answer the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from stockhub.catalog.models import Authority, BundleComponent, PoolWarehouse, Sku, StockPool, Warehouse
from stockhub.channels.models import Account, Listing, ListingComponent, PoolAccount
from stockhub.channels.services import ingest_orders
from stockhub.core import clock
from stockhub.inventory.models import CostKind, MovementKind
from stockhub.inventory.posting.ledger import Posting, post
from stockhub.inventory.posting.postings import PostingResult
from stockhub.inventory.services import (
    AllocationTarget,
    Receipt,
    TransferInput,
    TransferLineInput,
    UnitCost,
    adjust,
    count_stock,
    move_stock,
    receive_lot,
    record_return,
    set_targets,
    upsert_transfer,
)
from stockhub.pluginapi.records import OrderLineRecord, OrderRecord
from stockhub.values.errors import DomainError
from tests.inventory.ledger_model import PRESALE_WINDOW, REUSED, Model, Order, Outcome

START: Final = datetime(2025, 1, 1, tzinfo=UTC)
RANKS: Final = {"paid": 1, "shipped": 2, "cancelled": 4}
GRADES: Final = {
    "new": "available", "like_new": "available", "damaged": "unsellable", "defective": "unsellable", "": "inspecting"
}  # fmt: skip
#: A set holds so many of the SKU; the third of the orders and the last of the transfers are of sets.
SET: Final = 2
LAST: Final = 2
#: Orders that their platform flags as presales, with when they must have left: one becomes urgent ten minutes after an example begins.
PRESALES: Final[dict[int, datetime | None]] = {3: None, 4: START + PRESALE_WINDOW + timedelta(hours=2, minutes=10)}
#: What a unit of a receipt cost before any invoice.
PRICE: Final = 10


@dataclass(frozen=True)
class World:
    """The rows that the operations of one example are about; another example has others."""

    sku: Sku
    bundle: Sku
    warehouse: Warehouse
    observed: Warehouse
    far: Warehouse
    account: Account

    @classmethod
    def make(cls, number: int, *, allows_backorder: bool, allows_presale: bool) -> World:
        sku = Sku.objects.create(code=f"SKU-{number}")
        bundle = Sku.objects.create(code=f"SET-{number}", is_bundle=True)
        BundleComponent.objects.create(bundle=bundle, component=sku, qty=SET)
        own = Warehouse.objects.create(
            code=f"W-{number}", name="Own", ledger_starts_at=START, allows_backorder=allows_backorder, allows_presale=allows_presale
        )
        observed = Warehouse.objects.create(code=f"P-{number}", name="Platform", ledger_starts_at=START, authority=Authority.SNAPSHOT)
        far = Warehouse.objects.create(code=f"F-{number}", name="Far", ledger_starts_at=START)
        pool = StockPool.objects.create(code=f"pool-{number}", name="Pool")
        PoolWarehouse.objects.create(pool=pool, warehouse=own)
        account = Account.objects.create(code=f"shop-{number}", name="Shop", marketplace="file")
        PoolAccount.objects.create(pool=pool, account=account)
        for code, sold in (("it", sku), ("set", bundle)):
            ListingComponent.objects.create(listing=Listing.objects.create(account=account, code=code), sku=sold, qty=1)
        return cls(sku, bundle, own, observed, far, account)


@dataclass(frozen=True, kw_only=True)
class Operation:
    """`at` is when it happened, at or before the moment when it is told."""

    at: datetime = START

    def run(self, world: World) -> Outcome:
        raise NotImplementedError

    def apply(self, model: Model, now: datetime) -> Outcome:
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Keyed(Operation):
    """Happens once for its key. A refused one leaves its key free."""

    qty: int
    key: str = ""

    def apply(self, model: Model, now: datetime) -> Outcome:
        known = model.keys.get(self.key)
        if known is not None:
            asked, answer = known
            return self.repeated(answer) if asked == replace(self, at=START) else REUSED
        answer, is_done = self.do(model, now)
        if is_done:
            model.keys[self.key] = replace(self, at=START), answer
        return answer

    def do(self, model: Model, now: datetime) -> tuple[Outcome, bool]:
        """The answer, and whether the key is taken."""
        raise NotImplementedError

    def repeated(self, answer: Outcome) -> Outcome:
        return ("duplicate", answer[1])


def answer_of(call: Callable[[], object]) -> Outcome:
    """Status and quantity of a posting, or the code of the refusal."""
    try:
        result = call()
    except DomainError as error:
        return (error.code,)
    return (str(result.status), result.qty)  # type: ignore[attr-defined]


@dataclass(frozen=True, kw_only=True)
class Receive(Keyed):
    def run(self, world: World) -> Outcome:
        price = UnitCost(kind=CostKind.PURCHASE, unit_amount=Decimal(PRICE), currency="CNY")
        receipt = Receipt(
            sku_id=world.sku.pk, warehouse_id=world.warehouse.pk, qty=self.qty, idempotency_key=self.key, occurred_at=self.at,
            costs=(price,),
        )  # fmt: skip
        return answer_of(lambda: receive_lot(receipt))

    def do(self, model: Model, now: datetime) -> tuple[Outcome, bool]:
        model.add("available", self.qty, self.at)
        model.costs[self.key] = PRICE
        model.serve(now)
        return ("posted", self.qty), True


@dataclass(frozen=True, kw_only=True)
class Return(Keyed):
    """A set comes back as what it holds."""

    grade: str
    is_set: bool = False

    def run(self, world: World) -> Outcome:
        def recorded() -> PostingResult:
            [result] = record_return(
                sku_id=(world.bundle if self.is_set else world.sku).pk, warehouse_id=world.warehouse.pk, qty=self.qty, grade=self.grade,
                idempotency_key=self.key, returned_at=self.at,
            )  # fmt: skip
            return result

        return answer_of(recorded)

    def do(self, model: Model, now: datetime) -> tuple[Outcome, bool]:
        units = self.qty * (SET if self.is_set else 1)
        model.add(GRADES[self.grade], units, self.at)
        if GRADES[self.grade] == "available":
            model.serve(now)
        return ("posted", units), True


@dataclass(frozen=True, kw_only=True)
class Adjust(Keyed):
    bucket: str
    is_more: bool

    def run(self, world: World) -> Outcome:
        return answer_of(
            lambda: adjust(
                sku_id=world.sku.pk, warehouse_id=world.warehouse.pk, bucket=self.bucket, reason="test", idempotency_key=self.key,
                delta_qty=self.qty if self.is_more else -self.qty, occurred_at=self.at,
            )
        )  # fmt: skip

    def do(self, model: Model, now: datetime) -> tuple[Outcome, bool]:
        if not self.is_more and not model.take(self.bucket, self.qty):
            return ("insufficient_stock",), False
        model.add(self.bucket, self.qty if self.is_more else -self.qty, self.at)
        if self.is_more and self.bucket == "available":
            model.serve(now)
        return ("posted", self.qty), True


@dataclass(frozen=True, kw_only=True)
class Move(Keyed):
    """Between two buckets. `is_partial` goes past the service and takes what there is."""

    source: str
    target: str
    is_partial: bool = False

    def run(self, world: World) -> Outcome:
        if not self.is_partial:
            return answer_of(
                lambda: move_stock(
                    sku_id=world.sku.pk, warehouse_id=world.warehouse.pk, from_bucket=self.source, to_bucket=self.target, qty=self.qty,
                    reason="test", idempotency_key=self.key, occurred_at=self.at,
                )
            )  # fmt: skip
        posting = Posting(
            sku_id=world.sku.pk, warehouse_id=world.warehouse.pk, from_bucket=self.source, to_bucket=self.target, qty=self.qty,
            kind=MovementKind.MOVE, key=self.key, occurred_at=self.at, partial=True,
        )  # fmt: skip
        return answer_of(lambda: post([posting])[0])

    def do(self, model: Model, now: datetime) -> tuple[Outcome, bool]:
        units = model.take(self.source, self.qty, partial=self.is_partial)
        if not units:
            return ("insufficient", 0) if self.is_partial else ("insufficient_stock",), False
        model.add(self.source, -units, self.at)
        model.add(self.target, units, self.at)
        if self.target == "available":
            model.serve(now)
        return ("posted", units), True


@dataclass(frozen=True, kw_only=True)
class Count(Keyed):
    """Somebody counted `qty` units at `at`, of a bucket or of the shelf; what has moved since stands."""

    bucket: str | None

    def run(self, world: World) -> Outcome:
        try:
            [row] = count_stock(
                warehouse_id=world.warehouse.pk, counts={(world.sku.pk, self.bucket): self.qty}, idempotency_key=self.key,
                counted_at=self.at,
            )  # fmt: skip
        except DomainError as error:
            return (error.code,)
        return row.book_qty, row.posted_qty

    def do(self, model: Model, now: datetime) -> tuple[Outcome, bool]:
        book = sum(model.as_of(each, self.at) for each in ([self.bucket] if self.bucket else ["available", "reserved"]))
        bucket = self.bucket or "available"
        missing = max(book - self.qty, 0)
        posted = self.qty - book if not missing else -model.take(bucket, missing, partial=True)
        model.add(bucket, posted, self.at)
        if bucket == "available" and posted > 0:
            model.serve(now)
        return (book, posted), True

    def repeated(self, answer: Outcome) -> Outcome:
        posted = int(str(answer[1]))
        return self.qty - posted, posted


@dataclass(frozen=True, kw_only=True)
class Target(Operation):
    """A line of an order system of one's own: any part of it may have left. The last line is a presale."""

    line: int
    wanted: int
    shipped: int

    def run(self, world: World) -> Outcome:
        [here, there] = set_targets([self._target(world.sku, warehouse) for warehouse in (world.warehouse, world.observed)])
        return here.reserved_qty, here.owed_qty, str(there.status)

    def _target(self, sku: Sku, warehouse: Warehouse) -> AllocationTarget:
        return AllocationTarget(
            reference=f"own:{self.line}", sku_id=sku.pk, warehouse_id=warehouse.pk, account_id=None, wanted_qty=self.wanted,
            ship_qty=min(self.shipped, self.wanted), ordered_at=self.ordered_at, occurred_at=self.at, is_presale=self.line == LAST,
        )  # fmt: skip

    @property
    def ordered_at(self) -> datetime:
        return START + timedelta(seconds=self.line)

    def apply(self, model: Model, now: datetime) -> Outcome:
        name = self.ordered_at.isoformat()
        model.target(
            name, self.ordered_at, wanted=self.wanted, shipped=min(self.shipped, self.wanted), at=self.at, now=now,
            is_presale=self.line == LAST,
        )  # fmt: skip
        return model.lines[name].reserved, model.lines[name].owed, "snapshot"


@dataclass(frozen=True, kw_only=True)
class Tell(Operation):
    """A version of an order, in whatever order versions arrive. Some orders are presales."""

    order: int
    version: int
    status: str
    qty: int

    @property
    def ordered_at(self) -> datetime:
        return START + timedelta(seconds=10 + self.order)

    def run(self, world: World) -> Outcome:
        line = OrderLineRecord(code="set" if self.order == LAST else "it", qty=self.qty, unit_price=Decimal(10), line_id="1")
        record = OrderRecord(
            external_id=f"o-{self.order}", status=self.status, ordered_at=self.ordered_at, currency="CNY", lines=(line,),
            version=self.version, presale_kind="full" if self.order in PRESALES else "", ship_by_at=PRESALES.get(self.order),
            shipped_at=self.at if self.status == "shipped" else None, cancelled_at=self.at if self.status == "cancelled" else None,
        )  # fmt: skip
        told = ingest_orders(account=world.account, orders=[record], source="api")
        return (told.quarantined,)

    def apply(self, model: Model, now: datetime) -> Outcome:
        name, rank = self.ordered_at.isoformat(), RANKS[self.status]
        units = self.qty * (SET if self.order == LAST else 1)
        known = model.orders.get(name)
        shipped_at = self.at if self.status == "shipped" else None
        if known is not None and (self.version, rank) < (known.version, known.rank):
            # Old news, but for this: a cancellation may come before the shipment that it cancels.
            told = replace(known, shipped_at=known.shipped_at or shipped_at)
        else:
            told = Order(self.version, rank, units, shipped_at or (known.shipped_at if known else None))
        if told == known:
            return (0,)
        model.orders[name] = told
        is_cancelled = told.rank == RANKS["cancelled"]
        has_left = told.rank == RANKS["shipped"] or (is_cancelled and told.shipped_at is not None)
        at = (told.shipped_at if has_left else self.at if is_cancelled else None) or self.ordered_at
        is_presale = self.order in PRESALES
        # A presale wants nothing until it leaves, where none is promised anything. What was promised stays so.
        wants = has_left or not (is_cancelled or (is_presale and not model.allows_presale and not model.wants(name)))
        model.target(
            name, self.ordered_at, wanted=told.qty if wants else 0, shipped=told.qty if has_left else 0, at=max(at, self.ordered_at),
            now=now, is_presale=is_presale, ship_by_at=PRESALES.get(self.order),
        )  # fmt: skip
        return (0,)


@dataclass(frozen=True, kw_only=True)
class Send(Operation):
    """A state of a transfer to the far warehouse, in whatever order states arrive: what left, and what came in of it."""

    number: int
    status: str
    shipped: int
    received: int

    def run(self, world: World) -> Outcome:
        sku = world.bundle if self.number == LAST else world.sku
        line = TransferLineInput(sku=sku.code, shipped_qty=self.shipped, received_qty=self._received)
        told = TransferInput(
            code=f"T-{world.sku.pk}-{self.number}", from_warehouse=world.warehouse.code, to_warehouse=world.far.code, status=self.status,
            lines=[line], occurred_at=self.at,
        )  # fmt: skip
        try:
            upsert_transfer(told)
        except DomainError as error:
            return (error.code,)
        return ("told",)

    @property
    def _received(self) -> int:
        return self.received if self.status == "received" else 0

    def _effects(self) -> dict[str, int]:
        units = SET if self.number == LAST else 1
        shipped, received = units * self.shipped, units * self._received
        missing = max(shipped - received, 0)
        return {
            "available": -shipped,
            "far:available": received,
            "far:in_transit": 0 if self.status == "received" else missing,
            "far:researching": missing if self.status == "received" else 0,
        }

    def apply(self, model: Model, now: datetime) -> Outcome:
        before = model.transfers.get(self.number)
        if before is not None and self.at < before[0]:
            return ("told",)
        effects = self._effects()
        change = {where: qty - (before[1][where] if before else 0) for where, qty in effects.items()}
        if any(qty < 0 and not model.take(where, -qty) for where, qty in change.items()):
            return ("insufficient_stock",)
        for where, qty in change.items():
            model.add(where, qty, self.at)
        model.transfers[self.number] = self.at, effects
        if change["available"] > 0:
            model.serve(now)
        return ("told",)


def run_at(operation: Operation, world: World, now: datetime) -> Outcome:
    """The real thing, as of a moment."""
    with clock.at(now):
        return operation.run(world)
