"""What the database gives up for another transaction's sake is done again, and has its effect once (promise 7)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import connection, connections

from stockhub.catalog.models import Sku, Warehouse
from stockhub.inventory.models import Balance, Movement, MovementKind
from stockhub.inventory.posting.ledger import Posting, post
from stockhub.inventory.services import Receipt, receive_lot
from stockhub.inventory.transactions import in_transaction

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

AT = datetime(2025, 3, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def two_writers(transactional_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time.")


def moved(sku: Sku, warehouse: Warehouse, key: str) -> None:
    post(
        [
            Posting(
                sku_id=sku.pk, warehouse_id=warehouse.pk, from_bucket="available", to_bucket="inspecting", qty=1, kind=MovementKind.MOVE,
                key=key, occurred_at=AT,
            )
        ]
    )  # fmt: skip


def test_f7_of_two_that_wait_for_each_other_both_are_done_once(sku: Sku, warehouse: Warehouse, there: Warehouse) -> None:
    for place in (warehouse, there):
        receive_lot(Receipt(sku_id=sku.pk, warehouse_id=place.pk, qty=10, idempotency_key=place.code, occurred_at=AT))
    met = Barrier(2, timeout=20)
    tries: list[str] = []

    def both(name: str, first: Warehouse, second: Warehouse) -> None:
        def work() -> None:
            tries.append(name)
            moved(sku, first, f"{name}:1")
            if tries.count(name) == 1:
                met.wait()
            moved(sku, second, f"{name}:2")

        in_transaction(work)
        connections.close_all()

    with ThreadPoolExecutor(max_workers=2) as pool:
        running = [pool.submit(both, "a", warehouse, there), pool.submit(both, "b", there, warehouse)]
        assert [each.result(timeout=30) for each in running] == [None, None]
    assert sorted(tries) in (["a", "a", "b"], ["a", "b", "b"]), "the server ended one of the two, which began again"
    keys = Movement.objects.filter(kind="move").order_by("key").values_list("key", flat=True)
    assert list(keys) == ["a:1", "a:2", "b:1", "b:2"]
    assert set(Balance.objects.filter(bucket_id="available").values_list("qty", flat=True)) == {8}


def test_f7_what_read_an_old_state_reads_again(sku: Sku, warehouse: Warehouse) -> None:
    receive_lot(Receipt(sku_id=sku.pk, warehouse_id=warehouse.pk, qty=10, idempotency_key="r", occurred_at=AT))
    seen: list[int] = []

    def other() -> None:
        moved(sku, warehouse, "other")
        connections.close_all()

    def work() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        seen.append(Balance.objects.get(bucket_id="available").qty)
        if len(seen) == 1:
            with ThreadPoolExecutor(max_workers=1) as pool:
                pool.submit(other).result(timeout=20)
        moved(sku, warehouse, "own")

    in_transaction(work)
    assert seen == [10, 9]
    assert Balance.objects.get(bucket_id="available").qty == 8


def test_f7_inside_of_a_transaction_only_the_outermost_begins_again(sku: Sku, warehouse: Warehouse) -> None:
    receive_lot(Receipt(sku_id=sku.pk, warehouse_id=warehouse.pk, qty=10, idempotency_key="r", occurred_at=AT))
    tries: list[int] = []

    def other() -> None:
        moved(sku, warehouse, "other")
        connections.close_all()

    def inner() -> None:
        moved(sku, warehouse, "own")

    def outer() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        tries.append(Balance.objects.get(bucket_id="available").qty)
        if len(tries) == 1:
            with ThreadPoolExecutor(max_workers=1) as pool:
                pool.submit(other).result(timeout=20)
        in_transaction(inner)

    in_transaction(outer)
    assert tries == [10, 9]
    assert list(Movement.objects.filter(kind="move").order_by("key").values_list("key", flat=True)) == ["other", "own"]
