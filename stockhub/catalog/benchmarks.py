"""Benchmarks of categories: how they come in, and which of them counts for a category on a day (H29)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.catalog.benchmark_models import CategoryBenchmark
from stockhub.catalog.models import Category
from stockhub.core import clock
from stockhub.core.columns import DAY, FLOAT, INT
from stockhub.core.kept import Place, kept
from stockhub.editing.upserts import RowResult, RowStatus, require_size
from stockhub.values.errors import DomainError

#: Stock that is sold more often than daily is a slipped decimal point.
MOST_TURNOVER = 366.0
#: A category and the day of the figure.
_Key = tuple[int, date]


@dataclass(frozen=True, slots=True)
class BenchmarkInput:
    """Turnover a year of a category, by its code, as of a day."""

    category: str
    turnover: float
    as_of: date
    source: str = ""


class Benchmark(NamedTuple):
    """What counts for a category: the figure and the ordinal of its day."""

    turnover: float
    as_of: float


def record_benchmarks(rows: Sequence[BenchmarkInput]) -> list[RowResult]:
    """Adds benchmarks, one result for each row. One that is told again for its day takes the place of the first: it was corrected."""
    require("catalog.change_categorybenchmark")
    require_size(rows)
    with transaction.atomic():
        categories = dict(Category.objects.filter(code__in={row.category for row in rows}, deleted_at=None).values_list("code", "id"))
        known: dict[_Key, CategoryBenchmark] = {
            (each.category_id, each.as_of): each
            for each in CategoryBenchmark.objects.select_for_update().filter(category_id__in=categories.values())
        }
        changed: dict[_Key, CategoryBenchmark] = {}
        told = [_recorded(index, row, categories, known, changed) for index, row in enumerate(rows)]
        CategoryBenchmark.objects.bulk_create(
            changed.values(),
            update_conflicts=True,
            unique_fields=["category", "as_of"],
            update_fields=["turnover", "source", "recorded_at"],
            batch_size=500,
        )
        return told


def _recorded(
    index: int,
    row: BenchmarkInput,
    categories: Mapping[str, int],
    known: dict[_Key, CategoryBenchmark],
    changed: dict[_Key, CategoryBenchmark],
) -> RowResult:
    """The result of a row; what it makes or corrects goes to `changed`."""
    try:
        key = _checked(row, categories), row.as_of
    except DomainError as error:
        return RowResult(index, RowStatus.REFUSED, error=error)
    before = known.get(key)
    if before is not None and (before.turnover, before.source) == (row.turnover, row.source):
        return RowResult(index, RowStatus.UNCHANGED, before.pk)
    known[key] = changed[key] = CategoryBenchmark(
        category_id=key[0], as_of=row.as_of, turnover=row.turnover, source=row.source, recorded_at=clock.now()
    )
    return RowResult(index, RowStatus.CREATED if before is None else RowStatus.UPDATED, before.pk if before is not None else None)


def _checked(row: BenchmarkInput, categories: Mapping[str, int]) -> int:
    if row.category not in categories:
        message = _("There is no such code; create it first.")
        raise DomainError("unknown_category", message, path=("category",), params={"value": row.category[:200]})
    if not math.isfinite(row.turnover) or not 0 <= row.turnover <= MOST_TURNOVER:
        message = _("Turnover a year is a number from 0 to 366.")
        raise DomainError("invalid_turnover", message, path=("turnover",), params={"value": str(row.turnover)})
    if row.as_of > clock.now().date():
        raise DomainError("future_benchmark", _("A benchmark speaks of a day that was."), path=("as_of",), params={"value": str(row.as_of)})
    return categories[row.category]


def benchmarks_on(day: date) -> dict[int, Benchmark]:
    """What counts for each category on a day, whatever its age: its own last figure, else that of the nearest category above it."""
    own: dict[int, Benchmark] = {}
    for category, turnover, as_of in _told.tuples(day=day):
        own[category] = Benchmark(turnover, as_of)
    if not own:
        return {}
    parents: dict[int, int] = dict(_parents.tuples())
    return {category: found for category in parents if (found := _nearest(category, own, parents)) is not None}


def _nearest(category: int, own: Mapping[int, Benchmark], parents: Mapping[int, int]) -> Benchmark | None:
    seen: set[int] = set()
    while category and category not in seen:
        if category in own:
            return own[category]
        seen.add(category)
        category = parents.get(category, 0)
    return None


@kept({"category_id": INT, "turnover": FLOAT, "as_of": DAY})
def _told(day: Place) -> QuerySet[CategoryBenchmark]:
    """The oldest first, so that the last one stays."""
    return CategoryBenchmark.objects.filter(as_of__lte=day).order_by("as_of")


@kept({"id": INT, "above": INT})
def _parents() -> QuerySet[Category]:
    return Category.objects.annotate(above=Coalesce("parent_id", 0))
