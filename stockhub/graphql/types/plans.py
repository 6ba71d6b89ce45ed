"""What is planned and said of the days ahead, and what past events taught."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import strawberry
import strawberry_django
from strawberry import relay
from strawberry_django import field

from stockhub.demand import models
from stockhub.graphql.labels import graphql_enum
from stockhub.graphql.types.catalog import Category, Sku, StockPool
from stockhub.graphql.types.channels import Account
from stockhub.graphql.types.editable import Editable, Scoped
from stockhub.graphql.types.suppliers import Supplier
from stockhub.graphql.types.suppliers import days as number

PlanKind = models.PlanKind
graphql_enum(
    PlanKind,
    "What a planned event is.",
    {
        "PROMOTION": ("Promotion", "促销"),
        "PRICE_CHANGE": ("Price change", "调价"),
        "CLOSURE": ("Closure", "歇业"),
        "DELAY": ("Delay of supply", "供应延迟"),
    },
)
DayTreatment = models.DayTreatment
graphql_enum(
    DayTreatment,
    "How forecasts take a marked day.",
    {
        "KEPT": ("Kept as it is", "按原样保留"),
        "LEFT_OUT": ("Left out", "剔除"),
        "STATED": ("Stated units", "填写销量"),
    },
)
SignalKind = models.SignalKind
graphql_enum(
    SignalKind,
    "What a signal tells of.",
    {
        "COMPETITOR_LAUNCH": ("A competitor's launch", "竞品上新"),
        "KEYWORD_RANK": ("Rank of a keyword", "关键词排名"),
        "INDUSTRY": ("News of the industry", "行业动态"),
        "COMPLAINTS": ("Wave of complaints", "集中客诉"),
        "TRAFFIC": ("Visitors of a listing", "商品访客数"),
        "SALES_RANK": ("Sales rank", "销售排名"),
        "RIVAL_PRICE": ("A rival's price", "竞品价格"),
        "OTHER": ("Other", "其他"),
    },
)


@strawberry.interface(description="What holds for some SKUs, pools or accounts from one day to another; null stands for all of them.")
class DatedPlan(Editable):
    code: str = strawberry.field(description="Its unique code.")
    starts_on: dt.date = strawberry.field(description="The first day.")
    ends_on: dt.date = strawberry.field(description="The last day.")
    reason: str = strawberry.field(description="Why, in words.")
    made_by: str = strawberry.field(description="Who said so: a user, or a part of the system.")


@strawberry_django.type(models.PlannedEvent, description="A promotion, a price change, a closure or a delay of supply, past or to come.")
class PlannedEvent(Scoped, relay.Node, DatedPlan):
    id: relay.NodeID[int]
    account: Account | None = field(description="Where; null for every account.")
    pool: StockPool | None = field(description="From which stock; null for every pool.")
    category: Category | None = field(description="Of which category, with all beneath it; null for every one.")
    sku: Sku | None = field(description="Of what; null for every SKU.")
    kind: PlanKind = field(description="What it is.")
    event_type: str = field(description="Events of one type are taken to lift alike, such as flash-sale or 618.")
    name: str = field(description="Its name.")
    ends_time: dt.time | None = field(description="When it ends on its last day, on the business's clock; null where that is not known.")
    supplier: Supplier | None = field(description="Of a delay: what is ordered from him; null for anybody.")
    supplier_country: str = field(description="Of a delay: what is ordered from suppliers in it, ISO 3166; empty for any.")

    @field(
        only=["extra_lead_time_days"],
        description="Of a delay: days on top of the lead time of what is ordered from the first day to the last; null of anything else.",
    )
    def extra_lead_time_days(self, root: strawberry.Parent[Any]) -> Decimal | None:
        return number(root.extra_lead_time_days)

    @field(only=["expected_lift"], description="Demand over that of an ordinary day; null: what past events of the type taught.")
    def expected_lift(self, root: strawberry.Parent[Any]) -> Decimal | None:
        return number(root.expected_lift)

    @field(
        only=["expected_units"],
        description="Units of its SKU from the first day to the last in place of a lift; null where none are stated.",
    )
    def expected_units(self, root: strawberry.Parent[Any]) -> Decimal | None:
        return number(root.expected_units)

    @field(only=["safety_stock_factor"], description="What the safety stock is multiplied by while it lasts; null for nothing.")
    def safety_stock_factor(self, root: strawberry.Parent[Any]) -> Decimal | None:
        return number(root.safety_stock_factor)


@strawberry_django.type(models.ForecastAdjustment, description="A person's factor on a forecast, or a lock in its place.")
class ForecastAdjustment(Scoped, relay.Node, DatedPlan):
    id: relay.NodeID[int]
    account: Account | None = field(description="Where; null for every account.")
    pool: StockPool | None = field(description="From which stock; null for every pool.")
    category: Category | None = field(description="Of which category, with all beneath it; null for every one.")
    sku: Sku | None = field(description="Of what; null for every SKU.")

    @field(only=["factor"], description="What the forecast is multiplied by; null where it is locked.")
    def factor(self, root: strawberry.Parent[Any]) -> Decimal | None:
        return number(root.factor)

    @field(only=["locked_units"], description="Units a day in place of the forecast; null where it is a factor.")
    def locked_units(self, root: strawberry.Parent[Any]) -> Decimal | None:
        return number(root.locked_units)


@strawberry_django.type(models.DayMark, description="A person's word on past days of sales, by which forecasts go; sales stay as they are.")
class DayMark(Scoped, relay.Node, DatedPlan):
    id: relay.NodeID[int]
    account: Account | None = field(description="Where; null for every account. It touches pools that sell at least half by it.")
    pool: StockPool | None = field(description="From which stock; null for every pool.")
    category: Category | None = field(description="Of which category, with all beneath it; null for every one.")
    sku: Sku | None = field(description="Of what; null for every SKU.")
    treatment: DayTreatment = field(description="How forecasts take the days.")

    @field(only=["units"], description="Units a day in place of what was sold; null unless they are stated.")
    def units(self, root: strawberry.Parent[Any]) -> Decimal | None:
        return number(root.units)


@strawberry_django.type(models.MarketSignal, description="What the market says and history does not; raises or lowers the forecast.")
class MarketSignal(Scoped, relay.Node, DatedPlan):
    id: relay.NodeID[int]
    account: Account | None = field(description="Where; null for every account.")
    pool: StockPool | None = field(description="From which stock; null for every pool.")
    category: Category | None = field(description="Of which category, with all beneath it; null for every one.")
    sku: Sku | None = field(description="Of what; null for every SKU.")
    kind: SignalKind = field(description="What it tells of.")
    source: str = field(description="Where it comes from, or empty.")
    must_be_followed: bool = field(description="Whether it expires after a week that sales do not follow.")
    expired_on: dt.date | None = field(description="The day that it expired on because sales did not follow; null while it holds.")

    @field(only=["factor"], description="What the forecast is multiplied by.")
    def factor(self, root: strawberry.Parent[Any]) -> Decimal:
        return Decimal(repr(root.factor))

    @field(only=["value_before"], description="What was observed before, such as rank 40; null where nothing was.")
    def value_before(self, root: strawberry.Parent[Any]) -> Decimal | None:
        return number(root.value_before)

    @field(only=["value_after"], description="What was observed then, such as rank 8; null where nothing was.")
    def value_after(self, root: strawberry.Parent[Any]) -> Decimal | None:
        return number(root.value_after)

    @field(only=["rate_before"], description="Units a day before it, by which it expired; null where it did not.")
    def rate_before(self, root: strawberry.Parent[Any]) -> Decimal | None:
        return number(root.rate_before)

    @field(only=["rate_since"], description="Units a day since, by which it expired; null where it did not.")
    def rate_since(self, root: strawberry.Parent[Any]) -> Decimal | None:
        return number(root.rate_since)


@strawberry_django.type(models.EventLift, description="What events of a type lift on an account, learned from those that are over.")
class EventLift(Scoped, relay.Node):
    id: relay.NodeID[int]
    event_type: str = field(description="The type, such as 618.")
    account: Account | None = field(description="On which account; null for events of several.")
    sku_events: int = field(description="How many events of SKUs it was learned from.")
    updated_at: dt.datetime = field(description="When it was last learned.")

    @field(only=["observed_lift"], description="Units sold in them over their baseline; null without any.")
    def observed_lift(self, root: strawberry.Parent[Any]) -> Decimal | None:
        return number(root.observed_lift)

    @field(only=["lift"], description="The typical lift of a SKU, in which a handful of units counts little; null without any.")
    def lift(self, root: strawberry.Parent[Any]) -> Decimal | None:
        return number(root.lift)

    @field(only=["dip"], description="Demand over the baseline on the three days after; null without any.")
    def dip(self, root: strawberry.Parent[Any]) -> Decimal | None:
        return number(root.dip)

    @field(only=["stated_lift"], description="A person's figure, which takes the place of the learned one; null for none.")
    def stated_lift(self, root: strawberry.Parent[Any]) -> Decimal | None:
        return number(root.stated_lift)
