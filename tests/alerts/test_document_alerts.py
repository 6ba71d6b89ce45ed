"""Differences that nobody has resolved, and goods long past their expected day, are alerts until they are dealt with (H83)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from stockhub.alerts.models import Alert
from stockhub.catalog.models import Warehouse
from stockhub.core import clock
from stockhub.inventory.models import StockVariance
from stockhub.inventory.services import TransferInput, TransferLineInput, resolve_variance, upsert_transfer
from stockhub.purchasing.services import ShipmentInput, ShipmentLineInput, upsert_shipment
from stockhub.snapshot.builder import build
from tests.worlds import NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def world(db: None) -> World:
    made = make_world()
    made.selling("TEA", stock=500, rate=1.0)
    Warehouse.objects.create(code="far", name="Far", ledger_starts_at=NOW - timedelta(days=60))
    return made


def told(status: str, received: int = 0, expected_on: date | None = None) -> None:
    with clock.at(NOW):
        upsert_transfer(
            TransferInput(
                code="TR-1", from_warehouse="cn-main", to_warehouse="far", status=status, expected_on=expected_on,
                lines=[TransferLineInput(sku="TEA", shipped_qty=100, received_qty=received)],
            )
        )  # fmt: skip


def alerts(kind: str) -> list[tuple[str, str]]:
    return list(Alert.objects.filter(kind=kind).order_by("id").values_list("status", "message"))


def test_h83_an_unresolved_difference_is_an_alert_until_somebody_decides(world: World) -> None:
    told("received", 98)
    run_cycle("warnings")
    text = "1 line came in with more or fewer units than were sent: accept it, or find them."
    assert alerts("open-variances") == [("open", text)]
    with clock.at(NOW):
        resolve_variance(variance_id=StockVariance.objects.get().pk, resolution="accepted", idempotency_key="k")
    run_cycle("warnings", NOW + timedelta(hours=1))
    assert [status for status, _text in alerts("open-variances")] == ["resolved"]


def test_h83_what_is_long_past_its_day_is_an_alert(world: World) -> None:
    told("in_transit", expected_on=date(2026, 2, 26))
    with clock.at(NOW):
        upsert_shipment(
            ShipmentInput(
                code="S-1", warehouse="cn-main", expected_on=date(2026, 2, 20), lines=[ShipmentLineInput(sku="TEA", shipped_qty=5)]
            )
        )  # fmt: skip
    run_cycle("warnings")
    text = "2 shipments and transfers are long past their expected days: ask for them, and tell the new days."
    assert alerts("late-supply") == [("open", text)]
    told("in_transit", expected_on=date(2026, 2, 27))
    with clock.at(NOW):
        upsert_shipment(ShipmentInput(code="S-1", expected_on=date(2026, 3, 20)))
    run_cycle("warnings", NOW + timedelta(hours=1))
    assert [status for status, _text in alerts("late-supply")] == ["resolved"]


def test_h15_a_transfer_is_an_arrival_of_the_destination_once(world: World) -> None:
    from stockhub.catalog.models import PoolWarehouse, Sku, StockPool

    pool = StockPool.objects.create(code="far", name="Far")
    PoolWarehouse.objects.create(pool=pool, warehouse=Warehouse.objects.get(code="far"))
    told("receiving", 40, expected_on=date(2026, 3, 9))
    snapshot = build([Sku.objects.get(code="TEA").pk], NOW)
    place = {int(pool_id): row for row, pool_id in enumerate(snapshot.pool_ids.tolist())}
    found = list(zip(snapshot.inbound_row.tolist(), snapshot.inbound_day.tolist(), snapshot.inbound_qty.tolist(), strict=True))
    assert found == [(place[pool.pk], 7.0, 60.0)]
