"""Two people who book in units under one lot's code at the same moment: the second one is told that it is another lot's (I3)."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime

import pytest
from django.db import connection, connections

from stockhub.catalog.models import Sku, Warehouse
from stockhub.inventory.lots.hand_receipts import record_receipt
from stockhub.inventory.lots.receipts import Receipt
from stockhub.inventory.models import Balance, Lot
from stockhub.inventory.proof.reconciliation import reconcile
from stockhub.values.errors import DomainError


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_i3_of_two_receipts_at_once_under_one_code_that_differ_one_is_refused() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("The tests' SQLite lies in memory, where one connection writes.")
    warehouse = Warehouse.objects.create(code="CN1", name="Own", ledger_starts_at=datetime(2026, 1, 1, tzinfo=UTC))
    skus = [Sku.objects.create(code=f"S{number}") for number in range(8)]
    for sku in skus:
        start = threading.Barrier(2)
        told: list[str] = []

        def book_in(month: int, sku: Sku = sku, start: threading.Barrier = start, told: list[str] = told) -> None:
            receipt = Receipt(
                sku_id=sku.pk, warehouse_id=warehouse.pk, qty=10 * month, idempotency_key=f"{sku.code}-{month}", lot_code="L1",
                expires_on=date(2027, month, 1),
            )  # fmt: skip
            try:
                start.wait()
                told.append(str(record_receipt(receipt).status))
            except DomainError as error:
                told.append(error.code)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=book_in, args=(month,)) for month in (1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        lot = Lot.objects.get(sku=sku)
        assert sorted(told) == ["lot_differs", "posted"]
        assert lot.expires_on is not None
        assert (lot.received_qty, Balance.objects.get(sku=sku, bucket="available").qty) == (10 * lot.expires_on.month,) * 2
    assert reconcile() == []
