"""Quantiles, error deviations and reasons for no forecast."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from stockhub.pluginapi import ForecastBatch, Forecaster, RegisterRequest
from stockhub_forecasters.aggregation import Imapa
from stockhub_forecasters.averages import MovingAverage
from stockhub_forecasters.holt import HoltDamped
from stockhub_forecasters.intermittent import CrostonSba, Tsb
from stockhub_forecasters.matrix_forecaster import LevelForecaster
from stockhub_forecasters.outcome import poisson_quantiles
from stockhub_forecasters.plugin import stockhub_register_forecasters
from stockhub_forecasters.portfolio import PORTFOLIO, portfolio_forecasts, portfolio_means
from stockhub_forecasters.seasonal_naive import SeasonalNaive
from stockhub_forecasters.smoothing import SesOptimised

BatchOf = Callable[..., ForecastBatch]
RandomDemand = Callable[[str, int, int], NDArray[np.float32]]


def naive_errors(demand: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.diff(demand.astype(np.float64))


def test_quantiles_are_those_of_the_last_182_one_step_errors(batch_of: BatchOf, random_demand: RandomDemand) -> None:
    demand = random_demand("huge", 3, 300)[1:]
    result = MovingAverage(window=1).forecast(batch_of(demand, horizon=3, levels=(0.5, 0.8, 0.98)), {})
    for row, series in enumerate(demand):
        errors = naive_errors(series)[-182:]
        expected = series[-1] + np.quantile(errors, (0.5, 0.8, 0.98), method="weibull")
        np.testing.assert_allclose(result.quantiles[row], np.repeat(expected[:, None], 3, axis=1), rtol=1e-6)
        assert result.error_sd[row] == pytest.approx(errors.std(ddof=1), rel=1e-6)


def test_quantiles_are_floored_at_zero(batch_of: BatchOf) -> None:
    result = MovingAverage(window=2).forecast(batch_of([[9, 0] * 10 + [0, 0]], levels=(0.01, 0.5)), {})
    assert (result.quantiles[0, 0] == 0.0).all()


@pytest.mark.parametrize("errors", [7, 8])
def test_eight_errors_are_needed_for_a_deviation(errors: int, batch_of: BatchOf) -> None:
    result = SesOptimised().forecast(batch_of([3, 5, 3, 5, 3, 5, 3, 5, 3][: errors + 1]), {})
    assert np.isnan(result.error_sd[0]) == (errors < 8)


def test_quantiles_of_a_short_history_are_poisson(batch_of: BatchOf) -> None:
    levels = (0.1, 0.5, 0.8, 0.9, 0.95, 0.98)
    result = MovingAverage().forecast(batch_of([4, 2, 3], levels=levels, horizon=2), {})
    expected = stats.poisson.ppf(np.array(levels)[:, None], np.full((1, 2), 3.0))
    np.testing.assert_array_equal(result.quantiles[0], expected)
    assert result.unfit == {}


def test_poisson_quantiles_equal_scipy_and_turn_normal_for_large_means() -> None:
    levels = np.array([0.01, 0.5, 0.8, 0.9, 0.95, 0.98, 0.999])
    means = np.array([0.0, 1e-6, 0.01, 0.3, 1.0, 2.0, 7.5, 100.0, 9999.0])
    np.testing.assert_array_equal(poisson_quantiles(means[None, :], levels)[0], stats.poisson.ppf(levels[:, None], means[None, :]))
    large = np.array([[1e4 + 1, 1e6, 1e9]])
    np.testing.assert_allclose(poisson_quantiles(large, levels)[0], stats.poisson.ppf(levels[:, None], large), rtol=3e-4)


def test_coverage_on_real_demand(real_demand: NDArray[np.float32], batch_of: BatchOf) -> None:
    """Three of four days are zero there, so that the median holds more than half of them; the upper quantiles are within two points."""
    cutoff = real_demand.shape[1] - 28
    old_enough = np.isfinite(real_demand[:, cutoff - 60])
    past, future = real_demand[old_enough, :cutoff][::2], real_demand[old_enough, cutoff:][::2]
    for forecaster in (MovingAverage(), SesOptimised(), Tsb(), Imapa(), HoltDamped()):
        result = forecaster.forecast(batch_of(past, horizon=28, levels=(0.9, 0.95, 0.98)), {})
        covered = (future[:, None, :] <= result.quantiles + 1e-6).mean(axis=(0, 2))
        np.testing.assert_allclose(covered, (0.9, 0.95, 0.98), atol=0.025)


def test_reasons_for_no_forecast(batch_of: BatchOf) -> None:
    demand = np.array([[np.nan] * 8, [0] * 8, [np.nan] * 2 + [1] * 6, [5] * 8], np.float32)
    observed = np.ones(demand.shape, np.bool_)
    observed[3] = False
    batch = batch_of(demand, observed=observed)
    nothing = {0: "NO_OBSERVED_DAYS", 3: "NO_OBSERVED_DAYS"}
    assert SeasonalNaive().forecast(batch, {}).unfit == nothing | {2: "SHORT_HISTORY"}
    assert CrostonSba().forecast(batch, {}).unfit == nothing | {1: "NO_DEMAND"}
    for forecaster in (MovingAverage(), SesOptimised(), Tsb()):
        result = forecaster.forecast(batch, {})
        assert result.unfit == nothing
        assert (result.mean[1] == 0.0).all()
        assert (result.mean[3] == 0.0).all()


#: The models for which a day that is not observed is no day; the others keep the calendar.
WITHOUT_CALENDAR = [f for f in stockhub_register_forecasters(RegisterRequest("1.0")) if isinstance(f, LevelForecaster | HoltDamped)]


@pytest.mark.parametrize("forecaster", WITHOUT_CALENDAR, ids=lambda forecaster: forecaster.slug)
def test_days_not_observed_are_as_if_they_had_not_been(forecaster: Forecaster, batch_of: BatchOf, random_demand: RandomDemand) -> None:
    demand = random_demand("intermittent", 6, 90)[1:5]
    closed = np.zeros(90, np.bool_)
    closed[[3, 40, 41, 42, 89]] = True
    gaps = demand.copy()
    gaps[:, 41:43] = np.nan
    without = forecaster.forecast(batch_of(demand[:, ~closed]), {})
    with_gaps = forecaster.forecast(batch_of(gaps, observed=np.broadcast_to(~closed, demand.shape)), {})
    np.testing.assert_array_equal(with_gaps.mean, without.mean)
    np.testing.assert_array_equal(with_gaps.quantiles, without.quantiles)


def test_seasonal_naive_keeps_weekdays_over_closed_days(batch_of: BatchOf) -> None:
    demand = np.array([1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 14, 15, 16, 17], np.float32)
    observed = np.ones(14, np.bool_)
    observed[8] = False
    observed[[2, 9]] = False
    mean = SeasonalNaive().forecast(batch_of(demand, observed=observed, horizon=8), {}).mean[0]
    never_observed = (11 + 2 + 14 + 15 + 16 + 17) / 6
    np.testing.assert_array_equal(mean, np.array([11, 2, never_observed, 14, 15, 16, 17, 11], np.float32))


def test_portfolio_answers_as_each_forecaster_does(batch_of: BatchOf, random_demand: RandomDemand) -> None:
    batch = batch_of(np.tile(random_demand("intermittent", 50, 80), (60, 1)))
    together = portfolio_forecasts(batch)
    means = portfolio_means(batch.panel.values, batch.panel.observed, batch.horizon)
    assert set(together) == set(means) == {"seasonal-naive", "moving-average", "ses-optimised", "croston-sba", "tsb"}
    for forecaster in PORTFOLIO:
        alone = forecaster.forecast(batch, {})
        assert together[forecaster.slug].unfit == alone.unfit
        for name in ("mean", "quantiles", "error_sd"):
            np.testing.assert_array_equal(getattr(together[forecaster.slug], name), getattr(alone, name))
        expected = alone.mean.copy()
        expected[list(alone.unfit)] = np.nan
        np.testing.assert_array_equal(means[forecaster.slug], expected)
