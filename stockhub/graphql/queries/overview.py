"""Reading the unified view of stock, and where it is out of balance."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import Info, relay

from stockhub.alerts.models import Alert, AlertStatus
from stockhub.alerts.rules.imbalance import IMBALANCE
from stockhub.catalog.models import Sku
from stockhub.graphql.context import user_of
from stockhub.graphql.pagination import DEFAULT_FIRST, After, Connection, First, Key, Offset, Paging, page, rows_of, wanted
from stockhub.graphql.permissions import root_field
from stockhub.graphql.queries.inventory import SkuCodes
from stockhub.graphql.types.overview import Imbalance, StockOverview
from stockhub.overview.selectors import stock_overviews

_WORST_FIRST = (Key("level", descending=True),)


@strawberry.type
class OverviewQuery:
    @root_field("inventory.view_balance", "SKUs by their code, each over all warehouses, pools and accounts that the user sees.")
    def stock_overview(
        self, info: Info, skus: SkuCodes = None, first: First = DEFAULT_FIRST, after: After = None, offset: Offset = None
    ) -> Connection[StockOverview]:  # type: ignore[type-var]
        rows = rows_of(Sku, info).filter(deleted_at=None, is_bundle=False)
        if (chosen := wanted(skus, "skus")) is not None:
            rows = rows.filter(code__in=chosen)
        found = page(info, Connection[StockOverview], rows, (Key("code"),), Paging(first, after, offset))  # type: ignore[type-var]
        together = tuple(edge.node.pk for edge in found.edges)
        views = stock_overviews(together, viewer=user_of(info)) if together else []
        found.edges = [
            relay.Edge(node=StockOverview(row=view, together=together), cursor=edge.cursor)
            for edge, view in zip(found.edges, views, strict=True)
        ]
        return found

    @root_field(
        "alerts.view_alert", "Where stock lies too long while it runs out elsewhere, the worst first, between pools that the user sees."
    )
    def imbalances(
        self,
        info: Info,
        skus: SkuCodes = None,
        pool: Annotated[str | None, strawberry.argument(description="Only where the pool with this code runs short.")] = None,
        min_level: Annotated[int, strawberry.argument(description="Only this level and worse.")] = 1,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[Imbalance]:  # type: ignore[type-var]
        rows = rows_of(Alert, info).filter(kind=IMBALANCE, level__gte=min_level).exclude(status=AlertStatus.RESOLVED)
        if (chosen := wanted(skus, "skus")) is not None:
            rows = rows.filter(sku__code__in=chosen)
        if pool is not None:
            rows = rows.filter(pool__code=pool)
        rows = rows.select_related("sku", "pool", "template")
        found = page(info, Connection[Imbalance], rows, _WORST_FIRST, Paging(first, after, offset))  # type: ignore[type-var]
        together = tuple(edge.node.pk for edge in found.edges)
        found.edges = [relay.Edge(node=Imbalance(row=edge.node, together=together), cursor=edge.cursor) for edge in found.edges]
        return found
