"""Turnover of each row, of its category and of its pool, and the benchmark of its category: from what is kept, a hundred bytes a row."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from stockhub.catalog.benchmarks import benchmarks_on
from stockhub.core.columns import BLOB, DAY, FLOAT, INT, Blobs
from stockhub.core.kept import KeptIds, kept
from stockhub.demand.frames import Rows
from stockhub.demand.turnover.categories import ALL
from stockhub.demand.turnover.histories import stored_flow
from stockhub.demand.turnover.months import Months
from stockhub.demand.turnover_models import MONTHS, CategoryTurnover
from stockhub.formulas.health.monthly_flow import turnover_of_months, yearly_turnover
from stockhub.formulas.health.turnover_rules import STREAK_MONTHS, best_of_recent_months, cumulative_drop, least_drop
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.snapshot.positions import Columns
from stockhub.snapshot.supply import found_by
from stockhub.snapshot.worth import SkuFacts


def turnover_columns(rows: Rows, day: date, facts: SkuFacts) -> Columns:
    """Turnover a year of complete natural months. NaN where a month is not known; a history that is no longer kept up says nothing."""
    return _own_columns(rows, day) | _category_columns(rows, day, facts.category) | _benchmark_columns(day, facts.category)


def _own_columns(rows: Rows, day: date) -> Columns:
    """Only rows of which months are kept and in date have any; what is kept of all others is nothing."""
    flow, oldest = stored_flow(rows), _oldest(day)
    row = np.flatnonzero(flow.last_month >= oldest)
    return {name: _placed(values, row, len(rows)) for name, values in _of_months(flow.sold[row], flow.held[row], day).items()}


def _of_months(sold: FloatArray, held: FloatArray, day: date) -> Columns:
    months = Months.before(day - timedelta(days=1))
    turnover = yearly_turnover(sold, held, months.lengths)
    known = np.isfinite(turnover)
    count = known.sum(axis=1)
    recent = slice(-STREAK_MONTHS, None)
    return {
        "turnover": turnover[:, -1],
        "turnover_quarter": turnover_of_months(sold[:, recent], held[:, recent], months.lengths[recent]),
        "turnover_best_of_3": best_of_recent_months(turnover),
        "turnover_year": np.where(count > 0, np.where(known, turnover, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan),
        # Nothing kept is no month at all of which something is known, and no gap in a history either.
        "turnover_months": count.astype(np.float64),
        "turnover_least_drop": least_drop(turnover),
        "turnover_drop_of_3": cumulative_drop(turnover),
    }


def _placed(values: FloatArray, row: NDArray[np.int64], n: int) -> FloatArray:
    column = np.full(n, np.nan)
    column[row] = values
    return column


def _oldest(day: date) -> int:
    """The earliest last month that still counts, as an ordinal: on the first of a month nobody has added up the last one yet."""
    return Months.before(Months.before(day - timedelta(days=1)).last_month - timedelta(days=1)).last_month.toordinal()


def _category_columns(rows: Rows, day: date, category: NDArray[np.int64]) -> Columns:
    found = _kept(categories=np.unique(category))
    lengths = Months.before(day - timedelta(days=1)).lengths
    cogs, inventory = _matrix(found["cogs"]), _matrix(found["inventory"])
    stale = ~(found["last_month"] >= _oldest(day))
    cogs[stale] = np.nan
    recent = slice(-STREAK_MONTHS, None)
    quarter = np.append(turnover_of_months(cogs[:, recent], inventory[:, recent], lengths[recent]), np.nan)
    year = np.append(turnover_of_months(cogs, inventory, lengths), np.nan)
    median = np.append(np.where(stale, np.nan, found["median"]), np.nan)
    pool = found_by(found["of_category"], found["pool_id"], np.full(len(rows), ALL, np.int64), rows.pool_ids)
    own = found_by(found["of_category"], found["pool_id"], category, rows.pool_ids)
    # A SKU of no category belongs to nothing that could be compared with the whole.
    own = np.where(category == ALL, -1, own)
    return {
        "category_turnover": quarter[own],
        "category_turnover_year": year[own],
        # Of SKUs without a category, the pool is what they are held against.
        "category_median": median[np.where(category == ALL, pool, own)],
        "pool_turnover": quarter[pool],
        "pool_turnover_year": year[pool],
    }


def _matrix(blobs: Blobs) -> FloatArray:
    return np.frombuffer(blobs.flat, "<f8").reshape(-1, MONTHS).copy()


def _benchmark_columns(day: date, category: NDArray[np.int64]) -> Columns:
    """The last benchmark of each row's category, and its age whatever that is: a rule decides what is too old."""
    told = benchmarks_on(day)
    named, which = np.unique(category, return_inverse=True)
    figures = np.array([told.get(each, (np.nan, np.nan)) for each in named.tolist()], np.float64).reshape(-1, 2)
    return {"benchmark_turnover": figures[which, 0], "benchmark_age": day.toordinal() - figures[which, 1]}


@kept({"pool_id": INT, "of_category": INT, "last_month": DAY, "cogs": BLOB, "inventory": BLOB, "median": FLOAT})
def _kept(categories: KeptIds) -> QuerySet[CategoryTurnover]:
    asked = Q(category_id=None) | Q(category_id__any_of=categories.every)
    return CategoryTurnover.objects.filter(asked).annotate(of_category=Coalesce("category_id", ALL))
