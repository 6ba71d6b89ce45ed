"""Telling what others reach in a category (H29)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

import strawberry

from stockhub.catalog.benchmarks import BenchmarkInput, record_benchmarks
from stockhub.catalog.services import RowResult
from stockhub.graphql.mutations.payloads import INPUT, ManyWritten, Outcome, to_service, to_services, write_many
from stockhub.graphql.permissions import root_field


@strawberry.input(description="The turnover of a category in its trade, as it was published for a day.")
class CategoryBenchmarkInput:
    category: str = strawberry.field(description="The code of the category; it holds for all beneath it that has none of its own.")
    turnover: Decimal = strawberry.field(description="How often a year stock is sold, from 0 to 366.")
    as_of: dt.date = strawberry.field(description="The day that the figure speaks of; today or earlier.")
    source: str = strawberry.field(description="Who says so.", default="")

    def to_service(self) -> BenchmarkInput:
        return to_service(self, BenchmarkInput, turnover=float(self.turnover))


@strawberry.input(description="Benchmarks of many categories at once.")
class CategoryBenchmarksRecordInput:
    rows: list[CategoryBenchmarkInput] = strawberry.field(description="At most 1,000; a bad row is refused alone.")


@strawberry.type(description="What became of one benchmark.")
class CategoryBenchmarkRecordResult(Outcome):
    pass


@strawberry.type(description="What became of the benchmarks.")
class CategoryBenchmarksRecordPayload(ManyWritten):
    results: list[CategoryBenchmarkRecordResult] = strawberry.field(description="A result for each row, in their order.")


@strawberry.type
class BenchmarkMutation:
    @root_field(
        "catalog.change_categorybenchmark",
        "Adds benchmarks of categories, keyed by category and day: one that is told again takes the place of the first.",
    )
    def category_benchmarks_record(
        self,
        input: Annotated[CategoryBenchmarksRecordInput, INPUT],  # noqa: A002 - its name in the graph
    ) -> CategoryBenchmarksRecordPayload:
        def work() -> list[RowResult]:
            return record_benchmarks(to_services(input.rows))

        return write_many(CategoryBenchmarksRecordPayload, CategoryBenchmarkRecordResult, work)
