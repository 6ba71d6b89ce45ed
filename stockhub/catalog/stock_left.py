"""Whether something still holds stock: what does cannot be taken away. The ledger lies above this layer and points here."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, Final, TypeVar

from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Sku, Warehouse
from stockhub.values.errors import DomainError

Key = TypeVar("Key", bound=Hashable)
#: Balances that a refusal names.
_NAMED: Final = 20


def stock_left(obj: Sku | Warehouse) -> DomainError | None:
    """`stock_left` while any bucket holds units, also such as are still on their way."""
    return _error(obj) if obj.balances.exclude(qty=0).exists() else None


def stock_left_of(skus: Mapping[Key, Sku]) -> dict[Key, DomainError]:
    """`stock_left` of those SKUs that have any, by their keys. One query, or none where there are no SKUs."""
    if not skus:
        return {}
    balances: Any = Sku._meta.get_field("balances").related_model
    held = set(balances.objects.filter(sku_id__in=[sku.pk for sku in skus.values()]).exclude(qty=0).values_list("sku_id", flat=True))
    return {key: _error(sku) for key, sku in skus.items() if sku.pk in held}


def _error(obj: Sku | Warehouse) -> DomainError:
    held = obj.balances.exclude(qty=0).order_by("warehouse__code", "sku__code", "bucket_id")[:_NAMED]
    left = [list(each) for each in held.values_list("warehouse__code" if isinstance(obj, Sku) else "sku__code", "bucket_id", "qty")]
    params = {"code": obj.code, "name": str(obj), "left": left}
    return DomainError("stock_left", _("%(name)s still has stock: bring it to 0 first."), params=params)
