"""Forecasts against actuals: once a week what a forecast says of its first week, fortnight and month is written down (H2, H102; ADR 0018).

A week is compared once all its days are over, and only if something could be sold on each: a stock-out is no proof of a high forecast.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from stockhub.core import clock
from stockhub.core.arrays import aligned
from stockhub.core.columns import BLOB, FLOAT, INT, read
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows
from stockhub.demand.track_models import BUCKETS, ForecastTrack
from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.forecasting.monitoring import tracking
from stockhub.pluginapi import Panel

#: Forecasts that are kept of a series: half a year of weeks.
MOST_KEPT = 26
#: A forecast is written down when the one before it is so old: weeks that do not overlap.
EVERY_DAYS = 7
#: Weeks that a lean is judged over: fewer cannot pass the limit of 4, more would remember what has long been mended.
LEAN_WEEKS = 8


@dataclass(frozen=True, slots=True)
class Tracks:
    """Origins (n, k) as ordinals, NaN where there is none, ascending and the newest last; promised (n, k, buckets)."""

    origins: FloatArray
    promised: FloatArray

    def with_new(self, day: int, sums: FloatArray) -> tuple[Tracks, NDArray[np.bool_]]:
        """With what is forecast today (n, buckets), and for which rows (n,) it was time to write it down."""
        newest = self.origins[:, -1]
        due = (np.isnan(newest) | (day - newest >= EVERY_DAYS)) & ~np.isnan(sums[:, 0])
        origins = np.where(due[:, None], np.roll(self.origins, -1, axis=1), self.origins)
        promised = np.where(due[:, None, None], np.roll(self.promised, -1, axis=1), self.promised)
        origins[due, -1], promised[due, -1] = day, sums[due]
        return Tracks(origins, promised), due


def tracks_of(rows: Rows) -> tuple[Tracks, FloatArray]:
    """What is stored of the rows: the forecasts, and error sum, mean error, forecast sum and weeks (n, 4); NaN where there is nothing."""
    n, width = len(rows), len(BUCKETS)
    origins, promised = np.full((n, MOST_KEPT), np.nan), np.full((n, MOST_KEPT, width), np.nan)
    summary = np.full((n, 4), np.nan)
    found = read(
        ForecastTrack.objects.filter(**id_filter("sku_id", rows.skus)),
        {
            "sku_id": INT, "pool_id": INT, "origins": BLOB, "promised": BLOB, "error_sum": FLOAT, "mean_error": FLOAT,
            "forecast_sum": FLOAT,
            "weeks": INT,
        },
    )  # fmt: skip
    at = rows.find(found["sku_id"], found["pool_id"])
    held, row = at >= 0, at[at >= 0]
    count = found["origins"].sizes // 4
    kept = aligned(found["origins"], MOST_KEPT - count, start=0, length=MOST_KEPT, dtype="<i4", before=np.nan, after=np.nan)
    length = MOST_KEPT * width
    sums = aligned(found["promised"], length - count * width, start=0, length=length, before=np.nan, after=np.nan)
    origins[row], promised[row] = kept[held], sums.reshape(-1, MOST_KEPT, width)[held]
    columns = [found[name].astype(np.float64) for name in ("error_sum", "mean_error", "forecast_sum", "weeks")]
    summary[row] = np.column_stack(columns)[held]
    return Tracks(origins, promised), summary


def bucket_sums(mean: NDArray[np.float32]) -> FloatArray:
    """Units (n, buckets) of forecasts (n, h); NaN where the forecast ends before the bucket does."""
    n, h = mean.shape
    sums = np.full((n, len(BUCKETS)), np.nan)
    for place, days in enumerate(BUCKETS):
        if days <= h:
            sums[:, place] = mean[:, :days].sum(axis=1, dtype=np.float64)
    return sums


def actual_sums(history: Panel, origins: FloatArray, days: int) -> FloatArray:
    """Units sold (n, k) in the days from each origin on; NaN where a day is not over, not in the history, or was not observed."""
    n, t = history.values.shape
    known = history.observed & ~np.isnan(history.values)
    sold, seen = np.zeros((n, t + 1)), np.zeros((n, t + 1), np.int64)
    np.cumsum(np.where(known, history.values, 0.0), axis=1, out=sold[:, 1:], dtype=np.float64)
    np.cumsum(known, axis=1, out=seen[:, 1:])
    begins = np.nan_to_num(origins - history.start_on.toordinal(), nan=-1.0).astype(np.int64)
    inside = (begins >= 0) & (begins + days <= t)
    start = np.where(inside, begins, 0)
    end = np.where(inside, begins + days, 0)
    rows = np.arange(n)[:, None]
    whole = inside & (seen[rows, end] - seen[rows, start] == days)
    return np.where(whole, sold[rows, end] - sold[rows, start], np.nan)


def leans(history: Panel, tracks: Tracks) -> FloatArray:
    """Error sum, mean error, forecast sum and weeks (n, 4) of the last weeks that can be compared; weeks is 0 without any."""
    actual, forecast = actual_sums(history, tracks.origins, BUCKETS[0]), tracks.promised[:, :, 0]
    known = ~np.isnan(actual - forecast)
    # Counted from the newest: the last weeks that are known, whatever lies between them.
    recent = known & (np.cumsum(known[:, ::-1], axis=1)[:, ::-1] <= LEAN_WEEKS)
    found = tracking(np.where(recent, actual, np.nan), np.where(recent, forecast, np.nan))
    weeks = recent.sum(axis=1).astype(np.float64)
    total = np.where(weeks > 0, np.where(recent, forecast, 0.0).sum(axis=1), np.nan)
    return np.column_stack([found.error_sum, found.mean_absolute_error, total, weeks])


def track_forecasts(
    rows: Rows, first_on: date, mean: NDArray[np.float32], history: Panel, *, guard: Callable[[], AbstractContextManager[None]], batch: int
) -> int:
    """Compares past forecasts with what has been sold since, and writes today's down where a week has passed. Returns the rows written.

    `mean` (n, h) begins on `first_on`, the day after the history; rows of NaN have no forecast.
    """
    before, summary = tracks_of(rows)
    tracks, added = before.with_new(first_on.toordinal(), bucket_sums(mean))
    found = leans(history, tracks)
    differs = ~np.isclose(found, summary, rtol=1e-6, atol=1e-6, equal_nan=True).all(axis=1)
    there = ~np.isnan(tracks.origins).all(axis=1)
    changed = np.flatnonzero((added | differs) & there)
    now = clock.now()
    for start in range(0, len(changed), batch):
        part = [_row(rows, row, tracks, found[row]) for row in changed[start : start + batch].tolist()]
        for each in part:
            each.updated_at = now
        with guard():
            ForecastTrack.objects.bulk_create(
                part,
                update_conflicts=True,
                unique_fields=["sku", "pool"],
                update_fields=["origins", "promised", "error_sum", "mean_error", "forecast_sum", "weeks", "updated_at"],
            )
    return len(changed)


def _row(rows: Rows, row: int, tracks: Tracks, found: FloatArray) -> ForecastTrack:
    kept = ~np.isnan(tracks.origins[row])
    error_sum, mean_error, forecast_sum, weeks = (None if np.isnan(value) else float(value) for value in found)
    return ForecastTrack(
        sku_id=int(rows.sku_ids[row]),
        pool_id=int(rows.pool_ids[row]),
        origins=tracks.origins[row][kept].astype(np.int32),
        promised=tracks.promised[row][kept].astype(np.float32).ravel(),
        error_sum=error_sum,
        mean_error=mean_error,
        forecast_sum=forecast_sum,
        weeks=int(weeks or 0),
    )
