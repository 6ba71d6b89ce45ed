"""What rows are, as far as scopes ask: their category, class and stage, and the accounts that their pool serves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, NullIf, Upper
from numpy.typing import NDArray

from stockhub.catalog.models import Category, Sku
from stockhub.channels.models import PoolAccount
from stockhub.core.columns import INT, TEXT
from stockhub.core.kept import KeptIds, Place, kept
from stockhub.core.ranges import id_filter

IntArray = NDArray[np.int64]
#: The attribute of a SKU or of its product that says its class.
CLASS_ATTRIBUTE: Final = "class"
_ATTRIBUTES: Final = ("attributes", "product__attributes")


@dataclass(frozen=True, slots=True)
class SkuFacts:
    """Of SKUs in ascending order (k,): category and stage by id (0: none), and class in capitals (empty: none)."""

    sku_ids: IntArray
    category: IntArray
    stage: IntArray
    sku_class: NDArray[np.object_]

    def of(self, skus: IntArray) -> IntArray:
        """The position of each SKU."""
        return np.searchsorted(self.sku_ids, skus)


def facts_of(skus: IntArray) -> SkuFacts:
    """One query. A SKU's own category and class go before those of its product."""
    wanted = np.unique(skus)
    found = _facts(skus=wanted)
    asked = np.isin(found["id"], wanted)
    return SkuFacts(*(column[asked] for column in found.values()))


@kept({"id": INT, "its_category": INT, "its_stage": INT, "its_class": TEXT})
def _facts(skus: KeptIds) -> QuerySet[Sku]:
    stated = [NullIf(Cast(KeyTextTransform(CLASS_ATTRIBUTE, path), TextField()), Value("")) for path in _ATTRIBUTES]
    return (
        Sku.objects.filter(**id_filter("id", skus))
        .annotate(
            its_category=Coalesce("category_id", "product__category_id", Value(0)),
            its_stage=Coalesce("stage_id", Value(0)),
            its_class=Upper(Coalesce(*stated, Value(""), output_field=TextField())),
        )
        .order_by("id")
    )


def parents_of_categories() -> dict[int, int]:
    """The category above each; 0 above the topmost."""
    return dict(_categories.tuples())


@kept({"id": INT, "above": INT})
def _categories() -> QuerySet[Category]:
    return Category.objects.annotate(above=Coalesce("parent_id", Value(0)))


def line_of(category: int, parents: Mapping[int, int]) -> Iterator[int]:
    """The category and all above it, the nearest first."""
    seen: set[int] = set()
    while category and category not in seen:
        seen.add(category)
        yield category
        category = parents.get(category, 0)


def accounts_of_pools(day: date) -> dict[int, list[int]]:
    """The accounts that each pool serves on a day."""
    served: dict[int, list[int]] = {}
    for pool, account in _served.tuples(day=day):
        served.setdefault(pool, []).append(account)
    return served


@kept({"pool_id": INT, "account_id": INT})
def _served(day: Place) -> QuerySet[PoolAccount]:
    return PoolAccount.objects.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day))
