"""What one run of the backtest looks at: how far ahead, how many windows, and which SKUs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from stockhub.core.columns import BLOB, DAY, INT, days_of, read
from stockhub.core.ranges import id_filter
from stockhub.cycles.models import Cycle, CycleStatus
from stockhub.demand.champion_models import Backtest, BacktestSum
from stockhub.demand.champions.kinds import REVENUE_DAYS, class_a_from, prices_of
from stockhub.demand.models import SalesSeries
from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.forecasting.rolling_origin import possible_windows, tournament_windows

#: Days ahead, the first of these for which history allows a tournament; a shop of seven weeks is judged on weeks.
HORIZONS = (28, 14, 7)
LEAD_TIMES = (7, 14, 28)
#: Days of history that a series needs before a window to be judged in it.
LEAST_HISTORY = 28
#: SKUs that one run looks at: those of class A, as far as half of it, and others in turn, so that in time all have been looked at.
MOST_SKUS = 4000
#: SKUs whose revenue is read at once.
_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Windows:
    """None of them where history is too short for a tournament."""

    horizon: int
    count: int


def windows_for(days: int) -> Windows:
    """The windows for a shop with so many days of history."""
    for horizon in HORIZONS:
        count = int(tournament_windows(possible_windows(days, horizon, horizon, LEAST_HISTORY)))
        if count:
            return Windows(horizon, count)
    return Windows(HORIZONS[-1], 0)


def make_plan(cycle: Cycle, ids: NDArray[np.int64], last_on: date) -> Backtest:
    """The plan of a run over these SKUs, ascending; sums of runs that have ended are not needed any more."""
    underway = Q(backtest__cycle__status__in=[CycleStatus.DUE, CycleStatus.RUNNING])
    BacktestSum.objects.exclude(Q(backtest__cycle=cycle) | underway).delete()
    firsts, revenue = _facts(ids, last_on)
    sold = ids[~np.isnan(firsts)]
    # Half of the series have to be old enough for a choice to speak for them.
    days = int(last_on.toordinal() - np.median(firsts[~np.isnan(firsts)]) + 1) if len(sold) else 0
    windows = windows_for(days)
    least, in_a = class_a_from(revenue, ids)
    important = ids[np.nan_to_num(revenue, nan=-1.0) >= least] if least is not None else ids[:0]
    chosen = sample_of(sold, important, last_on) if windows.count else ids[:0]
    plan, _made = Backtest.objects.update_or_create(
        cycle=cycle,
        defaults={
            "last_on": last_on,
            "horizon_days": windows.horizon,
            "windows": windows.count,
            "lead_times": [lead for lead in LEAD_TIMES if lead <= windows.horizon],
            "sku_ids": chosen,
            "class_a_from": least,
            "class_a_skus": in_a,
        },
    )
    return plan


def sample_of(ids: NDArray[np.int64], important: NDArray[np.int64], day: date) -> NDArray[np.int64]:
    """The SKUs to look at, ascending: the important ones first, then others by a hash that changes with the week."""
    if len(ids) <= MOST_SKUS:
        return ids
    week = np.uint64(day.toordinal() // 7 * 0xD1B54A32D192ED03 % 2**64)
    scattered = (ids.astype(np.uint64) ^ week) * np.uint64(0x9E3779B97F4A7C15)
    scattered ^= scattered >> np.uint64(32)
    in_turn = ids[np.argsort(scattered, kind="stable")]
    first = in_turn[np.isin(in_turn, important)][: MOST_SKUS // 2]
    others = in_turn[~np.isin(in_turn, first)][: MOST_SKUS - len(first)]
    return np.sort(np.concatenate([first, others]))


def _facts(ids: NDArray[np.int64], last_on: date) -> tuple[FloatArray, FloatArray]:
    """Of each SKU (n,): the ordinal of its first day, NaN if it never sold; and its revenue a day, NaN without a price."""
    first, units = np.full(len(ids), np.nan), np.zeros(len(ids))
    since = last_on - timedelta(days=REVENUE_DAYS - 1)
    prices = np.full(len(ids), np.nan)
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        prices[start : start + _AT_ONCE] = prices_of(part, last_on)
        found = read(
            SalesSeries.objects.filter(**id_filter("sku_id", part)).annotate(
                part=days_of("daily", begins="first_on", since=since, days=REVENUE_DAYS, size=4)
            ),
            {"sku_id": INT, "first_on": DAY, "part": BLOB},
        )
        at = np.searchsorted(part, found["sku_id"])
        mine = (at < len(part)) & (part[np.minimum(at, len(part) - 1)] == found["sku_id"])
        owner = np.repeat(np.arange(len(mine)), found["part"].sizes // 4)
        sold = np.bincount(owner, np.frombuffer(found["part"].flat, "<f4"), len(mine))
        np.add.at(units, start + at[mine], sold[mine])
        first[start + at[mine]] = np.fmin(first[start + at[mine]], found["first_on"][mine])
    return first, units / REVENUE_DAYS * prices
