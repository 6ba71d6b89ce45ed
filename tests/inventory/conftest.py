"""A SKU, a warehouse that we count, one that a platform counts, and short ways to say what happens in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from stockhub.catalog.models import Authority, Sku, Warehouse
from stockhub.inventory.models import Balance

START = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture
def sku(db: None) -> Sku:
    return Sku.objects.create(code="TEA")


@pytest.fixture
def warehouse(db: None) -> Warehouse:
    return Warehouse.objects.create(code="SH", name="Shanghai", ledger_starts_at=START)


@pytest.fixture
def observed(db: None) -> Warehouse:
    return Warehouse.objects.create(code="FBA", name="FBA", authority=Authority.SNAPSHOT, ledger_starts_at=START)


@pytest.fixture
def held() -> Callable[[], dict[str, int]]:
    """The balances that are not zero, by bucket, over all SKUs and warehouses."""

    def read() -> dict[str, int]:
        total: dict[str, int] = {}
        for bucket, qty in Balance.objects.values_list("bucket_id", "qty"):
            total[bucket] = total.get(bucket, 0) + qty
        return {bucket: qty for bucket, qty in total.items() if qty}

    return read
