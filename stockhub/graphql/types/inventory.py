"""Balances, movements and lots."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import strawberry
import strawberry_django
from django.conf import settings
from strawberry import Info, relay
from strawberry_django import field

from stockhub.catalog.exchange_rates import exact_rates_on
from stockhub.graphql.labels import graphql_enum, language
from stockhub.graphql.metrics import Money
from stockhub.graphql.scalars import Quantity
from stockhub.graphql.types.catalog import Sku, Warehouse
from stockhub.graphql.types.editable import Scoped
from stockhub.graphql.types.lots import LotCost, on_wire
from stockhub.inventory import models
from stockhub.inventory.lots.worth import CostPart, landed_cost
from stockhub.values import Label

MovementKind = models.MovementKind
graphql_enum(
    MovementKind,
    "What moved stock.",
    {
        "OPENING": ("Opening stock", "期初库存"),
        "RECEIVE": ("Receipt", "入库"),
        "ORDER": ("Ordered from a supplier", "已向供应商下单"),
        "DEPART": ("Left the supplier", "供应商已发货"),
        "RESERVE": ("Reservation", "预占"),
        "RELEASE": ("Release", "释放预占"),
        "SHIP": ("Shipment", "出库"),
        "RETURN": ("Return", "退货"),
        "ADJUST": ("Adjustment", "调整"),
        "COUNT": ("Stock count", "盘点"),
        "OBSERVE": ("Observed on the platform", "平台快照"),
        "MOVE": ("Move between buckets", "状态转移"),
        "CANCEL": ("Cancelled supply", "取消供应"),
        "TRANSFER": ("Transfer between warehouses", "仓间调拨"),
        "REMOVE": ("Removal to the owner", "移除退回"),
        "DISPOSE": ("Disposal", "弃置"),
        "CORRECT": ("Correction of the ledger", "账面更正"),
    },
)
Grade = models.Grade
graphql_enum(
    Grade,
    "The condition of a lot.",
    {
        "NEW": ("New", "全新"),
        "LIKE_NEW": ("Returned, like new", "退货（如新）"),
        "DAMAGED": ("Damaged", "破损"),
        "DEFECTIVE": ("Defective", "次品"),
    },
)


@strawberry_django.type(
    models.Bucket, description="A state that stock can be in, and what that state counts for. A unit is in exactly one."
)
class Bucket:
    slug: str = field(description="Stable name, such as available.")
    counts_in_position: bool = field(description="Whether it counts in the inventory position.")
    is_sellable: bool = field(description="Whether it can be sold.")
    can_ship_today: bool = field(description="Whether it can leave today.")
    is_physical: bool = field(description="Whether it lies in the warehouse.")

    @field(only=["name_en", "name_zh"], description="The name for a person, in the language of the request.")
    def label(self, root: strawberry.Parent[Any]) -> str:
        return Label(root.name_en, root.name_zh).text(language())


@strawberry_django.type(models.Balance, description="The stock of one SKU in one bucket of one warehouse: the sum of its movements.")
class Balance(Scoped, relay.Node):
    id: relay.NodeID[int]
    sku: Sku = field(description="What.")
    warehouse: Warehouse = field(description="Where.")
    bucket: Bucket = field(description="In which state.")
    qty: Quantity = field(description="How many.")
    updated_at: dt.datetime = field(description="When it last changed.")


@strawberry_django.type(
    models.Movement,
    description="Units that left one bucket and entered another; an empty side is the world outside. Never changed, never deleted.",
)
class Movement(Scoped, relay.Node):
    id: relay.NodeID[int]
    sku: Sku = field(description="What.")
    warehouse: Warehouse = field(description="Where.")
    from_bucket: Bucket | None = field(description="The bucket that the units left; null where they came from outside.")
    to_bucket: Bucket | None = field(description="The bucket that the units entered; null where they went outside.")
    qty: Quantity = field(description="How many; always positive.")
    kind: MovementKind = field(description="What moved them.")
    reason: str = field(description="Why, in words, or empty.")
    reference: str = field(description="What caused it, such as order:dy-main:123, or empty.")
    actor: str = field(description="Who caused it.")
    key: str = field(description="The key under which it was posted: the same key has no second effect.")
    occurred_at: dt.datetime = field(description="When it happened.")
    recorded_at: dt.datetime = field(description="When we were told.")


@strawberry_django.type(models.Lot, description="Units that came in together. What remains is first in, first out.")
class Lot(Scoped, relay.Node):
    id: relay.NodeID[int]
    sku: Sku = field(description="What.")
    warehouse: Warehouse = field(description="Where.")
    code: str = field(description="The lot's code, unique for its SKU and warehouse.")
    received_on: dt.date = field(description="Its age counts from this day of the warehouse's zone; a transfer keeps it.")
    produced_on: dt.date | None = field(description="When it was made; a day of the warehouse's zone.")
    expires_on: dt.date | None = field(description="When it expires; a day of the warehouse's zone.")
    grade: Grade = field(description="Its condition.")
    received_qty: Quantity = field(description="Units that came in, less those that were taken back.")
    remaining_qty: Quantity = field(description="Units still there, as of `settledAt`.")
    settled_at: dt.datetime = field(description="When what remains was last settled.")
    costs: list[LotCost] = field(description="The parts of what a unit of it cost, as they became known.")

    @field(
        prefetch_related=["costs"],
        description="What a unit cost when it had landed, in the base currency, each part at its day's rate; null where it is unknown.",
    )
    def landed_unit_cost(self, info: Info, root: strawberry.Parent[Any]) -> Money | None:
        parts = [CostPart(row.kind, row.unit_amount, row.currency, row.rate_on) for row in root.costs.all()]
        cost = landed_cost(parts, _rates(info, {(part.rate_on, part.currency) for part in parts}), settings.STOCKHUB_BASE_CURRENCY)
        return None if cost is None else on_wire(cost)


def _rates(info: Info, wanted: set[tuple[dt.date, str]]) -> dict[tuple[dt.date, str], Decimal]:
    """Rates into the base currency, each asked for once in a request."""
    known: dict[tuple[dt.date, str], Decimal | None] = info.context.memo.setdefault("exact rates", {})
    if missing := wanted - known.keys():
        found = exact_rates_on(missing, settings.STOCKHUB_BASE_CURRENCY)
        known |= {each: found.get(each) for each in missing}
    return {each: rate for each in wanted if (rate := known[each]) is not None}
