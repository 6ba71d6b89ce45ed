"""Columns and filters that many exports have, and the permissions that come with them: as in the graph, a code belongs to its object."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet

from stockhub.access.models import User
from stockhub.catalog.models import Sku, StockPool, Warehouse
from stockhub.catalog.selectors import visible_pool_ids
from stockhub.channels.models import Account
from stockhub.exports.export import Column, Kind, within
from stockhub.exports.filters import Codes

#: Of whatever names SKUs and warehouses.
IN_STOCK: Final = ("catalog.view_sku", "catalog.view_warehouse")


def _skus(viewer: User) -> QuerySet[Any]:  # noqa: ARG001 - SKUs are the company's
    return Sku.objects.all()


def seen_warehouses(viewer: User) -> QuerySet[Any]:
    return within(Warehouse.objects.all(), viewer, warehouse="pk")


def seen_accounts(viewer: User) -> QuerySet[Any]:
    return within(Account.objects.all(), viewer, account="pk")


def _pools(viewer: User) -> QuerySet[Any]:
    seen = visible_pool_ids(viewer)
    return StockPool.objects.all() if seen is None else StockPool.objects.filter(pk__in=seen)


SKU: Final = Codes("sku", "Only these SKUs, by their codes.", "sku_id", _skus)
WAREHOUSE: Final = Codes("warehouse", "Only these warehouses, by their codes.", "warehouse_id", seen_warehouses)
ACCOUNT: Final = Codes("account", "Only these accounts, by their codes.", "account_id", seen_accounts)
POOL: Final = Codes("pool", "Only these stock pools, by their codes.", "pool_id", _pools)
SKU_CODE: Final = Column("sku", Kind.TEXT, "The SKU's code.", "sku__code")
WAREHOUSE_CODE: Final = Column("warehouse", Kind.TEXT, "The warehouse's code.", "warehouse__code")
