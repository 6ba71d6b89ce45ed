"""Whether something still holds stock: what does cannot be taken away. The ledger lies above this layer and points here."""

from __future__ import annotations

from django.utils.translation import gettext

from stockhub.catalog.models import Sku, Warehouse
from stockhub.values.errors import DomainError


def stock_left(obj: Sku | Warehouse) -> DomainError | None:
    """`stock_left` while any bucket holds units, also such as are still on their way."""
    if not obj.balances.exclude(qty=0).exists():
        return None
    message = gettext("%(name)s still has stock: bring it to 0 first.") % {"name": obj}
    return DomainError("stock_left", message, params={"code": obj.code})
