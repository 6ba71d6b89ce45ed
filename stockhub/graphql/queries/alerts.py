"""Reading alerts and *Today*."""

# ruff: noqa: FBT002, PLR0913, PLR0917 - clients name every argument

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import strawberry
from django.db.models import DateTimeField, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from strawberry import Info
from strawberry_django.optimizer import optimize

from stockhub.access.models import User
from stockhub.agenda import plan as agenda_plan
from stockhub.agenda import today as agenda
from stockhub.alerts import models
from stockhub.alerts.excess_saving import with_saving_seen
from stockhub.catalog.models import StockPool
from stockhub.catalog.selectors import visible_pool_ids
from stockhub.channels.models import Account, Feed
from stockhub.core import clock
from stockhub.core.fields import AmountField
from stockhub.graphql.context import user_of
from stockhub.graphql.errors import bad_input
from stockhub.graphql.labels import graphql_enum
from stockhub.graphql.metrics import MoneyInput
from stockhub.graphql.nodes import primary_key
from stockhub.graphql.pagination import (
    DEFAULT_FIRST,
    MAX_FIRST,
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
from stockhub.graphql.queries.inbox import InboxArgument
from stockhub.graphql.queries.inventory import SkuCodes
from stockhub.graphql.single import by_key
from stockhub.graphql.types.alerts import Alert, AlertSide, AlertStatus
from stockhub.graphql.types.channels import CONNECTED, MARKETPLACE
from stockhub.graphql.types.today import Today, four_pillars, nobody_told, side


class AlertOrder(enum.Enum):
    MONEY = "money"
    SAVING = "saving"
    LATEST = "latest"
    LEVEL = "level"
    DUE = "due"


graphql_enum(
    AlertOrder,
    "What comes first in a list of alerts.",
    {
        "MONEY": ("Most money at stake", "金额优先"),
        "SAVING": ("Most money that an action saves", "可挽回金额优先"),
        "LATEST": ("Latest opened", "最新优先"),
        "LEVEL": ("Worst level", "级别优先"),
        "DUE": ("To be settled soonest", "最先到期优先"),
    },
)

#: Alerts without money come last: no alert has less than minus one millionth of a unit at stake.
_MONEY = Coalesce("money_amount", Value(-1, output_field=AmountField()), output_field=AmountField())
_SAVING = Coalesce("saving_amount", Value(-1, output_field=AmountField()), output_field=AmountField())
#: Of a reader who does not see every pool, as he sees it.
_SAVING_SEEN = Coalesce("saving_seen", Value(-1, output_field=AmountField()), output_field=AmountField())
#: Alerts without a clock come last.
_DUE = Coalesce("resolve_by_at", Value(dt.datetime(9999, 1, 1, tzinfo=dt.UTC)), output_field=DateTimeField())
_ORDERS: dict[AlertOrder, Sequence[Key]] = {
    AlertOrder.MONEY: (Key("money_amount", descending=True, expression=_MONEY),),
    AlertOrder.SAVING: (Key("saving_amount", descending=True, expression=_SAVING),),
    AlertOrder.LATEST: (Key("opened_at", descending=True),),
    AlertOrder.LEVEL: (Key("level", descending=True), Key("money_amount", descending=True, expression=_MONEY)),
    AlertOrder.DUE: (Key("resolve_by_at", expression=_DUE),),
}


#: No row has this id: what the user does not see has nothing to show.
_NOBODY = 0


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a list of the day is narrowed to; None is all."""

    pool_id: int | None
    account_id: int | None
    owner_id: int | None

    @classmethod
    def of(cls, info: Info, user: User, *, pool: str | None, account: str | None, owner: str | None, mine: bool) -> Narrowed:
        """By code and name, within what the user sees."""

        def found(rows: QuerySet[Any], **key: str | None) -> int | None:
            if next(iter(key.values())) is None:
                return None
            pk: int | None = rows.filter(**key).values_list("pk", flat=True).first()
            return pk or _NOBODY

        own = user.pk if mine else found(User.objects.filter(is_active=True), username=owner)
        return cls(found(rows_of(StockPool, info), code=pool), found(rows_of(Account, info), code=account), own)

    def feeds(self, info: Info) -> QuerySet[Any]:
        """How fresh the data are, of the account or of all that the user sees."""
        # Nothing plans this query by what is asked for: it brings what any field of a feed needs.
        told = CONNECTED | MARKETPLACE
        rows: QuerySet[Any] = rows_of(Feed, info).select_related("account").annotate(**told).order_by("account__code", "kind")
        return rows if self.account_id is None else rows.filter(account_id=self.account_id)


@strawberry.type
class AlertsQuery:
    @root_field("alerts.view_alert", "The alert with this id; null where there is none that the user sees.")
    def alert(self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")]) -> Alert | None:  # noqa: A002
        return by_key(info, models.Alert, pk=primary_key(id, "Alert"))

    @root_field("alerts.view_alert", "The alert of a kind that is not resolved, about a subject; null where there is none.")
    def open_alert(
        self,
        info: Info,
        kind: Annotated[str, strawberry.argument(description="The kind's slug.")],
        subject: Annotated[str, strawberry.argument(description="<SKU id>:<pool id>, rule:<slug> or account:<id>.")],
    ) -> Alert | None:
        rows = rows_of(models.Alert, info).exclude(status=models.AlertStatus.RESOLVED).filter(kind=kind, subject=subject)
        return optimize(rows, info).first()

    @root_field("alerts.view_alert", "Alerts of the pools and accounts that the user sees.")
    def alerts(
        self,
        info: Info,
        status: Annotated[
            list[AlertStatus] | None, strawberry.argument(description="Only those in one of these states; without it, the not resolved.")
        ] = None,
        side: Annotated[AlertSide | None, strawberry.argument(description="Only those of this side.")] = None,
        kinds: Annotated[list[str] | None, strawberry.argument(description="Only those of these kinds, by slug.")] = None,
        skus: SkuCodes = None,
        pool: Annotated[str | None, strawberry.argument(description="Only those in the pool with this code.")] = None,
        min_level: Annotated[int | None, strawberry.argument(description="Only those of at least this level.")] = None,
        mine: Annotated[bool, strawberry.argument(description="Only those that the asking user owns.")] = False,
        filter: InboxArgument = None,  # noqa: A002 - its name in the graph
        updated_since: UpdatedSince = None,
        order_by: Annotated[AlertOrder, strawberry.argument(description="What comes first.")] = AlertOrder.MONEY,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[Alert]:
        rows = rows_of(models.Alert, info)
        if filter is not None:
            rows = rows.filter(status__in=status) if status is not None else rows
            rows = filter.to_service(open_only=status is None).apply(rows, clock.now())
        else:
            rows = rows.exclude(status=models.AlertStatus.RESOLVED) if status is None else rows.filter(status__in=status)
        filters: dict[str, object] = {"side": side, "pool__code": pool, "level__gte": min_level, "updated_at__gte": updated_since}
        filters |= {"kind__in": wanted(kinds, "kinds"), "sku__code__in": wanted(skus, "skus"), "owner": user_of(info) if mine else None}
        rows = rows.filter(**{name: value for name, value in filters.items() if value is not None})
        keys, pools = _ORDERS[order_by], visible_pool_ids(user_of(info))
        if order_by is AlertOrder.SAVING and pools is not None:
            rows, keys = with_saving_seen(rows, pools), (Key("saving_seen", descending=True, expression=_SAVING_SEEN),)
        return page(info, Connection[Alert], rows, keys, Paging(first, after, offset))

    @root_field("alerts.view_alert", "What needs a decision, both sides, what saves most money first.")
    def today(
        self,
        info: Info,
        first: Annotated[int, strawberry.argument(description="How many lines a side, at most 100.")] = agenda.LINES,
        pool: Annotated[str | None, strawberry.argument(description="Only the stock pool with this code.")] = None,
        account: Annotated[str | None, strawberry.argument(description="Only pools that serve the account with this code.")] = None,
        owner: Annotated[str | None, strawberry.argument(description="Only what the user of this name has to deal with.")] = None,
        mine: Annotated[bool, strawberry.argument(description="Only what the asking user has to deal with.")] = False,
        budget: Annotated[
            MoneyInput | None, strawberry.argument(description="Cash that `plan` is to be within, in the base currency; without it, any.")
        ] = None,
    ) -> Today:
        if not 0 <= first <= MAX_FIRST:
            raise bad_input(gettext("`first` is between 0 and %(most)d.") % {"most": MAX_FIRST})
        user = user_of(info)
        if not isinstance(user, User):
            raise TypeError("An anonymous user has no Today: Authorisation lets none come here.")
        cash = None if budget is None else agenda_plan.budget_of(budget.amount, budget.currency)
        narrowed = Narrowed.of(info, user, pool=pool, account=account, owner=owner, mine=mine)
        to = {"pool_id": narrowed.pool_id, "account_id": narrowed.account_id, "owner_id": narrowed.owner_id}
        found = agenda.today(user, limit=first, **to)
        return Today(
            make_plan=lambda: agenda_plan.plan(user, budget=cash, **to),
            as_of=found.as_of,
            day=clock.business_day(found.as_of, found.time_zone),
            day_zone=found.time_zone,
            shortage=side(found.shortage),
            excess=side(found.excess),
            data=side(found.data),
            feeds=narrowed.feeds(info),  # type: ignore[arg-type]
            pillars=four_pillars(found),
            unheard=nobody_told(found),
        )
