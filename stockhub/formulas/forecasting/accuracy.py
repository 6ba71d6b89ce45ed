"""How far forecasts were off (H24; science.md 2.1; Hyndman and Koehler 2006, IJF 22).

Truth and forecast are (…, h), measures (…,). A day whose truth is missing, such as a censored one, is left out; a forecast that is missing
where the truth is known makes the measure missing, so that no model gains by not answering. Without any truth a measure is missing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray, ratio
from stockhub.formulas.errors import InvalidParameterError


def bias(actual: FloatArray, forecast: FloatArray) -> FloatArray:
    """The mean error f − y; above 0 is forecast too much."""
    return _mean(forecast - actual, ~np.isnan(actual))


def mean_absolute_error(actual: FloatArray, forecast: FloatArray) -> FloatArray:
    """MAE. The all-zero forecast wins it on demand that is mostly zero: no champion of intermittent demand is chosen by it."""
    return _mean(np.abs(forecast - actual), ~np.isnan(actual))


def mean_squared_error(actual: FloatArray, forecast: FloatArray) -> FloatArray:
    """MSE."""
    return _mean((forecast - actual) ** 2, ~np.isnan(actual))


def root_mean_squared_error(actual: FloatArray, forecast: FloatArray) -> FloatArray:
    """RMSE."""
    return np.sqrt(mean_squared_error(actual, forecast))


def weighted_absolute_percentage_error(actual: FloatArray, forecast: FloatArray) -> FloatArray:
    """WAPE, Σ|e| / Σ|y|; missing where nothing was asked for."""
    known = ~np.isnan(actual)
    errors = np.where(known, np.abs(forecast - actual), 0.0).sum(axis=-1)
    return np.asarray(ratio(errors, np.where(known, np.abs(actual), 0.0).sum(axis=-1)))


def mean_absolute_percentage_error(actual: FloatArray, forecast: FloatArray) -> FloatArray:
    """MAPE as a fraction, over the days with demand alone, of which `days_without_demand` were left out; missing without such a day.

    Reported because people ask for it, and never selected by: it is not defined at 0 and rewards forecasts that are too low.
    """
    used = ~np.isnan(actual) & (actual != 0)
    return _mean(np.abs(forecast - actual) / np.where(used, np.abs(actual), 1.0), used)


def days_without_demand(actual: FloatArray) -> NDArray[np.int64]:
    """The days that MAPE leaves out, because nothing was asked for."""
    return np.asarray((actual == 0).sum(axis=-1), np.int64)


def symmetric_percentage_error(actual: FloatArray, forecast: FloatArray) -> FloatArray:
    """The mean of |e| / (|y| + |f|), 0 to 1; a day on which nothing was forecast and nothing asked for is met exactly: 0."""
    size = np.abs(actual) + np.abs(forecast)
    return _mean(np.where(size == 0, 0.0, np.abs(forecast - actual) / np.where(size == 0, 1.0, size)), ~np.isnan(actual))


def symmetric_mean_absolute_percentage_error(actual: FloatArray, forecast: FloatArray) -> FloatArray:
    """SMAPE as the literature has it, the mean of 2|e| / (|y| + |f|), 0 to 2."""
    return 2.0 * symmetric_percentage_error(actual, forecast)


def mean_absolute_scaled_error(actual: FloatArray, forecast: FloatArray, train: FloatArray, season: int) -> FloatArray:
    """MASE: MAE over the mean absolute error of the seasonal naive forecast in the training days (…, t).

    Missing where that is 0 or there are no two days a season apart; InvalidParameterError for a season below 1.
    """
    return np.asarray(ratio(mean_absolute_error(actual, forecast), _mean_seasonal(np.abs, train, season)))


def root_mean_squared_scaled_error(actual: FloatArray, forecast: FloatArray, train: FloatArray, season: int) -> FloatArray:
    """RMSSE: the root of MSE over the mean squared error of the seasonal naive forecast in the training days (…, t); missing as MASE."""
    return np.sqrt(np.asarray(ratio(mean_squared_error(actual, forecast), _mean_seasonal(np.square, train, season))))


def _mean_seasonal(size: np.ufunc, train: FloatArray, season: int) -> FloatArray:
    """The mean size (…,) of the differences between days a season apart."""
    if season < 1:
        raise InvalidParameterError("season", season, "a season of at least one day")
    steps = train[..., season:] - train[..., : max(train.shape[-1] - season, 0)]
    return _mean(size(steps), ~np.isnan(steps))


def _mean(values: FloatArray, used: NDArray[np.bool_]) -> FloatArray:
    count = used.sum(axis=-1)
    return np.where(count > 0, np.where(used, values, 0.0).sum(axis=-1) / np.maximum(count, 1), np.nan)
