"""What a new order line is in the ledger: the fingerprint that is kept with its key, and its amount as it is stored."""

from __future__ import annotations

from typing import Final

from stockhub.inventory.allocation_targets import AllocationTarget
from stockhub.inventory.models import Allocation, MovementKind
from stockhub.inventory.posting.postings import AVAILABLE, RESERVED, digest

amount_value: Final = Allocation._meta.get_field("paid_amount").get_prep_value
_RESERVE: Final = str(MovementKind.RESERVE)


def fingerprint_of(target: AllocationTarget) -> str:
    """Of the posting that the general way makes of such a line; the key itself names the row yet to be made."""
    return digest(
        target.sku_id, target.warehouse_id, AVAILABLE, RESERVED, target.wanted_qty, _RESERVE, "", target.reference, is_partial=True
    )
