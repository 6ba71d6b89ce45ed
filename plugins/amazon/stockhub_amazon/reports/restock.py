"""Amazon's own advice on restocking, as a second opinion beside ours: no input to it (U23: "not a substitute for your own judgment")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from stockhub_amazon.fields import FieldError, day, text, whole, whole_or_none
from stockhub_amazon.reports.documents import Document
from stockhub_amazon.reports.tables import Column, Row, Table, unquoted

RESTOCK: Final = Table(
    "GET_RESTOCK_INVENTORY_RECOMMENDATIONS_REPORT",
    (
        Column("Merchant SKU"),
        Column("Units Sold Last 30 Days"),
        Column("Available"),
        Column("Inbound"),
        Column("Total Days of Supply (including units from open shipments)", ("Total Days of Supply",)),
        Column("Alert", required=False),
        Column("Recommended replenishment qty"),
        Column("Recommended ship date"),
        Column("Recommended action", required=False),
    ),
    key="Merchant SKU",
)


@dataclass(frozen=True, slots=True)
class Advice:
    """What Amazon would do. `days_of_supply` of None: it does not say, which it does not for what sells nothing."""

    sku: str
    sold_30: int
    available: int
    inbound: int
    days_of_supply: int | None
    qty: int
    ship_on: date | None
    alert: str
    action: str


def advice_of(document: Document, *, day_first: bool = False) -> Iterator[Advice]:
    """A line a SKU; FieldError where one cannot be read."""
    for part in RESTOCK.slices(document, lambda row: _advice(row, day_first=day_first)):
        if part.rejected:
            raise FieldError(str(part.rejected[0].payload.get("field") or ""), part.rejected[0].message)
        yield from part.records


def _advice(row: Row, *, day_first: bool) -> Advice:
    return Advice(
        unquoted(text(row, "Merchant SKU")),
        whole(row, "Units Sold Last 30 Days"),
        whole(row, "Available"),
        whole(row, "Inbound"),
        whole_or_none(row, "Total Days of Supply (including units from open shipments)"),
        whole(row, "Recommended replenishment qty"),
        day(row, "Recommended ship date", day_first=day_first) if row["Recommended ship date"] else None,
        row.get("Alert", ""),
        row.get("Recommended action", ""),
    )
