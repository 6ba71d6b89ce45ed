"""What platforms count of listings, as counts of SKUs: several listings of one SKU add up, whenever each of them is told of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from stockhub.channels.fact_models import ListingCount
from stockhub.channels.models import Account, ListingComponent
from stockhub.core import clock

#: By (warehouse, instant): units by (SKU, bucket).
Counts = dict[tuple[int, datetime], dict[tuple[int, str], int]]


@dataclass(frozen=True, slots=True)
class Told:
    """`qty` units of a listing, each of which is `units` of the SKU."""

    listing_id: int
    warehouse_id: int
    bucket: str
    sku_id: int
    units: int
    qty: int
    observed_at: datetime


def counts_of(account: Account, told: Sequence[Told]) -> Counts:
    """The counts that the ledger is to follow. Four queries where a SKU has several listings, one otherwise."""
    links = _sisters(account, {each.sku_id for each in told})
    shared = {sku_id for sku_id, _units in links.values()}
    counts: Counts = {}
    for each in told:
        if each.sku_id not in shared:
            cells = counts.setdefault((each.warehouse_id, each.observed_at), {})
            cells[each.sku_id, each.bucket] = cells.get((each.sku_id, each.bucket), 0) + each.qty * each.units
    ours = [each for each in told if each.sku_id in shared]
    if ours:
        _keep(ours)
        _add_sums(counts, ours, links)
    return counts


def _sisters(account: Account, sku_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Listings of the account that share one of these SKUs with another, by id: the SKU, and its units in one of the listing."""
    began = Q(valid_from=None) | Q(valid_from__lte=clock.business_day(clock.now(), account.time_zone))
    components = ListingComponent.objects.filter(began, listing__account=account, listing__deleted_at=None, valid_to=None)
    often = components.filter(sku_id__in=sku_ids).values("sku_id").annotate(number=Count("listing_id", distinct=True)).filter(number__gt=1)
    rows = components.filter(sku_id__in=often.values("sku_id")).values_list("listing_id", "sku_id", "qty")
    return {listing_id: (sku_id, units) for listing_id, sku_id, units in rows}


def _keep(told: Sequence[Told]) -> None:
    """Keeps what is newer than what is kept."""
    newest: dict[tuple[int, int, str], Told] = {}
    for each in told:
        key = (each.listing_id, each.warehouse_id, each.bucket)
        if key not in newest or newest[key].observed_at <= each.observed_at:
            newest[key] = each
    known = ListingCount.objects.filter(listing_id__in={each.listing_id for each in told})
    at = {(row.listing_id, row.warehouse_id, row.bucket): row.observed_at for row in known}
    ListingCount.objects.bulk_create(
        [
            ListingCount(
                listing_id=each.listing_id, warehouse_id=each.warehouse_id, bucket=each.bucket, qty=each.qty, observed_at=each.observed_at
            )
            for key, each in newest.items()
            if key not in at or at[key] <= each.observed_at
        ],
        update_conflicts=True,
        unique_fields=["listing", "warehouse", "bucket"],
        update_fields=["qty", "observed_at"],
        batch_size=500,
    )


def _add_sums(counts: Counts, told: Sequence[Told], links: dict[int, tuple[int, int]]) -> None:
    """The sum over the listings of each SKU, bucket and warehouse that was told of, as of the newest of them."""
    touched = {(each.warehouse_id, each.sku_id, each.bucket) for each in told}
    sums: dict[tuple[int, int, str], int] = defaultdict(int)
    newest: dict[tuple[int, int, str], datetime] = {}
    kept = ListingCount.objects.filter(Q(listing_id__in=links) & Q(warehouse_id__in={each.warehouse_id for each in told}))
    for row in kept:
        sku_id, units = links[row.listing_id]
        key = (row.warehouse_id, sku_id, row.bucket)
        if key in touched:
            sums[key] += row.qty * units
            newest[key] = max(newest.get(key, row.observed_at), row.observed_at)
    for (warehouse_id, sku_id, bucket), qty in sums.items():
        counts.setdefault((warehouse_id, newest[warehouse_id, sku_id, bucket]), {})[sku_id, bucket] = qty
