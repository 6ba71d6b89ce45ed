"""Reading suppliers and their offers."""

# ruff: noqa: FBT002 - clients name every argument

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import Info

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
from stockhub.graphql.single import by_key
from stockhub.graphql.types.suppliers import Offer, Supplier
from stockhub.suppliers import models


@strawberry.type
class SuppliersQuery:
    @root_field("suppliers.view_supplier", "The supplier with this code; null where there is none.")
    def supplier_by_code(self, info: Info, code: Code) -> Supplier | None:
        return by_key(info, models.Supplier, code=code)

    @root_field("suppliers.view_supplier", "Suppliers by their code.")
    def suppliers(
        self,
        info: Info,
        codes: Codes = None,
        updated_since: UpdatedSince = None,
        include_deleted: IncludeDeleted = False,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[Supplier]:
        rows = current(rows_of(models.Supplier, info), updated_since=updated_since, include_deleted=include_deleted)
        if (chosen := wanted(codes, "codes")) is not None:
            rows = rows.filter(code__in=chosen)
        return page(info, Connection[Supplier], rows, BY_CODE, Paging(first, after, offset))

    @root_field("suppliers.view_offer", "The offer of a supplier for a SKU; null where there is none.")
    def offer(
        self,
        info: Info,
        supplier: Annotated[str, strawberry.argument(description="The supplier's code.")],
        sku: Annotated[str, strawberry.argument(description="The SKU's code.")],
        pool: Annotated[
            str | None, strawberry.argument(description="The code of the pool delivered to; without it, the offer for every pool.")
        ] = None,
    ) -> Offer | None:
        where: dict[str, object] = {"pool": None} if pool is None else {"pool__code": pool}
        return by_key(info, models.Offer, supplier__code=supplier, sku__code=sku, deleted_at=None, **where)

    @root_field("suppliers.view_offer", "Offers in the order in which they were made.")
    def offers(
        self,
        info: Info,
        supplier: Annotated[str | None, strawberry.argument(description="Only those of the supplier with this code.")] = None,
        skus: Annotated[
            list[str] | None, strawberry.argument(description="Only those for the SKUs with these codes, at most 1,000.")
        ] = None,
        updated_since: UpdatedSince = None,
        include_deleted: IncludeDeleted = False,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[Offer]:
        rows = current(rows_of(models.Offer, info), updated_since=updated_since, include_deleted=include_deleted)
        if supplier is not None:
            rows = rows.filter(supplier__code=supplier)
        if (chosen := wanted(skus, "skus")) is not None:
            rows = rows.filter(sku__code__in=chosen)
        order: tuple[Key, ...] = ()
        return page(info, Connection[Offer], rows, order, Paging(first, after, offset))
