"""Amazon's upstream storage (AWD): what lies there, and what is under way to it."""

from __future__ import annotations

from typing import Any

from stockhub_amazon.fake.answers import Answer, RefusedError, Request, instant, invalid, parsed
from stockhub_amazon.fake.paging import Pages
from stockhub_amazon.fake.world import Product, UpstreamShipment, World

_ADDRESS = {"name": "Seller", "addressLine1": "1 Dock Road", "city": "Shenzhen", "stateOrRegion": "GD", "countryCode": "CN"}
_WAREHOUSE = {"name": "IUTI", "addressLine1": "2 Storage Way", "city": "Ontario", "stateOrRegion": "CA", "countryCode": "US"}
_MOST = 200


class Upstream:
    def __init__(self, world: World, pages: Pages) -> None:
        self._world = world
        self._pages = pages

    def inventory(self, request: Request) -> Answer:
        size = _size(request)
        wanted = request.one("sku")
        rows = [each for each in self._world.products.values() if each.in_awd and (not wanted or each.sku == wanted)]
        if request.one("sortOrder") == "DESCENDING":
            rows.reverse()
        details = request.one("details") == "SHOW"
        query = f"awd|{wanted}|{request.one('details')}|{request.one('sortOrder')}|{size}"
        page, token = self._pages.cut(rows, asked=request.one("nextToken"), query=query, size=size, seconds=3_600)
        answer: dict[str, Any] = {"inventory": [self._told(each, details=details) for each in page]}
        return Answer.of(answer | ({"nextToken": token} if token else {}))

    def _told(self, product: Product, *, details: bool) -> dict[str, Any]:
        under_way = sum(
            each.items[product.sku][0] - each.items[product.sku][1]
            for each in self._world.upstream.values()
            if product.sku in each.items and each.status not in ("CLOSED", "CANCELLED")
        )
        on_hand = product.awd_available + product.awd_reserved
        told: dict[str, Any] = {"sku": product.sku, "totalOnhandQuantity": on_hand, "totalInboundQuantity": under_way}
        if details:
            told["inventoryDetails"] = {
                "availableDistributableQuantity": product.awd_available,
                "reservedDistributableQuantity": product.awd_reserved,
                "replenishmentQuantity": product.awd_replenishing,
            }
        return told

    def shipments(self, request: Request) -> Answer:
        size = _size(request)
        field = {"UPDATED_AT": "updated_at", "CREATED_AT": "created_at"}.get(request.one("sortBy", "UPDATED_AT"))
        if field is None:
            raise invalid("sortBy must be UPDATED_AT or CREATED_AT.")
        after, before = request.one("updatedAfter"), request.one("updatedBefore")
        rows = [
            each
            for each in self._world.upstream.values()
            if (not after or each.updated_at >= parsed(after))
            and (not before or each.updated_at <= parsed(before))
            and request.one("shipmentStatus") in ("", each.status)
        ]
        rows.sort(key=lambda each: (getattr(each, field), each.shipment_id), reverse=request.one("sortOrder") == "DESCENDING")
        query = f"awd shipments|{field}|{request.one('shipmentStatus')}|{size}"
        page, token = self._pages.cut(rows, asked=request.one("nextToken"), query=query, size=size, seconds=3_600)
        answer: dict[str, Any] = {"shipments": [_summary(each) for each in page]}
        return Answer.of(answer | ({"nextToken": token} if token else {}))

    def shipment(self, request: Request) -> Answer:
        found = self._world.upstream.get(request.path["shipmentId"])
        if found is None:
            raise RefusedError(404, "NotFound", "There is no such shipment.")
        package = {"type": "CASE", "contents": {"products": []}, "measurements": {"weight": {"unitOfMeasurement": "POUNDS", "weight": 20}}}
        told = _summary(found) | {
            "originAddress": _ADDRESS, "destinationAddress": _WAREHOUSE,
            "shipmentContainerQuantities": [{"count": 1, "distributionPackage": package}],
        }  # fmt: skip
        if found.ship_by is not None:
            told["shipBy"] = instant(found.ship_by)
        if request.one("skuQuantities") == "SHOW":
            told["shipmentSkuQuantities"] = [
                {"sku": sku, "expectedQuantity": _qty(sent, found.unit), "receivedQuantity": _qty(got, found.unit)}
                for sku, (sent, got) in found.items.items()
            ]
        return Answer.of(told)


def _size(request: Request) -> int:
    size = int(request.one("maxResults", "25"))
    if not 1 <= size <= _MOST:
        raise invalid(f"maxResults lies between 1 and {_MOST}.")
    return size


def _summary(each: UpstreamShipment) -> dict[str, Any]:
    return {
        "shipmentId": each.shipment_id, "orderId": each.order_id, "externalReferenceId": each.name, "shipmentStatus": each.status,
        "createdAt": instant(each.created_at), "updatedAt": instant(each.updated_at),
    }  # fmt: skip


def _qty(units: int, unit: str) -> dict[str, Any]:
    return {"quantity": units, "unitOfMeasurement": unit}
