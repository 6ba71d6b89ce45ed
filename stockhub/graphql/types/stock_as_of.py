"""Stock at a moment."""

from __future__ import annotations

import datetime as dt

import strawberry

from stockhub.graphql.scalars import Quantity


@strawberry.type(description="What lay in one bucket at a moment.")
class StockLevel:
    sku: str = strawberry.field(description="The SKU's code.")
    warehouse: str = strawberry.field(description="The warehouse's code.")
    bucket: str = strawberry.field(description="The bucket's slug.")
    qty: Quantity = strawberry.field(description="How many; below zero where back-orders are allowed.")


@strawberry.type(description="Stock at a moment: the sum of the movements of then.")
class StockAsOf:
    at: dt.datetime = strawberry.field(description="The moment: what had happened by then.")
    recorded_at: dt.datetime | None = strawberry.field(description="As far as it was known by then; null for what is known now.")
    levels: list[StockLevel] = strawberry.field(description="Everything that was not 0, by SKU, warehouse and bucket.")
