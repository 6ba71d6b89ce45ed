"""What a query about stock names by its code. What is not there, or not for this user, is refused: nothing would read as "no stock"."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from strawberry import Info

from stockhub.catalog.models import Sku, Warehouse
from stockhub.graphql.pagination import rows_of, wanted
from stockhub.inventory.models import Bucket
from stockhub.values import DomainError


def named_skus(info: Info, codes: Sequence[str]) -> dict[int, str]:
    """The SKUs with these codes, by id. DomainError `unknown_sku`; `bad_input` for more than 1,000."""
    asked = list(dict.fromkeys(wanted(codes, "skus") or []))
    known: dict[int, str] = dict(rows_of(Sku, info).filter(code__in=asked).values_list("pk", "code")) if asked else {}
    found = set(known.values())
    if unknown := [code for code in asked if code not in found]:
        message = _("There is no SKU with the code %(code)s. Check its spelling.")
        raise DomainError("unknown_sku", message, path=("skus",), params={"code": unknown[0], "codes": unknown[:10]})
    return known


def named_warehouses(info: Info, code: str | None) -> dict[int, str]:
    """The warehouse with this code, or all that the user sees, by id. DomainError `unknown_warehouse`."""
    seen = rows_of(Warehouse, info)
    if code is not None:
        seen = seen.filter(code=code)
    known: dict[int, str] = dict(seen.values_list("pk", "code"))
    if code is not None and not known:
        message = _("There is no warehouse with the code %(code)s, or you may not see it.")
        raise DomainError("unknown_warehouse", message, path=("warehouse",), params={"code": code, "codes": [code]})
    return known


def named_bucket(slug: str) -> str:
    """The bucket. DomainError `unknown_bucket`."""
    known = list(Bucket.objects.order_by("position").values_list("slug", flat=True))
    if slug not in known:
        message = _("There is no bucket %(slug)s. There are: %(buckets)s.")
        params = {"slug": slug, "buckets": ", ".join(known), "known": known}
        raise DomainError("unknown_bucket", message, path=("bucket",), params=params)
    return slug
