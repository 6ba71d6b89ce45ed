"""Offers as the shop shows them, and their prices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from stockhub.pluginapi.connectors import ConnectorContext, Page, ReadListings, ReadRequest
from stockhub.pluginapi.records import ListingRecord
from stockhub_amazon.calls import account_of
from stockhub_amazon.fields import each_record, text, text_or_empty
from stockhub_amazon.reading.offers import home_price, home_summary, offer_pages, offers_of
from stockhub_amazon.reports.flow import cursor_pairs, cursor_text

#: A code that the host takes.
_LONGEST_CODE: Final = 120


class AmazonListings(ReadListings):
    """An offer that is not named is not gone: Amazon's search leaves some out."""

    def read_listings(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[ListingRecord]]:
        home = account_of(context).home.marketplace_id
        if request.codes:
            yield from _of_codes(request.codes, home, context)
            return
        at = cursor_pairs(request.cursor)
        done = int(at.pop("done", 0))
        for page in offer_pages(at, context):
            now = context.now()
            records, rejected = each_record(page.items, lambda item, now=now: listing_of(item, home, now), key="sku")  # type: ignore[misc]
            done += len(page.items)
            cursor = cursor_text({**(page.at or {"end": True}), "done": done})
            is_last = page.at is None
            yield Page(records, cursor, now if is_last else None, rejected, is_last=is_last, done=done, total=page.total)


def _of_codes(codes: Sequence[str], home: str, context: ConnectorContext) -> Iterator[Page[ListingRecord]]:
    for number, (items, is_last) in enumerate(offers_of(codes, context), 1):
        now = context.now()
        records, rejected = each_record(items, lambda item, now=now: listing_of(item, home, now), key="sku")  # type: ignore[misc]
        yield Page(records, cursor_text({"codes": number}), rejected=rejected, is_last=is_last)


def listing_of(item: Mapping[str, Any], marketplace_id: str, now: datetime) -> ListingRecord:
    summary = home_summary(item, marketplace_id)
    price = home_price(item, marketplace_id)
    status = summary.get("status")
    return ListingRecord(
        code=text(item, "sku"),
        observed_at=now,
        title=text_or_empty(summary, "itemName"),
        status="" if not isinstance(status, list) else "active" if "BUYABLE" in status else "inactive",
        effective_price=price[0] if price else None,
        currency=price[1] if price else "",
        other_codes=_fnsku_of(summary),
    )


def _fnsku_of(summary: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Amazon's own number of what it stores: charges for storage name nothing else."""
    fnsku = text_or_empty(summary, "fnSku")
    return (("fnsku", fnsku),) if 0 < len(fnsku) <= _LONGEST_CODE else ()
