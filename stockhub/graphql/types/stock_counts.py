"""Disputes of stock."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import strawberry
import strawberry_django
from strawberry import relay
from strawberry_django import field

from stockhub.graphql.labels import graphql_enum
from stockhub.graphql.scalars import Quantity
from stockhub.graphql.types.catalog import Sku, Warehouse
from stockhub.graphql.types.editable import Scoped
from stockhub.inventory import models

DisputeCause = models.DisputeCause
graphql_enum(
    DisputeCause,
    "What made somebody doubt the stock.",
    {
        "COUNT": ("Stock count", "盘点"),
        "RECONCILE": ("Correction of the ledger", "账面更正"),
        "VARIANCE": ("Variance of a receipt", "收货差异"),
        "OPERATOR": ("Doubt of a person", "人工存疑"),
        "UNBACKED": ("Shipped without stock", "无库存发货"),
    },
)


@strawberry_django.type(
    models.StockDispute,
    description="Doubt about the stock of a SKU in a warehouse: holds automatic decisions until a person or a second count settles it.",
)
class StockDispute(Scoped, relay.Node):
    id: relay.NodeID[int]
    sku: Sku = field(description="What.")
    warehouse: Warehouse = field(description="Where.")
    cause: DisputeCause = field(description="Why.")
    book_qty: Quantity | None = field(description="What the book said when it was counted; null where nothing was counted.")
    counted_qty: Quantity | None = field(description="What was counted.")
    deviation_pct: Decimal | None = field(
        description="How far the count is from the book, in per cent of the book; below zero where units lack."
    )
    counted_at: dt.datetime | None = field(description="When it was counted.")
    note: str = field(description="What a person said about it, or empty.")
    opened_at: dt.datetime = field(description="Since when decisions are held.")
    opened_by: str = field(description="Who opened it: a user, or a part of the system.")
    resolved_at: dt.datetime | None = field(description="When it was settled; null while it holds decisions.")
    resolved_by: str = field(description="Who settled it, or empty.")
    resolution: str = field(description="How it was settled, or empty.")
    updated_at: dt.datetime = field(description="When it last changed.")

    @field(only=["buckets"], description="Slugs of the buckets that are doubted; a count that confirms the book names all of them.")
    def buckets(self, root: strawberry.Parent[Any]) -> list[str]:
        return list(root.buckets)
