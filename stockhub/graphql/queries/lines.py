"""Reading the lines of SKUs, their overrides and their adjustments."""

# ruff: noqa: FBT002 - clients name every argument

from __future__ import annotations

from typing import Annotated

import strawberry
from django.db.models import Q
from strawberry import Info

from stockhub.catalog import models as catalog
from stockhub.catalog import override_models as models
from stockhub.core import clock
from stockhub.graphql.pagination import DEFAULT_FIRST, After, Connection, First, Key, Offset, Paging, UpdatedSince, page, rows_of, wanted
from stockhub.graphql.permissions import root_field
from stockhub.graphql.queries.inventory import SkuCode, SkuCodes
from stockhub.graphql.types.lines import EffectiveStockLine, StockOverride, StockOverrideScope, ThresholdAdjustment
from stockhub.snapshot.effective_lines import effective_lines

PoolCode = Annotated[str, strawberry.argument(description="The pool's code.")]
InPool = Annotated[str | None, strawberry.argument(description="Only those of the pool with this code.")]


@strawberry.type
class LinesQuery:
    @root_field(
        "catalog.view_stockpolicy",
        "The warning line and the safety stock of a SKU in a pool as they hold now, and where each comes from; empty where the SKU has no "
        "sales, stock or policy there, or the user does not see the pool.",
    )
    def stock_lines(self, info: Info, sku: SkuCode, pool: PoolCode) -> list[EffectiveStockLine]:
        found_sku = rows_of(catalog.Sku, info).filter(code=sku, deleted_at=None).first()
        found_pool = rows_of(catalog.StockPool, info).filter(code=pool, deleted_at=None).first()
        if found_sku is None or found_pool is None:
            return []
        now = clock.now()
        found = effective_lines(sku_id=found_sku.pk, pool_id=found_pool.pk, as_of=now)
        return [EffectiveStockLine(found=each, as_of=now) for each in found]

    @root_field("catalog.view_stockoverride", "Overrides of lines, the one that was set last first.")
    def stock_overrides(
        self,
        info: Info,
        skus: SkuCodes = None,
        pool: InPool = None,
        scope: Annotated[StockOverrideScope | None, strawberry.argument(description="Only those for this scope.")] = None,
        only_active: Annotated[bool, strawberry.argument(description="Only those whose time is now.")] = True,
        updated_since: UpdatedSince = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[StockOverride]:
        rows = rows_of(models.StockOverride, info)
        if (chosen := wanted(skus, "skus")) is not None:
            rows = rows.filter(sku__code__in=chosen)
        if pool is not None:
            rows = rows.filter(pool__code=pool)
        if scope is not None:
            rows = rows.filter(scope=scope.value)
        if only_active:
            now = clock.now()
            rows = rows.filter(Q(ended_at=None) | Q(ended_at__gt=now), starts_at__lte=now, until_at__gt=now)
        if updated_since is not None:
            rows = rows.filter(updated_at__gte=updated_since)
        return page(info, Connection[StockOverride], rows, (Key("set_at", descending=True),), Paging(first, after, offset))

    @root_field("catalog.view_thresholdadjustment", "Warning lines as they were set from the forecast, the latest first.")
    def threshold_adjustments(
        self,
        info: Info,
        skus: SkuCodes = None,
        pool: InPool = None,
        only_current: Annotated[bool, strawberry.argument(description="Only the latest of each SKU and pool.")] = True,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[ThresholdAdjustment]:
        rows = rows_of(models.ThresholdAdjustment, info)
        if (chosen := wanted(skus, "skus")) is not None:
            rows = rows.filter(sku__code__in=chosen)
        if pool is not None:
            rows = rows.filter(pool__code=pool)
        if only_current:
            rows = rows.filter(is_current=True)
        return page(info, Connection[ThresholdAdjustment], rows, (Key("recorded_at", descending=True),), Paging(first, after, offset))
