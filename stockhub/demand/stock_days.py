"""End-of-day stock of (SKU, pool) rows from the histories of their warehouses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from stockhub.catalog.models import PoolWarehouse
from stockhub.core.arrays import aligned
from stockhub.core.columns import BLOB, DAY, INT, days_of
from stockhub.core.kept import KeptIds, Place, kept
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows
from stockhub.inventory.models import StockHistory


@dataclass(frozen=True, slots=True)
class WarehouseDays:
    """One warehouse of one pool: the rows (m,) whose SKUs it has a history of, their stock (m, days), and since when (m,) it is told.

    NaN on days that nobody recorded; `begins` is a position on the axis of days, below 0 where the history is older.
    """

    row: NDArray[np.int64]
    ends: NDArray[np.float32]
    begins: NDArray[np.int64]


def warehouse_days(rows: Rows, *, first_on: date, days: int) -> Iterator[WarehouseDays]:
    """The histories of the rows, warehouse by warehouse: within one of a pool no row is met twice. One query for all."""
    found = _histories(skus=rows.skus, since=first_on, days=days)
    start = first_on.toordinal()
    firsts = found["first_on"].astype(np.int64)
    series = aligned(found["part"], np.maximum(firsts, start), start=start, length=days, before=np.nan, after=np.nan)
    for pool, warehouse in _pool_warehouses.tuples():
        held = np.flatnonzero(found["warehouse_id"] == warehouse)
        row = rows.find(found["sku_id"][held], pool)
        held, row = held[row >= 0], row[row >= 0]
        if len(row):
            yield WarehouseDays(row, series[held], firsts[held] - start)


def stock_of(rows: Rows, *, first_on: date, days: int) -> NDArray[np.float32]:
    """Units (n, days) that each row's pool had at the end of each day; NaN where that is not known of all its warehouses.

    A warehouse that has not told anything of a SKU yet does not have it: it is no hole in the history of the others.
    """
    total = np.zeros((len(rows), days), np.float32)
    begun, hole = np.zeros((len(rows), days), np.bool_), np.zeros((len(rows), days), np.bool_)
    axis = np.arange(days)
    for part in warehouse_days(rows, first_on=first_on, days=days):
        told = axis >= part.begins[:, None]
        unknown = np.isnan(part.ends)
        total[part.row] += np.where(unknown, np.float32(0), part.ends)
        begun[part.row] |= told
        hole[part.row] |= told & unknown
    return np.where(begun & ~hole, total, np.float32(np.nan))


@kept({"sku_id": INT, "warehouse_id": INT, "first_on": DAY, "part": BLOB})
def _histories(skus: KeptIds, since: Place, days: Place) -> QuerySet[StockHistory]:
    part = days_of("qty", begins="first_on", since=since, days=days, size=4)
    return StockHistory.objects.filter(**id_filter("sku_id", skus)).annotate(part=part)


@kept({"pool_id": INT, "warehouse_id": INT})
def _pool_warehouses() -> QuerySet[PoolWarehouse]:
    return PoolWarehouse.objects.order_by("pool_id", "warehouse_id")
