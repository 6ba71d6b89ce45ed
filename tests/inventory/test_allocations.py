"""Order lines and their target states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.catalog.models import Sku, Warehouse
from stockhub.inventory.allocations import AllocationTarget, serve_owed, set_targets
from stockhub.inventory.disputes import disputed_pairs
from stockhub.inventory.lots.receipts import Receipt, receive_lot
from stockhub.inventory.models import Allocation, Movement, StockDispute
from stockhub.inventory.proof.reconciliation import reconcile
from stockhub.inventory.services import adjust, count_stock
from stockhub.outbox.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

AT = datetime(2025, 1, 2, tzinfo=UTC)
Held = Callable[[], dict[str, int]]


@pytest.fixture
def stocked(sku: Sku, warehouse: Warehouse) -> None:
    receive_lot(Receipt(sku_id=sku.pk, warehouse_id=warehouse.pk, qty=10, idempotency_key="first", occurred_at=AT))


@pytest.fixture
def target(sku: Sku, warehouse: Warehouse) -> AllocationTarget:
    return AllocationTarget(
        reference="line:1", sku_id=sku.pk, warehouse_id=warehouse.pk, account_id=7, wanted_qty=3, ship_qty=0, ordered_at=AT, occurred_at=AT
    )


def test_d2_the_same_order_twice_takes_stock_once(stocked: None, target: AllocationTarget, held: Held) -> None:
    assert set_targets([target])[0].reserved_qty == 3
    assert set_targets([target])[0].status == "unchanged"
    assert held() == {"available": 7, "reserved": 3}
    assert reconcile() == []


def test_d2_a_cancelled_order_that_never_was_leaves_stock_alone(stocked: None, target: AllocationTarget, held: Held) -> None:
    assert set_targets([replace(target, wanted_qty=0)])[0].status == "unchanged"
    assert held() == {"available": 10}
    assert Allocation.objects.count() == 0


def test_a_cancelled_order_gives_its_stock_back(stocked: None, target: AllocationTarget, held: Held) -> None:
    set_targets([target])
    assert set_targets([replace(target, wanted_qty=0)])[0].reserved_qty == 0
    assert held() == {"available": 10}
    assert reconcile() == []


def test_shipping_takes_the_reserved_units_and_then_available_ones(stocked: None, target: AllocationTarget, held: Held) -> None:
    set_targets([target])
    result = set_targets([replace(target, wanted_qty=5, ship_qty=5)])[0]
    assert (result.reserved_qty, result.shipped_qty, result.owed_qty, result.unbacked_qty) == (0, 5, 0, 0)
    assert held() == {"available": 5}


def test_part_of_a_line_can_leave(stocked: None, target: AllocationTarget, held: Held) -> None:
    set_targets([replace(target, ship_qty=1)])
    assert held() == {"available": 7, "reserved": 2}
    assert Allocation.objects.values_list("reserved_qty", "shipped_qty").get() == (2, 1)


def test_every_sku_that_is_shipped_without_stock_is_disputed_once_until_it_is_counted(
    stocked: None, target: AllocationTarget, warehouse: Warehouse
) -> None:
    def ship(reference: str, qty: int) -> list[str]:
        set_targets([replace(target, reference=reference, wanted_qty=qty, ship_qty=qty)])
        return list(StockDispute.objects.filter(resolved_at=None).values_list("cause", flat=True))

    assert ship("backed", 10) == []
    assert ship("first", 5000) == ship("first", 5000) == ship("second", 3) == ["unbacked"]
    count_stock(warehouse_id=warehouse.pk, counts={(target.sku_id, None): 0}, idempotency_key="c")
    assert disputed_pairs() == set()
    assert ship("second", 3) == [], "nothing left since"
    assert ship("second", 4) == ["unbacked"]
    assert StockDispute.objects.count() == 2


def test_units_that_left_without_stock_are_counted_and_never_negative(stocked: None, target: AllocationTarget, held: Held) -> None:
    result = set_targets([replace(target, wanted_qty=14, ship_qty=14)])[0]
    assert (result.shipped_qty, result.unbacked_qty) == (14, 4)
    assert held() == {}
    [dispute] = StockDispute.objects.all()
    assert (dispute.sku_id, dispute.warehouse_id, dispute.cause, dispute.buckets, dispute.note) == (
        target.sku_id, target.warehouse_id, "unbacked", ["available"], "line:1: 4 units left that the ledger did not have.",
    )  # fmt: skip
    undone = set_targets([replace(target, wanted_qty=14, ship_qty=12)])[0]
    assert (undone.shipped_qty, undone.unbacked_qty, undone.owed_qty) == (12, 2, 2)
    undone = set_targets([replace(target, wanted_qty=0, ship_qty=0)])[0]
    assert (undone.shipped_qty, undone.unbacked_qty) == (0, 0)
    assert held() == {"available": 10}
    assert reconcile() == []


def test_the_order_of_targets_does_not_matter_to_where_they_end(stocked: None, target: AllocationTarget, held: Held) -> None:
    states = [(3, 0), (5, 0), (5, 2), (0, 0)]
    for number, order in enumerate(permutations(states)):
        line = replace(target, reference=f"line:{number}")
        for wanted, ship in (*order, (4, 1), (0, 0)):
            set_targets([replace(line, wanted_qty=wanted, ship_qty=ship)])
            assert reconcile() == []
        assert held() == {"available": 10}


def test_what_is_short_is_owed_and_served_by_ship_by_time(sku: Sku, warehouse: Warehouse, target: AllocationTarget, held: Held) -> None:
    late, soon, undated = (
        replace(target, reference=name, wanted_qty=4, ship_by_at=ship_by)
        for name, ship_by in (("late", AT + timedelta(days=3)), ("soon", AT + timedelta(days=1)), ("undated", None))
    )
    assert [result.owed_qty for result in set_targets([late, soon, undated])] == [4, 4, 4]
    receive_lot(Receipt(sku_id=sku.pk, warehouse_id=warehouse.pk, qty=6, idempotency_key="second", occurred_at=AT))
    assert dict(Allocation.objects.values_list("reference", "reserved_qty")) == {"soon": 4, "late": 2, "undated": 0}
    assert held() == {"reserved": 6}
    adjust(sku_id=sku.pk, warehouse_id=warehouse.pk, bucket="available", delta_qty=5, reason="found", idempotency_key="x", occurred_at=AT)
    assert dict(Allocation.objects.values_list("reference", "reserved_qty")) == {"soon": 4, "late": 4, "undated": 3}
    assert serve_owed() == 0
    assert reconcile() == []


def test_released_stock_goes_to_who_is_owed(stocked: None, target: AllocationTarget, held: Held) -> None:
    set_targets([replace(target, wanted_qty=10), replace(target, reference="line:2", wanted_qty=4)])
    set_targets([replace(target, wanted_qty=0)])
    assert dict(Allocation.objects.values_list("reference", "reserved_qty")) == {"line:1": 0, "line:2": 4}
    assert held() == {"available": 6, "reserved": 4}
    assert reconcile() == []


def test_an_observed_warehouse_is_never_reserved_in(sku: Sku, observed: Warehouse, target: AllocationTarget, held: Held) -> None:
    assert set_targets([replace(target, warehouse_id=observed.pk)])[0].status == "snapshot"
    assert Movement.objects.count() == 0
    assert Allocation.objects.count() == 0


def test_what_happened_before_the_ledger_moves_nothing(stocked: None, target: AllocationTarget, held: Held) -> None:
    early = datetime(2024, 12, 1, tzinfo=UTC)
    assert set_targets([replace(target, occurred_at=early, ship_qty=3)])[0].status == "before_ledger"
    assert held() == {"available": 10}
    shipped = set_targets([replace(target, ordered_at=early, ship_qty=3)])[0]
    assert (shipped.status, shipped.unbacked_qty) == ("posted", 0)
    assert held() == {"available": 7}


def test_of_several_targets_for_a_line_the_last_counts(stocked: None, target: AllocationTarget, held: Held) -> None:
    results = set_targets([target, replace(target, wanted_qty=5)])
    assert [result.reserved_qty for result in results] == [5, 5]
    assert held() == {"available": 5, "reserved": 5}


def test_a_thousand_targets_take_as_many_queries_as_two(stocked: None, target: AllocationTarget) -> None:
    def queries(count: int, name: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            set_targets([replace(target, reference=f"{name}:{n}", wanted_qty=1) for n in range(count)])
        return len(seen)

    assert queries(2, "few") == queries(1000, "many")


def test_one_event_names_the_skus_whose_stock_moved(stocked: None, target: AllocationTarget) -> None:
    Event.objects.all().delete()
    set_targets([target, replace(target, reference="line:2")])
    set_targets([target])
    [event] = Event.objects.filter(kind="inventory.stock_changed.v1")
    assert event.payload == {"sku_ids": [target.sku_id], "warehouse_ids": [target.warehouse_id]}
