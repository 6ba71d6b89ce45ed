"""Alerts: what is wrong, since when, what it costs, who has it, and the numbers that prove it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
import strawberry_django
from django.conf import settings
from django.db.models import F, Model
from strawberry import Info, relay
from strawberry_django import field

from stockhub.access.scopes import visible_account_ids
from stockhub.alerts import live_selling, models, proposal_effects, remedies, substitutes
from stockhub.alerts.excess_saving import as_seen_by, saving_reason
from stockhub.alerts.explanations import explanations_of, labels_of
from stockhub.alerts.inbox import is_overdue
from stockhub.alerts.life import states
from stockhub.alerts.projected import LABELS as PROJECTED_LABELS
from stockhub.alerts.projected import actual_of, projected_of
from stockhub.alerts.selectors import kind_info, proposal_of
from stockhub.alerts.wording import headline
from stockhub.catalog import models as catalog
from stockhub.core import clock
from stockhub.graphql.context import user_of
from stockhub.graphql.labels import Slugged, graphql_enum
from stockhub.graphql.metrics import Explain, Metric, from_value, metric
from stockhub.graphql.pagination import beside
from stockhub.graphql.scalars import Quantity
from stockhub.graphql.types.baselines import visible_pools
from stockhub.graphql.types.catalog import Sku, StockPool
from stockhub.graphql.types.editable import Person, Scoped, person
from stockhub.graphql.types.incidents import AlertOutcome, Incident
from stockhub.values import Label

if TYPE_CHECKING:
    from stockhub.graphql.types.notifications import ResponseStep

AlertSide = models.Side
graphql_enum(
    AlertSide,
    "Which of the two fears an alert speaks of, or that the data are in doubt.",
    {"SHORTAGE": ("Shortage", "缺货"), "EXCESS": ("Excess", "积压"), "DATA": ("Data", "数据")},
)
AlertStatus = models.AlertStatus
graphql_enum(
    AlertStatus,
    "What has been done about an alert.",
    {
        "OPEN": ("Open", "待处理"),
        "ACKNOWLEDGED": ("Acknowledged", "已确认"),
        "IN_PROGRESS": ("In progress", "处理中"),
        "SNOOZED": ("Snoozed", "已暂缓"),
        "RESOLVED": ("Resolved", "已解决"),
    },
)
AlertState = states.AlertState
graphql_enum(
    AlertState,
    "Where an alert stands, or how it ended.",
    {
        "OPEN": ("Open", "待处理"),
        "ACKNOWLEDGED": ("Acknowledged", "已确认"),
        "IN_PROGRESS": ("In progress", "处理中"),
        "SNOOZED": ("Snoozed", "已暂缓"),
        "RESOLVED": ("Resolved", "已解决"),
        "EXPIRED": ("Expired", "已失效"),
        "FALSE_ALARM": ("False alarm", "误报"),
    },
)
FalseAlarmCause = models.FalseAlarmCause
graphql_enum(
    FalseAlarmCause,
    "Why an alert was wrong.",
    {
        "LATE_DELIVERY": ("A delivery was late", "到货延迟"),
        "PROMOTION_NOT_KNOWN": ("A promotion was not known", "促销未登记"),
        "WRONG_DATA": ("The data were wrong", "数据有误"),
        "THRESHOLD_TOO_TIGHT": ("The threshold is too tight", "阈值过严"),
        "FORECAST_TOO_HIGH": ("The forecast was too high", "预测偏高"),
        "FORECAST_TOO_LOW": ("The forecast was too low", "预测偏低"),
        "ALREADY_HANDLED": ("It was dealt with already", "已处理过"),
        "OTHER": ("Something else", "其他原因"),
    },
)

#: What every number of an alert needs; the formulas of a page are a handful of rows, read once.
_NUMBERS: dict[str, Any] = {"prefetch_related": ["template"]}
_BASE = ["template_id", "inputs", "evaluated_at"]


@strawberry.type(description="A live room or an author behind a burst.")
class LiveSeller:
    account: str = strawberry.field(description="The account's code.")
    room: str = strawberry.field(description="The platform's id of the room, or empty.")
    author: str = strawberry.field(description="The platform's id of the author, or empty.")
    units: Quantity = strawberry.field(description="Units in the minutes that the alert's pace was taken from.")


@strawberry.type(description="A SKU that can be sold in place of one that runs out.")
class Substitute:
    code: str = strawberry.field(description="The substitute's code.")
    name: str = strawberry.field(description="What it is called.")
    units: Quantity = strawberry.field(description="Units of it that the same pool has to sell.")


@strawberry.type(description="One thing that can be done about an excess.")
class Remedy:
    found: strawberry.Private[remedies.Remedy]
    names: strawberry.Private[dict[str, Label]]

    @strawberry.field(description="promotion, transfer or purchase-pause.")
    def slug(self) -> str:
        return self.found.slug

    @strawberry.field(description="What it is called, in the language of the request.")
    def label(self) -> str:
        return self.found.label

    @strawberry.field(
        description="The money that it brings against leaving the stock alone, in the base currency; below zero where it costs "
        "more than it brings. A transfer's freight is not in it."
    )
    def effect(self) -> Metric:
        return from_value(self.found.effect, self.names)


@strawberry_django.type(models.AlertEvent, description="One step in an alert's life.")
class AlertEvent:
    level: int = field(description="The alert's level after it.")
    note: str = field(description="Why, in words, or empty.")
    actor: str = field(description="Who took it: a user, or a cycle.")
    occurred_at: dt.datetime = field(description="When.")

    @field(
        only=["what"],
        description="opened, raised, lowered, acknowledged, started, snoozed, woken, assigned, "
        "escalated, joined, resolved, expired or false_alarm.",
    )
    def what(self, root: strawberry.Parent[Any]) -> str:
        return str(root.what)


@strawberry_django.type(models.Alert, description="What is wrong: at most one that is not resolved for each kind and subject.")
class Alert(Scoped, relay.Node):
    id: relay.NodeID[int]
    subject: str = field(description="What it is about: <SKU id>:<pool id>, rule:<slug> or account:<id>.")
    sku: Sku | None = field(description="The SKU, where it is about one.")
    pool: StockPool | None = field(description="The stock that it is about.")
    side: AlertSide = field(description="Shortage, excess or data.")
    level: int = field(description="From 1 (notice) to 3 (act now).")
    status: AlertStatus = field(description="What has been done about it.")
    is_baseline: bool = field(description="Whether it was there when its account was new.")
    due_on: dt.date | None = field(description="The last day on which acting helps; a day of the pool's zone.")
    held_reason: str | None = field(
        description="Why nothing may act on it by itself: IN_DISPUTE while its stock is in dispute, DONOR_IN_DISPUTE while that of the "
        "pool is that units would be moved from, DOUBTFUL_DATA where its data contradict each other or are old; null where something may."
    )
    message: str = field(description="Words of alerts that are not about numbers, or empty.")
    evaluated_at: dt.datetime = field(description="The moment whose facts its numbers were made of.")
    opened_at: dt.datetime = field(description="When it was found.")
    level_since_at: dt.datetime = field(description="Since when it has its level.")
    acknowledged_at: dt.datetime | None = field(description="When somebody said that he had seen it.")
    acknowledged_by: str = field(description="Who had seen it, or empty.")
    snoozed_until_at: dt.datetime | None = field(description="Until when it is left alone.")
    snooze_reason: str = field(description="Why it is left alone, or empty.")
    resolved_at: dt.datetime | None = field(description="When it was dealt with, or went away.")
    resolved_by: str = field(description="Who dealt with it, or empty.")
    resolution: str = field(description="How it was dealt with, or empty.")
    started_at: dt.datetime | None = field(description="When somebody went to work on it.")
    started_by: str | None = field(description="Who did, or null.")
    false_alarm_cause: FalseAlarmCause | None = field(description="Why it was wrong; null where nobody said that it was.")
    acknowledge_by_at: dt.datetime | None = field(description="By when somebody has to have seen it; null without a clock.")
    resolve_by_at: dt.datetime | None = field(description="By when it has to be settled; null without a clock.")
    incident: Incident | None = field(
        description="What it has in common with others; null where nothing, or the user sees not all of them."
    )
    outcomes: list[AlertOutcome] = field(description="What became of it: every version of each time that it was raised.")
    version: int = field(description="Counts up with every change; an update takes it as `expectedVersion`.")
    updated_at: dt.datetime = field(description="When it last changed.")
    history: list[AlertEvent] = field(field_name="events", description="Every step in its life, from the first on.")
    response_steps: list[Annotated[ResponseStep, strawberry.lazy("stockhub.graphql.types.notifications")]] = field(
        description="What it asks people to do; empty below level 2."
    )

    @field(
        only=["kind", "sku_id", "pool_id", "evaluated_at"],
        description="Which live rooms and authors sell its SKU, the most units first; none where it is not about a burst.",
    )
    def live_sellers(self, info: Info, root: strawberry.Parent[Any]) -> list[LiveSeller]:
        known: dict[int, list[live_selling.LiveSeller]] = info.context.memo.setdefault("live sellers", {})
        if root.pk not in known:
            known |= live_selling.sellers_of(beside(info, root), seen=visible_account_ids(user_of(info)))
        return [LiveSeller(account=each.account, room=each.room, author=each.author, units=Quantity(each.units)) for each in known[root.pk]]

    @field(
        only=["side", "sku_id", "pool_id"],
        description="Which substitutes of its SKU its pool has stock of, the most units first; none where it is not about a shortage.",
    )
    def substitutes(self, info: Info, root: strawberry.Parent[Any]) -> list[Substitute]:
        known: dict[int, list[substitutes.Substitute]] = info.context.memo.setdefault("substitutes", {})
        if root.pk not in known:
            known |= substitutes.substitutes_of(beside(info, root))
        return [Substitute(code=each.code, name=each.name, units=Quantity(each.units)) for each in known[root.pk]]

    @field(
        only=["side", "pool_id", *_BASE],
        **_NUMBERS,
        description="Promotion, transfer and purchase pause, each with its money; none where it is not about too much of a SKU.",
    )
    def remedies(self, info: Info, root: strawberry.Parent[Any]) -> list[Remedy]:
        found = remedies.remedies_of(root, pools=visible_pools(info), trees=_explanations(root))
        return [Remedy(found=each, names=labels_of(root)) for each in found]

    @field(
        only=["side", "pool_id", "kind", *_BASE],
        **_NUMBERS,
        description="What the proposal of an alert about too much brings against leaving the stock alone, in the base currency, or why "
        "nobody can tell; null where it proposes nothing that money could tell.",
    )
    def proposal_effect(self, info: Info, root: strawberry.Parent[Any]) -> Metric | None:
        trees = _explanations(root)
        found = proposal_effects.proposal_effect(root, remedies.remedies_of(root, pools=visible_pools(info), trees=trees), trees)
        return None if found is None else from_value(found, labels_of(root))

    @field(only=["kind", "level"], description="Which rule raised it: plugins add kinds. Its severity is the alert's level.")
    def kind(self, root: strawberry.Parent[Any]) -> Slugged:
        info = kind_info(root.kind)
        return Slugged(slug=info.slug, label=info.label, severity=root.level)

    @field(only=["value", "unit", *_BASE], **_NUMBERS, description="The number that it is about.")
    def value(self, root: strawberry.Parent[Any]) -> Metric:
        return metric(root.value, root.unit or "unit", as_of=root.evaluated_at, reason="NO_NUMBER", explain=_explain(root, "value"))

    @field(only=["money_amount", "money_reason", *_BASE], **_NUMBERS, description="What ignoring it costs, in the base currency.")
    def money(self, root: strawberry.Parent[Any]) -> Metric:
        reason = root.money_reason or "NOT_VALUED"
        unit = settings.STOCKHUB_BASE_CURRENCY
        return metric(root.money_amount, unit, as_of=root.evaluated_at, reason=reason, explain=_explain(root, "money"))

    @field(only=["kind", "inputs"], description="What the rule proposes and why, in the language of the request; empty where nothing.")
    def proposal(self, root: strawberry.Parent[Any]) -> str:
        return proposal_of(root)

    @field(
        only=["saving_amount", "money_reason", "side", *_BASE],
        **_NUMBERS,
        description="The part of that which the best action of now still saves, in the base currency.",
    )
    def saving(self, info: Info, root: strawberry.Parent[Any]) -> Metric:
        seen = as_seen_by(root, visible_pools(info))
        if seen is not root:
            # Its formulas have other numbers than those that were made for the alert's other fields.
            seen.__dict__.pop("_explanations", None)
        unit, reason = settings.STOCKHUB_BASE_CURRENCY, saving_reason(seen)
        return metric(seen.saving_amount, unit, as_of=seen.evaluated_at, reason=reason, explain=_explain(seen, "saving"))

    @field(only=_BASE, **_NUMBERS, description="Days from `asOf` until it is too late; below zero where it is too late already.")
    def due_in_days(self, root: strawberry.Parent[Any]) -> Metric:
        tree = _explanations(root).get("due_in_days")
        value = None if tree is None else tree.value
        return metric(value, "day", as_of=root.evaluated_at, reason="NO_DUE_DAY", explain=_explain(root, "due_in_days"))

    @field(only=["suggested_qty", *_BASE], **_NUMBERS, description="Units to order, or to move, where the rule suggests any.")
    def suggested_qty(self, root: strawberry.Parent[Any]) -> Metric:
        value = None if root.suggested_qty is None else Decimal(root.suggested_qty)
        return metric(value, "unit", as_of=root.evaluated_at, reason="NO_SUGGESTION", explain=_explain(root, "suggested_qty"))

    @field(
        only=[
            "kind",
            "subject",
            "value",
            "unit",
            "message",
            "held_reason",
            "suggested_qty",
            "due_on",
            "money_amount",
            "inputs",
            "saving_amount",
            "evaluated_at",
            "sku_id",
            "pool_id",
        ],
        annotate={"_sku_code": F("sku__code"), "_pool_code": F("pool__code")},
        description="One line about it, in the language of the request.",
    )
    def headline(self, root: strawberry.Parent[Any]) -> str:
        _stand_in(root, "sku", catalog.Sku)
        _stand_in(root, "pool", catalog.StockPool)
        return headline(root)

    @field(
        only=["owner__username", "owner__first_name", "owner__last_name"], select_related=["owner"], description="Who has to deal with it."
    )
    def owner(self, root: strawberry.Parent[Any]) -> Person | None:
        return person(root.owner)

    @field(only=["opened_at", "acknowledged_at"], description="Seconds from opening to being seen; null while nobody has.")
    def time_to_acknowledge(self, root: strawberry.Parent[Any]) -> int | None:
        return _seconds(root.opened_at, root.acknowledged_at)

    @field(only=["opened_at", "started_at"], description="Seconds from opening to the start of work; null while nobody has begun.")
    def time_to_start(self, root: strawberry.Parent[Any]) -> int | None:
        return _seconds(root.opened_at, root.started_at)

    @field(only=["status", "ending"], description="Where it stands, or how it ended.")
    def state(self, root: strawberry.Parent[Any]) -> AlertState:
        return states.state_of(root)

    @field(
        only=["status", "acknowledged_at", "acknowledge_by_at", "resolve_by_at"], description="Whether it is past a clock that still runs."
    )
    def is_overdue(self, root: strawberry.Parent[Any]) -> bool:
        return is_overdue(root, clock.now())

    @field(
        only=["escalated_to__username", "escalated_to__first_name", "escalated_to__last_name"],
        select_related=["escalated_to"],
        description="Who heard of it last because it was overdue.",
    )
    def escalated_to(self, root: strawberry.Parent[Any]) -> Person | None:
        return person(root.escalated_to)

    @field(only=["inputs", "evaluated_at"], description="Units available when it was last judged.")
    def actual_stock(self, root: strawberry.Parent[Any]) -> Metric:
        return metric(actual_of(root), "unit", as_of=root.evaluated_at, reason="NOT_ABOUT_STOCK")

    @field(only=["inputs", "evaluated_at"], description="Units at the end of the time that its rule looks ahead; below zero where missing.")
    def projected_stock(self, root: strawberry.Parent[Any]) -> Metric:
        tree = projected_of(root)
        value = None if tree is None else tree.value
        explain: Explain | None = None if tree is None else (lambda: (tree, PROJECTED_LABELS))
        return metric(value, "unit", as_of=root.evaluated_at, reason="NO_PROJECTION", explain=explain)

    @field(only=["opened_at", "resolved_at"], description="Seconds from opening to being resolved; null while it is not.")
    def time_to_resolve(self, root: strawberry.Parent[Any]) -> int | None:
        return _seconds(root.opened_at, root.resolved_at)


def _stand_in(alert: models.Alert, name: str, model: type[Model]) -> None:
    """Gives the alert an object with a code alone where it has loaded none.

    A join for the headline would take the place of what `sku { … }` prefetches, so only the code comes with the alert.
    """
    code = alert.__dict__.get(f"_{name}_code")
    relation = alert._meta.get_field(name)
    if code is not None and not relation.is_cached(alert):  # type: ignore[union-attr]  # a foreign key
        setattr(alert, name, model(pk=getattr(alert, f"{name}_id"), code=code))


def _seconds(begin: dt.datetime, end: dt.datetime | None) -> int | None:
    return None if end is None else int((end - begin).total_seconds())


def _explanations(alert: models.Alert) -> dict[str, Any]:
    """The alert's formulas with its numbers, made once for all its fields."""
    known: dict[str, Any] | None = alert.__dict__.get("_explanations")
    if known is None:
        known = alert.__dict__["_explanations"] = explanations_of(alert)
    return known


def _explain(alert: models.Alert, name: str) -> Explain:
    def explain() -> Any:  # noqa: ANN401 - a tree with its names, or None
        tree = _explanations(alert).get(name)
        return None if tree is None else (tree, labels_of(alert))

    return explain
