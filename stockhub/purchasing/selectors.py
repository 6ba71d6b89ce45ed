"""What is on its way, once: a unit that has been shipped is no longer on order."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce, Greatest

from stockhub.purchasing.models import PurchaseOrderLine, PurchaseOrderStatus, ShipmentLine, ShipmentStatus

#: More ids than this are not sent to the database: reading all that is open and picking is cheaper.
_MANY = 5_000
#: A shipment whose goods have left the supplier.
DEPARTED = (ShipmentStatus.IN_TRANSIT, ShipmentStatus.RECEIVING, ShipmentStatus.RECEIVED)
_LEFT = Q(shipment_lines__shipment__status__in=DEPARTED, shipment_lines__shipment__deleted_at=None)


class InboundArrival(NamedTuple):
    """`qty` units of a SKU that should reach a warehouse on a day, or on an unknown one.

    `source`: `purchase_order` (not shipped yet), `shipment` (on its way) or `receiving` (arrived, being booked in).
    """

    sku_id: int
    warehouse_id: int
    expected_on: date | None
    qty: int
    source: str
    reference: str


def inbound_arrivals(sku_ids: Collection[int] | None = None) -> list[InboundArrival]:
    """Open purchase order lines less what was shipped of them, and open shipments less what was received (H15). None means all SKUs."""
    found = [*_on_order(sku_ids), *_on_the_water(sku_ids)]
    if sku_ids is not None and len(sku_ids) > _MANY:
        wanted = set(sku_ids)
        found = [arrival for arrival in found if arrival.sku_id in wanted]
    return found


def _of(sku_ids: Collection[int] | None) -> Q:
    return Q() if sku_ids is None or len(sku_ids) > _MANY else Q(sku_id__in=sku_ids)


def _on_order(sku_ids: Collection[int] | None) -> list[InboundArrival]:
    shipped = Coalesce(Sum("shipment_lines__shipped_qty", filter=_LEFT), 0)
    lines = (
        PurchaseOrderLine.objects.filter(_of(sku_ids), purchase_order__status=PurchaseOrderStatus.OPEN, purchase_order__deleted_at=None)
        .annotate(left=F("ordered_qty") - shipped, expected_on=Coalesce("promised_on", "purchase_order__promised_on"))
        .filter(left__gt=0)
        .order_by("id")
        .values_list("sku_id", "purchase_order__warehouse_id", "expected_on", "left", "purchase_order__code")
    )
    return [InboundArrival(sku, warehouse, day, left, "purchase_order", code) for sku, warehouse, day, left, code in lines]


def shipped_by_order_line(order_line_ids: Collection[int]) -> dict[int, int]:
    """Units of each purchase order line that have left the supplier; lines of which none has are absent."""
    lines = ShipmentLine.objects.filter(order_line_id__in=order_line_ids, shipment__status__in=DEPARTED, shipment__deleted_at=None)
    return dict(lines.values_list("order_line_id").annotate(Sum("shipped_qty")).order_by())


def _on_the_water(sku_ids: Collection[int] | None) -> list[InboundArrival]:
    sources = {ShipmentStatus.IN_TRANSIT: "shipment", ShipmentStatus.RECEIVING: "receiving"}
    lines = (
        ShipmentLine.objects.filter(_of(sku_ids), shipment__status__in=list(sources), shipment__deleted_at=None)
        .annotate(left=Greatest(F("shipped_qty") - F("received_qty"), 0))
        .filter(left__gt=0)
        .order_by("id")
        .values_list("sku_id", "shipment__warehouse_id", "shipment__expected_on", "left", "shipment__status", "shipment__code")
    )
    return [
        InboundArrival(sku, warehouse, day, left, sources[ShipmentStatus(status)], code)
        for sku, warehouse, day, left, status, code in lines
    ]
