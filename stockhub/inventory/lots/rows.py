"""Lots and their receipts as arrays, and what is left in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from django.db.models import BigIntegerField, QuerySet
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from stockhub.core.columns import DAY, INSTANT, INT, code, microseconds, read
from stockhub.core.kept import KeptIds, kept
from stockhub.core.ranges import LISTED, id_filter
from stockhub.inventory.history.moments import Moment
from stockhub.inventory.lots.order import NEVER, UNKNOWN, UNSELLABLE_GRADES, Arrivals, remaining
from stockhub.inventory.models import Lot

IntArray = NDArray[np.int64]

_COLUMNS: Final = {
    "id": INT, "sku_id": INT, "warehouse_id": INT, "received_on": DAY, "expires_on": DAY, "grade": code(12), "remaining_qty": INT,
    "receipt": INT, "units": INT, "receipts__recorded_at": INSTANT, "sellable": INT, "unsellable": INT,
}  # fmt: skip
_UNSELLABLE_CODES: Final = sorted(grade.encode() for grade in UNSELLABLE_GRADES)


@dataclass(frozen=True, slots=True)
class LotTable:
    """m lots, those of a (SKU, warehouse) together, and their r receipts in the order in which they were recorded.

    By lot, (m,): ids, `received_on` and `expires_on` as ordinals (`NEVER` without one), `unsellable` by its grade, `received_qty` and
    `stored_qty` (what was settled last). By receipt, (r,): the position of its lot, its units (below zero where they were taken back), and
    what lay there before, as in `Arrivals`.
    """

    lot_ids: IntArray
    sku_ids: IntArray
    warehouse_ids: IntArray
    received_on: IntArray
    expires_on: IntArray
    unsellable: NDArray[np.bool_]
    stored_qty: IntArray
    lot: IntArray
    qty: IntArray
    sellable_before: IntArray
    unsellable_before: IntArray


@dataclass(frozen=True, slots=True)
class Held:
    """What lies in k (SKU, warehouse) pairs, (k,) each: all of it, and the part that is in the unsellable bucket."""

    sku_ids: IntArray
    warehouse_ids: IntArray
    qty: IntArray
    unsellable_qty: IntArray


@dataclass(frozen=True, slots=True)
class Remaining:
    """`qty` (m,) is left in each lot of the table; of the pairs (u,) named by the ids, `unknown_qty` units lie there without a lot."""

    qty: IntArray
    unknown_sku_ids: IntArray
    unknown_warehouse_ids: IntArray
    unknown_qty: IntArray


def read_lots(sku_ids: Collection[int] | None, warehouse_ids: Collection[int] | None, moment: Moment | None = None) -> LotTable:
    """The lots of these SKUs and warehouses, None for all, with the receipts of a moment or with all of them. One query."""
    if sku_ids is not None and warehouse_ids is None and moment is None:
        return _as_table(_picked(_as_cells(_lots_of(skus=sku_ids), None), 1, sku_ids))
    rows: QuerySet[Lot] = of_pairs(Lot.objects.all(), sku_ids, warehouse_ids)
    if moment is not None:
        # A lot that was put there without a receipt came in when it was recorded.
        rows = rows.annotate(
            _came_at=Coalesce("receipts__occurred_at", "recorded_at"), _told_at=Coalesce("receipts__recorded_at", "recorded_at")
        )
        rows = rows.filter(_came_at__lte=moment.occurred_at)
        if moment.recorded_at is not None:
            rows = rows.filter(_told_at__lte=moment.recorded_at)
    return _as_table(_picked(_as_cells(read(_with_receipts(rows), _COLUMNS), moment), 1, sku_ids))


@kept(_COLUMNS)
def _lots_of(skus: KeptIds) -> QuerySet[Lot]:
    return _with_receipts(Lot.objects.filter(**id_filter("sku_id", skus)))


def of_pairs(rows: QuerySet[Any], sku_ids: Collection[int] | None, warehouse_ids: Collection[int] | None) -> QuerySet[Any]:
    """Rows of these SKUs and warehouses; of many SKUs, rows of their range: callers pick."""
    if sku_ids is not None:
        rows = rows.filter(**id_filter("sku_id", sku_ids))
    if warehouse_ids is not None:
        rows = rows.filter(warehouse_id__in=warehouse_ids)
    return rows


def _picked(table: IntArray, column: int, sku_ids: Collection[int] | None) -> IntArray:
    """The rows of a table whose SKU was asked for."""
    if sku_ids is None or len(sku_ids) <= LISTED:
        return table
    return table[np.isin(table[:, column], np.fromiter(sku_ids, np.int64, len(sku_ids)))]


def _with_receipts(rows: QuerySet[Lot]) -> QuerySet[Lot]:
    """A row for each lot and receipt, with what `_COLUMNS` names."""
    return rows.annotate(
        receipt=Coalesce("receipts__id", 0),
        # Without a receipt the lot itself is one, and the first.
        units=Coalesce("receipts__qty", "received_qty", output_field=BigIntegerField()),
        sellable=Coalesce("receipts__sellable_before_qty", UNKNOWN),
        unsellable=Coalesce("receipts__unsellable_before_qty", 0),
    )


def _as_cells(found: Mapping[str, Any], moment: Moment | None) -> IntArray:
    """The rows (c, 11) of lots, each with one of its receipts."""
    known = found["sellable"] != UNKNOWN
    if moment is not None:
        # What lay there when a receipt was noted after the moment says nothing of the moment.
        known &= found["receipts__recorded_at"] <= microseconds(moment.occurred_at)
    return np.stack(
        [
            found["id"], found["sku_id"], found["warehouse_id"], found["received_on"].astype(np.int64),
            np.nan_to_num(found["expires_on"], nan=NEVER).astype(np.int64), np.isin(found["grade"], _UNSELLABLE_CODES),
            found["remaining_qty"], found["receipt"], found["units"], np.where(known, found["sellable"], UNKNOWN),
            np.where(known, found["unsellable"], UNKNOWN),
        ],
        axis=1,
    ).astype(np.int64)  # fmt: skip


def _as_table(cells: IntArray) -> LotTable:
    cells = cells[np.lexsort((cells[:, 7], cells[:, 0], cells[:, 2], cells[:, 1]))]
    first = np.flatnonzero(np.append(True, cells[1:, 0] != cells[:-1, 0])) if len(cells) else np.zeros(0, np.int64)
    lots = cells[first]
    position = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(cells))))
    recorded = np.lexsort((cells[:, 0], cells[:, 7]))
    return LotTable(
        lot_ids=lots[:, 0],
        sku_ids=lots[:, 1],
        warehouse_ids=lots[:, 2],
        received_on=lots[:, 3],
        expires_on=lots[:, 4],
        unsellable=lots[:, 5].astype(bool),
        stored_qty=lots[:, 6],
        lot=position[recorded],
        qty=cells[recorded, 8],
        sellable_before=cells[recorded, 9],
        unsellable_before=cells[recorded, 10],
    )


def what_remains(lots: LotTable, held: Held) -> Remaining:
    """What is left in each lot, and what lies there without one. Their sum is what lies there; below zero counts as nothing."""
    skus, warehouses = np.concatenate([lots.sku_ids, held.sku_ids]), np.concatenate([lots.warehouse_ids, held.warehouse_ids])
    # One number a pair: numpy sorts those twenty times as fast as rows of two.
    houses, house = np.unique(warehouses, return_inverse=True)
    numbers, place = np.unique(skus * max(len(houses), 1) + house, return_inverse=True)
    pair_skus, pair_houses = np.divmod(numbers, max(len(houses), 1))
    pair, held_pair = place[: len(lots.lot_ids)], place[len(lots.lot_ids) :]
    on_hand, unsellable = np.zeros(len(numbers), np.int64), np.zeros(len(numbers), np.int64)
    on_hand[held_pair] = np.maximum(held.qty, 0)
    unsellable[held_pair] = np.maximum(held.unsellable_qty, 0)
    left = remaining(
        Arrivals(
            pair=pair, expires=lots.expires_on, received=lots.received_on, lot_id=lots.lot_ids, unsellable=lots.unsellable, lot=lots.lot,
            qty=lots.qty, sellable_before=lots.sellable_before, unsellable_before=lots.unsellable_before, on_hand=on_hand,
            unsellable_on_hand=unsellable,
        )
    )  # fmt: skip
    unknown = on_hand.copy()
    np.subtract.at(unknown, pair, left)
    without = unknown > 0
    return Remaining(left, pair_skus[without], houses[pair_houses[without]], unknown[without])


def day_of(ordinal: int) -> date | None:
    """The day of an ordinal; None for `NEVER`."""
    return None if ordinal == NEVER else date.fromordinal(ordinal)
