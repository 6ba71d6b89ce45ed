"""Whose alert it is: the most particular responsibility that fits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from stockhub.catalog.models import Sku
from stockhub.channels.models import PoolAccount, Responsibility


@dataclass(frozen=True, slots=True)
class Owners:
    """Looks up owners of (SKU, pool) pairs without a query a pair."""

    rules: list[tuple[int | None, int | None, int | None, str, int | None]]
    skus: dict[int, tuple[int | None, str]]
    accounts: dict[int, set[int]]

    @classmethod
    def of(cls, sku_ids: Collection[int]) -> Owners:
        accounts: dict[int, set[int]] = {}
        for pool, account in PoolAccount.objects.values_list("pool_id", "account_id"):
            accounts.setdefault(pool, set()).add(account)
        return cls(
            list(Responsibility.objects.order_by("id").values_list("account_id", "sku_id", "category_id", "brand", "owner_id")),
            {i: (c, b) for i, c, b in Sku.objects.filter(id__in=sku_ids).values_list("id", "category_id", "brand")},
            accounts,
        )

    def owner(self, sku_id: int, pool_id: int) -> int | None:
        """The user id: by SKU before category before brand before none, and with the account before without."""
        category, brand = self.skus.get(sku_id, (None, ""))
        served = self.accounts.get(pool_id, set())
        best: tuple[tuple[int, int], int | None] = ((-1, -1), None)
        for account, sku, of_category, of_brand, owner in self.rules:
            fits = (
                (account is None or account in served)
                and (sku is None or sku == sku_id)
                and (of_category is None or of_category == category)
                and (not of_brand or of_brand == brand)
            )
            rank = (3 if sku else 2 if of_category else 1 if of_brand else 0, int(account is not None))
            if fits and owner is not None and rank > best[0]:
                best = (rank, owner)
        return best[1]
