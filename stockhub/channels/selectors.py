"""What is worth knowing of the shops' data: how fresh it is, what is missing, what was refused."""

from __future__ import annotations

from django.db.models import Count, QuerySet

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
