"""What the shop shows for sale of offers that the merchant ships: of the shop as a whole, since no warehouse is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from stockhub.pluginapi.connectors import ConnectorContext, Page, Rejected, RequestRefusedError
from stockhub.pluginapi.records import StockCountRecord
from stockhub_amazon.fields import each_record, objects, text, whole_or_none
from stockhub_amazon.reading.offers import is_fulfilled_by_amazon, offer_pages, offers_of
from stockhub_amazon.reports.flow import cursor_text

#: The channel of what the merchant ships.
MERCHANT: Final = "DEFAULT"


def shown_stock(at: dict[str, Any], done: int, following: str, context: ConnectorContext) -> Iterator[Page[StockCountRecord]]:
    """All offers. `following` is the part of the reading that comes after it; empty where this is the last one.

    Where Amazon refuses the offers (a role that the app lacks, a page's token that has ended) that is told, and stops no other stock.
    """
    end = cursor_text({"part": following or "end", "done": done})
    try:
        for page in offer_pages(at, context):
            records, rejected = _counts(page.items, context.now())
            done += len(records)
            end = cursor_text({"part": following or "end", "done": done})
            cursor = cursor_text({"part": "offers", "at": page.at, "done": done}) if page.at is not None else end
            is_last = page.at is None and not following
            yield Page(records, cursor, context.now() if is_last else None, rejected, is_last=is_last, done=done)
    except RequestRefusedError as error:
        refused = Rejected("searchListingsItems", error.code[:60], error.message)
        yield Page((), end, rejected=(refused,), is_last=not following, done=done)


def shown_stock_of(codes: Sequence[str], context: ConnectorContext) -> Iterator[Page[StockCountRecord]]:
    """Of these alone; the last page is the reading's last."""
    for number, (items, is_last) in enumerate(offers_of(codes, context), 1):
        records, rejected = _counts(items, context.now())
        yield Page(records, cursor_text({"offers": number}), rejected=rejected, is_last=is_last)


def merchant_qty(item: Mapping[str, Any]) -> int | None:
    """None where Amazon ships the offer too, or does not tell: that is not zero."""
    if is_fulfilled_by_amazon(item) is not False:
        return None
    channels = objects(item, "fulfillmentAvailability")
    return next((whole_or_none(each, "quantity") for each in channels if each.get("fulfillmentChannelCode") == MERCHANT), None)


def _counts(items: Sequence[Mapping[str, Any]], now: datetime) -> tuple[list[StockCountRecord], list[Rejected]]:
    return each_record(items, lambda item: _count(item, now), key="sku")


def _count(item: Mapping[str, Any], now: datetime) -> StockCountRecord | None:
    qty = merchant_qty(item)
    return None if qty is None else StockCountRecord(text(item, "sku"), "", (("available", qty),), now)
