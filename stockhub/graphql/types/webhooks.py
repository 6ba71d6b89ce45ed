"""What platforms pushed, what listings may deliver, and what live rooms sell."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import strawberry
import strawberry_django
from strawberry import relay
from strawberry.scalars import JSON
from strawberry_django import field

from stockhub.channels.listing_suggestions import Reason
from stockhub.channels.webhooks import models
from stockhub.graphql.labels import graphql_enum
from stockhub.graphql.scalars import Quantity
from stockhub.graphql.types.channels import Account
from stockhub.graphql.types.editable import Scoped

WebhookStatus = models.WebhookStatus
graphql_enum(
    WebhookStatus,
    "What has become of a message that a platform pushed.",
    {
        "DUE": ("Due", "待处理"),
        "DONE": ("Done", "已完成"),
        "PARKED": ("Given up until somebody tries it again", "已搁置，待人工重试"),
    },
)
SuggestionReason = Reason
graphql_enum(
    SuggestionReason,
    "Why a SKU is suggested for a listing, from the surest reason down.",
    {
        "SAME_CODE": ("The code is the SKU's own", "编码相同"),
        "EXTERNAL_CODE": ("The code is known for the SKU", "已登记的外部编码"),
        "BARCODE": ("The code is the SKU's barcode", "条码相同"),
        "OTHER_ACCOUNT": ("Another account sells the same code as this SKU", "其他店铺同编码已关联"),
        "ALIKE_CODE": ("The codes are equal but for case, spaces and signs", "编码仅大小写或符号不同"),
        "ALIKE_TITLE": ("The titles are alike", "标题相似"),
    },
)


@strawberry_django.type(models.WebhookMessage, description="A message that a platform pushed, reduced to an allow-list of fields.")
class WebhookMessage(Scoped, relay.Node):
    id: relay.NodeID[int]
    account: Account = field(description="Whose message.")
    message_id: str = field(description="The platform's id of it: pushed again, it is the same message.")
    kind: str = field(description="The platform's own name of the event.")
    occurred_at: dt.datetime | None = field(description="When it happened, where the platform says so.")
    received_at: dt.datetime = field(description="When it first came in.")
    status: WebhookStatus = field(description="What has become of it.")
    attempts: int = field(description="Attempts that failed.")
    next_attempt_at: dt.datetime = field(description="Not before then is it worked on, while it is due.")
    done_at: dt.datetime | None = field(description="When what it says was taken in.")
    error: str = field(description="The last error, or empty.")

    @field(only=["payload"], description="The message as it is kept.")
    def payload(self, root: strawberry.Parent[Any]) -> JSON:
        return root.payload


@strawberry.type(description="What a listing without a link may deliver.")
class ListingSuggestion:
    sku: str = strawberry.field(description="The SKU's code.")
    sku_name: str = strawberry.field(description="The SKU's name.")
    qty: Quantity = strawberry.field(description="Units that selling the listing once takes, as its title says.")
    score: Decimal = strawberry.field(description="How sure it is, from 0 to 1.")
    reason: SuggestionReason = strawberry.field(description="Why.")


@strawberry.type(description="A listing without a link, and the SKUs that it may deliver.")
class ListingSuggestions:
    kind: str = strawberry.field(description="What the listing's code is: sku, asin, msku, …")
    code: str = strawberry.field(description="The listing's code.")
    title: str = strawberry.field(description="The listing's title.")
    suggestions: list[ListingSuggestion] = strawberry.field(description="The surest first, at most five; none where nothing is alike.")


@strawberry.type(description="A series of minutes as columns: the value of step n is `values[n]`, at `from` plus n steps.")
class MinuteSeries:
    from_: dt.datetime = strawberry.field(name="from", description="The first minute.")
    step: str = strawberry.field(description="The step as an ISO-8601 duration: PT1M.")
    unit: str = strawberry.field(description="What is counted.")
    values: list[int] = strawberry.field(description="The values; 0 where nothing was sold.")


@strawberry.type(description="What a live room and its author sold of a SKU.")
class LiveRoom:
    account: str = strawberry.field(description="The account's code.")
    sku: str = strawberry.field(description="The SKU's code; a bundle is taken apart.")
    room: str = strawberry.field(description="The platform's id of the room; empty where an author sold without one.")
    author: str = strawberry.field(description="The platform's id of the author, or empty.")
    units: Quantity = strawberry.field(description="Units in all, without what was cancelled.")
    series: MinuteSeries = strawberry.field(description="Units by minute.")
