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
    query: Query = {"MarketplaceId": account_of(context).home.marketplace_id}
    path = "/fba/inbound/v0" + path_of("shipments", shipment_id, "items")
    answer = call(context, "getShipmentItemsByShipmentId", "GET", path, query=query)
    return required_objects(required_object(answer, "payload"), "ItemData")


def lines_of(rows: list[Mapping[str, Any]]) -> tuple[InboundLineRecord, ...]:
    lines, rejected = each_record(rows, _line, key="SellerSKU")
    if rejected:
        raise FieldError("ItemData", f"A line of the shipment cannot be read: {rejected[0].message}")
    return tuple(lines)


def _line(row: Mapping[str, Any]) -> InboundLineRecord:
    return InboundLineRecord(text(row, "SellerSKU"), whole(row, "QuantityShipped"), whole_or_none(row, "QuantityReceived") or 0)


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
