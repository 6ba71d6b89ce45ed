"""Transfers that are under way: what they bring and when, and which are late."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

import numpy as np
from django.db.models import F, Q, QuerySet
from numpy.typing import NDArray

from stockhub.core.columns import DAY, FLOAT, INT
from stockhub.core.kept import KeptIds, kept
from stockhub.core.ranges import id_filter
from stockhub.inventory.models import Transfer, TransferLine
from stockhub.inventory.transfers.models import UNDER_WAY

#: By arrival (m,): SKU, warehouse, the ordinal of its day (NaN for an unknown one), units.
ArrivalColumns = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]


class TransferArrival(NamedTuple):
    """`qty` units of a SKU that should reach a warehouse on a day, or on an unknown one."""

    sku_id: int
    warehouse_id: int
    expected_on: date | None
    qty: int
    reference: str


def transfer_arrivals(sku_ids: Collection[int] | None = None) -> list[TransferArrival]:
    """What is on its way to or being received in another warehouse, each unit once. None means all SKUs. One query.

    Planned units still lie at the source; missing ones of a received transfer are expected by nobody.
    """
    columns = ("sku_id", "transfer__to_warehouse_id", "transfer__expected_on", "shipped_qty", "received_qty", "transfer__code")
    wanted = None if sku_ids is None else set(sku_ids)
    return [
        TransferArrival(sku, warehouse, day, shipped - received, f"transfer:{code}")
        for sku, warehouse, day, shipped, received, code in _under_way(sku_ids).values_list(*columns)
        if wanted is None or sku in wanted
    ]


def transfer_columns(sku_ids: Collection[int] | NDArray[np.int64]) -> ArrivalColumns:
    """The same as arrays. Of many SKUs, what is on its way of their whole range: callers pick."""
    return tuple(_travelling(skus=sku_ids).values())


@kept({"sku_id": INT, "transfer__to_warehouse_id": INT, "transfer__expected_on": DAY, "left": FLOAT})
def _travelling(skus: KeptIds) -> QuerySet[TransferLine]:
    return _under_way(skus).annotate(left=F("shipped_qty") - F("received_qty"))


def _under_way(sku_ids: Collection[int] | KeptIds | None) -> QuerySet[TransferLine]:
    of = Q() if sku_ids is None else Q(**id_filter("sku_id", sku_ids))
    return TransferLine.objects.filter(
        of, transfer__status__in=UNDER_WAY, transfer__deleted_at=None, shipped_qty__gt=F("received_qty")
    ).order_by("id")


def late_days(*, status: str, expected_on: date | None, today: date) -> int:
    """Days that a transfer or shipment under way is past its expected day; 0 where it is not, or where no day was told (H83)."""
    if status not in UNDER_WAY or expected_on is None:
        return 0
    return max((today - expected_on).days, 0)


def late_transfers(today: date) -> QuerySet[Transfer]:
    """Those under way that should have come in before today."""
    return Transfer.objects.filter(status__in=UNDER_WAY, deleted_at=None, expected_on__lt=today)
