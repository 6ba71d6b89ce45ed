"""Which SKU a code means, where that is beyond doubt."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings

from stockhub.catalog.models import Sku
from stockhub.channels.models import Account, ExternalCode


def skus_of_codes(account: Account, codes: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The SKU behind each (kind, code) that has exactly one: by external codes of the account or of all, or by the SKU's own code.

    None where the site wants a person to look at each: `STOCKHUB_LINK_EQUAL_CODES` is off.
    """
    if not codes or not settings.STOCKHUB_LINK_EQUAL_CODES:
        return {}
    values = {code for _kind, code in codes}
    rows = ExternalCode.objects.filter(value__in=values).values_list("account_id", "kind", "value", "sku_id")
    candidates: dict[tuple[str, str], set[int]] = {}
    for account_id, kind, value, sku_id in rows:
        if account_id in (None, account.pk):
            candidates.setdefault((kind, value), set()).add(sku_id)
    own = dict(Sku.objects.filter(code__in=values, deleted_at=None).values_list("code", "id"))
    found: dict[tuple[str, str], int] = {}
    for kind, code in codes:
        named = candidates.get((kind, code), set())
        if len(named) == 1:
            found[kind, code] = next(iter(named))
        elif not named and kind == "sku" and code in own:
            found[kind, code] = own[code]
    return found
