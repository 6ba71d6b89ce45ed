"""What a lot's units have become: a transfer makes lots of its own at the destination."""

from __future__ import annotations

from stockhub.inventory.models import Lot


def lots_made_of(lot_id: int) -> list[int]:
    """The lot itself and the lots that its units have become by transfers: a late invoice for it is theirs, too."""
    found = [lot_id]
    latest = [lot_id]
    while latest:
        latest = list(Lot.objects.filter(origin_id__in=latest).order_by("id").values_list("id", flat=True))
        found += latest
    return found
