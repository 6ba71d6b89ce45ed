"""From levels and errors to the answer that the host expects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginapi import ForecastBatch, ForecastResult

#: One-step-ahead errors that the quantiles rest on: the newest half year, because older ones describe another season and level.
ERROR_DAYS: Final = 182
#: With fewer errors, an empirical 90 % quantile is no more than the largest one seen.
FEWEST_ERRORS: Final = 8
#: From here on Poisson quantiles are taken from the normal distribution, to which they are equal within 0.03 % of the mean.
_LARGE_MEAN: Final = 1e4


class UnfitReason(StrEnum):
    """Why a model does not forecast a series."""

    #: Not one day on which the sales say something about demand.
    NO_OBSERVED_DAYS = "NO_OBSERVED_DAYS"
    #: Fewer days than the model is defined for.
    SHORT_HISTORY = "SHORT_HISTORY"
    #: Not one sale, and the model is about sales.
    NO_DEMAND = "NO_DEMAND"
    #: All series together are too few or too short for a model that learns from all of them.
    TOO_LITTLE_TO_LEARN_FROM = "TOO_LITTLE_TO_LEARN_FROM"
    #: The library gave up, or its answer is not finite.
    NOT_ESTIMABLE = "NOT_ESTIMABLE"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a model found for n series: the mean of each future day and its errors on the past ones.

    `mean` (n, h) float64, or (n, 1) where every future day has the same; NaN where the model is not defined. `errors` (n, tail) and
    `error_counts` (n,) as in `kernels`. `unfit` by position. `growth` (n, h): how many times wider the error of each future day is than
    that of the first, where the model says so.
    """

    mean: NDArray[np.float64]
    errors: NDArray[np.float64]
    error_counts: NDArray[np.int64]
    unfit: dict[int, str]
    growth: NDArray[np.float64] | None = None


def unfit_rows(levels: NDArray[np.float64], observed_counts: NDArray[np.int64], reason: UnfitReason) -> dict[int, str]:
    """The series (n,) whose level is NaN: without any observed day, or otherwise for the model's own `reason`."""
    rows = np.flatnonzero(np.isnan(levels)).tolist()
    return {row: UnfitReason.NO_OBSERVED_DAYS.value if observed_counts[row] == 0 else reason.value for row in rows}


def poisson_quantiles(mean: NDArray[np.float64], quantile_levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quantiles (n, q, h) of a Poisson day of `mean` (n, h): the smallest whole number below which demand stays with that probability."""
    from scipy import special

    # Means of short histories are few different numbers, and the inverse is slow.
    rates, place = np.unique(np.maximum(mean, 0.0), return_inverse=True)
    rate, level = rates[:, None], quantile_levels[None, :]
    normal = rate + special.ndtri(level) * np.sqrt(rate)
    guess = np.ceil(special.pdtrik(level, np.clip(rate, 1e-9, _LARGE_MEAN)))
    # pdtrik inverts the continuous extension, whose rounding may end one too high.
    lower = np.maximum(guess - 1.0, 0.0)
    exact = np.where(special.pdtr(lower, np.minimum(rate, _LARGE_MEAN)) >= level, lower, guess)
    quantiles = np.where(rate == 0.0, 0.0, np.where(rate > _LARGE_MEAN, normal, exact))
    ascending = np.maximum.accumulate(np.nan_to_num(quantiles), axis=1)
    return np.ascontiguousarray(np.swapaxes(ascending[place.reshape(mean.shape)], 1, 2))


def result_of(outcome: Outcome, batch: ForecastBatch) -> ForecastResult:
    """Adds the quantiles of the errors to the mean, floors both at 0, and zeroes the rows that are unfit.

    With fewer than FEWEST_ERRORS errors the deviation is unknown (NaN), and the quantiles are those of Poisson days, the narrowest that
    whole-number demand of that mean commonly has.
    """
    from stockhub_forecasters.kernels.spread import error_spread

    levels = np.asarray(batch.quantile_levels, np.float64)
    n = outcome.mean.shape[0]
    offsets, deviations = error_spread(outcome.errors, outcome.error_counts, levels, FEWEST_ERRORS)
    mean = np.maximum(outcome.mean, 0.0)
    spread = offsets[:, :, None] if outcome.growth is None else offsets[:, :, None] * outcome.growth[:, None, :]
    quantiles = np.maximum(outcome.mean[:, None, :] + spread, 0.0)
    few = np.flatnonzero(outcome.error_counts < FEWEST_ERRORS)
    quantiles[few] = poisson_quantiles(np.nan_to_num(mean[few]), levels)
    unfit = np.fromiter(outcome.unfit, np.int64, len(outcome.unfit))
    mean[unfit], quantiles[unfit], deviations[unfit] = 0.0, 0.0, np.nan
    return ForecastResult(
        mean=spread_over(mean, (n, batch.horizon)),
        quantiles=spread_over(quantiles, (n, levels.size, batch.horizon)),
        error_sd=deviations.astype(np.float32),
        unfit=outcome.unfit,
    )


def spread_over(values: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Repeats a single future day over the horizon, in an array of its own."""
    filled = np.empty(shape, np.float32)
    filled[...] = values
    return filled


def joined(results: Sequence[ForecastResult], batch: ForecastBatch) -> ForecastResult:
    """The answers for consecutive chunks of a batch, as one."""
    if not results:
        q = len(batch.quantile_levels)
        empty = np.empty((0, batch.horizon), np.float32)
        return ForecastResult(empty, np.empty((0, q, batch.horizon), np.float32), np.empty(0, np.float32))
    unfit: dict[int, str] = {}
    first = 0
    for result in results:
        unfit.update((first + row, reason) for row, reason in result.unfit.items())
        first += result.mean.shape[0]
    return ForecastResult(
        mean=np.concatenate([result.mean for result in results]),
        quantiles=np.concatenate([result.quantiles for result in results]),
        error_sd=np.concatenate([result.error_sd for result in results]),
        unfit=unfit,
        lead_time_quantiles=_joined_sums(results),
    )


def _joined_sums(results: Sequence[ForecastResult]) -> NDArray[np.float32] | None:
    found = [result.lead_time_quantiles for result in results if result.lead_time_quantiles is not None]
    return np.concatenate(found) if len(found) == len(results) else None
