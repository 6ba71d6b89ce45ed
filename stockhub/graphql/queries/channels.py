"""Reading accounts, listings and feeds."""

# ruff: noqa: FBT002 - clients name every argument

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import Info
from strawberry_django.optimizer import optimize

from stockhub.channels import models
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
from stockhub.graphql.queries.catalog import BY_CODE, Code
from stockhub.graphql.single import by_key
from stockhub.graphql.types.channels import Account, Feed, Listing
from stockhub.graphql.types.marketplaces import Marketplace
from stockhub.pluginhost.registry import registry

OnAccount = Annotated[str | None, strawberry.argument(description="Only those of the account with this code.")]


@strawberry.type
class ChannelsQuery:
    @root_field("channels.view_account", "The marketplaces that accounts can be connected to, with what each needs, by their slug.")
    def marketplaces(self) -> list[Marketplace]:
        return [Marketplace.of(connector) for _slug, connector in sorted(registry().marketplaces.items())]

    @root_field("channels.view_account", "The account with this code; null where there is none that the user sees.")
    def account_by_code(self, info: Info, code: Code) -> Account | None:
        return by_key(info, models.Account, code=code)

    @root_field("channels.view_account", "The accounts that the user sees, by their code.")
    def accounts(
        self,
        info: Info,
        updated_since: UpdatedSince = None,
        include_deleted: IncludeDeleted = False,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[Account]:
        rows = current(rows_of(models.Account, info), updated_since=updated_since, include_deleted=include_deleted)
        return page(info, Connection[Account], rows, BY_CODE, Paging(first, after, offset))

    @root_field("channels.view_account", "How fresh every kind of data of every account is: what each number of this API rests on.")
    def feeds(self, info: Info, account: OnAccount = None) -> list[Feed]:
        rows = rows_of(models.Feed, info).order_by("account__code", "kind")
        if account is not None:
            rows = rows.filter(account__code=account)
        return optimize(rows, info)  # type: ignore[return-value]  # strawberry-django's types stand for their models

    @root_field("channels.view_account", "The feed of a kind of an account; null where there is none that the user sees.")
    def feed(
        self,
        info: Info,
        account: Annotated[str, strawberry.argument(description="The account's code.")],
        kind: Annotated[str, strawberry.argument(description="What is fed: orders, stock, listings, …")],
    ) -> Feed | None:
        return by_key(info, models.Feed, account__code=account, kind=kind)

    @root_field("channels.view_listing", "The listing with this code on an account; null where there is none that the user sees.")
    def listing(
        self,
        info: Info,
        account: Annotated[str, strawberry.argument(description="The account's code.")],
        code: Annotated[str, strawberry.argument(description="The listing's code.")],
        kind: Annotated[str, strawberry.argument(description="What the code is: sku, asin, msku, …")] = "sku",
    ) -> Listing | None:
        return by_key(info, models.Listing, account__code=account, kind=kind, code=code)

    @root_field("channels.view_listing", "Listings of the accounts that the user sees, by their code.")
    def listings(
        self,
        info: Info,
        account: OnAccount = None,
        unmapped: Annotated[bool | None, strawberry.argument(description="Only those without components, or only those with.")] = None,
        updated_since: UpdatedSince = None,
        include_deleted: IncludeDeleted = False,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[Listing]:
        rows = current(rows_of(models.Listing, info), updated_since=updated_since, include_deleted=include_deleted)
        if account is not None:
            rows = rows.filter(account__code=account)
        if unmapped is not None:
            mapped = models.ListingComponent.objects.values("listing_id")
            rows = rows.exclude(pk__in=mapped) if unmapped else rows.filter(pk__in=mapped)
        return page(info, Connection[Listing], rows, (Key("code"),), Paging(first, after, offset))
