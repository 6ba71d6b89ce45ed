"""What is on its way: open purchase order lines that have not left, and open shipments. Nothing is counted in both."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import F
from django.db.models.functions import Coalesce

from stockhub.core.ranges import id_filter
from stockhub.purchasing.models import PurchaseOrderLine, PurchaseOrderStatus, ShipmentLine, ShipmentStatus

MOVING = (ShipmentStatus.PLANNED, ShipmentStatus.IN_TRANSIT, ShipmentStatus.RECEIVING)


@dataclass(frozen=True, slots=True)
class Arrival:
    """`qty` units of a SKU that should reach a warehouse on a day; None where nobody has promised one."""

    sku_id: int
    warehouse_id: int
    expected_on: date | None
    qty: int
    source: str


def inbound_arrivals(sku_ids: Collection[int]) -> list[Arrival]:
    """Every open arrival of these SKUs, in no particular order, with two queries."""
    if not sku_ids:
        return []
    ordered = (
        PurchaseOrderLine.objects.filter(
            **id_filter("sku_id", sku_ids), purchase_order__status=PurchaseOrderStatus.OPEN, purchase_order__deleted_at=None
        )
        .annotate(left=F("ordered_qty") - F("shipped_qty") - F("received_qty"), day=Coalesce("promised_on", "purchase_order__promised_on"))
        .filter(left__gt=0)
        .values_list("sku_id", "purchase_order__warehouse_id", "day", "left", "purchase_order__code")
    )
    shipped = (
        ShipmentLine.objects.filter(**id_filter("sku_id", sku_ids), shipment__status__in=MOVING, shipment__deleted_at=None)
        .annotate(left=F("shipped_qty") - F("received_qty"))
        .filter(left__gt=0)
        .values_list("sku_id", "shipment__warehouse_id", "shipment__expected_on", "left", "shipment__code")
    )
    return [Arrival(*row) for row in ordered] + [Arrival(*row) for row in shipped]
