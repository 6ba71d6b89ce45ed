"""What a unit of each row's SKU measures and weighs, and what its category is called on a marketplace."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from stockhub.catalog.models import Category, CategoryMapping, Sku
from stockhub.core.columns import FLOAT, INT, TEXT
from stockhub.core.kept import KeptIds, kept
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.values.measures import CUBIC_METRES_A_CUBIC_FOOT, KILOGRAMS_A_POUND

IntArray = NDArray[np.int64]
_MM_AN_INCH = 25.4
_CUBIC_MM_A_CUBIC_FOOT = float(CUBIC_METRES_A_CUBIC_FOOT) * 1e9
_GRAMS_A_POUND = float(KILOGRAMS_A_POUND) * 1e3
#: Stands for "no category" where categories are numbers.
_NONE = 0


@dataclass(frozen=True, slots=True)
class Sizes:
    """Of each row (n,): cubic feet and pounds a unit, its sides (n, 3) in inches, and the id of its category (0: none); NaN is unknown."""

    volume: FloatArray
    weight: FloatArray
    sides: FloatArray
    category: IntArray

    @classmethod
    def of(cls, rows: Rows) -> Sizes:
        found = _stated(skus=rows.skus)
        at = np.searchsorted(found["id"], rows.sku_ids)
        sides = np.column_stack([found[name] for name in ("length_mm", "width_mm", "height_mm")]).reshape(-1, 3)
        # A side of 0 is a field that somebody left alone.
        sides = np.where(sides > 0, sides, np.nan)
        weight = np.where(found["weight_grams"] > 0, found["weight_grams"], np.nan)
        volume = sides.prod(axis=1) / _CUBIC_MM_A_CUBIC_FOOT
        return cls(volume[at], weight[at] / _GRAMS_A_POUND, sides[at] / _MM_AN_INCH, found["category_or_none"][at])


def categories_of(marketplace: str) -> dict[int, str]:
    """By category, what it is called on a marketplace: its own mapping, or that of the nearest one above it."""
    stated = {category: value for category, of, value in _mappings.tuples() if of == marketplace}
    parents = dict(_parents.tuples()) if stated else {}
    out = dict(stated)
    for category in parents:
        above, seen = category, set[int]()
        while above and above not in stated and above not in seen:
            seen.add(above)
            above = parents.get(above, _NONE)
        if above in stated:
            out[category] = stated[above]
    return out


@kept({"id": INT, "length_mm": FLOAT, "width_mm": FLOAT, "height_mm": FLOAT, "weight_grams": FLOAT, "category_or_none": INT})
def _stated(skus: KeptIds) -> QuerySet[Sku]:
    measured = Sku.objects.filter(**id_filter("id", skus)).order_by("id")
    return measured.annotate(category_or_none=Coalesce("category_id", "product__category_id", _NONE))


@kept({"category_id": INT, "marketplace": TEXT, "value": TEXT})
def _mappings() -> QuerySet[CategoryMapping]:
    return CategoryMapping.objects.order_by("category_id", "marketplace", "id")


@kept({"id": INT, "parent_or_none": INT})
def _parents() -> QuerySet[Category]:
    return Category.objects.annotate(parent_or_none=Coalesce("parent_id", _NONE)).order_by("id")
