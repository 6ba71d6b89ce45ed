"""What the demo's goods measure and weigh, and what their categories are called on Amazon: what fees go by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db.models import Q

from stockhub.catalog.models import Category, CategoryMapping
from stockhub.demo.catalogue import CATEGORIES, Item

#: By category: grams, then millimetres of the longest, middle and shortest side, as packed: storage goods lie flat.
_SIZES: Final[Mapping[str, tuple[int, int, int, int]]] = {
    "storage": (500, 330, 250, 40), "kitchen": (600, 300, 200, 60), "toys": (450, 250, 180, 90), "textiles": (500, 320, 250, 60),
    "pets": (300, 250, 150, 80), "stationery": (150, 150, 80, 18), "straps": (60, 120, 60, 15),
}  # fmt: skip
_ON_AMAZON: Final[Mapping[str, str]] = {
    "storage": "home_kitchen", "kitchen": "home_kitchen", "toys": "toys_games", "textiles": "home_kitchen", "pets": "pet_supplies",
    "stationery": "office_products", "straps": "electronics_accessories",
}  # fmt: skip
_COLUMNS: Final = ("weight_grams", "length_mm", "width_mm", "height_mm")


def size_of(item: Item) -> dict[str, int]:
    """The item's measures as columns of the catalogue's file; variants of a product differ a little."""
    share = 1.0 + 0.03 * (sum(map(ord, item.code)) % 5 - 2)
    return {name: round(value * share) for name, value in zip(_COLUMNS, _SIZES[item.category], strict=True)}


def map_categories() -> None:
    """Tells what the categories are called on Amazon; its commission goes by that."""
    for code, title, _goods, _cost in CATEGORIES:
        for category in Category.objects.filter(Q(name=title) | Q(code=title)):
            CategoryMapping.objects.update_or_create(category=category, marketplace="amazon", defaults={"value": _ON_AMAZON[code]})
