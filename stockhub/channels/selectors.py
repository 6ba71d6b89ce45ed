"""What is worth knowing of the shops' data: how fresh it is, what is missing, what was refused."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from stockhub.catalog.models import Sku
from stockhub.channels.models import Account, Listing, Quarantined


def unmapped_listings(account: Account | None = None) -> QuerySet[Listing]:
    """Listings that deliver nothing known, with the number of order lines that wait for them, the most first."""
    listings = Listing.objects.filter(components=None, deleted_at=None).annotate(waiting=Count("order_lines"))
    if account is not None:
        listings = listings.filter(account=account)
    return listings.order_by("-waiting", "id")


def open_quarantine(account: Account | None = None) -> QuerySet[Quarantined]:
    rows = Quarantined.objects.filter(resolved_at=None).select_related("account").order_by("-last_seen_at", "id")
    return rows if account is None else rows.filter(account=account)


@dataclass(frozen=True, slots=True)
class MissingDimension:
    """A dimension of the data that decisions need and that so many objects lack (H21). It is unknown, never zero."""

    code: str
    count: int


def missing_dimensions() -> list[MissingDimension]:
    """What is missing in the data, by kind; kinds of which nothing is missing are left out."""
    skus = Sku.objects.filter(deleted_at=None, is_bundle=False)
    counts = skus.aggregate(
        sku_without_cost=Count("id", filter=Q(unit_cost_amount=None)),
        sku_without_price=Count("id", filter=Q(price_amount=None)),
        sku_without_category=Count("id", filter=Q(category=None)),
        sku_without_stage=Count("id", filter=Q(stage=None)),
    )
    counts["sku_without_offer"] = skus.filter(is_replenished=True, offers=None).count()
    counts["sku_without_stock"] = skus.filter(balances=None).count()
    counts["sku_without_sales"] = skus.filter(listing_components=None).count()
    counts["listing_unmapped"] = unmapped_listings().count()
    counts["record_quarantined"] = open_quarantine().count()
    counts["account_without_pool"] = Account.objects.filter(deleted_at=None, is_active=True, pool_accounts=None).count()
    return [MissingDimension(code, count) for code, count in counts.items() if count]
