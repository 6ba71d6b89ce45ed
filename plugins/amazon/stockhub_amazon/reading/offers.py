"""The seller's offers, twenty a page: what listings, fees and watched ranks begin with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from stockhub.pluginapi.connectors import ConnectorContext, RequestRefusedError, UnreadableAnswerError
from stockhub_amazon.calls import Query, account_of, call, path_of
from stockhub_amazon.fields import FieldError, decimal_of, mapping, objects, required_objects, text, text_or_empty, whole_or_none
from stockhub_amazon.reading.page_tokens import PageTokens

_INCLUDED: Final = ("summaries", "offers", "fulfillmentAvailability")
#: Of one search, and of its identifiers.
_MOST_ON_PAGE: Final = 20
#: Amazon shows a thousand results of one search.
_MOST_RESULTS: Final = 1_000
_NO_OFFER: Final = ("NOT_FOUND", "NotFound", "http_404")


@dataclass(frozen=True, slots=True)
class OfferPage:
    """`at` is where to go on; None after the last page."""

    items: list[Mapping[str, Any]]
    at: dict[str, Any] | None
    total: int | None


def offer_pages(at: dict[str, Any], context: ConnectorContext) -> Iterator[OfferPage]:
    """By the day of their creation: where a search ends at its thousand results, the next one begins at the last offer's day."""
    config, tokens = account_of(context), PageTokens("searchListingsItems", str(at.get("token") or ""))
    while True:
        query: Query = {
            "marketplaceIds": config.home.marketplace_id,
            "includedData": _INCLUDED,
            "sortBy": "createdDate",
            "sortOrder": "ASC",
            "pageSize": _MOST_ON_PAGE,
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
            following = {**at, "token": tokens.after(token), "seen": seen}
        elif total is not None and total > seen >= _MOST_RESULTS:
            following = {"after": _last_created(items, at), "seen": 0}
        yield OfferPage(items, following, total)
        if following is None:
            return
        at = following


def offers_of(codes: Sequence[str], context: ConnectorContext) -> Iterator[tuple[list[Mapping[str, Any]], bool]]:
    """The offers of some SKUs, and whether they are the last. A SKU that is no offer has none.

    A SKU with a comma is asked for alone: it would be two in a list.
    """
    plain = [code for code in codes if "," not in code]
    asked = [plain[i : i + _MOST_ON_PAGE] for i in range(0, len(plain), _MOST_ON_PAGE)] + [[code] for code in codes if "," in code]
    for number, some in enumerate(asked, 1):
        items = _one_offer(some[0], context) if "," in some[0] else _found_offers(some, context)
        yield items, number == len(asked)


def _found_offers(codes: Sequence[str], context: ConnectorContext) -> list[Mapping[str, Any]]:
    config = account_of(context)
    query: Query = {
        "marketplaceIds": config.home.marketplace_id,
        "includedData": _INCLUDED,
        "identifiers": codes,
        "identifiersType": "SKU",
        "pageSize": _MOST_ON_PAGE,
    }
    answer = call(context, "searchListingsItems", "GET", "/listings/2021-08-01" + path_of("items", config.seller_id), query=query)
    return [item for item in required_objects(answer, "items") if item.get("sku") in codes]


def _one_offer(code: str, context: ConnectorContext) -> list[Mapping[str, Any]]:
    config = account_of(context)
    query: Query = {"marketplaceIds": config.home.marketplace_id, "includedData": _INCLUDED}
    try:
        return [call(context, "getListingsItem", "GET", "/listings/2021-08-01" + path_of("items", config.seller_id, code), query=query)]
    except RequestRefusedError as error:
        if error.code not in _NO_OFFER:
            raise
        return []


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
    """What a consumer pays; None where the offer has no price. Whose price it is has to be told: what cannot be read is not none."""
    for offer in objects(item, "offers"):
        if text(offer, "marketplaceId") == marketplace_id and text(offer, "offerType") == "B2C":
            price = mapping(offer, "price")
            currency = price.get("currencyCode") or price.get("currency")
            return decimal_of("price.amount", price.get("amount")), text({"currencyCode": currency}, "currencyCode")
    return None


def is_fulfilled_by_amazon(item: Mapping[str, Any]) -> bool | None:
    """None where no channel is named."""
    channels = [text(each, "fulfillmentChannelCode") for each in objects(item, "fulfillmentAvailability")]
    return any(channel.startswith("AMAZON") for channel in channels) if channels else None
