"""What each lot held at any past moment, and how old it was then."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stockhub.catalog.models import Warehouse
from stockhub.core import clock
from stockhub.inventory.history.moments import Moment
from stockhub.inventory.history.stock_as_of import held_as_of
from stockhub.inventory.lots.rows import read_lots, what_remains

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LotsAsOf:
    """m lots with what they held, `qty` above 0, those that leave first first; and u (SKU, warehouse) whose stock had no lot.

    All (m,): ids, `received_on` as ordinals, `age_days` on the moment's business day of the warehouse. All (u,): ids and units. `qty` and
    `unknown_qty` together are what lay in the warehouses.
    """

    lot_ids: IntArray
    sku_ids: IntArray
    warehouse_ids: IntArray
    received_on: IntArray
    age_days: IntArray
    qty: IntArray
    unknown_sku_ids: IntArray
    unknown_warehouse_ids: IntArray
    unknown_qty: IntArray


def lots_as_of(moment: Moment, *, sku_ids: Collection[int] | None = None, warehouse_ids: Collection[int] | None = None) -> LotsAsOf:
    """The lots of these SKUs and warehouses, None for all, at a moment: the receipts of then against the stock of then. Six queries."""
    lots = read_lots(sku_ids, warehouse_ids, moment)
    left = what_remains(lots, held_as_of(moment, sku_ids=sku_ids, warehouse_ids=warehouse_ids))
    leaving = np.lexsort((lots.lot_ids, lots.received_on, lots.expires_on, lots.warehouse_ids, lots.sku_ids))
    shown = leaving[left.qty[leaving] > 0]
    warehouses = lots.warehouse_ids[shown]
    today = dict.fromkeys(warehouses.tolist(), 0)
    for pk, zone in Warehouse.objects.filter(pk__in=list(today)).values_list("pk", "time_zone"):
        today[pk] = clock.business_day(moment.occurred_at, zone).toordinal()
    days = np.array([today[pk] for pk in warehouses.tolist()], np.int64)
    return LotsAsOf(
        lot_ids=lots.lot_ids[shown],
        sku_ids=lots.sku_ids[shown],
        warehouse_ids=warehouses,
        received_on=lots.received_on[shown],
        # A lot that is dated later than the moment is new.
        age_days=np.maximum(days - lots.received_on[shown], 0),
        qty=left.qty[shown],
        unknown_sku_ids=left.unknown_sku_ids,
        unknown_warehouse_ids=left.unknown_warehouse_ids,
        unknown_qty=left.unknown_qty,
    )
