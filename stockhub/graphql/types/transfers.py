"""Transfers between warehouses, and what did not come in as a document said."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import strawberry
import strawberry_django
from django.conf import settings
from strawberry import relay
from strawberry_django import field

from stockhub.core import clock
from stockhub.graphql.labels import graphql_enum
from stockhub.graphql.metrics import Money, money
from stockhub.graphql.scalars import Quantity
from stockhub.graphql.types.catalog import Sku, Warehouse
from stockhub.graphql.types.editable import Editable, Scoped
from stockhub.graphql.types.inventory import Bucket
from stockhub.inventory import models
from stockhub.inventory.transfers.selectors import late_days
from stockhub.inventory.transfers.variances import VarianceOutcome

TransferStatus = models.TransferStatus
graphql_enum(
    TransferStatus,
    "How far a transfer is.",
    {
        "PLANNED": ("Planned: nothing has moved", "已计划：尚未移动库存"),
        "IN_TRANSIT": ("In transit", "运输在途"),
        "RECEIVING": ("Receiving: arrived, not put away", "收货中：已到货，未上架"),
        "RECEIVED": ("Received: complete", "已收货：已完成"),
        "CANCELLED": ("Cancelled: everything is back at the source", "已取消：库存已退回调出仓"),
    },
)
VarianceKind = models.VarianceKind
graphql_enum(
    VarianceKind,
    "What sort of document a variance is of.",
    {"TRANSFER": ("Transfer", "调拨"), "SHIPMENT": ("Shipment", "货件")},
)
VarianceStatus = models.VarianceStatus
graphql_enum(
    VarianceStatus,
    "What became of a variance.",
    {
        "OPEN": ("Open: somebody has to find out", "待处理：需要人工核查"),
        "ACCEPTED": ("Accepted", "已接受"),
        "FOUND": ("Found", "已找到"),
        "WITHDRAWN": ("Withdrawn: the document is not complete", "已撤回：单据尚未完成"),
    },
)
graphql_enum(
    VarianceOutcome,
    "What a person found out about a variance.",
    {"ACCEPTED": ("It stays: missing units are written off", "接受：缺少的数量予以核销"), "FOUND": ("Units were found", "已找到")},
)


@strawberry_django.type(models.TransferLine, description="Units of one SKU in a transfer.")
class TransferLine:
    line_no: int = field(description="Its number; the components of a bundle share one.")
    sku: Sku = field(description="What.")
    bundle: Sku | None = field(description="The bundle that it is a component of; null where it is of none.")
    bucket: Bucket = field(description="The bucket that the units leave, and enter where they arrive whole.")
    planned_qty: Quantity = field(description="Units that were planned.")
    shipped_qty: Quantity = field(description="Units that have left.")
    received_qty: Quantity = field(description="Units that have come in, damaged ones included.")
    damaged_qty: Quantity = field(description="Of the received units, those that cannot be sold.")
    lost_qty: Quantity = field(description="Missing units that were written off.")

    @field(only=["shipped_qty", "received_qty"], description="Units that have left and not come in, whether still on their way or missing.")
    def missing_qty(self, root: strawberry.Parent[Any]) -> Quantity:
        return Quantity(root.missing_qty)

    @field(only=["freight_amount", "freight_currency"], description="Freight of one unit, added to its cost where it arrives.")
    def freight(self, root: strawberry.Parent[Any]) -> Money | None:
        return money(root.freight_amount, root.freight_currency)


@strawberry_django.type(models.TransferEvent, description="A state that a transfer was told to be in.")
class TransferEvent:
    status: TransferStatus = field(description="The state.")
    expected_on: dt.date | None = field(description="When it was expected then; a day of the destination's zone.")
    occurred_at: dt.datetime = field(description="When it came into this state.")
    recorded_at: dt.datetime = field(description="When we were told.")


@strawberry_django.type(
    models.Transfer, description="Stock that moves from one warehouse of ours to another; its age and cost move with it."
)
class Transfer(Scoped, relay.Node, Editable):
    id: relay.NodeID[int]
    code: str = field(description="Its unique code.")
    status: TransferStatus = field(description="How far it is.")
    mode: str = field(description="How it travels: sea, air, express, truck, or empty.")
    shipped_on: dt.date | None = field(description="When it left; a day of the source's zone.")
    expected_on: dt.date | None = field(description="When it should arrive; a day of the destination's zone.")
    received_on: dt.date | None = field(description="When it came in; a day of the destination's zone.")
    lines: list[TransferLine] = field(description="What it carries.")
    events: list[TransferEvent] = field(description="Every state that it was told to be in.")

    @field(select_related=["from_warehouse"], only=["from_warehouse__code"], description="The code of the warehouse that it leaves.")
    def from_warehouse_code(self, root: strawberry.Parent[Any]) -> str:
        return str(root.from_warehouse.code)

    @field(select_related=["to_warehouse"], only=["to_warehouse__code"], description="The code of the warehouse that it goes to.")
    def to_warehouse_code(self, root: strawberry.Parent[Any]) -> str:
        return str(root.to_warehouse.code)

    @field(only=["status", "expected_on"], description="Days that it is past its expected day while under way; 0 where it is not.")
    def late_days(self, root: strawberry.Parent[Any]) -> int:
        today = clock.business_day(clock.now(), settings.STOCKHUB_TIME_ZONE)
        return late_days(status=root.status, expected_on=root.expected_on, today=today)


@strawberry_django.type(
    models.StockVariance,
    description="More or less came in than a document says was sent: a task for a person, who accepts it or finds the units.",
)
class StockVariance(Scoped, relay.Node):
    id: relay.NodeID[int]
    kind: VarianceKind = field(description="What sort of document it is of.")
    reference: str = field(description="The document, such as transfer:TR-1.")
    line_no: int = field(description="The document's line.")
    sku: Sku = field(description="What.")
    warehouse: Warehouse = field(description="Where it came in.")
    expected_qty: Quantity = field(description="Units that were sent.")
    found_qty: Quantity = field(description="Units that came in.")
    status: VarianceStatus = field(description="What became of it.")
    note: str = field(description="What the person who resolved it wrote, or empty.")
    opened_at: dt.datetime = field(description="Since when it is a task.")
    resolved_at: dt.datetime | None = field(description="When it was resolved; null while it is open.")
    resolved_by: str = field(description="Who resolved it, or empty.")
    updated_at: dt.datetime = field(description="When it last changed.")

    @field(only=["expected_qty", "found_qty"], description="Units more, or as a negative number fewer, than were sent.")
    def difference_qty(self, root: strawberry.Parent[Any]) -> int:
        return int(root.difference_qty)

    @field(only=["expected_qty", "found_qty"], description="The difference in per cent of what was sent; null where nothing was sent.")
    def variance_pct(self, root: strawberry.Parent[Any]) -> Decimal | None:
        pct: Decimal | None = root.variance_pct
        return pct
