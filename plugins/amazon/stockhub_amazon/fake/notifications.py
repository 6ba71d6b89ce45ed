"""Notifications as Amazon puts them into a queue, in both of its casings."""

from __future__ import annotations

import uuid
from typing import Any

from stockhub_amazon.fake.answers import instant
from stockhub_amazon.fake.world import MARKETPLACE, SELLER, World

_APPLICATION = "amzn1.sp.solution.fake"


class Notifications:
    """Builds envelopes; whoever runs the fake takes them from `queue`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.queue: list[dict[str, Any]] = []

    def inventory_changed(self, sku: str) -> dict[str, Any]:
        """FBA_INVENTORY_AVAILABILITY_CHANGES: its keys begin with capitals."""
        product = self._world.products[sku]
        return self._pascal(
            "FBA_INVENTORY_AVAILABILITY_CHANGES",
            {
                "SellerId": SELLER, "FNSKU": product.fnsku, "ASIN": product.asin, "SKU": sku,
                "FulfillmentInventoryByMarketplace": [
                    {
                        "MarketplaceId": MARKETPLACE,
                        "Stores": [],
                        "ItemName": product.title,
                        "FulfillmentInventory": {
                            "InboundQuantityBreakdown": {
                                "Working": product.inbound_working, "Shipped": product.inbound_shipped,
                                "Receiving": product.inbound_receiving,
                            },
                            "Fulfillable": product.fulfillable, "Unfulfillable": product.unfulfillable, "Researching": 0,
                            "ReservedQuantityBreakdown": {
                                "WarehouseProcessing": product.reserved_processing, "WarehouseTransfer": product.reserved_transfer,
                                "PendingCustomerOrder": product.reserved_orders,
                            },
                            "FutureSupplyBuyable": 0, "PendingCustomerOrderInTransit": 0,
                        },
                    }
                ],
            },
        )  # fmt: skip

    def order_changed(self, order_id: str) -> dict[str, Any]:
        """ORDER_CHANGE: its keys begin with capitals, too."""
        order = self._world.orders[order_id]
        return self._pascal(
            "ORDER_CHANGE",
            {
                "OrderChangeNotification": {
                    "NotificationLevel": "OrderLevel", "SellerId": SELLER, "AmazonOrderId": order_id,
                    "OrderChangeType": "OrderStatusChange", "OrderChangeTrigger": {
                        "TimeOfOrderChange": instant(order.updated_at), "ChangeReason": "OrderStatusChange",
                    },
                    "Summary": {
                        "MarketplaceId": MARKETPLACE, "OrderStatus": order.status.title(), "PurchaseDate": instant(order.created_at),
                        "DestinationPostalCode": "98101", "FulfillmentType": "AFN" if order.fulfilled_by == "AMAZON" else "MFN",
                        "OrderType": "StandardOrder", "NumberOfItemsShipped": 0, "NumberOfItemsUnshipped": len(order.items),
                        "OrderItems": [
                            {
                                "OrderItemId": item.item_id, "SellerSKU": item.sku, "Quantity": item.qty,
                                "SupplySourceId": None, "OrderItemStatus": order.status.title(),
                            }
                            for item in order.items
                        ],
                    },
                }
            },
        )  # fmt: skip

    def report_finished(self, report_id: str, kind: str, status: str, document_id: str) -> dict[str, Any]:
        """REPORT_PROCESSING_FINISHED: its keys begin with small letters."""
        body: dict[str, Any] = {
            "sellerId": SELLER, "accountId": f"amzn1.merchant.o.{SELLER}", "reportId": report_id, "reportType": kind,
            "processingStatus": status,
        }  # fmt: skip
        if document_id:
            body["reportDocumentId"] = document_id
        envelope = {
            "notificationVersion": "2020-09-04",
            "notificationType": "REPORT_PROCESSING_FINISHED",
            "payloadVersion": "2020-09-04",
            "eventTime": instant(self._world.now()),
            "payload": {"reportProcessingFinishedNotification": body},
            "notificationMetadata": {
                "applicationId": _APPLICATION, "subscriptionId": str(uuid.UUID(int=self._world.number("subscription"))),
                "publishTime": instant(self._world.now()), "notificationId": self._id(),
            },
        }  # fmt: skip
        self.queue.append(envelope)
        return envelope

    def _pascal(self, kind: str, payload: dict[str, Any]) -> dict[str, Any]:
        envelope = {
            "NotificationVersion": "1.0",
            "NotificationType": kind,
            "PayloadVersion": "1.0",
            "EventTime": instant(self._world.now()),
            "Payload": payload,
            "NotificationMetadata": {
                "ApplicationId": _APPLICATION, "SubscriptionId": str(uuid.UUID(int=self._world.number("subscription"))),
                "PublishTime": instant(self._world.now()), "NotificationId": self._id(),
            },
        }  # fmt: skip
        self.queue.append(envelope)
        return envelope

    def _id(self) -> str:
        return str(uuid.UUID(int=self._world.number("notification") + 2**64))
