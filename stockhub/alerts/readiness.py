"""What a seller still has to give before every number is his own: missing facts are named, and a default in their place is marked (H21)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext_noop

from stockhub.channels.models import Account, Listing
from stockhub.pluginapi import Snapshot


@dataclass(frozen=True, slots=True)
class Gap:
    """One kind of missing fact: how many rows lack it, whether a default stands in, and the first of them."""

    code: str
    label: str
    missing: int
    total: int
    has_default: bool
    examples: tuple[tuple[int, int], ...]


#: Code, what is missing, the snapshot column that shows it, whether a default stands in.
DIMENSIONS = (
    ("NO_STOCK_DATA", gettext_noop("Stock is unknown"), "available", False),
    ("NO_SALES_DATA", gettext_noop("Sales are unknown"), "sold_90", False),
    ("NO_FORECAST", gettext_noop("There is no forecast"), "daily_mean", False),
    ("NO_COST", gettext_noop("Unit cost is unknown"), "unit_cost", False),
    ("NO_PRICE", gettext_noop("Price is unknown"), "unit_price", False),
    ("NO_OFFER", gettext_noop("No supplier offers it"), "moq", False),
    ("NO_LOTS", gettext_noop("Stock age is unknown"), "oldest_age", False),
)
EXAMPLES = 10


def gaps_of(snapshot: Snapshot) -> list[Gap]:
    """The gaps of the rows, most frequent first. Age is only missing where there is stock."""
    rows = list(zip(snapshot.sku_ids.tolist(), snapshot.pool_ids.tolist(), strict=True))
    gaps = []
    for code, label, column, has_default in DIMENSIONS:
        lacking = np.isnan(snapshot[column])
        if code == "NO_LOTS":
            lacking &= np.nan_to_num(snapshot["available"]) + np.nan_to_num(snapshot["reserved"]) > 0
        gaps.append(_gap(code, label, lacking, rows, has_default=has_default))
    gaps.append(
        _gap("DEFAULT_LEAD_TIME", gettext_noop("Lead time is a default"), snapshot["lead_time_is_default"] == 1, rows, has_default=True)
    )
    return sorted((g for g in gaps if g.missing), key=lambda g: (-g.missing, g.code))


def _gap(code: str, label: str, lacking: np.ndarray, rows: Sequence[tuple[int, int]], *, has_default: bool) -> Gap:
    positions = np.flatnonzero(lacking)
    return Gap(code, label, len(positions), len(rows), has_default, tuple(rows[p] for p in positions[:EXAMPLES]))


def unmapped_listings(account: Account | None = None) -> int:
    """Listings that deliver nothing yet: their sales count nowhere."""
    listings = Listing.objects.filter(components__isnull=True, deleted_at=None)
    return (listings.filter(account=account) if account else listings).count()
