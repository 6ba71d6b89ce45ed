"""What Amazon counts in its own warehouses, and what the shop shows of offers that the merchant ships.

FBA inventory summaries are read whole each time, then the offers, then AWD's stock.

Runs that ask for changes alone miss rows (Amazon's own issue 2583), so each reading is whole. A SKU that is not named stays as it is.

Pan-European and North American stock shows in several marketplaces although it lies there once: only the account's first one is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from stockhub.pluginapi.connectors import ConnectorContext, Page, ReadRequest, ReadStock, RequestRefusedError, UnavailableError
from stockhub.pluginapi.records import StockCountRecord
from stockhub_amazon.calls import Query, account_of, call
from stockhub_amazon.fields import FieldError, each_record, mapping, required_object, required_objects, text, text_or_empty, whole_or_none
from stockhub_amazon.reading.page_tokens import PageTokens
from stockhub_amazon.reading.shown_stock import shown_stock, shown_stock_of
from stockhub_amazon.reports.flow import cursor_pairs, cursor_text

_MOST_CODES: Final = 50
_MOST_RESTARTS: Final = 5


class AmazonStock(ReadStock):
    def read_stock(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[StockCountRecord]]:
        if request.codes:
            return _of_codes(request.codes, context)
        return _whole(cursor_pairs(request.cursor), context)


def _whole(at: dict[str, Any], context: ConnectorContext) -> Iterator[Page[StockCountRecord]]:
    done = int(at.get("done", 0))
    awd = "awd" if account_of(context).awd_warehouse else ""
    if at.get("part", "fba") == "fba":
        token = str(at.get("token", ""))
        tokens = PageTokens("getInventorySummaries", token)
        while True:
            try:
                page, following = _fba_page({"nextToken": token or None}, context)
            except RequestRefusedError as error:
                if not token:
                    raise
                yield _restart(at, error, context)
                return
            token = tokens.after(following)
            done += len(page.records)
            cursor = cursor_text({"part": "fba" if token else "offers", "token": token, "done": done, "restarts": at.get("restarts", 0)})
            yield Page(page.records, cursor, rejected=page.rejected, done=done)
            if not token:
                break
        at = {"part": "offers"}
    if at["part"] == "offers":
        for page in shown_stock(dict(at.get("at") or {}), done, awd, context):
            done = page.done or done
            yield page
        at = {"part": awd}
    if at["part"] == "awd":
        yield from _awd(str(at.get("token", "")), done, context)


def _restart(at: Mapping[str, Any], error: RequestRefusedError, context: ConnectorContext) -> Page[StockCountRecord]:
    """A page's token ends after 30 seconds: where the host came back later than that, the reading begins anew."""
    restarts = int(at.get("restarts", 0)) + 1
    if restarts > _MOST_RESTARTS:
        raise UnavailableError(
            f"Amazon's inventory pages ended {restarts} times before the last one ({error.message}). Their tokens live for 30 seconds: see "
            "that the account's workers are not kept waiting.",
            code="page_token_expired",
        )
    context.log.info("The token of a page of inventory has ended; the reading begins anew.")
    return Page((), cursor_text({"part": "fba", "restarts": restarts}))


def _of_codes(codes: Sequence[str], context: ConnectorContext) -> Iterator[Page[StockCountRecord]]:
    """A SKU with a comma is asked alone: it would be two in a list."""
    plain = [code for code in codes if "," not in code]
    asked: list[Query] = [{"sellerSkus": plain[i : i + _MOST_CODES]} for i in range(0, len(plain), _MOST_CODES)]
    asked += [{"sellerSku": code} for code in codes if "," in code]
    for number, query in enumerate(asked, 1):
        token, tokens = "", PageTokens("getInventorySummaries", "")
        while True:
            page, following = _fba_page({**query, "nextToken": token or None}, context)
            token = tokens.after(following)
            yield Page(page.records, cursor_text({"codes": number, "token": token}), rejected=page.rejected)
            if not token:
                break
    yield from shown_stock_of(codes, context)


def _fba_page(query: Query, context: ConnectorContext) -> tuple[Page[StockCountRecord], str]:
    config = account_of(context)
    home = config.home.marketplace_id
    asked: dict[str, Any] = {"details": True, "granularityType": "Marketplace", "granularityId": home, "marketplaceIds": home, **query}
    answer = call(context, "getInventorySummaries", "GET", "/fba/inventory/v1/summaries", query=asked)
    rows = required_objects(required_object(answer, "payload"), "inventorySummaries")
    now = context.now()
    records, rejected = each_record(rows, lambda row: _count(row, config.fba_warehouse, now), key="sellerSku")
    pagination = answer.get("pagination")
    token = pagination.get("nextToken") if isinstance(pagination, dict) else None
    return Page(records, "", rejected=rejected), token if isinstance(token, str) else ""


def _count(row: Mapping[str, Any], warehouse: str, now: datetime) -> StockCountRecord:
    details = mapping(row, "inventoryDetails")
    if not details:
        raise FieldError("inventoryDetails", "inventoryDetails is missing: what lies there is not known.")
    quantities = tuple((bucket, qty) for bucket, qty in _buckets(details) if qty is not None)
    if not quantities:
        raise FieldError("inventoryDetails", "No quantity that is known stands in inventoryDetails.")
    return StockCountRecord(text(row, "sellerSku"), warehouse, quantities, now)


def _buckets(details: Mapping[str, Any]) -> Iterator[tuple[str, int | None]]:
    """Units on their way in are no stock here, `inboundReceivingQuantity` neither: shipments tell of them, and twice is once too often."""
    reserved = mapping(details, "reservedQuantity")
    yield "available", whole_or_none(details, "fulfillableQuantity")
    if "pendingCustomerOrderQuantity" in reserved:
        yield "reserved", whole_or_none(reserved, "pendingCustomerOrderQuantity")
        yield "platform_transfer", whole_or_none(reserved, "pendingTransshipmentQuantity")
        yield "inspecting", whole_or_none(reserved, "fcProcessingQuantity")
    else:
        yield "reserved", whole_or_none(reserved, "totalReservedQuantity")
    yield "researching", whole_or_none(mapping(details, "researchingQuantity"), "totalResearchingQuantity")
    yield "unsellable", whole_or_none(mapping(details, "unfulfillableQuantity"), "totalUnfulfillableQuantity")


def _awd(token: str, done: int, context: ConnectorContext) -> Iterator[Page[StockCountRecord]]:
    warehouse, tokens = account_of(context).awd_warehouse, PageTokens("listInventory", token)
    while True:
        query: Query = {"details": "SHOW", "maxResults": 200, "nextToken": token or None}
        answer = call(context, "listInventory", "GET", "/awd/2024-05-09/inventory", query=query)
        now = context.now()
        rows = required_objects(answer, "inventory")
        records, rejected = each_record(rows, lambda row, now=now: _awd_count(row, warehouse, now), key="sku")  # type: ignore[misc]
        token = tokens.after(text_or_empty(answer, "nextToken") and str(answer["nextToken"]))
        done += len(records)
        yield Page(
            records, cursor_text({"part": "awd", "token": token, "done": done}), data_until=None if token else now, rejected=rejected,
            is_last=not token, done=done,
        )  # fmt: skip
        if not token:
            return


def _awd_count(row: Mapping[str, Any], warehouse: str, now: datetime) -> StockCountRecord:
    details = mapping(row, "inventoryDetails")
    named = (
        ("available", whole_or_none(details, "availableDistributableQuantity")),
        ("reserved", whole_or_none(details, "reservedDistributableQuantity")),
    )
    quantities = tuple((bucket, qty) for bucket, qty in named if qty is not None)
    if not quantities:
        qty = whole_or_none(row, "totalOnhandQuantity")
        if qty is None:
            raise FieldError("totalOnhandQuantity", "Neither the details nor the total of what lies there is told.")
        quantities = (("available", qty),)
    return StockCountRecord(text(row, "sku"), warehouse, quantities, now)
