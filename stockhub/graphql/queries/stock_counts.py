"""Reading disputes of stock."""

# ruff: noqa: FBT002 - clients name every argument

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import Info

from stockhub.graphql.pagination import DEFAULT_FIRST, After, Connection, First, Key, Offset, Paging, UpdatedSince, page, rows_of, wanted
from stockhub.graphql.permissions import root_field
from stockhub.graphql.queries.inventory import InWarehouse, SkuCode, SkuCodes, WarehouseCode
from stockhub.graphql.single import by_key
from stockhub.graphql.types.stock_counts import StockDispute
from stockhub.inventory import models


@strawberry.type
class StockCountsQuery:
    @root_field("inventory.view_stockdispute", "The dispute that holds decisions about a SKU in a warehouse; null where none does.")
    def stock_dispute(self, info: Info, sku: SkuCode, warehouse: WarehouseCode) -> StockDispute | None:
        return by_key(info, models.StockDispute, sku__code=sku, warehouse__code=warehouse, resolved_at=None)

    @root_field("inventory.view_stockdispute", "Disputes in the warehouses that the user sees, the latest first.")
    def stock_disputes(
        self,
        info: Info,
        skus: SkuCodes = None,
        warehouse: InWarehouse = None,
        only_open: Annotated[bool, strawberry.argument(description="Only those that hold decisions now.")] = True,
        updated_since: UpdatedSince = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[StockDispute]:
        rows = rows_of(models.StockDispute, info)
        if (chosen := wanted(skus, "skus")) is not None:
            rows = rows.filter(sku__code__in=chosen)
        if warehouse is not None:
            rows = rows.filter(warehouse__code=warehouse)
        if only_open:
            rows = rows.filter(resolved_at=None)
        if updated_since is not None:
            rows = rows.filter(updated_at__gte=updated_since)
        return page(info, Connection[StockDispute], rows, (Key("opened_at", descending=True),), Paging(first, after, offset))
