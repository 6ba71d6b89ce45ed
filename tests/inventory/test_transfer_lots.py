"""A transfer keeps the age and the cost of what it carries (U16)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import F

from stockhub.catalog.models import Sku, Warehouse
from stockhub.inventory.lots.ageing import age_histogram
from stockhub.inventory.lots.settlement import settle_lots
from stockhub.inventory.models import (
    CostKind,
    Lot,
    LotCost,
    StockVariance,
    TransferLot,
)
from stockhub.inventory.services import (
    Receipt,
    UnitCost,
    add_costs,
    adjust,
    receive_lots,
    resolve_variance,
    upsert_transfer,
)
from tests.inventory.transfer_world import DAY, START, age_of_everything, proved, transfer, worth

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("transfer_day")]


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
