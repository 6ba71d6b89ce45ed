"""Amazon's inventory ledger in both forms: every event, and what the events of a span make of each SKU's balance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from stockhub_amazon.fake.world import World

Row = Mapping[str, str]

DETAIL_COLUMNS: Final = (
    "Date", "FNSKU", "ASIN", "MSKU", "Title", "Event Type", "Reference ID", "Quantity", "Fulfillment Center", "Disposition", "Reason",
    "Country", "Reconciled Quantity", "Unreconciled Quantity",
)  # fmt: skip
_EVENTS: Final = {"Receipts": "Receipts", "Shipments": "Customer Shipments", "CustomerReturns": "Customer Returns"}
SUMMARY_COLUMNS: Final = (
    "Date", "FNSKU", "ASIN", "MSKU", "Title", "Disposition", "Starting Warehouse Balance", "In Transit Between Warehouses", "Receipts",
    "Customer Shipments", "Customer Returns", "Vendor Returns", "Warehouse Transfer In/Out", "Found", "Lost", "Damaged", "Disposed",
    "Other Events", "Ending Warehouse Balance", "Unknown Events", "Location",
)  # fmt: skip


def detail(world: World, since: datetime, until: datetime) -> list[Row]:
    days = _days(since, until)
    return [row for row in world.ledger if row["Date"] in days]


def summary(world: World, since: datetime, until: datetime) -> list[Row]:
    """A row a SKU and disposition, of the whole span: what ends there is what lies there now, without what came later."""
    later = {row_id for row_id, row in enumerate(world.ledger) if datetime.strptime(row["Date"], "%m/%d/%Y").date() > until.date()}  # noqa: DTZ007 - a day
    days = _days(since, until)
    events: Counter[tuple[str, str, str]] = Counter()
    after: Counter[tuple[str, str]] = Counter()
    for row_id, row in enumerate(world.ledger):
        if row_id in later:
            after[row["MSKU"], row["Disposition"]] += int(row["Quantity"])
        elif row["Date"] in days:
            events[row["MSKU"], row["Disposition"], _EVENTS.get(row["Event Type"], "Other Events")] += int(row["Quantity"])
    found: list[Row] = []
    for product in world.products.values():
        held = product.fulfillable + product.reserved_orders + product.reserved_transfer + product.reserved_processing
        for disposition, now in (("SELLABLE", held), ("CUSTOMER_DAMAGED", product.unfulfillable)):
            told = {name: events[product.sku, disposition, name] for name in (*_EVENTS.values(), "Other Events")}
            ending = now - after[product.sku, disposition]
            if product.fulfilled_by != "AMAZON" or not (ending or any(told.values())):
                continue
            row = dict.fromkeys(SUMMARY_COLUMNS, "0") | {name: str(qty) for name, qty in told.items()}
            found.append(
                row
                | {
                    "Date": f"{until:%m/%d/%Y}", "FNSKU": product.fnsku, "ASIN": product.asin, "MSKU": product.sku, "Title": product.title,
                    "Disposition": disposition, "Location": "US", "Starting Warehouse Balance": str(ending - sum(told.values())),
                    "Ending Warehouse Balance": str(ending),
                }
            )  # fmt: skip
    return found


def _days(since: datetime, until: datetime) -> set[str]:
    return {f"{since + timedelta(days=n):%m/%d/%Y}" for n in range((until.date() - since.date()).days + 1)}
