"""SKUs for codes that nobody has described yet, where whoever imports asks for them."""

from __future__ import annotations

from collections.abc import Collection

from stockhub.catalog.inputs import SkuInput
from stockhub.catalog.skus import upsert_skus
from stockhub.channels.code_matches import skus_of_codes
from stockhub.channels.models import Account, Listing

_ROWS = 1_000


def make_skus(account: Account, codes: Collection[str]) -> int:
    """Makes a SKU for each code that no listing of the account delivers anything for and that means no SKU yet; returns how many."""
    mapped = set(
        Listing.objects.filter(account=account, kind="sku", code__in=list(codes)).exclude(components=None).values_list("code", flat=True)
    )
    known = {code for _kind, code in skus_of_codes(account, {("sku", code) for code in codes})}
    missing = sorted(code for code in codes if code not in mapped and code not in known and len(code) <= 100)
    for start in range(0, len(missing), _ROWS):
        upsert_skus([SkuInput(code=code) for code in missing[start : start + _ROWS]])
    return len(missing)
