"""Lines of a SKU in a pool, what set them, and overrides for a time."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import strawberry
import strawberry_django
from strawberry import relay
from strawberry_django import field

from stockhub.catalog import override_models as models
from stockhub.core import clock
from stockhub.graphql.labels import Slugged, graphql_enum, slugged
from stockhub.graphql.metrics import Metric, metric
from stockhub.graphql.scalars import Quantity
from stockhub.graphql.types.catalog import Category, Sku, StockPool
from stockhub.graphql.types.channels import Account
from stockhub.graphql.types.editable import Scoped
from stockhub.snapshot.effective_lines import EffectiveLine
from stockhub.values import Label

StockLine = models.Line
graphql_enum(
    StockLine,
    "A quantity of stock at which something is to be done.",
    {"ALERT_THRESHOLD": ("Warning line", "预警线"), "SAFETY_STOCK": ("Safety stock", "安全库存")},
)
StockOverrideScope = models.OverrideScope
graphql_enum(
    StockOverrideScope,
    "What an override of a line is for. Of several that hold, the one that comes last here counts; of two of one scope, the one that began "
    "last.",
    {
        "CATEGORY": ("A category, and all beneath it", "类目及其下级"),
        "CLASS": ("A class, such as A", "等级（如A）"),
        "STAGE": ("A life-cycle stage", "生命周期阶段"),
        "ACCOUNT": ("The pools of an account", "账号所用库存池"),
        "POOL": ("A stock pool", "库存池"),
        "SKU": ("A SKU", "单个商品"),
    },
)
LineSchedule = models.LineSchedule
graphql_enum(
    LineSchedule,
    "When a line that follows the forecast is set anew.",
    {
        "CONTINUOUS": ("With every forecast", "随每次预测"),
        "WEEKLY": ("Once a week", "每周一次"),
        "MONTHLY": ("Once a month", "每月一次"),
    },
)
#: What `source` of an effective line can be.
_SOURCES = {
    "none": Label("No line", "未设置"),
    "policy": Label("Stock policy", "库存策略"),
    "forecast": Label("The forecast of now", "当前预测"),
    "adjustment": Label("Set from the forecast for the week or month", "按周或按月随预测调整"),
    "override": Label("Override with a quantity", "临时覆盖（数量）"),
    "factor": Label("Override with a factor", "临时覆盖（系数）"),
}


@strawberry_django.type(
    models.StockOverride, description="Somebody's word on a line for a time, with who, why and until when. It is kept when it has ended."
)
class StockOverride(Scoped, relay.Node):
    id: relay.NodeID[int]
    scope: StockOverrideScope = field(description="What it is for.")
    sku: Sku | None = field(description="The SKU, where that is its scope.")
    pool: StockPool | None = field(description="The pool, where that is its scope; of a SKU the pool that it is for, null for all.")
    account: Account | None = field(description="The account, where that is its scope.")
    sku_class: str = field(description="The class, where that is its scope; else empty.")
    category: Category | None = field(description="The category, where that is its scope.")
    line: StockLine = field(description="Which line.")
    qty: Quantity | None = field(description="Units that stand in place of the line; null where it has a factor.")
    starts_at: dt.datetime = field(description="From when it holds.")
    until_at: dt.datetime = field(description="When the line reverts by itself.")
    reason: str = field(description="Why.")
    set_by: str = field(description="Who set it.")
    set_at: dt.datetime = field(description="When it was set.")
    ended_at: dt.datetime | None = field(description="When somebody ended it early; null where nobody did.")
    ended_by: str = field(description="Who ended it early, or empty.")
    end_reason: str = field(description="Why it was ended early, or empty.")
    updated_at: dt.datetime = field(description="When it last changed.")

    @field(
        select_related=["stage"],
        only=["stage__slug", "stage__name_en", "stage__name_zh"],
        description="The stage, where that is its scope.",
    )
    def stage(self, root: strawberry.Parent[Any]) -> Slugged | None:
        return slugged(root.stage.slug, Label(root.stage.name_en, root.stage.name_zh)) if root.stage else None

    @field(only=["factor"], description="What multiplies the line; null where it has a quantity.")
    def factor(self, root: strawberry.Parent[Any]) -> Decimal | None:
        return None if root.factor is None else Decimal(repr(root.factor))

    @field(only=["starts_at", "until_at", "ended_at"], description="Whether its time is now. A later one may stand before it all the same.")
    def is_active(self, root: strawberry.Parent[Any]) -> bool:
        now = clock.now()
        return bool(root.starts_at <= now < root.until_at and (root.ended_at is None or root.ended_at > now))


@strawberry_django.type(models.ThresholdAdjustment, description="A warning line that was set from the forecast for a week or a month.")
class ThresholdAdjustment(Scoped, relay.Node):
    id: relay.NodeID[int]
    sku: Sku = field(description="Of what.")
    pool: StockPool = field(description="In which pool.")
    schedule: LineSchedule = field(description="For a week or for a month.")
    period_on: dt.date = field(description="The first day of its week or month; a day of the site's zone.")
    qty: Quantity = field(description="The line, in units.")
    previous_qty: Quantity | None = field(description="The line before, in units; null where there was none.")
    is_current: bool = field(description="Whether it is the latest.")
    recorded_at: dt.datetime = field(description="When it was set.")

    @field(only=["cover_days"], description="Days of sales that the line should last.")
    def cover_days(self, root: strawberry.Parent[Any]) -> Decimal:
        return Decimal(repr(root.cover_days))

    @field(only=["daily_mean"], description="The forecast's mean that it was set from, in units a day.")
    def daily_mean(self, root: strawberry.Parent[Any]) -> Decimal:
        return Decimal(repr(root.daily_mean))


@strawberry.type(description="A line as it holds now, and where it comes from.")
class EffectiveStockLine:
    found: strawberry.Private[EffectiveLine]
    as_of: strawberry.Private[dt.datetime]

    @strawberry.field(description="Which line.")
    def line(self) -> StockLine:
        return self.found.line

    @strawberry.field(description="What holds, in units.")
    def value(self) -> Metric:
        return metric(self.found.value, "unit", as_of=self.as_of, reason="NO_LINE")

    @strawberry.field(description="What would hold without the override, in units.")
    def without_override(self) -> Metric:
        return metric(self.found.base, "unit", as_of=self.as_of, reason="NO_LINE")

    @strawberry.field(description="Where it comes from: none, policy, forecast, adjustment, override or factor.")
    def source(self) -> Slugged:
        return slugged(self.found.source, _SOURCES[self.found.source])

    @strawberry.field(description="What its override is for; null without one.")
    def scope(self) -> StockOverrideScope | None:
        return StockOverrideScope(self.found.override.scope) if self.found.override else None

    @strawberry.field(description="Until when its override holds; null without one.")
    def until_at(self) -> dt.datetime | None:
        return self.found.override.until_at if self.found.override else None

    @strawberry.field(description="Who set its override, or empty.")
    def set_by(self) -> str:
        return self.found.override.set_by if self.found.override else ""

    @strawberry.field(description="Why its override was set, or empty.")
    def reason(self) -> str:
        return self.found.override.reason if self.found.override else ""
