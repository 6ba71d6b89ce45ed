"""Warehouses that a platform counts, and counts of our own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from stockhub.access.models import User
from stockhub.catalog.models import Sku, Warehouse
from stockhub.core import clock
from stockhub.core.actor import Actor, acting_as
from stockhub.inventory.models import Movement, StockDispute
from stockhub.inventory.proof.reconciliation import reconcile
from stockhub.inventory.services import AllocationTarget, Observation, Receipt, adjust, count_stock, observe_stock, receive_lot, set_targets
from stockhub.values.errors import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

AT = datetime(2025, 1, 2, tzinfo=UTC)
Held = Callable[[], dict[str, int]]


def test_the_difference_to_what_we_knew_is_posted(sku: Sku, observed: Warehouse, held: Held) -> None:
    assert observe_stock(
        warehouse_id=observed.pk, counts={(sku.pk, "available"): 40, (sku.pk, "reserved"): 2}, observed_at=AT
    ) == Observation(2, 0, 0)
    later = AT + timedelta(hours=1)
    assert observe_stock(warehouse_id=observed.pk, counts={(sku.pk, "available"): 35}, observed_at=later) == Observation(1, 0, 0)
    assert held() == {"available": 35, "reserved": 2}
    assert list(Movement.objects.order_by("id").values_list("kind", "qty")) == [("observe", 40), ("observe", 2), ("observe", 5)]
    assert reconcile() == []


def test_an_observation_that_is_not_newer_is_ignored(sku: Sku, observed: Warehouse, held: Held) -> None:
    counts = {(sku.pk, "available"): 40}
    observe_stock(warehouse_id=observed.pk, counts=counts, observed_at=AT)
    assert observe_stock(warehouse_id=observed.pk, counts=counts, observed_at=AT) == Observation(0, 0, 1)
    old = AT - timedelta(hours=1)
    assert observe_stock(warehouse_id=observed.pk, counts={(sku.pk, "available"): 7}, observed_at=old) == Observation(0, 0, 1)
    assert observe_stock(warehouse_id=observed.pk, counts=counts, observed_at=AT + timedelta(hours=1)) == Observation(0, 1, 0)
    assert held() == {"available": 40}


def test_an_absent_sku_is_zero_only_where_the_report_is_complete(sku: Sku, observed: Warehouse, held: Held) -> None:
    other = Sku.objects.create(code="CUP")
    observe_stock(warehouse_id=observed.pk, counts={(sku.pk, "available"): 40, (other.pk, "available"): 1}, observed_at=AT)
    observe_stock(warehouse_id=observed.pk, counts={(other.pk, "available"): 2}, observed_at=AT + timedelta(hours=1))
    assert held() == {"available": 42}
    observe_stock(warehouse_id=observed.pk, counts={(other.pk, "available"): 2}, observed_at=AT + timedelta(hours=2), complete=True)
    assert held() == {"available": 2}


@pytest.mark.parametrize(
    ("bucket", "qty", "code"),
    [("in_transit", 3, "bucket_not_observable"), ("nowhere", 3, "bucket_not_observable"), ("available", -1, "invalid_quantity")],
)
def test_a_count_that_cannot_be_is_refused_whole(sku: Sku, observed: Warehouse, held: Held, bucket: str, qty: int, code: str) -> None:
    with pytest.raises(DomainError) as caught:
        observe_stock(warehouse_id=observed.pk, counts={(sku.pk, "reserved"): 5, (sku.pk, bucket): qty}, observed_at=AT)
    assert caught.value.code == code
    assert held() == {}


def test_an_empty_complete_report_empties_nothing(sku: Sku, observed: Warehouse, held: Held) -> None:
    observe_stock(warehouse_id=observed.pk, counts={(sku.pk, "available"): 40}, observed_at=AT)
    with pytest.raises(DomainError, match="empty report"):
        observe_stock(warehouse_id=observed.pk, counts={}, observed_at=AT + timedelta(hours=1), complete=True)
    assert held() == {"available": 40}


def test_who_counts_is_not_confused(sku: Sku, warehouse: Warehouse, observed: Warehouse) -> None:
    with pytest.raises(DomainError) as caught:
        observe_stock(warehouse_id=warehouse.pk, counts={(sku.pk, "available"): 1}, observed_at=AT)
    assert caught.value.code == "warehouse_is_counted_here"
    with pytest.raises(DomainError) as caught:
        adjust(sku_id=sku.pk, warehouse_id=observed.pk, bucket="available", delta_qty=1, reason="x", idempotency_key="k")
    assert caught.value.code == "warehouse_is_observed"
    assert Movement.objects.count() == 0


@pytest.fixture
def stocked(sku: Sku, warehouse: Warehouse) -> None:
    receive_lot(Receipt(sku_id=sku.pk, warehouse_id=warehouse.pk, qty=100, idempotency_key="first", occurred_at=AT))


def test_h6_a_count_posts_its_difference_once(sku: Sku, warehouse: Warehouse, stocked: None, held: Held) -> None:
    def count() -> tuple[int, int, int]:
        counts: dict[tuple[int, str | None], int] = {(sku.pk, "available"): 92}
        [row] = count_stock(warehouse_id=warehouse.pk, counts=counts, idempotency_key="march", counted_at=AT + timedelta(days=1))
        return row.book_qty, row.counted_qty, row.posted_qty

    assert count() == (100, 92, -8)
    with clock.at(AT + timedelta(days=2)):
        adjust(sku_id=sku.pk, warehouse_id=warehouse.pk, bucket="available", delta_qty=5, reason="found", idempotency_key="a")
    assert count() == (100, 92, -8)
    assert held() == {"available": 97}
    with pytest.raises(DomainError) as caught:
        count_stock(warehouse_id=warehouse.pk, counts={(sku.pk, "available"): 1}, idempotency_key="march")
    assert caught.value.code == "idempotency_key_reused"
    assert reconcile() == []


def test_what_moved_since_the_count_stands(sku: Sku, warehouse: Warehouse, stocked: None, held: Held) -> None:
    with clock.at(AT + timedelta(hours=5)):
        adjust(sku_id=sku.pk, warehouse_id=warehouse.pk, bucket="available", delta_qty=-3, reason="sold", idempotency_key="a")
    [row] = count_stock(
        warehouse_id=warehouse.pk, counts={(sku.pk, "available"): 92}, idempotency_key="c", counted_at=AT + timedelta(hours=1)
    )
    assert (row.book_qty, row.posted_qty) == (100, -8)
    assert held() == {"available": 89}


@pytest.fixture
def shelf(sku: Sku, warehouse: Warehouse, stocked: None) -> None:
    """Of the hundred units on the shelf an order holds forty."""
    order = AllocationTarget(
        reference="line:1", sku_id=sku.pk, warehouse_id=warehouse.pk, account_id=None, wanted_qty=40, ship_qty=0, ordered_at=AT,
        occurred_at=AT,
    )  # fmt: skip
    assert [result.reserved_qty for result in set_targets([order])] == [40]


@pytest.mark.parametrize(
    ("counted", "posted", "available"), [(100, 0, 60), (103, 3, 63), (95, -5, 55), (60, -40, 20), (40, -60, 0), (30, -60, 0), (0, -60, 0)]
)
def test_h6_a_shelf_is_what_is_available_and_what_orders_hold(
    sku: Sku, warehouse: Warehouse, shelf: None, held: Held, counted: int, posted: int, available: int
) -> None:
    later = AT + timedelta(hours=1)
    [row] = count_stock(warehouse_id=warehouse.pk, counts={(sku.pk, None): counted}, idempotency_key="march", counted_at=later)
    assert (row.bucket, row.book_qty, row.posted_qty) == (None, 100, posted)
    assert row.unposted_qty == max(40 - counted, 0)
    assert held() == {**({"available": available} if available else {}), "reserved": 40}
    assert reconcile() == []


def test_h6_missing_units_that_orders_hold_are_a_dispute_however_few(sku: Sku, warehouse: Warehouse, shelf: None, held: Held) -> None:
    adjust(sku_id=sku.pk, warehouse_id=warehouse.pk, bucket="available", delta_qty=-60, reason="lost", idempotency_key="a", occurred_at=AT)

    def count(key: str, qty: int) -> list[tuple[list[str], int | None, int | None]]:
        later = AT + timedelta(hours=1 + StockDispute.objects.count())
        count_stock(warehouse_id=warehouse.pk, counts={(sku.pk, None): qty}, idempotency_key=key, counted_at=later)
        return list(StockDispute.objects.filter(resolved_at=None).values_list("buckets", "book_qty", "counted_qty"))

    assert count("first", 39) == [(["available", "reserved"], 40, 39)]
    assert held() == {"reserved": 40}
    assert count("second", 40) == []


def test_what_orders_reserve_during_a_count_leaves_the_shelf_as_it_is(sku: Sku, warehouse: Warehouse, stocked: None, held: Held) -> None:
    order = AllocationTarget(
        reference="line:1", sku_id=sku.pk, warehouse_id=warehouse.pk, account_id=None, wanted_qty=40, ship_qty=10,
        ordered_at=AT + timedelta(hours=2), occurred_at=AT + timedelta(hours=2),
    )  # fmt: skip
    set_targets([order])
    counted_at = AT + timedelta(hours=1)
    [row] = count_stock(warehouse_id=warehouse.pk, counts={(sku.pk, None): 98}, idempotency_key="c", counted_at=counted_at)
    assert (row.book_qty, row.posted_qty) == (100, -2)
    assert held() == {"available": 58, "reserved": 30}


def test_more_units_on_the_shelf_serve_who_is_owed_some(sku: Sku, warehouse: Warehouse, stocked: None, held: Held) -> None:
    order = AllocationTarget(
        reference="line:1", sku_id=sku.pk, warehouse_id=warehouse.pk, account_id=None, wanted_qty=105, ship_qty=0, ordered_at=AT,
        occurred_at=AT,
    )  # fmt: skip
    set_targets([order])
    count_stock(warehouse_id=warehouse.pk, counts={(sku.pk, None): 103}, idempotency_key="c")
    assert held() == {"reserved": 103}


def test_a_sku_is_not_counted_with_the_shelf_and_in_its_bucket_at_once(sku: Sku, warehouse: Warehouse, stocked: None, held: Held) -> None:
    cells: list[tuple[int, str | None]] = [(sku.pk, "inspecting"), (sku.pk, None), (sku.pk, "available")]
    with pytest.raises(DomainError) as caught:
        count_stock(warehouse_id=warehouse.pk, counts=dict.fromkeys(cells, 1), idempotency_key="c")
    assert (caught.value.code, caught.value.path) == ("counted_twice", ("counts", "2"))
    assert held() == {"available": 100}
    count_stock(warehouse_id=warehouse.pk, counts=dict.fromkeys(cells[:2], 1), idempotency_key="c")
    assert held() == {"available": 1, "inspecting": 1}


def test_an_adjustment_takes_no_more_than_is_there(sku: Sku, warehouse: Warehouse, stocked: None, held: Held) -> None:
    with pytest.raises(DomainError) as caught:
        adjust(
            sku_id=sku.pk, warehouse_id=warehouse.pk, bucket="available", delta_qty=-101, reason="x", idempotency_key="a", occurred_at=AT
        )
    assert (caught.value.code, caught.value.params["held_qty"]) == ("insufficient_stock", 100)
    assert held() == {"available": 100}


def test_i4_a_person_adjusts_only_where_he_may(sku: Sku, warehouse: Warehouse, stocked: None, held: Held) -> None:
    from django.contrib.auth.models import Group

    from stockhub.access.services import grant_warehouse

    ana = User.objects.create_user("ana")

    def change(key: str) -> None:
        with acting_as(Actor("ana", ana.pk)):
            adjust(
                sku_id=sku.pk, warehouse_id=warehouse.pk, bucket="available", delta_qty=1, reason="x", idempotency_key=key, occurred_at=AT
            )

    for role in ("viewer", "operator"):
        ana.groups.add(Group.objects.get(name=role))
        with pytest.raises(DomainError) as caught:
            change("a")
        assert caught.value.code == "not_allowed"
    assert held() == {"available": 100}
    grant_warehouse(user=ana, warehouse_id=warehouse.pk)
    change("b")
    assert held() == {"available": 101}
    assert Movement.objects.latest("id").actor == "ana"
