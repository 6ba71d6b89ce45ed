"""Costly models of other people's libraries, which look at one series at a time."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginapi import ForecastBatch, Forecaster, ForecastResult, Panel, State
from stockhub_forecasters.outcome import UnfitReason

WEEK: Final = 7
#: Known days that a series needs: four weeks, so that a weekday has been seen four times.
FEWEST_DAYS: Final = 28
#: No day is forecast, and no quantile put, above so many times the largest day of the history: multiplicative models explode on a few
#: series, and a number that no shop ever sells would be taken for demand.
MOST_TIMES_LARGEST: Final = 3.0
#: How libraries say that they cannot estimate a series. Anything else is a defect and fails the call.
NOT_ESTIMABLE: Final = (ValueError, ArithmeticError, RuntimeError, IndexError, np.linalg.LinAlgError)


@dataclass(frozen=True, slots=True)
class SeriesHistory:
    """One series from its first known day on. `demand` (d,) float64, NaN on days that are not known; `series_id` for seeds."""

    series_id: int
    first_on: date
    demand: NDArray[np.float64]

    @property
    def known(self) -> NDArray[np.bool_]:
        known: NDArray[np.bool_] = np.isfinite(self.demand)
        return known


@dataclass(frozen=True, slots=True)
class SeriesForecast:
    """`mean` (h,), `quantiles` (q, h) and the deviation of the one-day-ahead error, NaN where it is unknown."""

    mean: NDArray[np.float64]
    quantiles: NDArray[np.float64]
    error_sd: float


class SingleSeriesForecaster(Forecaster):
    """Takes a panel apart into series, and answers the simple ones itself: a series that was always the same stays the same."""

    costly: ClassVar[bool] = True
    min_history_days: ClassVar[int] = FEWEST_DAYS

    def fit(self, panel: Panel) -> State:  # noqa: ARG002  part of the interface
        return {}

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:  # noqa: ARG002  part of the interface
        n, h, q = batch.panel.values.shape[0], batch.horizon, len(batch.quantile_levels)
        mean, quantiles = np.zeros((n, h), np.float32), np.zeros((n, q, h), np.float32)
        error_sd = np.full(n, np.nan, np.float32)
        unfit: dict[int, str] = {}
        for row in range(n):
            answer = self._answer(batch, row)
            if isinstance(answer, UnfitReason):
                unfit[row] = answer.value
                continue
            mean[row], quantiles[row], error_sd[row] = answer.mean, np.maximum.accumulate(answer.quantiles, axis=0), answer.error_sd
        return ForecastResult(mean, quantiles, error_sd, unfit)

    def _answer(self, batch: ForecastBatch, row: int) -> SeriesForecast | UnfitReason:
        history = history_of(batch.panel, row)
        known = history.demand[history.known]
        if not known.size:
            return UnfitReason.NO_OBSERVED_DAYS
        if known.size < FEWEST_DAYS:
            return UnfitReason.SHORT_HISTORY
        if (known == known[0]).all():
            same = np.full((len(batch.quantile_levels) + 1, batch.horizon), known[0])
            return SeriesForecast(same[0], same[1:], 0.0)
        try:
            answer = self.forecast_series(history, batch)
        except NOT_ESTIMABLE:
            return UnfitReason.NOT_ESTIMABLE
        if not (np.isfinite(answer.mean).all() and np.isfinite(answer.quantiles).all()):
            return UnfitReason.NOT_ESTIMABLE
        most = MOST_TIMES_LARGEST * known.max()
        return SeriesForecast(np.clip(answer.mean, 0.0, most), np.clip(answer.quantiles, 0.0, most), answer.error_sd)

    @abstractmethod
    def forecast_series(self, history: SeriesHistory, batch: ForecastBatch) -> SeriesForecast:
        """The forecast of one series, of which FEWEST_DAYS days are known, not all the same. May raise what NOT_ESTIMABLE names."""


def history_of(panel: Panel, row: int) -> SeriesHistory:
    """A series of the panel from its first known day on; empty where there is none."""
    demand = np.where(panel.observed[row], panel.values[row], np.nan).astype(np.float64)
    demand[~np.isfinite(demand)] = np.nan
    known = np.flatnonzero(np.isfinite(demand))
    first = int(known[0]) if known.size else demand.size
    return SeriesHistory(int(panel.series_ids[row]), panel.start_on + timedelta(days=first), demand[first:])


def gaps_filled(history: SeriesHistory) -> NDArray[np.float64]:
    """The demand (d,) with each unknown day as the mean of the known days of its weekday, of all known days where there are none."""
    filled = history.demand.copy()
    everything = np.nanmean(filled)
    for phase in range(WEEK):
        days = history.demand[phase::WEEK]
        known = days[np.isfinite(days)]
        filled[phase::WEEK] = np.where(np.isfinite(days), days, known.mean() if known.size else everything)
    return filled


def deviation(errors: NDArray[np.float64]) -> float:
    """The standard deviation of the known errors; NaN where there are fewer than eight."""
    known = errors[np.isfinite(errors)]
    return float(known.std(ddof=1)) if known.size >= 8 else float("nan")
