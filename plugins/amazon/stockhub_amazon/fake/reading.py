"""Stock, orders, shipments, catalogue and prices: the operations that read the seller's world."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from stockhub_amazon.fake.answers import Answer, RefusedError, Request, instant, invalid, parsed
from stockhub_amazon.fake.paging import Pages
from stockhub_amazon.fake.world import MARKETPLACE, Order, Product, Shipment, World

_ADDRESS = {"name": "Seller", "addressLine1": "1 Dock Road", "city": "Shenzhen", "countryCode": "CN", "postalCode": "518000"}
_OLD_ADDRESS = {
    "Name": "Seller", "AddressLine1": "1 Dock Road", "City": "Shenzhen", "StateOrProvinceCode": "GD", "CountryCode": "CN",
    "PostalCode": "518000",
}  # fmt: skip


#: A shipment, and one of its lines: SKU, units sent, units received.
_Line = tuple[Shipment, str, int, int]


class Reading:
    def __init__(self, world: World, pages: Pages) -> None:
        self._world = world
        self._pages = pages
        #: By token of the older API: all that the answer is of, as it was when it was asked for.
        self._old_answers: dict[str, list[Any]] = {}

    # Stock

    def inventory_summaries(self, request: Request) -> Answer:
        _one_marketplace(request, "marketplaceIds")
        if request.one("granularityType") != "Marketplace":
            raise invalid("granularityType must be Marketplace.")
        wanted = set(request.listed("sellerSkus")) | set(request.query.get("sellerSku", []))
        if len(wanted) > 50:
            raise invalid("At most 50 sellerSkus.")
        since = parsed(request.one("startDateTime")) if request.one("startDateTime") else None
        rows = [
            product
            for product in self._world.products.values()
            if product.fulfilled_by == "AMAZON" and (not wanted or product.sku in wanted) and (since is None or product.updated_at >= since)
        ]
        query = f"{sorted(wanted)}|{since}|{request.one('details')}"
        page, token = self._pages.cut(rows, asked=request.one("nextToken"), query=query, size=50, seconds=30)
        details = request.one("details") == "true"
        answer: dict[str, Any] = {
            "payload": {
                "granularity": {"granularityType": "Marketplace", "granularityId": request.one("granularityId")},
                "inventorySummaries": [_summary(product, details=details) for product in page],
            },
        }
        if token:
            answer["pagination"] = {"nextToken": token}
        return Answer.of(answer)

    # Orders

    def search_orders(self, request: Request) -> Answer:
        created, updated = request.one("createdAfter"), request.one("lastUpdatedAfter")
        if bool(created) == bool(updated):
            raise invalid("Give exactly one of createdAfter and lastUpdatedAfter.")
        latest = self._world.now() - timedelta(minutes=2)
        before = request.one("lastUpdatedBefore") or request.one("createdBefore")
        until = parsed(before) if before else latest
        if until > latest + timedelta(seconds=1):
            raise invalid("The end must be at least two minutes ago.")
        field, since = ("created_at", parsed(created)) if created else ("updated_at", parsed(updated))
        rows = sorted(
            (order for order in self._world.orders.values() if since <= getattr(order, field) <= until),
            key=lambda order: (getattr(order, field), order.order_id),
        )
        size = int(request.one("maxResultsPerPage", "100"))
        if not 1 <= size <= 100:
            raise invalid("maxResultsPerPage lies between 1 and 100.")
        # The end moves with the clock where it was not asked for: a token keeps the one of its first page.
        query = f"{field}|{since}|{before}|{size}"
        page, token = self._pages.cut(rows, asked=request.one("paginationToken"), query=query, size=size, seconds=86_400)
        answer: dict[str, Any] = {"orders": [self._order(order) for order in page]}
        answer["lastUpdatedBefore" if updated else "createdBefore"] = instant(until)
        if token:
            answer["pagination"] = {"nextToken": token}
        return Answer.of(answer)

    def get_order(self, request: Request) -> Answer:
        order = self._world.orders.get(request.path["orderId"])
        if order is None:
            raise RefusedError(404, "NotFound", "There is no such order.")
        return Answer.of({"order": self._order(order)})

    def _order(self, order: Order) -> dict[str, Any]:
        total = sum((item.price * item.qty for item in order.items), Decimal(0))
        shipped = order.status == "SHIPPED"
        fulfillment: dict[str, Any] = {"fulfillmentStatus": order.status, "fulfilledBy": order.fulfilled_by}
        if order.fulfilled_by == "MERCHANT":
            by = order.created_at + timedelta(days=2)
            fulfillment["shipByWindow"] = {"earliestDateTime": instant(order.created_at), "latestDateTime": instant(by)}
        answer: dict[str, Any] = {
            "orderId": order.order_id,
            "createdTime": instant(order.created_at),
            "lastUpdatedTime": instant(order.updated_at),
            "salesChannel": {"channelName": "AMAZON", "marketplaceId": MARKETPLACE, "marketplaceName": "Amazon.com"},
            "buyer": {"buyerName": "Zhang Secret-Buyer", "buyerEmail": "secret-buyer@marketplace.amazon.com"},
            "recipient": {
                "deliveryAddress": {
                    "name": "Zhang Secret-Buyer", "addressLine1": "7 Secret Street", "city": "Seattle", "stateOrRegion": "WA",
                    "postalCode": "98101", "countryCode": "US", "phone": "+1 555 0100",
                }
            },
            "proceeds": {"grandTotal": {"amount": str(total), "currencyCode": "USD"}},
            "fulfillment": fulfillment,
            "orderItems": [self._item(order, index) for index in range(len(order.items))],
        }  # fmt: skip
        if shipped and order.shipped_at is not None:
            answer["packages"] = [
                {
                    "packageReferenceId": "1", "createdTime": instant(order.shipped_at), "shipTime": instant(order.shipped_at),
                    "packageStatus": {"status": "SHIPPED"}, "carrier": "AMZL",
                    "packageItems": [{"orderItemId": item.item_id, "quantity": item.qty} for item in order.items],
                }
            ]  # fmt: skip
        return answer

    def _item(self, order: Order, index: int) -> dict[str, Any]:
        item = order.items[index]
        product = self._world.products[item.sku]
        fulfilled = item.qty if order.status == "SHIPPED" else 0
        told: dict[str, Any] = {
            "orderItemId": item.item_id,
            "quantityOrdered": item.qty,
            "product": {
                "asin": product.asin, "title": product.title, "sellerSku": item.sku,
                "price": {"unitPrice": {"amount": str(item.price), "currencyCode": "USD"}},
            },
            "fulfillment": {"quantityFulfilled": fulfilled, "quantityUnfulfilled": item.qty - fulfilled},
        }  # fmt: skip
        if item.discount:
            off = {"amount": str(-item.discount), "currencyCode": "USD"}
            told["proceeds"] = {
                "proceedsTotal": {"amount": str(item.price * item.qty - item.discount), "currencyCode": "USD"},
                "breakdowns": [
                    {"type": "ITEM", "subtotal": {"amount": str(item.price * item.qty), "currencyCode": "USD"}},
                    {"type": "DISCOUNT", "subtotal": off, "detailedBreakdowns": [{"subtype": "ITEM", "value": off}]},
                ],
            }  # fmt: skip
        cancelled = (order.cancelled_by, order.cancel_reason) if order.status == "CANCELLED" else item.cancelled
        if cancelled:
            told["fulfillment"] = {"quantityFulfilled": 0, "quantityUnfulfilled": 0}
            told["cancellation"] = {"cancellationExecution": {"cancelledBy": cancelled[0], "cancelReason": cancelled[1]}}
        return told

    # Shipments

    def shipments_v0(self, request: Request) -> Answer:
        rows = self._shipments_of(request)
        page, token = self._old_page(request, rows, size=50)
        payload: dict[str, Any] = {
            "ShipmentData": [
                {
                    "ShipmentId": each.confirmation_id, "ShipmentName": each.name, "ShipFromAddress": _OLD_ADDRESS,
                    "DestinationFulfillmentCenterId": "ONT8", "ShipmentStatus": each.status, "LabelPrepType": "SELLER_LABEL",
                    "AreCasesRequired": False, "BoxContentsSource": "NONE",
                }
                for each in page
            ]
        }  # fmt: skip
        if token:
            payload["NextToken"] = token
        return Answer.of({"payload": payload})

    def shipment_items_v0(self, request: Request) -> Answer:
        return self._items_page(request, _lines(self._shipments_of(request)))

    def items_of_shipment_v0(self, request: Request) -> Answer:
        """The first page of one shipment's lines; the others are asked for by their token, as those of a span."""
        found = self._world.shipments.get(request.path["shipmentId"])
        if found is None:
            raise RefusedError(404, "NotFound", "There is no such shipment.")
        return self._items_page(request, _lines([found]))

    def _items_page(self, request: Request, rows: list[_Line]) -> Answer:
        page, token = self._old_page(request, rows, size=50)
        payload: dict[str, Any] = {
            "ItemData": [
                {
                    "ShipmentId": each.confirmation_id, "SellerSKU": sku, "FulfillmentNetworkSKU": self._world.products[sku].fnsku,
                    "QuantityShipped": sent, "QuantityReceived": got, "QuantityInCase": 0,
                }
                for each, sku, sent, got in page
            ]
        }  # fmt: skip
        if token:
            payload["NextToken"] = token
        return Answer.of({"payload": payload})

    def _old_page(self, request: Request, rows: list[Any], *, size: int) -> tuple[Any, str]:
        """The older API goes on only with QueryType NEXT_TOKEN; whoever keeps DATE_RANGE gets the first page again, for ever."""
        asked = request.one("NextToken") if request.one("QueryType") == "NEXT_TOKEN" else ""
        if asked:
            # A token goes on with the answer that it came from, whatever is asked beside it.
            rows = self._old_answers.get(asked, [])
        page, token = self._pages.cut(rows, asked=asked, query="v0", size=size, seconds=3_600)
        if token:
            self._old_answers[token] = rows
        return page, token

    def _shipments_of(self, request: Request) -> list[Shipment]:
        if request.one("QueryType") not in ("SHIPMENT", "DATE_RANGE", "NEXT_TOKEN"):
            raise invalid("QueryType must be SHIPMENT, DATE_RANGE or NEXT_TOKEN.")
        rows = sorted(self._world.shipments.values(), key=lambda each: (each.updated_at, each.confirmation_id))
        if request.one("QueryType") == "DATE_RANGE":
            after, before = parsed(request.one("LastUpdatedAfter")), parsed(request.one("LastUpdatedBefore"))
            rows = [each for each in rows if after <= each.updated_at <= before]
        if wanted := request.listed("ShipmentStatusList"):
            rows = [each for each in rows if each.status in wanted]
        if ids := request.listed("ShipmentIdList"):
            rows = [each for each in rows if each.confirmation_id in ids]
        return rows

    def inbound_plans(self, request: Request) -> Answer:
        size = int(request.one("pageSize", "10"))
        if not 1 <= size <= 30:
            raise invalid("pageSize lies between 1 and 30.")
        rows = [_plan(each) for each in self._world.shipments.values()]
        rows += [_drafted(plan_id, draft) for plan_id, draft in self._world.drafts.items()]
        field = "createdAt" if request.one("sortBy") == "CREATION_TIME" else "lastUpdatedAt"
        rows.sort(key=lambda each: (each[field], each["inboundPlanId"]), reverse=request.one("sortOrder") != "ASC")
        page, token = self._pages.cut(rows, asked=request.one("paginationToken"), query=f"plans|{field}", size=size, seconds=3_600)
        answer: dict[str, Any] = {"inboundPlans": list(page)}
        if token:
            answer["pagination"] = {"nextToken": token}
        return Answer.of(answer)

    def inbound_plan(self, request: Request) -> Answer:
        plan_id = request.path["inboundPlanId"]
        if plan_id in self._world.drafts:
            return Answer.of(_drafted(plan_id, self._world.drafts[plan_id]) | {"shipments": []})
        found = self._plan_of(request)
        return Answer.of(_plan(found) | {"shipments": [{"shipmentId": found.shipment_id, "status": _NEW_STATUS[found.status]}]})

    def inbound_shipment(self, request: Request) -> Answer:
        found = self._plan_of(request)
        answer: dict[str, Any] = {
            "shipmentId": found.shipment_id, "shipmentConfirmationId": found.confirmation_id, "name": found.name,
            "placementOptionId": "pl" + found.shipment_id[2:], "status": _NEW_STATUS[found.status],
            "destination": {"destinationType": "AMAZON_WAREHOUSE", "warehouseId": "ONT8"},
            "source": {"sourceType": "SELLER_FACILITY", "address": _ADDRESS},
        }  # fmt: skip
        if found.expected_at is not None:
            answer["selectedDeliveryWindow"] = {
                "availabilityType": "AVAILABLE", "deliveryWindowOptionId": "dw" + found.shipment_id[2:],
                "startDate": instant(found.expected_at), "endDate": instant(found.expected_at + timedelta(days=1)),
            }  # fmt: skip
        return Answer.of(answer)

    def inbound_shipment_items(self, request: Request) -> Answer:
        found = self._plan_of(request)
        return Answer.of(
            {
                "items": [
                    {
                        "asin": self._world.products[sku].asin, "fnsku": self._world.products[sku].fnsku, "labelOwner": "SELLER",
                        "msku": sku, "prepInstructions": [], "quantity": sent,
                    }
                    for sku, (sent, _got) in found.items.items()
                ]
            }
        )  # fmt: skip

    def _plan_of(self, request: Request) -> Shipment:
        for each in self._world.shipments.values():
            if each.plan_id == request.path["inboundPlanId"]:
                return each
        raise RefusedError(404, "NotFound", "There is no such inbound plan.")


_NEW_STATUS = {
    "WORKING": "WORKING", "SHIPPED": "SHIPPED", "IN_TRANSIT": "IN_TRANSIT", "DELIVERED": "DELIVERED", "CHECKED_IN": "CHECKED_IN",
    "RECEIVING": "RECEIVING", "CLOSED": "CLOSED", "CANCELLED": "CANCELLED",
}  # fmt: skip


def _lines(shipments: list[Shipment]) -> list[_Line]:
    return [(each, sku, sent, got) for each in shipments for sku, (sent, got) in each.items.items()]


def _one_marketplace(request: Request, name: str) -> None:
    if len(request.listed(name)) != 1:
        raise invalid(f"{name} must be exactly one marketplace.")
    if request.listed(name) != [MARKETPLACE]:
        raise RefusedError(403, "Unauthorized", "The seller does not sell there.")


def _plan(each: Shipment) -> dict[str, Any]:
    return {
        "inboundPlanId": each.plan_id, "name": each.name, "status": "SHIPPED" if each.status != "CANCELLED" else "VOIDED",
        "createdAt": instant(each.created_at), "lastUpdatedAt": instant(each.updated_at), "marketplaceIds": [MARKETPLACE],
        "sourceAddress": _ADDRESS,
    }  # fmt: skip


def _drafted(plan_id: str, draft: Mapping[str, Any]) -> dict[str, Any]:
    """A plan without a shipment yet."""
    at = instant(draft["created_at"])
    return {
        "inboundPlanId": plan_id, "name": draft["name"], "status": "ACTIVE", "createdAt": at, "lastUpdatedAt": at,
        "marketplaceIds": [MARKETPLACE], "sourceAddress": _ADDRESS,
    }  # fmt: skip


def _summary(product: Product, *, details: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "asin": product.asin, "fnSku": product.fnsku, "sellerSku": product.sku, "condition": "NewItem",
        "lastUpdatedTime": instant(product.updated_at), "productName": product.title, "totalQuantity": product.total,
    }  # fmt: skip
    if details:
        reserved = product.reserved_orders + product.reserved_transfer + product.reserved_processing
        row["inventoryDetails"] = {
            "fulfillableQuantity": product.fulfillable,
            "inboundWorkingQuantity": product.inbound_working,
            "inboundShippedQuantity": product.inbound_shipped,
            "inboundReceivingQuantity": product.inbound_receiving,
            "reservedQuantity": {
                "totalReservedQuantity": reserved, "pendingCustomerOrderQuantity": product.reserved_orders,
                "pendingTransshipmentQuantity": product.reserved_transfer, "fcProcessingQuantity": product.reserved_processing,
            },
            "researchingQuantity": {"totalResearchingQuantity": 0, "researchingQuantityBreakdown": []},
            "unfulfillableQuantity": {
                "totalUnfulfillableQuantity": product.unfulfillable, "customerDamagedQuantity": product.unfulfillable,
                "warehouseDamagedQuantity": 0, "distributorDamagedQuantity": 0, "carrierDamagedQuantity": 0, "defectiveQuantity": 0,
                "expiredQuantity": 0,
            },
        }  # fmt: skip
    return row
