"""What is known of some SKUs, warehouse by warehouse and account by account. Seven queries, for any number of SKUs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
from django.db.models import F, Sum

from stockhub.core.arrays import aligned
from stockhub.core.columns import Blobs
from stockhub.core.ranges import id_filter
from stockhub.demand.models import SalesSeries
from stockhub.inventory.lots.ageing import ages
from stockhub.inventory.models import Allocation, Balance, Bucket
from stockhub.inventory.transfers.selectors import transfer_arrivals
from stockhub.overview.records import Incoming
from stockhub.purchasing.selectors import inbound_arrivals

#: A SKU in a warehouse, or on an account.
Cell = tuple[int, int]
#: The days of past sales by which cover is told; the pace of a day is that of the first.
SALES_DAYS: Final = (30, 60, 90)


@dataclass(slots=True)
class Held:
    """The balances of one cell."""

    buckets: dict[str, int] = field(default_factory=dict)
    observed_at: dict[str, datetime] = field(default_factory=dict)
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """By (SKU id, warehouse id); `sold` by (SKU id, account id): units of the last 30, 60 and 90 days, today included."""

    buckets: Mapping[str, Bucket]
    held: Mapping[Cell, Held]
    incoming: Mapping[Cell, list[Incoming]]
    owed: Mapping[Cell, int]
    oldest_age: Mapping[Cell, float]
    sold: Mapping[Cell, tuple[float, ...]]

    def warehouses_by_sku(self) -> dict[int, set[int]]:
        """The warehouses in which each SKU lies, is awaited or is owed."""
        out: dict[int, set[int]] = {}
        for cells in (self.held, self.incoming, self.owed):
            for sku, warehouse in cells:
                out.setdefault(sku, set()).add(warehouse)
        return out


def facts_of(sku_ids: Collection[int], warehouse_ids: Collection[int], account_ids: Collection[int], day: date) -> Facts:
    """The facts of these SKUs in these warehouses and accounts."""
    return Facts(
        buckets={bucket.slug: bucket for bucket in Bucket.objects.all()},
        held=_held(sku_ids, warehouse_ids),
        incoming=_incoming(sku_ids, warehouse_ids),
        owed=_owed(sku_ids, warehouse_ids),
        oldest_age=_oldest(sku_ids, warehouse_ids, day),
        sold=_sold(sku_ids, account_ids, day),
    )


def _held(sku_ids: Collection[int], warehouse_ids: Collection[int]) -> dict[Cell, Held]:
    found = Balance.objects.filter(**id_filter("sku_id", sku_ids), warehouse_id__in=warehouse_ids)
    out: dict[Cell, Held] = {}
    for sku, warehouse, bucket, qty, observed_at, updated_at in found.values_list(
        "sku_id", "warehouse_id", "bucket_id", "qty", "observed_at", "updated_at"
    ):
        cell = out.setdefault((sku, warehouse), Held())
        cell.buckets[bucket] = qty
        cell.updated_at = max(filter(None, (cell.updated_at, updated_at)))
        if observed_at is not None:
            cell.observed_at[bucket] = observed_at
    return out


def _incoming(sku_ids: Collection[int], warehouse_ids: Collection[int]) -> dict[Cell, list[Incoming]]:
    """From suppliers and from other warehouses, the earliest first; those without a day last."""
    found = [
        ((each.sku_id, each.warehouse_id), Incoming(each.expected_on, each.qty, each.source, each.reference))
        for each in inbound_arrivals(sku_ids)
    ]
    found += [
        ((each.sku_id, each.warehouse_id), Incoming(each.expected_on, each.qty, "transfer", each.reference.removeprefix("transfer:")))
        for each in transfer_arrivals(sku_ids)
    ]
    out: dict[Cell, list[Incoming]] = {}
    for cell, each in sorted(found, key=lambda one: (one[1].expected_on is None, one[1].expected_on or date.max, one[1].reference)):
        if cell[1] in warehouse_ids:
            out.setdefault(cell, []).append(each)
    return out


def _owed(sku_ids: Collection[int], warehouse_ids: Collection[int]) -> dict[Cell, int]:
    missing = F("wanted_qty") - F("reserved_qty") - F("shipped_qty") - F("unbacked_qty")
    found = Allocation.objects.filter(**id_filter("sku_id", sku_ids), warehouse_id__in=warehouse_ids, shipped_qty__lt=F("wanted_qty"))
    sums = found.annotate(missing=missing).filter(missing__gt=0).values_list("sku_id", "warehouse_id").annotate(Sum("missing"))
    return {(sku, warehouse): qty for sku, warehouse, qty in sums.order_by()}


def _oldest(sku_ids: Collection[int], warehouse_ids: Collection[int], day: date) -> dict[Cell, float]:
    aged = ages(sku_ids, day=day, warehouse_ids=warehouse_ids)
    out: dict[Cell, float] = {}
    for sku, warehouse, age, left in zip(
        aged.sku_ids.tolist(), aged.warehouse_ids.tolist(), aged.age_days.tolist(), aged.qty.tolist(), strict=True
    ):
        if left > 0:
            out[sku, warehouse] = max(age, out.get((sku, warehouse), age))
    return out


def _sold(sku_ids: Collection[int], account_ids: Collection[int], day: date) -> dict[Cell, tuple[float, ...]]:
    found = list(
        SalesSeries.objects.filter(**id_filter("sku_id", sku_ids), account_id__in=account_ids).values_list(
            "sku_id", "account_id", "first_on", "daily"
        )
    )
    if not found:
        return {}
    firsts = np.array([row[2].toordinal() for row in found], np.int64)
    longest = max(SALES_DAYS)
    start = day - timedelta(days=longest - 1)
    series = aligned(Blobs.of([row[3].tobytes() for row in found]), firsts, start=start.toordinal(), length=longest, before=0.0, after=0.0)
    units = [series[:, -days:].sum(axis=1, dtype=np.float64).tolist() for days in SALES_DAYS]
    return {(row[0], row[1]): sold for row, sold in zip(found, zip(*units, strict=True), strict=True)}
