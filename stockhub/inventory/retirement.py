"""Taking a SKU out of use. It lives here because only the ledger knows whether stock is left."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.catalog.models import BundleComponent, Sku
from stockhub.catalog.skus import bury_sku
from stockhub.inventory.models import Balance
from stockhub.inventory.transactions import in_transaction
from stockhub.values.errors import DomainError


def delete_sku(*, code: str, expected_version: int | None = None) -> Sku:
    """Leaves a tombstone; deleting it again changes nothing.

    Raises `stock_left` while any bucket holds units, also such as are still on their way, and `part_of_bundle` while a bundle needs it.
    """
    require("catalog.delete_sku")

    def work() -> Sku:
        sku = Sku.objects.select_for_update().filter(code=code).first()
        if sku is None:
            raise DomainError("not_found", _("There is no such SKU."), path=("code",), params={"code": code})
        if expected_version is not None and sku.version != expected_version:
            raise DomainError("stale_version", _("Somebody changed it meanwhile; read it again."), path=("expected_version",))
        held = Balance.objects.filter(sku=sku).exclude(qty=0).order_by("warehouse__code", "bucket_id")
        left = [[warehouse, bucket, qty] for warehouse, bucket, qty in held.values_list("warehouse__code", "bucket_id", "qty")]
        if left:
            raise DomainError(
                "stock_left", _("Stock of this SKU is left; write it off or sell it first."), path=("code",), params={"left": left}
            )
        bundles = BundleComponent.objects.filter(component=sku, bundle__deleted_at=None).values_list("bundle__code", flat=True)
        if bundles:
            raise DomainError(
                "part_of_bundle", _("A bundle needs this SKU; change the bundle first."), path=("code",), params={"bundles": list(bundles)}
            )
        return bury_sku(sku)

    return in_transaction(work)
