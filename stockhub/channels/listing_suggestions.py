"""Which SKU an unmapped listing may deliver, each suggestion with how sure it is and why. Nothing is linked by it.

The reasons, from the surest down: the code is one that is known for a SKU; another account sells the same code; the codes are equal but for
case, spaces and signs; the titles are alike. Where a reason speaks for several SKUs it speaks less loudly for each.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from stockhub.catalog.models import Sku
from stockhub.channels.models import Account, ExternalCode, Listing, ListingComponent
from stockhub.channels.multipacks import units_in

#: Suggestions of one listing.
MOST: Final = 5
#: Titles of which fewer pairs of characters are common say nothing.
_LEAST_ALIKE: Final = 0.5


class Reason(StrEnum):
    """Why a SKU is suggested."""

    SAME_CODE = "same_code"
    EXTERNAL_CODE = "external_code"
    BARCODE = "barcode"
    OTHER_ACCOUNT = "other_account"
    ALIKE_CODE = "alike_code"
    ALIKE_TITLE = "alike_title"


#: How sure a reason is that speaks for one SKU alone. A title is as sure as it is alike, and less than any code.
_SURE: Final[Mapping[Reason, float]] = {
    Reason.SAME_CODE: 1.0, Reason.EXTERNAL_CODE: 1.0, Reason.BARCODE: 0.98, Reason.OTHER_ACCOUNT: 0.95, Reason.ALIKE_CODE: 0.9,
    Reason.ALIKE_TITLE: 0.85,
}  # fmt: skip
_BARCODES: Final = frozenset({"barcode", "ean", "upc", "gtin", "jan", "isbn"})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`qty` units of the SKU in one unit of the listing. `score` is from 0 to 1."""

    listing_id: int
    sku_id: int
    qty: int
    score: float
    reason: Reason


@dataclass(frozen=True, slots=True)
class _Sku:
    pk: int
    code: str
    name: str


def suggestions(listings: Sequence[Listing]) -> dict[int, list[Suggestion]]:
    """The best suggestions for listings of one account, by the listing's id, the surest first. Five queries, whatever their number."""
    if not listings:
        return {}
    skus = [_Sku(*row) for row in Sku.objects.filter(deleted_at=None).order_by("id").values_list("id", "code", "name")]
    by_id = {sku.pk: sku for sku in skus}
    found: dict[int, dict[int, Suggestion]] = defaultdict(dict)
    for listing_id, reason, matches in _matches(listings, skus):
        known = {sku_id: told for sku_id, told in matches.items() if sku_id in by_id}
        for sku_id, (alike, qty) in known.items():
            score = round(_SURE[reason] * alike * (0.8 if len(known) > 1 and reason != Reason.ALIKE_TITLE else 1.0), 3)
            before = found[listing_id].get(sku_id)
            if before is None or before.score < score:
                found[listing_id][sku_id] = Suggestion(listing_id, sku_id, qty, score, reason)
    return {pk: sorted(each.values(), key=lambda told: (-told.score, by_id[told.sku_id].code))[:MOST] for pk, each in found.items()}


#: SKUs by their ids: how alike, and the units.
_Matches = dict[int, tuple[float, int]]


def _matches(listings: Sequence[Listing], skus: Sequence[_Sku]) -> Iterator[tuple[int, Reason, _Matches]]:
    """What each reason says of each listing."""
    account = listings[0].account
    units = {listing.pk: units_in(listing.title) for listing in listings}
    names = {sku.pk: sku.name for sku in skus}
    own = {sku.code: sku.pk for sku in skus}
    known = _external_codes(account)
    elsewhere = _elsewhere(account, {listing.code for listing in listings})
    alike = _alike_codes(skus, known)
    titles = _Titles(skus, [listing.title for listing in listings])
    for listing in listings:
        if listing.code in own:
            # As linking by the code itself does: the code is the unit's.
            yield listing.pk, Reason.SAME_CODE, {own[listing.code]: (1.0, 1)}
        for barcode in (False, True):
            ids = {sku_id for kind, sku_id in known.get(listing.code, ()) if (kind in _BARCODES) == barcode}
            yield listing.pk, Reason.BARCODE if barcode else Reason.EXTERNAL_CODE, dict.fromkeys(ids, (1.0, 1))
        yield listing.pk, Reason.OTHER_ACCOUNT, {sku_id: (1.0, qty) for sku_id, qty in elsewhere.get(listing.code, ())}
        ids = alike.get(_bare(listing.code), set())
        yield listing.pk, Reason.ALIKE_CODE, {sku_id: (1.0, _units(units[listing.pk], names.get(sku_id, ""))) for sku_id in ids}
        told = titles.alike(listing.title)
        yield listing.pk, Reason.ALIKE_TITLE, {sku_id: (score, _units(units[listing.pk], names[sku_id])) for sku_id, score in told}


def _units(said: int, name: str) -> int:
    """Units of the SKU, which may be a pack itself."""
    own = units_in(name)
    return said // own if said % own == 0 else said


def _external_codes(account: Account) -> dict[str, list[tuple[str, int]]]:
    """(kind, SKU) of every code that the account or everybody knows."""
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    rows = ExternalCode.objects.filter(account=account) | ExternalCode.objects.filter(account=None)
    for value, kind, sku_id in rows.order_by("id").values_list("value", "kind", "sku_id"):
        found[value].append((kind.lower(), sku_id))
    return found


def _elsewhere(account: Account, codes: set[str]) -> dict[str, list[tuple[int, int]]]:
    """(SKU, units) that other accounts' listings of the same codes deliver today, where that is one SKU."""
    rows = ListingComponent.objects.filter(listing__code__any_of=list(codes), listing__deleted_at=None, valid_from=None, valid_to=None)
    components: dict[int, list[tuple[str, int, int]]] = defaultdict(list)
    for listing_id, code, sku_id, qty in (
        rows.exclude(listing__account=account).order_by("id").values_list("listing_id", "listing__code", "sku_id", "qty")
    ):
        components[listing_id].append((code, sku_id, qty))
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for parts in components.values():
        if len(parts) == 1:
            code, sku_id, qty = parts[0]
            found[code].append((sku_id, qty))
    return found


def _alike_codes(skus: Sequence[_Sku], known: Mapping[str, Sequence[tuple[str, int]]]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for sku in skus:
        found[_bare(sku.code)].add(sku.pk)
    for value, told in known.items():
        found[_bare(value)].update(sku_id for _kind, sku_id in told)
    found.pop("", None)
    return found


def _bare(code: str) -> str:
    """Without what people write in one way or another: case, width, signs and spaces."""
    return "".join(each for each in unicodedata.normalize("NFKC", code).casefold() if each.isalnum())


class _Titles:
    """Names of SKUs by the pairs of characters that the titles have, too: those without a common pair are never looked at."""

    def __init__(self, skus: Sequence[_Sku], titles: Sequence[str]) -> None:
        wanted: set[str] = set().union(*(_pairs(title) for title in titles))
        self._sizes: dict[int, int] = {}
        self._having: dict[str, list[int]] = defaultdict(list)
        for sku in skus:
            pairs = _pairs(sku.name)
            common = pairs & wanted
            if common:
                self._sizes[sku.pk] = len(pairs)
                for pair in common:
                    self._having[pair].append(sku.pk)

    def alike(self, title: str) -> list[tuple[int, float]]:
        """The SKUs whose names are most alike: twice the common pairs over all of both (Dice)."""
        pairs = _pairs(title)
        common: dict[int, int] = defaultdict(int)
        for pair in pairs:
            for pk in self._having.get(pair, ()):
                common[pk] += 1
        scored = [(pk, 2 * number / (len(pairs) + self._sizes[pk])) for pk, number in common.items()]
        return sorted((each for each in scored if each[1] >= _LEAST_ALIKE), key=lambda each: (-each[1], each[0]))[:MOST]


def _pairs(text: str) -> set[str]:
    bare = _bare(text)
    return {bare[place : place + 2] for place in range(len(bare) - 1)}
