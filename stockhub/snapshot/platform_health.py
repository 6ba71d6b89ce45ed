"""What a platform itself reckons of the stock that it counts: historical days of supply, and whether its fee for too little is due (E15).

These go before ours: the fee is charged by the platform's figures, whatever stock history and sales say here.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import numpy as np
from django.db.models import Case, FloatField, QuerySet, Value, When

from stockhub.catalog.models import Authority
from stockhub.channels.fact_models import LatestStockAge
from stockhub.core.columns import FLOAT, INT
from stockhub.core.kept import KeptIds, Place, kept
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows
from stockhub.formulas.health.ageing import IntArray
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.snapshot.positions import Columns, Pools, spread

#: Amazon reckons them anew each week: what is older than two is no figure of this week's fee.
HOLDS_DAYS: Final = 14
_VIEWS: Final = {"platform_supply_30": "supply_days_30", "platform_supply_90": "supply_days_90"}


def platform_health_columns(rows: Rows, day: date, pools: Pools) -> Columns:
    """Of each row (n,), NaN where not told. Of several listings or warehouses the least supply, and exempt only where all are."""
    found = _told(skus=rows.skus, since=day - timedelta(days=HOLDS_DAYS))
    fact, row = spread(rows, found["sku_id"], found["warehouse_id"], pools)
    columns: Columns = {name: _least(row, found[told][fact], len(rows)) for name, told in _VIEWS.items()}
    columns["low_fee_exempt"] = _least(row, found["exempt"][fact], len(rows))
    return columns


def _least(row: IntArray, told: FloatArray, n: int) -> FloatArray:
    """The least (n,) of what is told (m,) of each row."""
    known = ~np.isnan(told)
    out = np.full(n, np.inf)
    np.minimum.at(out, row[known], told[known])
    return np.where(np.isinf(out), np.nan, out)


@kept({"sku_id": INT, "warehouse_id": INT, "supply_days_30": FLOAT, "supply_days_90": FLOAT, "exempt": FLOAT})
def _told(skus: KeptIds, since: Place) -> QuerySet[LatestStockAge]:
    flag = Case(When(low_fee_exempt=True, then=Value(1.0)), When(low_fee_exempt=False, then=Value(0.0)), output_field=FloatField())
    rows = LatestStockAge.objects.filter(**id_filter("sku_id", skus), observed_on__gte=since, warehouse__authority=Authority.SNAPSHOT)
    return rows.annotate(exempt=flag).order_by("id")
