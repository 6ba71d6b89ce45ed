"""Transfers that are under way: what they bring and when, and which are late."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from django.db.models import F, Q, QuerySet

from stockhub.inventory.models import Transfer, TransferLine
from stockhub.inventory.transfers.models import UNDER_WAY

#: More ids than this are not sent to the database: reading all that is open and picking is cheaper.
_MANY = 5_000


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
    of = Q() if sku_ids is None or len(sku_ids) > _MANY else Q(sku_id__in=sku_ids)
    lines = TransferLine.objects.filter(
        of, transfer__status__in=UNDER_WAY, transfer__deleted_at=None, shipped_qty__gt=F("received_qty")
    ).order_by("id")
    columns = ("sku_id", "transfer__to_warehouse_id", "transfer__expected_on", "shipped_qty", "received_qty", "transfer__code")
    wanted = None if sku_ids is None else set(sku_ids)
    return [
        TransferArrival(sku, warehouse, day, shipped - received, f"transfer:{code}")
        for sku, warehouse, day, shipped, received, code in lines.values_list(*columns)
        if wanted is None or sku in wanted
    ]


def late_days(*, status: str, expected_on: date | None, today: date) -> int:
    """Days that a transfer or shipment under way is past its expected day; 0 where it is not, or where no day was told (H83)."""
    if status not in UNDER_WAY or expected_on is None:
        return 0
    return max((today - expected_on).days, 0)


def late_transfers(today: date) -> QuerySet[Transfer]:
    """Those under way that should have come in before today."""
    return Transfer.objects.filter(status__in=UNDER_WAY, deleted_at=None, expected_on__lt=today)
