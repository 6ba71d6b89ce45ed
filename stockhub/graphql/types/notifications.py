"""How people hear of alerts: channels, endpoints, who is told of what, what was sent, and what is to be done."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
import strawberry_django
from django.db.models import QuerySet
from strawberry import relay
from strawberry.scalars import JSON
from strawberry_django import field

from stockhub.alerts import models as alerts
from stockhub.alerts.response_steps import text_of
from stockhub.graphql.labels import Slugged, graphql_enum, slugged
from stockhub.graphql.types.alerts import AlertSide
from stockhub.graphql.types.editable import Editable, Person, Scoped, person
from stockhub.outbox import models
from stockhub.outbox.spoken import told as told_error
from stockhub.pluginapi import Notifier as NotifierProvider
from stockhub.pluginhost.configuration import Stored, secrets_set
from stockhub.pluginhost.notifying import notifiers

EndpointDigest = models.Digest
graphql_enum(
    EndpointDigest,
    "When an endpoint is told of what is not urgent.",
    {
        "IMMEDIATE": ("At once", "立即"),
        "HOURLY": ("Gathered, every hour", "每小时汇总"),
        "DAILY": ("Gathered, once a day", "每日汇总"),
    },
)
DeliveryStatus = models.DeliveryStatus
graphql_enum(
    DeliveryStatus,
    "What became of a message.",
    {
        "DUE": ("Due", "待发送"),
        "LEASED": ("Being delivered", "发送中"),
        "DELIVERED": ("Delivered", "已送达"),
        "DEAD": ("Given up", "已放弃"),
    },
)
_PERSON: dict[str, Any] = {"only": ["user__username", "user__first_name", "user__last_name"], "select_related": ["user"]}


@strawberry.type(description="A way to reach people or systems. Plugins add some.")
class Notifier:
    notifier: Slugged = strawberry.field(description="Which channel.")
    config_schema: JSON = strawberry.field(description="JSON Schema of what an endpoint of it needs, secrets among it.")
    per_minute: int | None = strawberry.field(description="Messages that one endpoint bears within a minute; null for no limit.")
    max_items: int = strawberry.field(description="Alerts that one message lists; the rest is counted.")
    attaches_reports: bool = strawberry.field(description="Whether the stock report goes along whole.")

    @classmethod
    def of(cls, provider: NotifierProvider) -> Notifier:
        limits = provider.limits
        return cls(
            notifier=slugged(provider.slug, provider.name), config_schema=JSON(provider.endpoint_model.model_json_schema()),
            per_minute=limits.per_minute, max_items=limits.max_items, attaches_reports=limits.attaches_reports,
        )  # fmt: skip


@strawberry_django.type(models.Endpoint, description="One place that messages go to. Its secrets go in and never come out.")
class Endpoint(Scoped, Editable, relay.Node):
    id: relay.NodeID[int]
    name: str = field(description="What people call it, unique but for people's own.")
    language: str = field(description="The language of its messages: en or zh-hans.")
    time_zone: str = field(description="The zone of its hours.")
    is_active: bool = field(description="Whether anything is sent there.")
    digest: EndpointDigest = field(description="When it is told of what is not urgent.")
    digest_hour: int = field(description="The hour of a daily digest, in its zone.")
    urgent_level: int = field(description="From this level on alerts come at once, in quiet hours too; 4 is never.")
    config: JSON = field(description="Its configuration without the secrets.")
    next_attempt_at: dt.datetime | None = field(description="Nothing is sent there before: it is paced, or it kept failing.")
    consecutive_failures: int = field(description="Failures in a row.")
    last_ok_at: dt.datetime | None = field(description="When a message last arrived.")
    last_error_at: dt.datetime | None = field(description="When one last failed.")

    @field(only=["last_error"], description="How it failed, in the language of the request as far as StockHub says it, or empty.")
    def last_error(self, root: strawberry.Parent[Any]) -> str:
        return told_error(root.last_error)

    @field(only=["notifier"], description="Its channel.")
    def notifier(self, root: strawberry.Parent[Any]) -> Slugged:
        provider = notifiers().get(root.notifier)
        return slugged(root.notifier, provider.name if provider else None)

    @field(only=["notifier", "config", "secrets"], description="Names of the secrets that it has.")
    def secrets_set(self, root: strawberry.Parent[Any]) -> list[str]:
        provider = notifiers().get(root.notifier)
        return sorted(secrets_set(provider.endpoint_model, Stored(root.config, bytes(root.secrets)))) if provider else []

    @field(only=["quiet_from"], description="When its quiet hours begin, such as 22:00, in its zone; null for none.")
    def quiet_from(self, root: strawberry.Parent[Any]) -> str | None:
        return root.quiet_from.isoformat("minutes") if root.quiet_from else None

    @field(only=["quiet_until"], description="When they end, such as 07:00.")
    def quiet_until(self, root: strawberry.Parent[Any]) -> str | None:
        return root.quiet_until.isoformat("minutes") if root.quiet_until else None

    @field(**_PERSON, description="Whose own it is; null for one of the company.")
    def user(self, root: strawberry.Parent[Any]) -> Person | None:
        return person(root.user)


@strawberry_django.type(models.Delivery, description="One message to one recipient: tried again until it arrives or is given up.")
class Delivery(Scoped, relay.Node):
    id: relay.NodeID[int]
    channel: str = field(description="The slug of its notifier.")
    recipient: str = field(description="A mail address, or the endpoint's name.")
    endpoint: Endpoint | None = field(description="Where it goes; null for a mail to an address that is no endpoint.")
    subject: str = field(description="What it is about.")
    body: str = field(description="The message as plain lines.")
    level: int | None = field(description="The level of the worst that it tells; null where it tells of no alert.")
    status: DeliveryStatus = field(description="What became of it.")
    attempts: int = field(description="How often it was tried.")

    @field(only=["error"], description="How the last attempt failed, in the language of the request as far as StockHub says it, or empty.")
    def error(self, root: strawberry.Parent[Any]) -> str:
        return told_error(root.error)

    reference: str = field(description="What the receiver calls it, or empty.")
    next_attempt_at: dt.datetime = field(description="When it is tried next, while it is due.")
    created_at: dt.datetime = field(description="When it was written.")
    delivered_at: dt.datetime | None = field(description="When it arrived.")


@strawberry_django.type(alerts.Subscription, description="Who is told of which alerts; empty lists mean all.")
class AlertSubscription(Scoped, relay.Node):
    id: relay.NodeID[int]
    name: str = field(description="What it is for, or empty.")
    endpoint: Endpoint | None = field(description="The endpoint that is told; null where a person or a role is.")
    min_level: int = field(description="From this level on.")
    max_level: int = field(description="Up to this level.")
    kinds: list[str] = field(description="Slugs of the kinds.")
    is_active: bool = field(description="Whether it holds.")

    @field(only=["sides"], description="The sides.")
    def sides(self, root: strawberry.Parent[Any]) -> list[AlertSide]:
        return [AlertSide(side) for side in root.sides or []]

    @field(**_PERSON, description="The person who is told, of what he may see.")
    def user(self, root: strawberry.Parent[Any]) -> Person | None:
        return person(root.user)

    @field(only=["role__name"], select_related=["role"], description="The role whose members are told, each of what he may see.")
    def role(self, root: strawberry.Parent[Any]) -> str | None:
        return root.role.name if root.role else None

    @field(prefetch_related=["accounts"], description="Codes of the accounts.")
    def accounts(self, root: strawberry.Parent[Any]) -> list[str]:
        return sorted(account.code for account in root.accounts.all())

    @field(prefetch_related=["pools"], description="Codes of the pools.")
    def pools(self, root: strawberry.Parent[Any]) -> list[str]:
        return sorted(pool.code for pool in root.pools.all())

    @field(prefetch_related=["categories"], description="Codes of the categories, with all beneath them.")
    def categories(self, root: strawberry.Parent[Any]) -> list[str]:
        return sorted(category.code for category in root.categories.all())


@strawberry_django.type(alerts.ResponseStep, description="Something that an alert of level 2 or 3 asks people to do.")
class ResponseStep(Scoped, relay.Node):
    id: relay.NodeID[int]
    level: int = field(description="The level that asks for it.")
    recorded_at: dt.datetime = field(description="Since when it is asked for.")
    done_at: dt.datetime | None = field(description="When somebody said that it is done.")
    done_by: str = field(description="Who, or empty.")
    note: str = field(description="What he said of it, or empty.")

    @field(only=["step", "level"], description="What is to be done, in the language of the request.")
    def step(self, root: strawberry.Parent[Any]) -> Slugged:
        return Slugged(slug=root.step, label=text_of(root.step), severity=root.level)

    @classmethod
    def get_queryset(cls, queryset: QuerySet[Any], info: strawberry.Info, **_: object) -> QuerySet[Any]:
        return super().get_queryset(queryset, info).order_by("pk")
