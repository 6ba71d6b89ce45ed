"""Reading the catalogue."""

# ruff: noqa: FBT002 - clients name every argument

from __future__ import annotations

from typing import Annotated

import strawberry
from django.db.models import Q
from django.utils.translation import gettext
from strawberry import Info

from stockhub.catalog import models
from stockhub.core.models import ExternalRef
from stockhub.graphql.errors import bad_input
from stockhub.graphql.labels import Slugged, slugged
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
from stockhub.graphql.single import by_key
from stockhub.graphql.types.catalog import Category, Product, Sku, StockPool, Warehouse
from stockhub.values import Label

Codes = Annotated[list[str] | None, strawberry.argument(description="Only those with these codes, at most 1,000.")]
#: Longer patterns are nobody's code or name, and databases refuse them in ways of their own.
LONGEST_SEARCH = 200
Search = Annotated[str | None, strawberry.argument(description="Only those whose code or name contains this text.")]
Code = Annotated[str, strawberry.argument(description="Its code.")]
BY_CODE = (Key("code"),)


@strawberry.type
class CatalogQuery:
    @root_field("catalog.view_sku", "The SKU with this code; null where there is none.")
    def sku_by_code(self, info: Info, code: Code) -> Sku | None:
        return by_key(info, models.Sku, code=code)

    @root_field("catalog.view_sku", "The SKU that another system knows by this id; null where there is none.")
    def sku_by_external_ref(
        self,
        info: Info,
        system: Annotated[str, strawberry.argument(description="The other system, such as erp.")],
        id: Annotated[str, strawberry.argument(description="Its id there.")],  # noqa: A002 - its name in the graph
    ) -> Sku | None:
        refs = ExternalRef.objects.filter(entity="catalog.sku", system=system, value=id)
        return by_key(info, models.Sku, pk__in=refs.values("entity_id"))

    @root_field("catalog.view_sku", "SKUs by their code.")
    def skus(
        self,
        info: Info,
        codes: Codes = None,
        search: Search = None,
        stage: Annotated[str | None, strawberry.argument(description="Only those in the stage with this slug.")] = None,
        category: Annotated[str | None, strawberry.argument(description="Only those in the category with this code.")] = None,
        updated_since: UpdatedSince = None,
        include_deleted: IncludeDeleted = False,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[Sku]:
        rows = current(rows_of(models.Sku, info), updated_since=updated_since, include_deleted=include_deleted)
        if (chosen := wanted(codes, "codes")) is not None:
            rows = rows.filter(code__in=chosen)
        if search and len(search) > LONGEST_SEARCH:
            raise bad_input(gettext("Search for at most %(most)d characters.") % {"most": LONGEST_SEARCH})
        if search:
            rows = rows.filter(Q(code__icontains=search) | Q(name__icontains=search))
        if stage is not None:
            rows = rows.filter(stage__slug=stage)
        if category is not None:
            rows = rows.filter(category__code=category)
        return page(info, Connection[Sku], rows, BY_CODE, Paging(first, after, offset))

    @root_field("catalog.view_product", "The product with this code; null where there is none.")
    def product_by_code(self, info: Info, code: Code) -> Product | None:
        return by_key(info, models.Product, code=code)

    @root_field("catalog.view_product", "Products by their code.")
    def products(
        self,
        info: Info,
        codes: Codes = None,
        updated_since: UpdatedSince = None,
        include_deleted: IncludeDeleted = False,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[Product]:
        rows = current(rows_of(models.Product, info), updated_since=updated_since, include_deleted=include_deleted)
        if (chosen := wanted(codes, "codes")) is not None:
            rows = rows.filter(code__in=chosen)
        return page(info, Connection[Product], rows, BY_CODE, Paging(first, after, offset))

    @root_field("catalog.view_category", "The category with this code; null where there is none.")
    def category_by_code(self, info: Info, code: Code) -> Category | None:
        return by_key(info, models.Category, code=code)

    @root_field("catalog.view_category", "Categories by their code.")
    def categories(
        self,
        info: Info,
        updated_since: UpdatedSince = None,
        include_deleted: IncludeDeleted = False,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[Category]:
        rows = current(rows_of(models.Category, info), updated_since=updated_since, include_deleted=include_deleted)
        return page(info, Connection[Category], rows, BY_CODE, Paging(first, after, offset))

    @root_field("catalog.view_stage", "The stages of a SKU's life, in order: plugins can add stages.")
    def stages(self) -> list[Slugged]:
        return [slugged(s.slug, Label(s.name_en, s.name_zh)) for s in models.Stage.objects.order_by("position", "slug")]

    @root_field("catalog.view_warehouse", "The warehouse with this code; null where there is none that the user sees.")
    def warehouse_by_code(self, info: Info, code: Code) -> Warehouse | None:
        return by_key(info, models.Warehouse, code=code)

    @root_field("catalog.view_warehouse", "The warehouses that the user sees, by their code.")
    def warehouses(
        self,
        info: Info,
        codes: Codes = None,
        updated_since: UpdatedSince = None,
        include_deleted: IncludeDeleted = False,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[Warehouse]:
        rows = current(rows_of(models.Warehouse, info), updated_since=updated_since, include_deleted=include_deleted)
        if (chosen := wanted(codes, "codes")) is not None:
            rows = rows.filter(code__in=chosen)
        return page(info, Connection[Warehouse], rows, BY_CODE, Paging(first, after, offset))

    @root_field("catalog.view_stockpool", "The stock pool with this code; null where there is none that the user sees.")
    def stock_pool_by_code(self, info: Info, code: Code) -> StockPool | None:
        return by_key(info, models.StockPool, code=code)

    @root_field("catalog.view_stockpool", "The stock pools that the user sees, by their code.")
    def stock_pools(
        self,
        info: Info,
        updated_since: UpdatedSince = None,
        include_deleted: IncludeDeleted = False,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[StockPool]:
        rows = current(rows_of(models.StockPool, info), updated_since=updated_since, include_deleted=include_deleted)
        return page(info, Connection[StockPool], rows, BY_CODE, Paging(first, after, offset))
