"""What stands in the reports: columns as Amazon spells them, rows from the seller's world."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from stockhub_amazon.fake import charge_rows, ledger_rows
from stockhub_amazon.fake.answers import parsed
from stockhub_amazon.fake.planning_columns import PLANNING
from stockhub_amazon.fake.traffic_report import TRAFFIC, text_of_traffic
from stockhub_amazon.fake.world import Order, Product, World

Row = Mapping[str, str]
#: (first day, last day, charge a unit) of the aged-inventory surcharge; the fake's own, not Amazon's price list.
_SURCHARGES: Final = (
    (181, 210, "0.30"), (211, 240, "0.40"), (241, 270, "0.50"), (271, 300, "0.91"), (301, 330, "1.00"), (331, 365, "1.06"),
    (366, 455, "1.66"),
)  # fmt: skip
_BRACKETS: Final = ((0, 90), (91, 180), (181, 270), (271, 365), (366, 455))
_SHORT_BRACKETS: Final = ((0, 30), (31, 60), (61, 90), (181, 330), (331, 365))


@dataclass(frozen=True, slots=True)
class ReportKind:
    """`is_quoted`: every field in quotation marks; otherwise none, whatever stands in it."""

    columns: Sequence[str]
    rows: Callable[[World, datetime, datetime], list[Row]]
    is_quoted: bool = False
    #: What makes a document that is no table: of the world, a span and the report's options.
    text: Callable[[World, datetime, datetime, Mapping[str, str]], str] | None = None


def _planning(world: World, _since: datetime, _until: datetime) -> list[Row]:
    today = world.now()
    shipped = {days: _units_shipped(world, today - timedelta(days=days)) for days in (7, 30, 60, 90)}
    held = (product for product in world.products.values() if product.fulfilled_by == "AMAZON" and product.total)
    return [_planned(product, today, {days: units[product.sku] for days, units in shipped.items()}) for product in held]


def _planned(product: Product, today: datetime, shipped: Mapping[int, int]) -> Row:
    a_day = shipped[30] / 30
    row = {
        "snapshot-date": f"{today:%Y-%m-%d}", "sku": product.sku, "fnsku": product.fnsku, "asin": product.asin,
        "product-name": product.title, "condition": "New", "available": str(product.fulfillable),
        "fc-transfer": str(product.reserved_transfer), "pending-removal-quantity": "0", "currency": "USD",
        "your-price": str(product.price), "sales-price": str(product.price), "item-volume": "0.052",
        "volume-unit-measurement": "cubic feet", "storage-type": "Other", "marketplace": "US", "sales-rank": str(product.rank),
        "days-of-supply": str(int(product.fulfillable / a_day)) if a_day else "", "featuredoffer-price": str(product.price),
        "estimated-storage-cost-next-month": str((Decimal("0.052") * product.fulfillable).quantize(Decimal("0.01"))),
        "inbound-quantity": str(product.inbound_working + product.inbound_shipped + product.inbound_receiving),
        "inbound-working": str(product.inbound_working), "inbound-shipped": str(product.inbound_shipped),
        "inbound-received": str(product.inbound_receiving), "no-sale-last-6-months": "0",
        "Total Reserved Quantity": str(product.reserved_orders + product.reserved_transfer + product.reserved_processing),
        "unfulfillable-quantity": str(product.unfulfillable),
        "historical-days-of-supply": str(round(product.fulfillable / a_day, 1)) if a_day else "",
        "fba-inventory-level-health-status": "Healthy", "Exempted from Low-Inventory-Level fee?": "No",
        "Low-Inventory-Level fee applied in current week?": "No", "Inventory age snapshot date": f"{today:%Y-%m-%d}",
        "Inventory Supply at FBA": str(product.fulfillable), "Reserved FC Processing": str(product.reserved_processing),
        "Reserved Customer Order": str(product.reserved_orders),
    }  # fmt: skip
    row |= {f"units-shipped-t{days}": str(units) for days, units in shipped.items()}
    for first, last in (*_BRACKETS, *_SHORT_BRACKETS):
        row[f"inv-age-{first}-to-{last}-days"] = str(_aged(product, first, last))
    row["inv-age-456-plus-days"] = str(_aged(product, 456, None))
    for first, last, charge in _SURCHARGES:
        units = _aged(product, first, last)
        row[f"quantity-to-be-charged-ais-{first}-{last}-days"] = str(units)
        row[f"estimated-ais-{first}-{last}-days"] = f"{Decimal(charge) * units:.2f}"
    oldest = _aged(product, 456, None)
    row["quantity-to-be-charged-ais-456-plus-days"] = str(oldest)
    row["estimated-ais-456-plus-days"] = f"{Decimal('1.90') * oldest:.2f}"
    return row | product.planned


def _aged(product: Product, first: int, last: int | None) -> int:
    return sum(units for days, units in product.ages if days >= first and (last is None or days <= last))


def _units_shipped(world: World, since: datetime) -> Counter[str]:
    """By SKU."""
    units: Counter[str] = Counter()
    for order in world.orders.values():
        if order.shipped_at is not None and order.shipped_at >= since:
            for item in order.items:
                units[item.sku] += item.qty
    return units


_ORDER_COLUMNS: Final = (
    "amazon-order-id", "merchant-order-id", "purchase-date", "last-updated-date", "order-status", "fulfillment-channel", "sales-channel",
    "order-channel", "ship-service-level", "product-name", "sku", "asin", "item-status", "quantity", "currency", "item-price", "item-tax",
    "shipping-price", "shipping-tax", "gift-wrap-price", "gift-wrap-tax", "item-promotion-discount", "ship-promotion-discount",
    "ship-city", "ship-state", "ship-postal-code", "ship-country", "promotion-ids", "is-business-order", "purchase-order-number",
    "price-designation",
)  # fmt: skip
_OLD_STATUS: Final = {"SHIPPED": "Shipped", "CANCELLED": "Cancelled", "PENDING": "Pending"}


def _orders(world: World, since: datetime, until: datetime) -> list[Row]:
    orders = sorted((each for each in world.orders.values() if since <= each.updated_at <= until), key=lambda each: each.updated_at)
    return [row for order in orders for row in _order_rows(world, order)]


def _order_rows(world: World, order: Order) -> list[Row]:
    status = _OLD_STATUS.get(order.status, "Unshipped")
    return [
        {
            "amazon-order-id": order.order_id, "merchant-order-id": order.order_id,
            "purchase-date": order.created_at.isoformat(timespec="seconds"),
            "last-updated-date": order.updated_at.isoformat(timespec="seconds"), "order-status": status,
            "fulfillment-channel": "Amazon" if order.fulfilled_by == "AMAZON" else "Merchant", "sales-channel": "Amazon.com",
            "ship-service-level": "Standard", "product-name": world.products[item.sku].title, "sku": item.sku,
            "asin": world.products[item.sku].asin, "item-status": status, "quantity": str(0 if status == "Cancelled" else item.qty),
            "currency": "USD", "item-price": str(item.price * item.qty), "item-promotion-discount": str(item.discount or ""),
            "ship-city": "Secretville", "ship-state": "WA", "ship-postal-code": "98101", "ship-country": "US", "is-business-order": "false",
        }
        for item in order.items
    ]  # fmt: skip


_RETURN_COLUMNS: Final = (
    "return-date", "order-id", "sku", "asin", "fnsku", "product-name", "quantity", "fulfillment-center-id", "detailed-disposition",
    "reason", "status", "license-plate-number", "customer-comments",
)  # fmt: skip
_REMOVAL_COLUMNS: Final = (
    "request-date", "order-id", "order-type", "service-speed", "order-status", "last-updated-date", "sku", "fnsku", "disposition",
    "requested-quantity", "cancelled-quantity", "disposed-quantity", "shipped-quantity", "in-process-quantity", "removal-fee", "currency",
)  # fmt: skip
_RESTOCK_COLUMNS: Final = (
    "Country", "Product Name", "FNSKU", "Merchant SKU", "ASIN", "Condition", "Supplier", "Supplier part no.", "Currency code", "Price",
    "Sales last 30 days", "Units Sold Last 30 Days", "Total Units", "Inbound", "Available", "FC transfer", "FC Processing",
    "Customer Order", "Unfulfillable", "Working", "Shipped", "Receiving", "Fulfilled by",
    "Total Days of Supply (including units from open shipments)", "Days of Supply at Amazon Fulfillment Network", "Alert",
    "Recommended replenishment qty", "Recommended ship date", "Recommended action", "Unit storage size",
)  # fmt: skip


def _restock(world: World, _since: datetime, _until: datetime) -> list[Row]:
    return [
        {
            "Country": "US", "Product Name": product.title, "FNSKU": product.fnsku, "Merchant SKU": product.sku, "ASIN": product.asin,
            "Condition": "New", "Currency code": "USD", "Price": str(product.price), "Total Units": str(product.total),
            "Available": str(product.fulfillable), "Inbound": str(product.inbound_shipped), "Fulfilled by": "Amazon",
            "Recommended replenishment qty": "0", "Recommended action": "No action required",
        }
        for product in world.products.values()
        if product.fulfilled_by == "AMAZON"
    ]  # fmt: skip


_STRANDED_COLUMNS: Final = (
    "primary-action", "date-stranded", "Date-to-take-auto-removal", "status-primary", "status-secondary", "error-message",
    "stranded-reason", "asin", "sku", "fnsku", "product-name", "condition", "fulfilled-by", "fulfillable-qty", "your-price",
    "unfulfillable-qty", "reserved-quantity", "inbound-shipped-qty",
)  # fmt: skip


def _stranded(world: World, _since: datetime, _until: datetime) -> list[Row]:
    return [
        {
            "primary-action": "Relist", "date-stranded": f"{world.now():%Y-%m-%d}", "status-primary": "Stranded",
            "stranded-reason": product.stranded_reason, "asin": product.asin, "sku": product.sku, "fnsku": product.fnsku,
            "product-name": product.title, "condition": "New", "fulfilled-by": "AMAZON_NA", "fulfillable-qty": str(product.stranded),
            "your-price": str(product.price), "unfulfillable-qty": str(product.unfulfillable), "reserved-quantity": "0",
            "inbound-shipped-qty": str(product.inbound_shipped),
        }
        for product in world.products.values()
        if product.fulfilled_by == "AMAZON" and product.stranded
    ]  # fmt: skip


def _returns(world: World, since: datetime, until: datetime) -> list[Row]:
    return [row for row in world.returns if since <= parsed(row["return-date"]) <= until + timedelta(seconds=1)]


def _removals(world: World, _since: datetime, _until: datetime) -> list[Row]:
    return list(world.removals)


KINDS: Final[Mapping[str, ReportKind]] = {
    "GET_FBA_INVENTORY_PLANNING_DATA": ReportKind(PLANNING, _planning),
    "GET_RESTOCK_INVENTORY_RECOMMENDATIONS_REPORT": ReportKind(_RESTOCK_COLUMNS, _restock),
    "GET_STRANDED_INVENTORY_UI_DATA": ReportKind(_STRANDED_COLUMNS, _stranded),
    "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL": ReportKind(_ORDER_COLUMNS, _orders),
    "GET_LEDGER_DETAIL_VIEW_DATA": ReportKind(ledger_rows.DETAIL_COLUMNS, ledger_rows.detail, is_quoted=True),
    "GET_LEDGER_SUMMARY_VIEW_DATA": ReportKind(ledger_rows.SUMMARY_COLUMNS, ledger_rows.summary, is_quoted=True),
    "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA": ReportKind(_RETURN_COLUMNS, _returns),
    "GET_FBA_FULFILLMENT_REMOVAL_ORDER_DETAIL_DATA": ReportKind(_REMOVAL_COLUMNS, _removals),
    "GET_FBA_FULFILLMENT_LONGTERM_STORAGE_FEE_CHARGES_DATA": ReportKind(charge_rows.AGED_COLUMNS, charge_rows.aged),
    "GET_FBA_STORAGE_FEE_CHARGES_DATA": ReportKind(charge_rows.STORAGE_COLUMNS, charge_rows.storage),
    "GET_FBA_ESTIMATED_FBA_FEES_TXT_DATA": ReportKind(charge_rows.PREVIEW_COLUMNS, charge_rows.preview),
    TRAFFIC: ReportKind((), lambda _world, _since, _until: [], text=text_of_traffic),
}


def text_of(kind: ReportKind, rows: Sequence[Row], columns: Sequence[str]) -> str:
    """The document: tab-separated, ended by CRLF. A column that the kind does not have is an unknown one of Amazon's making."""
    mark = '"' if kind.is_quoted else ""
    lines = [columns, *([row.get(name, "") for name in columns] for row in rows)]
    return "".join("\t".join(f"{mark}{value}{mark}" for value in line) + "\r\n" for line in lines)
