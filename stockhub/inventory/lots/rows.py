"""Lots and their receipts as arrays, and what is left in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from stockhub.inventory.history.moments import Moment
from stockhub.inventory.lots.order import NEVER, UNKNOWN, UNSELLABLE_GRADES, Arrivals, remaining
from stockhub.inventory.models import Lot

IntArray = NDArray[np.int64]

#: More ids than this are not sent to the database: reading everything and picking is cheaper.
MANY = 5_000
_COLUMNS = (
    "id", "sku_id", "warehouse_id", "received_on", "expires_on", "grade", "received_qty", "remaining_qty", "receipts__id", "receipts__qty",
    "receipts__recorded_at", "receipts__sellable_before_qty", "receipts__unsellable_before_qty",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LotTable:
    """m lots, those of a (SKU, warehouse) together, and their r receipts in the order in which they were recorded.

    By lot, (m,): ids, `received_on` and `expires_on` as ordinals (`NEVER` without one), `unsellable` by its grade, `received_qty` and
    `stored_qty` (what was settled last). By receipt, (r,): the position of its lot, its units, and what lay there before, as in `Arrivals`.
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
    rows: QuerySet[Lot] = of_pairs(Lot.objects.all(), sku_ids, warehouse_ids)
    if moment is not None:
        # A lot that was put there without a receipt came in when it was recorded.
        rows = rows.annotate(
            _came_at=Coalesce("receipts__occurred_at", "recorded_at"), _told_at=Coalesce("receipts__recorded_at", "recorded_at")
        )
        rows = rows.filter(_came_at__lte=moment.occurred_at)
        if moment.recorded_at is not None:
            rows = rows.filter(_told_at__lte=moment.recorded_at)
    cells = list(_cells(rows.values_list(*_COLUMNS).iterator(chunk_size=10_000), moment))
    table = np.array(cells, np.int64).reshape(-1, 11)
    if sku_ids is not None and len(sku_ids) > MANY:
        table = table[np.isin(table[:, 1], np.fromiter(sku_ids, np.int64, len(sku_ids)))]
    return _as_table(table)


def of_pairs(rows: QuerySet[Any], sku_ids: Collection[int] | None, warehouse_ids: Collection[int] | None) -> QuerySet[Any]:
    """Rows of these SKUs and warehouses; of more than `MANY` SKUs, rows of all: callers pick."""
    condition = Q()
    if sku_ids is not None and len(sku_ids) <= MANY:
        condition &= Q(sku_id__in=sku_ids)
    if warehouse_ids is not None:
        condition &= Q(warehouse_id__in=warehouse_ids)
    return rows.filter(condition)


def _cells(rows: Iterator[tuple[Any, ...]], moment: Moment | None) -> Iterator[tuple[int, ...]]:
    for lot, sku, warehouse, received, expires, grade, total, stored, receipt, qty, recorded_at, sellable, unsellable in rows:
        known = sellable is not None and not _is_later(recorded_at, moment)
        yield (
            lot, sku, warehouse, received.toordinal(), expires.toordinal() if expires else NEVER, grade in UNSELLABLE_GRADES, stored,
            # Without a receipt the lot itself is one, and the first.
            receipt or 0, total if receipt is None else qty, sellable if known else UNKNOWN, (unsellable or 0) if known else UNKNOWN,
        )  # fmt: skip


def _is_later(recorded_at: datetime, moment: Moment | None) -> bool:
    """Whether a receipt was noted after the moment: what lay there when it was noted then says nothing of the moment."""
    return moment is not None and recorded_at > moment.occurred_at


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
    pairs, place = np.unique(
        np.concatenate([np.stack([lots.sku_ids, lots.warehouse_ids], axis=1), np.stack([held.sku_ids, held.warehouse_ids], axis=1)]),
        axis=0,
        return_inverse=True,
    )
    place = place.reshape(-1)
    pair, held_pair = place[: len(lots.lot_ids)], place[len(lots.lot_ids) :]
    on_hand, unsellable = np.zeros(len(pairs), np.int64), np.zeros(len(pairs), np.int64)
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
    return Remaining(left, pairs[without, 0], pairs[without, 1], unknown[without])


def day_of(ordinal: int) -> date | None:
    """The day of an ordinal; None for `NEVER`."""
    return None if ordinal == NEVER else date.fromordinal(ordinal)
