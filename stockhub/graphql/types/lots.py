"""Lots at a moment, what they cost, and stock by age in value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import strawberry
import strawberry_django
from strawberry import relay
from strawberry_django import field

from stockhub import values
from stockhub.graphql.labels import graphql_enum
from stockhub.graphql.metrics import Money
from stockhub.graphql.scalars import Quantity
from stockhub.inventory import models
from stockhub.inventory.lots.worth import AgeBucket

CostKind = models.CostKind
graphql_enum(
    CostKind,
    "A part of what a lot cost.",
    {
        "PURCHASE": ("Purchase", "采购"),
        "FREIGHT": ("Freight", "运费"),
        "DUTY": ("Duty", "关税"),
        "INBOUND": ("Inbound handling", "入库操作"),
    },
)


@strawberry_django.type(models.LotCost, description="A part of what a unit of a lot cost. A late invoice adds one; none is ever changed.")
class LotCost:
    kind: CostKind = field(description="What it was for.")
    rate_on: dt.date = field(description="The day whose exchange rate converts it.")
    recorded_at: dt.datetime = field(description="When it became known.")

    @field(only=["unit_amount", "currency"], description="The amount a unit; below zero for a credit note.")
    def unit_amount(self, root: strawberry.Parent[models.LotCost]) -> Money:
        return Money(amount=root.unit_amount, currency=root.currency)


@strawberry.type(description="What one lot held at a moment.")
class LotAsOf:
    lot_id: relay.GlobalID = strawberry.field(description="The lot's id.")
    sku: str = strawberry.field(description="The SKU's code.")
    warehouse: str = strawberry.field(description="The warehouse's code.")
    code: str = strawberry.field(description="The lot's code.")
    received_on: dt.date = strawberry.field(description="Its age counts from this day.")
    age_days: int = strawberry.field(description="How old it was at the moment.")
    qty: Quantity = strawberry.field(description="Units that it held.")
    unit_cost: Money | None = strawberry.field(description="What a unit had cost when it had landed; null where that is unknown.")
    value_amount: Money | None = strawberry.field(
        description="What its units had cost, to the cent; null where that is unknown. The values of an answer add up to its total."
    )


@strawberry.type(description="Units that lay in a warehouse without a lot: their age and cost are unknown.")
class StockWithoutLot:
    sku: str = strawberry.field(description="The SKU's code.")
    warehouse: str = strawberry.field(description="The warehouse's code.")
    qty: Quantity = strawberry.field(description="How many.")


@strawberry.type(description="Lots at a moment: with the units without a lot, all that lay in the warehouses.")
class LotsAsOf:
    at: dt.datetime = strawberry.field(description="The moment: what had happened by then.")
    recorded_at: dt.datetime | None = strawberry.field(description="As far as it was known by then; null for what is known now.")
    lots: list[LotAsOf] = strawberry.field(description="The lots that held something, what leaves first first.")
    without_lot: list[StockWithoutLot] = strawberry.field(description="What lay there without a lot.")
    total_amount: Money = strawberry.field(description="What the units whose cost is known had cost.")


@strawberry.type(description="Stock of one age.")
class AgeBucketValue:
    days: str = strawberry.field(description="Its ages in days, such as 91-180; the last has no end.")
    value_amount: Money = strawberry.field(description="What the units whose cost is known had cost.")
    valued_qty: Quantity = strawberry.field(description="Units whose cost is known.")
    uncosted_qty: Quantity = strawberry.field(description="Units of lots whose cost is unknown: they are in no value.")


def age_buckets(buckets: Iterable[AgeBucket]) -> list[AgeBucketValue]:
    return [
        AgeBucketValue(
            days=bucket.name,
            value_amount=on_wire(bucket.value),
            valued_qty=Quantity(bucket.valued_qty),
            uncosted_qty=Quantity(bucket.uncosted_qty),
        )
        for bucket in buckets
    ]


def on_wire(amount: values.Money) -> Money:
    return Money(amount=amount.amount, currency=amount.currency)


@strawberry.type(description="The stock of one SKU by age, in value.")
class SkuValueByAge:
    sku: str = strawberry.field(description="The SKU's code.")
    buckets: list[AgeBucketValue] = strawberry.field(description="All ages, the youngest first.")
    total_amount: Money = strawberry.field(description="The sum of the buckets.")
    without_lot_qty: Quantity = strawberry.field(description="Units without a lot: age and cost are unknown.")


@strawberry.type(description="Stock by age, in value, at a moment. Everything adds up to the cent; what is unknown is in units beside it.")
class StockValueByAge:
    at: dt.datetime = strawberry.field(description="The moment: what had happened by then.")
    recorded_at: dt.datetime | None = strawberry.field(description="As far as it was known by then; null for what is known now.")
    buckets: list[AgeBucketValue] = strawberry.field(description="All SKUs by age, the youngest first.")
    skus: list[SkuValueByAge] = strawberry.field(description="Each SKU that had stock.")
    total_amount: Money = strawberry.field(description="The sum of the buckets.")
    without_lot_qty: Quantity = strawberry.field(description="Units without a lot: age and cost are unknown.")
