"""Pushes to platforms, the rules behind them, and the daily difference of stock."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import strawberry
import strawberry_django
from strawberry import relay
from strawberry.scalars import JSON
from strawberry_django import field

from stockhub import values
from stockhub.channels.pushes import models
from stockhub.channels.pushes.names import names_of
from stockhub.channels.spoken import told
from stockhub.graphql.labels import graphql_enum
from stockhub.graphql.metrics import Explanation, Money, money
from stockhub.graphql.scalars import Quantity
from stockhub.graphql.types.catalog import Sku, Warehouse
from stockhub.graphql.types.channels import Account, Listing
from stockhub.graphql.types.editable import Editable, Scoped

PushKind = models.PushKind
graphql_enum(
    PushKind,
    "What a push changes on the platform.",
    {
        "STOCK": ("Stock", "库存"),
        "PRICE": ("Prices", "价格"),
        "SHIP_TIME": ("Shipping times and presales", "发货时效与预售"),
        "INBOUND_PLAN": ("Draft of an inbound shipment", "入仓计划草稿"),
        "REMOVAL": ("Removal of stock", "移除库存"),
    },
)
PushStatus = models.PushStatus
graphql_enum(
    PushStatus,
    "How far a push is.",
    {
        "DRAFT": ("Draft: waits for approval", "草稿：待审批"),
        "APPROVED": ("Approved: will be sent", "已审批：待发送"),
        "SENDING": ("Being sent", "发送中"),
        "SENT": ("Sent, not confirmed yet", "已发送，待确认"),
        "CONFIRMED": ("Confirmed", "已确认"),
        "FAILED": ("Failed, at least in part", "失败（至少部分）"),
        "UNKNOWN": ("Unknown: it may be done", "结果未知：可能已生效"),
        "REFUSED": ("Refused by the platform", "平台拒绝"),
        "CANCELLED": ("Cancelled", "已取消"),
        "EXPIRED": ("Expired", "已过期"),
    },
)
PushRowStatus = models.PushRowStatus
graphql_enum(
    PushRowStatus,
    "What became of a row of a push.",
    {
        "PENDING": ("Not sent yet", "尚未发送"),
        "SENDING": ("Being sent", "发送中"),
        "APPLIED": ("Applied", "已生效"),
        "ACCEPTED": ("Taken, not read back yet", "已受理，待回读"),
        "UNCHANGED": ("Unchanged", "无变化"),
        "REFUSED": ("Refused", "已拒绝"),
        "FAILED": ("Failed", "失败"),
        "UNKNOWN": ("Unknown: it may be done", "结果未知：可能已生效"),
    },
)
BelowMin = models.BelowMin
graphql_enum(
    BelowMin,
    "What a listing shows where its rule gives less than the least.",
    {"ZERO": ("Nothing", "显示为零"), "MIN": ("The least number", "显示下限数量")},
)
DifferenceCause = models.DifferenceCause
graphql_enum(
    DifferenceCause,
    "The likely cause of a difference.",
    {
        "UNMAPPED": ("The listing is linked to no SKU", "商品未关联SKU"),
        "STALE_FEED": ("What the platform shows is not known, or was seen long ago", "平台库存未知或已过时"),
        "PUSH_PENDING": ("A push is under way", "推送进行中"),
        "PENDING_ORDERS": ("Orders came in since the platform was seen", "平台数据之后又有新订单"),
        "COUNT": ("The warehouse counted otherwise", "仓库盘点不符"),
        "UNEXPLAINED": ("Unexplained", "原因不明"),
    },
)


@strawberry_django.type(models.StockRule, description="What the listings of an account show for sale. The nearest rule holds.")
class StockRule(Scoped, relay.Node, Editable):
    id: relay.NodeID[int]
    account: Account = field(description="Of which account.")
    listing: Listing | None = field(description="For this listing only; null where it is for more.")
    warehouses: list[Warehouse] = field(description="Whose stock counts; empty for those of the account's pools.")
    percent: Decimal = field(description="The part of what can be served that is shown.")
    plus_qty: int = field(description="Units added; below 0 they are kept for others.")
    min_qty: int = field(description="Below this it shows what `belowMin` says.")
    below_min: BelowMin = field(description="What it shows below the least.")
    max_qty: int | None = field(description="Never more than this; null for no bound.")
    keeps_lag_buffer: bool = field(description="Whether what may be sold within the measured lag of the account's orders is not offered.")
    live_reserve_qty: int = field(description="Units that a live session keeps.")
    live_from_at: dt.datetime | None = field(description="When the session begins; null where it has begun.")
    live_until_at: dt.datetime | None = field(description="When its units are shown again by themselves.")

    @field(select_related=["category"], only=["category__code"], description="The category's code; null where it is for none.")
    def category_code(self, root: strawberry.Parent[Any]) -> str | None:
        return root.category.code if root.category else None

    @field(only=["buckets"], description="Slugs of the buckets that count.")
    def buckets(self, root: strawberry.Parent[Any]) -> list[str]:
        return list(root.buckets)


@strawberry_django.type(models.PushSettings, description="What an account allows to be pushed.")
class PushSettings(Scoped):
    account: Account = field(description="Which account.")
    version: int = field(description="Counts up with every change; an update takes it as `expectedVersion`.")
    is_stopped: bool = field(description="The emergency stop: nothing is sent while it is set.")
    is_automatic: bool = field(description="Whether stock follows the ledger by itself.")
    debounce_seconds: int = field(description="Seconds for which changes are gathered.")
    needs_second_person: bool = field(description="Whether another person than the maker approves.")
    row_qty: int | None = field(description="Largest change of a row in units; beyond it a person confirms that very push.")
    row_pct: Decimal | None = field(description="Largest change of a row in per cent.")
    push_qty: int | None = field(description="Largest change of all rows together in units.")
    push_pct: Decimal | None = field(description="Largest change of all rows together in per cent.")
    expires_after_hours: int = field(description="Hours after which an approval that was not used ends.")
    tolerance_qty: int = field(description="A difference up to so many units is no news.")
    tolerance_pct: Decimal = field(description="A difference up to so many per cent of ours is no news.")
    alert_above: int = field(description="More differences than this are an alert.")
    last_preview_at: dt.datetime | None = field(description="The last good preview; a switch to writing needs one of the last day.")


@strawberry.type(description="Why a push waits for a person's confirmation.")
class PushHeldReason:
    code: str = strawberry.field(description="row_qty, row_pct, push_qty, push_pct, before_unknown or no_limits.")
    subject: str = strawberry.field(description="The listing's code; empty where it is the whole push.")
    value: str = strawberry.field(description="How large the change is.")
    limit: str = strawberry.field(description="How large it may be without a word.")


@strawberry_django.type(models.PushRow, description="One listing of a push: before, after, and what became of it.")
class PushRow:
    place: int = field(description="Its place, from 0.")
    code: str = field(description="The listing's code.")
    code_kind: str = field(description="What its code is.")
    warehouse: str = field(description="The platform's warehouse; empty for the shop's one number.")
    before_qty: Quantity | None = field(description="Units that the platform showed; null where nobody knew.")
    after_qty: Quantity | None = field(description="Units that it shall show, or that are to be sent or removed.")
    days: int | None = field(description="Days to ship; null where it is about something else.")
    presale_until: dt.datetime | None = field(description="When its presale ends; null for none.")
    unsellable_qty: Quantity | None = field(description="Unsellable units to be removed.")
    disposition: str = field(description="return, disposal or liquidation of a removal, or empty.")
    expires_on: dt.date | None = field(description="The day on which units that are sent in expire.")
    status: PushRowStatus = field(description="What became of it.")
    error_code: str = field(description="The platform's code where it was not done, or empty.")
    reference: str = field(description="What the platform calls it, or empty.")
    read_qty: Quantity | None = field(description="Units that were seen when it was read back.")
    read_at: dt.datetime | None = field(description="When it was last read back.")

    @field(only=["message"], description="Why it was not done, in the language of the request, or empty.")
    def message(self, root: strawberry.Parent[Any]) -> str:
        return told(root.message)

    @field(only=["before_amount", "currency"], description="The price before; null where nobody knew.")
    def before_price(self, root: strawberry.Parent[Any]) -> Money | None:
        return money(root.before_amount, root.currency)

    @field(only=["after_amount", "currency"], description="The price that it shall have.")
    def after_price(self, root: strawberry.Parent[Any]) -> Money | None:
        return money(root.after_amount, root.currency)

    @field(only=["explanation"], description="How the rule gave the number; null where a person told it.")
    def explain(self, root: strawberry.Parent[Any]) -> Explanation | None:
        return explained(root.explanation)


def explained(data: Any) -> Explanation | None:  # noqa: ANN401 - a tree as JSON, or None
    if data is None:
        return None
    tree = values.Explanation.from_json(data)
    return Explanation(tree=tree, names=names_of(tree))


@strawberry_django.type(
    models.Push, description="A change of a platform: decided, approved by a person, sent at most once, and read back where that is needed."
)
class Push(Scoped, relay.Node):
    id: relay.NodeID[int]
    account: Account = field(description="Of which account.")
    kind: PushKind = field(description="What it changes.")
    status: PushStatus = field(description="How far it is.")
    version: int = field(description="Counts up with every change; an update takes it as `expectedVersion`.")
    key: str = field(description="Follows from what it does and what was known then: the same decision is the same push.")
    reason: str = field(description="Why, or empty.")
    is_automatic: bool = field(description="Whether the stock sync made it.")
    created_by: str = field(description="Who made it.")
    created_at: dt.datetime = field(description="When it was made.")
    approved_by: str = field(description="Who approved it, or empty.")
    approved_at: dt.datetime | None = field(description="When it was approved.")
    confirmed_by: str = field(description="Who confirmed a large change or a removal, or empty.")
    expires_at: dt.datetime | None = field(description="When its approval ends if it was not sent.")
    attempts: int = field(description="How often it was sent.")
    next_attempt_at: dt.datetime | None = field(description="When it goes on; null while a person has to decide, or at its end.")
    sent_at: dt.datetime | None = field(description="When it was last sent.")
    finished_at: dt.datetime | None = field(description="When it ended.")
    reference: str = field(description="What the platform calls it, or empty.")
    updated_at: dt.datetime = field(description="When it last changed.")
    rows: list[PushRow] = field(description="Its listings, at most 1,000.")

    @field(only=["error"], description="The last failure with what to do, in the language of the request, or empty.")
    def error(self, root: strawberry.Parent[Any]) -> str:
        return told(root.error)

    @field(only=["held_reasons"], description="How it goes beyond the largest change; empty where it does not.")
    def held_reasons(self, root: strawberry.Parent[Any]) -> list[PushHeldReason]:
        return [PushHeldReason(**each) for each in root.held_reasons]

    @field(only=["rule_snapshot"], description="The rules as they were when it was made, by their ids.")
    def rule_snapshot(self, root: strawberry.Parent[Any]) -> JSON:
        return JSON(root.rule_snapshot)


@strawberry_django.type(models.StockDifference, description="Ours, the platform's and the warehouse's stock that did not agree on a day.")
class StockDifference(Scoped, relay.Node):
    id: relay.NodeID[int]
    day: dt.date = field(description="Which day; of the account's zone, or the site's for a shelf.")
    listing: Listing | None = field(description="Of which listing; null where it is about a shelf.")
    sku: Sku | None = field(description="Of which SKU; null where it is about a listing.")
    warehouse: Warehouse | None = field(description="On whose shelf; null where it is about a listing.")
    our_qty: Quantity | None = field(description="Ours: what the rule gives from the ledger, or the shelf by the book.")
    platform_qty: Quantity | None = field(description="The platform's: what it shows; null where that is not known.")
    warehouse_qty: Quantity | None = field(description="The warehouse's: by its last count; null where nothing was counted.")
    oversold_qty: Quantity = field(description="Units that the platform offers and nobody can serve.")
    cause: DifferenceCause = field(description="The likely cause.")
    platform_at: dt.datetime | None = field(description="When the platform was seen.")
    counted_at: dt.datetime | None = field(description="When the warehouse counted.")
    recorded_at: dt.datetime = field(description="When they were compared.")
