"""Does a forecast lean to one side? (H2; Trigg 1964)"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from stockhub.formulas.elementwise import FloatArray, N, explained, greater, ratio, where

#: The tracking signal beyond which errors are no longer chance.
TRACKING_LIMIT = 4.0

#: What `forecast_lean` answers, and the slugs in that order.
UNBIASED, TOO_HIGH, TOO_LOW = 0.0, 1.0, 2.0
FORECAST_LEANS: Final = ("unbiased", "over_optimistic", "over_pessimistic")


@dataclass(frozen=True, slots=True)
class Tracking:
    """Σ(actual − forecast) (n,) and the mean absolute error (n,); missing without a period that is known."""

    error_sum: FloatArray
    mean_absolute_error: FloatArray


def tracking(actual: FloatArray, forecast: FloatArray) -> Tracking:
    """The statistics over periods (n, t), those with a missing number left out."""
    errors = actual - forecast
    known = ~np.isnan(errors)
    count = known.sum(axis=-1)
    errors = np.where(known, errors, 0.0)
    mean = np.abs(errors).sum(axis=-1) / np.maximum(count, 1)
    return Tracking(np.where(count > 0, errors.sum(axis=-1), np.nan), np.where(count > 0, mean, np.nan))


@explained(unit="1")
def tracking_signal(error_sum: N, mean_absolute_error: N) -> N:
    """Σ(actual − forecast) over the mean absolute error: 100 forecast and 80 sold in six periods are −6. 0 where every forecast was met.

    Below 0 too much was forecast, the other way round from `accuracy.bias`, which has the forecast first.
    """
    return where(greater(mean_absolute_error, 0.0), ratio(error_sum, mean_absolute_error), 0.0)


@explained(unit="code")
def forecast_lean(error_sum: N, mean_absolute_error: N, limit: N | float = TRACKING_LIMIT) -> N:
    """Whether a forecast is too high or too low beyond chance, which is an alert: the tracking signal beyond ± the limit."""
    signal: N = tracking_signal(error_sum, mean_absolute_error)
    return where(greater(signal, limit), TOO_LOW, where(greater(-signal, limit), TOO_HIGH, UNBIASED))
