"""How a day of each natural month sells beside a mean day of the year."""

from __future__ import annotations

import datetime as dt

import numpy as np
import strawberry

from stockhub.graphql.metrics import Metric, metric
from stockhub.lifecycle.season_index import SeasonIndex as Found


@strawberry.type(description="What a day of one natural month sells beside a mean day of the year.")
class SeasonMonth:
    month: int = strawberry.field(description="From 1, January, to 12.")
    index: Metric = strawberry.field(description="The mean of the twelve is 1; null with the reason where there are none.")


@strawberry.type(
    description="The season index of a SKU or a category, from cleaned sales over all accounts: without events and stock-outs. It takes "
    "two whole years, and looks back on three."
)
class SeasonIndex:
    found: strawberry.Private[Found]
    as_of: strawberry.Private[dt.datetime]

    @strawberry.field(description="The first day of the first month that it was told from; null where nothing is known.")
    def first_on(self) -> dt.date | None:
        return self.found.first_on

    @strawberry.field(description="The last day of the last month, which is over; null where nothing is known.")
    def last_on(self) -> dt.date | None:
        return self.found.last_on

    @strawberry.field(description="The twelve months, January first.")
    def months(self) -> list[SeasonMonth]:
        return [
            SeasonMonth(month=month, index=metric(None if np.isnan(value) else value, "1", as_of=self.as_of, reason=self.found.reason))
            for month, value in enumerate(self.found.values.tolist(), 1)
        ]

    @strawberry.field(description="How many SKUs it was told from: of a large category, some that lie evenly among all of them.")
    def skus(self) -> int:
        return self.found.skus

    @strawberry.field(description="How many SKUs there are, of a category with those beneath it.")
    def of_skus(self) -> int:
        return self.found.of_skus
