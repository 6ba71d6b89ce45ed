"""The postings that make the ledger follow a transfer: pure functions from where its units are to where they should be.

A unit is at the source, in transit to the destination, being received there, received whole or damaged, or missing. Missing units are
those that have not come in when the transfer is told as received: they lie in `researching` until somebody finds them or accepts the loss,
so that nothing is sold or planned on them and nothing vanishes unseen.

Where the platform counts the source, its figures already lack the units. Where it counts the destination, what lies there comes from its
figures; what is in transit is ours to know until the platform begins to receive.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from stockhub.inventory.models import MovementKind
from stockhub.inventory.posting.postings import AVAILABLE, Posting
from stockhub.inventory.transfers.models import DEPARTED, TransferLine, TransferStatus

IN_TRANSIT: Final = "in_transit"
RECEIVING: Final = "receiving"
MISSING: Final = "researching"
DAMAGED: Final = "unsellable"

#: Columns of a line that count what the destination's buckets hold of it, in the order of the goods' way.
_COLUMNS: Final = ("posted_transit_qty", "posted_receiving_qty", "posted_missing_qty", "posted_received_qty", "posted_damaged_qty")
_PHYSICAL: Final = _COLUMNS[1:]


@dataclass(frozen=True, slots=True)
class Side:
    """A warehouse as one end of a transfer.

    `at` is when the units left it, or came into it. `is_before_ledger`: its opening stock already knows, so that nothing is posted.
    """

    warehouse_id: int
    is_observed: bool
    is_before_ledger: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One posting with the columns of its line that it brings up to date: (column, change) pairs. Without a posting only they change."""

    line: TransferLine
    posting: Posting | None
    columns: tuple[tuple[str, int], ...]


def out_target(line: TransferLine, status: str) -> int:
    """Units that have left the source, whoever counts it."""
    return line.shipped_qty if status in DEPARTED else 0


def arrival_targets(line: TransferLine, status: str, destination: Side) -> dict[str, int]:
    """Units of a line that each bucket of the destination should hold, by the column that counts them."""
    targets = dict.fromkeys(_COLUMNS, 0)
    if status not in DEPARTED:
        return targets
    if status == TransferStatus.IN_TRANSIT:
        targets["posted_transit_qty"] = line.missing_qty
    if not destination.is_observed:
        targets["posted_receiving_qty"] = line.missing_qty if status == TransferStatus.RECEIVING else 0
        targets["posted_missing_qty"] = max(line.missing_qty - line.lost_qty, 0) if status == TransferStatus.RECEIVED else 0
        targets["posted_received_qty"] = line.received_qty - line.damaged_qty
        targets["posted_damaged_qty"] = line.damaged_qty
    return targets


def arrived_qty(line: TransferLine, status: str, destination: Side) -> int:
    """Units that have come into the destination so far, those that are missing in its books or were written off there included."""
    if status not in DEPARTED:
        return 0
    if destination.is_observed or status == TransferStatus.IN_TRANSIT:
        return line.received_qty
    return max(line.received_qty, line.shipped_qty)


def steps_of(line: TransferLine, status: str, source: Side, destination: Side, *, reference: str) -> list[Step]:
    """What is left to post for a line. Each posting's key holds the line's next revision, so that it is posted once."""
    posting = _Postings(line, reference)
    return [*_at_source(line, status, source, posting), *_at_destination(line, status, destination, posting)]


class _Postings:
    """Makes the postings of one line, numbered within its revision."""

    def __init__(self, line: TransferLine, reference: str) -> None:
        self.line = line
        self.reference = reference
        self.made = 0

    def make(self, side: Side, source: str | None, target: str | None, qty: int) -> Posting:
        self.made += 1
        lost = source == MISSING and target is None
        return Posting(
            sku_id=self.line.sku_id, warehouse_id=side.warehouse_id, from_bucket=source, to_bucket=target, qty=qty,
            kind=MovementKind.ADJUST if lost else MovementKind.TRANSFER,
            key=f"transfer-line:{self.line.pk}:{self.line.revision + 1}:{self.made}", occurred_at=side.at,
            reason="Lost in transfer" if lost else "", reference=self.reference[:120],
        )  # fmt: skip


def _at_source(line: TransferLine, status: str, source: Side, postings: _Postings) -> Iterator[Step]:
    change = out_target(line, status) - line.posted_out_qty
    if not change:
        return
    column = (("posted_out_qty", change),)
    if source.is_observed or source.is_before_ledger:
        yield Step(line, None, column)
        return
    bucket = line.bucket_id
    left, entered = (bucket, None) if change > 0 else (None, bucket)
    yield Step(line, postings.make(source, left, entered, abs(change)), column)


def _at_destination(line: TransferLine, status: str, destination: Side, postings: _Postings) -> Iterator[Step]:
    """Pairs what must leave with what must enter, in the order of the goods' way; the rest comes from or goes outside."""
    targets = arrival_targets(line, status, destination)
    changes = {column: targets[column] - getattr(line, column) for column in _COLUMNS if targets[column] != getattr(line, column)}
    if destination.is_before_ledger and all(column in _PHYSICAL for column in changes):
        if changes:
            yield Step(line, None, tuple(changes.items()))
        return
    buckets = _buckets(line)
    leaving = {column: -change for column, change in changes.items() if change < 0}
    for column, need in ((column, change) for column, change in changes.items() if change > 0):
        rest = need
        for source, there in list(leaving.items()):
            qty = min(rest, there)
            if qty:
                leaving[source] -= qty
                rest -= qty
                yield _between(postings, destination, buckets, source, column, qty)
        if rest:
            yield _between(postings, destination, buckets, None, column, rest)
    for column, qty in leaving.items():
        if qty:
            yield _between(postings, destination, buckets, column, None, qty)


def _between(postings: _Postings, side: Side, buckets: Mapping[str, str], source: str | None, target: str | None, qty: int) -> Step:
    columns = tuple((column, sign * qty) for column, sign in ((source, -1), (target, 1)) if column is not None)
    left, entered = buckets.get(source or ""), buckets.get(target or "")
    # Unsellable units that arrive damaged stay what they were.
    same = left == entered
    return Step(postings.line, None if same else postings.make(side, left, entered, qty), columns)


def _buckets(line: TransferLine) -> dict[str, str]:
    return dict(zip(_COLUMNS, (IN_TRANSIT, RECEIVING, MISSING, str(line.bucket_id), DAMAGED), strict=True))


def serves_orders(step: Step) -> bool:
    """Whether it made units available, which owed orders then get."""
    return step.posting is not None and step.posting.to_bucket == AVAILABLE
