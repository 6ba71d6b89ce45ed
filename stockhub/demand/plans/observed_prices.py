"""Prices that were seen, as what a forecaster is told: the day's price (n, t) of each row, NaN where nobody has seen one.

A price holds until the next one. Only listings that sell one unit of a SKU and nothing else tell its price; of several in a pool the least
counts, which is what a buyer compares with. Money of several currencies in one pool is not compared: the level of a price says nothing to
a forecaster, only its changes do, so each listing is taken over what it was first.
"""

from __future__ import annotations

from dataclasses import dataclass
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
    facts = _facts_of(rows, first_on + timedelta(days=days))
    if not _any_changes(facts):
        return None
    listings = read(_single_listings(rows), {"listing_id": INT, "sku_id": INT, "account": INT, "parts": INT})
    single = (listings["parts"] == 1) & np.isin(listings["listing_id"], facts.listing)
    ids, of_sku, of_account = (listings[name][single] for name in ("listing_id", "sku_id", "account"))
    known = _series(ids, facts, first_on, days)
    # Of listings with no price at all NaN is no more than itself.
    if not np.any(np.fmax.reduce(known, axis=1) > np.fmin.reduce(known, axis=1)):
        return None
    out = np.full((len(rows), days + ahead), np.nan, np.float32)
    for account, pool in PoolAccount.objects.values_list("account_id", "pool_id").distinct():
        mine = np.flatnonzero(of_account == account)
        row = rows.find(of_sku[mine], pool)
        mine, row = mine[row >= 0], row[row >= 0]
        # Several listings of an account may sell the same SKU: as many turns as the row with the most of them has.
        while len(row):
            row_now, first = np.unique(row, return_index=True)
            out[row_now, :days] = np.fmin(out[row_now, :days], known[mine[first]])
            left = np.ones(len(row), np.bool_)
            left[first] = False
            mine, row = mine[left], row[left]
    return out


def _single_listings(rows: Rows) -> QuerySet[ListingComponent]:
    parts = ListingComponent.objects.filter(listing=OuterRef("listing"), valid_to=None).values("listing").annotate(n=Count("pk"))
    return (
        ListingComponent.objects.filter(**id_filter("sku_id", rows.skus), qty=1, valid_to=None)
        .annotate(account=F("listing__account_id"), parts=Subquery(parts.values("n"), output_field=IntegerField()))
        .order_by("listing_id")
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    """Effective prices (f,) by listing and time."""

    listing: NDArray[np.int64]
    amount: Floats
    at: NDArray[np.int64]


def _facts_of(rows: Rows, before: date) -> _Facts:
    """What was seen of the listings that sell one unit of a SKU of the rows; a price of nothing is none."""
    of_rows = ListingComponent.objects.filter(**id_filter("sku_id", rows.skus), qty=1, valid_to=None)
    facts = PriceFact.objects.filter(
        listing__in=of_rows.values("listing"), kind="effective", occurred_at__lt=clock.start_of_day(before, "UTC")
    ).order_by("listing_id", "occurred_at", "id")
    found = read(facts, {"listing_id": INT, "amount": FLOAT, "occurred_at": INSTANT})
    good = found["amount"] > 0
    return _Facts(found["listing_id"][good], found["amount"][good], found["occurred_at"][good])


def _any_changes(facts: _Facts) -> bool:
    """Whether any listing had two prices: in most chunks of most shops none had, and there is nothing to lay out."""
    return bool(((facts.listing[1:] == facts.listing[:-1]) & (facts.amount[1:] != facts.amount[:-1])).any())


def _series(ids: NDArray[np.int64], facts: _Facts, first_on: date, days: int) -> NDArray[np.float32]:
    """Prices (m, days) of listings over their first ones; the last price of a day is the day's."""
    out = np.full((len(ids), days), np.nan, np.float32)
    ours = np.isin(facts.listing, ids)
    listing, amount = facts.listing[ours], facts.amount[ours]
    place = np.searchsorted(ids, listing)
    column = np.clip(facts.at[ours] // _DAY + _DAY_ZERO - first_on.toordinal(), 0, days - 1)
    _listing, first, inverse = np.unique(listing, return_index=True, return_inverse=True)
    out[place, column] = amount / amount[first][inverse]
    held = np.maximum.accumulate(np.where(np.isnan(out), np.int16(-1), np.arange(days, dtype=np.int16)), axis=1)
    return np.where(held >= 0, np.take_along_axis(out, np.maximum(held, 0), axis=1), np.float32(np.nan))
