"""Which rows of a chunk a dated plan is about, and for what share of their demand."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from stockhub.catalog.models import Category, Sku
from stockhub.channels.models import PoolAccount
from stockhub.core.columns import INT, read
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows, demand_of

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
#: What an account's share of a pool's demand is measured over.
SHARE_DAYS = 56


class Target(Protocol):
    """What a plan is about; None, and no accounts, stand for all."""

    @property
    def account_ids(self) -> frozenset[int] | None: ...
    @property
    def pool_id(self) -> int | None: ...
    @property
    def category_id(self) -> int | None: ...
    @property
    def sku_id(self) -> int | None: ...


@dataclass(slots=True)
class TargetRows:
    """Looks up the rows of plans; what it takes is read once, and only where a plan asks for it."""

    rows: Rows
    last_on: date
    _categories: NDArray[np.int64] | None = None
    _parents: dict[int, int | None] | None = None
    _accounts: dict[int, set[int]] | None = None
    _shares: dict[frozenset[int], Floats] = field(default_factory=dict)

    def share_of(self, target: Target) -> Floats:
        """The share (n,) of each row's demand that a plan is about; 0 for rows that it does not name."""
        named = np.ones(len(self.rows), np.bool_)
        if target.sku_id is not None:
            named &= self.rows.sku_ids == target.sku_id
        if target.pool_id is not None:
            named &= self.rows.pool_ids == target.pool_id
        if target.category_id is not None:
            named &= np.isin(self.categories(), self._beneath(target.category_id))
        share = np.ones(len(self.rows)) if target.account_ids is None else self._account_share(target.account_ids)
        return np.where(named, share, 0.0)

    def categories(self) -> NDArray[np.int64]:
        """The category (n,) of each row's SKU; −1 without one."""
        if self._categories is None:
            found = read(Sku.objects.filter(category__isnull=False, **id_filter("id", self.rows.skus)), {"id": INT, "category_id": INT})
            of_sku = dict(zip(found["id"].tolist(), found["category_id"].tolist(), strict=True))
            self._categories = np.array([of_sku.get(sku, -1) for sku in self.rows.sku_ids.tolist()], np.int64)
        return self._categories

    def category_paths(self, wanted: Collection[str]) -> NDArray[np.int64] | None:
        """The categories (n, levels) that each row's SKU is in, from a `wanted` one, by its code, down to its own, and −1 beyond.

        Without any wanted ones all of them, from the broadest on. None where no SKU of the rows is in any.
        """
        chosen = Category.objects.filter(code__in=wanted, deleted_at=None) if wanted else Category.objects.filter(parent=None)
        tops = set(chosen.values_list("id", flat=True))
        own, place = np.unique(self.categories(), return_inverse=True)
        paths = [self._path_from(tops, category) for category in own.tolist()]
        levels = max(map(len, paths), default=0)
        if not levels:
            return None
        table = np.array([path + [-1] * (levels - len(path)) for path in paths], np.int64)
        return table[place]

    def _path_from(self, tops: Collection[int], category: int) -> list[int]:
        """From the broadest of the `tops` that a category is in down to itself; nothing where it is in none."""
        path = [] if category < 0 else list(_path(category, self._tree()))[::-1]
        first = next((place for place, each in enumerate(path) if each in tops), len(path))
        return path[first:]

    def _tree(self) -> dict[int, int | None]:
        if self._parents is None:
            self._parents = dict(Category.objects.values_list("id", "parent_id"))
        return self._parents

    def _beneath(self, category_id: int) -> list[int]:
        parents = self._tree()
        return [category for category in parents if category_id in _path(category, parents)]

    def _account_share(self, accounts: frozenset[int]) -> Floats:
        """Of pools that serve other accounts too, the share that these had of the demand of late; without demand, that of their number."""
        known = self._shares.get(accounts)
        if known is None:
            known = self._shares[accounts] = self._measured_share(accounts)
        return known

    def _measured_share(self, accounts: frozenset[int]) -> Floats:
        if self._accounts is None:
            self._accounts = {}
            for pool, account in PoolAccount.objects.values_list("pool_id", "account_id"):
                self._accounts.setdefault(pool, set()).add(account)
        served = {pool: len(its & accounts) / len(its) for pool, its in self._accounts.items()}
        share = np.array([served.get(pool, 0.0) for pool in self.rows.pool_ids.tolist()])
        if ((share > 0) & (share < 1)).any():
            of_all = self._sold(None)
            of_these = self._sold(accounts)
            mixed = (share > 0) & (share < 1) & (of_all > 0)
            share = np.where(mixed, np.minimum(of_these / np.where(of_all > 0, of_all, 1.0), 1.0), share)
        return share

    def _sold(self, accounts: frozenset[int] | None) -> Floats:
        frame = demand_of(self.rows, last_on=self.last_on, days=SHARE_DAYS, account_ids=accounts)
        sold: Floats = np.nansum(frame.values, axis=1, dtype=np.float64)
        return sold


def _path(category: int, parents: dict[int, int | None]) -> Iterable[int]:
    at: int | None = category
    seen: set[int] = set()
    while at is not None and at not in seen:
        seen.add(at)
        yield at
        at = parents.get(at)


def columns_of(first_on: date, last_on: date, start_on: date, days: int) -> slice:
    """The columns of a matrix of `days` days from `start_on` on that lie in a window; empty where none does."""
    first = max((first_on - start_on) // timedelta(days=1), 0)
    last = min((last_on - start_on) // timedelta(days=1), days - 1)
    return slice(first, max(last + 1, first))
