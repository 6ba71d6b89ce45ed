"""A SKU, a warehouse that we count, one that a platform counts, and short ways to say what happens in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from stockhub.catalog.models import Authority, Sku, Warehouse
from stockhub.core import clock
from stockhub.inventory.models import Balance, CostKind, Grade
from stockhub.inventory.services import Receipt, UnitCost, receive_lots
from tests.inventory.transfer_world import NOW

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


@pytest.fixture
def there(db: None) -> Warehouse:
    return Warehouse.objects.create(code="GZ", name="Guangzhou", ledger_starts_at=START)


@pytest.fixture
def stock(sku: Sku, warehouse: Warehouse) -> None:
    """350 units in three lots of different age, cost and currency."""
    receive_lots(
        [
            Receipt(
                sku_id=sku.pk, warehouse_id=warehouse.pk, qty=qty, idempotency_key=name, lot_code=name, received_on=day,
                occurred_at=datetime(2025, 1, 2, tzinfo=UTC), produced_on=day, expires_on=expires, grade=grade,
                costs=(
                    UnitCost(kind=CostKind.PURCHASE, unit_amount=Decimal(cost), currency=currency, rate_on=day),
                    UnitCost(kind=CostKind.DUTY, unit_amount=Decimal("0.333333"), currency="CNY", rate_on=date(2025, 2, 2)),
                ),
            )
            for name, qty, day, cost, currency, expires, grade in (
                ("old", 100, date(2024, 12, 1), "3.25", "CNY", date(2025, 12, 1), Grade.NEW),
                ("middle", 150, date(2025, 3, 1), "0.471111", "USD", date(2026, 3, 1), Grade.NEW),
                ("new", 100, date(2025, 5, 20), "4.1", "CNY", date(2026, 5, 1), Grade.LIKE_NEW),
            )
        ]
    )  # fmt: skip


@pytest.fixture
def transfer_day() -> Iterator[None]:
    """The day of the tests of transfers."""
    with clock.at(NOW):
        yield
