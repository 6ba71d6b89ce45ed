"""The facts that a connector, a webhook or a file brings in: what happened, in the platform's own codes.

Instants are aware, money is `Decimal`, quantities are whole base units of what the listing sells. A record never carries a buyer's name,
address or telephone number; `buyer` is the platform's id of him, of which the core keeps a keyed hash only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class OrderLineRecord:
    """One line of an order. Empty `status`, `kind` and `ordered_at` are those of the order.

    `line_id` is the platform's; without one the line is known by (code, time, price, quantity, ordinal among equals). `master_line` names
    the line that a gift or a part of a set belongs to. `warehouse` is a warehouse code where the platform says which one ships.
    """

    code: str
    qty: int
    unit_price: Decimal | None = None
    line_id: str = ""
    code_kind: str = "sku"
    status: str = ""
    kind: str = ""
    warehouse: str = ""
    promo: str = ""
    master_line: str = ""
    ordered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """An order as the platform tells it at one moment.

    `version` grows with every change at the source (an update time in milliseconds will do); of equal versions the one whose status is
    further on wins, so that a source without versions still converges. `status`: created, paid, shipped, completed, cancelled. `kind`:
    sale, gift, sample, replacement, b2b, internal, excluded. `cancel_reason` `stock_out` or `late_shipment` means that the demand was
    real. With `is_complete`, lines that it does not name are gone from the order; with no lines at all, nothing is said about them.
    """

    external_id: str
    status: str
    ordered_at: datetime
    currency: str
    lines: tuple[OrderLineRecord, ...] = ()
    version: int = 0
    kind: str = "sale"
    presale_kind: str = ""
    fulfilled_by: str = "merchant"
    paid_at: datetime | None = None
    ship_by_at: datetime | None = None
    shipped_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancel_reason: str = ""
    buyer: str = ""
    province: str = ""
    live_room: str = ""
    live_author: str = ""
    is_complete: bool = True


@dataclass(frozen=True, slots=True)
class ReturnRecord:
    """Units that came back. `grade`: new, like_new, damaged, defective. `warehouse` is empty where the platform does not say."""

    external_id: str
    code: str
    qty: int
    returned_at: datetime
    grade: str = "like_new"
    code_kind: str = "sku"
    order_external_id: str = ""
    warehouse: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ListingRecord:
    """An offer on a shop, and its prices as seen at `observed_at`. A price of None was not told.

    `other_codes`: (kind, code) by which the platform's charges and counts name the same offer, such as ("fnsku", "X001ABCDEF").
    """

    code: str
    observed_at: datetime
    code_kind: str = "sku"
    title: str = ""
    status: str = "active"
    url: str = ""
    list_price: Decimal | None = None
    effective_price: Decimal | None = None
    currency: str = ""
    price_reason: str = ""
    other_codes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StockCountRecord:
    """What a platform or a third-party warehouse counted: (bucket slug, units). A bucket that is not named is unknown.

    `is_count`: a warehouse that we keep the book of (a WMS, a 3PL) says what lies there; it is no number that a listing shows for sale.
    """

    code: str
    warehouse: str
    quantities: tuple[tuple[str, int], ...]
    observed_at: datetime
    code_kind: str = "sku"
    is_count: bool = False
