"""What a feed is doing, how far it has come, and what hinders it."""

from __future__ import annotations

import datetime as dt

import strawberry

from stockhub.channels import feed_models
from stockhub.graphql.labels import graphql_enum
from stockhub.graphql.scalars import BigInt

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
