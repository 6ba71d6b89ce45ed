"""Reading what platforms pushed, what listings may deliver, and what live rooms sell."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

import strawberry
from django.utils.translation import gettext
from strawberry import Info

from stockhub.catalog.models import Sku
from stockhub.channels import live_rooms
from stockhub.channels.listing_suggestions import Suggestion, suggestions
from stockhub.channels.models import Account, Listing
from stockhub.channels.webhooks import models
from stockhub.core import clock
from stockhub.graphql.errors import bad_input
from stockhub.graphql.mutations.visibility import named
from stockhub.graphql.named import named_skus
from stockhub.graphql.pagination import DEFAULT_FIRST, MAX_FIRST, After, Connection, First, Key, Offset, Paging, page, rows_of
from stockhub.graphql.permissions import root_field
from stockhub.graphql.queries.channels import OnAccount
from stockhub.graphql.scalars import Quantity
from stockhub.graphql.types.webhooks import (
    ListingSuggestion,
    ListingSuggestions,
    LiveRoom,
    MinuteSeries,
    WebhookMessage,
    WebhookStatus,
)

_LATEST = (Key("received_at", descending=True),)
#: Rooms and SKUs of one answer; those that sell most come first.
_ROOMS = 200


@strawberry.type
class WebhooksQuery:
    @root_field("channels.view_webhookmessage", "Messages that platforms pushed, the latest first.")
    def webhook_messages(
        self,
        info: Info,
        account: OnAccount = None,
        status: Annotated[WebhookStatus | None, strawberry.argument(description="Only those of which this has become.")] = None,
        message_id: Annotated[str | None, strawberry.argument(description="Only the one with this id of its platform.")] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[WebhookMessage]:
        rows = rows_of(models.WebhookMessage, info)
        rows = rows if account is None else rows.filter(account__code=account)
        rows = rows if status is None else rows.filter(status=status)
        rows = rows if message_id is None else rows.filter(message_id=message_id)
        return page(info, Connection[WebhookMessage], rows, _LATEST, Paging(first, after, offset))

    @root_field("channels.view_listing", "Listings of an account that deliver nothing yet, by their code, and what they may deliver.")
    def listing_suggestions(
        self,
        info: Info,
        account: Annotated[str, strawberry.argument(description="The account's code.")],
        first: First = DEFAULT_FIRST,
        after_code: Annotated[str, strawberry.argument(description="Only those with a code behind this one.")] = "",
    ) -> list[ListingSuggestions]:
        if not 0 < first <= MAX_FIRST:
            raise bad_input(gettext("Ask for 1 to %(most)d at a time.") % {"most": MAX_FIRST})
        shop = named(info, Account, "account", account)
        rows = rows_of(Listing, info).filter(account=shop, components=None, deleted_at=None, code__gt=after_code)
        listings = list(rows.select_related("account").order_by("code", "kind")[:first])
        found = suggestions(listings)
        ids = {told.sku_id for each in found.values() for told in each}
        names = {pk: (code, name) for pk, code, name in Sku.objects.filter(pk__in=ids).values_list("pk", "code", "name")}
        return [
            ListingSuggestions(
                kind=each.kind, code=each.code, title=each.title,
                suggestions=[_suggestion(told, *names[told.sku_id]) for told in found.get(each.pk, ())],
            )
            for each in listings
        ]  # fmt: skip

    @root_field("channels.view_order", "What live rooms and their authors sold, by minute; those with the most units first, at most 200.")
    def live_rooms(
        self,
        info: Info,
        since: Annotated[dt.datetime, strawberry.argument(description="From this minute on; at most 48 hours ago.")],
        account: OnAccount = None,
        skus: Annotated[list[str] | None, strawberry.argument(description="Only of the SKUs with these codes, at most 1,000.")] = None,
    ) -> list[LiveRoom]:
        accounts = {each.pk: each for each in rows_of(Account, info).filter(deleted_at=None, **({"code": account} if account else {}))}
        known = None if skus is None else named_skus(info, skus)
        until = clock.now()
        told = live_rooms.live_sales(accounts=list(accounts.values()), since=since, until=until, sku_ids=known)[:_ROOMS]
        codes = dict(Sku.objects.filter(pk__in={each.sku_id for each in told}).values_list("pk", "code"))
        first = live_rooms.floored(since)
        return [
            LiveRoom(
                account=accounts[each.account_id].code, sku=codes[each.sku_id], room=each.room, author=each.author,
                units=Quantity(each.units),
                series=MinuteSeries(from_=first, step="PT1M", unit="unit", values=each.columns(since, until)),
            )
            for each in told
        ]  # fmt: skip


def _suggestion(told: Suggestion, code: str, name: str) -> ListingSuggestion:
    return ListingSuggestion(sku=code, sku_name=name, qty=Quantity(told.qty), score=Decimal(str(told.score)), reason=told.reason)
