"""What a shipment lacks is a task for a person, and what is late says so (H83)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from stockhub.access.models import User
from stockhub.access.scopes import NotAllowedError
from stockhub.catalog.models import Authority, Sku, Warehouse
from stockhub.core import actor, clock
from stockhub.inventory.models import Balance, Lot, Movement, StockVariance
from stockhub.inventory.services import resolve_variance
from stockhub.purchasing.models import PurchaseOrder, Shipment
from stockhub.purchasing.services import (
    OrderLineInput,
    PurchaseOrderInput,
    ShipmentInput,
    ShipmentLineInput,
    upsert_purchase_order,
    upsert_shipment,
)
from stockhub.suppliers.models import Supplier
from stockhub.values.errors import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NOW = datetime(2025, 2, 21, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _order() -> Iterator[None]:
    """300 units on order, to a warehouse that counts its own stock."""
    with clock.at(NOW):
        Sku.objects.create(code="TEA")
        Warehouse.objects.create(code="SH", name="Shanghai", ledger_starts_at=datetime(2025, 1, 1, tzinfo=UTC))
        Supplier.objects.create(code="ACME", name="Acme")
        upsert_purchase_order(
            PurchaseOrderInput(
                code="PO-1", supplier="ACME", warehouse="SH", currency="CNY",
                lines=[OrderLineInput(sku="TEA", ordered_qty=300, unit_price_amount=Decimal("3.25"))],
            )
        )  # fmt: skip
        yield


def ship(received: int = 0, status: str = "in_transit", warehouse: str = "SH", received_on: date | None = None) -> Shipment:
    line = ShipmentLineInput(sku="TEA", shipped_qty=300, received_qty=received, purchase_order="PO-1" if warehouse == "SH" else "")
    return upsert_shipment(ShipmentInput(code="S-1", warehouse=warehouse, status=status, received_on=received_on, lines=[line]))


def held() -> dict[str, int]:
    return {bucket: qty for bucket, qty in Balance.objects.values_list("bucket_id", "qty") if qty}


def test_h83_shipped_300_received_294_is_a_task() -> None:
    ship()
    ship(294, "received")
    task = StockVariance.objects.get()
    assert (task.kind, task.reference, task.line_no) == ("shipment", "shipment:S-1", 1)
    assert (task.expected_qty, task.found_qty, task.variance_pct, task.status) == (300, 294, Decimal("-2.00"), "open")
    assert held() == {"available": 294}
    ship(294, "received")
    assert StockVariance.objects.get().updated_at == task.updated_at


def test_h83_accepting_moves_nothing_as_the_units_were_never_ours() -> None:
    ship(294, "received")
    movements = Movement.objects.count()
    resolved = resolve_variance(variance_id=StockVariance.objects.get().pk, resolution="accepted", idempotency_key="k", note="credited")
    assert (resolved.status, resolved.note, Movement.objects.count(), held()) == ("accepted", "credited", movements, {"available": 294})


def test_h83_what_is_found_later_is_received_with_the_order_s_price() -> None:
    ship(294, "received")
    [task] = StockVariance.objects.all()
    for _again in range(2):
        found = resolve_variance(variance_id=task.pk, resolution="found", idempotency_key="k")
    assert (found.status, found.found_qty, held()) == ("found", 300, {"available": 300})
    assert Shipment.objects.get().lines.get().received_qty == 300
    assert PurchaseOrder.objects.get().status == "received"
    assert sum(Lot.objects.values_list("received_qty", flat=True)) == 300
    ship(300, "received")
    assert held() == {"available": 300}


def test_h83_resolving_needs_its_own_permission_only() -> None:
    ship(294, "received")
    [task] = StockVariance.objects.all()
    clerk = User.objects.create_user("clerk", sees_all_warehouses=True)
    with actor.acting_as(actor.Actor("clerk", clerk.pk)), pytest.raises(NotAllowedError):
        resolve_variance(variance_id=task.pk, resolution="found", idempotency_key="k")
    assert (StockVariance.objects.get().status, held()) == ("open", {"available": 294})


def test_h83_a_cancelled_or_reopened_shipment_withdraws_its_task() -> None:
    ship(294, "received")
    ship(294, "receiving")
    assert StockVariance.objects.get().status == "withdrawn"
    ship(300, "received")
    assert StockVariance.objects.get().status == "found"


def test_goods_of_before_the_ledger_are_no_task() -> None:
    ship(294, "received", received_on=date(2024, 12, 1))
    assert StockVariance.objects.count() == 0


def test_h83_where_the_platform_counts_the_task_is_the_same() -> None:
    Warehouse.objects.create(
        code="FBA", name="FBA", authority=Authority.SNAPSHOT, ledger_starts_at=datetime(2025, 1, 1, tzinfo=UTC)
    )  # fmt: skip
    ship(294, "received", warehouse="FBA")
    [task] = StockVariance.objects.all()
    assert task.difference_qty == -6
    resolve_variance(variance_id=task.pk, resolution="found", idempotency_key="k")
    assert sum(Lot.objects.values_list("received_qty", flat=True)) == 300


def test_h83_somebody_who_changes_the_shipment_meanwhile_is_not_overwritten() -> None:
    ship(294, "received")
    [task] = StockVariance.objects.all()
    ship(298, "received")
    with pytest.raises(DomainError) as caught:
        resolve_variance(variance_id=task.pk, resolution="found", qty=6, idempotency_key="k")
    assert (caught.value.code, held()) == ("invalid_quantity", {"available": 298})
