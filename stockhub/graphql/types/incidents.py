"""Incidents: alerts with one cause, and what became of alerts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import strawberry
import strawberry_django
from django.conf import settings
from strawberry import relay
from strawberry_django import field

from stockhub.alerts import models
from stockhub.alerts.incidents import models as incidents
from stockhub.alerts.incidents.wording import cause_text, incident_headline
from stockhub.graphql.labels import graphql_enum
from stockhub.graphql.metrics import Metric, metric
from stockhub.graphql.types.catalog import Sku, StockPool
from stockhub.graphql.types.editable import Person, Scoped, person

IncidentCause = incidents.IncidentCause
graphql_enum(
    IncidentCause,
    "What the alerts of an incident have in common.",
    {
        "LATE_SUPPLIER": ("A supplier delivers late", "供应商延迟交货"),
        "CAMPAIGN": ("A campaign sells more than there is", "活动销量超出库存"),
        "STALE_FEED": ("A feed stands still", "数据源停滞"),
        "CATEGORY": ("A category piles up", "品类积压"),
        "POOL": ("Many at once in one pool", "同一库存池集中预警"),
    },
)
IncidentStatus = incidents.IncidentStatus
graphql_enum(
    IncidentStatus,
    "What has been done about an incident.",
    {"OPEN": ("Open", "待处理"), "ACKNOWLEDGED": ("Acknowledged", "已确认"), "RESOLVED": ("Resolved", "已解决")},
)
AlertOutcomeKind = models.Outcome
graphql_enum(
    AlertOutcomeKind,
    "What became of an alert. Right are TRUE_POSITIVE and AVERTED, wrong is FALSE_POSITIVE; the others count nowhere.",
    {
        "TRUE_POSITIVE": ("It came true", "预警正确"),
        "AVERTED": ("It was averted", "已避免"),
        "FALSE_POSITIVE": ("It was wrong", "误报"),
        "LATE": ("It came too late", "预警过晚"),
        "CENSORED": ("It cannot be told", "无法判定"),
    },
)
StockoutOutcome = models.StockoutOutcome
graphql_enum(
    StockoutOutcome,
    "Whether an alert foresaw a stock-out.",
    {
        "DETECTED": ("Foreseen", "已预警"),
        "MISSED": ("Missed", "漏报"),
        "UNFORESEEABLE": ("Before the watch began", "预警启用前"),
        "WITHDRAWN": ("There was none after all", "已撤销"),
    },
)
LabelReason = models.LabelReason
graphql_enum(
    LabelReason,
    "Why a version of an outcome was written.",
    {"KNOWN": ("It became known", "结果已知"), "ENDED": ("The stock-out ended", "断货结束"), "LATE_FACTS": ("Facts came late", "事实迟到")},
)


@strawberry_django.type(incidents.IncidentEvent, description="One line of an incident's timeline.")
class IncidentEvent:
    what: str = field(
        description="opened, joined, left, acknowledged, started, assigned, snoozed, false_alarm, escalated, resolved or reopened."
    )
    count: int = field(description="How many alerts it happened to.")
    note: str = field(description="Why, in words, or empty.")
    actor: str = field(description="Who took it: a user, or a cycle.")
    occurred_at: dt.datetime = field(description="When.")


@strawberry_django.type(incidents.Incident, description="Alerts with one cause: at most one that is not resolved for each cause.")
class Incident(Scoped, relay.Node):
    id: relay.NodeID[int]
    cause: IncidentCause = field(description="What its alerts have in common.")
    key: str = field(description="What the cause is, such as supplier:12.")
    status: IncidentStatus = field(description="What has been done about it.")
    level: int = field(description="The worst level of its open alerts.")
    alert_count: int = field(description="Alerts that ever joined.")
    open_count: int = field(description="Of them those that are open.")
    opened_at: dt.datetime = field(description="When it was found.")
    acknowledged_at: dt.datetime | None = field(description="When somebody said that he had seen it.")
    acknowledged_by: str = field(description="Who had seen it, or empty.")
    resolved_at: dt.datetime | None = field(description="When its last alert ended.")
    acknowledge_by_at: dt.datetime | None = field(
        description="By when it is to be seen: no later than any of its alerts. Null before its clocks are set."
    )
    resolve_by_at: dt.datetime | None = field(description="By when it is to be settled.")
    version: int = field(description="Counts up with every change; a step takes it as `expectedVersion`.")
    updated_at: dt.datetime = field(description="When it last changed.")
    timeline: list[IncidentEvent] = field(field_name="events", description="What happened to it, from the first on.")

    @field(only=["cause", "inputs"], description="The cause by name, in the language of the request.")
    def cause_text(self, root: strawberry.Parent[Any]) -> str:
        return cause_text(root)

    @field(
        only=["cause", "inputs", "open_count", "alert_count", "money_amount"],
        description="One line about it, in the language of the request.",
    )
    def headline(self, root: strawberry.Parent[Any]) -> str:
        return incident_headline(root)

    @field(only=["money_amount", "updated_at"], description="Of each SKU and pool the worst open alert, added up, in the base currency.")
    def money(self, root: strawberry.Parent[Any]) -> Metric:
        return metric(root.money_amount, settings.STOCKHUB_BASE_CURRENCY, as_of=root.updated_at, reason="NOT_VALUED")

    @field(
        only=["owner__username", "owner__first_name", "owner__last_name"], select_related=["owner"], description="Who has to deal with it."
    )
    def owner(self, root: strawberry.Parent[Any]) -> Person | None:
        return person(root.owner)

    @field(
        only=["escalated_to__username", "escalated_to__first_name", "escalated_to__last_name"],
        select_related=["escalated_to"],
        description="Whom it was passed on to because it is overdue.",
    )
    def escalated_to(self, root: strawberry.Parent[Any]) -> Person | None:
        return person(root.escalated_to)


@strawberry_django.type(models.AlertOutcome, description="What became of an alert as it was raised on a day.")
class AlertOutcome:
    raised_on: dt.date = field(description="The day: of its opening, or a later one on which it was still open and so counts again.")
    outcome: AlertOutcomeKind = field(description="What became of it.")
    horizon_days: int = field(description="The days after `raisedOn` in which it could come true.")
    onset_on: dt.date | None = field(description="The first day of the stock-out that it foresaw.")
    lead_days: int | None = field(description="How many days ahead it did.")
    is_actionable: bool | None = field(description="Whether the fastest delivery would have come in time; null where nothing came.")
    version: int = field(description="1, and one more whenever late facts said otherwise.")
    is_current: bool = field(description="Whether it is what is known now.")
    reason: LabelReason = field(description="Why this version was written.")
    recorded_at: dt.datetime = field(description="When it was written.")


@strawberry_django.type(models.StockoutEvent, description="A stock-out of a SKU that sells, and whether an alert foresaw it.")
class StockoutEvent(Scoped, relay.Node):
    id: relay.NodeID[int]
    sku: Sku = field(description="The SKU.")
    pool: StockPool = field(description="The stock that ran out.")
    onset_on: dt.date = field(description="Its first day.")
    ended_on: dt.date | None = field(description="Its last day; null while it lasts.")
    outcome: StockoutOutcome = field(description="Whether an alert foresaw it.")
    lead_days: int | None = field(description="How many days ahead the first alert did.")
    is_actionable: bool | None = field(description="Whether the fastest delivery would have come in time.")
    version: int = field(description="1, and one more whenever it ended or late facts said otherwise.")
    reason: LabelReason = field(description="Why this version was written.")
    recorded_at: dt.datetime = field(description="When it was written.")

    @field(only=["lost_units", "recorded_at"], description="Units that were not sold for lack of stock.")
    def lost_units(self, root: strawberry.Parent[Any]) -> Metric:
        value = None if root.lost_units is None else Decimal(str(root.lost_units))
        return metric(value, "unit", as_of=root.recorded_at, reason="NOT_ENDED")

    @field(only=["lost_amount", "recorded_at"], description="What they would have sold for, in the base currency.")
    def lost_sales(self, root: strawberry.Parent[Any]) -> Metric:
        return metric(root.lost_amount, settings.STOCKHUB_BASE_CURRENCY, as_of=root.recorded_at, reason="NOT_VALUED")


@strawberry.type(description="What became of the alerts of one rule.")
class RuleOutcomes:
    kind: str = strawberry.field(description="The rule's slug.")
    label: str = strawberry.field(description="Its name, in the language of the request.")
    true_positive: int = strawberry.field(description="Came true.")
    averted: int = strawberry.field(description="Would have come true without what was done.")
    false_positive: int = strawberry.field(description="Were wrong.")
    late: int = strawberry.field(description="Came too late.")
    censored: int = strawberry.field(description="Cannot be told.")
    precision: Metric = strawberry.field(description="Right ones among right and wrong ones.")


@strawberry.type(description="How many stock-outs were foreseen.")
class StockoutCounts:
    detected: int = strawberry.field(description="Foreseen at least a day ahead.")
    actionable: int = strawberry.field(description="Of them those foreseen as early as the fastest delivery takes.")
    missed: int = strawberry.field(description="Not foreseen.")
    recall: Metric = strawberry.field(description="Foreseen ones among all.")
