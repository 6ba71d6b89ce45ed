"""Builds the snapshot of a range of SKUs: one load, aligned arrays, no object a row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeVar

import numpy as np
from django.conf import settings
from django.db.models import Case, QuerySet, Value, When
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from stockhub.channels.models import Feed, PoolAccount
from stockhub.core import clock
from stockhub.core.arrays import aligned
from stockhub.core.columns import BLOB, DAY, FLAG, FLOAT, INT, Blobs
from stockhub.core.kept import KeptIds, Place, kept
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import DemandFrame, Rows, demand_of, in_stock_of, rows_of
from stockhub.demand.lead_times import TEXTBOOK
from stockhub.demand.models import Forecast
from stockhub.demand.plans.safety import safety_stock_factors
from stockhub.demand.plans.sale_ends import minutes_to_sale_end
from stockhub.formulas.policies.safety_stock import poisson_sd
from stockhub.formulas.stock.position import on_hand
from stockhub.pluginapi import COLUMNS, Snapshot
from stockhub.snapshot import defaults
from stockhub.snapshot.account_sales import account_sale_columns
from stockhub.snapshot.ages import age_columns, aged_rows, ages_of, lots_of
from stockhub.snapshot.bursts import burn_column
from stockhub.snapshot.buying_terms import buying_terms
from stockhub.snapshot.charged_fees import told_fees
from stockhub.snapshot.doubts import doubt_columns
from stockhub.snapshot.fees import aged_surcharge_column, due_compensation, fee_columns, fees_of
from stockhub.snapshot.lead_time_demand import LeadTimeDemand, lead_time_demand
from stockhub.snapshot.lines import adjusted
from stockhub.snapshot.outlook import market_columns, outlook_columns
from stockhub.snapshot.own_deviation import OwnDeviation, own_deviation_of
from stockhub.snapshot.paces import pace_columns
from stockhub.snapshot.platform_health import platform_health_columns
from stockhub.snapshot.platform_stock import platform_stock_columns
from stockhub.snapshot.positions import (
    Columns,
    balances_of,
    capacity_column,
    dispute_column,
    owed_columns,
    owed_soon,
    place_columns,
    position_columns,
    warehouse_pools,
)
from stockhub.snapshot.protection import protection_columns, restored_columns
from stockhub.snapshot.stockouts import stockout_columns
from stockhub.snapshot.supply import arrivals, offer_columns, policies_of
from stockhub.snapshot.surcharges import MARKETPLACE
from stockhub.snapshot.tracks import track_columns
from stockhub.snapshot.turnover import turnover_columns
from stockhub.snapshot.worth import Rates, price_column, sku_facts

Array = TypeVar("Array", bound=NDArray[Any])
#: The demand windows of the columns, today included.
WINDOWS = {"sold_7": 7, "sold_30": 30, "sold_60": 60, "sold_90": 90}
#: What a forecast says of a spike.
SPIKE: Final = ("spike_days", "spike_rate", "spike_before")
_FORECAST_COLUMNS: Final = {
    "sku_id": INT, "pool_id": INT, "first_on": DAY, "horizon_days": INT, "mean": BLOB, "error_sd": FLOAT, "lead_time_days": BLOB,
    "lead_time_levels": BLOB, "lead_time_quantiles": BLOB, "is_calibrated": FLAG, "own_sd": FLOAT, "run": INT,
    **dict.fromkeys(SPIKE, FLOAT),
}  # fmt: skip
_IS_CALIBRATED: Final = Case(When(lead_time_model__in=("", TEXTBOOK), then=Value(False)), default=Value(True))
#: The forecast run that made it; 0 where that is not known.
_RUN: Final = Coalesce("cycle_id", Value(0))
#: `daily_mean` is the mean of the forecast's first four weeks.
MEAN_DAYS = 28


def build(sku_ids: Sequence[int] | NDArray[np.int64], as_of: datetime) -> Snapshot:
    """The snapshot of these SKUs in every pool they belong to. `as_of` only says which day it is: the facts are those of now."""
    return build_with_stated(sku_ids, as_of)[0]


def build_with_stated(sku_ids: Sequence[int] | NDArray[np.int64], as_of: datetime) -> tuple[Snapshot, Columns]:
    """The snapshot, and its columns as they are without anybody's override."""
    day = clock.business_day(as_of, settings.STOCKHUB_TIME_ZONE)
    balances = balances_of(np.asarray(sku_ids, np.int64))
    rows, pools, rates = rows_of(sku_ids, (balances.sku_ids, balances.warehouse_ids)), warehouse_pools(), Rates(day)
    columns = position_columns(rows, balances, pools)
    columns["in_dispute"] = dispute_column(rows, pools)
    columns["capacity_units"] = capacity_column(rows, pools)
    columns |= place_columns(rows)
    columns["burn_rate"] = burn_column(rows, as_of, balances, pools)
    columns["sale_minutes_left"] = minutes_to_sale_end(rows, as_of, day)
    demand = _demand_columns(rows, day, columns)
    columns |= account_sale_columns(rows, as_of, demand.last_sales)
    mean, lead_times, own = _forecast_columns(rows, day, columns)
    columns |= track_columns(rows)
    policies = policies_of(rows)
    supply, offer_cost = offer_columns(rows, day, policies, rates)
    columns |= supply
    columns["alert_threshold"], columns["stock_maximum"] = policies.threshold, policies.maximum
    facts = sku_facts(rows, day, rates)
    terms = buying_terms(rows, policies, facts.is_replenished)
    columns["is_replenished"] = terms.is_replenished.value
    columns["review_period"] = terms.review_period.value
    # Of a SKU whose cost nobody stated, the price of its preferred offer.
    columns["unit_cost"] = np.where(np.isnan(facts.unit_cost), offer_cost, facts.unit_cost)
    columns["unit_price"] = price_column(rows, as_of, rates, facts.list_price)
    columns["stage"], columns["in_bundle"] = facts.stage, facts.in_bundle
    columns |= pace_columns(demand.values, on_hand(columns["available"], columns["reserved"]), facts.stage)
    told_ages = ages_of(rows, day, balances, rates)
    aged = aged_rows(rows, told_ages.ages, pools)
    columns |= age_columns(len(rows), day, demand.last_sold_day, aged)
    sizes, fees = fees_of(rows, day, rates, columns["unit_price"])
    columns |= fee_columns(sizes, fees, rates, told_fees(rows, fees.account, day, rates, columns["unit_price"]))
    columns |= platform_stock_columns(rows, day, pools) | platform_health_columns(rows, day, pools)
    owed = owed_soon(rows, as_of, rates)
    columns |= owed_columns(rows, owed, due_compensation(fees, rates, day, owed), pools)
    columns |= doubt_columns(rows, as_of, day, balances, pools, columns)
    row, days, qty, overdue = arrivals(rows, day, pools)
    columns |= overdue
    columns |= turnover_columns(rows, day, facts) | outlook_columns(rows, day, facts) | market_columns(rows, day)
    snapshot = Snapshot(
        as_of, day, rows.sku_ids, rows.pool_ids, columns, _read_only(mean), _read_only(row), _read_only(days), _read_only(qty),
        lots_of(rows, day, told_ages, pools, facts.cubic_feet, fees.categories(MARKETPLACE), rates),
    )  # fmt: skip
    # What the forecast says over times that other columns give.
    columns |= protection_columns(snapshot, terms.within(policies), lead_times, own)
    by_policy = columns["safety_stock"]
    columns["safety_stock"] = by_policy * safety_stock_factors(rows, day)
    stated = dict(columns)
    columns |= adjusted(rows, as_of, columns)
    columns |= restored_columns(columns, by_policy)
    columns |= stockout_columns(snapshot, lead_times)
    columns |= aged_surcharge_column(snapshot, fees, aged)
    _seal(columns)
    return snapshot, stated


def lead_times_of(snapshot: Snapshot) -> LeadTimeDemand:
    """The lead-time demand that the rows of a snapshot rest on."""
    rows = Rows(snapshot.sku_ids, snapshot.pool_ids)
    found = _forecasts(skus=rows.skus, since=snapshot.day - timedelta(days=defaults.FORECAST_MAX_AGE_DAYS))
    return lead_time_demand(rows, rows.find(found["sku_id"], found["pool_id"]), found)


def _seal(columns: Columns) -> None:
    """Every public column is there, in the public order, and none can be changed."""
    missing = COLUMNS.keys() ^ columns.keys()
    if missing:
        raise AssertionError(f"The snapshot's columns and the public list differ: {sorted(missing)}")
    ordered = {name: _read_only(columns[name]) for name in COLUMNS}
    columns.clear()
    columns.update(ordered)


def _read_only(array: Array) -> Array:
    array.flags.writeable = False
    return array


def _demand_columns(rows: Rows, day: date, columns: Columns) -> DemandFrame:
    """Adds what has sold; returns the demand of the longest window.

    A pool none of whose accounts has ever told us its orders has no data, which is not zero.
    """
    longest = max(WINDOWS.values())
    frame = demand_of(rows, last_on=day, days=longest)
    silent = ~np.isin(rows.pool_ids, told_pools()["pool_id"]) & np.isnan(frame.first_day)
    sold = np.where(np.isnan(frame.values), np.float32(0), frame.values)
    for name, days in WINDOWS.items():
        columns[name] = np.where(silent, np.nan, sold[:, longest - days :].sum(axis=1, dtype=np.float64))
    columns["history_days"] = np.where(np.isnan(frame.first_day), np.nan, day.toordinal() - frame.first_day + 1)
    out = 1.0 - in_stock_of(rows, first_on=day - timedelta(days=longest), days=longest) / 100.0
    for days in (30, longest):
        last = out[:, longest - days :]
        known = ~np.isnan(last).all(axis=1)
        columns[f"stockout_days_{days}"] = np.where(known, np.nansum(last, axis=1, dtype=np.float64), np.nan)
    return frame


def _forecast_columns(rows: Rows, day: date, columns: Columns) -> tuple[NDArray[np.float32], LeadTimeDemand, OwnDeviation]:
    """Adds the forecast's summary; returns its mean a day (n, h) from tomorrow on, its lead-time demand, and the rows' own deviation.

    The days at the end that an older forecast lacks are filled with its last.
    """
    found = _forecasts(skus=rows.skus, since=day - timedelta(days=defaults.FORECAST_MAX_AGE_DAYS))
    # Long enough for the mean, so that a short forecast has the same one alone and among longer ones.
    n, horizon = len(rows), int(np.max(found["horizon_days"], initial=MEAN_DAYS if len(found["horizon_days"]) else 0))
    mean = np.full((n, horizon), np.nan, np.float32)
    sd, age = np.full(n, np.nan), np.full(n, np.nan)
    at = rows.find(found["sku_id"], found["pool_id"])
    held, row = at >= 0, at[at >= 0]
    series = aligned(
        found["mean"], found["first_on"].astype(np.int64), start=day.toordinal() + 1, length=horizon, before=np.nan, after=np.nan
    )
    mean[row] = np.where(np.isnan(series), _last_points(found["mean"])[:, None], series)[held]
    sd[row] = found["error_sd"][held]
    age[row] = (day.toordinal() - found["first_on"])[held]
    daily = mean[:, :MEAN_DAYS].mean(axis=1, dtype=np.float64) if horizon else np.full(n, np.nan)
    columns["daily_mean"] = daily
    columns["daily_sd"] = np.where(np.isnan(sd), poisson_sd(np.maximum(daily, 0.0)), sd)
    columns["forecast_age_days"] = np.maximum(age, 0.0)
    # Of a run that missed its nights nobody knows whether the spike goes on.
    fresh = age <= defaults.SPIKE_KNOWN_DAYS
    for name in SPIKE:
        told = np.full(n, np.nan)
        told[row] = found[name][held]
        columns[name] = np.where(fresh, told, np.nan)
    return mean, lead_time_demand(rows, at, found), own_deviation_of(len(rows), at, found)


@kept({"pool_id": INT})
def told_pools() -> QuerySet[PoolAccount]:
    """The pools of accounts that have told their orders."""
    told = Feed.objects.filter(kind="orders", last_success_at__isnull=False)
    return PoolAccount.objects.filter(account_id__in=told.values("account_id"))


@kept(_FORECAST_COLUMNS)
def _forecasts(skus: KeptIds, since: Place) -> QuerySet[Forecast]:
    return Forecast.objects.filter(**id_filter("sku_id", skus), first_on__gte=since).annotate(is_calibrated=_IS_CALIBRATED, run=_RUN)


def _last_points(means: Blobs) -> NDArray[np.float32]:
    """The last point of each series; NaN of an empty one."""
    points = np.append(np.frombuffer(means.flat, "<f4"), np.float32(np.nan))
    sizes = means.sizes // 4
    return np.where(sizes > 0, points[np.cumsum(sizes) - 1], np.float32(np.nan))
