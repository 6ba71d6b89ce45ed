"""Other codes of an offer, by which a platform's charges name it: they deliver what the offer delivers, where that is beyond doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stockhub.channels.listing_links import ComponentInput, link_by_code, link_listing
from stockhub.channels.models import Account, ExternalCode, Listing, ListingComponent
from stockhub.pluginapi.records import ListingRecord
from stockhub.values.errors import DomainError

#: What one offer delivers: SKU, units and dates of each component.
_Components = tuple[tuple[object, ...], ...]


def note_other_codes(account: Account, records: Sequence[ListingRecord]) -> None:
    """Notes the other codes of offers that deliver something, and links listings that are known by such a code alone.

    A code that two offers share with different SKUs means neither: its charges stay in the quarantine as unmapped, where they are seen.
    """
    named: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for record in records:
        for code in record.other_codes:
            if code != (record.code_kind, record.code):
                named.setdefault(code, set()).add((record.code_kind, record.code))
    if not named:
        return
    delivered = _delivered(account, {offer for offers in named.values() for offer in offers})
    meant: dict[tuple[str, str], _Components] = {}
    for code, offers in named.items():
        found = {delivered[offer] for offer in offers if offer in delivered}
        if len(found) == 1:
            meant[code] = found.pop()
    singles = {code: of[0][0] for code, of in meant.items() if len(of) == 1 and of[0][1:] == (1, None, None)}
    rows = [ExternalCode(account=account, sku_id=sku, kind=kind, value=value) for (kind, value), sku in sorted(singles.items())]  # type: ignore[misc]
    ExternalCode.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    waiting = _unmapped(account, meant)
    if any(code in singles for code in waiting):
        link_by_code(account=account, codes=[value for kind, value in waiting if (kind, value) in singles])
    for code, listing in waiting.items():
        if code not in singles:
            _link(listing, meant[code])


def _link(listing: Listing, components: _Components) -> None:
    """A multipack or a set: its other code delivers as many units."""
    try:
        link_listing(listing=listing, components=[ComponentInput(*of) for of in components], replacing=False)  # type: ignore[arg-type]
    except DomainError as error:
        if error.code != "already_linked":
            raise


def _delivered(account: Account, offers: set[tuple[str, str]]) -> Mapping[tuple[str, str], _Components]:
    rows = ListingComponent.objects.filter(listing__account=account, listing__code__any_of={code for _kind, code in offers})
    found: dict[tuple[str, str], list[tuple[object, ...]]] = {}
    columns = ("listing__kind", "listing__code", "sku_id", "qty", "valid_from", "valid_to")
    for kind, code, *rest in rows.order_by("listing_id", "id").values_list(*columns):
        if (kind, code) in offers:
            found.setdefault((kind, code), []).append(tuple(rest))
    return {offer: tuple(parts) for offer, parts in found.items()}


def _unmapped(account: Account, codes: Mapping[tuple[str, str], _Components]) -> dict[tuple[str, str], Listing]:
    rows = Listing.objects.filter(account=account, code__any_of={code for _kind, code in codes}, components=None, deleted_at=None)
    return {(row.kind, row.code): row for row in rows.order_by("id") if (row.kind, row.code) in codes}
