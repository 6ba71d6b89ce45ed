"""What a transfer lacks, brings too much or brings too late is a task that a person resolves (H83)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from stockhub.catalog.models import Sku, Warehouse
from stockhub.core import actor
from stockhub.inventory.lots.ageing import age_histogram
from stockhub.inventory.models import (
    Movement,
    StockVariance,
    Transfer,
    TransferLine,
)
from stockhub.inventory.services import (
    resolve_variance,
    upsert_transfer,
)
from stockhub.inventory.transfers.selectors import late_days, late_transfers
from stockhub.outbox.models import Event
from stockhub.values.errors import DomainError
from tests.inventory.transfer_world import DAY, NOW, held, proved, transfer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("transfer_day")]


def test_h83_what_is_missing_is_a_task(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer("received", received=294))
    row = StockVariance.objects.get()
    assert (row.expected_qty, row.found_qty, row.variance_pct, row.status) == (300, 294, Decimal("-2.00"), "open")
    assert (row.reference, row.line_no, row.warehouse_id, row.sku_id) == ("transfer:TR-1", 1, there.pk, sku.pk)
    assert held() == {("GZ", "available"): 294, ("GZ", "researching"): 6, ("SH", "available"): 50}
    assert Event.objects.filter(kind="inventory.stock_variance_opened.v1").count() == 1
    upsert_transfer(transfer("received", received=294))
    assert (StockVariance.objects.count(), StockVariance.objects.get().updated_at) == (1, row.updated_at)
    assert proved()


def test_h83_an_accepted_loss_is_written_off_with_a_movement(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer("received", received=294))
    [task] = StockVariance.objects.all()
    with actor.acting_as(actor.Actor("ana")):
        resolved = resolve_variance(variance_id=task.pk, resolution="accepted", idempotency_key="k", note="The carrier pays")
        again = resolve_variance(variance_id=task.pk, resolution="accepted", idempotency_key="k", note="The carrier pays")
    assert (resolved.status, resolved.resolved_by, resolved.resolved_at, resolved.note) == ("accepted", "ana", NOW, "The carrier pays")
    assert again.updated_at == resolved.updated_at
    assert held() == {("GZ", "available"): 294, ("SH", "available"): 50}
    written = Movement.objects.get(kind="adjust")
    assert (written.from_bucket_id, written.to_bucket_id, written.qty, written.reference) == ("researching", None, 6, "transfer:TR-1")
    assert TransferLine.objects.get().lost_qty == 6
    upsert_transfer(transfer("received", received=294))
    assert StockVariance.objects.get().status == "accepted"
    assert proved()


def test_h83_what_is_found_later_can_be_sold(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer("received", received=294))
    [task] = StockVariance.objects.all()
    part = resolve_variance(variance_id=task.pk, resolution="found", qty=4, idempotency_key="one")
    assert (part.status, part.found_qty, part.variance_pct) == ("open", 298, Decimal("-0.67"))
    assert held() == {("GZ", "available"): 298, ("GZ", "researching"): 2, ("SH", "available"): 50}
    whole = resolve_variance(variance_id=task.pk, resolution="found", idempotency_key="two")
    assert (whole.status, whole.found_qty) == ("found", 300)
    assert held() == {("GZ", "available"): 300, ("SH", "available"): 50}
    with pytest.raises(DomainError) as caught:
        resolve_variance(variance_id=task.pk, resolution="accepted", idempotency_key="three")
    assert caught.value.code == "not_open"
    assert proved()


def test_h83_a_loss_can_turn_up_after_it_was_accepted(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer("received", received=294))
    [task] = StockVariance.objects.all()
    resolve_variance(variance_id=task.pk, resolution="accepted", idempotency_key="k")
    upsert_transfer(transfer("received", received=296))
    assert held() == {("GZ", "available"): 296, ("SH", "available"): 50}
    assert StockVariance.objects.get().status == "accepted"
    upsert_transfer(transfer("received", received=290))
    assert held() == {("GZ", "available"): 290, ("GZ", "researching"): 4, ("SH", "available"): 50}
    assert StockVariance.objects.get().status == "open"
    upsert_transfer(transfer("received", received=300))
    assert held() == {("GZ", "available"): 300, ("SH", "available"): 50}
    assert StockVariance.objects.get().status == "found"
    assert proved()


def test_h83_more_than_was_sent_is_a_task_too(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer("received", received=306))
    [task] = StockVariance.objects.all()
    assert (task.variance_pct, task.status) == (Decimal("2.00"), "open")
    assert held() == {("GZ", "available"): 306, ("SH", "available"): 50}
    with pytest.raises(DomainError) as caught:
        resolve_variance(variance_id=task.pk, resolution="found", idempotency_key="a")
    assert caught.value.code == "nothing_missing"
    resolve_variance(variance_id=task.pk, resolution="accepted", idempotency_key="b")
    assert held() == {("GZ", "available"): 306, ("SH", "available"): 50}
    assert age_histogram(sku.pk, day=DAY, warehouse_ids=[there.pk]).unknown_qty == 6


def test_h83_everything_can_be_lost(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer("received", received=0))
    assert held() == {("GZ", "researching"): 300, ("SH", "available"): 50}
    [task] = StockVariance.objects.all()
    assert task.variance_pct == Decimal("-100.00")
    resolve_variance(variance_id=task.pk, resolution="accepted", idempotency_key="k")
    assert held() == {("SH", "available"): 50}
    assert proved()


def test_h83_a_transfer_that_is_not_complete_after_all_withdraws_its_tasks(
    sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None
) -> None:
    upsert_transfer(transfer("received", received=294))
    upsert_transfer(transfer("receiving", received=294))
    assert StockVariance.objects.get().status == "withdrawn"
    assert held() == {("GZ", "available"): 294, ("GZ", "receiving"): 6, ("SH", "available"): 50}
    upsert_transfer(transfer("received", received=294))
    assert StockVariance.objects.get().status == "open"
    assert proved()


def test_h83_bad_resolutions_change_nothing(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer("received", received=294))
    [task] = StockVariance.objects.all()
    for fields, code in (
        ({"resolution": "lost"}, "invalid_value"),
        ({"resolution": "found", "qty": 7}, "invalid_quantity"),
        ({"resolution": "found", "qty": 0}, "invalid_quantity"),
        ({"resolution": "accepted", "note": "x" * 201}, "text_too_long"),
        ({"resolution": "accepted", "idempotency_key": ""}, "invalid_key"),
        ({"resolution": "accepted", "idempotency_key": "k" * 181}, "invalid_key"),
        ({"resolution": "accepted", "variance_id": 0}, "not_found"),
    ):
        with pytest.raises(DomainError) as caught:
            resolve_variance(**{"variance_id": task.pk, "idempotency_key": "k"} | fields)  # type: ignore[arg-type]
        assert caught.value.code == code
    resolve_variance(variance_id=task.pk, resolution="found", qty=1, idempotency_key="used")
    with pytest.raises(DomainError) as caught:
        resolve_variance(variance_id=task.pk, resolution="found", qty=2, idempotency_key="used")
    assert caught.value.code == "idempotency_key_reused"
    assert held() == {("GZ", "available"): 295, ("GZ", "researching"): 5, ("SH", "available"): 50}


def test_h83_what_is_late_is_shown(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer(shipped=10, expected_on=date(2025, 5, 23)))
    upsert_transfer(transfer(shipped=10, code="TR-2", expected_on=date(2025, 6, 2)))
    upsert_transfer(transfer("received", shipped=10, received=10, code="TR-3", expected_on=date(2025, 5, 1)))
    upsert_transfer(transfer(shipped=10, code="TR-4"))
    assert [row.code for row in late_transfers(DAY)] == ["TR-1"]
    told = {row.code: late_days(status=row.status, expected_on=row.expected_on, today=DAY) for row in Transfer.objects.all()}
    assert told == {"TR-1": 10, "TR-2": 0, "TR-3": 0, "TR-4": 0}
