"""What the forecasters of this plugin have in common: they take a matrix apart into chunks and share what they read of it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginapi import ForecastBatch, Forecaster, ForecastResult, Panel, State
from stockhub_forecasters.outcome import ERROR_DAYS, Outcome, UnfitReason, joined, result_of, unfit_rows

#: Series worked on at once: some megabytes of history and errors, which stay in the processor's cache whatever the size of the batch.
CHUNK_ROWS: Final = 2048


@dataclass(frozen=True, slots=True)
class History:
    """A chunk of a panel. `values` and `observed` (n, t) as in the panel; `days` (n, t) and `counts` (n,) the observed days alone."""

    values: NDArray[np.float32]
    observed: NDArray[np.bool_]
    days: NDArray[np.float32]
    counts: NDArray[np.int64]


def histories(values: NDArray[np.float32], observed: NDArray[np.bool_]) -> Iterator[History]:
    """The rows of a panel, chunk by chunk."""
    from stockhub_forecasters.kernels.history import observed_days

    for first in range(0, values.shape[0], CHUNK_ROWS):
        # One memory layout and one type, so that numba compiles each kernel once.
        rows = np.require(values[first : first + CHUNK_ROWS], np.float32, ("C", "W"))
        known = np.require(observed[first : first + CHUNK_ROWS], np.bool_, ("C", "W"))
        days, counts = observed_days(rows, known)
        yield History(rows, known, days, counts)


class MatrixForecaster(Forecaster):
    """A forecaster that looks at each series by itself, so that there is nothing to fit over all of them."""

    def fit(self, panel: Panel) -> State:  # noqa: ARG002  part of the interface
        return {}

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:  # noqa: ARG002  part of the interface
        panel = batch.panel
        return joined([self.forecast_history(history, batch) for history in histories(panel.values, panel.observed)], batch)

    def forecast_history(self, history: History, batch: ForecastBatch) -> ForecastResult:
        """The answer for one chunk of the batch."""
        return result_of(self.outcome(history, batch.horizon, ERROR_DAYS), batch)

    @abstractmethod
    def outcome(self, history: History, horizon: int, tail: int) -> Outcome:
        """Means of `horizon` days and the last `tail` errors; with `tail` 0 the means alone, at a fraction of the time."""


class LevelForecaster(MatrixForecaster):
    """A forecaster that expects the same demand of every future day, and for which the observed days simply follow each other."""

    #: Why a series with observed days may have no level.
    undefined_because = UnfitReason.SHORT_HISTORY

    def outcome(self, history: History, horizon: int, tail: int) -> Outcome:  # noqa: ARG002  every day is alike
        levels, errors, error_counts = self.levels(history.days, history.counts, tail)
        return Outcome(levels[:, None], errors, error_counts, unfit_rows(levels, history.counts, self.undefined_because))

    @abstractmethod
    def levels(
        self, days: NDArray[np.float32], counts: NDArray[np.int64], tail: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
        """Levels (n,), errors (n, tail) and error counts (n,); shapes as in `kernels`."""
