"""New order lines, which PostgreSQL reserves in one statement: the same rows as the general way, which all other lines still go."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.catalog.models import Sku, Warehouse
from stockhub.inventory import allocations
from stockhub.inventory.allocations import AllocationTarget, set_targets
from stockhub.inventory.models import Allocation, Movement
from stockhub.inventory.proof.reconciliation import reconcile
from stockhub.values.errors import DomainError
from tests.inventory.line_world import AT, new_line, outcome, receive

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def target(sku: Sku, warehouse: Warehouse) -> AllocationTarget:
    return new_line(sku, warehouse)


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
        assert outcome(partial(set_targets, asked)) == outcome(partial(allocations._set_targets, asked))


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
