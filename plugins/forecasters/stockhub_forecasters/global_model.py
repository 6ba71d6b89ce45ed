"""Models that all series share: trained on every series of the panel, asked about each."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginapi import ForecastBatch, Forecaster, ForecastResult, Panel, State
from stockhub_forecasters.calibration import Multiples, multiples_of
from stockhub_forecasters.features import OWN_FEATURES, PanelFeatures
from stockhub_forecasters.outcome import UnfitReason, joined
from stockhub_forecasters.training import MOST_STEPS, examples_of, held_out_days, seed_of

#: A trained model: named arrays, so that the state can hold it.
Model = Mapping[str, NDArray[Any]]
#: Days of history below which trees learn noise: on 63 days their error is three times that of an average.
FEWEST_PANEL_DAYS: Final = 112
#: Known days that a series needs to be asked about.
FEWEST_DAYS: Final = 56
_FEWEST_EXAMPLES: Final = 150
_CHUNK_SERIES: Final = 512
_FEWEST_ERRORS: Final = 8
_MODEL: Final = "model_"
_EARLIER: Final = "earlier_"
#: A forecast is at least this part of the series' own rate, so that multiples of it are finite.
_LEAST_FORECAST: Final = 0.02


class GlobalForecaster(Forecaster):
    """A regression of demand, as a multiple of the series' own recent rate, on what was known on the day of the forecast.

    Direct, not recursive: the number of days ahead is a feature, and no forecast is fed back as if it had been sold. `fit` trains twice:
    once without the last eight weeks, on which the errors are taken that the quantiles and deviations rest on, then on everything. Both
    models are in the state, as arrays; `forecast` looks at one series at a time.
    """

    costly: ClassVar[bool] = True
    learns_across_series: ClassVar[bool] = True
    min_history_days: ClassVar[int] = FEWEST_DAYS
    #: Training examples at most: what one core learns in seconds.
    most_examples: ClassVar[int] = 120_000

    @abstractmethod
    def train(
        self, features: NDArray[np.float32], targets: NDArray[np.float64], weights: NDArray[np.float64], names: tuple[str, ...], seed: int
    ) -> Model:
        """The model as named arrays. `features` (r, k), `targets` and `weights` (r,) at least 0; deterministic, on one thread."""

    @abstractmethod
    def predict(self, model: Model, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """Predictions (r,) for `features` (r, k), each row for itself."""

    def fit(self, panel: Panel) -> State:
        """An empty state where there is too little to learn from; then every series is unfit."""
        if panel.values.shape[1] < FEWEST_PANEL_DAYS:
            return {}
        examples = examples_of(panel, self.most_examples)
        past, held_out = ~examples.held_out, examples.held_out
        if min(past.sum(), held_out.sum()) < _FEWEST_EXAMPLES:
            return {}
        drivers = tuple(sorted(panel.drivers))
        names = OWN_FEATURES + tuple(f"driver_{name}" for name in drivers)
        seed = seed_of(panel.series_ids)
        # Demand a day varies about as its size does, and its multiple of a small rate the more.
        weights = np.sqrt(examples.scale / (examples.scale + 1.0))
        earlier = self.train(examples.features[past], examples.targets[past], weights[past], names, seed)
        scale = examples.scale[held_out]
        forecast = self._multiples(earlier, examples.features[held_out]) * scale
        multiples = multiples_of(examples.targets[held_out] * scale, forecast, examples.sold_share[held_out])
        model = self.train(examples.features, examples.targets, weights, names, seed)
        calibration = {"drivers": np.array(drivers, np.str_), "level_edges": multiples.level_edges, "multiples": multiples.quantiles}
        return calibration | _prefixed(_MODEL, model) | _prefixed(_EARLIER, earlier)

    def _multiples(self, model: Model, features: NDArray[np.float32]) -> NDArray[np.float64]:
        return np.maximum(self.predict(model, features), _LEAST_FORECAST)

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        panel, n = batch.panel, batch.panel.values.shape[0]
        chunks = [np.arange(first, min(first + _CHUNK_SERIES, n)) for first in range(0, n, _CHUNK_SERIES)]
        return joined([self._forecast_part(panel.rows(rows), batch, state) for rows in chunks], batch)

    def _forecast_part(self, panel: Panel, batch: ForecastBatch, state: State) -> ForecastResult:
        n, h, q = panel.values.shape[0], batch.horizon, len(batch.quantile_levels)
        mean, quantiles = np.zeros((n, h), np.float32), np.zeros((n, q, h), np.float32)
        error_sd = np.full(n, np.nan, np.float32)
        features = PanelFeatures(panel, tuple(str(name) for name in state.get("drivers", ())))
        unfit = _unfit(features.known_days(), trained=bool(state))
        rows = np.setdiff1d(np.arange(n), np.fromiter(unfit, np.int64, len(unfit)))
        if rows.size:
            multiples = Multiples(state["level_edges"], state["multiples"])
            series, steps = np.repeat(rows, h), np.tile(np.arange(1, h + 1), rows.size)
            origins = np.full(series.size, features.days)
            expected = self._expected(_without(_MODEL, state), features, series, origins, steps)
            cells = multiples.cells(expected, features.sold_share(series, origins, 112))
            mean[rows] = expected.reshape(rows.size, h)
            spread = multiples.at(cells, batch.quantile_levels) * expected[:, None]
            quantiles[rows] = np.swapaxes(spread.reshape(rows.size, h, q), 1, 2)
            error_sd[rows] = self._error_sd(_without(_EARLIER, state), features, rows)
        return ForecastResult(mean, quantiles, error_sd, unfit)

    def _expected(
        self, model: Model, features: PanelFeatures, rows: NDArray[np.int64], origins: NDArray[np.int64], steps: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Units a day (r,) on day `origins + steps - 1`."""
        table = features.table(rows, origins, steps)
        # The day itself is told as it is; how far ahead it is, as far as that was learned.
        table[:, OWN_FEATURES.index("step")] = np.minimum(steps, MOST_STEPS)
        return self._multiples(model, table) * features.rates(rows, origins)

    def _error_sd(self, earlier: Model, features: PanelFeatures, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """The deviation (k,) of one-day-ahead errors on the days that the earlier model had not seen; NaN where too few are known."""
        newest = np.arange(features.days - held_out_days(features.days), features.days)
        series, days = np.repeat(rows, newest.size), np.tile(newest, rows.size)
        expected = self._expected(earlier, features, series, days, np.ones(series.size, np.int64))
        known = features.known[series, days].reshape(rows.size, -1)
        errors = np.where(known, (features.values[series, days] - expected).reshape(rows.size, -1), 0.0)
        count = known.sum(axis=1)
        mean = errors.sum(axis=1) / np.maximum(count, 1)
        squares = np.where(known, (errors - mean[:, None]) ** 2, 0.0).sum(axis=1)
        return np.where(count >= _FEWEST_ERRORS, np.sqrt(squares / np.maximum(count - 1, 1)), np.nan)


def _prefixed(prefix: str, model: Model) -> dict[str, NDArray[Any]]:
    return {prefix + name: array for name, array in model.items()}


def _without(prefix: str, state: State) -> dict[str, NDArray[Any]]:
    return {name.removeprefix(prefix): array for name, array in state.items() if name.startswith(prefix)}


def _unfit(known_days: NDArray[np.int64], *, trained: bool) -> dict[int, str]:
    reasons: dict[int, str] = {}
    for row, days in enumerate(known_days.tolist()):
        if days == 0:
            reasons[row] = UnfitReason.NO_OBSERVED_DAYS.value
        elif days < FEWEST_DAYS:
            reasons[row] = UnfitReason.SHORT_HISTORY.value
        elif not trained:
            reasons[row] = UnfitReason.TOO_LITTLE_TO_LEARN_FROM.value
    return reasons
