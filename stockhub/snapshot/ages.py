"""Ages: first in, first out over the lots of each warehouse, against what is physically there."""

from __future__ import annotations

from datetime import date

import numpy as np
from django.db.models import Sum

from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows
from stockhub.formulas.ageing import fifo_remaining_of, units_older_than
from stockhub.inventory.models import Balance, Lot
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.snapshot.positions import Columns, spread, warehouse_pools


def age_columns(rows: Rows, day: date, last_sold_day: FloatArray) -> Columns:
    """Age of the oldest lot that is left, units over 90 and 180 days, and whether anything has sold since that lot came in.

    NaN where nothing is known: no physical stock, or stock that no lot explains.
    """
    n = len(rows)
    lots = list(
        Lot.objects.filter(**id_filter("sku_id", set(rows.sku_ids.tolist())), remaining_qty__gt=0)
        .order_by("sku_id", "warehouse_id", "received_on", "id")
        .values_list("sku_id", "warehouse_id", "received_on", "remaining_qty")
    )
    physical = _physical(rows)
    sku = np.fromiter((lot[0] for lot in lots), np.int64, len(lots))
    warehouse = np.fromiter((lot[1] for lot in lots), np.int64, len(lots))
    received = np.fromiter((lot[2].toordinal() for lot in lots), np.float64, len(lots))
    qty = np.fromiter((lot[3] for lot in lots), np.float64, len(lots))
    keys = list(dict.fromkeys(zip(sku.tolist(), warehouse.tolist(), strict=True)))
    place = {key: position for position, key in enumerate(keys)}
    group = np.fromiter((place[key] for key in zip(sku.tolist(), warehouse.tolist(), strict=True)), np.int64, len(lots))
    left = fifo_remaining_of(group, qty, np.array([physical.get(key, 0.0) for key in keys]))
    fact, row = spread(rows, sku, warehouse, warehouse_pools())
    fact, row = fact[left[fact] > 0], row[left[fact] > 0]
    age = day.toordinal() - received[fact]
    oldest = np.full(n, -np.inf)
    np.maximum.at(oldest, row, age)
    oldest = np.where(np.isinf(oldest), np.nan, oldest)
    aged = {name: np.where(np.isnan(oldest), np.nan, units_older_than(row, age, left[fact], n, days)) for name, days in AGED.items()}
    came_in = day.toordinal() - oldest
    unsold = np.where(np.isnan(oldest), np.nan, (np.isnan(last_sold_day) | (last_sold_day < came_in)).astype(np.float64))
    return {"oldest_age": oldest, **aged, "oldest_unsold": unsold}


AGED = {"aged_over_90": 90.0, "aged_over_180": 180.0}


def _physical(rows: Rows) -> dict[tuple[int, int], float]:
    """Units that lie in each warehouse, whatever their state."""
    found = (
        Balance.objects.filter(**id_filter("sku_id", set(rows.sku_ids.tolist())), bucket__is_physical=True)
        .values("sku_id", "warehouse_id")
        .annotate(units=Sum("qty"))
        .values_list("sku_id", "warehouse_id", "units")
    )
    return {(sku, warehouse): float(units) for sku, warehouse, units in found}
