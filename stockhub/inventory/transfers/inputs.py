"""What is told about transfers. A field left UNSET stays as it is; None clears it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from stockhub.core.unset import UNSET, Unset


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferLineInput:
    """`sku` is a SKU's code; an empty `line_no` is the line's place in the list, from 1.

    Of a bundle all quantities are bundles, and the line becomes one for each component. `planned_qty` may be left out where
    `shipped_qty` is told. `damaged_qty` of the `received_qty` go to `unsellable`. `bucket` is where the units leave, and where those that
    arrive whole go. `freight_amount` is for one unit (of a bundle: for a unit of each component).
    """

    sku: str
    planned_qty: int | Unset = UNSET
    shipped_qty: int | Unset = UNSET
    received_qty: int | Unset = UNSET
    damaged_qty: int | Unset = UNSET
    line_no: int | None = None
    bucket: str | Unset = UNSET
    freight_amount: Decimal | Unset | None = UNSET
    freight_currency: str | Unset = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferInput:
    """`from_warehouse` and `to_warehouse` are codes; they and `lines`, which are all lines, are needed for a new transfer.

    `occurred_at` is when it came into the state that is told, now if empty. What is told of an earlier moment than the last state's comes
    too late: it fills in dates that nobody has told yet, is kept as an event, and changes nothing else. So the order in which states are
    told does not matter. With an `idempotency_key` the same call again has no second effect, even if other states were told since.
    """

    code: str
    from_warehouse: str | Unset = UNSET
    to_warehouse: str | Unset = UNSET
    status: str | Unset = UNSET
    mode: str | Unset | None = UNSET
    shipped_on: date | Unset | None = UNSET
    expected_on: date | Unset | None = UNSET
    received_on: date | Unset | None = UNSET
    lines: Sequence[TransferLineInput] | Unset = UNSET
    occurred_at: datetime | None = None
    expected_version: int | None = None
    idempotency_key: str = ""
