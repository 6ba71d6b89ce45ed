"""Accounts, their feeds and their listings."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
import strawberry_django
from django.db.models import Exists, F, OuterRef
from strawberry import Info, relay
from strawberry_django import field

from stockhub.channels import models
from stockhub.channels.connecting import models as connecting_models
from stockhub.channels.feed_models import NOT_CONNECTED
from stockhub.channels.feeds import plans
from stockhub.channels.feeds.staleness import stale_since
from stockhub.channels.spoken import told
from stockhub.channels.webhooks.addresses import webhook_path
from stockhub.core import clock
from stockhub.graphql.labels import Slugged, graphql_enum, slugged
from stockhub.graphql.metrics import Metric, metric
from stockhub.graphql.references import ExternalRef, external_refs
from stockhub.graphql.scalars import BigInt, Quantity
from stockhub.graphql.types.baselines import AccountBaseline, baseline_of
from stockhub.graphql.types.catalog import Sku
from stockhub.graphql.types.editable import Editable, Scoped
from stockhub.graphql.types.feeds import FeedError, FeedProgress, FeedState
from stockhub.pluginapi.connectors import FeedPlan

AccountMode = models.AccountMode
graphql_enum(
    AccountMode,
    "Whether anything is pushed to the platform.",
    {
        "READ_ONLY": ("Read only: nothing is pushed to the platform", "只读：不向平台推送"),
        "WRITE": ("Stock and prices are pushed", "可写：推送库存与价格"),
    },
)
ReduceOn = models.ReduceOn
graphql_enum(
    ReduceOn,
    "When an order takes stock.",
    {"CREATE": ("When the order is created", "下单减库存"), "PAY": ("When the order is paid", "付款减库存")},
)
#: Annotated, and not joined as an account: the client may ask for other fields of that, and only those that it asks for are read.
CONNECTED: dict[str, Any] = {
    "is_connected": Exists(
        models.Account.objects.filter(pk=OuterRef("account_id"), is_active=True, deleted_at=None).exclude(
            authorization__state__in=NOT_CONNECTED
        )
    )
}
MARKETPLACE: dict[str, Any] = {"marketplace": F("account__marketplace")}
_STATE = [
    "hold", "is_paused", "next_attempt_at", "leased_by", "lease_until", "open_until", "consecutive_failures", "throttled_until",
    "backfill_since", "backfill_finished_at",
]  # fmt: skip
_TIMES = ["kind", "hold", "every_seconds", "next_attempt_at", "last_success_at", "scheduled_at"]


def _plan(feed: Any) -> FeedPlan:  # noqa: ANN401 - a feed with its marketplace
    # Where no query of the optimizer brought it, as under a row that was read by itself, the account is asked.
    marketplace = feed.marketplace if hasattr(feed, "marketplace") else feed.account.marketplace
    return plans.plan_at(marketplace, feed.kind)


@strawberry_django.type(models.Feed, description="How fresh one kind of data of an account is. Stale data is dated, never zeroed.")
class Feed(Scoped, relay.Node):
    id: relay.NodeID[int]
    kind: str = field(description="What is fed: orders, listings, stock, returns, …")
    data_until_at: dt.datetime | None = field(description="The data reach up to this instant; null where none came yet.")
    last_success_at: dt.datetime | None = field(description="When the last read succeeded.")
    error: str = field(description="The last error, with what to do; empty after a success.")
    is_paused: bool = field(description="Whether an operator has paused it.")
    next_attempt_at: dt.datetime | None = field(description="When it is read next, at the earliest; null where nothing reads it.")
    consecutive_failures: int = field(description="How often reading it failed since it last brought something.")
    account: Account = field(description="Whose data.")

    @field(only=["rows"], description="How many rows came in so far.")
    def rows(self, root: strawberry.Parent[Any]) -> BigInt:
        return BigInt(root.rows)

    @field(only=["records"], description="How many records its readings brought so far, repetitions among them.")
    def records(self, root: strawberry.Parent[Any]) -> BigInt:
        return BigInt(root.records)

    @field(only=["rejected"], description="How many of them were set apart in quarantine.")
    def rejected(self, root: strawberry.Parent[Any]) -> BigInt:
        return BigInt(root.rejected)

    @field(only=["data_until_at"], description="How old its data are at this moment, in hours.")
    def age(self, root: strawberry.Parent[Any]) -> Metric:
        now = clock.now()
        hours = None if root.data_until_at is None else round((now - root.data_until_at).total_seconds() / 3600, 3)
        return metric(hours, "hour", as_of=now, reason="NO_DATA_YET")

    @field(only=["data_until_at"], description="How old its data are at this moment, in whole seconds; null where none came yet.")
    def lag_seconds(self, root: strawberry.Parent[Any]) -> int | None:
        # Thirty-two bits hold 68 years.
        return None if root.data_until_at is None else max(0, min(int((clock.now() - root.data_until_at).total_seconds()), 2**31 - 1))

    @field(
        only=["measured_lag_seconds", "last_success_at"],
        description="How old its data were just before the last reading renewed them, in seconds: what a channel's buffer has to bear.",
    )
    def measured_lag(self, root: strawberry.Parent[Any]) -> Metric:
        seconds = root.measured_lag_seconds
        as_of = root.last_success_at or clock.now()
        return metric(None if seconds is None else round(seconds, 3), "second", as_of=as_of, reason="NO_DATA_YET")

    @field(only=_STATE, annotate=CONNECTED, description="What it is doing.")
    def state(self, root: strawberry.Parent[Any]) -> FeedState:
        state: FeedState = root.state_where(is_connected=root.is_connected) if hasattr(root, "is_connected") else root.state
        return state

    @field(only=_TIMES, annotate=MARKETPLACE, description="Whether it has brought nothing for longer than it may.")
    def is_stale(self, root: strawberry.Parent[Any]) -> bool:
        return stale_since(root, clock.now(), _plan(root)) is not None

    @field(only=_TIMES, annotate=MARKETPLACE, description="Since when it has brought nothing; null where it is not stale.")
    def stale_since(self, root: strawberry.Parent[Any]) -> dt.datetime | None:
        return stale_since(root, clock.now(), _plan(root))

    @field(only=_TIMES, annotate=MARKETPLACE, description="Seconds between two readings; null where nothing reads it.")
    def every_seconds(self, root: strawberry.Parent[Any]) -> int | None:
        return None if root.next_attempt_at is None else int(plans.every(root, _plan(root)).total_seconds())

    @field(
        only=["backfill_since", "backfill_done", "backfill_total", "backfill_finished_at"],
        description="How far the reading of the past has come; null where there is none.",
    )
    def progress(self, root: strawberry.Parent[Any]) -> FeedProgress | None:
        if root.backfill_since is None:
            return None
        done, total = (None if value is None else BigInt(value) for value in (root.backfill_done, root.backfill_total))
        return FeedProgress(since=root.backfill_since, done=done, total=total, finished_at=root.backfill_finished_at)

    @field(only=["error", "error_code", "error_at"], description="The last error; null after a success.")
    def last_error(self, root: strawberry.Parent[Any]) -> FeedError | None:
        return FeedError(code=root.error_code or "failed", message=told(root.error), at=root.error_at) if root.error else None


AuthorizationState = connecting_models.AuthorizationState
graphql_enum(
    AuthorizationState,
    "Whether an account may ask its platform.",
    {
        "NONE": ("Not authorised yet", "尚未授权"),
        "AUTHORISED": ("Authorised", "已授权"),
        "LOST": ("To be authorised again", "需要重新授权"),
        "DISCONNECTED": ("Disconnected by a person", "已由人工断开"),
    },
)


@strawberry_django.type(
    connecting_models.AccountAuthorization, description="Whether an account may ask its platform, and for how long. Tokens are never told."
)
class AccountAuthorization(Scoped):
    state: AuthorizationState = field(description="Whether it may.")
    subject: str = field(description="The shop or seller, as the platform calls it; empty where it did not say.")
    scope: str = field(description="What the platform allows, in its own words.")
    expires_at: dt.datetime | None = field(description="Until when the present token holds; it is renewed before.")
    refresh_expires_at: dt.datetime | None = field(description="Until when it can be renewed; null where there is no end.")

    @field(only=["reason"], description="Why it was lost, with what to do, in the language of the request; empty otherwise.")
    def reason(self, root: strawberry.Parent[Any]) -> str:
        return told(root.reason)

    reason_code: str = field(description="The reason as a word for programs; empty where there is none.")
    lost_at: dt.datetime | None = field(description="When it was lost.")


@strawberry_django.type(models.Account, description="One shop on one marketplace.")
class Account(Scoped, relay.Node, Editable):
    id: relay.NodeID[int]
    code: str = field(description="Its unique code.")
    name: str = field(description="Its name.")
    site: str = field(description="The marketplace's site, such as US, or empty.")
    time_zone: str = field(description="IANA zone of its business days.")
    currency: str = field(description="The currency it sells in, ISO 4217.")
    mode: AccountMode = field(description="Whether anything is pushed to the platform.")
    reduce_on: ReduceOn = field(description="When its orders take stock.")
    is_active: bool = field(description="Whether it is read.")
    baseline_at: dt.datetime | None = field(description="When its first warning cycle set the baseline.")
    feeds: list[Feed] = field(description="How fresh its data are, a feed for each kind.")
    authorization: AccountAuthorization | None = field(description="Whether it may ask its platform; null where nobody tried yet.")
    external_refs: list[ExternalRef] = external_refs("channels.account")

    @field(
        only=["baseline_summary", "code"],
        description="What it came with; null before that is known, or where the reader may not see alerts or all of the stock.",
    )
    def baseline(self, info: Info, root: strawberry.Parent[Any]) -> AccountBaseline | None:
        return baseline_of(info, root)

    @field(only=["marketplace", "code"], description="The path of its webhooks' address, for the platform; empty where it pushes nothing.")
    def webhook_path(self, root: strawberry.Parent[Any]) -> str:
        return webhook_path(root)

    @field(only=["marketplace"], description="The marketplace: plugins bring them.")
    def marketplace(self, root: strawberry.Parent[Any]) -> Slugged:
        return slugged(root.marketplace)


@strawberry_django.type(models.ListingComponent, description="Units of a SKU in a listing, within dates.")
class ListingComponent(Scoped):
    sku: Sku = field(description="What is delivered.")
    listing: Listing = field(description="By which listing.")
    qty: Quantity = field(description="Units that selling it once takes.")
    valid_from: dt.date | None = field(description="First day; a day of the account's zone.")
    valid_to: dt.date | None = field(description="Last day; a day of the account's zone.")


@strawberry_django.type(models.Listing, description="An offer on an account. Without components it is unmapped: kept, and linked later.")
class Listing(Scoped, relay.Node, Editable):
    id: relay.NodeID[int]
    account: Account = field(description="Where it is offered.")
    kind: str = field(description="What its code is: sku, asin, msku, product_id, sku_id, …")
    code: str = field(description="Its code, unique for its account and kind.")
    title: str = field(description="Its title.")
    status: str = field(description="Its state on the platform.")
    url: str = field(description="Its address, or empty.")
    first_seen_at: dt.datetime = field(description="When it was first read.")
    last_sold_at: dt.datetime | None = field(description="When it last sold.")
    components: list[ListingComponent] = field(description="What it delivers.")
    external_refs: list[ExternalRef] = external_refs("channels.listing")
