"""Removals, disposals, receipts and returns by hand; and bundles, which have no stock of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from stockhub.catalog.inputs import ComponentInput, SkuInput
from stockhub.catalog.models import BundleComponent, Sku, Warehouse
from stockhub.catalog.services import upsert_sku, upsert_skus
from stockhub.core import clock
from stockhub.inventory.models import Balance, CostKind, Lot, LotCost, Movement, MovementKind, Transfer
from stockhub.inventory.proof.reconciliation import reconcile, reconcile_lots
from stockhub.inventory.services import (
    Receipt,
    UnitCost,
    adjust,
    count_stock,
    dispose_stock,
    move_stock,
    observe_stock,
    receive_lots,
    record_receipt,
    record_return,
    remove_stock,
    remove_stock_to,
)
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

NOW = datetime(2025, 6, 2, 4, tzinfo=UTC)
START = datetime(2025, 1, 1, tzinfo=UTC)
Held = Callable[[], dict[str, int]]


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def stock(sku: Sku, warehouse: Warehouse) -> None:
    for bucket, qty in (("available", 20), ("unsellable", 8)):
        receive_lots([Receipt(sku_id=sku.pk, warehouse_id=warehouse.pk, qty=qty, idempotency_key=bucket, bucket=bucket)])


@pytest.fixture
def bundle(sku: Sku) -> Sku:
    cup = Sku.objects.create(code="CUP")
    bundle = Sku.objects.create(code="SET", is_bundle=True)
    BundleComponent.objects.create(bundle=bundle, component=sku, qty=2)
    BundleComponent.objects.create(bundle=bundle, component=cup, qty=1)
    return bundle


# --- removals and disposals --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("service", "kind"), [(remove_stock, "remove"), (dispose_stock, "dispose")])
def test_units_leave_for_good_once(sku: Sku, warehouse: Warehouse, stock: None, held: Held, service: Callable[..., Any], kind: str) -> None:
    request = {
        "sku_id": sku.pk, "warehouse_id": warehouse.pk, "bucket": "unsellable", "qty": 5, "reason": "broken", "idempotency_key": "k",
        "reference": "erp:7",
    }  # fmt: skip
    assert [service(**request).status for _ in range(2)] == ["posted", "duplicate"]
    assert held() == {"available": 20, "unsellable": 3}
    movement = Movement.objects.get(kind=kind)
    assert (movement.qty, movement.from_bucket_id, movement.to_bucket_id, movement.reason) == (5, "unsellable", None, "broken")
    with pytest.raises(DomainError) as caught:
        service(**request | {"qty": 4})
    assert (caught.value.code, held()) == ("idempotency_key_reused", {"available": 20, "unsellable": 3})
    assert [*reconcile(), *reconcile_lots()] == []


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"qty": 9}, "insufficient_stock"),
        ({"qty": 0}, "invalid_quantity"),
        ({"bucket": "reserved"}, "invalid_bucket"),
        ({"bucket": "in_transit"}, "invalid_bucket"),
        ({"bucket": "nowhere"}, "invalid_bucket"),
        ({"occurred_at": datetime(2024, 1, 1, tzinfo=UTC)}, "before_ledger"),
    ],
)
def test_a_removal_that_cannot_be_is_refused(
    sku: Sku, warehouse: Warehouse, stock: None, held: Held, fields: dict[str, Any], code: str
) -> None:
    request = {
        "sku_id": sku.pk, "warehouse_id": warehouse.pk, "bucket": "unsellable", "qty": 5, "reason": "x", "idempotency_key": "k"
    }  # fmt: skip
    with pytest.raises(DomainError) as caught:
        dispose_stock(**request | fields)  # type: ignore[arg-type]
    assert (caught.value.code, held()) == (code, {"available": 20, "unsellable": 8})


def test_where_the_platform_counts_nothing_is_removed_here(sku: Sku, observed: Warehouse, held: Held) -> None:
    observe_stock(warehouse_id=observed.pk, counts={(sku.pk, "available"): 9}, observed_at=NOW)
    for service in (remove_stock, dispose_stock):
        with pytest.raises(DomainError) as caught:
            service(sku_id=sku.pk, warehouse_id=observed.pk, bucket="available", qty=1, reason="x", idempotency_key="k")
        assert caught.value.code == "warehouse_is_observed"
    assert held() == {"available": 9}


def test_a_removal_to_a_warehouse_of_ours_is_a_transfer(sku: Sku, warehouse: Warehouse, observed: Warehouse, held: Held) -> None:
    observe_stock(warehouse_id=observed.pk, counts={(sku.pk, "unsellable"): 9}, observed_at=NOW)
    request = {
        "sku_id": sku.pk, "warehouse_id": observed.pk, "to_warehouse_id": warehouse.pk, "bucket": "unsellable", "qty": 4,
        "reason": "FBA removal", "idempotency_key": "k",
    }  # fmt: skip
    first, again = remove_stock_to(**request), remove_stock_to(**request)  # type: ignore[arg-type]
    assert (first.pk, first.status, first.version) == (again.pk, "in_transit", again.version)
    assert held() == {"unsellable": 9, "in_transit": 4}
    assert list(first.lines.values_list("sku__code", "bucket_id", "shipped_qty")) == [("TEA", "unsellable", 4)]
    with pytest.raises(DomainError) as caught:
        remove_stock_to(**request | {"qty": 5})  # type: ignore[arg-type]
    assert (caught.value.code, Transfer.objects.count()) == ("idempotency_key_reused", 1)


# --- receipts and returns by hand --------------------------------------------------------------------------------------------


def receipt(sku: Sku, warehouse: Warehouse, **fields: Any) -> Receipt:  # noqa: ANN401 - fields of the receipt
    values: dict[str, Any] = {
        "sku_id": sku.pk, "warehouse_id": warehouse.pk, "qty": 10, "idempotency_key": "k", "lot_code": "L1",
        "received_on": date(2025, 6, 1), "costs": (UnitCost(kind=CostKind.PURCHASE, unit_amount=Decimal("3.5"), currency="CNY"),),
    }  # fmt: skip
    return Receipt(**values | fields)


def test_h82_a_receipt_is_booked_in_once(sku: Sku, warehouse: Warehouse, held: Held) -> None:
    assert [record_receipt(receipt(sku, warehouse)).status for _ in range(2)] == ["posted", "duplicate"]
    assert held() == {"available": 10}
    assert list(Lot.objects.values_list("code", "received_qty", "received_on")) == [("L1", 10, date(2025, 6, 1))]
    assert list(LotCost.objects.values_list("kind", "unit_amount", "currency", "rate_on")) == [
        ("purchase", Decimal("3.5"), "CNY", date(2025, 6, 1))
    ]
    for other in ({"qty": 11}, {"expires_on": date(2026, 1, 1)}, {"costs": ()}):
        with pytest.raises(DomainError) as caught:
            record_receipt(receipt(sku, warehouse, **other))
        assert caught.value.code == "idempotency_key_reused"
    assert held() == {"available": 10}


def test_h82_two_long_keys_that_begin_alike_make_two_lots(sku: Sku, warehouse: Warehouse, held: Held) -> None:
    start = "erp:" + "0" * 120
    for key in (f"{start}-1", f"{start}-2", f"{start}-2", "short"):
        record_receipt(receipt(sku, warehouse, idempotency_key=key, lot_code=""))
    codes = list(Lot.objects.order_by("id").values_list("code", "received_qty"))
    assert [(len(code), code[:4], qty) for code, qty in codes] == [(100, "erp:", 10), (100, "erp:", 10), (5, "shor", 10)]
    assert held() == {"available": 30}


def test_receipts_of_one_lot_add_up_if_they_are_of_one_kind(sku: Sku, warehouse: Warehouse, held: Held) -> None:
    record_receipt(receipt(sku, warehouse))
    record_receipt(receipt(sku, warehouse, idempotency_key="k2", qty=5))
    for other in (
        {"received_on": date(2025, 5, 1)},
        {"costs": (UnitCost(kind=CostKind.PURCHASE, unit_amount=Decimal("3.6"), currency="CNY"),)},
    ):
        with pytest.raises(DomainError) as caught:
            record_receipt(receipt(sku, warehouse, idempotency_key="k3", **other))
        assert caught.value.code == "lot_differs"
    assert (held(), Lot.objects.get().received_qty) == ({"available": 15}, 15)


def test_where_the_platform_counts_a_receipt_says_age_and_cost_only(sku: Sku, observed: Warehouse, held: Held) -> None:
    assert [record_receipt(receipt(sku, observed)).status for _ in range(2)] == ["observed", "observed"]
    assert (held(), Lot.objects.get().received_qty, LotCost.objects.count()) == ({}, 10, 1)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"qty": 0}, "invalid_quantity"),
        ({"qty": 10**9}, "invalid_quantity"),
        ({"bucket": "reserved"}, "invalid_bucket"),
        ({"bucket": "on_order"}, "invalid_bucket"),
        ({"lot_code": "x" * 101}, "text_too_long"),
        ({"reason": "x" * 201}, "text_too_long"),
        ({"idempotency_key": ""}, "invalid_key"),
        ({"produced_on": date(2025, 2, 1), "expires_on": date(2025, 1, 1)}, "invalid_value"),
        ({"received_on": date(2025, 6, 3)}, "future_time"),
        ({"occurred_at": datetime(2024, 6, 1, tzinfo=UTC)}, "before_ledger"),
        ({"costs": (UnitCost(kind=CostKind.DUTY, unit_amount=Decimal(-1), currency="CNY"),)}, "negative_amount"),
        ({"costs": (UnitCost(kind=CostKind.DUTY, unit_amount=Decimal(1), currency="QQQ"),)}, "unknown_currency"),
    ],
)
def test_a_bad_receipt_changes_nothing(sku: Sku, warehouse: Warehouse, held: Held, fields: dict[str, Any], code: str) -> None:
    with pytest.raises(DomainError) as caught:
        record_receipt(receipt(sku, warehouse, **fields))
    assert (caught.value.code, held(), Lot.objects.count()) == (code, {}, 0)


def test_h82_a_return_is_booked_in_once_by_its_grade(sku: Sku, warehouse: Warehouse, held: Held) -> None:
    request = {"sku_id": sku.pk, "warehouse_id": warehouse.pk, "qty": 3, "idempotency_key": "k"}
    assert [record_return(**request, grade="damaged")[0].status for _ in range(2)] == ["posted", "duplicate"]  # type: ignore[arg-type]
    record_return(**request | {"idempotency_key": "k:2"}, grade="")  # type: ignore[arg-type]
    record_return(**request | {"idempotency_key": "k3"}, grade="like_new")  # type: ignore[arg-type]
    assert held() == {"unsellable": 3, "inspecting": 3, "available": 3}
    for fields, code in (({"grade": "new"}, "idempotency_key_reused"), ({"grade": "mint", "idempotency_key": "n"}, "invalid_grade")):
        with pytest.raises(DomainError) as caught:
            record_return(**request | fields)  # type: ignore[arg-type]
        assert caught.value.code == code
    assert held() == {"unsellable": 3, "inspecting": 3, "available": 3}


# --- bundles -----------------------------------------------------------------------------------------------------------------


def test_a_returned_bundle_comes_in_as_its_components(warehouse: Warehouse, bundle: Sku) -> None:
    request = {"sku_id": bundle.pk, "warehouse_id": warehouse.pk, "qty": 3, "grade": "new", "idempotency_key": "k"}
    first = record_return(**request)  # type: ignore[arg-type]
    BundleComponent.objects.filter(bundle=bundle).update(qty=9)
    again = record_return(**request)  # type: ignore[arg-type]
    assert [(result.status, result.qty) for result in first] == [("posted", 6), ("posted", 3)]
    assert [(result.status, result.qty) for result in again] == [("duplicate", 6), ("duplicate", 3)]
    assert dict(Balance.objects.values_list("sku__code", "qty")) == {"TEA": 6, "CUP": 3}


def _by_hand(bundle: Sku, warehouse: Warehouse) -> dict[str, Callable[[], object]]:
    common: dict[str, Any] = {"sku_id": bundle.pk, "warehouse_id": warehouse.pk, "reason": "x", "idempotency_key": "k"}
    line = {"sku": "SET", "shipped_qty": 1}
    return {
        "adjust": lambda: adjust(**common, bucket="available", delta_qty=1),
        "move": lambda: move_stock(**common, from_bucket="available", to_bucket="unsellable", qty=1),
        "remove": lambda: remove_stock(**common, bucket="available", qty=1),
        "dispose": lambda: dispose_stock(**common, bucket="available", qty=1),
        "count": lambda: count_stock(warehouse_id=warehouse.pk, counts={(bundle.pk, "available"): 3}, idempotency_key="k"),
        "opening": lambda: receive_lots(
            [Receipt(sku_id=bundle.pk, warehouse_id=warehouse.pk, qty=1, idempotency_key="k", kind=MovementKind.OPENING)]
        ),
        "receipt": lambda: record_receipt(Receipt(sku_id=bundle.pk, warehouse_id=warehouse.pk, qty=1, idempotency_key="k")),
        "order": lambda: upsert_purchase_order(
            PurchaseOrderInput(code="PO", supplier="S", warehouse="SH", currency="CNY", lines=[OrderLineInput(sku="SET", ordered_qty=1)])
        ),
        "shipment": lambda: upsert_shipment(ShipmentInput(code="S", warehouse="SH", lines=[ShipmentLineInput(**line)])),  # type: ignore[arg-type]
    }


@pytest.mark.parametrize(
    "entry", ["adjust", "move", "remove", "dispose", "count", "opening", "receipt", "order", "shipment"]
)  # fmt: skip
def test_every_entry_by_hand_refuses_a_bundle_and_names_its_components(warehouse: Warehouse, bundle: Sku, held: Held, entry: str) -> None:
    Supplier.objects.create(code="S", name="S")
    with pytest.raises(DomainError) as caught:
        _by_hand(bundle, warehouse)[entry]()
    assert caught.value.code == "bundle_has_no_stock"
    assert caught.value.params == {"sku": "SET", "components": [["CUP", 1], ["TEA", 2]], "named": "1 × CUP, 2 × TEA"}
    assert "post its components instead (1 × CUP, 2 × TEA)" in str(caught.value.message)
    assert (held(), Lot.objects.count(), Movement.objects.count()) == ({}, 0, 0)


def test_a_sku_with_stock_cannot_become_a_bundle(sku: Sku, warehouse: Warehouse, stock: None) -> None:
    upsert_skus([SkuInput(code="CUP"), SkuInput(code="POT")])
    parts = [ComponentInput(sku="CUP", qty=2)]
    with pytest.raises(DomainError) as caught:
        upsert_sku(SkuInput(code="TEA", components=parts))
    assert (caught.value.code, caught.value.path, caught.value.params["code"]) == ("stock_left", ("components",), "TEA")
    results = upsert_skus([SkuInput(code="TEA", components=parts), SkuInput(code="POT", components=parts)])
    assert [(row.status, row.error.code if row.error else None) for row in results] == [("refused", "stock_left"), ("updated", None)]
    assert list(Sku.objects.filter(is_bundle=True).values_list("code", flat=True)) == ["POT"]
    dispose_stock(sku_id=sku.pk, warehouse_id=warehouse.pk, bucket="available", qty=20, reason="x", idempotency_key="a")
    dispose_stock(sku_id=sku.pk, warehouse_id=warehouse.pk, bucket="unsellable", qty=8, reason="x", idempotency_key="b")
    assert upsert_sku(SkuInput(code="TEA", components=parts)).is_bundle
