"""Reading what rivals do."""

# ruff: noqa: FBT002, PLR0913, PLR0917 - clients name every argument

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry
from django.db.models import Exists, OuterRef, Q, QuerySet
from strawberry import Info

from stockhub.channels import market_models as models
from stockhub.channels.models import ListingComponent
from stockhub.core import clock
from stockhub.graphql.pagination import DEFAULT_FIRST, After, Connection, First, Key, Offset, Paging, page, rows_of, wanted
from stockhub.graphql.permissions import root_field
from stockhub.graphql.queries.channels import OnAccount
from stockhub.graphql.queries.inventory import SkuCode, SkuCodes
from stockhub.graphql.queries.platform_facts import OfAccount
from stockhub.graphql.single import by_key
from stockhub.graphql.types.market import MarketObservation, MarketTrend

OfListing = Annotated[
    str | None,
    strawberry.argument(description="Only those of what the listings with this code deliver today, on the accounts of these."),
]
SeenFrom = Annotated[dt.date | None, strawberry.argument(description="Only those seen last on this day or later.")]
SeenTo = Annotated[dt.date | None, strawberry.argument(description="Only those seen last on this day or earlier.")]


@strawberry.type
class MarketQuery:
    @root_field("channels.view_marketobservation", "Rivals as they were seen, what was recorded last first.")
    def market_observations(
        self,
        info: Info,
        skus: SkuCodes = None,
        account: OnAccount = None,
        listing: OfListing = None,
        rival: Annotated[str | None, strawberry.argument(description="Only those of the rival with this code.")] = None,
        source: Annotated[str | None, strawberry.argument(description="Only what this tool or platform says.")] = None,
        observed_from: Annotated[dt.date | None, strawberry.argument(description="Only what was seen on this day or later.")] = None,
        observed_to: Annotated[dt.date | None, strawberry.argument(description="Only what was seen on this day or earlier.")] = None,
        only_latest: Annotated[
            bool, strawberry.argument(description="Of each rival of a SKU on an account, only the latest day of each source.")
        ] = False,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[MarketObservation]:
        rows = _of(rows_of(models.MarketObservation, info), (skus, account, listing), (observed_from, observed_to))
        rows = rows if rival is None else rows.filter(rival=rival)
        rows = rows if source is None else rows.filter(source=source)
        if only_latest:
            same = {name: OuterRef(name) for name in ("sku", "account", "rival", "source")}
            rows = rows.filter(~Exists(models.MarketObservation.objects.filter(**same, observed_on__gt=OuterRef("observed_on"))))
        return page(info, Connection[MarketObservation], rows, (Key("id", descending=True),), Paging(first, after, offset))

    @root_field("channels.view_markettrend", "What the rivals of a SKU on an account did; null where nobody told of any.")
    def market_trend(self, info: Info, account: OfAccount, sku: SkuCode) -> MarketTrend | None:
        return by_key(info, models.MarketTrend, account__code=account, sku__code=sku)

    @root_field("channels.view_markettrend", "What the rivals of SKUs did, those seen last first.")
    def market_trends(
        self,
        info: Info,
        skus: SkuCodes = None,
        account: OnAccount = None,
        listing: OfListing = None,
        observed_from: SeenFrom = None,
        observed_to: SeenTo = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[MarketTrend]:
        rows = _of(rows_of(models.MarketTrend, info), (skus, account, listing), (observed_from, observed_to))
        return page(info, Connection[MarketTrend], rows, (Key("observed_on", descending=True),), Paging(first, after, offset))


def _of(
    rows: QuerySet[Any], of: tuple[list[str] | None, str | None, str | None], seen: tuple[dt.date | None, dt.date | None]
) -> QuerySet[Any]:
    (skus, account, listing), (earliest, latest) = of, seen
    if (chosen := wanted(skus, "skus")) is not None:
        rows = rows.filter(sku__code__in=chosen)
    if account is not None:
        rows = rows.filter(account__code=account)
    if listing is not None:
        today = clock.now().date()
        delivers = ListingComponent.objects.filter(
            Q(valid_from=None) | Q(valid_from__lte=today), Q(valid_to=None) | Q(valid_to__gte=today),
            listing__code=listing, listing__deleted_at=None, listing__account=OuterRef("account"), sku=OuterRef("sku"),
        )  # fmt: skip
        rows = rows.filter(Exists(delivers))
    if earliest is not None:
        rows = rows.filter(observed_on__gte=earliest)
    return rows if latest is None else rows.filter(observed_on__lte=latest)
