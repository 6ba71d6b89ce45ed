"""Pools of one SKU with too much and too little, for tests of remedies and of what they save."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np

from stockhub.alerts.models import Alert
from stockhub.alerts.parameters.resolution import Resolution
from stockhub.alerts.remedies import remedy_basis
from stockhub.catalog.models import PoolWarehouse, StockPool, Warehouse
from stockhub.channels.models import Account, PoolAccount
from stockhub.pluginapi import Snapshot
from stockhub.pluginapi.testing.snapshots import snapshot_of
from tests.alerts.fee_rows import NO_FEES
from tests.worlds import NOW, World, run_cycle

#: 1,200 and 800 asked for in twelve weeks: 400 too many, at 5 a unit and a price of 8. 300 more are ordered.
FULL = {
    **NO_FEES, "available": 1200.0, "on_order": 300.0, "in_transit": 0.0, "receiving": 0.0, "safety_stock": 100.0, "unit_cost": 5.0,
    "unit_price": 8.0, "lead_time": 15.0, "review_period": 7.0, "daily_mean": 800 / 84, "region": 17230.0, "shared_stock": 1.0,
}  # fmt: skip
#: Ten a day, 20 there: wants 22 days and 10 of safety stock, 210; 130 of them would be missing before an order comes.
SHORT = {**FULL, "available": 20.0, "on_order": 0.0, "safety_stock": 10.0, "daily_mean": 10.0, "shared_stock": 2.0}
#: What holding the 400 costs: 84 days and half of 42 more, at 12 % a year.
HOLDING = 400 * 5 * 0.12 * 105 / 365


def pools(*rows: dict[str, float]) -> Snapshot:
    """A snapshot of one SKU with a pool a row, numbered from 1."""
    made = snapshot_of(*rows, forecast=[row["daily_mean"] for row in rows])
    return replace(made, sku_ids=np.zeros(len(rows), np.int64), pool_ids=np.arange(1, len(rows) + 1))


def basis_of(snapshot: Snapshot) -> dict[str, np.ndarray]:
    """What its remedies rest on, with no parameter stated."""
    return remedy_basis(snapshot, Resolution.at(snapshot.sku_ids, snapshot.pool_ids, snapshot.as_of, snapshot.day))


def too_much_here_and_too_little_in_the_east(world: World) -> tuple[Alert, StockPool]:
    """A SKU with 2,000 in stock and one of a second pool that sells as many: the “Overstock” of the first, and the second."""
    sku = world.selling("FULL", stock=2000, rate=10.0)
    house = Warehouse.objects.create(code="east", name="East", country="CN", ledger_starts_at=NOW - timedelta(days=59))
    east = StockPool.objects.create(code="east", name="East")
    PoolWarehouse.objects.create(pool=east, warehouse=house)
    other = Account.objects.create(code="dy-east", name="East", marketplace="douyin", site="CN", baseline_at=NOW - timedelta(days=1))
    PoolAccount.objects.create(pool=east, account=other)
    there = replace(world, pool=east, warehouse=house)
    there.stock(sku, 1)
    there.forecast(sku, 10.0)
    run_cycle("warnings")
    return Alert.objects.select_related("template").get(kind="overstock", sku=sku, pool=world.pool), east
