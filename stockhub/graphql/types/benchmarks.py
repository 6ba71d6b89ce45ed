"""What others reach in a category, how old that is, and whether it still counts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import strawberry
import strawberry_django
from django.conf import settings
from strawberry import Info, relay
from strawberry_django import field

from stockhub.alerts.benchmark_age import benchmark_ages
from stockhub.catalog import benchmark_models as models
from stockhub.core import clock
from stockhub.graphql.types.catalog import Category
from stockhub.graphql.types.editable import Scoped


@strawberry_django.type(
    models.CategoryBenchmark, description="The turnover of a category in its trade, as somebody published it for a day."
)
class CategoryBenchmark(Scoped, relay.Node):
    id: relay.NodeID[int]
    category: Category = field(description="The category; it holds for all beneath it that has none of its own.")
    as_of: dt.date = field(description="The day that the figure speaks of.")
    source: str = field(description="Who says so, or empty.")
    recorded_at: dt.datetime = field(description="When it was told.")

    @field(only=["turnover"], description="How often a year stock is sold.")
    def turnover(self, root: strawberry.Parent[Any]) -> Decimal:
        return Decimal(repr(root.turnover))

    @field(only=["as_of"], description="Days since the day that it speaks of; a day of the site's zone.")
    def age_days(self, root: strawberry.Parent[Any]) -> int:
        return _age(root)

    @field(
        only=["as_of", "category_id"],
        description="Whether it is too old for the rule `turnover-below-norm`, by the age that the rule has for its category, or for all "
        "SKUs: it is then named and not used.",
    )
    def is_out_of_date(self, info: Info, root: strawberry.Parent[Any]) -> bool:
        memo = info.context.memo
        if "benchmark ages" not in memo:
            memo["benchmark ages"] = benchmark_ages(clock.now())
        return bool(_age(root) > memo["benchmark ages"].of(root.category_id))


def _age(root: models.CategoryBenchmark) -> int:
    return (clock.business_day(clock.now(), settings.STOCKHUB_TIME_ZONE) - root.as_of).days
