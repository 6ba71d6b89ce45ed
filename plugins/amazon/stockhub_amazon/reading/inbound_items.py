"""Lines of shipments of version 0: those that changed lately in bulk, the others shipment by shipment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from stockhub.pluginapi.connectors import ConnectorContext, ThrottledError
from stockhub.pluginapi.platform_records import InboundLineRecord
from stockhub_amazon.calls import Query, account_of, call, path_of
from stockhub_amazon.fields import FieldError, each_record, required_object, required_objects, text, text_or_empty, whole, whole_or_none

#: By shipment; only shipments all of whose lines are told.
Items = Mapping[str, list[Mapping[str, Any]]]

_WITHIN: Final = timedelta(days=365)
#: Within the burst. A shop with more lines asks shipment by shipment, which can be interrupted anywhere.
_MOST_PAGES: Final = 20
#: A shipment has some thousands of lines at most.
_MOST_PAGES_OF_ONE: Final = 200


def changed_items(context: ConnectorContext) -> Items:
    """All lines that changed lately, if they fit into some pages; nothing otherwise.

    The span is a year, since a line that did not change within it is not told: every line changes when its shipment is made.
    """
    home, now = account_of(context).home.marketplace_id, context.now()
    query: Query = {
        "QueryType": "DATE_RANGE",
        "LastUpdatedAfter": _iso(now - _WITHIN),
        "LastUpdatedBefore": _iso(now),
        "MarketplaceId": home,
    }
    found: dict[str, list[Mapping[str, Any]]] = {}
    for _page in range(_MOST_PAGES):
        try:
            payload = required_object(call(context, "getShipmentItems", "GET", "/fba/inbound/v0/shipmentItems", query=query), "payload")
        except ThrottledError:
            return {}
        for row in required_objects(payload, "ItemData"):
            found.setdefault(str(row.get("ShipmentId") or ""), []).append(row)
        if not text_or_empty(payload, "NextToken"):
            return found
        query = {"QueryType": "NEXT_TOKEN", "NextToken": str(payload["NextToken"]), "MarketplaceId": home}
    return {}


def items_of(shipment_id: str, context: ConnectorContext) -> list[Mapping[str, Any]]:
    """All lines of one shipment: its first page, and the others by their token. FieldError where they do not end or are another's."""
    home = account_of(context).home.marketplace_id
    path = "/fba/inbound/v0" + path_of("shipments", shipment_id, "items")
    payload = required_object(call(context, "getShipmentItemsByShipmentId", "GET", path, query={"MarketplaceId": home}), "payload")
    found: list[Mapping[str, Any]] = []
    for _page in range(_MOST_PAGES_OF_ONE):
        rows = required_objects(payload, "ItemData")
        if any(row.get("ShipmentId") not in (None, shipment_id) for row in rows):
            raise FieldError("ItemData", "A page of the shipment's lines is another shipment's.")
        found += rows
        if not text_or_empty(payload, "NextToken"):
            return found
        query: Query = {"QueryType": "NEXT_TOKEN", "NextToken": str(payload["NextToken"]), "MarketplaceId": home}
        payload = required_object(call(context, "getShipmentItems", "GET", "/fba/inbound/v0/shipmentItems", query=query), "payload")
    raise FieldError("NextToken", f"The shipment's lines do not end after {_MOST_PAGES_OF_ONE} pages.")


def lines_of(rows: list[Mapping[str, Any]], *, is_under_way: bool) -> tuple[InboundLineRecord, ...]:
    """FieldError where one cannot be read, or where goods are under way and no line says which."""
    if is_under_way and not rows:
        raise FieldError("ItemData", "Amazon names no line of a shipment that is under way: what is known of it stays.")
    lines, rejected = each_record(rows, _line, key="SellerSKU")
    if rejected:
        raise FieldError("ItemData", f"A line of the shipment cannot be read: {rejected[0].message}")
    # A shipment has one line a SKU: the same one again is a repetition, and not as many units more.
    found = {line.code: line for line in lines}
    if any(found[line.code] != line for line in lines):
        raise FieldError("ItemData", "Amazon tells two different lines of one SKU in the shipment: what is known of it stays.")
    return tuple(found.values())


def _line(row: Mapping[str, Any]) -> InboundLineRecord:
    return InboundLineRecord(text(row, "SellerSKU"), whole(row, "QuantityShipped"), whole_or_none(row, "QuantityReceived") or 0)


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
