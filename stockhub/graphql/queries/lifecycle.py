"""Reading stages, their history, what somebody set by hand, and what stages mean for buying."""

# ruff: noqa: FBT002 - clients name every argument

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import Info

from stockhub.access.scopes import visible_account_ids
from stockhub.catalog import models as catalog
from stockhub.core import clock
from stockhub.graphql.context import user_of
from stockhub.graphql.pagination import DEFAULT_FIRST, After, Connection, First, Key, Offset, Paging, UpdatedSince, page, rows_of, wanted
from stockhub.graphql.permissions import root_field
from stockhub.graphql.queries.inventory import SkuCode, SkuCodes
from stockhub.graphql.queries.lines import PoolCode
from stockhub.graphql.single import by_key
from stockhub.graphql.types.lifecycle import (
    CategoryStage,
    EffectiveBuyingTerm,
    SkuLifeCurve,
    SkuStage,
    StageChange,
    StageChangeKind,
    StageOverride,
)
from stockhub.graphql.types.seasons import SeasonIndex
from stockhub.lifecycle import models
from stockhub.lifecycle.life_curve import life_curve
from stockhub.lifecycle.season_index import category_season, sku_season
from stockhub.snapshot.buying_terms import effective_terms

CategoryCode = Annotated[str, strawberry.argument(description="The category's code.")]
InStage = Annotated[str | None, strawberry.argument(description="Only those in the stage with this slug.")]


@strawberry.type
class LifecycleQuery:
    @root_field("lifecycle.view_stagestate", "What the evaluations say of the SKU with this code; null where it was never evaluated.")
    def sku_stage(self, info: Info, sku: SkuCode) -> SkuStage | None:
        return by_key(info, models.StageState, sku__code=sku, sku__deleted_at=None)

    @root_field(
        "lifecycle.view_stagestate",
        "The weeks that the stage of the SKU with this code is told from; null where there is none, or the user does not see all accounts, "
        "whose sales they add up.",
    )
    def sku_life_curve(self, info: Info, sku: SkuCode) -> SkuLifeCurve | None:
        found = rows_of(catalog.Sku, info).filter(code=sku, deleted_at=None, is_bundle=False).first()
        if found is None or visible_account_ids(user_of(info)) is not None:
            return None
        now = clock.now()
        return SkuLifeCurve(curve=life_curve(found.pk, now), as_of=now)

    @root_field(
        "lifecycle.view_stagestate",
        "How the months of the year sell of the SKU with this code; null where there is none, or the user does not see all accounts, "
        "whose sales it adds up.",
    )
    def sku_season_index(self, info: Info, sku: SkuCode) -> SeasonIndex | None:
        found = rows_of(catalog.Sku, info).filter(code=sku, deleted_at=None, is_bundle=False).first()
        if found is None or visible_account_ids(user_of(info)) is not None:
            return None
        now = clock.now()
        return SeasonIndex(found=sku_season(found.pk, now), as_of=now)

    @root_field("lifecycle.view_stagestate", "What the evaluations say of SKUs, the SKU that was made first before others.")
    def sku_stages(
        self,
        info: Info,
        skus: SkuCodes = None,
        stage: InStage = None,
        only_pending: Annotated[bool, strawberry.argument(description="Only those of which another stage is found.")] = False,
        updated_since: UpdatedSince = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[SkuStage]:
        rows = rows_of(models.StageState, info).filter(sku__deleted_at=None)
        if (chosen := wanted(skus, "skus")) is not None:
            rows = rows.filter(sku__code__in=chosen)
        if stage is not None:
            rows = rows.filter(stage__slug=stage)
        if only_pending:
            rows = models.pending(rows)
        if updated_since is not None:
            rows = rows.filter(updated_at__gte=updated_since)
        return page(info, Connection[SkuStage], rows, (Key("sku_id"),), Paging(first, after, offset))

    @root_field("lifecycle.view_stagechange", "What changed stages, the latest first.")
    def stage_changes(
        self,
        info: Info,
        skus: SkuCodes = None,
        kind: Annotated[StageChangeKind | None, strawberry.argument(description="Only changes of this kind.")] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[StageChange]:
        rows = rows_of(models.StageChange, info).filter(sku__deleted_at=None)
        if (chosen := wanted(skus, "skus")) is not None:
            rows = rows.filter(sku__code__in=chosen)
        if kind is not None:
            rows = rows.filter(kind=kind.value)
        return page(info, Connection[StageChange], rows, (Key("recorded_at", descending=True),), Paging(first, after, offset))

    @root_field("lifecycle.view_stageoverride", "Stages set by hand, the one that was set last first.")
    def stage_overrides(
        self,
        info: Info,
        skus: SkuCodes = None,
        only_active: Annotated[bool, strawberry.argument(description="Only those that hold.")] = True,
        updated_since: UpdatedSince = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[StageOverride]:
        rows = rows_of(models.StageOverride, info).filter(sku__deleted_at=None)
        if (chosen := wanted(skus, "skus")) is not None:
            rows = rows.filter(sku__code__in=chosen)
        if only_active:
            rows = rows.filter(ended_at=None)
        if updated_since is not None:
            rows = rows.filter(updated_at__gte=updated_since)
        return page(info, Connection[StageOverride], rows, (Key("set_at", descending=True),), Paging(first, after, offset))

    @root_field("lifecycle.view_categorystage", "The stage of the category with this code; null where it was never evaluated.")
    def category_stage(self, info: Info, category: CategoryCode) -> CategoryStage | None:
        return by_key(info, models.CategoryStage, category__code=category, category__deleted_at=None)

    @root_field(
        "lifecycle.view_categorystage",
        "How the months of the year sell of the category with this code and all beneath it; null where there is none, or the user does "
        "not see all accounts, whose sales it adds up.",
    )
    def category_season_index(self, info: Info, category: CategoryCode) -> SeasonIndex | None:
        found = rows_of(catalog.Category, info).filter(code=category, deleted_at=None).first()
        if found is None or visible_account_ids(user_of(info)) is not None:
            return None
        now = clock.now()
        return SeasonIndex(found=category_season(found.pk, now), as_of=now)

    @root_field("lifecycle.view_categorystage", "The stages of categories, the category that was made first before others.")
    def category_stages(
        self, info: Info, stage: InStage = None, first: First = DEFAULT_FIRST, after: After = None, offset: Offset = None
    ) -> Connection[CategoryStage]:
        rows = rows_of(models.CategoryStage, info).filter(category__deleted_at=None)
        if stage is not None:
            rows = rows.filter(stage__slug=stage)
        return page(info, Connection[CategoryStage], rows, (Key("category_id"),), Paging(first, after, offset))

    @root_field(
        "catalog.view_stockpolicy",
        "Whether a SKU is bought again for a pool, its service level and its review period as they hold now, and whether the SKU, a "
        "policy, its stage or a default says so; empty where there is no such SKU or pool, or the user does not see it.",
    )
    def buying_terms(self, info: Info, sku: SkuCode, pool: PoolCode) -> list[EffectiveBuyingTerm]:
        found_sku = rows_of(catalog.Sku, info).filter(code=sku, deleted_at=None).first()
        found_pool = rows_of(catalog.StockPool, info).filter(code=pool, deleted_at=None).first()
        if found_sku is None or found_pool is None:
            return []
        now = clock.now()
        found = effective_terms(sku_id=found_sku.pk, pool_id=found_pool.pk, as_of=now)
        return [EffectiveBuyingTerm(found=each, as_of=now) for each in found]
