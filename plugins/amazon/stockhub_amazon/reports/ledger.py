"""Amazon's inventory ledger, as a proof: what lay there at the beginning and every event make what lies there at the end.

It is no feed: Amazon counts its own stock, and events booked beside its counts would count twice. It shows where units were lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from stockhub_amazon.fields import FieldError, day, text, text_or_empty, whole_or_none
from stockhub_amazon.reports.documents import Document
from stockhub_amazon.reports.repeats import Repeats
from stockhub_amazon.reports.tables import Column, Row, Slice, Table

DETAIL: Final = Table(
    "GET_LEDGER_DETAIL_VIEW_DATA",
    (
        Column("Date"),
        Column("FNSKU"),
        Column("MSKU"),
        Column("Event Type"),
        Column("Reference ID"),
        Column("Quantity"),
        Column("Fulfillment Center"),
        Column("Disposition"),
        Column("Reason", required=False),
        Column("Unreconciled Quantity", required=False),
        Column("Date and Time", required=False),
    ),
    key="MSKU",
)
#: What comes to the balance at the beginning, each with its sign in the report. Units between warehouses are a balance of their own.
_EVENTS: Final = (
    "Receipts", "Customer Shipments", "Customer Returns", "Vendor Returns", "Warehouse Transfer In/Out",
    "Found", "Lost", "Damaged", "Disposed", "Other Events", "Unknown Events",
)  # fmt: skip
SUMMARY: Final = Table(
    "GET_LEDGER_SUMMARY_VIEW_DATA",
    (
        Column("Date"),
        Column("FNSKU"),
        Column("MSKU"),
        Column("Disposition"),
        Column("Location", required=False),
        Column("Starting Warehouse Balance"),
        *(Column(name) for name in _EVENTS),
        Column("Ending Warehouse Balance"),
    ),
    key="MSKU",
)


@dataclass(frozen=True, slots=True)
class LedgerEvent:
    """`event_id` is ours: equal rows are legal, and the second of them is another event."""

    event_id: str
    day: date
    sku: str
    kind: str
    qty: int
    centre: str
    disposition: str
    reason: str
    unreconciled: int | None


@dataclass(frozen=True, slots=True)
class Imbalance:
    """A row of the summary whose events do not lead from its beginning to its end."""

    day: date
    sku: str
    disposition: str
    location: str
    starting: int
    events: int
    ending: int

    @property
    def missing(self) -> int:
        """Units that are at the end and were told by no event; below 0 for those that are gone without one."""
        return self.ending - self.starting - self.events


def events_of(document: Document, *, day_first: bool = False) -> Iterator[LedgerEvent]:
    """Every event; FieldError where a row cannot be read, since a ledger without it proves nothing."""
    repeats = Repeats()
    for part in DETAIL.slices(document, lambda row: _event(row, repeats, day_first=day_first)):
        _require_whole(part)
        yield from part.records


def _require_whole(part: Slice[Any]) -> None:
    if part.rejected:
        raise FieldError(str(part.rejected[0].payload.get("field") or ""), part.rejected[0].message)


def _event(row: Row, repeats: Repeats, *, day_first: bool) -> LedgerEvent:
    named = [row[name] for name in ("Date", "FNSKU", "MSKU", "Event Type", "Reference ID", "Quantity", "Fulfillment Center", "Disposition")]
    return LedgerEvent(
        repeats.name("ledger", (*named, text_or_empty(row, "Reason"), text_or_empty(row, "Date and Time"))),
        day(row, "Date", day_first=day_first),
        text(row, "MSKU"),
        text(row, "Event Type"),
        _signed(row, "Quantity"),
        text_or_empty(row, "Fulfillment Center"),
        text_or_empty(row, "Disposition"),
        text_or_empty(row, "Reason"),
        whole_or_none(row, "Unreconciled Quantity", least=-(10**9)),
    )


def imbalances_of(document: Document, *, day_first: bool = False) -> tuple[int, list[Imbalance]]:
    """How many rows were proved, and those that do not add up."""
    proved, found = 0, []
    for part in SUMMARY.slices(document, lambda row: _checked(row, day_first=day_first)):
        _require_whole(part)
        proved += len(part.records)
        found += [each for each in part.records if each.missing]
    return proved, found


def _checked(row: Row, *, day_first: bool) -> Imbalance:
    return Imbalance(
        day(row, "Date", day_first=day_first),
        text(row, "MSKU"),
        text_or_empty(row, "Disposition"),
        text_or_empty(row, "Location"),
        _signed(row, "Starting Warehouse Balance"),
        sum(_signed(row, name) for name in _EVENTS),
        _signed(row, "Ending Warehouse Balance"),
    )


def _signed(row: Row, name: str) -> int:
    qty = whole_or_none(row, name, least=-(10**9))
    if qty is None:
        raise FieldError(name, f"{name} is empty.")
    return qty


def totals_of(events: Iterator[LedgerEvent]) -> dict[tuple[str, str], int]:
    """Units by (SKU, kind of event)."""
    total: Counter[tuple[str, str]] = Counter()
    for event in events:
        total[event.sku, event.kind] += event.qty
    return dict(total)
