"""Sales velocity over several windows, each with a weight that the seller sets or takes away (F2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.models import ForecastSettings
from stockhub.formulas.elementwise import FloatArray
from stockhub.pluginapi import ForecastBatch, Forecaster, ForecastResult, Panel, State
from stockhub.pluginhost.codec import pack_state
from stockhub.values import Label

#: Weights by window in days where the settings name none.
DEFAULT_WEIGHTS: Final[Mapping[int, float]] = {7: 1.0, 14: 1.0, 30: 1.0, 60: 1.0, 90: 1.0}
_DAYS, _WEIGHTS = "window_days", "window_weights"
#: Observed days from which their deviation is told.
_FEWEST_DAYS: Final = 8
#: Weights are added up in floating point; a level that is reached up to this is reached.
_ROUNDING: Final = 1e-9


class VelocityWindows(Forecaster):
    """The weighted mean of the units a day that sold in the last 7, 14, 30, 60 and 90 days, the same for every day ahead.

    A window counts its observed days alone, so that days without stock lower no velocity; one without any leaves its weight to the others.
    Every day thus has a weight of its own, and quantiles are those of the days as they weigh. `state` holds `window_days` (w,) and
    `window_weights` (w,).
    """

    slug = "velocity-windows"
    name = Label("Velocity of weighted windows", "多窗口加权日均销量")

    def fit(self, panel: Panel) -> State:  # noqa: ARG002 - weights are the seller's, and not learned
        return state_of(DEFAULT_WEIGHTS)

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        days, weights = state[_DAYS], state[_WEIGHTS]
        values = np.where(batch.panel.observed, batch.panel.values, np.nan)[:, -int(days.max()) :].astype(np.float64)
        if not values.shape[1]:
            values = np.full((len(values), 1), np.nan)
        seen = ~np.isnan(values)
        weight, filled = day_weights(seen, days, weights), np.where(seen, values, 0.0)
        mean = (weight * filled).sum(axis=1)
        n, h = len(mean), batch.horizon
        quantiles = weighted_quantiles(values, weight, batch.quantile_levels)
        return ForecastResult(
            mean=np.broadcast_to(mean[:, None], (n, h)).astype(np.float32),
            quantiles=np.broadcast_to(quantiles[:, :, None], (n, len(batch.quantile_levels), h)).astype(np.float32),
            error_sd=_deviation(filled - mean[:, None], weight).astype(np.float32),
            unfit=dict.fromkeys(np.flatnonzero(~(weight > 0).any(axis=1)).tolist(), "NO_OBSERVED_DAYS"),
        )


def state_of(weights: Mapping[int, float]) -> State:
    """Windows in days and their weights as a state; those that weigh nothing are left out. At least one weighs something."""
    used = sorted((days, weight) for days, weight in weights.items() if weight > 0)
    return {_DAYS: np.array([days for days, _weight in used], np.int64), _WEIGHTS: np.array([weight for _days, weight in used])}


def kept_of(wanted: ForecastSettings) -> dict[str, bytes]:
    """By slug, what a forecaster is to be asked with in place of what it would learn: the seller's weights, where there are any."""
    weights = {int(days): float(weight) for days, weight in (wanted.velocity_weights or {}).items()}
    return {VelocityWindows.slug: pack_state(state_of(weights))} if weights else {}


def day_weights(seen: NDArray[np.bool_], days: NDArray[np.int64], weights: NDArray[np.float64]) -> FloatArray:
    """How much each day (n, t) counts, by which days were observed: rows sum to 1, or to 0 where no window has an observed day.

    `days` (w,) are the windows, counted back from the last column, and `weights` (w,) what each weighs; its days share that alike.
    """
    n, t = seen.shape
    each, whole = np.zeros((n, t)), np.zeros(n)
    for window, weight in zip(days.tolist(), weights.tolist(), strict=True):
        first = max(t - window, 0)
        inside = seen[:, first:]
        count = inside.sum(axis=1)
        share = np.where(count > 0, weight, 0.0)
        each[:, first:] += inside * (share / np.maximum(count, 1))[:, None]
        whole += share
    return np.asarray(each / np.where(whole > 0, whole, 1.0)[:, None])


def weighted_quantiles(values: FloatArray, weight: FloatArray, levels: tuple[float, ...]) -> FloatArray:
    """The least value (n, q) up to which days (n, t) weigh as much as each level; 0 where no day weighs anything."""
    order = np.argsort(values, axis=1)  # NaN last
    ordered = np.take_along_axis(np.where(np.isnan(values), 0.0, values), order, axis=1)
    reached = np.cumsum(np.take_along_axis(weight, order, axis=1), axis=1)
    # The last day that weighs something: rounding may leave the sum of all weights short of a level close to 1.
    last = np.maximum((weight > 0).sum(axis=1) - 1, 0)
    at = np.empty((len(values), len(levels)), np.int64)
    for place, level in enumerate(levels):
        at[:, place] = np.minimum((reached < level - _ROUNDING).sum(axis=1), last)
    return np.asarray(np.take_along_axis(ordered, at, axis=1))


def _deviation(off: FloatArray, weight: FloatArray) -> FloatArray:
    """The deviation (n,) of a day from the mean, unbiased for days that weigh differently; NaN with fewer than eight."""
    free = 1.0 - (weight**2).sum(axis=1)
    variance = (weight * off**2).sum(axis=1) / np.where(free > 0, free, 1.0)
    return np.where((weight > 0).sum(axis=1) >= _FEWEST_DAYS, np.sqrt(variance), np.nan)
