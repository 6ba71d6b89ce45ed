"""Orders 2026-01-01: by the time of their last change, with an overlap, items included. The past comes from the report of all orders.

One call in 179 s is all that Amazon bears, 100 orders each: history is not to be had this way.

Where Amazon refuses the details of fulfilment (seen in the Far East in 2026-08), orders are read without them: who ships is known by asking
twice; how far an order is, is not. Such an order is told as created with the lowest version there is, so that it comes in where nobody knew
it, and changes nothing where somebody did. The watermark stays: the same span is read again until Amazon tells its details, and then every
order's real state takes the place of the first one. Until then the feed shows how old its data is; a long refusal makes the span long.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from stockhub.pluginapi.connectors import (
    ConnectorContext,
    Page,
    ReadOrders,
    ReadRequest,
    RequestRefusedError,
    UnavailableError,
    UnreadableAnswerError,
)
from stockhub.pluginapi.records import OrderRecord
from stockhub_amazon.calls import Query, account_of, call
from stockhub_amazon.fields import (
    FieldError,
    each_record,
    instant,
    instant_or_none,
    mapping,
    objects,
    required_objects,
    text,
    text_or_empty,
)
from stockhub_amazon.reading.order_history import history
from stockhub_amazon.reading.order_lines import cancel_reason, lines_of
from stockhub_amazon.reports.flow import cursor_pairs, cursor_text
from stockhub_amazon.sites import BY_ID

#: Amazon's index lags behind; what comes twice has one effect.
OVERLAP: Final = timedelta(minutes=10)
#: Amazon wants `lastUpdatedBefore` to be two minutes ago at least.
_SETTLED: Final = timedelta(minutes=3)
#: No buyer, no recipient: personal data that is not asked for cannot be kept.
INCLUDED: Final = ("PROCEEDS", "CANCELLATION", "FULFILLMENT")
#: Longer ago than this is read from the report.
_REACH: Final = timedelta(days=2)
#: A 400, by which Amazon refuses a page's token that has ended as well as details.
_REFUSED: Final = ("InvalidInput", "http_400", "BAD_REQUEST", "400")
#: Of an order whose state is not known: lower than every version that is an instant.
_STATE_UNKNOWN: Final = 0
_STATUS: Final[Mapping[str, str]] = {
    "PENDING_AVAILABILITY": "created",
    "PENDING": "created",
    "UNSHIPPED": "paid",
    "PARTIALLY_SHIPPED": "paid",
    "SHIPPED": "shipped",
    "CANCELLED": "cancelled",
    "UNFULFILLABLE": "cancelled",
}


class AmazonOrders(ReadOrders):
    def read_orders(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[OrderRecord]]:
        at = cursor_pairs(request.cursor)
        if not at:
            since = request.since or context.now() - OVERLAP
            at = {"until": since.isoformat()} if since > context.now() - _REACH else {"from": since.isoformat()}
        if "until" not in at:
            reached = at
            for page, reached in history(at, context):  # noqa: B007 - the last one counts
                yield page
            at = reached
        if "until" in at:
            yield from _changes(at, context)


def _changes(at: dict[str, Any], context: ConnectorContext) -> Iterator[Page[OrderRecord]]:
    """From the watermark to nearly now. The cursor of the last page is the next reading's watermark."""
    since = str(at["until"])
    at = {"until": since, "before": at.get("before") or _newest(context), "token": at.get("token", ""), "by": at.get("by", "")}
    began_anew = False
    while True:
        try:
            answer = _search(at, context)
        except RequestRefusedError as error:
            at = _after_refusal(error, at, context, began_anew=began_anew)
            began_anew = began_anew or not at["by"]
            continue
        by = str(at["by"])
        records, rejected = each_record(
            required_objects(answer, "orders"), partial(order_of, context=context, shipped_by=by), key="orderId"
        )
        token = _next_token(answer)
        if token or by == "AMAZON":
            at |= {"token": token, "by": by if token else "MERCHANT"}
            yield Page(records, cursor_text(at), rejected=rejected)
            continue
        # Without the details nothing is known for good: the span is read again from where it began.
        reached = datetime.fromisoformat(since) if by else _reached(answer, at["before"])
        yield Page(records, cursor_text({"until": reached.isoformat()}), data_until=reached, rejected=rejected, is_last=True)
        return


def _after_refusal(error: RequestRefusedError, at: Mapping[str, Any], context: ConnectorContext, *, began_anew: bool) -> dict[str, Any]:
    """Where to go on after a refusal; the refusal itself where there is nowhere.

    A page's token lives for a day. Where one is refused the span is begun anew, once in a run, and asked for with all details.
    """
    if error.code not in _REFUSED or (at["by"] and not at["token"]):
        raise error
    if at["token"]:
        if began_anew:
            raise UnavailableError(f"Amazon refuses the pages that it names itself: {error.message}", code="page_token_refused")
        context.log.info("The token of a page of orders was refused (%s); the span is read anew.", error.message)
        return {"until": at["until"], "before": _newest(context), "token": "", "by": ""}
    context.log.warning("Amazon refused the orders' details (%s): they are read without, until it gives them.", error.message)
    return {**at, "by": "AMAZON"}


def _newest(context: ConnectorContext) -> str:
    return _iso(context.now() - _SETTLED)


def _search(at: Mapping[str, Any], context: ConnectorContext) -> Mapping[str, Any]:
    query: Query = {
        "lastUpdatedAfter": _iso(datetime.fromisoformat(at["until"]) - OVERLAP),
        "lastUpdatedBefore": at["before"],
        "marketplaceIds": account_of(context).marketplace_ids,
        "fulfilledBy": at["by"] or None,
        "maxResultsPerPage": 100,
        "includedData": [part for part in INCLUDED if part != "FULFILLMENT"] if at["by"] else INCLUDED,
        "paginationToken": at["token"] or None,
    }
    return call(context, "searchOrders", "GET", "/orders/2026-01-01/orders", query=query)


def _next_token(answer: Mapping[str, Any]) -> str:
    try:
        return text_or_empty(mapping(answer, "pagination"), "nextToken") and str(mapping(answer, "pagination")["nextToken"])
    except FieldError as error:
        raise UnreadableAnswerError(error.message, code="bad_field") from None


def _reached(answer: Mapping[str, Any], before: str) -> datetime:
    """The watermark that Amazon echoes, never later than the one asked for."""
    asked = datetime.fromisoformat(before)
    try:
        said = instant_or_none(answer, "lastUpdatedBefore")
    except FieldError as error:
        raise UnreadableAnswerError(error.message, code="bad_field") from None
    return min(said, asked) if said else asked


def order_of(row: Mapping[str, Any], context: ConnectorContext, *, shipped_by: str = "") -> OrderRecord:
    """An order. `shipped_by` is who ships it where Amazon told nothing of fulfilment: its state is unknown then and alters no known one."""
    fulfilment = mapping(row, "fulfillment")
    if not fulfilment and not shipped_by:
        raise FieldError("fulfillment", "fulfillment is missing: who ships the order is not known.")
    by_amazon = (text_or_empty(fulfilment, "fulfilledBy") or shipped_by) == "AMAZON"
    status = _status(fulfilment)
    changed = instant(row, "lastUpdatedTime")
    items, config = objects(row, "orderItems"), account_of(context)
    lines = lines_of(items, config.fba_warehouse if by_amazon else "")
    return OrderRecord(
        external_id=text(row, "orderId"),
        status=status,
        ordered_at=instant(row, "createdTime"),
        currency=_currency(row) or _site_currency(mapping(row, "salesChannel"), context),
        lines=lines,
        version=int(changed.timestamp() * 1000) if fulfilment else _STATE_UNKNOWN,
        fulfilled_by="platform" if by_amazon else "merchant",
        ship_by_at=None if by_amazon else instant_or_none(mapping(fulfilment, "shipByWindow"), "latestDateTime"),
        cancelled_at=changed if status == "cancelled" else None,
        cancel_reason=cancel_reason(items, config.stock_out_words),
        kind=_kind(row),
        # Of a cancelled order Amazon may tell the units no more: its lines are cancelled, not gone.
        is_complete=status != "cancelled" or len(lines) == len(items),
    )


def _status(fulfilment: Mapping[str, Any]) -> str:
    if not fulfilment:
        return "created"
    said = text(fulfilment, "fulfillmentStatus")
    if said not in _STATUS:
        raise FieldError("fulfillmentStatus", f"The order's status {said[:40]} is not known here.")
    return _STATUS[said]


def _kind(row: Mapping[str, Any]) -> str:
    """A replacement names the order that it stands for. Amazon's business customers buy like all others."""
    said = [str(each.get("associationType") or "") for each in objects(row, "associatedOrders")]
    return "replacement" if "REPLACEMENT_ORIGINAL_ID" in said else "sale"


def _currency(row: Mapping[str, Any]) -> str:
    for item in objects(row, "orderItems"):
        price = mapping(mapping(mapping(item, "product"), "price"), "unitPrice")
        if price.get("currencyCode"):
            return text(price, "currencyCode")
    return ""


def _site_currency(channel: Mapping[str, Any], context: ConnectorContext) -> str:
    marketplace = BY_ID.get(text_or_empty(channel, "marketplaceId"))
    return marketplace.site.currency if marketplace else context.account.currency


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
