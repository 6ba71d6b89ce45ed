"""What is told about purchase orders and shipments. A field left UNSET stays as it is; None clears it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from stockhub.core.unset import UNSET, Unset


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLineInput:
    """`sku` is a SKU's code; an empty `line_no` is the line's place in the list, from 1."""

    sku: str
    ordered_qty: int
    line_no: int | None = None
    unit_price_amount: Decimal | Unset | None = UNSET
    promised_on: date | Unset | None = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOrderInput:
    """`supplier` and `warehouse` are codes, needed for a new order. `lines` are all lines: one that is not named any more is removed."""

    code: str
    supplier: str | Unset = UNSET
    warehouse: str | Unset = UNSET
    status: str | Unset = UNSET
    currency: str | Unset = UNSET
    ordered_on: date | Unset = UNSET
    promised_on: date | Unset | None = UNSET
    lines: Sequence[OrderLineInput] | Unset = UNSET
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentLineInput:
    """`purchase_order` is the code of the order that the units belong to; `order_line_no` its line, or else its first of the SKU."""

    sku: str
    shipped_qty: int
    received_qty: int = 0
    line_no: int | None = None
    purchase_order: str = ""
    order_line_no: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentInput:
    """`warehouse` is a code, needed for a new shipment. `occurred_at` is when it came into this state.

    `is_whole`: the lines and what was received are all there is, as a platform tells it. A line that is not named any more is not under
    way, and a shipment that ends with nothing received brought nothing.
    """

    code: str
    warehouse: str | Unset = UNSET
    supplier: str | Unset | None = UNSET
    status: str | Unset = UNSET
    mode: str | Unset | None = UNSET
    shipped_on: date | Unset | None = UNSET
    expected_on: date | Unset | None = UNSET
    received_on: date | Unset | None = UNSET
    lines: Sequence[ShipmentLineInput] | Unset = UNSET
    occurred_at: datetime | None = None
    is_whole: bool = False
    expected_version: int | None = None
