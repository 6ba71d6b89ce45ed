"""How old stock is: first in, first out, so that what is left lies in the lots that came in last (H38; returns are lots of their own).

A transfer brings old units to a warehouse where they are the last to have come in: they keep their age, and leave after what lay there.
Taking them first would bring back units of other lots that were sold before they came: what is left is told from cumulative ins and outs.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from stockhub.formulas.health.ageing import AGE_BUCKETS, fifo_remaining_of
from stockhub.formulas.health.ageing import age_histogram as histogram_of
from stockhub.inventory.models import Balance, Lot

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

#: The order in which lots leave: that in which they came into their warehouse, whatever their age.
CAME_IN: Final = Coalesce("arrived_on", "received_on")
#: More ids than this are not sent to the database: reading everything and picking is cheaper.
_MANY = 5_000


@dataclass(frozen=True, slots=True)
class StockAges:
    """m lots with what is left in them, and k (SKU, warehouse) pairs whose stock has no lot.

    `age_days` (m,) as of the day that was asked for; `qty` (m,) and `unknown_qty` (k,) in units. Their sum is the stock on hand.
    """

    lot_ids: IntArray
    sku_ids: IntArray
    warehouse_ids: IntArray
    age_days: FloatArray
    qty: FloatArray
    stored_qty: FloatArray
    unknown_sku_ids: IntArray
    unknown_warehouse_ids: IntArray
    unknown_qty: FloatArray


def ages(sku_ids: Collection[int] | None = None, *, day: date, warehouse_ids: Collection[int] | None = None) -> StockAges:
    """The age of all stock on hand, from lots and balances as they are now; None means all. Two queries."""
    lots = _table(
        _of(Lot.objects.all(), sku_ids, warehouse_ids)
        .order_by("sku_id", "warehouse_id", CAME_IN, "id")
        .values_list("id", "sku_id", "warehouse_id", "received_on", "received_qty", "remaining_qty"),
        6,
    )
    held = _table(
        _of(Balance.objects.filter(bucket__is_physical=True), sku_ids, warehouse_ids)
        .order_by("sku_id", "warehouse_id")
        .values_list("sku_id", "warehouse_id")
        .annotate(Sum("qty")),
        3,
    )
    if sku_ids is not None and len(sku_ids) > _MANY:
        wanted = np.fromiter(sku_ids, np.int64, len(sku_ids))
        lots, held = lots[:, np.isin(lots[1], wanted)], held[:, np.isin(held[0], wanted)]
    return _aged(lots, held, day)


def _of(rows: QuerySet[Lot] | QuerySet[Balance], sku_ids: Collection[int] | None, warehouse_ids: Collection[int] | None) -> QuerySet[Lot]:
    condition = Q()
    if sku_ids is not None and len(sku_ids) <= _MANY:
        condition &= Q(sku_id__in=sku_ids)
    if warehouse_ids is not None:
        condition &= Q(warehouse_id__in=warehouse_ids)
    return rows.filter(condition)  # type: ignore[return-value]


def _table(rows: QuerySet[Lot, tuple[object, ...]], width: int) -> IntArray:
    """Rows as an array (width, n) of integers; days are ordinals."""
    flat = [[value.toordinal() if isinstance(value, date) else value for value in row] for row in rows.iterator(chunk_size=10_000)]
    return np.array(flat, np.int64).reshape(-1, width).T


def _aged(lots: IntArray, held: IntArray, day: date) -> StockAges:
    pairs, place = np.unique(np.concatenate([lots[1:3].T, held[:2].T]), axis=0, return_inverse=True)
    place = place.reshape(-1)
    row, held_row = place[: lots.shape[1]], place[lots.shape[1] :]
    on_hand = np.zeros(len(pairs))
    on_hand[held_row] = np.maximum(held[2], 0)
    left = fifo_remaining_of(row, lots[4].astype(np.float64), on_hand)
    unknown = on_hand - np.bincount(row, left, minlength=len(pairs))
    without = unknown > 0
    return StockAges(
        lot_ids=lots[0],
        sku_ids=lots[1],
        warehouse_ids=lots[2],
        age_days=(day.toordinal() - lots[3]).astype(np.float64),
        qty=left,
        stored_qty=lots[5].astype(np.float64),
        unknown_sku_ids=pairs[without, 0],
        unknown_warehouse_ids=pairs[without, 1],
        unknown_qty=unknown[without],
    )


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
