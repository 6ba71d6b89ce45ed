"""What came in from accounts: kept, applied, or in quarantine."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
import strawberry_django
from strawberry import relay
from strawberry.scalars import JSON
from strawberry_django import field

from stockhub.channels import models, payloads, received_models
from stockhub.channels.received_reasons import REASONS, told_error
from stockhub.channels.spoken import told_reason
from stockhub.graphql.labels import graphql_enum
from stockhub.graphql.scalars import Quantity
from stockhub.graphql.types.channels import Account
from stockhub.graphql.types.editable import Scoped

RecordKind = payloads.RecordKind
graphql_enum(
    RecordKind,
    "What a source tells of.",
    {
        "ORDER": ("An order", "订单"),
        "RETURN": ("Units that came back", "退货"),
        "STOCK": ("What a platform counted", "平台库存"),
        "LISTING": ("An offer on a shop", "商品链接"),
        "INBOUND": ("A shipment to a platform", "入仓货件"),
        "AGE": ("How old stock is at a platform", "平台库龄"),
        "FEE_ESTIMATE": ("What a platform expects to charge", "费用预估"),
        "SETTLEMENT": ("What a platform charged", "结算费用"),
        "TRAFFIC": ("What visitors did in a day", "流量"),
        "SIGNAL": ("What the market shows", "市场信号"),
        "SCORE": ("The platform's score of a shop", "体验分"),
    },
)
ReceivedStatus = received_models.ReceivedStatus
graphql_enum(
    ReceivedStatus,
    "What has become of a record that came in.",
    {
        "DUE": ("Due", "待处理"),
        "REPLAY": ("Due again", "待重新处理"),
        "APPLIED": ("Applied", "已处理"),
        "QUARANTINED": ("In quarantine", "已隔离"),
        "DISMISSED": ("Dismissed", "已忽略"),
    },
)


@strawberry_django.type(
    models.Quarantined, description="A record that came in and could not be taken: kept without personal data, and tried again."
)
class QuarantinedRecord(Scoped, relay.Node):
    id: relay.NodeID[int]
    account: Account = field(description="Whose record.")
    external_id: str = field(description="By what the source knows it.")
    code: str = field(description="Why it was not taken: stable and machine-readable, such as unknown_warehouse.")

    @field(
        only=["message", "template", "params"],
        description="Why it was not taken, and what to do, as a sentence in the language of the request.",
    )
    def message(self, root: strawberry.Parent[Any]) -> str:
        return told_reason(root)

    attempts: int = field(description="How often it was tried.")
    first_seen_at: dt.datetime = field(description="When it first came in.")
    last_seen_at: dt.datetime = field(description="When it was last tried.")
    next_retry_at: dt.datetime | None = field(description="It is tried again by itself from then on, once its cause is mended.")
    resolved_at: dt.datetime | None = field(description="When it was taken or dismissed; null while it is open.")
    dismissed_by: str | None = field(description="Who dismissed it; null where nobody did.")
    dismissed_reason: str | None = field(description="Why it was dismissed.")

    @field(only=["kind"], description="What it tells of.")
    def kind(self, root: strawberry.Parent[Any]) -> RecordKind:
        return RecordKind(root.kind)

    @field(only=["payload"], description="The record as it is kept: an allow-list of fields, the buyer as a keyed hash.")
    def payload(self, root: strawberry.Parent[Any]) -> JSON:
        return root.payload


@strawberry_django.type(
    received_models.ReceivedRecord, description="A record as it came in, reduced to an allow-list of fields. Kept for a while."
)
class ReceivedRecord(Scoped, relay.Node):
    id: relay.NodeID[int]
    account: Account = field(description="Whose record.")
    external_id: str = field(description="By what the source knows it.")
    source: str = field(description="What brought it: webhook, api, the slug of a connector, …")
    received_at: dt.datetime = field(description="When it came in.")
    status: ReceivedStatus = field(description="What has become of it.")
    attempts: int = field(description="Attempts that failed.")
    applied_at: dt.datetime | None = field(description="When it was applied.")

    @field(
        only=["status", "error"],
        annotate=dict(REASONS),
        description="The last error, as a sentence in the language of the request, or empty.",
    )
    def error(self, root: strawberry.Parent[Any]) -> str:
        return told_error(root.status, root.error, root.reason_code, root.reason_message, root.reason_template, root.reason_params)

    @field(only=["kind"], description="What it tells of.")
    def kind(self, root: strawberry.Parent[Any]) -> RecordKind:
        return RecordKind(root.kind)

    @field(only=["payload"], description="The record as it is kept; the buyer is a keyed hash.")
    def payload(self, root: strawberry.Parent[Any]) -> JSON:
        return root.payload


@strawberry.type(description="How much of what is on its way to a warehouse is promised to presales of a SKU, and how much can still be.")
class PresalePosition:
    sku: str = strawberry.field(description="The SKU's code.")
    warehouse: str = strawberry.field(description="The code of the warehouse, which allows presales.")
    incoming_qty: Quantity = strawberry.field(description="Units on order, in transit and being received.")
    owed_qty: Quantity = strawberry.field(description="Units that ordinary orders are owed, which are served from it as well.")
    promised_qty: Quantity = strawberry.field(description="Units that presales are owed.")
    reserved_qty: Quantity = strawberry.field(description="Units that presales hold already, out of stock that has come in.")
    available_to_promise_qty: Quantity = strawberry.field(description="Units that can still be promised; below zero where too many are.")
    oversold_qty: Quantity = strawberry.field(description="Units promised that nothing on its way covers.")
