"""Reports of what Amazon charges or expects to: storage, surcharges for age, the preview of fees."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from stockhub_amazon.fake.answers import parsed
from stockhub_amazon.fake.world import Product, World

Row = Mapping[str, str]

#: Underscores, as the report has them; it names no SKU.
STORAGE_COLUMNS: Final = (
    "asin", "fnsku", "product_name", "fulfillment_center", "country_code", "longest_side", "median_side", "shortest_side",
    "measurement_units", "weight", "weight_units", "item_volume", "volume_units", "product_size_tier", "average_quantity_on_hand",
    "average_quantity_pending_removal", "estimated_total_item_volume", "month_of_charge", "storage_utilization_ratio",
    "storage_utilization_ratio_units", "base_rate", "utilization_surcharge_rate", "currency", "estimated_monthly_storage_fee",
    "dangerous_goods_storage_type", "eligible_for_inventory_discount", "qualifies_for_inventory_discount", "total_incentive_fee_amount",
    "breakdown_incentive_fee_amount", "average_quantity_customer_orders",
)  # fmt: skip
AGED_COLUMNS: Final = (
    "snapshot-date", "sku", "fnsku", "asin", "product-name", "condition", "per-unit-volume", "currency", "volume-unit", "country",
    "qty-charged", "amount-charged", "surcharge-age-tier", "rate-surcharge",
)  # fmt: skip
PREVIEW_COLUMNS: Final = (
    "sku", "fnsku", "asin", "amazon-store", "product-name", "product-group", "brand", "fulfilled-by", "your-price", "sales-price",
    "longest-side", "median-side", "shortest-side", "length-and-girth", "unit-of-dimension", "item-package-weight", "unit-of-weight",
    "product-size-tier", "currency", "estimated-fee-total", "estimated-referral-fee-per-unit", "estimated-variable-closing-fee",
    "estimated-order-handling-fee-per-order", "estimated-pick-pack-fee-per-unit", "estimated-weight-handling-fee-per-unit",
    "expected-fulfillment-fee-per-unit",
)  # fmt: skip
_REFERRAL: Final = Decimal("0.15")
_SENDING: Final = Decimal("3.86")


def storage(world: World, since: datetime, until: datetime) -> list[Row]:
    """The months of which any day lies in the span."""
    months = {f"{since:%Y-%m}", f"{until:%Y-%m}"}
    return [
        {name.replace("-", "_"): value for name, value in row.items()}
        for row in world.storage_charges
        if row["month-of-charge"] in months or f"{since:%Y-%m}" < row["month-of-charge"] < f"{until:%Y-%m}"
    ]


def aged(world: World, since: datetime, until: datetime) -> list[Row]:
    return [row for row in world.aged_charges if since <= parsed(row["snapshot-date"]) <= until]


def preview(world: World, _since: datetime, _until: datetime) -> list[Row]:
    return [_previewed(product) for product in world.products.values() if product.fulfilled_by == "AMAZON"]


def _previewed(product: Product) -> Row:
    """`--` is the report's word for nothing: what was never in a warehouse has no size, and so no fee for sending."""
    referral = (product.price * _REFERRAL).quantize(Decimal("0.01"))
    measured = product.total > 0
    return {
        "sku": product.sku, "fnsku": product.fnsku, "asin": product.asin, "amazon-store": "US", "product-name": product.title,
        "fulfilled-by": "Amazon", "your-price": str(product.price), "sales-price": str(product.price), "currency": "USD",
        "estimated-fee-total": str(referral + _SENDING) if measured else "--", "estimated-referral-fee-per-unit": str(referral),
        "estimated-variable-closing-fee": "0.00", "expected-fulfillment-fee-per-unit": str(_SENDING) if measured else "--",
    }  # fmt: skip
