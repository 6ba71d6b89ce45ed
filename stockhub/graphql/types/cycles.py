"""Runs of the cycles, and the plugins that take part in them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
import strawberry_django
from django.db.models import Count, Q
from strawberry import relay
from strawberry.scalars import JSON
from strawberry_django import field

from stockhub.cycles import models, registry
from stockhub.graphql.labels import Slugged, graphql_enum, language, slugged
from stockhub.graphql.scalars import BigInt
from stockhub.pluginhost import models as plugins
from stockhub.values import Label

CycleStatus = models.CycleStatus
graphql_enum(
    CycleStatus,
    "How far a run of a cycle is.",
    {
        "DUE": ("Due", "待运行"),
        "RUNNING": ("Running", "运行中"),
        "DONE": ("Done", "完成"),
        "PARTIAL": ("Done with errors", "完成但有错误"),
        "FAILED": ("Failed", "失败"),
        "CANCELLED": ("Cancelled", "已取消"),
    },
)
PluginStatus = plugins.PluginStatus
graphql_enum(
    PluginStatus,
    "Whether a plugin takes part, and if not, why.",
    {
        "ACTIVE": ("Active", "已启用"),
        "DISABLED": ("Switched off", "已停用"),
        "NEEDS_CONFIG": ("Needs configuration", "需要配置"),
        "INCOMPATIBLE": ("Needs another API version", "接口版本不兼容"),
        "REFUSED": ("Refused", "已拒绝"),
        "BROKEN": ("Broken", "已损坏"),
        "MISSING": ("No longer installed", "已不存在"),
    },
)


@strawberry_django.type(models.Cycle, description="One run of a named cycle.")
class Cycle(relay.Node):
    id: relay.NodeID[int]
    slot_at: dt.datetime = field(description="The moment that the run is for.")
    as_of: dt.datetime = field(description="What the run took for now.")
    status: CycleStatus = field(description="How far it is.")
    requested_by: str = field(description="Who asked for it.")
    created_at: dt.datetime = field(description="When it was asked for.")
    started_at: dt.datetime | None = field(description="When it began.")
    finished_at: dt.datetime | None = field(description="When it ended.")
    counts: JSON = field(description="What it read and changed, by name.")
    seconds: JSON = field(description="Seconds of each step, by name, over all its parts.")

    @field(annotate={"chunk_total": Count("chunks", distinct=True)}, description="Into how many parts it was cut; 0 until it is planned.")
    def chunk_count(self, root: strawberry.Parent[Any]) -> int:
        return int(root.chunk_total)

    @field(
        annotate={"done_total": Count("chunks", filter=Q(chunks__status=models.ChunkStatus.DONE), distinct=True)},
        description="How many of its parts are done.",
    )
    def chunks_done(self, root: strawberry.Parent[Any]) -> int:
        return int(root.done_total)

    @field(
        only=["message", "message_lines"],
        description="What an operator should know, a sentence a line in the language of the request, or empty.",
    )
    def message(self, root: strawberry.Parent[Any]) -> str:
        return str(root.told_message)

    @field(only=["name"], description="Which cycle: warnings, forecast, …")
    def name(self, root: strawberry.Parent[Any]) -> Slugged:
        known = root.name in registry.names()
        return slugged(root.name, registry.get(root.name).label if known else None)


@strawberry_django.type(plugins.Provider, description="One thing that a plugin brings, and how it does.")
class Provider(relay.Node):
    id: relay.NodeID[int]
    kind: str = field(description="forecaster, alert_rule, marketplace, …")
    slug: str = field(description="Its slug, unique for its kind.")
    consecutive_failures: int = field(description="Failures in a row.")
    open_until: dt.datetime | None = field(description="Until when its circuit is open: it is not called before.")
    last_ok_at: dt.datetime | None = field(description="When it last succeeded.")
    last_error_at: dt.datetime | None = field(description="When it last failed.")
    last_error: str = field(description="How it last failed, or empty.")

    @field(only=["calls"], description="How often it was called.")
    def calls(self, root: strawberry.Parent[Any]) -> BigInt:
        return BigInt(root.calls)

    @field(only=["failures"], description="How often it failed.")
    def failures(self, root: strawberry.Parent[Any]) -> BigInt:
        return BigInt(root.failures)


@strawberry_django.type(plugins.Plugin, description="One installed plugin.")
class Plugin(relay.Node):
    id: relay.NodeID[int]
    slug: str = field(description="Its slug.")
    entry_point: str = field(description="<distribution>:<name>")
    plugin_version: str = field(description="Its own version.")
    requires_api: str = field(description="The API versions that it works with.")
    enabled: bool = field(description="Whether an operator has it switched on.")
    status: PluginStatus = field(description="Whether it takes part.")
    reason: str = field(description="Why it does not, or empty.")
    config_schema: JSON = field(description="JSON Schema of its configuration. Values, secrets above all, are not here.")
    discovered_at: dt.datetime = field(description="When it was last found.")
    providers: list[Provider] = field(description="What it brings.")

    @field(only=["name_en", "name_zh", "slug"], description="Its name, in the language of the request.")
    def name(self, root: strawberry.Parent[Any]) -> str:
        return Label(root.name_en, root.name_zh).text(language()) or str(root.slug)
