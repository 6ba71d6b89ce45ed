"""Sales facts, kept incrementally: what ingestion changed is added to the series and removed in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from stockhub.channels.models import Account, SalesDelta
from stockhub.core import clock
from stockhub.core.bulk import aware
from stockhub.demand.models import SalesSeries

if TYPE_CHECKING:
    import pandas as pd

#: Hours that the hourly series of a SKU reaches back: sixty days.
HOURS_KEPT = 60 * 24
#: Changes taken in one transaction: a fraction of a second's work, so that writers on SQLite do not queue behind it.
BATCH = 10_000


def apply_sales_deltas(*, first_sku_id: int = 0, last_sku_id: int = 2**62) -> int:
    """Adds the recorded changes in sales of a range of SKUs to their series; returns how many there were.

    Callers at once share the work.
    """
    applied = 0
    # Most cycles find none: a look costs less than a transaction, and than the library that adds them up.
    if not SalesDelta.objects.filter(sku_id__gte=first_sku_id, sku_id__lte=last_sku_id).exists():
        return 0
    while count := _apply_batch(first_sku_id, last_sku_id):
        applied += count
    return applied


def _apply_batch(first_sku_id: int, last_sku_id: int) -> int:
    with transaction.atomic():
        frame = _take(first_sku_id, last_sku_id)
        if frame.empty:
            return 0
        zones = dict(Account.objects.values_list("id", "time_zone"))
        local = [hour.astimezone(ZoneInfo(zones[account])).date() for hour, account in zip(frame["hour"], frame["account"], strict=True)]
        frame["day"] = [day.toordinal() for day in local]
        groups: dict[tuple[int, int], pd.DataFrame] = dict(iter(frame.groupby(["sku", "account"], sort=True)))  # type: ignore[arg-type]
        series = _locked_series(sorted(groups))
        now = clock.now()
        for key, rows in groups.items():
            _add(series[key], rows, now)
        SalesSeries.objects.bulk_create(
            series.values(),
            update_conflicts=True,
            unique_fields=["sku", "account"],
            update_fields=["first_on", "daily", "first_hour_at", "hourly", "last_sold_at", "updated_at"],
            batch_size=500,
        )
    return len(frame)


def _take(first_sku_id: int, last_sku_id: int) -> pd.DataFrame:
    """Removes and returns changes. Rows that another transaction is taking are waited for, found gone, and left out."""
    import pandas as pd

    table = connection.ops.quote_name(SalesDelta._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE sku_id BETWEEN %s AND %s ORDER BY id LIMIT %s)"  # noqa: S608
            " RETURNING sku_id, account_id, hour_at, qty",
            [first_sku_id, last_sku_id, BATCH],
        )
        frame = pd.DataFrame(cursor.fetchall(), columns=["sku", "account", "hour", "qty"])
    frame["hour"] = [aware(value) for value in frame["hour"]]
    return frame


def _locked_series(keys: list[tuple[int, int]]) -> dict[tuple[int, int], SalesSeries]:
    """The series of these (SKU, account) pairs, new ones empty, locked in the order of their keys."""
    skus = {sku for sku, _account in keys}
    found = SalesSeries.objects.select_for_update().filter(sku_id__in=skus).order_by("sku_id", "account_id")
    series = {(s.sku_id, s.account_id): s for s in found}
    return {key: series.get(key) or SalesSeries(sku_id=key[0], account_id=key[1]) for key in keys}


@dataclass(frozen=True, slots=True)
class _Axis:
    """A stored series as a position of its first point and its points."""

    first: int
    values: NDArray[np.float32]

    def plus(self, at: NDArray[np.int64], qty: NDArray[np.float64]) -> _Axis:
        """The series with quantities added at positions, made longer on either side where they lie outside."""
        first = min(self.first, int(at.min())) if len(self.values) else int(at.min())
        end = max(self.first + len(self.values), int(at.max()) + 1) if len(self.values) else int(at.max()) + 1
        values = np.zeros(end - first, np.float64)
        if len(self.values):
            values[self.first - first : self.first - first + len(self.values)] = self.values
        np.add.at(values, at - first, qty)
        return _Axis(first, values.astype(np.float32))


def _add(series: SalesSeries, rows: pd.DataFrame, now: datetime) -> None:
    qty = rows["qty"].to_numpy(np.float64)
    stored = series.daily if isinstance(series.daily, np.ndarray) else np.zeros(0, np.float32)
    daily = _Axis(series.first_on.toordinal() if len(stored) else 0, stored).plus(rows["day"].to_numpy(np.int64), qty)
    series.first_on, series.daily = date.fromordinal(daily.first), daily.values
    hours = np.array([int(h.timestamp() // 3600) for h in rows["hour"]], np.int64)
    _add_hours(series, hours, qty, now)
    sold = hours[qty > 0]
    if len(sold):
        latest = datetime.fromtimestamp(int(sold.max()) * 3600, UTC)
        series.last_sold_at = max(series.last_sold_at or latest, latest)
    series.updated_at = now


def _add_hours(series: SalesSeries, hours: NDArray[np.int64], qty: NDArray[np.float64], now: datetime) -> None:
    oldest = int((now - timedelta(hours=HOURS_KEPT)).timestamp() // 3600)
    stored = series.hourly if isinstance(series.hourly, np.ndarray) else np.zeros(0, np.float32)
    axis = _Axis(int(series.first_hour_at.timestamp() // 3600) if series.first_hour_at else 0, stored)
    recent = hours >= oldest
    if recent.any():
        axis = axis.plus(hours[recent], qty[recent])
    drop = min(max(oldest - axis.first, 0), len(axis.values)) if len(axis.values) else 0
    series.hourly = axis.values[drop:]
    series.first_hour_at = datetime.fromtimestamp((axis.first + drop) * 3600, UTC) if len(series.hourly) else None
