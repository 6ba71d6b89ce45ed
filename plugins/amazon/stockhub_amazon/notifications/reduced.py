"""What of each type of notification is kept: an allow-list, so that no postal code or name of a buyer is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from stockhub_amazon.notifications.envelopes import Notification, member

ORDER_CHANGE: Final = "ORDER_CHANGE"
FBA_STOCK: Final = "FBA_INVENTORY_AVAILABILITY_CHANGES"
OFFER_CHANGED: Final = "ANY_OFFER_CHANGED"
REPORT_FINISHED: Final = "REPORT_PROCESSING_FINISHED"
FEED_FINISHED: Final = "FEED_PROCESSING_FINISHED"
LISTING_STATUS: Final = "LISTINGS_ITEM_STATUS_CHANGE"

Payload = Mapping[str, Any]


def seller_of(notification: Notification) -> str:
    """The seller that a notification names; empty where it names none."""
    seller = member(notification.payload, "SellerId")
    return seller if isinstance(seller, str) else ""


def reduced(notification: Notification) -> dict[str, Any]:
    """The fields that work is done with. Of a type that nothing is done with, none."""
    reduce = _REDUCE.get(notification.kind)
    return reduce(notification.payload) if reduce else {}


def _order(payload: Payload) -> dict[str, Any]:
    return {"order_id": _said(payload, "AmazonOrderId")}


def _stock(payload: Payload) -> dict[str, Any]:
    rows = payload.get("FulfillmentInventoryByMarketplace")
    kept = []
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict) and isinstance(row.get("FulfillmentInventory"), dict):
            inventory = row["FulfillmentInventory"]
            counts = {n: _whole(inventory.get(n)) for n in ("Fulfillable", "Unfulfillable", "Researching")}
            reserved = inventory.get("ReservedQuantityBreakdown")
            parts = reserved if isinstance(reserved, dict) else {}
            counts |= {n: _whole(parts.get(n)) for n in ("WarehouseProcessing", "WarehouseTransfer", "PendingCustomerOrder")}
            kept.append({"marketplace": str(row.get("MarketplaceId") or ""), "counts": counts})
    return {"sku": _said(payload, "SKU"), "by_marketplace": kept}


def _offer(payload: Payload) -> dict[str, Any]:
    trigger, summary = payload.get("OfferChangeTrigger"), payload.get("Summary")
    trigger = trigger if isinstance(trigger, dict) else {}
    summary = summary if isinstance(summary, dict) else {}
    return {
        "asin": _said(trigger, "ASIN"),
        "marketplace": _said(trigger, "MarketplaceId"),
        "condition": _said(trigger, "ItemCondition").lower(),
        "featured": _prices(summary.get("BuyBoxPrices")),
        "lowest": _prices(summary.get("LowestPrices")),
    }


def _prices(rows: object) -> list[dict[str, str]]:
    kept = []
    for row in rows if isinstance(rows, list) else []:
        price = row.get("LandedPrice") or row.get("ListingPrice") if isinstance(row, dict) else None
        if isinstance(price, dict) and price.get("Amount") is not None:
            said = {"condition": str(row.get("Condition") or "").lower(), "currency": str(price.get("CurrencyCode") or "")}
            kept.append({**said, "amount": str(price["Amount"])})
    return kept


def _finished(payload: Payload) -> dict[str, Any]:
    names = ("ReportId", "ReportType", "FeedId", "FeedType", "ProcessingStatus")
    return {name: str(member(payload, name)) for name in names if member(payload, name) is not None}


def _listing(payload: Payload) -> dict[str, Any]:
    status = payload.get("Status")
    kept = [str(each)[:20] for each in status][:5] if isinstance(status, list) else None
    return {"sku": _said(payload, "Sku"), "marketplace": _said(payload, "MarketplaceId"), "status": kept}


def _said(row: Payload, name: str) -> str:
    value = row.get(name)
    return value[:120] if isinstance(value, str) else ""


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1_000_000_000 else None


_REDUCE: Final[Mapping[str, Callable[[Payload], dict[str, Any]]]] = {
    ORDER_CHANGE: _order,
    FBA_STOCK: _stock,
    OFFER_CHANGED: _offer,
    REPORT_FINISHED: _finished,
    FEED_FINISHED: _finished,
    LISTING_STATUS: _listing,
}
