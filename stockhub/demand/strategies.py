"""The built-in forecaster: what a StockHub without plugins forecasts with, and the end of every chain."""

from __future__ import annotations

import numpy as np

from stockhub.pluginapi import ForecastBatch, Forecaster, ForecastResult, Panel, State
from stockhub.values import Label


class RecentAverage(Forecaster):
    """The mean of the last 28 observed days, the same for every day ahead; quantiles are those of the same days.

    Defined for any series: one without an observed day is forecast as never selling.
    """

    slug = "recent-average"
    name = Label("Average of the last 28 days", "近28天平均")
    days = 28

    def fit(self, panel: Panel) -> State:
        return {}

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        values = np.where(batch.panel.observed, batch.panel.values, np.nan).astype(np.float64)
        recent = _last_observed(values, self.days)
        seen = ~np.isnan(recent)
        count = seen.sum(axis=1)
        filled = np.where(seen, recent, 0.0)
        mean = filled.sum(axis=1) / np.maximum(count, 1)
        deviation = np.where(seen, recent - mean[:, None], 0.0)
        sd = np.sqrt((deviation**2).sum(axis=1) / np.maximum(count - 1, 1))
        ordered = np.sort(recent, axis=1)  # NaN last
        positions = np.ceil(np.array(batch.quantile_levels)[None, :] * count[:, None]).astype(np.int64) - 1
        quantiles = np.take_along_axis(ordered, np.clip(positions, 0, recent.shape[1] - 1), axis=1)
        quantiles = np.where(count[:, None] > 0, quantiles, 0.0)
        n, h, q = len(mean), batch.horizon, len(batch.quantile_levels)
        return ForecastResult(
            mean=np.broadcast_to(mean[:, None], (n, h)).astype(np.float32),
            quantiles=np.broadcast_to(quantiles[:, :, None], (n, q, h)).astype(np.float32),
            error_sd=np.where(count >= 8, sd, np.nan).astype(np.float32),
        )


def _last_observed(values: np.ndarray, days: int) -> np.ndarray:
    """The last `days` days (n, days) that were observed, counted back over those that were not; NaN where there are fewer."""
    n, t = values.shape
    if t == 0:
        return np.full((n, 1), np.nan)
    # A stable sort brings unobserved days to the front and leaves the others in their order.
    order = np.argsort(~np.isnan(values), axis=1, kind="stable")
    return np.take_along_axis(values, order, axis=1)[:, -min(days, t) :]
