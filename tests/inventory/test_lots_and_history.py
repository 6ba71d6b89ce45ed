"""Lots, their ages, and the stock of past days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from django.core.management import call_command

from stockhub.catalog.models import Sku, Warehouse
from stockhub.catalog.skus import delete_sku
from stockhub.core import clock
from stockhub.inventory.history.daily_stock import extend_stock_history
from stockhub.inventory.history.stock_history import record_stock_history
from stockhub.inventory.lots.ageing import age_histogram, ages
from stockhub.inventory.lots.settlement import settle_lots
from stockhub.inventory.models import Balance, CostKind, Lot, LotCost, Movement, MovementKind, StockHistory
from stockhub.inventory.posting.ledger import Posting, post
from stockhub.inventory.proof.reconciliation import reconcile, reconcile_lots
from stockhub.inventory.selectors import on_hand
from stockhub.inventory.services import Receipt, UnitCost, receive_lot, receive_lots, receive_return
from stockhub.values.errors import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

AT = datetime(2025, 1, 2, tzinfo=UTC)
DAY = date(2025, 6, 1)
Held = Callable[[], dict[str, int]]


@pytest.fixture
def lots(sku: Sku, warehouse: Warehouse) -> None:
    receive_lots(
        [
            Receipt(sku_id=sku.pk, warehouse_id=warehouse.pk, qty=qty, idempotency_key=name, lot_code=name, received_on=day, occurred_at=AT)
            for name, qty, day in (("old", 50, date(2024, 12, 1)), ("middle", 30, date(2025, 3, 1)), ("new", 20, date(2025, 5, 20)))
        ]
    )


def ship(sku: Sku, warehouse: Warehouse, qty: int) -> None:
    post(
        [
            Posting(
                sku_id=sku.pk, warehouse_id=warehouse.pk, from_bucket="available", to_bucket=None, qty=qty, kind=MovementKind.SHIP,
                key=f"ship-{qty}", occurred_at=AT,
            )
        ]
    )  # fmt: skip


def test_h38_what_is_left_lies_in_the_newest_lots(sku: Sku, warehouse: Warehouse, lots: None) -> None:
    ship(sku, warehouse, 65)
    assert settle_lots() == 3
    assert dict(Lot.objects.values_list("code", "remaining_qty")) == {"old": 0, "middle": 15, "new": 20}
    assert sum(Lot.objects.values_list("remaining_qty", flat=True)) == on_hand(sku_id=sku.pk)
    assert settle_lots() == 0
    assert [*reconcile(), *reconcile_lots()] == []


def test_h38_the_histogram_adds_up_to_what_is_on_hand(sku: Sku, warehouse: Warehouse, lots: None) -> None:
    ship(sku, warehouse, 65)
    histogram = age_histogram(sku.pk, day=DAY)
    assert {name: qty for name, qty in histogram.units.items() if qty} == {"0-30": 20, "91-180": 15}
    assert (histogram.unknown_qty, histogram.total_qty) == (0, 35)
    post(
        [
            Posting(
                sku_id=sku.pk, warehouse_id=warehouse.pk, from_bucket=None, to_bucket="available", qty=200, kind=MovementKind.ADJUST,
                key="found", occurred_at=AT,
            )
        ]
    )  # fmt: skip
    histogram = age_histogram(sku.pk, day=DAY, warehouse_ids=[warehouse.pk])
    assert (histogram.unknown_qty, histogram.total_qty) == (135, on_hand(sku_id=sku.pk))
    assert histogram.units["181-270"] == 50


def test_ages_are_aligned_arrays(sku: Sku, warehouse: Warehouse, lots: None) -> None:
    Sku.objects.create(code="EMPTY")
    aged = ages([sku.pk], day=DAY)
    assert aged.age_days.tolist() == [182.0, 92.0, 12.0]
    assert aged.qty.tolist() == [50.0, 30.0, 20.0]
    assert aged.unknown_qty.tolist() == []
    assert len(ages([], day=DAY).qty) == 0


def test_a_receipt_twice_is_one_lot(sku: Sku, warehouse: Warehouse, held: Held) -> None:
    cost = UnitCost(kind=CostKind.PURCHASE, unit_amount=Decimal("3.250001"), currency="CNY")
    receipt = Receipt(sku_id=sku.pk, warehouse_id=warehouse.pk, qty=5, idempotency_key="r", occurred_at=AT, costs=(cost,))
    assert [receive_lot(receipt).status for _ in range(2)] == ["posted", "duplicate"]
    assert list(Lot.objects.values_list("received_qty", "received_on")) == [(5, date(2025, 1, 2))]
    assert list(LotCost.objects.values_list("unit_amount", "currency", "rate_on")) == [(Decimal("3.250001"), "CNY", date(2025, 1, 2))]
    assert held() == {"available": 5}


def test_opening_stock_counts_from_the_start_of_the_ledger(sku: Sku, warehouse: Warehouse, held: Held) -> None:
    receive_lot(
        Receipt(
            sku_id=sku.pk, warehouse_id=warehouse.pk, qty=5, idempotency_key="o", kind=MovementKind.OPENING, received_on=date(2023, 5, 1),
            occurred_at=datetime(2024, 6, 1, tzinfo=UTC),
        )
    )  # fmt: skip
    assert held() == {"available": 5}
    assert Movement.objects.get().occurred_at == warehouse.ledger_starts_at
    assert Lot.objects.get().received_on == date(2023, 5, 1)


@pytest.mark.parametrize(
    ("grade", "bucket"),
    [("new", "available"), ("like_new", "available"), ("damaged", "unsellable"), ("defective", "unsellable"), ("", "inspecting")],
)
def test_a_return_is_a_new_lot_and_goes_where_its_grade_says(sku: Sku, warehouse: Warehouse, held: Held, grade: str, bucket: str) -> None:
    receive_return(sku_id=sku.pk, warehouse_id=warehouse.pk, qty=2, grade=grade, idempotency_key="r", returned_at=AT)
    assert held() == {bucket: 2}
    assert Lot.objects.get().received_qty == 2


def test_a_lot_in_an_observed_warehouse_posts_nothing(sku: Sku, observed: Warehouse, held: Held) -> None:
    receipt = Receipt(sku_id=sku.pk, warehouse_id=observed.pk, qty=2, idempotency_key="r", occurred_at=AT)
    assert [receive_lot(receipt).status for _ in range(2)] == ["observed", "observed"]
    assert held() == {}
    assert Lot.objects.get().received_qty == 2


def test_dated_stock_is_merged_by_day_and_gaps_are_unknown(sku: Sku, warehouse: Warehouse) -> None:
    def told(*days: tuple[int, float]) -> tuple[int, int]:
        return record_stock_history((sku.pk, warehouse.pk, date(2025, 1, day), qty) for day, qty in days)

    assert told((5, 50.0), (7, 70.0)) == (2, 0)
    assert told((3, 30.0), (7, 71.0)) == (2, 0)
    assert told((3, 30.0), (7, 72.0)) == (1, 1)
    history = StockHistory.objects.get()
    assert history.first_on == date(2025, 1, 3)
    np.testing.assert_array_equal(history.qty, np.array([30, np.nan, 50, np.nan, 72], np.float32))


def test_the_stock_at_a_days_end_comes_from_the_ledger(sku: Sku, warehouse: Warehouse, lots: None) -> None:
    with clock.at(datetime(2025, 1, 4, 3, tzinfo=UTC)):
        late = Posting(
            sku_id=sku.pk, warehouse_id=warehouse.pk, from_bucket="available", to_bucket="reserved", qty=9, kind=MovementKind.RESERVE,
            key="late", occurred_at=clock.now(),
        )  # fmt: skip
        post([late])
        assert extend_stock_history([sku.pk]) == 1
    history = StockHistory.objects.get()
    assert (history.first_on + timedelta(days=len(history.qty) - 1), history.qty[-1]) == (date(2025, 1, 3), 100.0)


def test_reconciliation_names_what_does_not_hold(sku: Sku, warehouse: Warehouse, lots: None) -> None:
    assert reconcile() == []
    Balance.objects.update(qty=-4)
    assert [(found.invariant, found.text) for found in reconcile()] == [
        ("I1", "TEA in SH, available: the ledger adds up to 100, the balance says -4."),
        ("I2", "TEA in SH, available: -4 is below zero."),
    ]


def test_a_sku_with_stock_is_not_deleted(sku: Sku, warehouse: Warehouse, lots: None) -> None:
    with pytest.raises(DomainError) as caught:
        delete_sku(code="TEA")
    assert (caught.value.code, caught.value.params["left"]) == ("stock_left", [["SH", "available", 100]])
    ship(sku, warehouse, 100)
    assert delete_sku(code="TEA").deleted_at is not None


def test_the_command_proves_the_ledger_or_fails(sku: Sku, warehouse: Warehouse, lots: None, capsys: pytest.CaptureFixture[str]) -> None:
    ship(sku, warehouse, 65)
    call_command("reconcile")
    assert "The ledger adds up" in capsys.readouterr().out
    Balance.objects.update(qty=36)
    with pytest.raises(SystemExit) as stopped:
        call_command("reconcile")
    assert stopped.value.code == 1
    assert "I1: TEA in SH, available: the ledger adds up to 35, the balance says 36." in capsys.readouterr().out
