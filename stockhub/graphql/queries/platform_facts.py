"""Reading what platforms tell beside orders and stock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from django.db.models import QuerySet
from django.utils.translation import gettext
from strawberry import Info

from stockhub.channels import fact_models, models
from stockhub.core import clock
from stockhub.graphql.errors import bad_input
from stockhub.graphql.pagination import DEFAULT_FIRST, After, Connection, First, Key, Offset, Paging, page, rows_of, wanted
from stockhub.graphql.permissions import root_field
from stockhub.graphql.queries.channels import OnAccount
from stockhub.graphql.queries.inventory import InWarehouse, SkuCodes
from stockhub.graphql.single import by_key
from stockhub.graphql.types.demand import MAX_DAYS, DailySeries
from stockhub.graphql.types.platform_facts import (
    ExperienceScore,
    FeeEstimate,
    ListingSignal,
    ListingSignalKind,
    ListingTraffic,
    PlatformShipment,
    SettledCharge,
    StockAge,
)

_LATEST_OBSERVED = (Key("observed_at", descending=True),)
OfAccount = Annotated[str, strawberry.argument(description="The account's code.")]
ListingCode = Annotated[str, strawberry.argument(description="The listing's code.")]
ListingCodeKind = Annotated[str, strawberry.argument(description="What the code is: sku, asin, msku, …")]
ByPlatformId = Annotated[str, strawberry.argument(description="By what the platform knows it.")]
Since = Annotated[dt.datetime | None, strawberry.argument(description="Only what was so at this instant or later.")]


def _of(rows: QuerySet[Any], skus: Sequence[str] | None, account: str | None) -> QuerySet[Any]:
    if (chosen := wanted(skus, "skus")) is not None:
        rows = rows.filter(sku__code__in=chosen)
    return rows if account is None else rows.filter(account__code=account)


@strawberry.type
class PlatformFactsQuery:
    @root_field("channels.view_platformshipment", "The shipment that an account knows by this id; null where there is none.")
    def platform_shipment(self, info: Info, account: OfAccount, external_id: ByPlatformId) -> PlatformShipment | None:
        return by_key(info, fact_models.PlatformShipment, account__code=account, external_id=external_id)

    @root_field("channels.view_platformshipment", "Shipments to platforms, those told last first.")
    def platform_shipments(
        self,
        info: Info,
        account: OnAccount = None,
        status: Annotated[str | None, strawberry.argument(description="Only those in this state, such as in_transit.")] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[PlatformShipment]:
        rows = rows_of(fact_models.PlatformShipment, info)
        rows = rows if account is None else rows.filter(account__code=account)
        rows = rows if status is None else rows.filter(shipment__status=status)
        return page(info, Connection[PlatformShipment], rows, (Key("told_at", descending=True),), Paging(first, after, offset))

    @root_field("channels.view_stockage", "How old stock is that platforms count, as they told it, the latest first.")
    def stock_ages(
        self,
        info: Info,
        skus: SkuCodes = None,
        account: OnAccount = None,
        warehouse: InWarehouse = None,
        since: Since = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[StockAge]:
        rows = _of(rows_of(fact_models.StockAge, info), skus, account)
        rows = rows if warehouse is None else rows.filter(warehouse__code=warehouse)
        rows = rows if since is None else rows.filter(observed_at__gte=since)
        return page(info, Connection[StockAge], rows, _LATEST_OBSERVED, Paging(first, after, offset))

    @root_field("channels.view_feeestimate", "What platforms expected to charge, the latest first.")
    def fee_estimates(
        self,
        info: Info,
        skus: SkuCodes = None,
        account: OnAccount = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[FeeEstimate]:
        rows = _of(rows_of(fact_models.FeeEstimate, info), skus, account)
        return page(info, Connection[FeeEstimate], rows, _LATEST_OBSERVED, Paging(first, after, offset))

    @root_field("channels.view_settlement", "The charge that an account knows by this id; null where there is none.")
    def settled_charge(self, info: Info, account: OfAccount, external_id: ByPlatformId) -> SettledCharge | None:
        return by_key(info, fact_models.Settlement, account__code=account, external_id=external_id)

    @root_field("channels.view_settlement", "What platforms really charged, the latest first.")
    def settled_charges(
        self,
        info: Info,
        skus: SkuCodes = None,
        account: OnAccount = None,
        fee: Annotated[str | None, strawberry.argument(description="Only this fee.")] = None,
        since: Annotated[dt.datetime | None, strawberry.argument(description="Only what was posted at this instant or later.")] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[SettledCharge]:
        rows = _of(rows_of(fact_models.Settlement, info), skus, account)
        rows = rows if fee is None else rows.filter(fee=fee)
        rows = rows if since is None else rows.filter(posted_at__gte=since)
        return page(info, Connection[SettledCharge], rows, (Key("posted_at", descending=True),), Paging(first, after, offset))

    @root_field("channels.view_listingsignal", "What the market showed of listings and of their rivals, the latest first.")
    def listing_signals(
        self,
        info: Info,
        account: OnAccount = None,
        listing: Annotated[str | None, strawberry.argument(description="Only those of the listings with this code.")] = None,
        shown: Annotated[ListingSignalKind | None, strawberry.argument(description="Only these.")] = None,
        rival: Annotated[
            str | None, strawberry.argument(description="Only those of this rival; empty for the listings themselves.")
        ] = None,
        since: Since = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[ListingSignal]:
        rows = rows_of(fact_models.ListingSignal, info)
        rows = rows if account is None else rows.filter(listing__account__code=account)
        rows = rows if listing is None else rows.filter(listing__code=listing)
        rows = rows if shown is None else rows.filter(kind=shown.value)
        rows = rows if rival is None else rows.filter(rival=rival)
        rows = rows if since is None else rows.filter(observed_at__gte=since)
        return page(info, Connection[ListingSignal], rows, _LATEST_OBSERVED, Paging(first, after, offset))

    @root_field("channels.view_experiencescore", "How platforms judged shops, the latest first.")
    def experience_scores(
        self, info: Info, account: OnAccount = None, first: First = DEFAULT_FIRST, after: After = None, offset: Offset = None
    ) -> Connection[ExperienceScore]:
        rows = rows_of(models.ExperienceScore, info)
        rows = rows if account is None else rows.filter(account__code=account)
        return page(info, Connection[ExperienceScore], rows, (Key("occurred_at", descending=True),), Paging(first, after, offset))

    @root_field("channels.view_dailytraffic", "What visitors of a listing did in the last days; null where there is no such listing.")
    def listing_traffic(
        self,
        info: Info,
        account: OfAccount,
        code: ListingCode,
        code_kind: ListingCodeKind = "sku",
        last_days: Annotated[int, strawberry.argument(description="How many days until today, at most 1,096.")] = 90,
    ) -> ListingTraffic | None:
        if not 0 < last_days <= MAX_DAYS:
            raise bad_input(gettext("lastDays is a number from 1 to %(most)d.") % {"most": MAX_DAYS})
        listing = rows_of(models.Listing, info).filter(account__code=account, kind=code_kind, code=code).select_related("account").first()
        return None if listing is None else _traffic(listing, last_days)


def _traffic(listing: models.Listing, last_days: int) -> ListingTraffic:
    zone = listing.account.time_zone
    start = clock.business_day(clock.now(), zone) - dt.timedelta(days=last_days - 1)
    told = {row.day: row for row in fact_models.DailyTraffic.objects.filter(listing=listing, day__gte=start).order_by("day")}
    days = [told.get(start + dt.timedelta(days=number)) for number in range(last_days)]
    currency = next((row.currency for row in reversed(days) if row is not None and row.currency), listing.account.currency)

    def series(name: str) -> DailySeries:
        values = [None if row is None or (number := getattr(row, name)) is None else Decimal(number) for row in days]
        return DailySeries(from_=start, step="P1D", zone=zone, unit=name, values=values)

    spent = [row.ad_cost_amount if row is not None and row.currency == currency else None for row in days]
    return ListingTraffic(
        listing=listing,  # type: ignore[arg-type]  # strawberry-django's types stand for their models
        views=series("views"),
        visitors=series("visitors"),
        clicks=series("clicks"),
        carts=series("carts"),
        advertising=DailySeries(from_=start, step="P1D", zone=zone, unit=currency, values=spent),
        as_of=max((row.recorded_at for row in told.values()), default=None),
    )
