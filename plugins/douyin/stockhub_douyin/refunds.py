"""Orders whose money went back before they left: of those the after-sale tells, whether or not the order itself is said to have changed.

Behind the orders of each reading come the after-sales that changed since the last one, by a time of their own, and the orders they name
are fetched once more. An order that this reading has told of since is not fetched again; in the first reading all are as they are now.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from stockhub.pluginapi import OrderRecord
from stockhub.pluginapi.connectors import Page, ReadRequest, Rejected, RequestRefusedError, UnreadableAnswerError
from stockhub_douyin import after_sales
from stockhub_douyin.changes import Search, read_pages
from stockhub_douyin.client import DouyinClient
from stockhub_douyin.fields import Facts, FieldError, identifier, identifier_or_none, whole
from stockhub_douyin.order_records import order_records
from stockhub_douyin.windows import Place, Slice, place_of, update_time

#: Asks for an order as it is now, of which something changed at a second.
Fetch = Callable[[str, int], tuple[list[OrderRecord], list[Rejected]]]
_REFUND_BEFORE_SHIPMENT: Final = 2


@dataclass(slots=True)
class _Reading:
    """Where orders and after-sales go on; and when the orders changed that this reading told of, from `since` on."""

    orders: str
    refunds: str
    since: int
    told: dict[str, int] = field(default_factory=dict)

    def cursor(self) -> str:
        return json.dumps({"orders": self.orders, "refunds": self.refunds})


def behind(client: DouyinClient, request: ReadRequest, search: Search, fetch: Fetch) -> Iterator[Page[OrderRecord]]:
    """Pages of orders by their own time of change, and behind them those that after-sales name."""
    reading = _begun(request, client)

    def orders_of(rows: Sequence[Facts]) -> tuple[list[OrderRecord], list[Rejected]]:
        _note(reading, rows)
        return order_records(rows, client.config)

    last: Page[OrderRecord] | None = None
    for page in read_pages(client, replace(request, cursor=reading.orders), search, update_time, orders_of):
        reading.orders = page.cursor
        last = page
        if not page.is_last:
            yield replace(page, cursor=reading.cursor())
    # The orders' last page goes with the first of the after-sales: where nothing moved, it would lead back to where the reading began.
    held = Page[OrderRecord]((), reading.cursor()) if last is None or not last.is_last else last
    until = last.data_until if last is not None else None
    try:
        for page in _refunded(client, request, reading, fetch):
            reading.refunds = page.cursor
            yield _together(held, replace(page, cursor=reading.cursor(), data_until=until))
            held = Page((), reading.cursor())
    except RequestRefusedError as error:
        if error.code not in {"no_permission", "operation_gone"}:
            raise
        # The feed of returns says so to an operator; orders do not stop for it.
        client.context.log.warning("Refunds cannot be read: %s", error.message)
        yield _together(held, Page((), reading.cursor(), data_until=until, is_last=True))


def _together(first: Page[OrderRecord], second: Page[OrderRecord]) -> Page[OrderRecord]:
    """The records of both, and where the second goes on."""
    return replace(second, records=(*first.records, *second.records), rejected=(*first.rejected, *second.rejected))


def _begun(request: ReadRequest, client: DouyinClient) -> _Reading:
    """A cursor that knows no refunds is of an earlier release: they are read from where the orders go on."""
    now = client.context.now()
    if not request.cursor:
        since = int(now.timestamp())
        return _Reading("", Place(since).cursor(), since)
    try:
        known = json.loads(request.cursor)
        orders, refunds = (str(known["orders"]), str(known["refunds"])) if isinstance(known, dict) else (request.cursor, "")
    except (ValueError, KeyError) as error:
        raise UnreadableAnswerError(f"The stored cursor {request.cursor[:60]!r} cannot be read.", code="cursor") from error
    place = place_of(replace(request, cursor=refunds or orders), now, client.config)
    return _Reading(orders, refunds or Place(place.since).cursor(), place.since)


def _note(reading: _Reading, rows: Sequence[Facts]) -> None:
    for row in rows:
        if (changed := update_time(row)) >= reading.since and (order_id := identifier_or_none(row, "order_id")):
            reading.told[order_id] = changed


def _refunded(client: DouyinClient, request: ReadRequest, reading: _Reading, fetch: Fetch) -> Iterator[Page[OrderRecord]]:
    def orders_of(items: Sequence[Facts]) -> tuple[list[OrderRecord], list[Rejected]]:
        records: list[OrderRecord] = []
        rejected: list[Rejected] = []
        for order_id, changed in _named(items).items():
            if reading.told.get(order_id, 0) < changed:
                found, refused = fetch(order_id, changed)
                records += found
                rejected += refused
                reading.told[order_id] = changed
        return records, rejected

    def search(since: int, until: int, page: int, size: int) -> Slice:
        return after_sales.search(client, since, until, page, size)

    yield from read_pages(client, replace(request, cursor=reading.refunds), search, after_sales.update_time_of, orders_of)


def _named(items: Sequence[Facts]) -> dict[str, int]:
    """The orders of refunds that succeeded before anything left, and when; what cannot be read, the feed of returns sets apart."""
    found: dict[str, int] = {}
    for item in items:
        info = after_sales.part(item, "aftersale_info")
        try:
            if (whole(info, "aftersale_type"), whole(info, "aftersale_status")) == (_REFUND_BEFORE_SHIPMENT, after_sales.SUCCESS):
                order_id = identifier(after_sales.part(item, "order_info"), "shop_order_id")
                found[order_id] = max(found.get(order_id, 0), after_sales.update_time_of(item))
        except FieldError:
            continue
    return found
