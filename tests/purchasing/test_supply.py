"""Purchase orders and shipments, and what the ledger makes of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from stockhub.catalog.models import Authority, Sku, Warehouse
from stockhub.core import clock
from stockhub.inventory.models import Balance, Lot, LotCost, Movement
from stockhub.purchasing.models import PurchaseOrder, ShipmentEvent
from stockhub.purchasing.selectors import inbound_arrivals
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

START = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture
def sku() -> Sku:
    return Sku.objects.create(code="TEA")


@pytest.fixture
def warehouse() -> Warehouse:
    return Warehouse.objects.create(code="SH", name="Shanghai", ledger_starts_at=START)


@pytest.fixture
def observed() -> Warehouse:
    return Warehouse.objects.create(code="FBA", name="FBA", authority=Authority.SNAPSHOT, ledger_starts_at=START)


@pytest.fixture(autouse=True)
def supplier() -> Supplier:
    return Supplier.objects.create(code="ACME", name="Acme")


def order(qty: int = 500, **fields: object) -> PurchaseOrderInput:
    values = {
        "code": "PO-1", "supplier": "ACME", "warehouse": "SH", "currency": "CNY", "status": "open", "ordered_on": date(2024, 11, 1),
        "promised_on": date(2025, 3, 1), "lines": [OrderLineInput(sku="TEA", ordered_qty=qty, unit_price_amount=Decimal("3.25"))],
    }  # fmt: skip
    return PurchaseOrderInput(**values | fields)  # type: ignore[arg-type]


def shipment(qty: int = 300, received: int = 0, status: str = "in_transit", **fields: object) -> ShipmentInput:
    lines = [ShipmentLineInput(sku="TEA", shipped_qty=qty, received_qty=received, purchase_order="PO-1")]
    values = {"code": "S-1", "warehouse": "SH", "status": status, "expected_on": date(2025, 2, 20), "lines": lines}
    return ShipmentInput(**values | fields)  # type: ignore[arg-type]


def held() -> dict[str, int]:
    return {bucket: qty for bucket, qty in Balance.objects.values_list("bucket_id", "qty") if qty}


def arriving() -> list[tuple[date | None, int, str]]:
    return [(row.expected_on, row.qty, row.source) for row in inbound_arrivals()]


def test_an_open_order_placed_before_the_ledger_started_is_on_order(sku: Sku, warehouse: Warehouse) -> None:
    upsert_purchase_order(order())
    assert held() == {"on_order": 500}
    assert arriving() == [(date(2025, 3, 1), 500, "purchase_order")]


def test_a_draft_is_not_on_order(sku: Sku, warehouse: Warehouse) -> None:
    upsert_purchase_order(order(status="draft"))
    assert held() == {}
    assert arriving() == []


def test_telling_the_same_again_changes_nothing(sku: Sku, warehouse: Warehouse) -> None:
    first = upsert_purchase_order(order())
    upsert_shipment(shipment())
    movements = Movement.objects.count()
    again = upsert_purchase_order(order())
    upsert_shipment(shipment())
    assert Movement.objects.count() == movements
    assert again.version == first.version
    assert ShipmentEvent.objects.count() == 1


def test_h15_shipped_units_are_not_counted_twice(sku: Sku, warehouse: Warehouse) -> None:
    upsert_purchase_order(order())
    upsert_shipment(shipment())
    assert held() == {"on_order": 200, "in_transit": 300}
    assert sorted(arriving(), key=str) == [(date(2025, 2, 20), 300, "shipment"), (date(2025, 3, 1), 200, "purchase_order")]
    assert sum(qty for _day, qty, _source in arriving()) == 500
    departed = Movement.objects.get(kind="depart")
    assert (departed.from_bucket_id, departed.to_bucket_id, departed.qty) == ("on_order", "in_transit", 300)


def test_a_planned_shipment_is_still_on_order(sku: Sku, warehouse: Warehouse) -> None:
    upsert_purchase_order(order())
    upsert_shipment(shipment(status="planned"))
    assert held() == {"on_order": 500}
    assert arriving() == [(date(2025, 3, 1), 500, "purchase_order")]


def test_a_cancelled_shipment_gives_its_units_back_to_the_order(sku: Sku, warehouse: Warehouse) -> None:
    upsert_purchase_order(order())
    upsert_shipment(shipment())
    upsert_shipment(shipment(status="cancelled"))
    assert held() == {"on_order": 500}


def test_receiving_moves_through_the_buckets_and_makes_lots_with_the_orders_price(sku: Sku, warehouse: Warehouse) -> None:
    upsert_purchase_order(order())
    upsert_shipment(shipment())
    with clock.at(datetime(2025, 2, 21, 3, tzinfo=UTC)):
        upsert_shipment(shipment(received=100, status="receiving"))
    assert held() == {"on_order": 200, "receiving": 200, "available": 100}
    with clock.at(datetime(2025, 2, 22, 3, tzinfo=UTC)):
        upsert_shipment(shipment(received=280, status="received"))
    assert held() == {"on_order": 200, "available": 280}
    assert list(Lot.objects.order_by("id").values_list("received_on", "received_qty")) == [
        (date(2025, 2, 21), 100),
        (date(2025, 2, 22), 180),
    ]
    assert set(LotCost.objects.values_list("kind", "unit_amount", "currency")) == {("purchase", Decimal("3.25"), "CNY")}
    assert list(ShipmentEvent.objects.order_by("id").values_list("status", flat=True)) == ["in_transit", "receiving", "received"]


def test_more_may_be_received_than_was_shipped(sku: Sku, warehouse: Warehouse) -> None:
    upsert_purchase_order(order(300))
    upsert_shipment(shipment(300, received=320, status="received"))
    assert held() == {"available": 320}
    assert PurchaseOrder.objects.get().status == "received"


def test_a_shipment_received_without_quantities_came_in_whole(sku: Sku, warehouse: Warehouse) -> None:
    upsert_shipment(ShipmentInput(code="S-2", warehouse="SH", lines=[ShipmentLineInput(sku="TEA", shipped_qty=40)]))
    upsert_shipment(ShipmentInput(code="S-2", status="received"))
    assert held() == {"available": 40}


def test_goods_received_before_the_ledger_started_are_in_the_opening_stock(sku: Sku, warehouse: Warehouse) -> None:
    upsert_shipment(
        shipment(
            status="received",
            received=300,
            received_on=date(2024, 12, 1),
            lines=[ShipmentLineInput(sku="TEA", shipped_qty=300, received_qty=300)],
        )
    )
    assert held() == {}
    assert Lot.objects.count() == 0


def test_a_cancelled_order_is_no_longer_on_order(sku: Sku, warehouse: Warehouse) -> None:
    upsert_purchase_order(order())
    upsert_purchase_order(PurchaseOrderInput(code="PO-1", status="cancelled"))
    assert held() == {}
    assert arriving() == []


def test_a_changed_quantity_posts_the_difference(sku: Sku, warehouse: Warehouse) -> None:
    upsert_purchase_order(order(500))
    upsert_purchase_order(order(450))
    assert held() == {"on_order": 450}
    assert list(Movement.objects.order_by("id").values_list("qty", flat=True)) == [500, 50]


def test_a_removed_line_is_taken_off_order(sku: Sku, warehouse: Warehouse) -> None:
    Sku.objects.create(code="CUP")
    upsert_purchase_order(order(lines=[OrderLineInput(sku="TEA", ordered_qty=10), OrderLineInput(sku="CUP", ordered_qty=5)]))
    upsert_purchase_order(order(lines=[OrderLineInput(sku="TEA", ordered_qty=10)]))
    assert held() == {"on_order": 10}


def test_where_the_platform_counts_only_supply_is_posted(sku: Sku, observed: Warehouse) -> None:
    upsert_purchase_order(order(warehouse="FBA"))
    upsert_shipment(shipment(warehouse="FBA"))
    assert held() == {"on_order": 200, "in_transit": 300}
    upsert_shipment(shipment(warehouse="FBA", status="receiving", received=100))
    assert held() == {"on_order": 200}
    upsert_shipment(shipment(warehouse="FBA", status="received", received=300))
    assert held() == {"on_order": 200}
    assert sum(Lot.objects.values_list("received_qty", flat=True)) == 300


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"supplier": "NOBODY"}, "unknown_supplier", ("supplier",)),
        ({"currency": "QQQ"}, "unknown_currency", ("currency",)),
        ({"status": "sunk"}, "invalid_value", ("status",)),
        ({"lines": [OrderLineInput(sku="NONE", ordered_qty=1)]}, "unknown_sku", ("lines", "0", "sku")),
        ({"lines": [OrderLineInput(sku="TEA", ordered_qty=0)]}, "invalid_quantity", ("lines", "0", "ordered_qty")),
        ({"expected_version": 3}, "not_found", ("expected_version",)),
    ],
)
def test_a_refused_order_changes_nothing(
    sku: Sku, warehouse: Warehouse, fields: dict[str, object], code: str, path: tuple[str, ...]
) -> None:
    with pytest.raises(DomainError) as caught:
        upsert_purchase_order(order(500, **fields))
    assert (caught.value.code, caught.value.path) == (code, path)
    assert PurchaseOrder.objects.count() == 0
    assert held() == {}


def test_a_stale_version_is_refused(sku: Sku, warehouse: Warehouse) -> None:
    upsert_purchase_order(order())
    upsert_purchase_order(order(450))
    with pytest.raises(DomainError) as caught:
        upsert_purchase_order(order(400, expected_version=1))
    assert caught.value.code == "stale_version"
    assert held() == {"on_order": 450}


def test_the_number_of_queries_does_not_grow_with_the_lines(warehouse: Warehouse, django_assert_num_queries: object) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    Sku.objects.bulk_create(Sku(code=f"S{n}") for n in range(30))
    counts = []
    for number, lines in ((1, 2), (2, 30)):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            upsert_purchase_order(order(code=f"PO-{number}", lines=[OrderLineInput(sku=f"S{n}", ordered_qty=5) for n in range(lines)]))
        counts.append(len(queries))
    assert counts[0] == counts[1]
