"""How a day of each natural month sells beside a mean day of the year, of a SKU or a category: made when somebody looks (H21)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
from django.conf import settings
from django.db.models import Q
from numpy.typing import NDArray

from stockhub.catalog.models import Category, Sku
from stockhub.core import clock
from stockhub.demand.cycles import forecast_settings
from stockhub.demand.frames import rows_of
from stockhub.demand.models import ForecastSettings
from stockhub.demand.true_demand import true_demand_of
from stockhub.demand.turnover.months import Months
from stockhub.formulas.demand.seasonality import seasonal_indices
from stockhub.formulas.health.monthly_flow import KNOWN_SHARE
from stockhub.lifecycle.categories import ancestry
from stockhub.pluginapi.snapshot import FloatArray

IntArray = NDArray[np.int64]
YEAR: Final = 12
#: Complete months that are looked back on: two whole years tell a season, a third steadies it.
LOOKED_AT: Final = 3 * YEAR
#: A category is told from so many of its SKUs, evenly over all of them: more would only take longer.
MOST_SKUS: Final = 400
#: Three years of so many SKUs in a few pools are cleaned at once.
_AT_ONCE: Final = 200
NO_SALES_DATA: Final = "NO_SALES_DATA"
NO_SALES: Final = "NO_SALES"
SHORT_HISTORY: Final = "SHORT_HISTORY"
HOLES: Final = "HOLES_IN_HISTORY"


@dataclass(frozen=True, slots=True)
class SeasonIndex:
    """`values` (12,): from January on, mean 1; all NaN with the `reason` where there is none, which is None otherwise.

    `first_on` and `last_on`: the first and the last day that it was told from, None where nothing is known. It was told from `skus` of
    `of_skus` SKUs.
    """

    values: FloatArray
    reason: str | None
    first_on: date | None
    last_on: date | None
    skus: int
    of_skus: int


def sku_season(sku_id: int, as_of: datetime) -> SeasonIndex:
    """That of one SKU, over all pools and accounts."""
    return _told([sku_id], as_of)


def category_season(category_id: int, as_of: datetime) -> SeasonIndex:
    """That of the sum of a category's SKUs and of all beneath it, at most `MOST_SKUS` of them."""
    parents = dict(Category.objects.filter(deleted_at=None).values_list("id", "parent_id"))
    beneath = [pk for pk in parents if category_id in ancestry(pk, parents)]
    its = Q(category__in=beneath) | Q(category=None, product__category__in=beneath)
    skus = Sku.objects.filter(its, deleted_at=None, is_bundle=False).order_by("id").values_list("id", flat=True)
    return _told(list(skus), as_of)


def _told(sku_ids: Sequence[int], as_of: datetime) -> SeasonIndex:
    yesterday = clock.business_day(as_of, settings.STOCKHUB_TIME_ZONE) - timedelta(days=1)
    months, chosen = Months.before(yesterday, LOOKED_AT), _spread(sku_ids)
    monthly = _monthly(chosen, months)
    known = np.flatnonzero(np.isfinite(monthly))
    if not len(known):
        return SeasonIndex(np.full(YEAR, np.nan), NO_SALES_DATA, None, None, len(chosen), len(sku_ids))
    first = int(known[0])
    values = seasonal_indices(monthly[first:], YEAR)
    # Position 0 is the first known month; January comes first here.
    values = np.roll(values, months.starts[first].month - 1)
    last_on = months.starts[-1] - timedelta(days=1)
    return SeasonIndex(values, _why(monthly[first:], values), months.starts[first], last_on, len(chosen), len(sku_ids))


def _why(monthly: FloatArray, values: FloatArray) -> str | None:
    """Why there are no indices; one month that is not known of any year leaves none, as nobody knows what a mean month is then."""
    if np.isfinite(values).all():
        return None
    if len(monthly) < 2 * YEAR:
        return SHORT_HISTORY
    return NO_SALES if np.nansum(monthly) == 0 else HOLES


def _spread(sku_ids: Sequence[int]) -> IntArray:
    """All of them, or `MOST_SKUS` that lie evenly among them: the same whenever somebody asks."""
    ids = np.asarray(sku_ids, np.int64)
    if len(ids) <= MOST_SKUS:
        return ids
    return ids[np.linspace(0, len(ids) - 1, MOST_SKUS).astype(np.int64)]


def _monthly(sku_ids: IntArray, months: Months) -> FloatArray:
    """Cleaned units a day (LOOKED_AT,) of all of them together; NaN in a month that begins before their first day or says too little."""
    days, wanted = int(months.bounds[-1]), forecast_settings()
    daily = np.zeros((3, days))
    for start in range(0, len(sku_ids), _AT_ONCE):
        daily += _daily(sku_ids[start : start + _AT_ONCE], months, wanted)
    first_days = months.bounds[:-1]
    sold, could, did = np.add.reduceat(daily, first_days, axis=1)
    whole = daily[1, first_days] > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        enough = did / could >= KNOWN_SHARE
    return np.where(whole & enough, sold / months.lengths, np.nan)


def _daily(sku_ids: IntArray, months: Months, wanted: ForecastSettings) -> FloatArray:
    """Cleaned units, rows that have begun, and rows that were observed, by day (3, t)."""
    days = int(months.bounds[-1])
    rows = rows_of(sku_ids)
    if not len(rows):
        return np.zeros((3, days))
    last_on = months.starts[-1] - timedelta(days=1)
    demand = true_demand_of(rows, wanted, last_on=last_on, days=days).demand
    # What could not be sold counts as an ordinary day like it, or a stock-out would read as a month off season.
    parts = (np.nan_to_num(demand.baseline), demand.begun, demand.observed & demand.begun)
    return np.stack([part.sum(axis=0, dtype=np.float64) for part in parts])
