"""Categories, products, and what is wanted of a SKU."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.catalog.attributes import require_attributes
from stockhub.catalog.inputs import CategoryInput, PolicyInput, ProductInput
from stockhub.catalog.models import Category, Product, Sku, StockPolicy, StockPool
from stockhub.core.unset import Unset
from stockhub.editing.undoable import Undoable
from stockhub.editing.upserts import (
    Change,
    RowResult,
    assign_columns,
    codes,
    collect,
    require_size,
    required,
    resolve,
    results,
    the_one,
    valid,
    write,
)
from stockhub.values.errors import DomainError

_POLICY_COLUMNS: Final = (
    "safety_stock_method", "safety_stock_qty", "safety_cover_days", "service_level", "review_period_days", "lead_time_days",
    "alert_threshold_qty", "maximum_qty", "alert_cover_days", "alert_schedule", "is_replenished",
)  # fmt: skip


def upsert_category(row: CategoryInput) -> Category:
    return Category.objects.get(pk=the_one(upsert_categories([row])))


def upsert_categories(rows: Sequence[CategoryInput]) -> list[RowResult]:
    """Makes or changes categories, one result for each row. A parent is there already; a category is never above itself."""
    require("catalog.change_category")
    require_size(rows)
    with transaction.atomic():
        existing = {
            category.code: category for category in Category.objects.select_for_update().filter(code__in=[row.code for row in rows])
        }
        parents: dict[int, int | None] = (
            dict(Category.objects.values_list("id", "parent_id")) if any(isinstance(row.parent, str) for row in rows) else {}
        )
        known = codes(Category, [row.parent for row in rows])
        changes, errors = collect(
            rows,
            key=lambda row: row.code,
            existing=existing,
            new=lambda row: Category(code=row.code),
            assign=lambda change, row: _assign_category(change, row, known, parents),
        )
        write(Category, changes, noun="catalog.category")
    return results(rows, changes, errors)


def _assign_category(change: Change[Category], row: CategoryInput, known: Mapping[str, int], parents: dict[int, int | None]) -> None:
    _assign_code_and_name(change, row)
    if isinstance(row.parent, Unset):
        return
    parent_id = resolve(known, "parent", row.parent)
    above, own_id = parent_id, change.obj.pk
    while above is not None and own_id is not None:
        if above == own_id:
            raise DomainError("category_cycle", _("A category cannot lie beneath itself."), path=("parent",))
        above = parents.get(above)
    if own_id is not None:
        parents[own_id] = parent_id
    change.set("parent_id", parent_id)


def _assign_code_and_name(change: Change[Category] | Change[Product], row: CategoryInput | ProductInput) -> None:
    if change.is_new:
        valid(change.obj, "code", row.code)
        change.set("name", row.code)
    assign_columns(change, row, ("name",))


def upsert_product(row: ProductInput) -> Product:
    return Product.objects.get(pk=the_one(upsert_products([row])))


def upsert_products(rows: Sequence[ProductInput]) -> list[RowResult]:
    """Makes or changes products, one result for each row."""
    require("catalog.change_product")
    require_size(rows)
    with transaction.atomic():
        existing = {product.code: product for product in Product.objects.select_for_update().filter(code__in=[row.code for row in rows])}
        categories = codes(Category, [row.category for row in rows])

        def assign(change: Change[Product], row: ProductInput) -> None:
            _assign_code_and_name(change, row)
            if not isinstance(row.category, Unset):
                change.set("category_id", resolve(categories, "category", row.category))
            require_attributes(row.attributes)
            assign_columns(change, row, ("brand", "variant_axes", "attributes"))

        changes, errors = collect(rows, key=lambda row: row.code, existing=existing, new=lambda row: Product(code=row.code), assign=assign)
        write(Product, changes, noun="catalog.product")
    return results(rows, changes, errors)


def upsert_policy(row: PolicyInput) -> StockPolicy:
    return StockPolicy.objects.get(pk=the_one(upsert_policies([row])))


def upsert_policies(rows: Sequence[PolicyInput]) -> list[RowResult]:
    """Makes or changes what is wanted of SKUs, one result for each row."""
    require("catalog.change_stockpolicy")
    require_size(rows)
    with transaction.atomic():
        skus, pools = codes(Sku, [row.sku for row in rows]), codes(StockPool, [row.pool for row in rows])
        found = StockPolicy.objects.select_for_update().filter(sku_id__in=skus.values()).order_by("id")
        existing = {(policy.sku_id, policy.pool_id): policy for policy in found}

        def key(row: PolicyInput) -> tuple[object, object]:
            return skus.get(row.sku, row.sku), None if row.pool is None else pools.get(row.pool, row.pool)

        def assign(change: Change[StockPolicy], row: PolicyInput) -> None:
            change.set("sku_id", required(skus, "sku", row.sku))
            change.set("pool_id", resolve(pools, "pool", row.pool))
            assign_columns(change, row, _POLICY_COLUMNS)

        changes, errors = collect(rows, key=key, existing=existing, new=lambda _row: StockPolicy(), assign=assign)
        write(StockPolicy, changes, noun="catalog.policy")
    return results(rows, changes, errors)


POLICY_CHANGES: Final = Undoable(noun="catalog.policy", model=StockPolicy, permission="catalog.change_stockpolicy")
