"""When each SKU last sold on each account (H87): by `last_sold_at`, in the business days of the account's own zone.

Only a sale moves it: not a count, a transfer or a return.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import F, QuerySet
from numpy.typing import NDArray

from stockhub.channels.models import PoolAccount
from stockhub.core.columns import DAY, INT, NO_INSTANT, TEXT, microseconds
from stockhub.core.kept import kept
from stockhub.demand.frames import LastSales, Rows
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.snapshot.positions import Columns

IntArray = NDArray[np.int64]
#: Days back for which the account's midnights are looked up; what sold before is as far away as a day of 24 hours says.
_DAYS_BACK: Final = 800
_A_DAY: Final = 86_400_000_000


def account_sale_columns(rows: Rows, as_of: datetime, sales: LastSales) -> Columns:
    """Days since the last sale of all accounts, and of the accounts that the pool serves today, the days and the id of the quietest."""
    sold = sales.at != NO_INSTANT
    sku, account, at = sales.sku_ids[sold], sales.account_ids[sold], sales.at[sold]
    n, served = len(rows), _served()
    latest, quietest, whose = np.full(n, np.inf), np.full(n, -np.inf), np.full(n, np.nan)
    zones = dict(zip(served["account_id"].tolist(), served["zone"].tolist(), strict=True))
    waited = {account_id: _days_ago(at[account == account_id], zone, as_of) for account_id, zone in zones.items()}
    today = as_of.date().toordinal()
    for account_id, pool, starts, ends in zip(
        served["account_id"].tolist(), served["pool_id"].tolist(), served["valid_from"].tolist(), served["valid_to"].tolist(), strict=True
    ):
        row = rows.find(sku[account == account_id], pool)
        days, row = waited[account_id][row >= 0], row[row >= 0]
        latest[row] = np.minimum(latest[row], days)
        # A comparison with NaN, which is no day, is false.
        if not (today < starts) and not (today > ends):
            longer = row[days > quietest[row]]
            quietest[row], whose[longer] = np.maximum(quietest[row], days), account_id
    return {
        "days_since_sale": np.where(np.isinf(latest), np.nan, latest),
        "quietest_account_days": np.where(np.isinf(quietest), np.nan, quietest),
        "quietest_account": whose,
    }


def _days_ago(instants: IntArray, zone: str, as_of: datetime) -> FloatArray:
    """Business days (m,) from instants to `as_of`, 0 for today's."""
    midnights = _midnights(zone, as_of.astimezone(ZoneInfo(zone)).date())
    place = np.searchsorted(midnights, instants, side="right")
    older = np.ceil((midnights[0] - instants) / _A_DAY)
    return np.where(place > 0, float(len(midnights)) - place, _DAYS_BACK + older).astype(np.float64)


@lru_cache(maxsize=64)
def _midnights(zone: str, today: date) -> IntArray:
    """When the last days began there, today's last."""
    site = ZoneInfo(zone)
    return np.array([microseconds(_midnight(today - timedelta(days=back), site)) for back in range(_DAYS_BACK, -1, -1)], np.int64)


def _midnight(day: date, site: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=site).astimezone(UTC)


@kept({"account_id": INT, "pool_id": INT, "zone": TEXT, "valid_from": DAY, "valid_to": DAY})
def _served() -> QuerySet[PoolAccount]:
    return PoolAccount.objects.annotate(zone=F("account__time_zone")).order_by("account_id", "pool_id", "id")
