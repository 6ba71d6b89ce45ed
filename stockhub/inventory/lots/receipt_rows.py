"""Receipts as they are written down: units that came into a lot, or were taken back out of it, and what lay there just before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from stockhub.core import clock
from stockhub.inventory.lots.order import UNSELLABLE
from stockhub.inventory.models import Balance, Lot, LotReceipt
from stockhub.inventory.places import WarehouseFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """`qty` units that came into a lot by a bucket; below zero, units that were taken back out of it.

    Of them, `unbacked_qty`, of the same sign, are in no movement.
    """

    lot: Lot
    bucket: str
    qty: int
    occurred_at: datetime
    unbacked_qty: int = 0

    @property
    def pair(self) -> tuple[int, int]:
        return self.lot.sku_id, self.lot.warehouse_id

    @property
    def moved_qty(self) -> int:
        return self.qty - self.unbacked_qty


def write_receipts(came: Sequence[Came], facts: Mapping[int, WarehouseFacts]) -> None:
    """Writes receipts down, in their order. Their units are in the balances already, but for those of warehouses that the platform counts.

    One query and one insert for any number of them.
    """
    if not came:
        return
    before = _held_before(came, facts)
    rows = []
    for each in came:
        lying = before[each.pair]
        # Counted back from negative stock, or from units that were posted elsewhere, is no quantity.
        sellable, unsellable = max(lying[0], 0), max(lying[1], 0)
        rows.append(
            LotReceipt(
                lot=each.lot, qty=each.qty, unbacked_qty=each.unbacked_qty, occurred_at=each.occurred_at, recorded_at=clock.now(),
                sellable_before_qty=sellable, unsellable_before_qty=unsellable,
            )
        )  # fmt: skip
        lying[each.bucket == UNSELLABLE] += each.moved_qty
    LotReceipt.objects.bulk_create(rows)


def _held_before(came: Sequence[Came], facts: Mapping[int, WarehouseFacts]) -> dict[tuple[int, int], list[int]]:
    """By (SKU, warehouse): sellable and unsellable units that lay there before the first of the receipts. One query."""
    before = {each.pair: [0, 0] for each in came}
    lying = Balance.objects.filter(
        bucket__is_physical=True,
        sku_id__in={sku_id for sku_id, _w in before},
        warehouse_id__in={warehouse_id for _s, warehouse_id in before},
    )
    for sku_id, warehouse_id, bucket, qty in lying.values_list("sku_id", "warehouse_id", "bucket_id", "qty"):
        if (sku_id, warehouse_id) in before:
            before[sku_id, warehouse_id][bucket == UNSELLABLE] += qty
    for each in came:
        if not facts[each.lot.warehouse_id].is_observed:
            before[each.pair][each.bucket == UNSELLABLE] -= each.moved_qty
    return before
