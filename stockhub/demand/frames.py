"""Demand of (SKU, pool) rows as one matrix: sales of the accounts that a pool serves, by the share that it serves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from stockhub.catalog.models import PoolWarehouse, Sku, StockPolicy
from stockhub.channels.models import PoolAccount
from stockhub.core.arrays import aligned
from stockhub.core.ranges import id_filter
from stockhub.demand.models import SalesSeries, StockoutSeries
from stockhub.inventory.models import Balance

#: A pool's id fits in so many bits of a row's key.
POOL_BITS = 20
#: Positions of rows in the frame of a chunk, by (SKU id, pool id).
RowIndex = dict[tuple[int, int], int]


@dataclass(frozen=True, slots=True)
class Rows:
    """The (SKU, pool) rows of a chunk, sorted: a row for every pool in which a SKU has sales, stock, supply or a policy."""

    sku_ids: NDArray[np.int64]
    pool_ids: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.sku_ids)

    def index(self) -> RowIndex:
        return {key: row for row, key in enumerate(zip(self.sku_ids.tolist(), self.pool_ids.tolist(), strict=True))}

    def find(self, sku_ids: NDArray[np.int64], pool_id: int) -> NDArray[np.int64]:
        """The rows (m,) of SKUs in one pool; −1 where there is none."""
        keys = (self.sku_ids << POOL_BITS) | self.pool_ids
        wanted = (sku_ids << POOL_BITS) | pool_id
        at = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
        return np.where(len(keys) and keys[at] == wanted, at, -1) if len(keys) else np.full(len(sku_ids), -1)


@dataclass(frozen=True, slots=True)
class DemandFrame:
    """Units a day (n, t) float32; NaN before a row's first day on any account.

    `first_day` and `last_sold_day` (n,): ordinals of the first day of all and of the last with a sale; NaN if it never sold.
    """

    first_on: date
    values: NDArray[np.float32]
    first_day: NDArray[np.float64]
    last_sold_day: NDArray[np.float64]


def rows_of(sku_ids: Sequence[int] | NDArray[np.int64]) -> Rows:
    """The rows of these SKUs. Bundles have no stock of their own, deleted SKUs no future: neither has rows."""
    wanted = {int(i) for i in sku_ids}
    if not wanted:
        return Rows(np.zeros(0, np.int64), np.zeros(0, np.int64))
    in_range = id_filter("sku_id", wanted)
    pools_of_account = _many(PoolAccount.objects.filter(pool__deleted_at=None).values_list("account_id", "pool_id"))
    pools_of_warehouse = _many(PoolWarehouse.objects.filter(pool__deleted_at=None).values_list("warehouse_id", "pool_id"))
    pairs: set[tuple[int, int]] = set()
    for sku, account in SalesSeries.objects.filter(**in_range).values_list("sku_id", "account_id"):
        pairs.update((sku, pool) for pool in pools_of_account.get(account, ()))
    for sku, warehouse in Balance.objects.filter(**in_range).values_list("sku_id", "warehouse_id").distinct():
        pairs.update((sku, pool) for pool in pools_of_warehouse.get(warehouse, ()))
    pairs.update(StockPolicy.objects.filter(**in_range, pool__isnull=False, deleted_at=None).values_list("sku_id", "pool_id"))
    gone = set(Sku.objects.filter(Q(deleted_at__isnull=False) | Q(is_bundle=True), **id_filter("id", wanted)).values_list("id", flat=True))
    keys = np.array(sorted(p for p in pairs if p[0] in wanted and p[0] not in gone), np.int64).reshape(-1, 2)
    return Rows(keys[:, 0].copy(), keys[:, 1].copy())


def _many(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    out: dict[int, list[int]] = {}
    for key, value in pairs:
        out.setdefault(key, []).append(value)
    return out


def demand_of(rows: Rows, *, last_on: date, days: int) -> DemandFrame:
    """The demand of the rows over `days` days up to and including `last_on`."""
    first_on = last_on - timedelta(days=days - 1)
    values = np.full((len(rows), days), np.nan, np.float32)
    first_day, last_sold = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    if not len(rows):
        return DemandFrame(first_on, values, first_day, last_sold)
    found = list(
        SalesSeries.objects.filter(**id_filter("sku_id", set(rows.sku_ids.tolist()))).values_list(
            "sku_id", "account_id", "first_on", "daily", "last_sold_at"
        )
    )
    sku = np.fromiter((f[0] for f in found), np.int64, len(found))
    account = np.fromiter((f[1] for f in found), np.int64, len(found))
    firsts = np.fromiter((f[2].toordinal() for f in found), np.int64, len(found))
    sold = np.array([f[4].date().toordinal() if f[4] else np.nan for f in found])
    series = aligned([f[3].tobytes() for f in found], firsts, start=first_on.toordinal(), length=days, before=np.nan, after=0.0)
    # An account has one series of a SKU, so within one account and pool no row is met twice and whole slices can be added.
    for (of_account, pool), share in _shares(first_on, days).items():
        held = np.flatnonzero(account == of_account)
        row = rows.find(sku[held], pool)
        held, row = held[row >= 0], row[row >= 0]
        part = series[held] if share is None else series[held] * share
        before = values[row]
        values[row] = np.where(np.isnan(before), part, before + np.nan_to_num(part))
        first_day[row] = np.fmin(first_day[row], firsts[held])
        last_sold[row] = np.fmax(last_sold[row], sold[held])
    return DemandFrame(first_on, values, first_day, last_sold)


def _shares(first_on: date, days: int) -> dict[tuple[int, int], NDArray[np.float32] | None]:
    """The share of each day (days,) that a pool serves of an account, by (account, pool); None is all of it."""
    shares: dict[tuple[int, int], NDArray[np.float32]] = {}
    axis = np.arange(first_on.toordinal(), first_on.toordinal() + days)
    for account, pool, share, valid_from, valid_to in PoolAccount.objects.order_by("account_id", "pool_id", "id").values_list(
        "account_id", "pool_id", "share", "valid_from", "valid_to"
    ):
        holds = (axis >= (valid_from.toordinal() if valid_from else 0)) & (axis <= (valid_to.toordinal() if valid_to else 10**9))
        known = shares.get((account, pool), np.zeros(days, np.float32))
        shares[account, pool] = known + np.where(holds, np.float32(share), np.float32(0))
    return {key: None if np.all(share == 1.0) else share for key, share in shares.items()}


def in_stock_of(rows: Rows, *, first_on: date, days: int) -> NDArray[np.float32]:
    """Per cent of each day (n, days) on which the rows could be sold; NaN where nobody knows."""
    out = np.full((len(rows), days), np.nan, np.float32)
    if not len(rows):
        return out
    found = list(
        StockoutSeries.objects.filter(**id_filter("sku_id", set(rows.sku_ids.tolist()))).values_list(
            "sku_id", "pool_id", "first_on", "in_stock"
        )
    )
    firsts = np.array([f[2].toordinal() for f in found], np.int64)
    series = aligned([f[3].tobytes() for f in found], firsts, start=first_on.toordinal(), length=days, dtype="|u1", before=255, after=255)
    index = rows.index()
    for position, (sku, pool, *_rest) in enumerate(found):
        if (row := index.get((sku, pool))) is not None:
            out[row] = np.where(series[position] == 255, np.nan, series[position])
    return out
