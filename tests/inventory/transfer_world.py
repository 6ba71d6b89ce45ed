"""Transfers of the tests: what is told, and what is looked at afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from stockhub.catalog.models import Sku
from stockhub.inventory.lots.ageing import ages
from stockhub.inventory.models import (
    Balance,
    LotCost,
)
from stockhub.inventory.proof.reconciliation import reconcile, reconcile_lots
from stockhub.inventory.services import (
    TransferInput,
    TransferLineInput,
)
from stockhub.inventory.transfers.lots import lots_under_way

START = datetime(2025, 1, 1, tzinfo=UTC)
NOW = datetime(2025, 6, 2, 4, tzinfo=UTC)
DAY = date(2025, 6, 2)


def transfer(status: str = "in_transit", shipped: int = 300, received: int = 0, **fields: Any) -> TransferInput:  # noqa: ANN401
    line = {"sku": "TEA", "shipped_qty": shipped, "received_qty": received} | fields.pop("line", {})
    values = {"code": "TR-1", "from_warehouse": "SH", "to_warehouse": "GZ", "status": status, "lines": [TransferLineInput(**line)]}
    return TransferInput(**values | fields)


def held() -> dict[tuple[str, str], int]:
    rows = Balance.objects.exclude(qty=0).order_by("warehouse__code", "bucket_id")
    return {(code, bucket): qty for code, bucket, qty in rows.values_list("warehouse__code", "bucket_id", "qty")}


def proved() -> bool:
    return [*reconcile(), *reconcile_lots()] == []


def worth() -> dict[tuple[str, str, date], Decimal]:
    """The exact value of all lots, on hand and under way, by cost component, currency and rate date."""
    units: dict[int, int] = {}
    aged = ages(day=DAY)
    for pk, qty in zip(aged.lot_ids.tolist(), aged.qty.tolist(), strict=True):
        units[pk] = units.get(pk, 0) + int(qty)
    for row in lots_under_way():
        if row.lot_id is not None:
            units[row.lot_id] = units.get(row.lot_id, 0) + row.qty
    total: dict[tuple[str, str, date], Decimal] = {}
    for cost in LotCost.objects.all():
        key = (cost.kind, cost.currency, cost.rate_on)
        total[key] = total.get(key, Decimal(0)) + cost.unit_amount * units.get(cost.lot_id, 0)
    return {key: amount for key, amount in total.items() if amount}


def age_of_everything(sku: Sku) -> dict[int, int]:
    """Units by age in days: on hand anywhere, and under way."""
    aged = ages([sku.pk], day=DAY)
    units: dict[int, int] = {}
    for days, qty in zip(aged.age_days.tolist(), aged.qty.tolist(), strict=True):
        units[int(days)] = units.get(int(days), 0) + int(qty)
    for row in lots_under_way([sku.pk]):
        assert row.received_on is not None
        days = (DAY - row.received_on).days
        units[days] = units.get(days, 0) + row.qty
    return {days: qty for days, qty in units.items() if qty}
