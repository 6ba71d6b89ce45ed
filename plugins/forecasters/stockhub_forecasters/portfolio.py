"""The five models that are cheap enough to run for every series, over one reading of the history."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginapi import ForecastBatch, ForecastResult
from stockhub_forecasters.averages import MovingAverage
from stockhub_forecasters.intermittent import CrostonSba, Tsb
from stockhub_forecasters.matrix_forecaster import MatrixForecaster, histories
from stockhub_forecasters.outcome import joined
from stockhub_forecasters.seasonal_naive import SeasonalNaive
from stockhub_forecasters.smoothing import SesOptimised

PORTFOLIO: Final[tuple[MatrixForecaster, ...]] = (SeasonalNaive(), MovingAverage(), SesOptimised(), CrostonSba(), Tsb())


def portfolio_forecasts(batch: ForecastBatch, forecasters: tuple[MatrixForecaster, ...] = PORTFOLIO) -> dict[str, ForecastResult]:
    """Each forecaster's answer for the batch, by slug; equal to asking each for itself."""
    parts: dict[str, list[ForecastResult]] = {forecaster.slug: [] for forecaster in forecasters}
    for history in histories(batch.panel.values, batch.panel.observed):
        for forecaster in forecasters:
            parts[forecaster.slug].append(forecaster.forecast_history(history, batch))
    return {slug: joined(results, batch) for slug, results in parts.items()}


def portfolio_means(
    values: NDArray[np.float32], observed: NDArray[np.bool_], horizon: int, forecasters: tuple[MatrixForecaster, ...] = PORTFOLIO
) -> dict[str, NDArray[np.float32]]:
    """Each forecaster's means (n, horizon) alone, by slug, in units a day; NaN where a model is unfit.

    `values` and `observed` (n, t) as in a panel. Quantiles cost more than the forecasts, and a tournament does not need them.
    """
    means = {forecaster.slug: np.empty((values.shape[0], horizon), np.float32) for forecaster in forecasters}
    first = 0
    for history in histories(values, observed):
        after = first + history.values.shape[0]
        for forecaster in forecasters:
            means[forecaster.slug][first:after] = np.maximum(forecaster.outcome(history, horizon, 0).mean, 0.0)
        first = after
    return means
