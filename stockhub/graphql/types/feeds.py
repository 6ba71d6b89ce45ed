"""What an account is fed with: how fresh each kind of its data is, what its readings do, and what hinders them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
import strawberry_django
from strawberry import relay
from strawberry_django import field

from stockhub.channels import feed_models, models
from stockhub.channels.feeds import plans
from stockhub.channels.feeds.staleness import stale_since
from stockhub.core import clock
from stockhub.graphql.labels import graphql_enum
from stockhub.graphql.metrics import Metric, metric
from stockhub.graphql.scalars import BigInt
from stockhub.graphql.types.editable import Scoped

if TYPE_CHECKING:
    from stockhub.graphql.types.channels import Account

FeedState = feed_models.FeedState
graphql_enum(
    FeedState,
    "What a feed is doing.",
    {
        "UNSCHEDULED": ("Brought by files and requests", "由文件或接口写入"),
        "WAITING": ("Waiting for its time", "等待下次读取"),
        "RUNNING": ("Being read", "正在读取"),
        "BACKFILLING": ("Reading the past", "正在回填历史"),
        "THROTTLED": ("Waiting, as the platform asks", "按平台要求等待"),
        "FAILING": ("Failed, will be tried again", "失败，将重试"),
        "CIRCUIT_OPEN": ("Left alone after several failures", "多次失败，暂停访问"),
        "REFUSED": ("Refused until something is changed", "被平台拒绝，需处理"),
        "PAUSED": ("Paused", "已暂停"),
        "NOT_CONNECTED": ("Not connected", "未连接"),
        "NOT_OFFERED": ("No longer brought by the connector", "连接器不再提供"),
        "NOT_KEPT": ("Not kept here yet", "尚无处存放"),
    },
)
#: What a state or an interval is reckoned from.
_ACCOUNT = ["account__is_active", "account__deleted_at", "account__marketplace", "account__authorization__state"]
_RELATED = ["account", "account__authorization"]
_STATE = [
    "hold", "is_paused", "next_attempt_at", "leased_by", "lease_until", "open_until", "consecutive_failures", "throttled_until",
    "backfill_since", "backfill_finished_at", *_ACCOUNT,
]  # fmt: skip
_TIMES = ["kind", "hold", "every_seconds", "next_attempt_at", "last_success_at", "scheduled_at", *_ACCOUNT]


@strawberry.type(description="How far the reading of the past has come.")
class FeedProgress:
    since: dt.datetime = strawberry.field(description="From when on it is read.")
    done: BigInt | None = strawberry.field(description="What is read, as the platform counts; records where it does not.")
    total: BigInt | None = strawberry.field(description="Of how many; null where nobody knows.")
    finished_at: dt.datetime | None = strawberry.field(description="When it was done; null while it is not.")


@strawberry.type(description="The last error of a feed.")
class FeedError:
    code: str = strawberry.field(description="For programs.")
    message: str = strawberry.field(description="What happened and what to do.")
    at: dt.datetime | None = strawberry.field(description="When it happened last.")


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
    account: Annotated[Account, strawberry.lazy("stockhub.graphql.types.channels")] = field(description="Whose data.")

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

    @field(only=_STATE, select_related=_RELATED, description="What it is doing.")
    def state(self, root: strawberry.Parent[Any]) -> FeedState:
        state: FeedState = root.state
        return state

    @field(only=_TIMES, select_related=_RELATED, description="Whether it has brought nothing for longer than it may.")
    def is_stale(self, root: strawberry.Parent[Any]) -> bool:
        return stale_since(root, clock.now()) is not None

    @field(only=_TIMES, select_related=_RELATED, description="Since when it has brought nothing; null where it is not stale.")
    def stale_since(self, root: strawberry.Parent[Any]) -> dt.datetime | None:
        return stale_since(root, clock.now())

    @field(only=_TIMES, select_related=_RELATED, description="Seconds between two readings; null where nothing reads it.")
    def every_seconds(self, root: strawberry.Parent[Any]) -> int | None:
        return None if root.next_attempt_at is None else int(plans.every(root, plans.plan_of(root)).total_seconds())

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
        return FeedError(code=root.error_code or "failed", message=root.error, at=root.error_at) if root.error else None
