"""Many listings linked as suggested, at a person's word: each row by itself, and all of them again without a second effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.catalog.models import Sku
from stockhub.channels.listing_links import ComponentInput, link_listing
from stockhub.channels.models import Account, Listing
from stockhub.inventory.posting.request_keys import claim_request
from stockhub.inventory.transactions import in_transaction
from stockhub.values.errors import DomainError

#: Rows of one call: each counts the orders of its listing anew.
ROWS: Final = 200


@dataclass(frozen=True, slots=True)
class Acceptance:
    """`qty` of the SKU with this code in the listing with this code."""

    code: str
    sku: str
    qty: int = 1
    kind: str = "sku"


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of the row at `index`. `lines` of orders were counted anew; 0 where it was linked like this before."""

    index: int
    listing_id: int | None = None
    lines: int = 0
    error: DomainError | None = None


def accept_suggestions(*, account: Account, rows: Sequence[Acceptance], idempotency_key: str = "") -> list[Accepted]:
    """Links unmapped listings, each with one SKU; a listing that delivers something else by now is refused, and the others are linked.

    DomainError `too_many_rows`, `invalid_key`, `idempotency_key_reused`; then nothing was linked.
    """
    require("channels.change_listing", account_ids=[account.pk])
    if not 1 <= len(rows) <= ROWS:
        raise DomainError("too_many_rows", _("Name 1 to %(most)s listings."), path=("rows",), params={"most": ROWS})
    if len(idempotency_key) > 100:
        raise DomainError("invalid_key", _("An idempotency key has at most 100 characters."), path=("idempotency_key",))
    if idempotency_key:
        in_transaction(lambda: claim_request(f"listing-suggestions:{account.pk}:{idempotency_key}", list(rows)))
    codes = {row.code for row in rows}
    listings = {(each.kind, each.code): each for each in Listing.objects.filter(account=account, code__in=codes, deleted_at=None)}
    skus = dict(Sku.objects.filter(code__in={row.sku for row in rows}, deleted_at=None).values_list("code", "pk"))
    return [_accepted(index, row, listings.get((row.kind, row.code)), skus.get(row.sku)) for index, row in enumerate(rows)]


def _accepted(index: int, row: Acceptance, listing: Listing | None, sku_id: int | None) -> Accepted:
    place = ("rows", str(index))
    if listing is None:
        message = _("The account has no such listing.")
        return Accepted(index, error=DomainError("not_found", message, path=(*place, "code"), params={"value": row.code[:200]}))
    if sku_id is None:
        error = DomainError("not_found", _("There is no such SKU."), path=(*place, "sku"), params={"value": row.sku[:200]})
        return Accepted(index, listing.pk, error=error)
    try:
        linked = link_listing(listing=listing, components=[ComponentInput(sku_id, row.qty)], replacing=False)
    except DomainError as error:
        return Accepted(index, listing.pk, error=error.at(*place, *error.path[-1:]))
    return Accepted(index, listing.pk, linked.lines)
