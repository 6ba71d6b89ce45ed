"""The writes of this area, by use case; each lives in the file of its subject."""

from stockhub.catalog.classification import (
    upsert_categories,
    upsert_category,
    upsert_policies,
    upsert_policy,
    upsert_product,
    upsert_products,
)
from stockhub.catalog.exchange_rates import record_rates
from stockhub.catalog.inputs import CategoryInput, ComponentInput, PolicyInput, PoolInput, ProductInput, SkuInput, WarehouseInput
from stockhub.catalog.places import upsert_pool, upsert_pools, upsert_warehouse, upsert_warehouses
from stockhub.catalog.skus import upsert_sku, upsert_skus
from stockhub.editing.upserts import RowResult, RowStatus

__all__ = [
    "CategoryInput",
    "ComponentInput",
    "PolicyInput",
    "PoolInput",
    "ProductInput",
    "RowResult",
    "RowStatus",
    "SkuInput",
    "WarehouseInput",
    "record_rates",
    "upsert_categories",
    "upsert_category",
    "upsert_policies",
    "upsert_policy",
    "upsert_pool",
    "upsert_pools",
    "upsert_product",
    "upsert_products",
    "upsert_sku",
    "upsert_skus",
    "upsert_warehouse",
    "upsert_warehouses",
]
