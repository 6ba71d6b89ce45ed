"""Reading pushes, stock rules and differences of stock."""

# ruff: noqa: FBT002 - clients name every argument

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry
from django.db.models import Q
from strawberry import Info

from stockhub.channels.pushes import models
from stockhub.graphql.pagination import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    IncludeDeleted,
    Key,
    Offset,
    Paging,
    UpdatedSince,
    current,
    page,
    rows_of,
)
from stockhub.graphql.permissions import root_field
from stockhub.graphql.single import by_key
from stockhub.graphql.types.pushes import (
    DifferenceCause,
    Push,
    PushKind,
    PushSettings,
    PushStatus,
    StockDifference,
    StockRule,
)

AccountCode = Annotated[str, strawberry.argument(description="The account's code.")]
OfAccount = Annotated[str | None, strawberry.argument(description="Only those of the account with this code.")]


@strawberry.type
class PushesQuery:
    @root_field("channels.view_push", "The push with this key; null where there is none that the user sees.")
    def push(self, info: Info, key: Annotated[str, strawberry.argument(description="Its key.")]) -> Push | None:
        return by_key(info, models.Push, key=key)

    @root_field("channels.view_push", "Pushes of the accounts that the user sees, the latest first.")
    def pushes(
        self,
        info: Info,
        account: OfAccount = None,
        kind: Annotated[PushKind | None, strawberry.argument(description="Only those that change this.")] = None,
        status: Annotated[PushStatus | None, strawberry.argument(description="Only those that are so far.")] = None,
        updated_since: UpdatedSince = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[Push]:
        rows = rows_of(models.Push, info)
        for name, value in (("account__code", account), ("kind", kind), ("status", status), ("updated_at__gte", updated_since)):
            rows = rows if value is None else rows.filter(**{name: value})
        return page(info, Connection[Push], rows, (Key("created_at", descending=True),), Paging(first, after, offset))

    @root_field("channels.view_pushsettings", "What an account allows to be pushed; null where nobody has set anything.")
    def push_settings(self, info: Info, account: AccountCode) -> PushSettings | None:
        return by_key(info, models.PushSettings, account__code=account)

    @root_field("channels.view_stockrule", "The rule of an account, of one of its listings or of a category; null where there is none.")
    def stock_rule(
        self,
        info: Info,
        account: AccountCode,
        listing: Annotated[str | None, strawberry.argument(description="The listing's code.")] = None,
        category: Annotated[str | None, strawberry.argument(description="The category's code.")] = None,
    ) -> StockRule | None:
        scope: dict[str, object] = {"listing__code": listing} if listing is not None else {"listing": None}
        scope |= {"category__code": category} if category is not None else {"category": None}
        return by_key(info, models.StockRule, account__code=account, deleted_at=None, **scope)

    @root_field("channels.view_stockrule", "Stock rules of the accounts that the user sees.")
    def stock_rules(
        self,
        info: Info,
        account: OfAccount = None,
        updated_since: UpdatedSince = None,
        include_deleted: IncludeDeleted = False,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[StockRule]:
        rows = current(rows_of(models.StockRule, info), updated_since=updated_since, include_deleted=include_deleted)
        rows = rows if account is None else rows.filter(account__code=account)
        return page(info, Connection[StockRule], rows, (), Paging(first, after, offset))

    @root_field(
        "channels.view_stockdifference",
        "Ours, the platforms' and the warehouses' stock that did not agree, the latest day first. What agrees has no row.",
    )
    def stock_differences(
        self,
        info: Info,
        account: OfAccount = None,
        day: Annotated[dt.date | None, strawberry.argument(description="Only those of this day.")] = None,
        cause: Annotated[DifferenceCause | None, strawberry.argument(description="Only those with this likely cause.")] = None,
        only_oversold: Annotated[bool, strawberry.argument(description="Only where more is offered than can be served.")] = False,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[StockDifference]:
        rows = rows_of(models.StockDifference, info)
        for name, value in (("account__code", account), ("day", day), ("cause", cause)):
            rows = rows if value is None else rows.filter(**{name: value})
        rows = rows.filter(Q(oversold_qty__gt=0)) if only_oversold else rows
        return page(info, Connection[StockDifference], rows, (Key("day", descending=True),), Paging(first, after, offset))
