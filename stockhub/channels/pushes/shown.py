"""What platforms were seen to show for sale: an observation of each listing, which moves nothing in the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from stockhub.channels.pushes.models import ShownStock
from stockhub.core import clock


@dataclass(frozen=True, slots=True)
class Seen:
    """`qty` units of a listing were for sale at an instant; an empty `warehouse` is the shop's one number."""

    listing_id: int
    warehouse: str
    qty: int
    observed_at: datetime


@transaction.atomic
def note_shown(seen: Iterable[Seen]) -> int:
    """Keeps the latest of each listing and warehouse; an older observation changes nothing. Gives how many numbers are others now."""
    latest: dict[tuple[int, str], Seen] = {}
    for each in sorted(seen, key=lambda one: one.observed_at):
        latest[each.listing_id, each.warehouse] = each
    if not latest:
        return 0
    now = clock.now()
    ShownStock.objects.bulk_create(
        [
            ShownStock(
                listing_id=pk, warehouse=warehouse, qty=one.qty, version=0, observed_at=one.observed_at, changed_at=now, recorded_at=now
            )
            for (pk, warehouse), one in sorted(latest.items())
        ],
        ignore_conflicts=True,
        batch_size=500,
    )
    rows = ShownStock.objects.select_for_update().filter(listing_id__in={pk for pk, _warehouse in latest}).order_by("id")
    changed = _bring_up_to_date([row for row in rows if (row.listing_id, row.warehouse) in latest], latest, now)
    columns = ["qty", "previous_qty", "version", "observed_at", "changed_at", "recorded_at"]
    ShownStock.objects.bulk_update(changed, columns, batch_size=500)
    return sum(1 for row in changed if row.changed_at == now)


def _bring_up_to_date(rows: Sequence[ShownStock], latest: Mapping[tuple[int, str], Seen], now: datetime) -> list[ShownStock]:
    changed = []
    for row in rows:
        one = latest[row.listing_id, row.warehouse]
        is_new = row.version == 0
        if one.observed_at < row.observed_at:
            continue
        if is_new or one.qty != row.qty:
            row.previous_qty = None if is_new else row.qty
            row.qty, row.version, row.changed_at = one.qty, row.version + 1, now
        row.observed_at, row.recorded_at = one.observed_at, now
        changed.append(row)
    return changed
