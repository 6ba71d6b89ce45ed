"""Where a platform and our own records contradict each other: stock that differs for no reason, times that are off by hours (N17)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

import numpy as np
from django.db.models import Q, QuerySet

from stockhub.channels.feed_models import NOT_CONNECTED
from stockhub.channels.feeds.plans import every, plan_of
from stockhub.channels.models import Feed, ListingComponent, Order, PoolAccount
from stockhub.channels.pushes.models import DifferenceCause, StockDifference
from stockhub.core.columns import INSTANT, INT, microseconds
from stockhub.core.kept import Place, kept
from stockhub.core.remembering import remembered
from stockhub.demand.frames import Rows
from stockhub.formulas.health.data_trust import contradicting_units
from stockhub.formulas.health.time_shift import shifted_hours
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.snapshot.positions import of_pools

_HOUR: Final = 3_600_000_000
#: A comparison is made every day: what was found the day before yesterday may be mended.
_COMPARED_WITHIN_DAYS: Final = 1
#: The newest orders that are looked at, of all accounts together: enough for a busy hour, few enough for every cycle.
_NEWEST_ORDERS: Final = 1_000
_ORDERS_WITHIN: Final = timedelta(days=2)
#: A feed that is read less often than this brings records that are hours old by good right.
_READ_WITHIN: Final = timedelta(hours=1)


def platform_gaps(rows: Rows, day: date) -> FloatArray:
    """Units (n,) by which a platform and the ledger differ without a reason that explains it, the most of the pool's listings; else 0."""
    gaps = np.zeros(len(rows))
    found = remembered(("contradicting differences", day), lambda: _contradicting(day))
    if not found:
        return gaps
    parts = _parts({listing for listing, _account, _units in found}, day)
    pools = _pools_of({account for _listing, account, _units in found})
    for listing, account, units in found:
        for pool in pools.get(account, ()):
            row = rows.find(np.array(parts.get(listing, []), np.int64), pool)
            row = row[row >= 0]
            gaps[row] = np.maximum(gaps[row], units)
    return gaps


def _contradicting(day: date) -> list[tuple[int, int, float]]:
    """Listing, account and units of what was compared last and contradicts itself."""
    since = day - timedelta(days=_COMPARED_WITHIN_DAYS)
    told = StockDifference.objects.filter(
        day__gte=since, cause=DifferenceCause.UNEXPLAINED, listing__isnull=False, our_qty__isnull=False, platform_qty__isnull=False
    )
    newest: dict[str, tuple[int, int, float]] = {}
    values = told.order_by("day", "id").values_list("subject", "listing_id", "account_id", "our_qty", "platform_qty")
    for subject, listing, account, ours, theirs in values.iterator():
        if listing is not None and account is not None and ours is not None and theirs is not None:
            newest[subject] = (listing, account, contradicting_units(float(ours), float(theirs)))
    return [each for each in newest.values() if each[2] > 0]


def _parts(listings: set[int], day: date) -> dict[int, list[int]]:
    """The SKUs of listings on a day."""
    holds = (Q(valid_from=None) | Q(valid_from__lte=day)) & (Q(valid_to=None) | Q(valid_to__gte=day))
    found: dict[int, list[int]] = {}
    for listing, sku in ListingComponent.objects.filter(holds, listing_id__in=listings).values_list("listing_id", "sku_id"):
        found.setdefault(listing, []).append(sku)
    return found


def _pools_of(accounts: set[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for account, pool in PoolAccount.objects.filter(account_id__in=accounts).values_list("account_id", "pool_id").distinct():
        found.setdefault(account, []).append(pool)
    return found


def shift_hours(rows: Rows, as_of: datetime) -> FloatArray:
    """Hours (n,) by which the orders of an account of the row's pool are off, without a sign, the most of them; else 0."""
    shifts = shifted_accounts(as_of)
    if not shifts:
        return np.zeros(len(rows))
    by_pool: dict[int, float] = {}
    for account, pools in _pools_of(set(shifts)).items():
        for pool in pools:
            by_pool[pool] = max(by_pool.get(pool, 0.0), abs(shifts[account]))
    return np.nan_to_num(of_pools(rows, by_pool))


def shifted_accounts(as_of: datetime) -> dict[int, float]:
    """By account, the whole hours that the times of its last two days' orders lie ahead (above 0) or behind (below 0).

    Behind is told only of orders that are read at least hourly, and that say that they happened after all of the past had been read: a
    file of yesterday's orders is old by right, and so is what a new connection brings first.
    """
    told = _newest(since=as_of - _ORDERS_WITHIN)
    accounts, ages = told["account_id"], (told["recorded_at"] - told["ordered_at"]) / _HOUR
    found = {account: shifted_hours(ages[accounts == account]) for account in np.unique(accounts).tolist()}
    shifts = {account: hours for account, hours in found.items() if hours > 0.0}
    # Ahead needs no more than this, and as a rule nothing is behind.
    if any(hours < 0.0 for hours in found.values()):
        for account, since in _read_often().items():
            hours = shifted_hours(ages[(accounts == account) & (told["ordered_at"] >= since)])
            if found.get(account, 0.0) < 0.0 and hours < 0.0:
                shifts[account] = hours
    return shifts


@kept({"account_id": INT, "recorded_at": INSTANT, "ordered_at": INSTANT})
def _newest(since: Place) -> QuerySet[Order]:
    """Bounded by the newest ids before anything else is asked of them, whatever the size of the table."""
    newest = Order.objects.order_by("-id").values("id")[:_NEWEST_ORDERS]
    return Order.objects.filter(id__in=newest, recorded_at__gte=since, account__is_active=True, account__deleted_at=None)


def _read_often() -> dict[int, int]:
    """Accounts that are connected and whose orders are read on a schedule at least every hour, with the instant (µs) by which their past
    had been read, 0 where they had none; without those that read the past at the moment.
    """
    feeds: QuerySet[Feed, Any] = Feed.objects.filter(kind="orders", is_paused=False, next_attempt_at__isnull=False)
    connected = feeds.exclude(account__authorization__state__in=NOT_CONNECTED)
    scheduled = connected.exclude(Q(backfill_since__isnull=False) & Q(backfill_finished_at=None)).select_related("account")
    return {
        feed.account_id: microseconds(feed.backfill_finished_at) if feed.backfill_finished_at else 0
        for feed in scheduled
        if every(feed, plan_of(feed)) <= _READ_WITHIN
    }
