"""Shipments into Amazon's upstream storage (AWD)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from stockhub.pluginapi.connectors import ConnectorContext, Page, Rejected
from stockhub.pluginapi.platform_records import InboundLineRecord, InboundRecord
from stockhub_amazon.calls import Query, account_of, call, path_of
from stockhub_amazon.fields import FieldError, instant_or_none, mapping, objects, required_objects, text, text_or_empty, whole

_STATUS: Final[Mapping[str, str]] = {
    "CREATED": "planned",
    "SHIPPED": "in_transit",
    "IN_TRANSIT": "in_transit",
    "RECEIVING": "receiving",
    "DELIVERED": "receiving",
    "CLOSED": "received",
    "CANCELLED": "cancelled",
}
_RECENT: Final = timedelta(days=180)


def awd_shipments(at: dict[str, Any], context: ConnectorContext) -> Iterator[tuple[Page[InboundRecord], dict[str, Any] | None]]:
    token = str(at.get("token", ""))
    start = int(at.get("row", 0))
    while True:
        query: Query = {
            "sortBy": "UPDATED_AT",
            "sortOrder": "DESCENDING",
            "updatedAfter": (context.now() - _RECENT).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "maxResults": 25,
            "nextToken": token or None,
        }
        answer = call(context, "listInboundShipments", "GET", "/awd/2024-05-09/inboundShipments", query=query)
        # Where there are none, Amazon may leave the list out; other names in its place are another answer.
        rows = required_objects(answer, "shipments") if set(answer) - {"nextToken"} else []
        following = text_or_empty(answer, "nextToken") and str(answer["nextToken"])
        for number, row in enumerate(rows[start:], start + 1):
            after = {"part": "awd", "token": token, "row": number}
            yield _one(row, context), after if number < len(rows) else {"part": "awd", "token": following} if following else None
        if not rows[start:]:
            yield Page((), ""), {"part": "awd", "token": following} if following else None
        if not following:
            return
        token, start = following, 0


def _one(row: Mapping[str, Any], context: ConnectorContext) -> Page[InboundRecord]:
    shipment_id = str(row.get("shipmentId") or "")
    path = "/awd/2024-05-09" + path_of("inboundShipments", shipment_id)
    try:
        answer = call(context, "getInboundShipment", "GET", path, query={"skuQuantities": "SHOW"})
        record = _record(answer, context)
    except FieldError as error:
        return Page((), "", rejected=(Rejected(shipment_id[:200], "bad_shipment", error.message),))
    return Page((record,), "")


def _record(answer: Mapping[str, Any], context: ConnectorContext) -> InboundRecord:
    status = text(answer, "shipmentStatus")
    if status not in _STATUS:
        raise FieldError("shipmentStatus", f"The shipment's status {status[:40]} is not known here.")
    ship_by = instant_or_none(answer, "shipBy")
    return InboundRecord(
        external_id=text(answer, "shipmentId"),
        warehouse=account_of(context).awd_warehouse,
        status=_STATUS[status],
        updated_at=instant_or_none(answer, "updatedAt") or context.now(),
        lines=tuple(_line(each) for each in objects(answer, "shipmentSkuQuantities")),
        name=text_or_empty(answer, "externalReferenceId"),
        shipped_on=ship_by.date() if ship_by else None,
    )


def _line(row: Mapping[str, Any]) -> InboundLineRecord:
    received = mapping(row, "receivedQuantity")
    return InboundLineRecord(text(row, "sku"), _units(mapping(row, "expectedQuantity")), _units(received) if received else 0)


def _units(said: Mapping[str, Any]) -> int:
    """Cases and pallets are no units: how many are in one is not told."""
    if said.get("unitOfMeasurement") != "PRODUCT_UNITS":
        raise FieldError("unitOfMeasurement", "The shipment is counted in cases or pallets, not in units: enter it by hand.")
    return whole(said, "quantity")
