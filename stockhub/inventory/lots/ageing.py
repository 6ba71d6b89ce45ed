"""How old stock is: what is left lies in the lots that leave last (H38; `order`). Returned units are lots of their own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from stockhub.core.columns import FLAG, INT, read
from stockhub.core.ranges import LISTED
from stockhub.formulas.health.ageing import AGE_BUCKETS
from stockhub.formulas.health.ageing import age_histogram as histogram_of
from stockhub.inventory.lots.order import NEVER, UNSELLABLE
from stockhub.inventory.lots.rows import Held, of_pairs, read_lots, what_remains
from stockhub.inventory.models import Balance

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StockAges:
    """m lots with what is left in them, and k (SKU, warehouse) pairs whose stock has no lot.

    `age_days` (m,) as of the day that was asked for; `qty` (m,) and `unknown_qty` (k,) in units. Their sum is the stock on hand.
    `expires_in` (m,) in days from that day, NaN of what does not expire; `unsellable` (m,) by the lot's grade.
    """

    lot_ids: IntArray
    sku_ids: IntArray
    warehouse_ids: IntArray
    age_days: FloatArray
    qty: FloatArray
    stored_qty: FloatArray
    expires_in: FloatArray
    unsellable: NDArray[np.bool_]
    unknown_sku_ids: IntArray
    unknown_warehouse_ids: IntArray
    unknown_qty: FloatArray


def ages(
    sku_ids: Collection[int] | IntArray | None = None, *, day: date, warehouse_ids: Collection[int] | None = None, held: Held | None = None
) -> StockAges:
    """The age of all stock on hand, from lots and balances as they are now; None means all. Two queries.

    One where the caller has read what is `held` already; pairs of other SKUs in it count as stock without a lot.
    """
    lots = read_lots(sku_ids, warehouse_ids)
    left = what_remains(lots, held_now(sku_ids, warehouse_ids) if held is None else held)
    return StockAges(
        lot_ids=lots.lot_ids,
        sku_ids=lots.sku_ids,
        warehouse_ids=lots.warehouse_ids,
        age_days=(day.toordinal() - lots.received_on).astype(np.float64),
        qty=left.qty.astype(np.float64),
        stored_qty=lots.stored_qty.astype(np.float64),
        expires_in=np.where(lots.expires_on == NEVER, np.nan, lots.expires_on - day.toordinal()),
        unsellable=lots.unsellable,
        unknown_sku_ids=left.unknown_sku_ids,
        unknown_warehouse_ids=left.unknown_warehouse_ids,
        unknown_qty=left.unknown_qty.astype(np.float64),
    )


def held_now(sku_ids: Collection[int] | None, warehouse_ids: Collection[int] | None) -> Held:
    """What lies in each (SKU, warehouse): the buckets that are physical, and of them the unsellable one."""
    rows = of_pairs(Balance.objects.filter(bucket__is_physical=True), sku_ids, warehouse_ids)
    found = read(rows.annotate(broken=Q(bucket=UNSELLABLE)), {"sku_id": INT, "warehouse_id": INT, "qty": INT, "broken": FLAG})
    held = held_in_pairs(found["sku_id"], found["warehouse_id"], found["qty"], found["qty"] * found["broken"])
    if sku_ids is None or len(sku_ids) <= LISTED:
        return held
    asked = np.isin(held.sku_ids, np.fromiter(sku_ids, np.int64, len(sku_ids)))
    return Held(held.sku_ids[asked], held.warehouse_ids[asked], held.qty[asked], held.unsellable_qty[asked])


def held_in_pairs(sku_ids: IntArray, warehouse_ids: IntArray, qty: IntArray, unsellable_qty: IntArray) -> Held:
    """Balances (m,) added up for each (SKU, warehouse), sorted."""
    order = np.lexsort((warehouse_ids, sku_ids))
    skus, warehouses = sku_ids[order], warehouse_ids[order]
    first = np.flatnonzero(np.append(True, (np.diff(skus) != 0) | (np.diff(warehouses) != 0))) if len(order) else order
    sums = [np.add.reduceat(each[order], first) if len(first) else each for each in (qty, unsellable_qty)]
    return Held(skus[first], warehouses[first], *sums)


@dataclass(frozen=True, slots=True)
class AgeHistogram:
    """Units by age bucket; `unknown_qty` lies there without a lot. Together they are the stock on hand."""

    units: dict[str, int]
    unknown_qty: int

    @property
    def total_qty(self) -> int:
        return sum(self.units.values()) + self.unknown_qty


def age_histogram(sku_id: int, *, day: date, warehouse_ids: Collection[int] | None = None) -> AgeHistogram:
    """The stock of one SKU by age, in some warehouses or in all."""
    aged = ages([sku_id], day=day, warehouse_ids=warehouse_ids)
    counts = histogram_of(np.zeros(len(aged.qty), np.int64), aged.age_days, aged.qty, 1)[0]
    return AgeHistogram({name: int(qty) for name, qty in zip(AGE_BUCKETS, counts, strict=True)}, int(aged.unknown_qty.sum()))
