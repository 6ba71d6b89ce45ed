"""Forecast runs: each series by its champion, then a chain of forecasters, each asked for what the ones before it could not do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.frames import POOL_BITS
from stockhub.demand.strategies import RecentAverage
from stockhub.pluginapi import ForecastBatch, ForecastResult, Panel
from stockhub.pluginhost.forecasting import run_forecaster
from stockhub.pluginhost.registry import registry
from stockhub.values import DomainError

#: Who makes lead-time demand where the settings name nobody and it is installed: who else comes first by name is no choice.
LEAD_TIME_FORECASTER: Final = "lead-time"
#: Tried in this order, as far as they are installed. Optimised smoothing has the least error of the cheap models over 14 and 28 days on
#: the reference data; the averages need less history; the built-in one is always there.
DEFAULT_CHAIN: Final = ("ses-optimised", "moving-average", RecentAverage.slug)
#: Why a series was not given to a forecaster; forecasters say the same of what is too short for them in other ways.
SHORT_HISTORY = "SHORT_HISTORY"
#: Series that a costly forecaster is given at once: minutes for the slowest.
COSTLY_AT_ONCE = 200


@dataclass(slots=True)
class ChainResult:
    """Forecasts of n rows: arrays as in `ForecastResult`, and for every row the model that made it and why not an earlier one."""

    mean: NDArray[np.float32]
    quantiles: NDArray[np.float32]
    error_sd: NDArray[np.float32]
    model_used: list[str]
    fallback_reason: list[str]
    #: Forecasters that failed as a whole, with the error.
    failures: dict[str, str] = field(default_factory=dict)


def run_chain(
    panel: Panel,
    *,
    chain: Sequence[str],
    horizon: int,
    quantile_levels: tuple[float, ...],
    champions: Sequence[str] | NDArray[np.object_] = (),
    kept: Mapping[str, bytes] | None = None,
) -> ChainResult:
    """Forecasts every series with its champion or else with the first forecaster of the chain that can.

    `champions` (n,) are slugs, empty for a series without one; nothing where there are none at all. Rows that nobody can do stay NaN with
    an empty model. A forecaster is not given series that are shorter than it says it needs. `kept` by slug is what one is asked with
    in place of what it would learn of the panel.
    """
    n, q = len(panel.series_ids), len(quantile_levels)
    result = ChainResult(
        np.full((n, horizon), np.nan, np.float32),
        np.full((n, q, horizon), np.nan, np.float32),
        np.full(n, np.nan, np.float32),
        [""] * n,
        [""] * n,
    )
    first = np.array(champions if len(champions) else [""] * n, object)
    is_open = np.ones(n, np.bool_)
    question = _Asked(panel, horizon, quantile_levels, result, kept or {})
    for slug in sorted(set(first.tolist()) - {""}):
        question.ask(slug, np.flatnonzero(first == slug), is_open)
    for slug in chain:
        # A champion that could not is not asked again.
        question.ask(slug, np.flatnonzero(is_open & (first != slug)), is_open)
    return result


@dataclass(frozen=True, slots=True)
class _Asked:
    panel: Panel
    horizon: int
    quantile_levels: tuple[float, ...]
    result: ChainResult
    kept: Mapping[str, bytes]

    def ask(self, slug: str, rows: NDArray[np.intp], is_open: NDArray[np.bool_]) -> None:
        """Asks one forecaster for some rows and closes those that it has answered."""
        long_enough = old_enough(self.panel, slug)[rows]
        _note(self.result, rows[~long_enough], f"{slug}: {SHORT_HISTORY}")
        rows = rows[long_enough]
        if not len(rows):
            return
        for part in self._batches(slug, rows):
            try:
                batch = ForecastBatch(_part(self.panel, part), self.horizon, self.quantile_levels)
                answer = run_forecaster(slug, batch, kept=self.kept.get(slug))
            except DomainError as error:
                self.result.failures[slug] = f"{error.code}: {error.message}"
                # Those that were still to come would cost its deadline again.
                _note(self.result, rows[is_open[rows] & (rows >= part[0])], f"{slug}: {error.code}")
                return
            is_open[_take(self.result, part, slug, answer, np.isin(part, rows))] = False

    def _batches(self, slug: str, rows: NDArray[np.intp]) -> list[NDArray[np.intp]]:
        """One that learns from all series together is shown all of them, whoever it is asked for; a costly one that does not, few at a
        time, so that a batch ends before the deadline of a call.
        """
        forecaster = registry().forecasters.get(slug)
        if forecaster is None or forecaster.costly == forecaster.learns_across_series:
            return [rows]
        if forecaster.learns_across_series:
            return [np.flatnonzero(old_enough(self.panel, slug))]
        return [rows[start : start + COSTLY_AT_ONCE] for start in range(0, len(rows), COSTLY_AT_ONCE)]


def old_enough(panel: Panel, slug: str) -> NDArray[np.bool_]:
    """Which series (n,) have as many days, stock-out days among them, as the forecaster says that it needs."""
    forecaster = registry().forecasters.get(slug)
    least = 1 if forecaster is None else forecaster.min_history_days
    # One without a day is the forecaster's own to judge: the built-in one expects nothing of it.
    return np.asarray((least <= 1) | ((~np.isnan(panel.values)).sum(axis=1) >= least))


def known_until(history: Panel, rows: NDArray[np.intp], start: int, known: int) -> Panel:
    """Some series as they were known after `known` days: their days from `start` on, and beyond them what calendars and plans had said.

    A price that was seen later was not known then.
    """
    values, observed = history.values[rows, start:known], history.observed[rows, start:known]
    ahead = {name: array[rows, start:] for name, array in history.drivers.items()}
    if "price" in ahead:
        ahead["price"] = ahead["price"].copy()
        ahead["price"][:, known - start :] = np.nan
    open_days = None if history.open_days is None else history.open_days[rows, start:]
    ids = history.series_ids[rows]
    categories = None if history.categories is None else history.categories[rows]
    for array in (values, observed, ids, *ahead.values(), *(each for each in (open_days, categories) if each is not None)):
        array.flags.writeable = False
    first_on = np.datetime64(history.start_on) + start
    return Panel(ids, first_on.astype(object), values, observed, open_days, ahead, categories)


def _part(panel: Panel, rows: NDArray[np.intp]) -> Panel:
    if len(rows) == len(panel.series_ids):
        return panel
    return panel.rows(rows)


def _note(result: ChainResult, rows: NDArray[np.intp], reason: str) -> None:
    for row in rows:
        before = result.fallback_reason[row]
        result.fallback_reason[row] = (f"{before}; {reason}" if before else reason)[:200]


def _take(result: ChainResult, rows: NDArray[np.intp], slug: str, answer: ForecastResult, wanted: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Keeps what was answered for the rows that are `wanted` and returns these rows."""
    unfit = np.zeros(len(rows), np.bool_)
    for position, reason in answer.unfit.items():
        unfit[position] = True
        if wanted[position]:
            _note(result, rows[[position]], f"{slug}: {reason}")
    taken = wanted & ~unfit
    done = rows[taken]
    result.mean[done] = answer.mean[taken]
    result.quantiles[done] = answer.quantiles[taken]
    result.error_sd[done] = answer.error_sd[taken]
    for row in done:
        result.model_used[row] = slug
    return done


def series_ids(sku_ids: NDArray[np.int64], pool_ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """A stable id for each (SKU, pool): random seeds derive from it."""
    return (sku_ids << POOL_BITS) | pool_ids


def panel_of(
    ids: NDArray[np.int64],
    baseline: NDArray[np.float64],
    observed: NDArray[np.bool_],
    start_on: date,
    *,
    open_days: NDArray[np.bool_] | None = None,
    drivers: Mapping[str, NDArray[np.float32]] | None = None,
    categories: NDArray[np.int64] | None = None,
) -> Panel:
    """The panel of cleaned demand (n, t): what forecasters learn from. Its arrays are read-only."""
    values = baseline.astype(np.float32)
    optional = [array for array in (open_days, categories) if array is not None]
    for array in (values, observed, ids, *(drivers or {}).values(), *optional):
        array.flags.writeable = False
    return Panel(ids, start_on, values, observed, open_days, drivers or {}, categories)
