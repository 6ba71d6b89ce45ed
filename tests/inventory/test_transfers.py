"""Transfers between warehouses: the ledger, the lots and their value, what is missing, and every order of events (U16, H83)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from stockhub.access.models import Grant, ScopeKind, User
from stockhub.access.scopes import NotAllowedError
from stockhub.catalog.models import BundleComponent, Sku, Warehouse
from stockhub.core import actor, clock
from stockhub.inventory.allocations import AllocationTarget, set_targets
from stockhub.inventory.lots.ageing import age_histogram, ages
from stockhub.inventory.lots.settlement import settle_lots
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
from stockhub.inventory.proof.reconciliation import reconcile, reconcile_lots
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
from stockhub.inventory.transfers.lots import lots_under_way
from stockhub.inventory.transfers.selectors import late_days, late_transfers, transfer_arrivals
from stockhub.outbox.models import Event
from stockhub.values.errors import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

START = datetime(2025, 1, 1, tzinfo=UTC)
NOW = datetime(2025, 6, 2, 4, tzinfo=UTC)
DAY = date(2025, 6, 2)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
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
                ("old", 100, date(2024, 12, 1), "3.25", "CNY", date(2025, 12, 1), Grade.NEW),
                ("middle", 150, date(2025, 3, 1), "0.471111", "USD", date(2026, 3, 1), Grade.NEW),
                ("new", 100, date(2025, 5, 20), "4.1", "CNY", date(2026, 5, 1), Grade.LIKE_NEW),
            )
        ]
    )  # fmt: skip


def transfer(status: str = "in_transit", shipped: int = 300, received: int = 0, **fields: Any) -> TransferInput:  # noqa: ANN401
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


# --- missing units: H83 ------------------------------------------------------------------------------------------------------


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


# --- lots: U16 ---------------------------------------------------------------------------------------------------------------


def test_u16_age_and_value_stay_at_every_step(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    before = (age_of_everything(sku), worth())
    assert before[0] == {183: 100, 93: 150, 13: 100}
    for told in (
        transfer("planned", line={"planned_qty": 270, "shipped_qty": 0}),
        transfer(shipped=270),
        transfer("receiving", shipped=270, received=30),
        transfer("receiving", shipped=270, received=200),
        transfer("received", shipped=270, received=270),
    ):
        upsert_transfer(told)
        assert (age_of_everything(sku), worth()) == before
        settle_lots()
        assert (age_of_everything(sku), worth()) == before
        assert proved()
    assert age_histogram(sku.pk, day=DAY, warehouse_ids=[there.pk]).units | {"0-30": 20, "91-180": 150, "181-270": 100} == (
        age_histogram(sku.pk, day=DAY, warehouse_ids=[there.pk]).units
    )
    assert dict(Lot.objects.filter(warehouse=warehouse).values_list("code", "remaining_qty")) == {"old": 0, "middle": 0, "new": 80}


def test_u16_lots_arrive_as_they_left(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer("received", shipped=270, received=270))
    columns = ("received_on", "produced_on", "expires_on", "grade", "received_qty", "remaining_qty")
    assert list(Lot.objects.filter(warehouse=there).order_by("id").values_list(*columns)) == [
        (date(2024, 12, 1), date(2024, 12, 1), date(2025, 12, 1), "new", 100, 100),
        (date(2025, 3, 1), date(2025, 3, 1), date(2026, 3, 1), "new", 150, 150),
        (date(2025, 5, 20), date(2025, 5, 20), date(2026, 5, 1), "like_new", 20, 20),
    ]
    parts = ("kind", "unit_amount", "currency", "rate_on")
    for source in Lot.objects.filter(warehouse=warehouse):
        [arrived] = Lot.objects.filter(warehouse=there, received_on=source.received_on)
        assert list(arrived.costs.order_by("id").values_list(*parts)) == list(source.costs.order_by("id").values_list(*parts))
        assert arrived.reference == "transfer:TR-1"


def test_u16_freight_is_added_on_arrival(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    before = worth()
    upsert_transfer(
        transfer(
            "received", shipped=120, received=120, received_on=date(2025, 6, 1),
            line={"freight_amount": Decimal("0.070001"), "freight_currency": "USD"},
        )
    )  # fmt: skip
    assert worth() == before | {("freight", "USD", date(2025, 6, 1)): Decimal("8.400120")}


def test_u16_a_late_invoice_reaches_the_units_wherever_they_are(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer(shipped=100))
    middle = Lot.objects.get(code="middle")
    upsert_transfer(transfer("receiving", shipped=180, received=0))
    invoice = [UnitCost(kind=CostKind.FREIGHT, unit_amount=Decimal("0.5"), currency="CNY", rate_on=DAY)]
    add_costs(lot_id=middle.pk, costs=invoice, idempotency_key="invoice")
    upsert_transfer(transfer("received", shipped=180, received=180))
    assert worth()["freight", "CNY", DAY] == 75
    assert LotCost.objects.filter(kind="freight").count() == 2


def test_u16_parts_may_come_in_any_order(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    told: dict[tuple[int, ...], object] = {}
    for number, order in enumerate(((10, 260, 270), (270,), (200, 270))):
        receive_lots(
            [
                Receipt(sku_id=sku.pk, warehouse_id=warehouse.pk, qty=10, idempotency_key=f"{number}{n}", received_on=date(2025, 1, n + 2))
                for n in range(27)
            ]
        )
        place = Warehouse.objects.create(code=f"P{number}", name="P", ledger_starts_at=START)
        for received in order:
            upsert_transfer(transfer("receiving", 270, received, code=f"TR-{number}", to_warehouse=place.code))
        upsert_transfer(transfer("received", 270, 270, code=f"TR-{number}", to_warehouse=place.code))
        lots = Lot.objects.filter(warehouse=place).values_list("received_on", "expires_on", "received_qty")
        told[order] = sum(qty for _day, _expires, qty in lots)
        assert sorted(qty for qty in TransferLot.objects.filter(line__transfer__code=f"TR-{number}").values_list("qty", "arrived_qty"))
        assert not TransferLot.objects.exclude(qty=F("arrived_qty")).exists()
    assert set(told.values()) == {270}


def test_u16_what_is_lost_takes_its_age_along(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer("received", shipped=270, received=260))
    assert age_of_everything(sku) == {183: 100, 93: 150, 13: 100}
    resolve_variance(variance_id=StockVariance.objects.get().pk, resolution="accepted", idempotency_key="k")
    # By first in, first out what leaves a warehouse is its oldest stock.
    assert age_of_everything(sku) == {183: 90, 93: 150, 13: 100}
    assert proved()


def test_u16_a_second_transfer_carries_the_first_day_on(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    before = (age_of_everything(sku), worth())
    upsert_transfer(transfer("received", shipped=270, received=270))
    upsert_transfer(transfer("received", 120, 120, code="TR-2", from_warehouse="GZ", to_warehouse="SH"))
    assert (age_of_everything(sku), worth()) == before
    assert proved()


def test_u16_old_units_do_not_bring_back_what_was_sold_before_they_came(
    sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None
) -> None:
    """The destination has sold 60 of its 100 young units when 50 old ones arrive: 40 young ones are left, and 50 old ones."""
    receive_lots([Receipt(sku_id=sku.pk, warehouse_id=there.pk, qty=100, idempotency_key="young", received_on=date(2025, 5, 28))])
    adjust(sku_id=sku.pk, warehouse_id=there.pk, bucket="available", delta_qty=-60, reason="sold", idempotency_key="sold")
    upsert_transfer(transfer("received", shipped=50, received=50))
    histogram = age_histogram(sku.pk, day=DAY, warehouse_ids=[there.pk])
    assert {name: qty for name, qty in histogram.units.items() if qty} == {"0-30": 40, "181-270": 50}
    settle_lots()
    assert sorted(Lot.objects.filter(warehouse=there).values_list("remaining_qty", "received_on")) == [
        (40, date(2025, 5, 28)),
        (50, date(2024, 12, 1)),
    ]
    assert proved()


def test_u16_units_without_a_lot_have_none_at_the_destination(sku: Sku, warehouse: Warehouse, there: Warehouse) -> None:
    adjust(sku_id=sku.pk, warehouse_id=warehouse.pk, bucket="available", delta_qty=20, reason="found", idempotency_key="a")
    upsert_transfer(transfer("received", shipped=15, received=15))
    row = TransferLot.objects.get()
    assert (row.lot_id, row.qty, row.arrived_qty) == (None, 15, 15)
    assert Lot.objects.count() == 0
    assert age_histogram(sku.pk, day=DAY, warehouse_ids=[there.pk]).unknown_qty == 15


# --- both orders of events ---------------------------------------------------------------------------------------------------


STATES: tuple[dict[str, Any], ...] = (
    {"status": "planned", "shipped": 0, "line": {"planned_qty": 300}, "occurred_at": datetime(2025, 5, 1, tzinfo=UTC)},
    {"status": "in_transit", "shipped": 300, "occurred_at": datetime(2025, 5, 3, tzinfo=UTC)},
    {"status": "receiving", "shipped": 300, "received": 100, "occurred_at": datetime(2025, 5, 9, tzinfo=UTC)},
    {"status": "received", "shipped": 300, "received": 294, "occurred_at": datetime(2025, 5, 11, tzinfo=UTC)},
)  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_states_converge_in_whatever_order_they_are_told(
    sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None, order: tuple[int, ...]
) -> None:
    for n in (*order, *order):
        upsert_transfer(transfer(**STATES[n]))
    assert held() == {("GZ", "available"): 294, ("GZ", "researching"): 6, ("SH", "available"): 50}
    made = Transfer.objects.get()
    assert (made.status, made.state_at) == ("received", STATES[3]["occurred_at"])
    assert list(made.events.order_by("occurred_at").values_list("status", "occurred_at")) == [
        (state["status"], state["occurred_at"]) for state in STATES
    ]
    assert StockVariance.objects.get().status == "open"
    assert sum(Lot.objects.filter(warehouse=there).values_list("received_qty", flat=True)) == 300
    assert proved()


def test_what_comes_too_late_fills_in_what_nobody_told(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer(**STATES[3], received_on=date(2025, 5, 11)))
    upsert_transfer(transfer(**STATES[1], shipped_on=date(2025, 5, 3), mode="truck", received_on=date(2025, 5, 20)))
    made = Transfer.objects.get()
    assert (made.status, made.shipped_on, made.mode, made.received_on) == ("received", date(2025, 5, 3), "truck", date(2025, 5, 11))


def test_h82_a_key_sent_again_has_no_second_effect(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer(idempotency_key="ship"))
    upsert_transfer(transfer("received", received=300, idempotency_key="receive"))
    before = held()
    upsert_transfer(transfer(idempotency_key="ship"))
    assert held() == before
    with pytest.raises(DomainError) as caught:
        upsert_transfer(transfer(shipped=200, idempotency_key="ship"))
    assert (caught.value.code, held()) == ("idempotency_key_reused", before)


# --- warehouses that a platform counts, and ledgers that start later ---------------------------------------------------------


def test_where_the_platform_counts_the_destination_only_what_is_in_transit_is_posted(
    sku: Sku, warehouse: Warehouse, observed: Warehouse, stock: None
) -> None:
    upsert_transfer(transfer(to_warehouse="FBA"))
    assert held() == {("FBA", "in_transit"): 300, ("SH", "available"): 50}
    upsert_transfer(transfer("receiving", received=100, to_warehouse="FBA"))
    assert held() == {("SH", "available"): 50}
    observe_stock(warehouse_id=observed.pk, counts={(sku.pk, "available"): 294}, observed_at=NOW)
    upsert_transfer(transfer("received", received=294, to_warehouse="FBA"))
    assert held() == {("FBA", "available"): 294, ("SH", "available"): 50}
    assert sum(Lot.objects.filter(warehouse=observed).values_list("received_qty", flat=True)) == 294
    [task] = StockVariance.objects.all()
    resolve_variance(variance_id=task.pk, resolution="accepted", idempotency_key="k")
    assert held() == {("FBA", "available"): 294, ("SH", "available"): 50}
    assert proved()


@pytest.mark.parametrize("seen_first", [False, True])
def test_where_the_platform_counts_the_source_both_orders_give_the_same(
    sku: Sku,
    there: Warehouse,
    observed: Warehouse,
    seen_first: bool,  # noqa: FBT001 - pytest passes by name
) -> None:
    observe_stock(warehouse_id=observed.pk, counts={(sku.pk, "available"): 100}, observed_at=datetime(2025, 5, 1, tzinfo=UTC))
    receive_lots(
        [
            Receipt(sku_id=sku.pk, warehouse_id=observed.pk, qty=qty, idempotency_key=code, lot_code=code, received_on=day)
            for code, qty, day in (("old", 70, date(2024, 12, 1)), ("new", 60, date(2025, 5, 1)))
        ]
    )

    def see() -> None:
        observe_stock(warehouse_id=observed.pk, counts={(sku.pk, "available"): 50}, observed_at=datetime(2025, 5, 20, tzinfo=UTC))

    if seen_first:
        see()
    upsert_transfer(
        transfer(shipped=50, from_warehouse="FBA", occurred_at=datetime(2025, 5, 10, tzinfo=UTC))
    )  # fmt: skip
    if not seen_first:
        see()
    assert held() == {("FBA", "available"): 50, ("GZ", "in_transit"): 50}
    assert list(TransferLot.objects.order_by("position").values_list("lot__code", "qty")) == [("old", 40), ("new", 10)]
    assert proved()


def test_what_came_in_before_the_ledger_started_is_in_the_opening_stock(sku: Sku, warehouse: Warehouse, stock: None) -> None:
    Warehouse.objects.create(code="GZ", name="Guangzhou", ledger_starts_at=datetime(2025, 5, 20, tzinfo=UTC))
    upsert_transfer(transfer("received", received=294, shipped_on=date(2025, 5, 1), received_on=date(2025, 5, 10)))
    assert held() == {("SH", "available"): 50}
    assert (Lot.objects.filter(warehouse__code="GZ").count(), StockVariance.objects.count()) == (0, 0)
    assert Movement.objects.get(kind="transfer").occurred_at == datetime(2025, 4, 30, 16, tzinfo=UTC)


def test_what_left_before_the_source_s_ledger_started_is_not_taken_from_it(sku: Sku, there: Warehouse) -> None:
    Warehouse.objects.create(code="SH", name="Shanghai", ledger_starts_at=datetime(2025, 5, 20, tzinfo=UTC))
    upsert_transfer(transfer(shipped_on=date(2025, 5, 1)))
    assert held() == {("GZ", "in_transit"): 300}
    assert TransferLine.objects.get().posted_out_qty == 300


# --- bundles, buckets, plans and people --------------------------------------------------------------------------------------


def test_a_bundle_is_transferred_as_its_components(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    cup = Sku.objects.create(code="CUP")
    bundle = Sku.objects.create(code="SET", is_bundle=True)
    BundleComponent.objects.create(bundle=bundle, component=sku, qty=2)
    BundleComponent.objects.create(bundle=bundle, component=cup, qty=1)
    adjust(sku_id=cup.pk, warehouse_id=warehouse.pk, bucket="available", delta_qty=50, reason="x", idempotency_key="cups")
    upsert_transfer(transfer(shipped=10, line={"sku": "SET"}))
    assert set(TransferLine.objects.values_list("line_no", "sku__code", "bundle__code", "shipped_qty")) == {
        (1, "TEA", "SET", 20),
        (1, "CUP", "SET", 10),
    }
    BundleComponent.objects.filter(component=sku).update(qty=5)
    upsert_transfer(transfer("received", shipped=10, received=9, line={"sku": "SET"}))
    assert {(row.sku.code, row.difference_qty) for row in StockVariance.objects.all()} == {("TEA", -2), ("CUP", -1)}
    assert dict(Balance.objects.filter(warehouse=there, bucket="available").values_list("sku__code", "qty")) == {"TEA": 18, "CUP": 9}
    assert proved()


def test_unsellable_units_stay_unsellable(sku: Sku, warehouse: Warehouse, there: Warehouse) -> None:
    adjust(sku_id=sku.pk, warehouse_id=warehouse.pk, bucket="unsellable", delta_qty=9, reason="x", idempotency_key="a")
    upsert_transfer(transfer("received", shipped=9, received=9, line={"bucket": "unsellable", "damaged_qty": 2}))
    assert held() == {("GZ", "unsellable"): 9}
    assert proved()


def test_h15_arrivals_count_what_is_under_way_once(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    day = date(2025, 6, 9)
    upsert_transfer(transfer("planned", line={"planned_qty": 300, "shipped_qty": 0}, expected_on=day))
    assert transfer_arrivals() == []
    upsert_transfer(transfer("receiving", received=100))
    assert transfer_arrivals([sku.pk]) == [(sku.pk, there.pk, day, 200, "transfer:TR-1")]
    assert transfer_arrivals([0]) == []
    upsert_transfer(transfer("received", received=294))
    assert transfer_arrivals() == []


def test_a_receiver_needs_no_right_on_the_source(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer())
    clerk = User.objects.create_user("clerk")
    clerk.user_permissions.set(Permission.objects.filter(codename="change_transfer"))
    Grant.objects.create(user=clerk, kind=ScopeKind.WAREHOUSE, object_id=there.pk)
    with actor.acting_as(actor.Actor("clerk", clerk.pk)):
        upsert_transfer(transfer("receiving", received=20))
        before = held()
        for told in (transfer(shipped=310, received=20, status="receiving"), transfer(code="TR-2", shipped=1)):
            with pytest.raises(NotAllowedError):
                upsert_transfer(told)
    assert held() == before


def test_the_number_of_queries_does_not_grow_with_the_lines(warehouse: Warehouse, there: Warehouse) -> None:
    skus = Sku.objects.bulk_create(Sku(code=f"S{n}") for n in range(30))
    receive_lots([Receipt(sku_id=s.pk, warehouse_id=warehouse.pk, qty=100, idempotency_key=s.code) for s in skus])
    counts = []
    for number, lines in ((1, 2), (2, 30)):
        rows = [TransferLineInput(sku=f"S{n}", shipped_qty=5, received_qty=4) for n in range(lines)]
        with CaptureQueriesContext(connection) as queries:
            upsert_transfer(transfer("received", code=f"TR-{number}", lines=rows))
        counts.append(len(queries))
    assert counts[0] == counts[1]
