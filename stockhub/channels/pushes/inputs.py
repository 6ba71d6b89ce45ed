"""What is told about a push."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PushRowInput:
    """One listing by its code. Stock: `qty`, or None for what the rule gives. Prices: `price`. Shipping times: `days`, and `presale_until`
    for a presale. Inbound plans: `qty`, `expires_on`. Removals: `qty` sellable and `unsellable_qty` units, `disposition`.
    """

    code: str
    code_kind: str = "sku"
    warehouse: str = ""
    qty: int | None = None
    price: Decimal | None = None
    currency: str = ""
    days: int | None = None
    presale_until: datetime | None = None
    expires_on: date | None = None
    unsellable_qty: int | None = None
    disposition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PushInput:
    """`rows` of None, for stock: every listing of the account that has a rule."""

    account: str
    kind: str
    rows: Sequence[PushRowInput] | None = field(default=None)
    reason: str = ""
    idempotency_key: str = ""
