"""What comes in for a presale is its own, even where the presale changes at the same moment."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from django.db import connection, transaction

from stockhub.catalog.models import Sku, Warehouse
from stockhub.core import clock
from stockhub.inventory.allocations import AllocationTarget, set_targets
from stockhub.inventory.models import Allocation, Balance
from stockhub.inventory.proof.reconciliation import reconcile
from stockhub.inventory.services import Receipt, receive_lot
from tests.inventory.line_world import AT, NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def test_d2_what_comes_in_while_its_presale_changes_is_the_presales(sku: Sku, warehouse: Warehouse) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time.")
    presale = AllocationTarget(
        reference="line:1", sku_id=sku.pk, warehouse_id=warehouse.pk, account_id=None, wanted_qty=3, ship_qty=0, ordered_at=AT,
        occurred_at=AT, is_presale=True,
    )  # fmt: skip
    assert [told.owed_qty for told in set_targets([presale])] == [3]
    failed: list[Exception] = []

    def arrive() -> None:
        try:
            with clock.at(NOW):
                receive_lot(Receipt(sku_id=sku.pk, warehouse_id=warehouse.pk, qty=6, idempotency_key="arrival", occurred_at=NOW))
        except Exception as error:  # noqa: BLE001 - told to the test
            failed.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=arrive)
    with transaction.atomic():
        set_targets([replace(presale, wanted_qty=5)])
        thread.start()
        # It waits for the line.
        thread.join(0.5)
        assert thread.is_alive()
    thread.join(30)
    assert not thread.is_alive()
    assert failed == []
    assert list(Allocation.objects.values_list("wanted_qty", "reserved_qty")) == [(5, 5)]
    assert dict(Balance.objects.values_list("bucket_id", "qty")) == {"available": 1, "reserved": 5}
    assert reconcile() == []
