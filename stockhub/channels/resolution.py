"""From the code of a listing to the SKUs that one unit of it delivers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from stockhub.catalog.models import BundleComponent, Sku, Warehouse
from stockhub.channels.code_matches import skus_of_codes
from stockhub.channels.models import Account, Listing, ListingComponent
from stockhub.channels.order_intake import QTY_MAX
from stockhub.core import clock

#: Bundles of bundles are taken apart this deep; deeper is a circle.
_DEPTH = 5


@dataclass(frozen=True, slots=True)
class Delivers:
    """One unit of a listing: its main SKU, and every SKU with stock of its own with the units that it gives."""

    main_sku_id: int
    units: tuple[tuple[int, int], ...]

    def fits(self, qty: int) -> bool:
        """Whether the ledger can take that many of the listing: of no SKU more than it posts at once."""
        return all(units * qty <= QTY_MAX for _sku_id, units in self.units)


@dataclass(frozen=True, slots=True)
class _Dated:
    valid_from: date | None
    valid_to: date | None
    sku_id: int
    qty: int

    def holds(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(slots=True)
class Resolution:
    """What the codes of one batch mean. Loaded with a fixed number of queries; answers without one."""

    account: Account
    listings: dict[tuple[str, str], int] = field(default_factory=dict)
    warehouses: dict[str, int] = field(default_factory=dict)
    _components: dict[int, list[_Dated]] = field(default_factory=dict)
    _bundles: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    _bundle_ids: set[int] = field(default_factory=set)
    _settled: dict[int, Delivers | None] = field(default_factory=dict)

    def delivers(self, listing_id: int | None, ordered_at: datetime) -> Delivers | None:
        """None while the listing has no component on that day, or a bundle of it has none."""
        if listing_id is None:
            return None
        if listing_id in self._settled:
            return self._settled[listing_id]
        components = self._components.get(listing_id, [])
        if any(c.valid_from or c.valid_to for c in components):
            day = clock.business_day(ordered_at, self.account.time_zone)
            return self._exploded([c for c in components if c.holds(day)])
        self._settled[listing_id] = self._exploded(components)
        return self._settled[listing_id]

    def stocked(self, delivers: Delivers) -> Delivers | None:
        """The same with parts that have become sets since taken apart themselves; None where such a set is empty."""
        if not any(sku_id in self._bundle_ids for sku_id, _units in delivers.units):
            return delivers
        units: dict[int, int] = {}
        taken_apart = all(self._add(units, sku_id, each, _DEPTH) for sku_id, each in delivers.units)
        return Delivers(delivers.main_sku_id, tuple(units.items())) if taken_apart else None

    def is_bundle(self, sku_id: int) -> bool:
        """Whether the SKU has no stock of its own today."""
        return sku_id in self._bundle_ids

    def _exploded(self, components: list[_Dated]) -> Delivers | None:
        units: dict[int, int] = {}
        for component in components:
            if not self._add(units, component.sku_id, component.qty, _DEPTH):
                return None
        return Delivers(components[0].sku_id, tuple(units.items())) if units else None

    def _add(self, units: dict[int, int], sku_id: int, qty: int, depth: int) -> bool:
        if sku_id not in self._bundle_ids:
            units[sku_id] = units.get(sku_id, 0) + qty
            return True
        parts = self._bundles.get(sku_id, [])
        return bool(parts) and depth > 0 and all(self._add(units, part, qty * each, depth - 1) for part, each in parts)


def load_resolution(account: Account, codes: Iterable[tuple[str, str]] = (), listing_ids: Iterable[int] = ()) -> Resolution:
    """Listings of these (kind, code), made where they are missing, and of these ids; warehouses; components; bundles."""
    resolution = Resolution(account)
    resolution.listings = _listings(account, set(codes))
    resolution.warehouses = dict(Warehouse.objects.filter(deleted_at=None).values_list("code", "id"))
    wanted = set(resolution.listings.values()) | set(listing_ids)
    rows = ListingComponent.objects.filter(listing_id__any_of=wanted).order_by("listing_id", "id")
    for listing_id, since, until, sku_id, qty in rows.values_list("listing_id", "valid_from", "valid_to", "sku_id", "qty"):
        resolution._components.setdefault(listing_id, []).append(_Dated(since, until, sku_id, qty))  # noqa: SLF001 - its own loader
    _load_bundles(resolution)
    return resolution


def _load_bundles(resolution: Resolution) -> None:
    """Bundles are few beside SKUs, so all of them are read: nesting needs no further query."""
    resolution._bundle_ids.update(Sku.objects.filter(is_bundle=True).values_list("id", flat=True))  # noqa: SLF001
    if not resolution._bundle_ids:  # noqa: SLF001
        return
    rows = BundleComponent.objects.order_by("bundle_id", "id").values_list("bundle_id", "component_id", "qty")
    for bundle_id, component_id, qty in rows:
        resolution._bundles.setdefault(bundle_id, []).append((component_id, qty))  # noqa: SLF001


def _listings(account: Account, codes: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    if not codes:
        return {}
    found = _known(account, codes)
    missing = sorted(codes - found.keys())
    if missing:
        now = clock.now()
        Listing.objects.bulk_create(
            [Listing(account=account, kind=kind, code=code, first_seen_at=now, created_at=now, updated_at=now) for kind, code in missing],
            ignore_conflicts=True,
            batch_size=500,
        )
        added = _known(account, set(missing))
        _map_by_code(account, added)
        found |= added
    return found


def _map_by_code(account: Account, listings: dict[tuple[str, str], int]) -> None:
    """A new listing whose code is a known one of exactly one SKU delivers that SKU."""
    skus = skus_of_codes(account, listings)
    if not skus:
        return
    mapped = ListingComponent.objects.filter(listing_id__any_of=list(listings.values())).values_list("listing_id", flat=True)
    already = set(mapped)
    rows = [(listings[code], sku_id) for code, sku_id in sorted(skus.items()) if listings[code] not in already]
    ListingComponent.objects.bulk_create([ListingComponent(listing_id=pk, sku_id=sku_id) for pk, sku_id in rows], batch_size=500)


def _known(account: Account, codes: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    rows = Listing.objects.filter(account=account, code__any_of={code for _kind, code in codes}).values_list("kind", "code", "id")
    return {(kind, code): pk for kind, code, pk in rows if (kind, code) in codes}
