"""Positions: the ledger's balances summed over the warehouses of each pool, and what is owed to orders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import numpy as np
from django.db.models import F
from numpy.typing import NDArray

from stockhub.catalog.models import PoolWarehouse, Warehouse
from stockhub.core.columns import FLOAT, INSTANT, INT, NO_INSTANT, code, microseconds, read
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows
from stockhub.inventory.disputes import disputed_pairs
from stockhub.inventory.models import Allocation, Balance, Bucket
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.snapshot.defaults import DUE_SOON_HOURS
from stockhub.snapshot.worth import Rates

Columns = dict[str, FloatArray]
#: The pools of each warehouse.
Pools = Mapping[int, list[int]]
_HOUR = 3_600_000_000


def warehouse_pools() -> dict[int, list[int]]:
    """The pools of each warehouse."""
    out: dict[int, list[int]] = {}
    for warehouse, pool in PoolWarehouse.objects.values_list("warehouse_id", "pool_id"):
        out.setdefault(warehouse, []).append(pool)
    return out


def spread(
    rows: Rows, sku: NDArray[np.int64], warehouse: NDArray[np.int64], pools: Mapping[int, list[int]]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Facts (m,) of SKUs in warehouses, as rows: the position of each fact and the row that it counts for, once for each pool."""
    facts, targets = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for house in np.unique(warehouse):
        held = np.flatnonzero(warehouse == house)
        for pool in pools.get(int(house), ()):
            row = rows.find(sku[held], pool)
            facts.append(held[row >= 0])
            targets.append(row[row >= 0])
    return np.concatenate(facts), np.concatenate(targets)


def position_columns(rows: Rows, pools: Pools) -> Columns:
    """Units by bucket. Rows without any balance are NaN: nobody has told us their stock."""
    buckets = {b.slug: b for b in Bucket.objects.all()}
    found = read(
        Balance.objects.filter(**id_filter("sku_id", rows.skus)),
        {"sku_id": INT, "warehouse_id": INT, "bucket_id": code(_slug_width(buckets)), "qty": FLOAT},
    )
    fact, row = spread(rows, found["sku_id"], found["warehouse_id"], pools)
    slug, qty = found["bucket_id"][fact], found["qty"][fact]
    n = len(rows)

    def total(slugs: set[str]) -> FloatArray:
        counted = np.isin(slug, [each.encode() for each in sorted(slugs)])
        return np.bincount(row[counted], qty[counted], minlength=n).astype(np.float64)

    sellable = {s for s, b in buckets.items() if b.is_sellable}
    unsellable = {s for s, b in buckets.items() if b.is_physical and not b.is_sellable and s not in ("reserved", "receiving")}
    columns = {
        "available": total(sellable),
        "reserved": total({"reserved"}),
        "on_order": total({"on_order"}),
        "in_transit": total({"in_transit"}),
        "receiving": total({"receiving"}),
        "unsellable": total(unsellable),
        "shippable": total({s for s, b in buckets.items() if b.can_ship_today}),
    }
    unknown = np.bincount(row, minlength=n) == 0
    for column in columns.values():
        column[unknown] = np.nan
    return columns


def _slug_width(buckets: Iterable[str]) -> int:
    return max(map(len, buckets), default=1)


def dispute_column(rows: Rows, pools: Pools) -> FloatArray:
    """1 where the SKU's stock is disputed in any warehouse of the pool, else 0."""
    disputed = sorted(disputed_pairs(rows.skus.tolist()))
    sku = np.fromiter((pair[0] for pair in disputed), np.int64, len(disputed))
    warehouse = np.fromiter((pair[1] for pair in disputed), np.int64, len(disputed))
    _fact, row = spread(rows, sku, warehouse, pools)
    column = np.zeros(len(rows), np.float64)
    column[row] = 1.0
    return column


def capacity_column(rows: Rows, pools: Pools) -> FloatArray:
    """Units that fit into the warehouses of each row's pool; NaN where one of them has not stated its capacity."""
    capacity = {w: float(c) if c is not None else np.nan for w, c in Warehouse.objects.values_list("id", "capacity_units")}
    by_pool: dict[int, float] = {}
    for warehouse, its in pools.items():
        for pool in its:
            by_pool[pool] = by_pool.get(pool, 0.0) + capacity[warehouse]
    return of_pools(rows, by_pool)


def of_pools(rows: Rows, values: Mapping[int, float]) -> FloatArray:
    """A number of each row's pool; NaN where there is none."""
    pools, pool = np.unique(rows.pool_ids, return_inverse=True)
    return np.array([values.get(each, np.nan) for each in pools.tolist()], np.float64)[pool]


def place_columns(rows: Rows) -> Columns:
    """Where each row's pool lies and with which pools it shares units.

    `region` is the country of its warehouses as a number (256 · first letter + second; 0 where none is given) and NaN where they lie in
    several. `shared_stock` is the least id among the pools that have a warehouse in common with it, directly or through others.
    """
    countries: dict[int, set[str]] = {}
    group: dict[int, int] = {}
    first_of_warehouse: dict[int, int] = {}
    for pool, warehouse, country in _members():
        countries.setdefault(pool, set()).add(country.upper())
        group.setdefault(pool, pool)
        other = first_of_warehouse.setdefault(warehouse, pool)
        if group[other] != group[pool]:
            least, most = sorted((group[other], group[pool]))
            group.update({member: least for member, its in group.items() if its == most})
    shared = of_pools(rows, group)
    return {
        "region": of_pools(rows, {pool: _region(found) for pool, found in countries.items()}),
        "shared_stock": np.where(np.isnan(shared), rows.pool_ids, shared),
    }


def _members() -> Iterable[tuple[int, int, str]]:
    """(pool, warehouse, country) of the pools that are in use, by pool."""
    members = PoolWarehouse.objects.filter(pool__deleted_at=None).order_by("pool_id")
    return members.values_list("pool_id", "warehouse_id", "warehouse__country")


def _region(countries: set[str]) -> float:
    if len(countries) != 1:
        return np.nan
    [country] = countries
    return float(sum(ord(letter) * 256**place for place, letter in enumerate(reversed(country))))


def owed_columns(rows: Rows, as_of: datetime, rates: Rates, pools: Pools) -> Columns:
    """Paid orders whose ship-by time comes soon, and how much of them has no stock."""
    found = read(
        Allocation.objects.filter(
            **id_filter("sku_id", rows.skus),
            shipped_qty__lt=F("wanted_qty"),
            paid_at__isnull=False,
            ship_by_at__lte=as_of + timedelta(hours=DUE_SOON_HOURS),
        ),
        {
            "sku_id": INT, "warehouse_id": INT, "wanted_qty": FLOAT, "shipped_qty": FLOAT, "reserved_qty": FLOAT, "unbacked_qty": FLOAT,
            "ship_by_at": INSTANT, "paid_amount": FLOAT, "currency": code(3),
        },
    )  # fmt: skip
    n = len(rows)
    owed = (found["wanted_qty"] - found["shipped_qty"] - found["unbacked_qty"]).clip(0)
    missing = (found["wanted_qty"] - found["shipped_qty"] - found["reserved_qty"] - found["unbacked_qty"]).clip(0)
    due = found["ship_by_at"]
    hours = np.where(due == NO_INSTANT, np.inf, (due - microseconds(as_of)) / _HOUR)
    # What was paid, in the base currency, for the part of an order line that has no stock.
    paid = rates.amounts(found["paid_amount"], found["currency"]) * (missing / found["wanted_qty"])
    paid[missing == 0] = 0.0
    fact, row = spread(rows, found["sku_id"], found["warehouse_id"], pools)
    at_risk = missing[fact] > 0

    def total(values: NDArray[np.float64]) -> FloatArray:
        return np.bincount(row, values[fact], minlength=n).astype(np.float64)

    next_due = np.full(n, np.inf)
    np.minimum.at(next_due, row[at_risk], hours[fact][at_risk])
    return {
        "due_units": total(owed),
        "due_unreserved_units": total(missing),
        "due_orders": total((owed > 0).astype(np.float64)),
        "due_orders_at_risk": total((missing > 0).astype(np.float64)),
        "due_paid_at_risk": total(paid),
        "hours_to_ship_by": np.where(np.isinf(next_due), np.nan, next_due),
    }
