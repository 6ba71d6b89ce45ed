"""What a lot's units have become: a transfer makes lots at the destination, a listing that is linked anew lots of another SKU."""

from __future__ import annotations

from stockhub.inventory.models import Lot


def lots_made_of(lot_id: int) -> list[int]:
    """The lot itself and the lots that its units have become, each once even in a circle: a late invoice for it is theirs, too."""
    found = [lot_id]
    latest = [lot_id]
    while latest:
        became = Lot.objects.filter(origin_id__in=latest).exclude(pk__in=found)
        latest = list(became.order_by("id").values_list("id", flat=True))
        found += latest
    return found
