"""The seller's offers, twenty a page: what listings, fees and watched ranks begin with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from stockhub.pluginapi.connectors import ConnectorContext, UnreadableAnswerError
from stockhub_amazon.calls import Query, account_of, call, path_of
from stockhub_amazon.fields import FieldError, decimal_of, mapping, objects, required_objects, text, text_or_empty, whole_or_none

#: Amazon shows a thousand results of one search.
_MOST_RESULTS = 1_000


@dataclass(frozen=True, slots=True)
class OfferPage:
    """`at` is where to go on; None after the last page."""

    items: list[Mapping[str, Any]]
    at: dict[str, Any] | None
    total: int | None


def offer_pages(at: dict[str, Any], context: ConnectorContext) -> Iterator[OfferPage]:
    """By the day of their creation: where a search ends at its thousand results, the next one begins at the last offer's day."""
    config = account_of(context)
    while True:
        query: Query = {
            "marketplaceIds": config.home.marketplace_id,
            "includedData": ["summaries", "offers", "fulfillmentAvailability"],
            "sortBy": "createdDate",
            "sortOrder": "ASC",
            "pageSize": 20,
            "createdAfter": at.get("after"),
            "pageToken": at.get("token"),
        }
        answer = call(context, "searchListingsItems", "GET", "/listings/2021-08-01" + path_of("items", config.seller_id), query=query)
        items = required_objects(answer, "items")
        try:
            token = text_or_empty(mapping(answer, "pagination"), "nextToken") and str(mapping(answer, "pagination")["nextToken"])
            total = whole_or_none(answer, "numberOfResults")
        except FieldError as error:
            raise UnreadableAnswerError(error.message, code="bad_field") from None
        seen = int(at.get("seen", 0)) + len(items)
        following: dict[str, Any] | None = None
        if token:
            following = {**at, "token": token, "seen": seen}
        elif total is not None and total > seen >= _MOST_RESULTS:
            following = {"after": _last_created(items, at), "seen": 0}
        yield OfferPage(items, following, total)
        if following is None:
            return
        at = following


def _last_created(items: list[Mapping[str, Any]], at: Mapping[str, Any]) -> str:
    created = [str(summary.get("createdDate") or "") for item in items for summary in objects(item, "summaries")]
    last = max(created, default="")
    if not last or last == at.get("after"):
        raise UnreadableAnswerError(
            "More than a thousand offers were created at the same moment: Amazon's search cannot show them all. Import the listings from "
            "the report of all listings.",
            code="too_many_offers",
        )
    return last


def home_summary(item: Mapping[str, Any], marketplace_id: str) -> Mapping[str, Any]:
    return next((s for s in objects(item, "summaries") if s.get("marketplaceId") == marketplace_id), {})


def home_price(item: Mapping[str, Any], marketplace_id: str) -> tuple[Decimal, str] | None:
    """What a consumer pays; None where the offer has no price."""
    for offer in objects(item, "offers"):
        if offer.get("marketplaceId") == marketplace_id and offer.get("offerType") == "B2C":
            price = mapping(offer, "price")
            currency = price.get("currencyCode") or price.get("currency")
            return decimal_of("price.amount", price.get("amount")), text({"currencyCode": currency}, "currencyCode")
    return None


def is_fulfilled_by_amazon(item: Mapping[str, Any]) -> bool | None:
    """None where no channel is named."""
    channels = [str(each.get("fulfillmentChannelCode") or "") for each in objects(item, "fulfillmentAvailability")]
    return any(channel.startswith("AMAZON") for channel in channels) if channels else None
