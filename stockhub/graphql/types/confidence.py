"""How far data can be trusted."""

from __future__ import annotations

import datetime as dt

import strawberry

from stockhub.graphql.labels import Slugged, slugged
from stockhub.graphql.metrics import Metric, metric
from stockhub.snapshot import confidence

_SEVERITY = {"high": 0, "medium": 1, "low": 2}


@strawberry.type(description="How far the data of a SKU in a pool can be trusted; below 0.5 nothing acts on them by itself.")
class DataConfidence:
    found: strawberry.Private[confidence.DataConfidence]
    as_of: strawberry.Private[dt.datetime]

    @strawberry.field(description="high, medium or low, with what it means.")
    def level(self) -> Slugged:
        return slugged(self.found.level, confidence.LEVELS[self.found.level], severity=_SEVERITY[self.found.level])

    @strawberry.field(description="The trust, from 0 to 1.")
    def value(self) -> Metric:
        return metric(self.found.value, "1", as_of=self.as_of, reason="NO_DATA")

    @strawberry.field(description="What speaks against the data: contradictions and old feeds.")
    def signs(self) -> list[Slugged]:
        return [slugged(code, confidence.SIGNS[code], severity=1) for code in self.found.signs]

    @strawberry.field(description="Hours since orders or stock last came in, of the account of the pool that is furthest behind.")
    def feed_age(self) -> Metric:
        return metric(self.found.feed_age_hours, "hour", as_of=self.as_of, reason="NO_DATA_YET")
