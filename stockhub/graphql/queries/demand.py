"""Reading sales and forecasts."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import Info

from stockhub.demand import models
from stockhub.graphql.pagination import DEFAULT_FIRST, After, Connection, First, Offset, Paging, UpdatedSince, page, rows_of, wanted
from stockhub.graphql.permissions import root_field
from stockhub.graphql.queries.inventory import SkuCode, SkuCodes
from stockhub.graphql.single import by_key
from stockhub.graphql.types.demand import Forecast, SalesSeries

PoolCode = Annotated[str, strawberry.argument(description="The pool's code.")]


@strawberry.type
class DemandQuery:
    @root_field("demand.view_salesseries", "What a SKU sold on an account; null where it never did.")
    def sales_series(
        self, info: Info, sku: SkuCode, account: Annotated[str, strawberry.argument(description="The account's code.")]
    ) -> SalesSeries | None:
        return by_key(info, models.SalesSeries, sku__code=sku, account__code=account)

    @root_field("demand.view_salesseries", "Sales on the accounts that the user sees, a series for each SKU and account.")
    def all_sales_series(
        self,
        info: Info,
        skus: SkuCodes = None,
        account: Annotated[str | None, strawberry.argument(description="Only those on the account with this code.")] = None,
        updated_since: UpdatedSince = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[SalesSeries]:
        rows = rows_of(models.SalesSeries, info)
        if (chosen := wanted(skus, "skus")) is not None:
            rows = rows.filter(sku__code__in=chosen)
        if account is not None:
            rows = rows.filter(account__code=account)
        if updated_since is not None:
            rows = rows.filter(updated_at__gte=updated_since)
        return page(info, Connection[SalesSeries], rows, (), Paging(first, after, offset))

    @root_field("demand.view_forecast", "The forecast of a SKU in a pool; null where there is none.")
    def forecast(self, info: Info, sku: SkuCode, pool: PoolCode) -> Forecast | None:
        return by_key(info, models.Forecast, sku__code=sku, pool__code=pool)

    @root_field("demand.view_forecast", "Forecasts in the pools that the user sees.")
    def forecasts(
        self,
        info: Info,
        skus: SkuCodes = None,
        pool: Annotated[str | None, strawberry.argument(description="Only those in the pool with this code.")] = None,
        updated_since: UpdatedSince = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[Forecast]:
        rows = rows_of(models.Forecast, info)
        if (chosen := wanted(skus, "skus")) is not None:
            rows = rows.filter(sku__code__in=chosen)
        if pool is not None:
            rows = rows.filter(pool__code=pool)
        if updated_since is not None:
            rows = rows.filter(created_at__gte=updated_since)
        return page(info, Connection[Forecast], rows, (), Paging(first, after, offset))
