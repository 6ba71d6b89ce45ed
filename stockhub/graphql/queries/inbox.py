"""Reading the inbox: its filter and its facets, incidents, and what became of alerts."""

# ruff: noqa: FBT002 - clients name every argument

from __future__ import annotations

import datetime as dt
import enum
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from strawberry import Info

from stockhub.alerts import models
from stockhub.alerts.inbox import FACETS, InboxFilter, facet
from stockhub.alerts.incidents.models import Incident as IncidentModel
from stockhub.alerts.outcomes import selectors
from stockhub.alerts.selectors import kind_info
from stockhub.core import clock
from stockhub.core.fields import AmountField
from stockhub.graphql.errors import bad_input
from stockhub.graphql.labels import graphql_enum
from stockhub.graphql.metrics import metric
from stockhub.graphql.nodes import primary_key
from stockhub.graphql.pagination import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    Key,
    Offset,
    Paging,
    UpdatedSince,
    page,
    rows_of,
    wanted,
)
from stockhub.graphql.permissions import root_field
from stockhub.graphql.queries.inventory import SkuCodes
from stockhub.graphql.single import by_key
from stockhub.graphql.types.alerts import AlertSide, AlertState
from stockhub.graphql.types.incidents import (
    Incident,
    IncidentCause,
    IncidentStatus,
    RuleOutcomes,
    StockoutCounts,
    StockoutEvent,
    StockoutOutcome,
)

_LONGEST_SEARCH = 200


@strawberry.input(description="What narrows the inbox. An absent field narrows nothing; several fields hold together.")
class AlertFilter:
    states: list[AlertState] | None = strawberry.field(description="In one of these states; absent: not resolved.", default=None)
    kinds: list[str] | None = strawberry.field(description="Of these kinds, by slug.", default=None)
    side: AlertSide | None = strawberry.field(description="Of this side.", default=None)
    levels: list[int] | None = strawberry.field(description="Of one of these levels.", default=None)
    owner: str | None = strawberry.field(description="Of the user with this name; empty: of nobody.", default=None)
    pool: str | None = strawberry.field(description="In the pool with this code.", default=None)
    account: str | None = strawberry.field(description="Of the account with this code, or in a pool that serves it.", default=None)
    category: str | None = strawberry.field(description="Of a SKU in the category with this code or beneath it.", default=None)
    stage: str | None = strawberry.field(description="Of a SKU in the stage with this slug.", default=None)
    is_overdue: bool | None = strawberry.field(description="Past a clock that still runs, or not.", default=None)
    incident: strawberry.ID | None = strawberry.field(description="Of this incident.", default=None)
    min_money: Decimal | None = strawberry.field(description="With at least so much at stake, in the base currency.", default=None)
    opened_since: dt.datetime | None = strawberry.field(description="Opened at or after this instant.", default=None)
    opened_before: dt.datetime | None = strawberry.field(description="Opened before this instant.", default=None)
    search: str | None = strawberry.field(description="Whose SKU's code or name, subject or message has this in it.", default=None)

    def to_service(self, *, open_only: bool = True) -> InboxFilter:
        """As the inbox takes it. Without `open_only` an absent `states` stands for all."""
        if len(self.search or "") > _LONGEST_SEARCH:
            raise bad_input(gettext("`search` takes at most %(most)d characters.") % {"most": _LONGEST_SEARCH})
        states = self.states if self.states is not None or open_only else list(AlertState)
        return InboxFilter(
            states=states,
            kinds=wanted(self.kinds, "kinds"),
            side=self.side,
            levels=self.levels,
            owner=self.owner,
            pool=self.pool,
            account=self.account,
            category=self.category,
            stage=self.stage,
            overdue=self.is_overdue,
            incident=None if self.incident is None else primary_key(self.incident, "Incident"),
            min_money=self.min_money,
            opened_from_at=self.opened_since,
            opened_until_at=self.opened_before,
            search=self.search,
        )


InboxArgument = Annotated[AlertFilter | None, strawberry.argument(description="What narrows the list further.")]
AlertFacetName = enum.Enum("AlertFacetName", {name.upper(): name for name in FACETS})  # type: ignore[misc]  # named by what there is
graphql_enum(
    AlertFacetName,
    "What alerts are counted by.",
    {
        "STATE": ("State", "状态"),
        "SIDE": ("Side", "方向"),
        "KIND": ("Kind", "类型"),
        "LEVEL": ("Level", "级别"),
        "OWNER": ("Owner", "负责人"),
        "POOL": ("Pool", "库存池"),
        "CATEGORY": ("Category", "品类"),
        "STAGE": ("Stage", "生命周期阶段"),
        "INCIDENT": ("Incident", "事件"),
    },
)


@strawberry.type(description="One value of a facet and how many alerts have it.")
class AlertFacetValue:
    value: str = strawberry.field(description="What the filter of that name takes.")
    count: int = strawberry.field(description="Alerts that have it.")


@strawberry.type(description="How many alerts there are of each value, the most frequent first; at most a hundred values.")
class AlertFacet:
    name: AlertFacetName = strawberry.field(description="What they are counted by.")
    values: list[AlertFacetValue] = strawberry.field(description="The values that occur.")


class IncidentOrder(enum.Enum):
    MONEY = "money"
    LATEST = "latest"


graphql_enum(
    IncidentOrder,
    "What comes first in a list of incidents.",
    {"MONEY": ("Most money at stake", "金额优先"), "LATEST": ("Latest opened", "最新优先")},
)
_INCIDENT_MONEY = Coalesce("money_amount", Value(-1, output_field=AmountField()), output_field=AmountField())
_INCIDENT_ORDERS = {
    IncidentOrder.MONEY: (Key("money_amount", descending=True, expression=_INCIDENT_MONEY),),
    IncidentOrder.LATEST: (Key("opened_at", descending=True),),
}
_Since = Annotated[dt.date | None, strawberry.argument(description="From this day on.")]
_Until = Annotated[dt.date | None, strawberry.argument(description="Up to this day, included.")]


@strawberry.type
class InboxQuery:
    @root_field("alerts.view_alert", "How many of the alerts that the user sees there are of each value, with the same filter as `alerts`.")
    def alert_facets(
        self,
        info: Info,
        names: Annotated[list[AlertFacetName], strawberry.argument(description="What to count by.")],
        filter: InboxArgument = None,  # noqa: A002 - its name in the graph
    ) -> list[AlertFacet]:
        rows = (filter or AlertFilter()).to_service().apply(rows_of(models.Alert, info), clock.now())
        if len(names) > len(FACETS):
            raise bad_input(gettext("`names` takes at most %(most)d values.") % {"most": len(FACETS)})
        return [AlertFacet(name=name, values=[AlertFacetValue(**_pair(each)) for each in facet(rows, name.value)]) for name in names]

    @root_field("alerts.view_incident", "The incident with this id; null where there is none that the user sees.")
    def incident(self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")]) -> Incident | None:  # noqa: A002
        return by_key(info, IncidentModel, pk=primary_key(id, "Incident"))

    @root_field("alerts.view_incident", "Incidents all of whose alerts the user sees.")
    def incidents(
        self,
        info: Info,
        status: Annotated[
            list[IncidentStatus] | None, strawberry.argument(description="Only those in one of these; without it, the not resolved.")
        ] = None,
        causes: Annotated[list[IncidentCause] | None, strawberry.argument(description="Only those with one of these causes.")] = None,
        owner: Annotated[str | None, strawberry.argument(description="Only those of the user with this name.")] = None,
        min_level: Annotated[int | None, strawberry.argument(description="Only those of at least this level.")] = None,
        updated_since: UpdatedSince = None,
        order_by: Annotated[IncidentOrder, strawberry.argument(description="What comes first.")] = IncidentOrder.MONEY,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[Incident]:
        rows = rows_of(IncidentModel, info)
        rows = rows.exclude(status=IncidentStatus.RESOLVED) if status is None else rows.filter(status__in=status)
        filters: dict[str, Any] = {"cause__in": causes, "owner__username": owner, "level__gte": min_level, "updated_at__gte": updated_since}
        rows = rows.filter(**{name: value for name, value in filters.items() if value is not None})
        return page(info, Connection[Incident], rows, _INCIDENT_ORDERS[order_by], Paging(first, after, offset))

    @root_field("alerts.view_stockoutevent", "Stock-outs of SKUs that sell, the latest first.")
    def stockouts(
        self,
        info: Info,
        skus: SkuCodes = None,
        pool: Annotated[str | None, strawberry.argument(description="Only those in the pool with this code.")] = None,
        outcomes: Annotated[list[StockoutOutcome] | None, strawberry.argument(description="Only those with one of these outcomes.")] = None,
        since: _Since = None,
        until: _Until = None,
        include_replaced: Annotated[bool, strawberry.argument(description="Also versions that later ones have replaced.")] = False,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[StockoutEvent]:
        rows = rows_of(models.StockoutEvent, info)
        filters: dict[str, Any] = {
            "sku__code__in": wanted(skus, "skus"), "pool__code": pool, "outcome__in": outcomes, "onset_on__gte": since,
            "onset_on__lte": until, "is_current": None if include_replaced else True,
        }  # fmt: skip
        rows = rows.filter(**{name: value for name, value in filters.items() if value is not None})
        return page(info, Connection[StockoutEvent], rows, (Key("onset_on", descending=True),), Paging(first, after, offset))

    @root_field("alerts.view_alertoutcome", "What became of the alerts that the user sees, rule by rule.")
    def rule_outcomes(self, info: Info, since: _Since = None, until: _Until = None) -> list[RuleOutcomes]:
        found = selectors.outcomes_by_rule(rows_of(models.Alert, info), since=since, until=until)
        now = clock.now()
        return [
            RuleOutcomes(
                kind=each.kind,
                label=kind_info(each.kind).label,
                precision=metric(each.precision, "ratio", as_of=now, reason="NO_OUTCOMES"),
                **each.counts,
            )
            for each in found
        ]

    @root_field("alerts.view_stockoutevent", "How many of the stock-outs that the user sees were foreseen.")
    def stockout_counts(self, info: Info, since: _Since = None, until: _Until = None) -> StockoutCounts:
        found = selectors.stockout_counts(rows_of(models.StockoutEvent, info), since=since, until=until)
        recall = metric(found.recall, "ratio", as_of=clock.now(), reason="NO_STOCKOUTS")
        return StockoutCounts(detected=found.detected, actionable=found.actionable, missed=found.missed, recall=recall)


def _pair(each: Any) -> dict[str, Any]:  # noqa: ANN401 - a value of a facet
    return {"value": each.value, "count": each.count}
