"""Reading transfers and variances."""

# ruff: noqa: FBT002 - clients name every argument

from __future__ import annotations

from typing import Annotated

import strawberry
from django.conf import settings
from django.db.models import Q
from strawberry import Info

from stockhub.core import clock
from stockhub.graphql.pagination import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    IncludeDeleted,
    Key,
    Offset,
    Paging,
    UpdatedSince,
    current,
    page,
    rows_of,
    wanted,
)
from stockhub.graphql.permissions import root_field
from stockhub.graphql.queries.catalog import BY_CODE, Code, Codes
from stockhub.graphql.queries.inventory import InWarehouse, SkuCode, SkuCodes
from stockhub.graphql.single import by_key
from stockhub.graphql.types.transfers import StockVariance, Transfer, TransferStatus, VarianceStatus
from stockhub.inventory import models
from stockhub.inventory.transfers.models import UNDER_WAY


@strawberry.type
class TransfersQuery:
    @root_field("inventory.view_transfer", "The transfer with this code; null where there is none that the user sees.")
    def transfer_by_code(self, info: Info, code: Code) -> Transfer | None:
        return by_key(info, models.Transfer, code=code)

    @root_field("inventory.view_transfer", "Transfers from or to a warehouse that the user sees, by their code.")
    def transfers(
        self,
        info: Info,
        codes: Codes = None,
        warehouse: Annotated[str | None, strawberry.argument(description="Only those from or to the warehouse with this code.")] = None,
        status: Annotated[TransferStatus | None, strawberry.argument(description="Only those that are this far.")] = None,
        late: Annotated[bool | None, strawberry.argument(description="Only those under way that are past their expected day.")] = None,
        updated_since: UpdatedSince = None,
        include_deleted: IncludeDeleted = False,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[Transfer]:
        rows = current(rows_of(models.Transfer, info), updated_since=updated_since, include_deleted=include_deleted)
        if (chosen := wanted(codes, "codes")) is not None:
            rows = rows.filter(code__in=chosen)
        if warehouse is not None:
            rows = rows.filter(Q(from_warehouse__code=warehouse) | Q(to_warehouse__code=warehouse))
        if status is not None:
            rows = rows.filter(status=status)
        if late is not None:
            condition = Q(status__in=UNDER_WAY, expected_on__lt=clock.business_day(clock.now(), settings.STOCKHUB_TIME_ZONE))
            rows = rows.filter(condition) if late else rows.exclude(condition)
        return page(info, Connection[Transfer], rows, BY_CODE, Paging(first, after, offset))

    @root_field("inventory.view_stockvariance", "The variance of a document's line; null where there is none that the user sees.")
    def stock_variance(
        self,
        info: Info,
        reference: Annotated[str, strawberry.argument(description="The document, such as transfer:TR-1.")],
        line_no: Annotated[int, strawberry.argument(description="The document's line.")],
        sku: SkuCode,
    ) -> StockVariance | None:
        return by_key(info, models.StockVariance, reference=reference, line_no=line_no, sku__code=sku)

    @root_field("inventory.view_stockvariance", "Differences between documents and what came in, the latest first.")
    def stock_variances(
        self,
        info: Info,
        skus: SkuCodes = None,
        warehouse: InWarehouse = None,
        status: Annotated[VarianceStatus | None, strawberry.argument(description="Only those that became this.")] = None,
        updated_since: UpdatedSince = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[StockVariance]:
        rows = rows_of(models.StockVariance, info)
        if (chosen := wanted(skus, "skus")) is not None:
            rows = rows.filter(sku__code__in=chosen)
        if warehouse is not None:
            rows = rows.filter(warehouse__code=warehouse)
        if status is not None:
            rows = rows.filter(status=status)
        if updated_since is not None:
            rows = rows.filter(updated_at__gte=updated_since)
        return page(info, Connection[StockVariance], rows, (Key("opened_at", descending=True),), Paging(first, after, offset))
