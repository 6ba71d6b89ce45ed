"""Catalogue writes: one by one and in bulk."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.catalog.models import BundleComponent, Category, PoolWarehouse, Sku, StockPolicy, StockPool, Warehouse
from stockhub.catalog.services import (
    CategoryInput,
    ComponentInput,
    PolicyInput,
    PoolInput,
    ProductInput,
    SkuInput,
    WarehouseInput,
    upsert_category,
    upsert_policies,
    upsert_policy,
    upsert_pool,
    upsert_product,
    upsert_sku,
    upsert_skus,
    upsert_warehouse,
)
from stockhub.core.actor import Actor, acting_as
from stockhub.outbox.models import Event
from stockhub.values.errors import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_field_that_is_not_named_stays_and_none_clears() -> None:
    upsert_sku(SkuInput(code="TEA", name="Tea", brand="Leaf", weight_grams=250, price_amount=Decimal("9.90"), price_currency="CNY"))
    sku = upsert_sku(SkuInput(code="TEA", brand=None, weight_grams=None))
    assert (sku.name, sku.brand, sku.weight_grams, sku.price_amount, sku.version) == ("Tea", "", None, Decimal("9.90"), 2)
    event = Event.objects.latest("id")
    assert (event.kind, event.entity, event.entity_id) == ("catalog.sku_changed.v1", "catalog.sku", sku.pk)
    assert event.payload == {"created": False, "version": 2, "changes": {"brand": ["Leaf", ""], "weight_grams": [250, None]}}


def test_the_same_again_changes_nothing() -> None:
    row = SkuInput(code="TEA", name="Tea", stage="growth", price_amount=Decimal("9.9"), price_currency="CNY")
    first = upsert_skus([row])
    again = upsert_skus([row])
    assert [(result.status, result.version) for result in (*first, *again)] == [("created", 1), ("unchanged", 1)]
    assert Event.objects.filter(kind="catalog.sku_changed.v1").count() == 1


@pytest.mark.parametrize(
    ("row", "code", "path"),
    [
        (SkuInput(code="NEW", price_amount=Decimal(-1), price_currency="CNY"), "negative_amount", ("price_amount",)),
        (SkuInput(code="NEW", price_amount=Decimal("NaN"), price_currency="CNY"), "negative_amount", ("price_amount",)),
        (SkuInput(code="NEW", price_amount=Decimal(1)), "required", ("price_currency",)),
        (SkuInput(code="NEW", unit_cost_amount=Decimal(1), unit_cost_currency="QQQ"), "unknown_currency", ("unit_cost_currency",)),
        (SkuInput(code="NEW", category="NONE"), "unknown_category", ("category",)),
        (SkuInput(code="NEW", stage="puberty"), "unknown_stage", ("stage",)),
        (SkuInput(code="NEW", weight_grams=-5), "invalid_value", ("weight_grams",)),
        (SkuInput(code="NEW", name="a\x00b"), "invalid_value", ("name",)),
        (SkuInput(code="", name="x"), "invalid_value", ("code",)),
        (SkuInput(code="NEW", name="x" * 301), "invalid_value", ("name",)),
        (SkuInput(code="NEW", expected_version=1), "not_found", ("expected_version",)),
        (SkuInput(code="TEA", expected_version=2), "stale_version", ("expected_version",)),
        (SkuInput(code="NEW", components=[ComponentInput(sku="NEW")]), "bundle_contains_itself", ("components", "0", "sku")),
        (SkuInput(code="NEW", components=[ComponentInput(sku="SET")]), "nested_bundle", ("components", "0", "sku")),
        (SkuInput(code="NEW", components=[ComponentInput(sku="TEA", qty=0)]), "invalid_quantity", ("components", "0", "qty")),
        (SkuInput(code="NEW", components=[ComponentInput(sku="NONE")]), "unknown_sku", ("components", "0", "sku")),
        (
            SkuInput(code="NEW", components=[ComponentInput(sku="TEA"), ComponentInput(sku="TEA")]),
            "duplicate_component",
            ("components", "1", "sku"),
        ),
    ],
)
def test_a_bad_row_is_refused_alone(row: SkuInput, code: str, path: tuple[str, ...]) -> None:
    upsert_skus([SkuInput(code="TEA"), SkuInput(code="SET", components=[ComponentInput(sku="TEA", qty=2)])])
    results = upsert_skus([row, SkuInput(code="CUP")])
    assert [result.status for result in results] == ["refused", "created"]
    assert results[0].error is not None
    assert (results[0].error.code, results[0].error.path) == (code, path)
    assert set(Sku.objects.values_list("code", "version")) == {("TEA", 1), ("SET", 1), ("CUP", 1)}
    with pytest.raises(DomainError):
        upsert_sku(row)


def test_a_bundle_and_its_parts_can_stand_in_one_list() -> None:
    upsert_skus([SkuInput(code="SET", components=[ComponentInput(sku="TEA", qty=2)]), SkuInput(code="TEA")])
    assert BundleComponent.objects.values_list("bundle__code", "component__code", "qty").get() == ("SET", "TEA", 2)
    bundle = upsert_sku(SkuInput(code="SET", components=[ComponentInput(sku="TEA", qty=3)]))
    assert (bundle.is_bundle, bundle.version, BundleComponent.objects.get().qty) == (True, 2, 3)
    assert upsert_sku(SkuInput(code="SET", name="Set")).is_bundle is True
    assert upsert_sku(SkuInput(code="SET", components=None)).is_bundle is False
    assert BundleComponent.objects.count() == 0


def test_a_code_twice_in_a_list_is_refused_the_second_time() -> None:
    results = upsert_skus([SkuInput(code="TEA", name="a"), SkuInput(code="TEA", name="b")])
    assert [result.status for result in results] == ["created", "refused"]
    assert Sku.objects.get().name == "a"


def test_a_bulk_write_takes_a_fixed_number_of_queries() -> None:
    def queries(count: int, prefix: str) -> int:
        rows = [SkuInput(code=f"{prefix}{n}", name="n", stage="growth") for n in range(count)]
        with CaptureQueriesContext(connection) as made:
            upsert_skus(rows)
        with CaptureQueriesContext(connection) as changed:
            upsert_skus([SkuInput(code=row.code, name="m") for row in rows])
        return len(made) + len(changed)

    # SQLite takes 999 values a statement as Django counts them, so that very long lists come in several there.
    assert queries(2, "A") == queries(30 if connection.vendor == "sqlite" else 1000, "B")


def test_more_than_a_thousand_rows_are_refused() -> None:
    with pytest.raises(DomainError) as caught:
        upsert_skus([SkuInput(code=str(n)) for n in range(1001)])
    assert caught.value.code == "too_many_rows"
    assert Sku.objects.count() == 0


def test_nobody_changes_nothing() -> None:
    with acting_as(Actor("anonymous")), pytest.raises(DomainError) as caught:
        upsert_skus([SkuInput(code="TEA")])
    assert caught.value.code == "not_allowed"
    assert Sku.objects.count() == 0


def test_categories_form_a_tree() -> None:
    upsert_category(CategoryInput(code="FOOD", name="Food"))
    upsert_category(CategoryInput(code="TEA", parent="FOOD"))
    with pytest.raises(DomainError) as caught:
        upsert_category(CategoryInput(code="FOOD", parent="TEA"))
    assert caught.value.code == "category_cycle"
    assert Category.objects.get(code="FOOD").parent is None
    assert upsert_product(ProductInput(code="P", category="TEA", variant_axes=["size"])).variant_axes == ["size"]


def test_a_pool_takes_from_its_warehouses_in_the_order_named() -> None:
    for code in ("A", "B"):
        upsert_warehouse(WarehouseInput(code=code, authority="ledger", time_zone="America/New_York"))
    upsert_pool(PoolInput(code="US", warehouses=["B", "A"]))
    assert list(PoolWarehouse.objects.values_list("warehouse__code", "priority")) == [("B", 1), ("A", 2)]
    assert upsert_pool(PoolInput(code="US", warehouses=["B", "A"])).version == 1
    assert upsert_pool(PoolInput(code="US", warehouses=["A"])).version == 2
    assert list(PoolWarehouse.objects.values_list("warehouse__code", "priority")) == [("A", 1)]
    for row, code in (
        (PoolInput(code="US", warehouses=["A", "A"]), "duplicate_warehouse"),
        (PoolInput(code="US", time_zone="Mars/Base"), "unknown_time_zone"),
        (PoolInput(code="US", warehouses=["C"]), "unknown_warehouse"),
    ):
        with pytest.raises(DomainError) as caught:
            upsert_pool(row)
        assert caught.value.code == code
    assert StockPool.objects.get().version == 2
    with pytest.raises(DomainError) as caught:
        upsert_warehouse(WarehouseInput(code="A", authority="nobody"))
    assert caught.value.code == "invalid_value"
    assert Warehouse.objects.get(code="A").authority == "ledger"


def test_a_policy_is_known_by_its_sku_and_pool() -> None:
    upsert_sku(SkuInput(code="TEA"))
    upsert_pool(PoolInput(code="CN"))
    upsert_policy(PolicyInput(sku="TEA", service_level=0.95))
    upsert_policy(PolicyInput(sku="TEA", pool="CN", safety_stock_method="fixed", safety_stock_qty=40))
    upsert_policy(PolicyInput(sku="TEA", pool="CN", safety_stock_qty=None))
    assert set(StockPolicy.objects.values_list("pool__code", "service_level", "safety_stock_method", "safety_stock_qty")) == {
        (None, 0.95, "statistical", None),
        ("CN", None, "fixed", None),
    }
    results = upsert_policies([PolicyInput(sku="TEA", service_level=1.5), PolicyInput(sku="NONE")])
    assert [result.error.code for result in results if result.error] == ["invalid_value", "unknown_sku"]
