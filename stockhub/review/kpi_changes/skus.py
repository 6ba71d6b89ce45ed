"""The SKUs behind a change of a key figure, from the facts that are kept by day and month (H84).

The figures of a place are sums that one run of a day made. What a single SKU was then is told again from its sales, its stock at the ends
of days, its stock-outs and its lots, at the cost of a unit of today. So the SKUs of a category need not add up to it to the unit: what
they leave is shown as what is not told.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import numpy as np
from django.conf import settings
from django.db.models import BigIntegerField, QuerySet
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from stockhub.catalog.models import Sku
from stockhub.core import clock
from stockhub.core.arrays import aligned
from stockhub.core.columns import BLOB, FLOAT, INT, days_of
from stockhub.core.kept import KeptIds, Place, kept
from stockhub.core.ranges import LISTED, id_filter
from stockhub.demand.frames import Rows, demand_of, in_stock_of, rows_of
from stockhub.demand.models import Forecast
from stockhub.demand.stock_days import stock_of
from stockhub.demand.turnover.histories import stored_flow
from stockhub.demand.turnover.months import Months
from stockhub.demand.turnover_models import MONTHS, TurnoverHistory
from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.health.kpi_change import Sums
from stockhub.formulas.health.kpis import missed_units
from stockhub.formulas.health.turnover_rules import STREAK_MONTHS
from stockhub.overview.logistics import logistics_of
from stockhub.review.kpi_changes.sums import NO_CATEGORY, Cell, quarter_sums
from stockhub.snapshot.builder import told_pools
from stockhub.snapshot.supply import offer_columns, policies_of
from stockhub.snapshot.worth import Rates, sku_facts

IntArray = NDArray[np.int64]
#: Of a category in a pool at most so many SKUs are told of for each of three reasons: they sold or lay most, their cost weighs most, or
#: they weigh most of those that stood still. What the others contribute is not told: to read the days of all would take a minute.
LARGEST: Final = 200
#: Of the two latest quarters.
_QUARTERS_MONTHS: Final = 2 * STREAK_MONTHS
_MONTH: Final = 30
_QUARTER: Final = 90
#: Key figures whose SKUs can be told of a past day. Of excess the forecast, of stranded stock the listings of that day are not kept.
TOLD_BY_SKU: Final = frozenset({"stock_to_sales", "dead_share", "fill_rate", "in_stock_rate", "logistics_saving", "logistics_saving_share"})


def rows_in(cell: Cell) -> Iterator[Rows]:
    """The rows of the SKUs of a category in a pool, a part at a time: all of them or, of many, those that are `largest`."""
    pool, category = cell
    told = _skus(category=category)
    ids = told["id"]
    if len(ids) > 3 * LARGEST:
        ids = largest(cell, ids, np.nan_to_num(told["unit_cost_amount"]))
    # As many as a query lists: they are strewn over all SKUs, of which it would read the whole range.
    for start in range(0, len(ids), LISTED):
        rows = rows_of(ids[start : start + LISTED])
        there = rows.pool_ids == pool
        if there.any():
            yield Rows(rows.sku_ids[there], rows.pool_ids[there])


def largest(cell: Cell, ids: IntArray, costs: FloatArray) -> IntArray:
    """Those of the SKUs (n,) of a category in a pool, ascending, that can have moved a key figure most, by their last six months.

    `costs` (n,) are those of a unit, 0 where nobody stated any, each in its own currency: they rank, and no sum is made of them.
    A SKU without a whole month, as one of this month has none, goes by its forecast.
    """
    months = _months(pool=cell[0], category=cell[1])
    sold, held = np.zeros((len(ids), _QUARTERS_MONTHS)), np.zeros((len(ids), _QUARTERS_MONTHS))
    at, known = _places(ids, months["sku_id"])
    for name, table in (("sold", sold), ("held", held)):
        units = aligned(months[name], MONTHS - months[name].sizes // 4, start=0, length=MONTHS, before=np.nan, after=np.nan)
        table[at] = np.nan_to_num(units[known, -_QUARTERS_MONTHS:])
    size = np.maximum(sold, held).max(axis=1)
    new = np.delete(np.arange(len(ids)), at)
    if len(new):
        found = _paces(pool=cell[0], skus=ids[new], since=clock.business_day(clock.now(), settings.STOCKHUB_TIME_ZONE), days=1)
        at, known = _places(ids, found["sku_id"])
        pace = aligned(found["part"], np.zeros(len(found["sku_id"]), np.int64), start=0, length=1, before=0.0, after=0.0)
        size[at] = np.maximum(size[at], _MONTH * np.nan_to_num(pace[known, 0].astype(np.float64)))
    still = (sold[:, :STREAK_MONTHS].sum(axis=1) == 0) | (sold[:, STREAK_MONTHS:].sum(axis=1) == 0)
    still_there = np.where(still, held.max(axis=1), 0.0)
    chosen = [np.argsort(-each, kind="stable")[:LARGEST] for each in (size, size * costs, still_there * costs)]
    return ids[np.unique(np.concatenate(chosen))]


def _places(ids: IntArray, found: IntArray) -> tuple[IntArray, NDArray[np.bool_]]:
    """Where those of the found SKUs (m,) stand that are among the ids (n,), and which (m,) are."""
    at = np.minimum(np.searchsorted(ids, found), len(ids) - 1)
    known = np.asarray(ids[at] == found)
    return at[known], known


def _category_of(path: str = "") -> Coalesce:
    """A SKU's category, of its own or of its product; `NO_CATEGORY` where it has none."""
    return Coalesce(f"{path}category_id", f"{path}product__category_id", NO_CATEGORY, output_field=BigIntegerField())


@kept({"id": INT, "unit_cost_amount": FLOAT})
def _skus(category: Place) -> QuerySet[Sku]:
    its = Sku.objects.filter(deleted_at=None, is_bundle=False).annotate(in_category=_category_of())
    return its.filter(in_category=category).order_by("id")


@kept({"sku_id": INT, "sold": BLOB, "held": BLOB})
def _months(pool: Place, category: Place) -> QuerySet[TurnoverHistory]:
    return TurnoverHistory.objects.annotate(in_category=_category_of("sku__")).filter(pool_id=pool, in_category=category)


@kept({"sku_id": INT, "part": BLOB})
def _paces(pool: Place, skus: KeptIds, since: Place, days: Place) -> QuerySet[Forecast]:
    part = days_of("mean", begins="first_on", since=since, days=days, size=4)
    return Forecast.objects.filter(**id_filter("sku_id", skus), pool_id=pool).annotate(part=part)


def figures_on(rows: Rows, day: date) -> dict[str, FloatArray]:
    """The figures of each row (n,) as they were on the morning of a day, by the names in `overview.figures.FIGURES`; NaN where unknown."""
    stock = np.maximum(stock_of(rows, first_on=day - timedelta(days=1), days=1)[:, 0].astype(np.float64), 0.0)
    sales = demand_of(rows, last_on=day, days=_QUARTER)
    silent = ~np.isin(rows.pool_ids, told_pools()["pool_id"]) & np.isnan(sales.first_day)
    sold = {days: np.where(silent, np.nan, np.nansum(sales.values[:, -days:], axis=1, dtype=np.float64)) for days in (30, 60, 90)}
    out_share = 1.0 - in_stock_of(rows, first_on=day - timedelta(days=_MONTH), days=_MONTH) / 100.0
    out = np.where(np.isnan(out_share).all(axis=1), np.nan, np.nansum(out_share, axis=1, dtype=np.float64))
    # Where no day of the month had stock, the pace is that of the quarter: the forecast of then is not kept.
    missed = missed_units(sold[30], out, sold[90] / _QUARTER)
    rates = Rates(day)
    facts = sku_facts(rows, day, rates)
    _supply, offered = offer_columns(rows, day, policies_of(rows), rates)
    value = stock * np.where(np.isnan(facts.unit_cost), offered, facts.unit_cost)
    dead = np.where(np.isnan(sold[90]), np.nan, (sold[90] == 0).astype(np.float64))
    weight = np.where(facts.is_replenished == 1, sold[60], np.nan)
    days_in = (1.0 - out / _MONTH) * weight
    logistics = logistics_of(rows, day)
    return {
        "stock_units": stock,
        "stock_value": value,
        "sold_30": np.where(np.isfinite(stock), sold[30], np.nan),
        "dead_value": value * dead,
        "in_stock_days": days_in,
        "in_stock_weight": np.where(np.isfinite(days_in), weight, np.nan),
        "served_30": np.where(np.isfinite(missed), sold[30], np.nan),
        "missed_30": np.where(np.isfinite(sold[30]), missed, np.nan),
        "logistics_paid": logistics.paid,
        "logistics_usual": logistics.usual,
    }


def quarters_of(rows: Rows, months: Months, known: NDArray[np.bool_], day: date) -> tuple[Sums, Sums]:
    """What each row's turnover (n,) is made of in the quarter before the last and in the last, at the unit cost of today."""
    flow = stored_flow(rows)
    cost = sku_facts(rows, day, Rates(day)).unit_cost[:, None]
    current = (flow.last_month == months.last_month.toordinal())[:, None]
    sold, held = (np.where(current, part * cost, np.nan) for part in (flow.sold, flow.held))
    both = np.isfinite(sold) & np.isfinite(held)
    return quarter_sums(np.where(both, sold, np.nan), np.where(both, held, np.nan), months.lengths, known)
