"""Demand of (SKU, pool) rows as one matrix: sales of the accounts that a pool serves, by the share that it serves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from django.db.models import Q, QuerySet
from numpy.typing import NDArray

from stockhub.catalog.models import PoolWarehouse, Sku, StockPolicy
from stockhub.channels.models import PoolAccount
from stockhub.core.arrays import aligned
from stockhub.core.columns import BLOB, DAY, FLOAT, INSTANT, INT, NO_INSTANT, days_of
from stockhub.core.kept import KeptIds, Place, kept
from stockhub.core.ranges import id_filter
from stockhub.demand.models import SalesSeries, StockoutSeries
from stockhub.inventory.models import Balance

#: A pool's id fits in so many bits of a row's key.
POOL_BITS = 20


@dataclass(frozen=True, slots=True)
class Rows:
    """The (SKU, pool) rows of a chunk, sorted: a row for every pool in which a SKU has sales, stock, supply or a policy."""

    sku_ids: NDArray[np.int64]
    pool_ids: NDArray[np.int64]
    #: The SKUs that have rows, each once, ascending.
    skus: NDArray[np.int64] = field(init=False, repr=False, compare=False)
    _keys: NDArray[np.int64] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        is_first = np.ones(len(self.sku_ids), np.bool_)
        np.not_equal(self.sku_ids[1:], self.sku_ids[:-1], out=is_first[1:])
        object.__setattr__(self, "skus", self.sku_ids[is_first])
        object.__setattr__(self, "_keys", (self.sku_ids << POOL_BITS) | self.pool_ids)

    def __len__(self) -> int:
        return len(self.sku_ids)

    def at(self, places: NDArray[np.intp]) -> Rows:
        """Some of the rows, in their order."""
        return Rows(self.sku_ids[places], self.pool_ids[places])

    def find(self, sku_ids: NDArray[np.int64], pool_id: int | NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows (m,) of SKUs in one pool, or in a pool each; −1 where there is none."""
        if not len(self):
            return np.full(len(sku_ids), -1, np.int64)
        wanted = (sku_ids << POOL_BITS) | pool_id
        at = np.minimum(np.searchsorted(self._keys, wanted), len(self) - 1)
        return np.where(self._keys[at] == wanted, at, -1)


@dataclass(frozen=True, slots=True)
class LastSales:
    """By SKU and account (m,), for the SKUs of the rows and others in their range: when it last sold, `NO_INSTANT` if it never did."""

    sku_ids: NDArray[np.int64]
    account_ids: NDArray[np.int64]
    at: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class DemandFrame:
    """Units a day (n, t) float32; NaN before a row's first day on any account.

    `first_day` and `last_sold_day` (n,): ordinals of the first day of all and of the last with a sale; NaN if it never sold.
    """

    first_on: date
    values: NDArray[np.float32]
    first_day: NDArray[np.float64]
    last_sold_day: NDArray[np.float64]
    last_sales: LastSales


def rows_of(sku_ids: Sequence[int] | NDArray[np.int64], held: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None) -> Rows:
    """The rows of these SKUs. Bundles have no stock of their own, deleted SKUs no future: neither has rows.

    `held`: the SKUs and warehouses (m,) of all their balances, from a caller that has read these already.
    """
    wanted = np.unique(np.asarray(sku_ids, np.int64))
    if not len(wanted):
        return Rows(np.zeros(0, np.int64), np.zeros(0, np.int64))
    pools_of_account, pools_of_warehouse = _many(_pools_of_accounts.tuples()), _many(_pools_of_warehouses.tuples())
    sold, planned = _sold(skus=wanted), _planned(skus=wanted)
    lies = tuple(_held(skus=wanted).values()) if held is None else held
    keys = [
        *_keys(sold["sku_id"], sold["account_id"], pools_of_account),
        *_keys(lies[0], lies[1], pools_of_warehouse),
        (planned["sku_id"] << POOL_BITS) | planned["pool_id"],
    ]
    rows = np.unique(np.concatenate(keys))
    skus = rows >> POOL_BITS
    stays = np.isin(skus, wanted) & ~np.isin(skus, _gone(skus=wanted)["id"])
    return Rows(skus[stays], rows[stays] & (2**POOL_BITS - 1))


@kept({"account_id": INT, "pool_id": INT})
def _pools_of_accounts() -> QuerySet[PoolAccount]:
    return PoolAccount.objects.filter(pool__deleted_at=None)


@kept({"warehouse_id": INT, "pool_id": INT})
def _pools_of_warehouses() -> QuerySet[PoolWarehouse]:
    return PoolWarehouse.objects.filter(pool__deleted_at=None)


@kept({"sku_id": INT, "account_id": INT})
def _sold(skus: KeptIds) -> QuerySet[SalesSeries]:
    return SalesSeries.objects.filter(**id_filter("sku_id", skus))


@kept({"sku_id": INT, "warehouse_id": INT})
def _held(skus: KeptIds) -> QuerySet[Balance]:
    return Balance.objects.filter(**id_filter("sku_id", skus))


@kept({"sku_id": INT, "pool_id": INT})
def _planned(skus: KeptIds) -> QuerySet[StockPolicy]:
    return StockPolicy.objects.filter(**id_filter("sku_id", skus), pool__isnull=False, deleted_at=None)


@kept({"id": INT})
def _gone(skus: KeptIds) -> QuerySet[Sku]:
    return Sku.objects.filter(Q(deleted_at__isnull=False) | Q(is_bundle=True), **id_filter("id", skus))


def _many(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    out: dict[int, list[int]] = {}
    for key, value in pairs:
        out.setdefault(key, []).append(value)
    return out


def _keys(skus: NDArray[np.int64], places: NDArray[np.int64], pools: Mapping[int, list[int]]) -> Iterator[NDArray[np.int64]]:
    """The keys of the rows that facts (m,) of SKUs in places, each of which belongs to some pools, make."""
    for place, of_place in pools.items():
        there = skus[places == place]
        for pool in of_place:
            yield (there << POOL_BITS) | pool


def demand_of(rows: Rows, *, last_on: date, days: int, account_ids: Collection[int] | None = None) -> DemandFrame:
    """The demand of the rows over `days` days up to and including `last_on`; of some accounts only, where they are named."""
    first_on = last_on - timedelta(days=days - 1)
    values = np.full((len(rows), days), np.nan, np.float32)
    first_day, last_sold = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    if not len(rows):
        return DemandFrame(first_on, values, first_day, last_sold, LastSales(*[np.zeros(0, np.int64)] * 3))
    found = _sales(skus=rows.skus, since=first_on, days=days)
    firsts, sold = found["first_on"], _days_in_utc(found["last_sold_at"])
    start = first_on.toordinal()
    begins = np.maximum(firsts.astype(np.int64), start)
    series = aligned(found["part"], begins, start=start, length=days, before=np.nan, after=0.0)
    # An account has one series of a SKU, so within one account and pool no row is met twice and whole slices can be added.
    for (of_account, pool), share in _shares(first_on, days).items():
        if account_ids is not None and of_account not in account_ids:
            continue
        held = np.flatnonzero(found["account_id"] == of_account)
        row = rows.find(found["sku_id"][held], pool)
        held, row = held[row >= 0], row[row >= 0]
        part = series[held] if share is None else series[held] * share
        before = values[row]
        values[row] = np.where(np.isnan(before), part, before + np.nan_to_num(part))
        first_day[row] = np.fmin(first_day[row], firsts[held])
        last_sold[row] = np.fmax(last_sold[row], sold[held])
    return DemandFrame(first_on, values, first_day, last_sold, LastSales(found["sku_id"], found["account_id"], found["last_sold_at"]))


@kept({"sku_id": INT, "account_id": INT, "first_on": DAY, "part": BLOB, "last_sold_at": INSTANT})
def _sales(skus: KeptIds, since: Place, days: Place) -> QuerySet[SalesSeries]:
    part = days_of("daily", begins="first_on", since=since, days=days, size=4)
    return SalesSeries.objects.filter(**id_filter("sku_id", skus)).annotate(part=part)


def _days_in_utc(instants: NDArray[np.int64]) -> NDArray[np.float64]:
    """Ordinals of the days of instants (m,); NaN where there is none."""
    days = instants // 86_400_000_000 + date(1970, 1, 1).toordinal()
    return np.where(instants == NO_INSTANT, np.nan, days.astype(np.float64))


def _shares(first_on: date, days: int) -> dict[tuple[int, int], NDArray[np.float32] | None]:
    """The share of each day (days,) that a pool serves of an account, by (account, pool); None is all of it."""
    shares: dict[tuple[int, int], NDArray[np.float32]] = {}
    axis = np.arange(first_on.toordinal(), first_on.toordinal() + days)
    for account, pool, share, valid_from, valid_to in _served.tuples():
        # A comparison with NaN, which is no day, is false.
        holds = ~(axis < valid_from) & ~(axis > valid_to)
        known = shares.get((account, pool), np.zeros(days, np.float32))
        shares[account, pool] = known + np.where(holds, np.float32(share), np.float32(0))
    return {key: None if np.all(share == 1.0) else share for key, share in shares.items()}


@kept({"account_id": INT, "pool_id": INT, "share": FLOAT, "valid_from": DAY, "valid_to": DAY})
def _served() -> QuerySet[PoolAccount]:
    return PoolAccount.objects.order_by("account_id", "pool_id", "id")


def in_stock_of(rows: Rows, *, first_on: date, days: int) -> NDArray[np.float32]:
    """Per cent of each day (n, days) on which the rows could be sold; NaN where nobody knows."""
    out = np.full((len(rows), days), np.nan, np.float32)
    if not len(rows):
        return out
    found = _in_stock(skus=rows.skus, since=first_on, days=days)
    start = first_on.toordinal()
    begins = np.maximum(found["first_on"].astype(np.int64), start)
    series = aligned(found["part"], begins, start=start, length=days, dtype="|u1", before=255, after=255)
    row = rows.find(found["sku_id"], found["pool_id"])
    known = series[row >= 0]
    out[row[row >= 0]] = np.where(known == 255, np.nan, known)
    return out


@kept({"sku_id": INT, "pool_id": INT, "first_on": DAY, "part": BLOB})
def _in_stock(skus: KeptIds, since: Place, days: Place) -> QuerySet[StockoutSeries]:
    part = days_of("in_stock", begins="first_on", since=since, days=days, size=1)
    return StockoutSeries.objects.filter(**id_filter("sku_id", skus)).annotate(part=part)
