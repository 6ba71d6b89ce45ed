"""What is on its way, once: a unit that has been shipped is no longer on order."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Greatest
from numpy.typing import NDArray

from stockhub.core.columns import DAY, FLOAT, INT, read
from stockhub.core.kept import KeptIds, kept
from stockhub.core.ranges import id_filter
from stockhub.purchasing.models import PurchaseOrderLine, PurchaseOrderStatus, ShipmentLine, ShipmentStatus

#: By arrival (m,): SKU, warehouse, the ordinal of its day (NaN for an unknown one), units.
ArrivalColumns = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]
#: What an arrival's source is called while its shipment has this status.
_SOURCES: Final = {ShipmentStatus.IN_TRANSIT: "shipment", ShipmentStatus.RECEIVING: "receiving"}
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
    ordered: QuerySet[Any, Any] = _on_order(sku_ids)
    found = [
        InboundArrival(sku, warehouse, day, left, "purchase_order", code)
        for sku, warehouse, day, left, code in ordered.values_list(
            "sku_id", "purchase_order__warehouse_id", "due_on", "left", "purchase_order__code"
        )
    ]
    sailing: QuerySet[Any, Any] = _on_the_water(sku_ids)
    found += [
        InboundArrival(sku, warehouse, day, left, _SOURCES[ShipmentStatus(status)], code)
        for sku, warehouse, day, left, status, code in sailing.values_list(
            "sku_id", "shipment__warehouse_id", "shipment__expected_on", "left", "shipment__status", "shipment__code"
        )
    ]
    wanted = None if sku_ids is None else set(sku_ids)
    return found if wanted is None else [arrival for arrival in found if arrival.sku_id in wanted]


def inbound_columns(sku_ids: Collection[int] | NDArray[np.int64]) -> tuple[ArrivalColumns, ArrivalColumns]:
    """The same as arrays, of orders and of shipments. Of many SKUs, what is inbound of their whole range: callers pick."""
    return tuple(_ordered(skus=sku_ids).values()), tuple(_sailing(skus=sku_ids).values())


@kept({"sku_id": INT, "purchase_order__warehouse_id": INT, "due_on": DAY, "left": FLOAT})
def _ordered(skus: KeptIds) -> QuerySet[PurchaseOrderLine]:
    return _on_order(skus)


@kept({"sku_id": INT, "shipment__warehouse_id": INT, "shipment__expected_on": DAY, "left": FLOAT})
def _sailing(skus: KeptIds) -> QuerySet[ShipmentLine]:
    return _on_the_water(skus)


def _of(sku_ids: Collection[int] | KeptIds | None) -> Q:
    return Q() if sku_ids is None else Q(**id_filter("sku_id", sku_ids))


def _on_order(sku_ids: Collection[int] | KeptIds | None) -> QuerySet[PurchaseOrderLine]:
    """Lines with units `left` that have not been shipped, which are `due_on` a day."""
    shipped = Coalesce(Sum("shipment_lines__shipped_qty", filter=_LEFT), 0)
    return (
        PurchaseOrderLine.objects.filter(_of(sku_ids), purchase_order__status=PurchaseOrderStatus.OPEN, purchase_order__deleted_at=None)
        .annotate(left=F("ordered_qty") - shipped, due_on=Coalesce("promised_on", "purchase_order__promised_on"))
        .filter(left__gt=0)
        .order_by("id")
    )


class LateInbound(NamedTuple):
    """What should have arrived before a day, (m,) each: supplier, SKU, warehouse."""

    supplier_ids: NDArray[np.int64]
    sku_ids: NDArray[np.int64]
    warehouse_ids: NDArray[np.int64]


def late_inbound(day: date) -> LateInbound:
    """Open order lines and shipments of suppliers whose day is before `day` and of which units are still to come."""
    on_order: QuerySet[Any] = _on_order(None)
    ordered = on_order.filter(due_on__lt=day)
    sailing = _on_the_water(None).filter(shipment__expected_on__lt=day, shipment__supplier__isnull=False)
    found = [
        tuple(read(ordered, {"purchase_order__supplier_id": INT, "sku_id": INT, "purchase_order__warehouse_id": INT}).values()),
        tuple(read(sailing, {"shipment__supplier_id": INT, "sku_id": INT, "shipment__warehouse_id": INT}).values()),
    ]
    return LateInbound(*(np.concatenate(columns) for columns in zip(*found, strict=True)))


def shipped_by_order_line(order_line_ids: Collection[int]) -> dict[int, int]:
    """Units of each purchase order line that have left the supplier; lines of which none has are absent."""
    lines = ShipmentLine.objects.filter(order_line_id__in=order_line_ids, shipment__status__in=DEPARTED, shipment__deleted_at=None)
    return dict(lines.values_list("order_line_id").annotate(Sum("shipped_qty")).order_by())


def _on_the_water(sku_ids: Collection[int] | KeptIds | None) -> QuerySet[ShipmentLine]:
    """Lines of shipments that have left the supplier, with units `left` that have not been received."""
    return (
        ShipmentLine.objects.filter(_of(sku_ids), shipment__status__in=list(_SOURCES), shipment__deleted_at=None)
        .annotate(left=Greatest(F("shipped_qty") - F("received_qty"), 0))
        .filter(left__gt=0)
        .order_by("id")
    )
