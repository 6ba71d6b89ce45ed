"""How much stock lay with a platform on past days, on which it charges for too little of it (E15; science.md 3.10)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from stockhub.catalog.models import WarehouseKind
from stockhub.core.arrays import aligned
from stockhub.core.columns import BLOB, DAY, INT
from stockhub.core.kept import KeptIds, kept
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows
from stockhub.formulas.health.ageing import IntArray
from stockhub.inventory.models import StockHistory
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.snapshot.positions import Columns, Pools, spread

#: The two views of the past that both have to be low.
VIEWS: Final = {"mean_stock_30": 30, "mean_stock_90": 90}


def platform_stock_columns(rows: Rows, day: date, pools: Pools) -> Columns:
    """The mean end-of-day stock in the platform's warehouses of each row's pool over the last complete 30 and 90 days.

    A mean of the days that are known; NaN where none is, and for what does not lie with a platform.
    """
    found = _history(skus=rows.skus)
    longest = max(VIEWS.values())
    start = (day - timedelta(days=longest)).toordinal()
    days = aligned(found["qty"], found["first_on"].astype(np.int64), start=start, length=longest, before=np.nan, after=np.nan)
    fact, row = spread(rows, found["sku_id"], found["warehouse_id"], pools)
    return {name: _mean(row, days[fact, longest - length :], len(rows)) for name, length in VIEWS.items()}


def _mean(row: IntArray, days: NDArray[np.float32], n: int) -> FloatArray:
    """Means (n,) of series (m, t), those of one row added up."""
    known = ~np.isnan(days)
    counted = known.sum(axis=1)
    means = np.where(known, np.maximum(days, 0.0), 0.0).sum(axis=1, dtype=np.float64) / np.maximum(counted, 1)
    out = np.bincount(row, np.where(counted > 0, means, np.nan), minlength=n).astype(np.float64)
    out[np.bincount(row, minlength=n) == 0] = np.nan
    return out


@kept({"sku_id": INT, "warehouse_id": INT, "first_on": DAY, "qty": BLOB})
def _history(skus: KeptIds) -> QuerySet[StockHistory]:
    return StockHistory.objects.filter(**id_filter("sku_id", skus), warehouse__kind=WarehouseKind.FBA)
