"""Reading stock."""

# ruff: noqa: FBT002 - clients name every argument

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry
from django.db.models import Q, QuerySet
from strawberry import Info

from stockhub.graphql.named import named_bucket, named_skus, named_warehouses
from stockhub.graphql.pagination import DEFAULT_FIRST, After, Connection, First, Key, Offset, Paging, UpdatedSince, page, rows_of
from stockhub.graphql.permissions import root_field
from stockhub.graphql.single import by_key
from stockhub.graphql.types.inventory import Balance, Lot, Movement, MovementKind
from stockhub.inventory import models
from stockhub.inventory.posting.movement_lookup import posted_under
from stockhub.inventory.posting.postings import MAX_AHEAD

SkuCode = Annotated[str, strawberry.argument(description="The SKU's code.")]
SkuCodes = Annotated[list[str] | None, strawberry.argument(description="Only those of the SKUs with these codes, at most 1,000.")]
WarehouseCode = Annotated[str, strawberry.argument(description="The warehouse's code.")]
InWarehouse = Annotated[str | None, strawberry.argument(description="Only those in the warehouse with this code.")]


@strawberry.input(description="Which movements. A field that is not sent does not narrow them.")
class MovementFilter:
    kinds: list[MovementKind] | None = strawberry.field(description="Only those of these kinds.", default=None)
    bucket: str | None = strawberry.field(description="Only those that left or entered the bucket with this slug.", default=None)
    occurred_from: dt.datetime | None = strawberry.field(description="Only what happened at or after this instant.", default=None)
    occurred_before: dt.datetime | None = strawberry.field(description="Only what happened before this instant.", default=None)

    def applied(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        if self.kinds is not None:
            rows = rows.filter(kind__in=self.kinds)
        if self.bucket is not None:
            bucket = named_bucket(self.bucket)
            rows = rows.filter(Q(from_bucket=bucket) | Q(to_bucket=bucket))
        if self.occurred_from is not None:
            # Nothing is recorded more than a day before it happens, so that older partitions are left out.
            rows = rows.filter(occurred_at__gte=self.occurred_from, recorded_at__gte=self.occurred_from - MAX_AHEAD)
        return rows if self.occurred_before is None else rows.filter(occurred_at__lt=self.occurred_before)


def _of(info: Info, rows: QuerySet[Any], skus: list[str] | None, warehouse: str | None) -> QuerySet[Any]:
    """The rows of these SKUs in this warehouse; a code that nobody has is refused."""
    if skus is not None:
        rows = rows.filter(sku_id__in=list(named_skus(info, skus)))
    return rows if warehouse is None else rows.filter(warehouse_id__in=list(named_warehouses(info, warehouse)))


@strawberry.type
class InventoryQuery:
    @root_field("inventory.view_balance", "The stock of a SKU in a bucket of a warehouse; null where there never was any.")
    def balance(
        self,
        info: Info,
        sku: SkuCode,
        warehouse: WarehouseCode,
        bucket: Annotated[str, strawberry.argument(description="The bucket's slug.")],
    ) -> Balance | None:
        return by_key(info, models.Balance, sku__code=sku, warehouse__code=warehouse, bucket_id=bucket)

    @root_field("inventory.view_balance", "Stock in the warehouses that the user sees.")
    def balances(
        self,
        info: Info,
        skus: SkuCodes = None,
        warehouse: InWarehouse = None,
        updated_since: UpdatedSince = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[Balance]:
        rows = rows_of(models.Balance, info)
        rows = _of(info, rows, skus, warehouse)
        if updated_since is not None:
            rows = rows.filter(updated_at__gte=updated_since)
        return page(info, Connection[Balance], rows, (), Paging(first, after, offset))

    @root_field("inventory.view_movement", "The movement that was posted under this key; null where there is none that the user sees.")
    def movement_by_key(self, info: Info, key: Annotated[str, strawberry.argument(description="Its key.")]) -> Movement | None:
        where = posted_under(key)
        return by_key(info, models.Movement, **where) if where else None

    @root_field("inventory.view_movement", "Movements in the warehouses that the user sees, the latest first.")
    def movements(
        self,
        info: Info,
        skus: SkuCodes = None,
        warehouse: InWarehouse = None,
        reference: Annotated[str | None, strawberry.argument(description="Only those with this cause, such as order:dy-main:123.")] = None,
        matching: Annotated[MovementFilter | None, strawberry.argument(description="Only those that match.")] = None,
        updated_since: UpdatedSince = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[Movement]:
        rows = rows_of(models.Movement, info)
        rows = _of(info, rows, skus, warehouse)
        if reference is not None:
            rows = rows.filter(reference=reference)
        rows = matching.applied(rows) if matching is not None else rows
        if updated_since is not None:
            rows = rows.filter(recorded_at__gte=updated_since)
        return page(info, Connection[Movement], rows, (Key("occurred_at", descending=True),), Paging(first, after, offset))

    @root_field("inventory.view_lot", "The lot with this code; null where there is none that the user sees.")
    def lot(
        self, info: Info, sku: SkuCode, warehouse: WarehouseCode, code: Annotated[str, strawberry.argument(description="The lot's code.")]
    ) -> Lot | None:
        return by_key(info, models.Lot, sku__code=sku, warehouse__code=warehouse, code=code)

    @root_field("inventory.view_lot", "Lots in the warehouses that the user sees, the oldest first.")
    def lots(
        self,
        info: Info,
        skus: SkuCodes = None,
        warehouse: InWarehouse = None,
        only_remaining: Annotated[bool, strawberry.argument(description="Only those of which something is left.")] = True,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[Lot]:
        rows = rows_of(models.Lot, info)
        rows = _of(info, rows, skus, warehouse)
        if only_remaining:
            rows = rows.filter(remaining_qty__gt=0)
        return page(info, Connection[Lot], rows, (Key("received_on"),), Paging(first, after, offset))
