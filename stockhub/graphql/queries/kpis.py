"""Reading key figures of stock."""

from __future__ import annotations

from typing import Annotated

import strawberry
from django.utils.translation import gettext as _
from strawberry import Info

from stockhub.core import clock
from stockhub.graphql.context import user_of
from stockhub.graphql.errors import bad_input
from stockhub.graphql.permissions import root_field
from stockhub.graphql.types.kpi_changes import KpiChange
from stockhub.graphql.types.kpis import StockKpis
from stockhub.overview.kpis import KPIS, KpiGrouping, stock_kpis
from stockhub.review.kpi_changes.changes import Comparison

#: A comparison looks back so many days at most: figures are kept for little more than a year.
MOST_DAYS = 400
Days = Annotated[int, strawberry.argument(description="How many days back, 1 to 400; the nearest earlier day that has figures counts.")]
Which = Annotated[str, strawberry.argument(description="The slug of the figure, such as fill_rate or dead_share.")]
Place = Annotated[str, strawberry.argument(description="The code of the pool, category or site; empty for SKUs of no category.")]
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

    @root_field(
        "demand.view_stockfigures",
        "Why a key figure of a place changed: the categories, the SKUs, the alerts about them and their incidents that contribute most. "
        "Null where the user sees no such place. A turnover of three months is compared with the quarter before, whatever `days` says.",
    )
    def kpi_change(self, info: Info, kpi: Which, code: Place, by: By = KpiGrouping.POOL, days: Days = 30) -> KpiChange | None:
        if kpi not in KPIS:
            message = _("There is no key figure %(name)s. Use one of: %(known)s.")
            raise bad_input(message % {"name": kpi[:60], "known": ", ".join(KPIS)})
        if not 1 <= days <= MOST_DAYS:
            raise bad_input(_("A comparison looks back 1 to %(most)d days.") % {"most": MOST_DAYS})
        change = Comparison(by, user_of(info), days).change(kpi, code)
        return KpiChange.of(change, clock.now()) if change is not None else None
