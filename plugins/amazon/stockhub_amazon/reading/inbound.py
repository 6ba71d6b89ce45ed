"""Shipments into Amazon's warehouses, joined on the confirmation id (FBA…).

What was received is told by version 0 alone, when it is expected by 2024-03-20 alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from stockhub.pluginapi.connectors import ConnectorContext, Inbound, Page, ReadRequest, Rejected
from stockhub.pluginapi.platform_records import InboundRecord
from stockhub_amazon.calls import Query, account_of, call
from stockhub_amazon.fields import FieldError, required_object, required_objects, text, text_or_empty
from stockhub_amazon.reading.awd_inbound import awd_shipments
from stockhub_amazon.reading.inbound_items import Items, changed_items, items_of, lines_of
from stockhub_amazon.reading.inbound_plans import Expected, expectations
from stockhub_amazon.reports.flow import cursor_pairs, cursor_text

#: READY_TO_SHIP is a status of the query alone.
_UNDER_WAY: Final = ("WORKING", "READY_TO_SHIP", "SHIPPED", "IN_TRANSIT", "DELIVERED", "CHECKED_IN", "RECEIVING")
_ENDED: Final = ("CLOSED", "CANCELLED", "DELETED")
_STATUS: Final[Mapping[str, str]] = {
    "WORKING": "planned",
    "READY_TO_SHIP": "planned",
    "SHIPPED": "in_transit",
    "IN_TRANSIT": "in_transit",
    "DELIVERED": "in_transit",
    "CHECKED_IN": "receiving",
    "RECEIVING": "receiving",
    "CLOSED": "received",
    "CANCELLED": "cancelled",
    "DELETED": "cancelled",
}
_ENDED_WITHIN: Final = timedelta(days=30)


class AmazonInbound(Inbound):
    def read_inbound(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[InboundRecord]]:
        at = cursor_pairs(request.cursor) or {"part": "open"}
        parts = ["open", "ended", *(["awd"] if account_of(context).awd_warehouse else [])]
        for number in range(parts.index(at["part"]), len(parts)):
            following = parts[number + 1] if number + 1 < len(parts) else ""
            for page, after in _part(parts[number], at, context):
                is_last = after is None and not following
                cursor = cursor_text(after if after is not None else {"part": following or "end"})
                yield Page(page.records, cursor, context.now() if is_last else None, page.rejected, is_last=is_last)
            at = {"part": following}


def _part(part: str, at: dict[str, Any], context: ConnectorContext) -> Iterator[tuple[Page[InboundRecord], dict[str, Any] | None]]:
    if part == "awd":
        yield from awd_shipments(at, context)
        return
    expected = expectations(context) if part == "open" else {}
    items = changed_items(context) if part == "open" else {}
    token = str(at.get("token", ""))
    while True:
        payload = required_object(_shipments(part, token, context), "payload")
        rows = required_objects(payload, "ShipmentData")
        following = text_or_empty(payload, "NextToken") and str(payload["NextToken"])
        start = int(at.get("row", 0)) if token == at.get("token", "") else 0
        for number, row in enumerate(rows[start:], start + 1):
            page = _one(row, expected, items, context)
            if number == len(rows):
                yield page, {"part": part, "token": following} if following else None
            else:
                yield page, {"part": part, "token": token, "row": number}
        if not rows[start:]:
            yield Page((), ""), {"part": part, "token": following} if following else None
        if not following:
            return
        token = following


def _shipments(part: str, token: str, context: ConnectorContext) -> Mapping[str, Any]:
    """The next page is asked for as NEXT_TOKEN: with the first question's type again, Amazon gives the first page for ever."""
    home = account_of(context).home.marketplace_id
    query: Query
    if token:
        query = {"QueryType": "NEXT_TOKEN", "NextToken": token, "MarketplaceId": home}
    elif part == "open":
        query = {"QueryType": "SHIPMENT", "ShipmentStatusList": _UNDER_WAY, "MarketplaceId": home}
    else:
        now = context.now()
        query = {
            "QueryType": "DATE_RANGE",
            "ShipmentStatusList": _ENDED,
            "LastUpdatedAfter": _iso(now - _ENDED_WITHIN),
            "LastUpdatedBefore": _iso(now),
            "MarketplaceId": home,
        }
    return call(context, "getShipments", "GET", "/fba/inbound/v0/shipments", query=query)


def _one(row: Mapping[str, Any], expected: Mapping[str, Expected], items: Items, context: ConnectorContext) -> Page[InboundRecord]:
    """A shipment with its lines. Where a line cannot be read the shipment is set apart: without it, too little would be under way."""
    shipment_id = str(row.get("ShipmentId") or "")
    try:
        status = _status(row)
        shipment_id = text(row, "ShipmentId")
        rows = items[shipment_id] if shipment_id in items else items_of(shipment_id, context)
        lines = lines_of(rows, is_under_way=status in ("in_transit", "receiving"))
    except FieldError as error:
        return Page((), "", rejected=(Rejected(shipment_id[:200], "bad_shipment", error.message),))
    known = expected.get(shipment_id, Expected())
    record = InboundRecord(
        external_id=shipment_id,
        warehouse=account_of(context).fba_warehouse,
        status=status,
        updated_at=context.now(),
        lines=lines,
        name=text_or_empty(row, "ShipmentName"),
        shipped_on=known.shipped_on,
        expected_on=known.expected_on or _needed_by(row),
    )
    return Page((record,), "")


def _status(row: Mapping[str, Any]) -> str:
    status = text(row, "ShipmentStatus")
    if status == "ERROR":
        raise FieldError("ShipmentStatus", "Amazon calls the shipment faulty: see it in Seller Central.")
    if status not in _STATUS:
        raise FieldError("ShipmentStatus", f"The shipment's status {status[:40]} is not known here.")
    return _STATUS[status]


def _needed_by(row: Mapping[str, Any]) -> date | None:
    said = text_or_empty(row, "ConfirmedNeedByDate")
    try:
        return datetime.fromisoformat(said).date() if said else None
    except ValueError:
        raise FieldError("ConfirmedNeedByDate", f"ConfirmedNeedByDate is no day: {said[:40]}.") from None


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
