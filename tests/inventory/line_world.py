"""A new order line, stock for it, and all that a way of reserving it answers and writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, TypeVar

from django.db import transaction
from django.db.models import Model

from stockhub.catalog.models import Sku, Warehouse
from stockhub.core import actor, clock
from stockhub.core.actor import Actor
from stockhub.inventory.allocations import AllocationTarget
from stockhub.inventory.models import Allocation, Balance, Movement, MovementKey, MovementKind
from stockhub.inventory.posting.ledger import Posting, post
from stockhub.outbox.models import Event

AT: Final = datetime(2025, 1, 2, tzinfo=UTC)
NOW: Final = datetime(2025, 1, 3, tzinfo=UTC)
Rows = dict[str, list[dict[str, Any]]]
Told = TypeVar("Told")
#: The columns that put a table's rows in an order which no sequence decides.
_ORDERS: Final[dict[type[Model], tuple[str, ...]]] = {
    Allocation: ("reference", "sku_id", "warehouse_id"),
    Movement: ("id",),
    MovementKey: (),
    Balance: ("sku_id", "warehouse_id", "bucket_id"),
    Event: ("id",),
}


def new_line(sku: Sku, warehouse: Warehouse) -> AllocationTarget:
    return AllocationTarget(
        reference="line:1", sku_id=sku.pk, warehouse_id=warehouse.pk, account_id=7, wanted_qty=3, ship_qty=0, ordered_at=AT, occurred_at=AT,
        paid_at=AT + timedelta(minutes=1), ship_by_at=AT + timedelta(days=2), paid_amount=Decimal("19.990001"), currency="CNY",
    )  # fmt: skip


def receive(sku: Sku, warehouse: Warehouse, qty: int) -> None:
    [result] = post(
        [
            Posting(
                sku_id=sku.pk, warehouse_id=warehouse.pk, from_bucket=None, to_bucket="available", qty=qty, kind=MovementKind.RECEIVE,
                key=f"receipt:{sku.pk}:{warehouse.pk}", occurred_at=AT,
            )
        ]
    )  # fmt: skip
    assert result.status == "posted"


def written() -> Rows:
    """Every row of the ledger and the outbox, but for the ids that sequences give: a key names an allocation by its reference instead."""
    names = {f"allocation:{pk}:": f"allocation:{reference}:" for pk, reference in Allocation.objects.values_list("id", "reference")}

    def named(key: str) -> str:
        return next((key.replace(old, new, 1) for old, new in names.items() if key.startswith(old)), key)

    def row(values: dict[str, Any]) -> dict[str, Any]:
        values.pop("id", None)
        return values | ({"key": named(values["key"])} if "key" in values else {})

    found = {model.__name__: [row(each) for each in model._default_manager.order_by(*order).values()] for model, order in _ORDERS.items()}
    found["MovementKey"].sort(key=lambda each: str(each["key"]))
    return found


def outcome(way: Callable[[], Told]) -> tuple[Told, Rows]:
    """What a way answers and writes; undone afterwards."""
    with transaction.atomic(), clock.at(NOW), actor.acting_as(Actor("ana"), correlation="request-1"):
        told = way()
        rows = written()
        transaction.set_rollback(True)
    return told, rows
