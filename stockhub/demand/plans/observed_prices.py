"""Prices that were seen, as what a forecaster is told: the day's price (n, t) of each row, NaN where nobody has seen one.

A price holds until the next one. Only listings that sell one unit of a SKU and nothing else tell its price; of several in a pool the least
counts, which is what a buyer compares with. Money of several currencies in one pool is not compared: the level of a price says nothing to
a forecaster, only its changes do, so each listing is taken over what it was first.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import numpy as np
from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from numpy.typing import NDArray

from stockhub.channels.models import ListingComponent, PoolAccount, PriceFact
from stockhub.core import clock
from stockhub.core.columns import FLOAT, INSTANT, INT, read
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows

Floats = NDArray[np.float64]
_DAY: Final = 86_400_000_000
_DAY_ZERO: Final = date(1970, 1, 1).toordinal()


def observed_prices(rows: Rows, *, first_on: date, days: int, ahead: int) -> NDArray[np.float32] | None:
    """Prices (n, days + ahead) over the first one seen, NaN ahead; None where no price of any row changed within the days."""
    if not len(rows):
        return None
    listings = read(_single_listings(rows), {"listing_id": INT, "sku_id": INT, "account": INT, "parts": INT})
    single = listings["parts"] == 1
    ids, of_sku, of_account = (listings[name][single] for name in ("listing_id", "sku_id", "account"))
    if not len(ids):
        return None
    facts = read(_facts(ids, first_on + timedelta(days=days)), {"listing_id": INT, "amount": FLOAT, "occurred_at": INSTANT})
    known = _series(ids, facts, first_on, days)
    least, most = (np.where(np.isnan(known), edge, known) for edge in (np.inf, -np.inf))
    if not (most.max(axis=1) > least.min(axis=1)).any():
        return None
    out = np.full((len(rows), days + ahead), np.nan, np.float32)
    for account, pool in PoolAccount.objects.values_list("account_id", "pool_id").distinct():
        mine = np.flatnonzero(of_account == account)
        row = rows.find(of_sku[mine], pool)
        for at, place in zip(mine[row >= 0].tolist(), row[row >= 0].tolist(), strict=True):
            out[place, :days] = np.fmin(out[place, :days], known[at])
    return out


def _single_listings(rows: Rows) -> QuerySet[ListingComponent]:
    parts = ListingComponent.objects.filter(listing=OuterRef("listing"), valid_to=None).values("listing").annotate(n=Count("pk"))
    return (
        ListingComponent.objects.filter(**id_filter("sku_id", rows.skus), qty=1, valid_to=None)
        .annotate(account=F("listing__account_id"), parts=Subquery(parts.values("n"), output_field=IntegerField()))
        .order_by("listing_id")
    )


def _facts(listing_ids: NDArray[np.int64], before: date) -> QuerySet[PriceFact]:
    until = clock.start_of_day(before, "UTC")
    return PriceFact.objects.filter(listing_id__any_of=listing_ids, kind="effective", occurred_at__lt=until).order_by(
        "listing_id", "occurred_at", "id"
    )


def _series(ids: NDArray[np.int64], facts: dict[str, NDArray[np.generic]], first_on: date, days: int) -> Floats:
    """Prices (m, days) of listings over their first ones; the last price of a day is the day's."""
    out = np.full((len(ids), days), np.nan)
    listing, amount = facts["listing_id"].astype(np.int64), facts["amount"].astype(np.float64)
    good = amount > 0
    listing, amount, at = listing[good], amount[good], facts["occurred_at"].astype(np.int64)[good]
    place = np.searchsorted(ids, listing)
    column = np.clip(at // _DAY + _DAY_ZERO - first_on.toordinal(), 0, days - 1)
    first: dict[int, float] = {}
    for row, value in zip(place.tolist(), amount.tolist(), strict=True):
        first.setdefault(row, value)
    out[place, column] = amount / np.array([first[row] for row in place.tolist()]) if len(place) else 0.0
    held = np.maximum.accumulate(np.where(np.isnan(out), -1, np.arange(days)[None, :]), axis=1)
    filled: Floats = np.where(held >= 0, np.take_along_axis(out, np.maximum(held, 0), axis=1), np.nan)
    return filled
