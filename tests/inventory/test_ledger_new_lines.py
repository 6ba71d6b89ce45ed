"""New order lines, which PostgreSQL reserves in one statement: the same rows as the general way, which all other lines still go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from stockhub.catalog.models import Sku, Warehouse
from stockhub.core import actor, clock
from stockhub.core.actor import Actor
from stockhub.inventory import allocations
from stockhub.inventory.allocations import AllocationTarget, TargetResult, set_targets
from stockhub.inventory.models import Allocation, Balance, Movement, MovementKey, MovementKind
from stockhub.inventory.posting.ledger import Posting, post
from stockhub.inventory.proof.reconciliation import reconcile
from stockhub.outbox.models import Event
from stockhub.values.errors import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

AT = datetime(2025, 1, 2, tzinfo=UTC)
NOW = datetime(2025, 1, 3, tzinfo=UTC)
Way = Callable[[list[AllocationTarget]], list[TargetResult]]


@pytest.fixture
def target(sku: Sku, warehouse: Warehouse) -> AllocationTarget:
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


def written() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the ledger and the outbox, but for the ids that sequences give; keys name an allocation by its reference instead."""
    names = {f"allocation:{pk}:": f"allocation:{reference}:" for pk, reference in Allocation.objects.values_list("id", "reference")}

    def named(key: str) -> str:
        return next((key.replace(old, new) for old, new in names.items() if key.startswith(old)), key)

    def rows(model: Any, *order: str, without: str = "id") -> list[tuple[Any, ...]]:  # noqa: ANN401 - a model
        columns = [field.attname for field in model._meta.fields if field.attname != without]
        found = model.objects.order_by(*order).values_list(*columns)
        return [tuple(named(cell) if isinstance(cell, str) else cell for cell in row) for row in found]

    return {
        "allocations": rows(Allocation, "reference", "sku_id", "warehouse_id"),
        "movements": rows(Movement, "id"),
        "keys": sorted(rows(MovementKey, "key", without="")),
        "balances": rows(Balance, "sku_id", "warehouse_id", "bucket_id"),
        "events": rows(Event, "id"),
    }


def outcome(way: Way, targets: list[AllocationTarget]) -> tuple[list[TargetResult], dict[str, list[tuple[Any, ...]]]]:
    """What a way answers and writes; undone afterwards."""
    with transaction.atomic(), clock.at(NOW), actor.acting_as(Actor("ana"), correlation="request-1"):
        told = way(targets)
        rows = written()
        transaction.set_rollback(True)
    return told, rows


@pytest.mark.parametrize("backorder", [False, True])
@pytest.mark.parametrize("in_stock", [0, 4, 7, 100])
def test_one_statement_and_the_general_way_answer_and_write_the_same(
    sku: Sku, warehouse: Warehouse, target: AllocationTarget, *, in_stock: int, backorder: bool
) -> None:
    Warehouse.objects.filter(pk=warehouse.pk).update(allows_backorder=backorder)
    other = Sku.objects.create(code="CUP")
    elsewhere = Warehouse.objects.create(code="GZ", name="Guangzhou", ledger_starts_at=AT)
    if in_stock:
        receive(sku, warehouse, in_stock)
    receive(other, elsewhere, 2)
    targets = [
        replace(target, reference="line:2", wanted_qty=2),
        target,
        replace(target, reference='line:"\\', sku_id=other.pk, warehouse_id=elsewhere.pk, paid_amount=None, paid_at=None, currency=""),
        replace(target, reference="line:1", sku_id=other.pk, account_id=None, ship_by_at=None),
        replace(target, reference="line:3", wanted_qty=4),
        replace(target, reference="line:4", wanted_qty=1),
    ]
    for asked in (targets, targets[1:2], targets[3:]):
        assert outcome(set_targets, asked) == outcome(allocations._set_targets, asked)


def test_a_list_of_any_length_is_one_statement_on_postgresql(sku: Sku, warehouse: Warehouse, target: AllocationTarget) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("On SQLite a list is a short transaction.")
    receive(sku, warehouse, 700)
    for count in (1, 500):
        with CaptureQueriesContext(connection) as queries:
            set_targets([replace(target, reference=f"{count}:{n}", wanted_qty=1) for n in range(count)])
        assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 1
    assert reconcile() == []


def test_h82_a_list_with_a_line_that_is_there_already_goes_the_general_way(
    sku: Sku, warehouse: Warehouse, target: AllocationTarget
) -> None:
    receive(sku, warehouse, 10)
    set_targets([target])
    told = set_targets([target, replace(target, reference="line:2", wanted_qty=4)])
    assert [(each.status, each.reserved_qty) for each in told] == [("unchanged", 3), ("posted", 4)]
    told = set_targets([replace(target, wanted_qty=9), replace(target, reference="line:3")])
    assert [(each.reserved_qty, each.owed_qty) for each in told] == [(6, 3), (0, 3)]
    assert reconcile() == []


def test_lists_that_touch_other_warehouses_too_are_served_line_by_line(
    sku: Sku, warehouse: Warehouse, observed: Warehouse, target: AllocationTarget
) -> None:
    receive(sku, warehouse, 5)
    counted = replace(target, reference="line:2", warehouse_id=observed.pk)
    early = replace(target, reference="line:3", occurred_at=datetime(2024, 12, 31, tzinfo=UTC))
    told = set_targets([counted, early, target])
    assert [(each.status, each.reserved_qty) for each in told] == [("snapshot", 0), ("before_ledger", 0), ("posted", 3)]
    with pytest.raises(DomainError) as caught:
        set_targets([replace(target, reference="line:4"), replace(target, reference="line:5", warehouse_id=10**9)])
    assert caught.value.code == "unknown_warehouse"
    assert sorted(Allocation.objects.values_list("reference", flat=True)) == ["line:1"]


def test_a_long_reference_is_kept_whole_and_its_movement_names_the_row(sku: Sku, warehouse: Warehouse, target: AllocationTarget) -> None:
    receive(sku, warehouse, 5)
    set_targets([replace(target, reference="x" * 160)])
    allocation = Allocation.objects.get()
    assert (allocation.reference, allocation.reserved_qty) == ("x" * 160, 3)
    assert Movement.objects.get(kind="reserve").reference == f"allocation:{allocation.pk}"
