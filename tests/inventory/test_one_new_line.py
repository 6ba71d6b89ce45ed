"""One new order line: the function in PostgreSQL, the statement for lists and the general way answer and write alike."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from stockhub.catalog.models import Sku, Warehouse
from stockhub.inventory import allocations
from stockhub.inventory.allocations import AllocationTarget, set_targets
from stockhub.inventory.models import Allocation, Balance, Movement
from stockhub.inventory.posting import line_function, new_lines
from stockhub.inventory.posting.postings import MAX_QTY
from stockhub.inventory.proof.reconciliation import reconcile
from stockhub.values.errors import DomainError
from tests.inventory.line_world import NOW, Rows, new_line, outcome, receive

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def target(sku: Sku, warehouse: Warehouse) -> AllocationTarget:
    return new_line(sku, warehouse)


def alike(target: AllocationTarget) -> tuple[list[int], Rows]:
    """What every way reserves for the line (nothing where it has to go the general way) and what it writes."""
    in_general = outcome(lambda: allocations._set_targets([target]))
    assert outcome(lambda: set_targets([target])) == in_general
    told, rows = in_general
    if connection.vendor != "postgresql":
        return [each.reserved_qty for each in told], rows
    of_list = outcome(lambda: new_lines._execute_list([target]))
    assert outcome(lambda: new_lines._execute_one(target)) == of_list
    if of_list[0]:
        assert of_list == ([each.reserved_qty for each in told], rows)
    return of_list[0], of_list[1]


@pytest.mark.parametrize(("in_stock", "may_owe", "reserved"), [(None, True, 3), (2, False, 2), (2, True, 3), (3, False, 3), (9, True, 3)])
def test_h80_one_line_is_reserved_alike_by_every_way(
    sku: Sku, warehouse: Warehouse, target: AllocationTarget, *, in_stock: int | None, may_owe: bool, reserved: int
) -> None:
    Warehouse.objects.filter(pk=warehouse.pk).update(allows_backorder=may_owe)
    if in_stock:
        receive(sku, warehouse, in_stock)
    told, rows = alike(target)
    assert told == [reserved]
    assert [(row["reserved_qty"], row["revision"], row["updated_at"]) for row in rows["Allocation"]] == [(reserved, 1, NOW)]
    assert [row["key"] for row in rows["Movement"]][bool(in_stock) :] == ["allocation:line:1:1:reserve"] * bool(reserved)
    held = {row["bucket_id"]: row["qty"] for row in rows["Balance"]}
    expected = {"available": (in_stock or 0) - reserved, "reserved": reserved} if reserved else {}
    assert held == expected
    payload = {"sku_ids": [sku.pk], "warehouse_ids": [warehouse.pk]}
    assert [(row["payload"], row["actor"], row["correlation_id"]) for row in rows["Event"]] == [(payload, "ana", "request-1")] * bool(
        reserved
    )


def test_a_line_without_a_balance_that_could_be_locked_goes_the_general_way(warehouse: Warehouse, target: AllocationTarget) -> None:
    assert not warehouse.allows_backorder
    told, _rows = alike(target)
    assert told == ([] if connection.vendor == "postgresql" else [0])
    [result] = set_targets([target])
    assert (result.reserved_qty, result.owed_qty) == (0, 3)
    assert list(Allocation.objects.values_list("wanted_qty", "reserved_qty")) == [(3, 0)]


def test_h80_a_balance_of_zero_and_one_below_it_give_nothing(sku: Sku, warehouse: Warehouse, target: AllocationTarget) -> None:
    receive(sku, warehouse, 3)
    set_targets([target])
    second = replace(target, reference="line:2", account_id=None, paid_at=None, ship_by_at=None, paid_amount=None, currency="")
    assert alike(second)[0] == [0]
    Balance.objects.filter(bucket_id="available").update(qty=-4)
    assert alike(second)[0] == [0]
    # The second line of this SKU finds both balances there.
    Balance.objects.filter(bucket_id="available").update(qty=MAX_QTY - 1)
    told, rows = alike(replace(second, wanted_qty=MAX_QTY, reference='line:"\\,{}'))
    assert told == [MAX_QTY - 1]
    assert [row["qty"] for row in rows["Balance"]] == [0, MAX_QTY + 2]


def test_a_quantity_that_no_ledger_posts_is_refused_for_one_line_and_for_two(
    sku: Sku, warehouse: Warehouse, target: AllocationTarget
) -> None:
    receive(sku, warehouse, 3)
    huge = replace(target, reference="line:2", wanted_qty=MAX_QTY + 1)
    for asked in ([huge], [target, huge]):
        with pytest.raises(DomainError) as caught:
            set_targets(asked)
        assert caught.value.code == "invalid_quantity"
        assert not Allocation.objects.exists()


def test_an_order_from_tomorrow_counts_a_day_ahead_at_most(sku: Sku, warehouse: Warehouse, target: AllocationTarget) -> None:
    receive(sku, warehouse, 9)
    for ahead in (timedelta(hours=2), timedelta(days=3)):
        told, rows = alike(replace(target, occurred_at=NOW + ahead))
        assert told == [3]
        assert rows["Movement"][-1]["occurred_at"] == NOW + min(ahead, timedelta(days=1))


def test_what_is_not_that_simple_is_left_to_the_general_way(
    sku: Sku, warehouse: Warehouse, observed: Warehouse, target: AllocationTarget
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("On SQLite every line goes the general way.")
    receive(sku, warehouse, 9)
    set_targets([target])
    nothing: list[int] = []
    before = outcome(nothing.copy)
    for other in (
        target,
        replace(target, reference="line:2", warehouse_id=observed.pk),
        replace(target, reference="line:2", occurred_at=datetime(2024, 12, 31, tzinfo=UTC)),
    ):
        assert alike(other) == before
    unknown = replace(target, reference="line:2", warehouse_id=10**9)
    for way in (lambda: new_lines._execute_list([unknown]), lambda: new_lines._execute_one(unknown)):
        assert outcome(way) == before
    with pytest.raises(DomainError) as caught:
        set_targets([unknown])
    assert caught.value.code == "unknown_warehouse"


def test_a_sku_that_is_unknown_is_refused_by_the_database(sku: Sku, warehouse: Warehouse, target: AllocationTarget) -> None:
    def told() -> None:
        with transaction.atomic():
            set_targets([replace(target, sku_id=sku.pk + 1)])
            connection.check_constraints()

    with pytest.raises(IntegrityError):
        told()
    assert not Allocation.objects.exists()


def test_the_function_goes_and_comes_back_with_its_migration() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("Other databases have no such function.")

    def there() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_proc WHERE proname = %s", [line_function.NAME])
            return int(cursor.fetchone()[0])

    with transaction.atomic(), connection.schema_editor() as editor:
        assert there() == 1
        line_function.drop(editor)
        assert there() == 0
        line_function.create(editor)
        assert there() == 1


@pytest.mark.django_db(transaction=True)
def test_h81_a_line_that_another_adds_at_this_moment_is_reserved_once(sku: Sku, warehouse: Warehouse, target: AllocationTarget) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time.")
    receive(sku, warehouse, 9)
    told: list[tuple[str, int]] = []
    begun = threading.Event()

    def other() -> None:
        begun.set()
        told.extend((each.status, each.reserved_qty) for each in set_targets([target]))
        connection.close()

    thread = threading.Thread(target=other)
    with transaction.atomic():
        set_targets([target])
        thread.start()
        begun.wait()
        # It waits for the balance.
        thread.join(0.2)
        assert thread.is_alive()
    thread.join(10)
    assert told == [("unchanged", 3)]
    assert dict(Balance.objects.values_list("bucket_id", "qty")) == {"available": 6, "reserved": 3}
    assert Movement.objects.filter(kind="reserve").count() == 1
    assert reconcile() == []


def fetched() -> int:
    """Rows of order lines that this transaction has read by an index so far, those that a filter then left out included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'inventory_allocation'")
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("lines_each", [1, 10])
def test_h14_a_line_of_a_viral_sku_is_looked_for_by_its_reference_not_among_all_lines_of_the_sku(
    sku: Sku, warehouse: Warehouse, target: AllocationTarget, lines_each: int
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("Only PostgreSQL plans by statistics.")
    receive(sku, warehouse, 9_000)
    quiet = Sku.objects.bulk_create(Sku(code=f"QUIET-{n}") for n in range(2_000 // lines_each))

    def lines(of: Sku, count: int) -> list[Allocation]:
        rows = range(count)
        return [
            Allocation(reference=f"old:{of.pk}:{n}", sku=of, warehouse=warehouse, wanted_qty=1, shipped_qty=1, ordered_at=NOW) for n in rows
        ]  # fmt: skip

    Allocation.objects.bulk_create(line for each in quiet for line in lines(each, lines_each))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE inventory_allocation")
    # What was counted says few lines a SKU; then one of them goes viral.
    Allocation.objects.bulk_create(lines(sku, 3_000))
    before = fetched()
    for n in range(20):
        assert set_targets([replace(target, reference=f"single:{n}")])[0].reserved_qty == 3
    assert fetched() - before <= 20
    before = fetched()
    told = set_targets([replace(target, reference=f"listed:{n}") for n in range(50)])
    assert [each.reserved_qty for each in told] == [3] * 50
    assert fetched() - before <= 50
