"""Presales: how much of what is on its way is promised, and how much can still be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.expressions import Combinable

from stockhub.catalog.models import Authority, Warehouse
from stockhub.inventory.models import Allocation, Balance
from stockhub.inventory.posting.postings import AVAILABLE

#: Ours and not sellable yet: ordered, on the water, being put away.
INCOMING: Final = ("on_order", "in_transit", "receiving")
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PresalePosition:
    """Of a SKU in a warehouse that allows presales, in units.

    `incoming_qty`: on order, in transit, receiving. `owed_qty`: what ordinary orders are owed, which is served from it as well.
    `promised_qty`: what presales are owed. `reserved_qty`: what presales hold already, out of stock that has come in.
    """

    sku_id: int
    warehouse_id: int
    incoming_qty: int
    owed_qty: int
    promised_qty: int
    reserved_qty: int

    @property
    def available_to_promise_qty(self) -> int:
        """What can still be promised to presales; below zero where too much is."""
        return self.incoming_qty - self.owed_qty - self.promised_qty

    @property
    def oversold_qty(self) -> int:
        """Units promised to presales that nothing on its way covers; never more than were promised."""
        return min(max(-self.available_to_promise_qty, 0), self.promised_qty)


def presale_positions(*, sku_ids: Collection[int] | None = None, warehouse_ids: Collection[int] | None = None) -> list[PresalePosition]:
    """Every SKU with something on its way or promised, in the warehouses that allow presales, by (SKU, warehouse). None means all."""
    places = Warehouse.objects.filter(allows_presale=True, authority=Authority.LEDGER, deleted_at=None)
    if warehouse_ids is not None:
        places = places.filter(id__in=list(warehouse_ids))
    of = Q(warehouse__in=places) if sku_ids is None else Q(warehouse__in=places, sku_id__in=list(sku_ids))
    incoming = _sums(Balance.objects.filter(of, bucket_id__in=INCOMING), Sum("qty"))
    # Where back-orders are allowed, what ordinary orders are owed is what is available below zero.
    below_zero = _sums(Balance.objects.filter(of, bucket_id=AVAILABLE, qty__lt=0), -Sum("qty"))
    lines = Allocation.objects.filter(of, shipped_qty__lt=F("wanted_qty"))
    missing = Sum(F("wanted_qty") - F("shipped_qty") - F("reserved_qty"))
    owed = _sums(lines.filter(is_presale=False), missing)
    presales = lines.filter(is_presale=True)
    promised, reserved = _sums(presales, missing), _sums(presales, Sum("reserved_qty"))
    return [
        PresalePosition(
            *place,
            incoming_qty=incoming[place],
            owed_qty=owed[place] + below_zero[place],
            promised_qty=promised[place],
            reserved_qty=reserved[place],
        )
        for place in sorted({*incoming, *promised, *reserved})
    ]


def _sums(rows: QuerySet[Balance] | QuerySet[Allocation], total: Combinable) -> defaultdict[Place, int]:
    """A total by (SKU, warehouse), without those that are zero."""
    found = rows.order_by().values_list("sku_id", "warehouse_id").annotate(total=total)
    return defaultdict(int, {(sku_id, warehouse_id): qty for sku_id, warehouse_id, qty in found if qty})
