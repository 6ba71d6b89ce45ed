"""Stock that a platform counts. Its figures are observed, and the difference to ours is posted as a movement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from stockhub.core import clock
from stockhub.inventory.models import Balance, Bucket, MovementKind
from stockhub.inventory.places import warehouse_facts
from stockhub.inventory.posting import balance_rows
from stockhub.inventory.posting.ledger import post
from stockhub.inventory.posting.postings import MAX_QTY, Posting
from stockhub.inventory.stock_events import emit_stock_changed
from stockhub.inventory.transactions import in_transaction
from stockhub.values.errors import DomainError

Cell = tuple[int, str]

#: Counts of one transaction: others must not wait long for the one writer of SQLite.
_CHUNK: Final = 1_000


@dataclass(frozen=True, slots=True)
class Observation:
    """`changed` counts were taken over with a difference, `confirmed` said what we knew, `ignored` were older than what we knew."""

    changed: int = 0
    confirmed: int = 0
    ignored: int = 0

    def __add__(self, other: Observation) -> Observation:
        return Observation(self.changed + other.changed, self.confirmed + other.confirmed, self.ignored + other.ignored)


def observe_stock(
    *, warehouse_id: int, counts: Mapping[Cell, int], observed_at: datetime, complete: bool = False, reference: str = ""
) -> Observation:
    """Takes over a platform's counts by (SKU id, bucket).

    An observation that is not newer than the last one of its bucket is ignored, so that repetition and disorder converge. What is not in
    `counts` is unknown, and never zero; only with `complete` it is zero, in the buckets that lie in the warehouse. Supply that we ordered
    and that is on its way (`on_order`, `in_transit`) is ours to know and cannot be observed.
    """
    facts = warehouse_facts([warehouse_id])[warehouse_id]
    if not facts.is_observed:
        raise DomainError(
            "warehouse_is_counted_here",
            _("This warehouse is counted here: take the figures over as a stock count, or let the platform count it."),
            path=("warehouse_id",),
            params={"warehouse_id": warehouse_id},
        )
    if observed_at < facts.ledger_starts_at:
        return Observation(ignored=len(counts))
    _require_valid(counts, complete=complete)
    wanted = dict(counts)
    if complete:
        wanted |= dict.fromkeys(_unnamed(warehouse_id, counts), 0)
    told = Observation()
    for chunk in _chunks(wanted):
        told += in_transaction(lambda chunk=chunk: _observe(warehouse_id, chunk, observed_at, reference))  # type: ignore[misc]
    return told


def _require_valid(counts: Mapping[Cell, int], *, complete: bool) -> None:
    if complete and not counts:
        raise DomainError(
            "empty_observation", _("An empty report does not prove that a warehouse is empty; nothing was changed."), path=("counts",)
        )
    physical = set(Bucket.objects.filter(is_physical=True).values_list("slug", flat=True))
    for (sku_id, bucket), qty in counts.items():
        path = ("counts", f"{sku_id}:{bucket}")
        if bucket not in physical:
            raise DomainError("bucket_not_observable", _("Only stock that lies in the warehouse can be observed."), path=path)
        if not 0 <= qty <= MAX_QTY:
            raise DomainError("invalid_quantity", _("A count is a whole number from 0 on."), path=path, params={"qty": qty})


def _unnamed(warehouse_id: int, counts: Mapping[Cell, int]) -> set[Cell]:
    held = Balance.objects.filter(warehouse_id=warehouse_id, bucket__is_physical=True).exclude(qty=0)
    return set(held.values_list("sku_id", "bucket_id")) - counts.keys()


def _chunks(wanted: Mapping[Cell, int]) -> Iterator[dict[Cell, int]]:
    cells = sorted(wanted)
    for start in range(0, len(cells), _CHUNK):
        yield {cell: wanted[cell] for cell in cells[start : start + _CHUNK]}


def _observe(warehouse_id: int, counts: Mapping[Cell, int], observed_at: datetime, reference: str) -> Observation:
    balance_rows.claim((sku_id, warehouse_id, bucket) for sku_id, bucket in counts)
    ours = Balance.objects.filter(warehouse_id=warehouse_id, sku_id__in={sku_id for sku_id, _bucket in counts})
    fresh = [
        (pk, (sku_id, bucket), qty)
        for pk, sku_id, bucket, qty, last in ours.values_list("id", "sku_id", "bucket_id", "qty", "observed_at")
        if (sku_id, bucket) in counts and (last is None or last < observed_at)
    ]
    moved = [(cell, counts[cell] - qty) for _pk, cell, qty in fresh if counts[cell] != qty]
    post([_difference(warehouse_id, cell, difference, observed_at, reference) for cell, difference in moved])
    balance_rows.stamp([pk for pk, _cell, _qty in fresh], observed_at)
    emit_stock_changed(((sku_id, warehouse_id) for (sku_id, _bucket), _difference in moved), details={"cause": str(MovementKind.OBSERVE)})
    return Observation(changed=len(moved), confirmed=len(fresh) - len(moved), ignored=len(counts) - len(fresh))


def _difference(warehouse_id: int, cell: Cell, difference: int, observed_at: datetime, reference: str) -> Posting:
    sku_id, bucket = cell
    more = difference > 0
    return Posting(
        sku_id=sku_id, warehouse_id=warehouse_id, from_bucket=None if more else bucket, to_bucket=bucket if more else None,
        qty=abs(difference), kind=MovementKind.OBSERVE, key=f"observe:{warehouse_id}:{sku_id}:{bucket}:{observed_at.isoformat()}",
        occurred_at=min(observed_at, clock.now()), reference=reference,
    )  # fmt: skip
