"""More that can happen to a SKU: units that leave by a decision, late invoices, platforms' counts, promises to presales."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from stockhub.catalog.models import Warehouse
from stockhub.inventory.allocations import serve_owed
from stockhub.inventory.models import CostKind, Lot
from stockhub.inventory.services import UnitCost, add_costs, dispose_stock, observe_stock, remove_stock
from stockhub.values.errors import DomainError
from tests.inventory.ledger_model import Model, Outcome
from tests.inventory.ledger_operations import Keyed, Operation, World, answer_of

_NO_LOT: Final[Outcome] = ("no lot",)


@dataclass(frozen=True, kw_only=True)
class TakeOut(Keyed):
    """Units go back to their owner, or are destroyed."""

    bucket: str
    is_destroyed: bool

    def run(self, world: World) -> Outcome:
        take = dispose_stock if self.is_destroyed else remove_stock
        return answer_of(
            lambda: take(
                sku_id=world.sku.pk, warehouse_id=world.warehouse.pk, bucket=self.bucket, qty=self.qty, reason="test",
                idempotency_key=self.key, occurred_at=self.at,
            )
        )  # fmt: skip

    def do(self, model: Model, now: datetime) -> tuple[Outcome, bool]:
        if not model.take(self.bucket, self.qty):
            return ("insufficient_stock",), False
        model.add(self.bucket, -self.qty, self.at)
        return ("posted", self.qty), True


@dataclass(frozen=True, kw_only=True)
class Invoice(Keyed):
    """A late invoice for the lot of a receipt, or a credit note; `lot` is the receipt's key, empty where nothing was received yet."""

    lot: str
    is_credit: bool

    @property
    def amount(self) -> int:
        return -self.qty if self.is_credit else self.qty

    def run(self, world: World) -> Outcome:
        if not self.lot:
            return _NO_LOT
        lot = Lot.objects.get(sku=world.sku, warehouse=world.warehouse, code=self.lot)
        cost = UnitCost(kind=CostKind.FREIGHT, unit_amount=Decimal(self.amount), currency="CNY")
        try:
            return (len(add_costs(lot_id=lot.pk, costs=[cost], idempotency_key=self.key)),)
        except DomainError as error:
            return (error.code,)

    def do(self, model: Model, now: datetime) -> tuple[Outcome, bool]:
        if not self.lot:
            return _NO_LOT, False
        if model.costs[self.lot] + self.amount < 0:
            return ("negative_cost",), False
        model.costs[self.lot] += self.amount
        return (1,), True

    def repeated(self, answer: Outcome) -> Outcome:
        return (0,)


@dataclass(frozen=True, kw_only=True)
class Promise(Operation):
    """From now on presales are promised what is on its way here, or no more."""

    allows: bool

    def run(self, world: World) -> Outcome:
        Warehouse.objects.filter(pk=world.warehouse.pk).update(allows_presale=self.allows)
        return ()

    def apply(self, model: Model, now: datetime) -> Outcome:
        model.allows_presale = self.allows
        return ()


@dataclass(frozen=True, kw_only=True)
class Serve(Operation):
    """What is done from time to time: what lies there goes to those who are owed some, and to presales that must leave soon."""

    def run(self, world: World) -> Outcome:
        return (serve_owed(sku_ids=[world.sku.pk], has_arrived=False),)

    def apply(self, model: Model, now: datetime) -> Outcome:
        return (model.serve(now, has_arrived=False),)


@dataclass(frozen=True, kw_only=True)
class Observe(Operation):
    """The platform's own count of its warehouse; one that is not newer than the last is old news."""

    bucket: str
    qty: int

    def run(self, world: World) -> Outcome:
        told = observe_stock(warehouse_id=world.observed.pk, counts={(world.sku.pk, self.bucket): self.qty}, observed_at=self.at)
        return told.changed, told.confirmed, told.ignored

    def apply(self, model: Model, now: datetime) -> Outcome:
        where = f"observed:{self.bucket}"
        last = model.observed_at.get(where)
        if last is not None and last >= self.at:
            return 0, 0, 1
        model.observed_at[where] = self.at
        change = self.qty - model.cells.get(where, 0)
        model.add(where, change, self.at)
        return int(change != 0), int(change == 0), 0
