"""Reading benchmarks of categories."""

# ruff: noqa: FBT002 - clients name every argument

from __future__ import annotations

from typing import Annotated

import strawberry
from django.db.models import Exists, OuterRef
from strawberry import Info

from stockhub.catalog import benchmark_models as models
from stockhub.graphql.pagination import DEFAULT_FIRST, After, Connection, First, Key, Offset, Paging, page, rows_of, wanted
from stockhub.graphql.permissions import root_field
from stockhub.graphql.types.benchmarks import CategoryBenchmark


@strawberry.type
class BenchmarksQuery:
    @root_field("catalog.view_categorybenchmark", "Benchmarks of categories, the one of the latest day first.")
    def category_benchmarks(
        self,
        info: Info,
        categories: Annotated[
            list[str] | None, strawberry.argument(description="Only those of the categories with these codes, at most 1,000.")
        ] = None,
        only_latest: Annotated[bool, strawberry.argument(description="Only the latest of each category: the one that counts.")] = True,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[CategoryBenchmark]:
        rows = rows_of(models.CategoryBenchmark, info)
        if (chosen := wanted(categories, "categories")) is not None:
            rows = rows.filter(category__code__in=chosen)
        if only_latest:
            later = models.CategoryBenchmark.objects.filter(category=OuterRef("category"), as_of__gt=OuterRef("as_of"))
            rows = rows.filter(~Exists(later))
        return page(info, Connection[CategoryBenchmark], rows, (Key("as_of", descending=True),), Paging(first, after, offset))
