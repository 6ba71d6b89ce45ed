"""The writes of this area, by use case; each lives in the file of its subject."""

from stockhub.purchasing.inputs import OrderLineInput, PurchaseOrderInput, ShipmentInput, ShipmentLineInput
from stockhub.purchasing.purchase_orders import upsert_purchase_order
from stockhub.purchasing.shipments import upsert_shipment

__all__ = [
    "OrderLineInput",
    "PurchaseOrderInput",
    "ShipmentInput",
    "ShipmentLineInput",
    "upsert_purchase_order",
    "upsert_shipment",
]
