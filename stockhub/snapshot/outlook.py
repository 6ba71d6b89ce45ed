"""What is known of the days ahead and of the market: the season's end, a successor's launch, a cliff of demand, what rivals do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

import numpy as np
from django.conf import settings
from django.db.models import Q, QuerySet
from numpy.typing import NDArray

from stockhub.catalog.models import Season, SkuRelation, SkuRelationKind
from stockhub.channels.market_models import MarketTrend
from stockhub.channels.models import PoolAccount
from stockhub.core import clock
from stockhub.core.columns import DAY, FLOAT, INSTANT, INT, TEXT
from stockhub.core.kept import KeptIds, Place, kept
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows, demand_of
from stockhub.demand.stock_days import stock_of
from stockhub.demand.turnover_models import DemandCliff
from stockhub.formulas.health.generation_change import plan_due_at
from stockhub.formulas.health.monthly_flow import means_by_month, sums_by_month, yearly_turnover
from stockhub.formulas.health.seasons import days_to_season_end
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.snapshot.positions import Columns
from stockhub.snapshot.worth import SkuFacts

#: Only rows whose season ends within so many days are asked how they sold of late: a year of days a row would be read for the few.
SEASON_LOOK_DAYS: Final = 60.0
_MONTH_DAYS: Final = 30
_SECOND: Final = 1_000_000


def outlook_columns(rows: Rows, day: date, facts: SkuFacts) -> Columns:
    """Days to what is about to happen to each row, NaN where nothing is; and a cliff of its demand, where there is one."""
    ends = _season_ends(rows, day, facts.season)
    turnover, before = _recent_turnover(rows, day, ends)
    return {
        "days_to_season_end": ends,
        "turnover_30": turnover,
        "turnover_before_30": before,
        "days_to_successor": _successors(rows, day),
        **_cliffs(rows, day),
    }


def _season_ends(rows: Rows, day: date, season: NDArray[np.int64]) -> FloatArray:
    """Days to the end of the season of each row's SKU; NaN out of season, without one, and in pools that serve no shop of its site."""
    out = np.full(len(rows), np.nan)
    if not (season > 0).any():
        return out
    sites: dict[int, set[str]] = {}
    for pool, site in _sites.tuples():
        sites.setdefault(pool, set()).add(site)
    for each, site, starts_month, starts_day, ends_month, ends_day in _seasons.tuples():
        mine = season == each
        if site:
            mine &= np.isin(rows.pool_ids, [pool for pool, its in sites.items() if site in its])
        out[mine] = days_to_season_end(day, (starts_month, starts_day), (ends_month, ends_day))
    return out


def _recent_turnover(rows: Rows, day: date, ends: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Turnover a year of the last 30 complete days and of the 30 before, of rows near the end of their season; NaN elsewhere."""
    recent, before = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    near = np.flatnonzero(ends <= SEASON_LOOK_DAYS)
    if len(near):
        asked, days = Rows(rows.sku_ids[near], rows.pool_ids[near]), 2 * _MONTH_DAYS
        bounds = np.array([0, _MONTH_DAYS, days], np.int64)
        sales = demand_of(asked, last_on=day - timedelta(days=1), days=days).values
        stock = stock_of(asked, first_on=day - timedelta(days=days), days=days)
        turnover = yearly_turnover(sums_by_month(sales, bounds), means_by_month(stock, bounds), np.diff(bounds))
        before[near], recent[near] = turnover.T
    return recent, before


def _successors(rows: Rows, day: date) -> FloatArray:
    """Days to the launch of each SKU's successor, below 0 once it is there: the next that is to come, else the last that came."""
    found = _superseded(skus=rows.skus, day=day)
    launch = found["valid_from"] - day.toordinal()
    out = np.full(len(rows), np.nan)
    order = np.lexsort((-np.abs(launch), launch >= 0))
    for sku, days in zip(found["other_id"][order].tolist(), launch[order].tolist(), strict=True):
        out[np.searchsorted(rows.sku_ids, sku, "left") : np.searchsorted(rows.sku_ids, sku, "right")] = days
    return out


def _cliffs(rows: Rows, day: date) -> Columns:
    found = _broken(skus=rows.skus)
    at = rows.find(found["sku_id"], found["pool_id"])
    there, row = at >= 0, at[at >= 0]
    columns = {name: np.full(len(rows), np.nan) for name in ("cliff_drop", "cliff_days", "cliff_days_known", "cliff_p_value")}
    columns["cliff_drop"][row] = (1.0 - found["rate_after"] / np.where(found["rate_before"] > 0, found["rate_before"], np.nan))[there]
    columns["cliff_days"][row] = (day.toordinal() - found["broke_on"])[there]
    columns["cliff_days_known"][row] = found["days_after"][there]
    columns["cliff_p_value"][row] = found["p_value"][there]
    due = np.full(len(rows), np.nan)
    due[row] = [_days_to_plan(each, day) for each in found["detected_at"][there].tolist()]
    return columns | {"cliff_plan_due": due}


def _days_to_plan(detected: int, day: date) -> float:
    """Days from `day` to the business day on which the plan is due: 24 hours after the cliff was first seen."""
    due = plan_due_at(datetime.fromtimestamp(detected / _SECOND, UTC))
    return float((clock.business_day(due, settings.STOCKHUB_TIME_ZONE) - day).days)


def market_columns(rows: Rows, day: date) -> Columns:
    """The trend of the rivals on the accounts that a row's pool serves, the one seen last; its age says whether it still counts."""
    names = {"rival_rank_change": "rank_change", "rival_sales_change": "sales_change", "rival_review_change": "review_change"}
    columns = {name: np.full(len(rows), np.nan) for name in (*names, "market_age")}
    found = _trends(skus=rows.skus)
    if not len(found["sku_id"]):
        return columns
    order = np.argsort(found["observed_on"], kind="stable")
    pools: dict[int, list[int]] = {}
    for pool, account in _served.tuples():
        pools.setdefault(account, []).append(pool)
    for place in order.tolist():
        for pool in pools.get(int(found["account_id"][place]), ()):
            [row] = rows.find(found["sku_id"][place : place + 1], pool)
            if row >= 0:
                columns["market_age"][row] = day.toordinal() - found["observed_on"][place]
                for name, stored in names.items():
                    columns[name][row] = found[stored][place]
    return columns


@kept({"id": INT, "site": TEXT, "starts_month": INT, "starts_day": INT, "ends_month": INT, "ends_day": INT})
def _seasons() -> QuerySet[Season]:
    return Season.objects.all()


@kept({"pool_id": INT, "account__site": TEXT})
def _sites() -> QuerySet[PoolAccount]:
    return PoolAccount.objects.all()


@kept({"pool_id": INT, "account_id": INT})
def _served() -> QuerySet[PoolAccount]:
    return PoolAccount.objects.order_by("pool_id", "account_id")


@kept({"other_id": INT, "valid_from": DAY})
def _superseded(skus: KeptIds, day: Place) -> QuerySet[SkuRelation]:
    ends = Q(valid_to=None) | Q(valid_to__gte=day)
    return SkuRelation.objects.filter(ends, **id_filter("other_id", skus), kind=SkuRelationKind.SUPERSEDES, sku__deleted_at=None)


@kept({
    "sku_id": INT, "pool_id": INT, "broke_on": DAY, "rate_before": FLOAT, "rate_after": FLOAT, "days_after": FLOAT, "p_value": FLOAT,
    "detected_at": INSTANT,
})  # fmt: skip
def _broken(skus: KeptIds) -> QuerySet[DemandCliff]:
    return DemandCliff.objects.filter(**id_filter("sku_id", skus))


@kept({
    "sku_id": INT, "account_id": INT, "observed_on": DAY, "rank_change": FLOAT, "sales_change": FLOAT, "review_change": FLOAT,
})  # fmt: skip
def _trends(skus: KeptIds) -> QuerySet[MarketTrend]:
    return MarketTrend.objects.filter(**id_filter("sku_id", skus))
