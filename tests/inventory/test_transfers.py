"""Transfers between warehouses: the ledger, the lots and their value, what is missing, and every order of events (U16, H83)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from stockhub.access.models import Grant, ScopeKind, User
from stockhub.access.scopes import NotAllowedError
from stockhub.catalog.models import Authority, BundleComponent, Sku, Warehouse
from stockhub.core import actor, clock
from stockhub.inventory.ageing import age_histogram, ages
from stockhub.inventory.allocations import AllocationTarget, set_targets
from stockhub.inventory.lot_settlement import settle_lots
from stockhub.inventory.models import (
    Allocation,
    Balance,
    CostKind,
    Grade,
    Lot,
    LotCost,
    Movement,
    StockVariance,
    Transfer,
    TransferEvent,
    TransferLine,
    TransferLot,
)
from stockhub.inventory.reconciliation import reconcile, reconcile_lots
from stockhub.inventory.services import (
    Receipt,
    TransferInput,
    TransferLineInput,
    UnitCost,
    add_costs,
    adjust,
    observe_stock,
    receive_lots,
    resolve_variance,
    upsert_transfer,
)
from stockhub.inventory.transfer_lots import lots_under_way
from stockhub.inventory.transfer_selectors import transfer_arrivals
from stockhub.outbox.models import Event
from stockhub.values.errors import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

START = datetime(2025, 1, 1, tzinfo=UTC)
NOW = datetime(2025, 6, 2, 4, tzinfo=UTC)
DAY = date(2025, 6, 2)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with clock.at(NOW):
        yield


@pytest.fixture
def there(db: None) -> Warehouse:
    return Warehouse.objects.create(code="GZ", name="Guangzhou", ledger_starts_at=START)


@pytest.fixture
def stock(sku: Sku, warehouse: Warehouse) -> None:
    """350 units in three lots of different age, cost and currency."""
    receive_lots(
        [
            Receipt(
                sku_id=sku.pk, warehouse_id=warehouse.pk, qty=qty, idempotency_key=name, lot_code=name, received_on=day,
                occurred_at=datetime(2025, 1, 2, tzinfo=UTC), produced_on=day, expires_on=expires, grade=grade,
                costs=(
                    UnitCost(kind=CostKind.PURCHASE, unit_amount=Decimal(cost), currency=currency, rate_on=day),
                    UnitCost(kind=CostKind.DUTY, unit_amount=Decimal("0.333333"), currency="CNY", rate_on=date(2025, 2, 2)),
                ),
            )
            for name, qty, day, cost, currency, expires, grade in (
                ("old", 100, date(2024, 12, 1), "3.25", "CNY", None, Grade.NEW),
                ("middle", 150, date(2025, 3, 1), "0.471111", "USD", date(2026, 3, 1), Grade.NEW),
                ("new", 100, date(2025, 5, 20), "4.1", "CNY", date(2026, 5, 1), Grade.LIKE_NEW),
            )
        ]
    )  # fmt: skip


def transfer(status: str = "in_transit", shipped: int = 300, received: int = 0, **fields: Any) -> TransferInput:
    line = {"sku": "TEA", "shipped_qty": shipped, "received_qty": received} | fields.pop("line", {})
    values = {"code": "TR-1", "from_warehouse": "SH", "to_warehouse": "GZ", "status": status, "lines": [TransferLineInput(**line)]}
    return TransferInput(**values | fields)


def held() -> dict[tuple[str, str], int]:
    rows = Balance.objects.exclude(qty=0).order_by("warehouse__code", "bucket_id")
    return {(code, bucket): qty for code, bucket, qty in rows.values_list("warehouse__code", "bucket_id", "qty")}


def proved() -> bool:
    return [*reconcile(), *reconcile_lots()] == []


def worth() -> dict[tuple[str, str, date], Decimal]:
    """The exact value of all lots, on hand and under way, by cost component, currency and rate date."""
    units: dict[int, int] = {}
    aged = ages(day=DAY)
    for pk, qty in zip(aged.lot_ids.tolist(), aged.qty.tolist(), strict=True):
        units[pk] = units.get(pk, 0) + int(qty)
    for row in lots_under_way():
        if row.lot_id is not None:
            units[row.lot_id] = units.get(row.lot_id, 0) + row.qty
    total: dict[tuple[str, str, date], Decimal] = {}
    for cost in LotCost.objects.all():
        key = (cost.kind, cost.currency, cost.rate_on)
        total[key] = total.get(key, Decimal(0)) + cost.unit_amount * units.get(cost.lot_id, 0)
    return {key: amount for key, amount in total.items() if amount}


def age_of_everything(sku: Sku) -> dict[int, int]:
    """Units by age in days: on hand anywhere, and under way."""
    aged = ages([sku.pk], day=DAY)
    units: dict[int, int] = {}
    for days, qty in zip(aged.age_days.tolist(), aged.qty.tolist(), strict=True):
        units[int(days)] = units.get(int(days), 0) + int(qty)
    for row in lots_under_way([sku.pk]):
        assert row.received_on is not None
        days = (DAY - row.received_on).days
        units[days] = units.get(days, 0) + row.qty
    return {days: qty for days, qty in units.items() if qty}


# --- the ledger --------------------------------------------------------------------------------------------------------------


def test_a_planned_transfer_moves_nothing(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    made = upsert_transfer(transfer("planned", line={"planned_qty": 300, "shipped_qty": 0}))
    assert held() == {("SH", "available"): 350}
    assert (made.status, made.version) == ("planned", 1)
    assert TransferLine.objects.get().planned_qty == 300


def test_units_go_from_one_warehouse_to_the_other(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer("planned", line={"planned_qty": 300, "shipped_qty": 0}))
    upsert_transfer(TransferInput(code="TR-1", status="in_transit", expected_on=date(2025, 6, 9)))
    assert held() == {("GZ", "in_transit"): 300, ("SH", "available"): 50}
    upsert_transfer(transfer("receiving", received=100))
    assert held() == {("GZ", "available"): 100, ("GZ", "receiving"): 200, ("SH", "available"): 50}
    upsert_transfer(transfer("received", received=300))
    assert held() == {("GZ", "available"): 300, ("SH", "available"): 50}
    assert set(Movement.objects.exclude(kind="receive").values_list("kind", "reference")) == {("transfer", "transfer:TR-1")}
    assert list(TransferEvent.objects.order_by("id").values_list("status", flat=True)) == [
        "planned", "in_transit", "receiving", "received"
    ]  # fmt: skip
    assert proved()


def test_telling_the_same_again_changes_nothing(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    first = upsert_transfer(transfer("receiving", received=100))
    movements, events, lots = Movement.objects.count(), Event.objects.count(), Lot.objects.count()
    again = upsert_transfer(transfer("receiving", received=100))
    assert (again.version, again.updated_at) == (first.version, first.updated_at)
    assert (Movement.objects.count(), Event.objects.count(), Lot.objects.count()) == (movements, events, lots)
    assert TransferEvent.objects.count() == 1


def test_damaged_units_cannot_be_sold(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer("received", received=300, line={"damaged_qty": 7}))
    assert held() == {("GZ", "available"): 293, ("GZ", "unsellable"): 7, ("SH", "available"): 50}
    assert StockVariance.objects.count() == 0


def test_a_transfer_received_without_quantities_came_in_whole(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer(line={"received_qty": 0}))
    upsert_transfer(TransferInput(code="TR-1", status="received"))
    assert held() == {("GZ", "available"): 300, ("SH", "available"): 50}


def test_a_cancelled_transfer_brings_everything_back(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    before = worth()
    upsert_transfer(transfer())
    settle_lots()
    upsert_transfer(TransferInput(code="TR-1", status="cancelled"))
    settle_lots()
    assert held() == {("SH", "available"): 350}
    assert (worth(), TransferLot.objects.count()) == (before, 0)
    assert dict(Lot.objects.values_list("code", "remaining_qty")) == {"old": 100, "middle": 150, "new": 100}
    assert proved()


def test_what_has_come_in_cannot_be_cancelled(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer("receiving", received=10))
    before = held()
    with pytest.raises(DomainError) as caught:
        upsert_transfer(TransferInput(code="TR-1", status="cancelled"))
    assert (caught.value.code, held()) == ("already_received", before)


def test_more_cannot_leave_than_is_there(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    with pytest.raises(DomainError) as caught:
        upsert_transfer(transfer(shipped=351))
    assert (caught.value.code, caught.value.params["asked_qty"]) == ("insufficient_stock", 351)
    assert (Transfer.objects.count(), held()) == (0, {("SH", "available"): 350})


def test_a_corrected_quantity_moves_the_difference(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer(shipped=300))
    upsert_transfer(transfer(shipped=280))
    assert held() == {("GZ", "in_transit"): 280, ("SH", "available"): 70}
    upsert_transfer(transfer(shipped=310))
    assert held() == {("GZ", "in_transit"): 310, ("SH", "available"): 40}
    assert sum(TransferLot.objects.values_list("qty", flat=True)) == 310
    settle_lots()
    assert dict(Lot.objects.values_list("code", "remaining_qty")) == {"old": 0, "middle": 0, "new": 40}


def test_arriving_units_serve_owed_orders(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    set_targets(
        [
            AllocationTarget(
                reference="line:1", sku_id=sku.pk, warehouse_id=there.pk, account_id=None, wanted_qty=5, ship_qty=0, ordered_at=NOW,
                occurred_at=NOW,
            )
        ]
    )  # fmt: skip
    upsert_transfer(transfer("received", received=300))
    assert Allocation.objects.get().reserved_qty == 5
    assert held() == {("GZ", "available"): 295, ("GZ", "reserved"): 5, ("SH", "available"): 50}


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"from_warehouse": "NONE"}, "unknown_warehouse", ("from_warehouse",)),
        ({"to_warehouse": "SH"}, "same_warehouse", ("to_warehouse",)),
        ({"status": "sunk"}, "invalid_value", ("status",)),
        ({"lines": []}, "required", ("lines",)),
        ({"line": {"sku": "NONE"}}, "unknown_sku", ("lines", "0", "sku")),
        ({"line": {"shipped_qty": -1}}, "invalid_quantity", ("lines", "0", "shipped_qty")),
        ({"line": {"shipped_qty": 10**12}}, "invalid_quantity", ("lines", "0", "shipped_qty")),
        ({"line": {"shipped_qty": 0}}, "invalid_quantity", ("lines", "0", "planned_qty")),
        ({"line": {"damaged_qty": 1}}, "invalid_quantity", ("lines", "0", "damaged_qty")),
        ({"line": {"bucket": "reserved"}}, "invalid_bucket", ("lines", "0", "bucket")),
        ({"line": {"freight_amount": Decimal(1)}}, "required", ("lines", "0", "freight_currency")),
        ({"line": {"freight_amount": Decimal(1), "freight_currency": "QQQ"}}, "unknown_currency", ("lines", "0", "freight_currency")),
        ({"occurred_at": datetime(2025, 6, 5, tzinfo=UTC)}, "future_time", ("occurred_at",)),
        ({"occurred_at": datetime(2025, 6, 1)}, "invalid_time", ("occurred_at",)),  # noqa: DTZ001 - what is tested
        ({"expected_version": 1}, "not_found", ("expected_version",)),
    ],
)
def test_bad_input_is_refused_and_changes_nothing(
    sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None, fields: dict[str, Any], code: str, path: tuple[str, ...]
) -> None:
    before = (held(), Event.objects.count())
    with pytest.raises(DomainError) as caught:
        upsert_transfer(transfer(**fields))
    assert (caught.value.code, caught.value.path) == (code, path)
    assert (Transfer.objects.count(), held(), Event.objects.count()) == (0, *before)
