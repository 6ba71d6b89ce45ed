"""Builds the snapshot of a range of SKUs: one load, aligned arrays, no object a row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import numpy as np
from django.conf import settings
from django.db.models import Q
from numpy.typing import NDArray

from stockhub.catalog.models import Sku
from stockhub.channels.models import Feed, PoolAccount
from stockhub.core import clock
from stockhub.core.arrays import aligned
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows, demand_of, in_stock_of, rows_of
from stockhub.demand.models import Forecast
from stockhub.formulas.policies.safety_stock import poisson_sd
from stockhub.pluginapi import COLUMNS, Snapshot
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.snapshot import defaults
from stockhub.snapshot.ages import age_columns
from stockhub.snapshot.positions import Columns, capacity_column, dispute_column, owed_columns, place_columns, position_columns
from stockhub.snapshot.supply import arrivals, offer_columns, policies_of, safety_stock_column
from stockhub.snapshot.worth import Rates, cost_column, price_column

Array = TypeVar("Array", bound=NDArray[Any])
#: The demand windows of the columns, today included.
WINDOWS = {"sold_30": 30, "sold_60": 60, "sold_90": 90}
#: `daily_mean` is the mean of the forecast's first four weeks.
MEAN_DAYS = 28


def build(sku_ids: Sequence[int] | NDArray[np.int64], as_of: datetime) -> Snapshot:
    """The snapshot of these SKUs in every pool they belong to. `as_of` only says which day it is: the facts are those of now."""
    day = clock.business_day(as_of, settings.STOCKHUB_TIME_ZONE)
    rows = rows_of(sku_ids)
    rates = Rates(day)
    columns = position_columns(rows)
    columns["in_dispute"] = dispute_column(rows)
    columns["capacity_units"] = capacity_column(rows)
    columns |= place_columns(rows)
    last_sold = _demand_columns(rows, day, columns)
    mean = _forecast_columns(rows, day, columns)
    policies = policies_of(rows)
    supply, offer_cost = offer_columns(rows, day, policies, rates)
    columns |= supply
    columns["review_period"] = np.where(np.isnan(policies.review_period), defaults.REVIEW_PERIOD_DAYS, policies.review_period)
    columns["alert_threshold"] = policies.threshold
    columns["is_replenished"] = _replenished_column(rows, day)
    columns["safety_stock"] = safety_stock_column(policies, columns)
    columns["unit_cost"] = cost_column(rows, rates, offer_cost)
    columns["unit_price"] = price_column(rows, as_of, rates)
    columns |= age_columns(rows, day, last_sold)
    columns |= owed_columns(rows, as_of, rates)
    row, days, qty = arrivals(rows, day)
    return Snapshot(
        as_of, day, rows.sku_ids, rows.pool_ids, _sealed(columns), _read_only(mean), _read_only(row), _read_only(days), _read_only(qty)
    )


def _sealed(columns: Columns) -> Columns:
    missing = COLUMNS.keys() ^ columns.keys()
    if missing:
        raise AssertionError(f"The snapshot's columns and the public list differ: {sorted(missing)}")
    return {name: _read_only(columns[name]) for name in COLUMNS}


def _read_only(array: Array) -> Array:
    array.flags.writeable = False
    return array


def _demand_columns(rows: Rows, day: date, columns: Columns) -> FloatArray:
    """Adds what has sold; returns the ordinal of the last day with a sale.

    A pool none of whose accounts has ever told us its orders has no data, which is not zero.
    """
    longest = max(WINDOWS.values())
    frame = demand_of(rows, last_on=day, days=longest)
    told = set(
        PoolAccount.objects.filter(
            account_id__in=Feed.objects.filter(kind="orders", last_success_at__isnull=False).values("account_id")
        ).values_list("pool_id", flat=True)
    )
    silent = ~np.isin(rows.pool_ids, list(told)) & np.isnan(frame.first_day)
    for name, days in WINDOWS.items():
        columns[name] = np.where(silent, np.nan, np.nansum(frame.values[:, longest - days :], axis=1, dtype=np.float64))
    columns["days_since_sale"] = day.toordinal() - frame.last_sold_day
    columns["history_days"] = np.where(np.isnan(frame.first_day), np.nan, day.toordinal() - frame.first_day + 1)
    in_stock = in_stock_of(rows, first_on=day - timedelta(days=30), days=30)
    known = ~np.isnan(in_stock)
    out = np.where(known, 1.0 - in_stock / 100.0, 0.0).sum(axis=1, dtype=np.float64)
    columns["stockout_days_30"] = np.where(known.any(axis=1), out, np.nan)
    return frame.last_sold_day


def _replenished_column(rows: Rows, day: date) -> FloatArray:
    """1 for what is bought again; 0 for what an operator took off the list or discontinued."""
    ended = Q(is_replenished=False) | Q(discontinued_on__lte=day)
    gone = Sku.objects.filter(ended, **id_filter("id", set(rows.sku_ids.tolist()))).values_list("id", flat=True)
    return (~np.isin(rows.sku_ids, list(gone))).astype(np.float64)


def _forecast_columns(rows: Rows, day: date, columns: Columns) -> NDArray[np.float32]:
    """Adds the forecast's summary; returns its mean a day (n, h) from tomorrow on.

    The days at the end that an older forecast lacks are filled with its last.
    """
    found = list(
        Forecast.objects.filter(
            **id_filter("sku_id", set(rows.sku_ids.tolist())), first_on__gte=day - timedelta(days=defaults.FORECAST_MAX_AGE_DAYS)
        ).values_list("sku_id", "pool_id", "first_on", "horizon_days", "mean", "error_sd")
    )
    n, horizon = len(rows), max((f[3] for f in found), default=0)
    mean = np.full((n, horizon), np.nan, np.float32)
    sd, age = np.full(n, np.nan), np.full(n, np.nan)
    if found:
        firsts = np.array([f[2].toordinal() for f in found], np.int64)
        series = aligned([bytes(f[4]) for f in found], firsts, start=day.toordinal() + 1, length=horizon, before=np.nan, after=np.nan)
        last = np.array([f[4][-1] if len(f[4]) else np.nan for f in found], np.float32)
        series = np.where(np.isnan(series), last[:, None], series)
        index = rows.index()
        at = np.array([index.get((f[0], f[1]), -1) for f in found])
        held = at >= 0
        mean[at[held]] = series[held]
        sd[at[held]] = np.array([np.nan if f[5] is None else f[5] for f in found], np.float64)[held]
        age[at[held]] = (day.toordinal() - firsts)[held]
    daily = mean[:, :MEAN_DAYS].mean(axis=1, dtype=np.float64) if horizon else np.full(n, np.nan)
    columns["daily_mean"] = daily
    columns["daily_sd"] = np.where(np.isnan(sd), poisson_sd(np.maximum(daily, 0.0)), sd)
    columns["forecast_age_days"] = np.maximum(age, 0.0)
    return mean
