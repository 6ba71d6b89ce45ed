"""Whose alert it is: the most particular responsibility that fits, of it the buyer or the owner, else the fallback (H70).

One for a category is also for all beneath it, as parameters and subscriptions are; of several the nearest counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from django.conf import settings
from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from stockhub.access.models import User
from stockhub.alerts.models import Side
from stockhub.catalog.models import Sku
from stockhub.channels.models import PoolAccount, Responsibility
from stockhub.core.columns import INT, read
from stockhub.core.ranges import id_filter
from stockhub.core.remembering import remembered
from stockhub.snapshot.scope_facts import line_of, parents_of_categories

IntArray = NDArray[np.int64]
#: Stands for nobody where an owner is a number.
NOBODY = -1
#: Kinds that speak of a shortage and are the shop's to act on, not purchasing's.
_OWNERS_KINDS: Final = frozenset({"ship-by-risk", "experience-score", "oversold-listings"})
#: Account, SKU, category, brand, buyer, owner.
Rule = tuple[int | None, int | None, int | None, str, int, int]


def is_buyers(kind: str, side: str) -> bool:
    """Whether alerts of a kind go to the buyer before the owner: what is short has to be bought."""
    return side == Side.SHORTAGE and kind not in _OWNERS_KINDS


def fallback_owner() -> User | None:
    """Who has what nobody answers for: the user of `STOCKHUB_ALERT_OWNER`, else the first active superuser, else the first active user.

    None only where nobody can sign in.
    """
    active = User.objects.filter(is_active=True)
    named = active.filter(username=settings.STOCKHUB_ALERT_OWNER).first() if settings.STOCKHUB_ALERT_OWNER else None
    return named or active.order_by("-is_superuser", "-is_staff", "id").first()


def is_routed_by_one_rule() -> bool:
    """Whether one responsibility catches everything, so that nothing can be without a person."""
    every = Responsibility.objects.filter(account=None, sku=None, category=None, brand="")
    return every.filter(Q(owner__is_active=True) | Q(buyer__is_active=True)).exists()


@dataclass(frozen=True, slots=True)
class Owners:
    """Looks up owners of (SKU, pool) pairs without a query a pair.

    `rules` are the responsibilities, the one that counts most last. `sku_ids` (s,) ascend, with their `category_ids` and `brands`.
    `above` has the category above each, where a responsibility is for a category.
    """

    rules: list[Rule]
    sku_ids: IntArray
    category_ids: IntArray
    brands: NDArray[np.object_]
    accounts: dict[int, set[int]]
    above: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, sku_ids: IntArray) -> Owners:
        """For pairs of these SKUs. At most six queries; without any responsibility one. Who cannot sign in any more answers for nothing."""
        rules = remembered("responsibilities", _rules)
        if not rules:
            return cls([], np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, object), {})
        accounts: dict[int, set[int]] = {}
        for pool, account in PoolAccount.objects.values_list("pool_id", "account_id"):
            accounts.setdefault(pool, set()).add(account)
        skus = Sku.objects.filter(**id_filter("id", np.unique(sku_ids))).order_by("id")
        categories = read(skus.annotate(of_category=Coalesce("category_id", "product__category_id", 0)), {"id": INT, "of_category": INT})
        brands = np.full(len(categories["id"]), "", object)
        if any(rule[3] for rule in rules):
            branded = dict(skus.exclude(brand="").values_list("id", "brand"))
            brands[np.searchsorted(categories["id"], np.array(list(branded), np.int64))] = list(branded.values())
        above = parents_of_categories() if any(rule[2] is not None for rule in rules) else {}
        return cls(rules, categories["id"], categories["of_category"], brands, accounts, above)

    def of_pairs(self, skus: IntArray, pools: IntArray, *, buyers: bool = False) -> IntArray:
        """The user id of each pair (k,); `NOBODY` where no responsibility fits. `buyers`: the buyer rather than the owner of each."""
        owners = np.full(len(skus), NOBODY, np.int64)
        if not self.rules:
            return owners
        at = np.searchsorted(self.sku_ids, skus)
        category, brand = self.category_ids[at], self.brands[at]
        lines = {each: set(line_of(each, self.above)) for each in np.unique(category).tolist()} if self.above else {}
        for account, sku, of_category, of_brand, buyer, owner in self.rules:
            fits = np.ones(len(skus), np.bool_)
            if account is not None:
                fits &= np.isin(pools, [pool for pool, its in self.accounts.items() if account in its])
            if sku is not None:
                fits &= skus == sku
            if of_category is not None:
                fits &= np.isin(category, [each for each, line in lines.items() if of_category in line])
            if of_brand:
                fits &= brand == of_brand
            owners[fits] = _first_of(buyer, owner) if buyers else _first_of(owner, buyer)
        return owners


def owner_of_account(account_id: int | None, *, buyers: bool = False) -> int:
    """Who answers for what is about a whole account, or about none: a user id, or `NOBODY`."""
    owner = NOBODY
    for account, sku, category, brand, buyer, its_owner in _rules():
        if (account is None or account == account_id) and sku is None and category is None and not brand:
            owner = _first_of(buyer, its_owner) if buyers else _first_of(its_owner, buyer)
    return owner


def _rules() -> list[Rule]:
    """The responsibilities of people who can sign in, the one that counts most last.

    By SKU before category before brand before none, of categories the one further down, and with the account before without; of equals,
    the first.
    """
    rows: Iterable[tuple[int | None, int | None, int | None, str, int, int, int]] = (
        Responsibility.objects.filter(Q(owner__is_active=True) | Q(buyer__is_active=True))
        .annotate(
            its_buyer=Case(When(buyer__is_active=True, then=F("buyer_id")), default=NOBODY),
            its_owner=Case(When(owner__is_active=True, then=F("owner_id")), default=NOBODY),
        )
        .values_list("account_id", "sku_id", "category_id", "brand", "its_buyer", "its_owner", "id")
    )
    found = list(rows)
    above = parents_of_categories() if any(row[2] is not None for row in found) else {}
    ordered = sorted(
        found,
        key=lambda r: (3 if r[1] else 2 if r[2] else 1 if r[3] else 0, len(list(line_of(r[2] or 0, above))), r[0] is not None, -r[6]),
    )
    return [(account, sku, category, brand, buyer, owner) for account, sku, category, brand, buyer, owner, _id in ordered]


def _first_of(preferred: int, other: int) -> int:
    return other if preferred == NOBODY else preferred
