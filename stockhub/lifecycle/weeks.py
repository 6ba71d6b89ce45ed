"""Whole weeks of demand a SKU: cleaned day by day in each pool, added up, and masked where a week says nothing (H9, H21)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from stockhub.core import clock
from stockhub.demand.cleaning.bad_numbers import FUTURE_SALES
from stockhub.demand.cleaning.cleaned import CleanedDemand
from stockhub.demand.cycles import forecast_settings
from stockhub.demand.frames import DemandFrame, rows_of
from stockhub.demand.true_demand import true_demand_of
from stockhub.pluginapi.snapshot import FloatArray

IntArray = NDArray[np.int64]
#: Two and a half years: two whole seasons at any time of the year, and what came before them.
WEEKS: Final = 130
#: A week of which fewer of the days could be observed says nothing.
LEAST_DAYS_SHARE: Final = 4 / 7
#: Why a week was masked where no figure was wrong: no stock, or an event.
NOT_OBSERVED: Final = "WEEK_NOT_OBSERVED"


@dataclass(frozen=True, slots=True)
class WeeklyDemand:
    """Of n SKUs, ascending; `last_on` is the last day of the last week.

    `weekly` (n, t): units a week, NaN before the first day and where the week is masked. `filled` (n, t): the same with masked weeks as
    ordinary weeks like them would be; 0 before the first day. `begun_weeks` (n,): weeks since the first day that was ever told, NaN where
    there is none or it lies within the weeks. `problems`: what was wrong with a SKU's figures, as codes, by its position.
    """

    sku_ids: IntArray
    last_on: date
    weekly: FloatArray
    filled: FloatArray
    begun_weeks: FloatArray
    problems: dict[int, tuple[str, ...]]

    def rows(self, rows: IntArray) -> WeeklyDemand:
        """Some of them, in the given order."""
        place = {row: position for position, row in enumerate(rows.tolist())}
        problems = {place[row]: codes for row, codes in self.problems.items() if row in place}
        return WeeklyDemand(
            self.sku_ids[rows], self.last_on, self.weekly[rows], self.filled[rows], self.begun_weeks[rows], problems
        )  # fmt: skip


def last_week_on(as_of: datetime) -> date:
    """The last day of the last whole week; a week begins on the day of `STOCKHUB_WEEK_STARTS_ON` (1 is Monday)."""
    day = clock.business_day(as_of, settings.STOCKHUB_TIME_ZONE)
    return day - timedelta(days=(day.isoweekday() - settings.STOCKHUB_WEEK_STARTS_ON) % 7 + 1)


def weekly_demand(sku_ids: Sequence[int] | IntArray, last_on: date, *, weeks: int = WEEKS) -> WeeklyDemand:
    """The weeks up to the one that ends on `last_on`. SKUs without sales, stock or policy anywhere have no demand to speak of: all NaN."""
    wanted = np.unique(np.asarray(sku_ids, np.int64))
    rows = rows_of(wanted)
    if not len(rows):
        nothing = np.full((len(wanted), weeks), np.nan)
        return WeeklyDemand(wanted, last_on, nothing, np.zeros(nothing.shape), np.full(len(wanted), np.nan), {})
    truth = true_demand_of(rows, forecast_settings(), last_on=last_on, days=7 * weeks)
    sku = np.searchsorted(wanted, rows.sku_ids)
    weekly, filled = _added_up(truth.demand, sku, len(wanted))
    return WeeklyDemand(wanted, last_on, weekly, filled, _begun(truth.frame, sku, len(wanted)), _problems(truth.demand, sku))


def _added_up(demand: CleanedDemand, sku: IntArray, n: int) -> tuple[FloatArray, FloatArray]:
    """Weeks of SKUs (n, t) from days of rows, whose SKUs are `sku`: masked, and filled."""
    begun = ~np.isnan(demand.demand) | ~np.isnan(demand.baseline)
    units, days, seen = (_by_week(values, sku, n) for values in (np.nan_to_num(demand.baseline), begun, demand.observed & begun))
    with np.errstate(divide="ignore", invalid="ignore"):
        masked = ~(seen / days >= LEAST_DAYS_SHARE)
    return np.where(masked, np.nan, units), units


def _by_week(values: NDArray[np.generic], sku: IntArray, n: int) -> FloatArray:
    """Sums (n, weeks) of rows' days (rows, 7 · weeks)."""
    sums = values.reshape(len(values), -1, 7).sum(axis=2, dtype=np.float64)
    out = np.zeros((n, sums.shape[1]))
    # Rows are sorted by SKU, so that each SKU's lie together.
    starts = np.flatnonzero(np.diff(sku, prepend=-1))
    out[sku[starts]] = np.add.reduceat(sums, starts, axis=0)
    return out


def _begun(frame: DemandFrame, sku: IntArray, n: int) -> FloatArray:
    """Weeks (n,) from the first day of all, where that lies before the weeks that were loaded."""
    first = np.full(n, np.inf)
    np.minimum.at(first, sku, np.where(np.isnan(frame.first_day), np.inf, frame.first_day))
    start, days = frame.first_on.toordinal(), frame.values.shape[1]
    return np.where(first < start, np.floor((start - first + days) / 7), np.nan)


def _problems(demand: CleanedDemand, sku: IntArray) -> dict[int, tuple[str, ...]]:
    """By SKU. Sales of the week that is not over yet lie ahead of the last one and are no mistake here."""
    found: dict[int, tuple[str, ...]] = {}
    for row, codes in sorted(demand.problems.items()):
        its = tuple(code for code in codes if code != FUTURE_SALES)
        if its:
            place = int(sku[row])
            found[place] = tuple(dict.fromkeys((*found.get(place, ()), *its)))
    return found
