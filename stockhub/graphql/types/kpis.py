"""Key figures of stock by place."""

from __future__ import annotations

import datetime as dt

import strawberry

from stockhub.graphql.labels import Slugged, graphql_enum, slugged
from stockhub.graphql.metrics import Metric, from_value
from stockhub.overview.kpis import INPUTS, KPIS, KpiGrouping
from stockhub.overview.kpis import StockKpis as Kpis

graphql_enum(
    KpiGrouping,
    "What key figures are told for.",
    {
        "POOL": ("Each pool", "按库存池"),
        "CATEGORY": ("Each category", "按类目"),
        "SITE": ("Each site", "按站点"),
    },
)
#: What the inputs and steps of the formulas are called.
NAMES = {**KPIS, **{name: label for name, (_unit, _source, label) in INPUTS.items()}}


@strawberry.type(description="One key figure of a place, with its formula.")
class StockKpi:
    kind: Slugged = strawberry.field(description="Which: turnover_year, stock_to_sales, dead_share, fill_rate, health_score, …")
    value: Metric = strawberry.field(description="Shares are of 1. StockHub health is StockHub's own score of 0 to 100, no platform's.")


@strawberry.type(
    description="The key figures of a pool, a category or a site over all that the user sees. The four influences that platforms name for "
    "their own health scores are among them: excess, sell-through, stranded stock, being in stock."
)
class StockKpis:
    code: str = strawberry.field(description="The place's code; empty for SKUs of no category and pools of no shop.")
    name: str = strawberry.field(description="Its name.")
    day: dt.date = strawberry.field(description="The business day of the figures.")
    sku_count: int = strawberry.field(description="SKUs times pools whose stock is known.")
    figures: list[StockKpi] = strawberry.field(description="The figures, always the same ones in the same order.")

    @classmethod
    def of(cls, row: Kpis) -> StockKpis:
        return cls(
            code=row.code,
            name=row.name,
            day=row.day,
            sku_count=row.skus,
            figures=[StockKpi(kind=slugged(slug, KPIS[slug]), value=from_value(each, NAMES)) for slug, each in row.metrics.items()],
        )
