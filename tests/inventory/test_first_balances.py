"""Two at once where there is no row yet that one could lock: the second waits for the first, and sees what it did (promises 16, 17)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import connection, connections, transaction

from stockhub.catalog.models import Sku, Warehouse
from stockhub.inventory.models import Allocation, Balance
from stockhub.inventory.proof.reconciliation import reconcile
from stockhub.inventory.services import (
    AllocationTarget,
    CountedStock,
    Receipt,
    TransferInput,
    TransferLineInput,
    count_stock,
    receive_lot,
    set_targets,
    upsert_transfer,
)
from stockhub.inventory.transfers.models import Transfer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

AT = datetime(2025, 3, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def two_writers(transactional_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time.")


@contextmanager
def meanwhile(work: Callable[[], object]) -> Iterator[Future[object]]:
    """Has another connection begin `work` once the block's transaction has done its part, and ends that when the other waits for it."""
    with ThreadPoolExecutor(max_workers=1) as other:
        with transaction.atomic():
            future: Future[object] = Future()
            yield future
            running = other.submit(work)
            deadline = time.monotonic() + 20
            while not _is_awaited():
                assert not running.done(), "It did not wait."
                assert time.monotonic() < deadline, "It neither waits nor ends."
                time.sleep(0.01)
        future.set_result(running.result(timeout=20))
        other.submit(connections.close_all).result()


def _is_awaited() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
        return bool(cursor.fetchone()[0])


def target(sku: Sku, warehouse: Warehouse, wanted_qty: int) -> AllocationTarget:
    return AllocationTarget(
        reference="order-1", sku_id=sku.pk, warehouse_id=warehouse.pk, account_id=None, wanted_qty=wanted_qty, ship_qty=0, ordered_at=AT,
        occurred_at=AT,
    )  # fmt: skip


def receipt(sku: Sku, warehouse: Warehouse, qty: int) -> Receipt:
    return Receipt(sku_id=sku.pk, warehouse_id=warehouse.pk, qty=qty, idempotency_key="first", occurred_at=AT)


def reserved() -> list[tuple[int, int]]:
    assert reconcile() == []
    return list(Allocation.objects.values_list("wanted_qty", "reserved_qty"))


def test_a_first_receipt_waits_for_the_line_that_found_nothing_and_serves_it(sku: Sku, warehouse: Warehouse) -> None:
    with meanwhile(lambda: receive_lot(receipt(sku, warehouse, 10))):
        assert [each.owed_qty for each in set_targets([target(sku, warehouse, 7)])] == [7]
    assert reserved() == [(7, 7)]


def test_a_line_waits_for_the_first_receipt_and_reserves_of_it(sku: Sku, warehouse: Warehouse) -> None:
    with meanwhile(lambda: [each.reserved_qty for each in set_targets([target(sku, warehouse, 7)])]) as line:
        receive_lot(receipt(sku, warehouse, 10))
    assert line.result() == [7]
    assert reserved() == [(7, 7)]


def test_d2_the_second_count_of_a_bucket_without_a_balance_reads_what_the_first_posted(sku: Sku, warehouse: Warehouse) -> None:
    def count(key: str, qty: int) -> list[CountedStock]:
        return count_stock(warehouse_id=warehouse.pk, counts={(sku.pk, "inspecting"): qty}, idempotency_key=key, counted_at=AT)

    with meanwhile(lambda: count("second", 9)) as second:
        assert count("first", 12) == [CountedStock(sku.pk, "inspecting", 0, 12, 12)]
    assert second.result() == [CountedStock(sku.pk, "inspecting", 12, 9, -3)]
    assert list(Balance.objects.exclude(qty=0).values_list("bucket_id", "qty")) == [("inspecting", 9)]
    assert reconcile() == []


def test_a_transfer_that_is_told_twice_at_once_is_one_transfer(sku: Sku, warehouse: Warehouse, there: Warehouse) -> None:
    receive_lot(receipt(sku, warehouse, 10))
    told = TransferInput(
        code="T-1", from_warehouse=warehouse.code, to_warehouse=there.code, status="in_transit", occurred_at=AT,
        lines=[TransferLineInput(sku=sku.code, shipped_qty=4)],
    )  # fmt: skip
    more = replace(told, lines=[TransferLineInput(sku=sku.code, shipped_qty=6)])
    with meanwhile(lambda: upsert_transfer(more)):
        upsert_transfer(told)
    assert list(Transfer.objects.values_list("code", "lines__shipped_qty")) == [("T-1", 6)]
    assert sorted(Balance.objects.exclude(qty=0).values_list("warehouse__code", "bucket_id", "qty")) == [
        (there.code, "in_transit", 6),
        (warehouse.code, "available", 4),
    ]
    assert reconcile() == []
