"""Stock-out days: days whose sales say nothing about demand, because there was nothing to sell."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from stockhub.core import clock
from stockhub.demand.frames import Rows, in_stock_of
from stockhub.demand.models import StockoutSeries
from stockhub.demand.stock_days import warehouse_days

UNKNOWN = 255


def mark_stockout_days(rows: Rows, *, last_on: date, days: int) -> int:
    """Brings the stock-out days of the rows up to date from the known end-of-day stock; returns how many series changed."""
    first_on = last_on - timedelta(days=days - 1)
    fresh = _from_history(rows, first_on, days)
    stored = in_stock_of(rows, first_on=first_on, days=days)
    known = ~np.isnan(fresh)
    differs = np.any(known & (np.nan_to_num(fresh, nan=-1.0) != np.nan_to_num(stored, nan=-1.0)), axis=1)
    now = clock.now()
    changed = []
    for row in np.flatnonzero(differs):
        days_of_row = np.where(np.isnan(fresh[row]), stored[row], fresh[row])
        start = int(np.argmax(~np.isnan(days_of_row)))
        percent = np.where(np.isnan(days_of_row), UNKNOWN, days_of_row)[start:].astype(np.uint8)
        changed.append(
            StockoutSeries(
                sku_id=int(rows.sku_ids[row]),
                pool_id=int(rows.pool_ids[row]),
                first_on=first_on + timedelta(days=start),
                in_stock=percent,
                updated_at=now,
            )
        )
    StockoutSeries.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["sku", "pool"], update_fields=["first_on", "in_stock", "updated_at"], batch_size=500
    )
    return len(changed)


def _from_history(rows: Rows, first_on: date, days: int) -> NDArray[np.float32]:
    """In-stock per cent (n, days) from end-of-day stock: 100 with stock at both ends of the day, 0 at neither, 50 at one."""
    stock = end_of_day_stock(rows, first_on=first_on - timedelta(days=1), days=days + 1)
    opening, closing = stock[:, :-1], stock[:, 1:]
    # A day without a known opening is judged by its end alone.
    opening = np.where(np.isnan(opening), closing, opening)
    percent = 50.0 * (opening > 0) + 50.0 * (closing > 0)
    return np.where(np.isnan(closing), np.nan, percent).astype(np.float32)


def end_of_day_stock(rows: Rows, *, first_on: date, days: int) -> NDArray[np.float32]:
    """Units (n, days) that each row had to sell at the end of each day, over the warehouses of its pool; NaN where nobody knows."""
    stock = np.full((len(rows), days), np.nan, np.float32)
    for part in warehouse_days(rows, first_on=first_on, days=days):
        before = stock[part.row]
        stock[part.row] = np.where(np.isnan(before), part.ends, before + np.nan_to_num(part.ends))
    return stock
