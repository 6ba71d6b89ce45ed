"""Reading key figures of stock."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import Info

from stockhub.graphql.context import user_of
from stockhub.graphql.permissions import root_field
from stockhub.graphql.types.kpis import StockKpis
from stockhub.overview.kpis import KpiGrouping, stock_kpis

By = Annotated[KpiGrouping, strawberry.argument(description="By pool, category or site.")]


@strawberry.type
class KpiQuery:
    @root_field(
        "demand.view_stockfigures",
        "Turnover, stock to sales, dead share, fill rate and health of each pool, category or site, over the pools that the user sees. "
        "Nothing before the day's first full warning cycle has ended.",
    )
    def stock_kpis(self, info: Info, by: By = KpiGrouping.POOL) -> list[StockKpis]:
        return [StockKpis.of(row) for row in stock_kpis(by, viewer=user_of(info))]
