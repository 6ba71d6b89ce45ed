"""Positions: the ledger's balances summed over the warehouses of each pool, and what is owed to orders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from django.db.models import Case, F, QuerySet, When
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from stockhub.catalog.models import PoolWarehouse, Warehouse
from stockhub.core.columns import FLOAT, INSTANT, INT, NO_INSTANT, TEXT, code, microseconds
from stockhub.core.kept import KeptIds, Place, kept
from stockhub.core.ranges import id_filter
from stockhub.core.remembering import remembered
from stockhub.demand.frames import Rows
from stockhub.inventory.disputes import disputed_pairs
from stockhub.inventory.lots.ageing import held_in_pairs
from stockhub.inventory.lots.order import UNSELLABLE
from stockhub.inventory.lots.rows import Held
from stockhub.inventory.models import Allocation, Balance, Bucket
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.snapshot.defaults import DUE_SOON_HOURS
from stockhub.snapshot.worth import Rates

Columns = dict[str, FloatArray]
#: The pools of each warehouse.
Pools = Mapping[int, list[int]]
_HOUR = 3_600_000_000
#: Of what is owed to an order whose account is not known.
NO_ACCOUNT: Final = -1


def warehouse_pools() -> dict[int, list[int]]:
    """The pools of each warehouse."""
    out: dict[int, list[int]] = {}
    for warehouse, pool in _pool_warehouses.tuples():
        out.setdefault(warehouse, []).append(pool)
    return out


@kept({"warehouse_id": INT, "pool_id": INT})
def _pool_warehouses() -> QuerySet[PoolWarehouse]:
    return PoolWarehouse.objects.all()


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


@dataclass(frozen=True, slots=True)
class Balances:
    """Units `qty` (m,) of SKUs in the buckets of warehouses; `bucket` is a position in `buckets`, `changed_at` an instant."""

    buckets: list[Bucket]
    sku_ids: NDArray[np.int64]
    warehouse_ids: NDArray[np.int64]
    bucket: NDArray[np.int64]
    qty: NDArray[np.int64]
    changed_at: NDArray[np.int64]

    def in_buckets(self, holds: Callable[[Bucket], bool]) -> NDArray[np.bool_]:
        """Which balances (m,) lie in buckets of a sort."""
        return np.array([holds(bucket) for bucket in self.buckets], np.bool_)[self.bucket]


def balances_of(skus: NDArray[np.int64]) -> Balances:
    """What the ledger says of these SKUs, and of others in their range."""
    buckets = remembered("buckets", lambda: list(Bucket.objects.order_by("position", "slug")))
    return Balances(buckets, *_balances(skus=skus, buckets=tuple(bucket.slug for bucket in buckets)).values())


@kept({"sku_id": INT, "warehouse_id": INT, "in_bucket": INT, "qty": INT, "updated_at": INSTANT})
def _balances(skus: KeptIds, buckets: tuple[str, ...]) -> QuerySet[Balance]:
    numbered = Case(*[When(bucket=slug, then=number) for number, slug in enumerate(buckets)])
    return Balance.objects.filter(**id_filter("sku_id", skus)).annotate(in_bucket=numbered)


def held_of(balances: Balances) -> Held:
    """What of them lies in warehouses, and what of that cannot be sold because it is broken."""
    lies = balances.in_buckets(lambda bucket: bucket.is_physical)
    broken = balances.in_buckets(lambda bucket: bucket.slug == UNSELLABLE)[lies]
    qty = balances.qty[lies]
    return held_in_pairs(balances.sku_ids[lies], balances.warehouse_ids[lies], qty, qty * broken)


def position_columns(rows: Rows, balances: Balances, pools: Pools) -> Columns:
    """Units by bucket. Rows without any balance are NaN: nobody has told us their stock."""
    fact, row = spread(rows, balances.sku_ids, balances.warehouse_ids, pools)
    qty, n = balances.qty[fact].astype(np.float64), len(rows)

    def total(holds: Callable[[Bucket], bool]) -> FloatArray:
        counted = balances.in_buckets(holds)[fact]
        return np.bincount(row[counted], qty[counted], minlength=n).astype(np.float64)

    columns = {
        "available": total(lambda bucket: bucket.is_sellable),
        "reserved": total(lambda bucket: bucket.slug == "reserved"),
        "on_order": total(lambda bucket: bucket.slug == "on_order"),
        "in_transit": total(lambda bucket: bucket.slug == "in_transit"),
        "receiving": total(lambda bucket: bucket.slug == "receiving"),
        "unsellable": total(lambda bucket: bucket.is_physical and not bucket.is_sellable and bucket.slug not in ("reserved", "receiving")),
        "shippable": total(lambda bucket: bucket.can_ship_today),
    }
    unknown = np.bincount(row, minlength=n) == 0
    for column in columns.values():
        column[unknown] = np.nan
    return columns


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
    capacity: dict[int, float] = dict(_capacities.tuples())
    by_pool: dict[int, float] = {}
    for warehouse, its in pools.items():
        for pool in its:
            by_pool[pool] = by_pool.get(pool, 0.0) + capacity[warehouse]
    return of_pools(rows, by_pool)


@kept({"id": INT, "capacity_units": FLOAT})
def _capacities() -> QuerySet[Warehouse]:
    return Warehouse.objects.all()


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
    for pool, warehouse, country in _members.tuples():
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


@kept({"pool_id": INT, "warehouse_id": INT, "warehouse__country": TEXT})
def _members() -> QuerySet[PoolWarehouse]:
    """Of the pools that are in use, by pool."""
    return PoolWarehouse.objects.filter(pool__deleted_at=None).order_by("pool_id")


def _region(countries: set[str]) -> float:
    if len(countries) != 1:
        return np.nan
    [country] = countries
    return float(sum(ord(letter) * 256**place for place, letter in enumerate(reversed(country))))


@dataclass(frozen=True, slots=True)
class Owed:
    """Paid orders (m,) whose ship-by time comes soon: units owed and of them those without stock, and what was paid for the latter in the
    base currency. `hours` to the ship-by time; `promised_hours` from payment to it; `account` is −1 where none is known.
    """

    sku: NDArray[np.int64]
    warehouse: NDArray[np.int64]
    account: NDArray[np.int64]
    owed: FloatArray
    missing: FloatArray
    paid: FloatArray
    hours: FloatArray
    promised_hours: FloatArray


def owed_soon(rows: Rows, as_of: datetime, rates: Rates) -> Owed:
    """What is due within `DUE_SOON_HOURS`."""
    found = _owed(skus=rows.skus, until=as_of + timedelta(hours=DUE_SOON_HOURS))
    owed = (found["wanted_qty"] - found["shipped_qty"] - found["unbacked_qty"]).clip(0)
    missing = (found["wanted_qty"] - found["shipped_qty"] - found["reserved_qty"] - found["unbacked_qty"]).clip(0)
    due, paid_at = found["ship_by_at"], found["paid_at"]
    # What was paid, in the base currency, for the part of an order line that has no stock.
    paid = rates.amounts(found["paid_amount"], found["currency"]) * (missing / found["wanted_qty"])
    paid[missing == 0] = 0.0
    return Owed(
        sku=found["sku_id"],
        warehouse=found["warehouse_id"],
        account=found["account_or_none"],
        owed=owed,
        missing=missing,
        paid=paid,
        hours=np.where(due == NO_INSTANT, np.inf, (due - microseconds(as_of)) / _HOUR),
        # An order that was paid after its time was promised nothing longer.
        promised_hours=np.maximum((due - paid_at) / _HOUR, 0.0),
    )


def owed_columns(rows: Rows, due: Owed, compensation: FloatArray, pools: Pools) -> Columns:
    """Paid orders whose ship-by time comes soon, how much of them has no stock, and the compensation (m,) that it costs."""
    n = len(rows)
    fact, row = spread(rows, due.sku, due.warehouse, pools)
    at_risk = due.missing[fact] > 0

    def total(values: NDArray[np.float64]) -> FloatArray:
        return np.bincount(row, values[fact], minlength=n).astype(np.float64)

    next_due = np.full(n, np.inf)
    np.minimum.at(next_due, row[at_risk], due.hours[fact][at_risk])
    return {
        "due_units": total(due.owed),
        "due_unreserved_units": total(due.missing),
        "due_orders": total((due.owed > 0).astype(np.float64)),
        "due_orders_at_risk": total((due.missing > 0).astype(np.float64)),
        "due_paid_at_risk": total(due.paid),
        "due_compensation": total(compensation),
        "hours_to_ship_by": np.where(np.isinf(next_due), np.nan, next_due),
    }


@kept(
    {
        "sku_id": INT, "warehouse_id": INT, "account_or_none": INT, "wanted_qty": FLOAT, "shipped_qty": FLOAT, "reserved_qty": FLOAT,
        "unbacked_qty": FLOAT, "paid_at": INSTANT, "ship_by_at": INSTANT, "paid_amount": FLOAT, "currency": code(3),
    }
)  # fmt: skip
def _owed(skus: KeptIds, until: Place) -> QuerySet[Allocation]:
    due = Allocation.objects.filter(
        **id_filter("sku_id", skus), shipped_qty__lt=F("wanted_qty"), paid_at__isnull=False, ship_by_at__lte=until
    )
    return due.annotate(account_or_none=Coalesce("account_id", NO_ACCOUNT))
