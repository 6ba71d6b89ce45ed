"""What is asked of the ledger and what it answers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _

from stockhub.core import clock
from stockhub.inventory.models import MovementKind
from stockhub.values.errors import DomainError

#: The one bucket that a warehouse which allows back-orders lets go below zero.
AVAILABLE = "available"
RESERVED = "reserved"
#: A larger one is a scanned barcode, not a quantity; imports refuse it as well.
MAX_QTY = 10_000_000
QUANTITY_RANGE = _("A quantity is a whole number from 1 to %(most)s.")
#: How far ahead of our clock a movement may have happened: zones told wrongly, clocks that differ. What is asked about the past relies on
#: it: nothing that was recorded more than this before a moment happened after it.
MAX_AHEAD = timedelta(hours=24)
#: What services put before a caller's key, so that keys of different requests are different.
_REQUEST: Final = re.compile(
    r"^(adjust|move|remove|remove-to|dispose|count|receipt|receipt-request|return-request|costs|dispute|repair|variance|transfer|push|orders:\d+):"
)


def digest(
    sku_id: int, warehouse_id: int, from_bucket: str | None, to_bucket: str | None, qty: int, kind: str, reason: str, reference: str,
    *, is_partial: bool,
) -> str:  # fmt: skip
    """Tells one request from another: 64 hexadecimal digits of everything that is asked, but for its key and its time."""
    parts = (sku_id, warehouse_id, from_bucket, to_bucket, qty, kind, reason, reference, is_partial)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """Moves `qty` units from one bucket to another; None is the world outside.

    `key` makes it happen once. `partial` posts what is there when the bucket has less than `qty`.
    """

    sku_id: int
    warehouse_id: int
    from_bucket: str | None
    to_bucket: str | None
    qty: int
    kind: MovementKind
    key: str
    occurred_at: datetime
    reason: str = ""
    reference: str = ""
    partial: bool = False

    @property
    def fingerprint(self) -> str:
        """A digest of everything that was asked, but for the time, which callers fill in themselves when a request names none."""
        return digest(
            self.sku_id, self.warehouse_id, self.from_bucket, self.to_bucket, self.qty, str(self.kind), self.reason, self.reference,
            is_partial=self.partial,
        )  # fmt: skip


class PostingStatus(StrEnum):
    POSTED = "posted"
    #: The key was used before for the same request; `qty` is what was posted then.
    DUPLICATE = "duplicate"
    #: The bucket has too little; nothing was written, and the key is free.
    INSUFFICIENT = "insufficient"
    #: It happened before the warehouse's ledger starts; nothing was written.
    BEFORE_LEDGER = "before_ledger"
    #: The platform counts this warehouse: its next figures hold the units, so nothing was posted.
    OBSERVED = "observed"


@dataclass(frozen=True, slots=True)
class PostingResult:
    """`qty` units were posted for `key`, now or (a duplicate) earlier."""

    key: str
    status: PostingStatus
    qty: int


@dataclass(frozen=True, slots=True)
class Place:
    """What the ledger must know of a warehouse."""

    allows_backorder: bool
    ledger_starts_at: datetime


@dataclass(frozen=True, slots=True)
class EarlierKey:
    """A key that is taken already."""

    fingerprint: str
    posted_qty: int


def key_reused(key: str) -> DomainError:
    """The refusal of a key, in the caller's own words: without what tells the keys of different requests apart."""
    given = _REQUEST.sub("", key, count=1)
    return DomainError(
        "idempotency_key_reused",
        _("The idempotency key %(key)r was used before with other parameters. Use a new key for a new request."),
        path=("idempotency_key",),
        params={"key": given},
    )


def require_valid(postings: Iterable[Posting]) -> None:
    """Refuses what no ledger can post. Buckets, SKUs and warehouses that do not exist are refused by the database."""
    latest = clock.now() + MAX_AHEAD
    for index, posting in enumerate(postings):
        path = ("postings", str(index))
        if not 0 < posting.qty <= MAX_QTY:
            raise DomainError("invalid_quantity", QUANTITY_RANGE, path=(*path, "qty"), params={"qty": posting.qty, "most": f"{MAX_QTY:,}"})
        if posting.from_bucket == posting.to_bucket:
            raise DomainError(
                "invalid_bucket", _("A posting needs two different buckets, or one and the outside."), path=(*path, "to_bucket")
            )
        if not 0 < len(posting.key) <= 200:
            raise DomainError(
                "invalid_key", _("An idempotency key has 1 to 200 characters."), path=(*path, "key"), params={"key": posting.key}
            )
        if posting.occurred_at.tzinfo is None:
            raise DomainError("invalid_time", _("Give the time with its zone."), path=(*path, "occurred_at"))
        if posting.occurred_at > latest:
            raise DomainError(
                "in_the_future",
                _(
                    "Stock cannot have moved more than a day from now. Correct the time, or post it when it has happened; where the "
                    "ledger of the warehouse starts later than that, post it on the day when it starts, or let it start earlier."
                ),
                path=(*path, "occurred_at"),
                params={"occurred_at": posting.occurred_at.isoformat()},
            )
