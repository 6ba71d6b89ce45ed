"""Whose alert it is: the most particular responsibility that fits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from stockhub.catalog.models import Sku
from stockhub.channels.models import PoolAccount, Responsibility
from stockhub.core.columns import INT, read
from stockhub.core.ranges import id_filter

IntArray = NDArray[np.int64]
#: Stands for nobody where an owner is a number.
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Owners:
    """Looks up owners of (SKU, pool) pairs without a query a pair.

    `rules` are the responsibilities, the one that counts most last. `sku_ids` (s,) ascend, with their `category_ids` and `brands`.
    """

    rules: list[tuple[int | None, int | None, int | None, str, int]]
    sku_ids: IntArray
    category_ids: IntArray
    brands: NDArray[np.object_]
    accounts: dict[int, set[int]]

    @classmethod
    def of(cls, sku_ids: IntArray) -> Owners:
        """For pairs of these SKUs. Four queries; without any responsibility one."""
        found = Responsibility.objects.filter(owner__isnull=False).values_list(
            "account_id", "sku_id", "category_id", "brand", "owner_id", "id"
        )
        # By SKU before category before brand before none, and with the account before without; of equals, the first.
        rules = sorted(found, key=lambda r: (3 if r[1] else 2 if r[2] else 1 if r[3] else 0, r[0] is not None, -r[5]))
        if not rules:
            return cls([], np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, object), {})
        accounts: dict[int, set[int]] = {}
        for pool, account in PoolAccount.objects.values_list("pool_id", "account_id"):
            accounts.setdefault(pool, set()).add(account)
        skus = Sku.objects.filter(**id_filter("id", np.unique(sku_ids))).order_by("id")
        categories = read(skus.annotate(of_category=Coalesce("category_id", 0)), {"id": INT, "of_category": INT})
        brands = np.full(len(categories["id"]), "", object)
        if any(rule[3] for rule in rules):
            branded = dict(skus.exclude(brand="").values_list("id", "brand"))
            brands[np.searchsorted(categories["id"], np.array(list(branded), np.int64))] = list(branded.values())
        return cls([rule[:5] for rule in rules], categories["id"], categories["of_category"], brands, accounts)

    def of_pairs(self, skus: IntArray, pools: IntArray) -> IntArray:
        """The user id of each pair (k,); `NOBODY` where no responsibility fits."""
        owners = np.full(len(skus), NOBODY, np.int64)
        if not self.rules:
            return owners
        at = np.searchsorted(self.sku_ids, skus)
        category, brand = self.category_ids[at], self.brands[at]
        for account, sku, of_category, of_brand, owner in self.rules:
            fits = np.ones(len(skus), np.bool_)
            if account is not None:
                fits &= np.isin(pools, [pool for pool, its in self.accounts.items() if account in its])
            if sku is not None:
                fits &= skus == sku
            if of_category is not None:
                fits &= category == of_category
            if of_brand:
                fits &= brand == of_brand
            owners[fits] = owner
        return owners
