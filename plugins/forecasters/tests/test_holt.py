"""Holt's and Holt-Winters' method against statsforecast's ETS models: the same recursion, and constants that fit at least as well."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from statsforecast import models as oracle

from stockhub.pluginapi import ForecastBatch
from stockhub_forecasters.holt import HoltDamped, HoltWinters

BatchOf = Callable[..., ForecastBatch]
HORIZON = 28
MODELS: dict[str, tuple[HoltDamped | HoltWinters, Any]] = {
    "holt-damped": (HoltDamped(), oracle.AutoETS(season_length=1, model="AAN", damped=True)),
    "holt-undamped": (HoltDamped(damped=False), oracle.AutoETS(season_length=1, model="AAN", damped=False)),
    "holt-winters-damped": (HoltWinters(), oracle.AutoETS(season_length=7, model="AAA", damped=True)),
    "holt-winters-undamped": (HoltWinters(damped=False), oracle.AutoETS(season_length=7, model="AAA", damped=False)),
}


def fitted_by_the_oracle(model: Any, demand: NDArray[np.float64], season: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # noqa: ANN401
    """Its constants (alpha, beta, gamma, phi) and first states, in our order: it keeps the newest season first."""
    found = model.fit(demand).model_
    alpha, beta, gamma, phi = (float(value) for value in found["par"][:4])
    first = np.asarray(found["states"][0], np.float64)
    seasons = first[2 : 2 + season][::-1] if season > 1 else np.zeros(1)
    constants = np.array([alpha, beta, 0.0 if np.isnan(gamma) else gamma, 1.0 if np.isnan(phi) else phi])
    return constants, np.concatenate([first[:2], seasons])


def forecast_of_statsmodels(
    demand: NDArray[np.float64], constants: NDArray[np.float64], states: NDArray[np.float64]
) -> NDArray[np.float64]:
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    alpha, beta, gamma, phi = constants
    season, damped = states.size - 2, phi < 1.0
    model = ETSModel(
        demand,
        trend="add",
        damped_trend=damped,
        seasonal="add" if season > 1 else None,
        seasonal_periods=season if season > 1 else None,
        initialization_method="known",
        initial_level=states[0],
        initial_trend=states[1],
        initial_seasonal=states[2:] if season > 1 else None,
    )
    given = [alpha, beta, *([gamma] if season > 1 else []), *([phi] if damped else [])]
    return np.asarray(model.smooth(given).forecast(HORIZON), np.float64)


@pytest.fixture(scope="module")
def busy_series(real_demand: NDArray[np.float32]) -> list[NDArray[np.float64]]:
    """Twelve series of a real shop that sell on most days."""
    busiest = np.argsort(-(real_demand > 0).sum(axis=1), kind="stable")[:60:5]
    return [row[np.isfinite(row)].astype(np.float64) for row in real_demand[busiest]]


@pytest.mark.parametrize("name", MODELS)
def test_h23_constants_of_the_oracle_give_its_forecast_and_ours_fit_as_well(name: str, busy_series: list[NDArray[np.float64]]) -> None:
    from stockhub_forecasters.kernels.exponential import fit_states, follow_states

    forecaster, model = MODELS[name]
    ratios = []
    for demand in busy_series:
        constants, states = fitted_by_the_oracle(model, demand, forecaster.season)
        theirs, mean = np.empty(demand.size), np.empty(HORIZON)
        assert follow_states(demand, constants, states, HORIZON, theirs, mean) == demand.size
        # Beyond the first day statsforecast 2.1 damps its trend one power too little; statsmodels is the oracle there.
        same = HORIZON if not forecaster.damped else 1
        np.testing.assert_allclose(mean[:same], model.predict(HORIZON)["mean"][:same], rtol=1e-8, atol=1e-8)
        np.testing.assert_allclose(mean, forecast_of_statsmodels(demand, constants, states), rtol=1e-7, atol=1e-7)
        np.testing.assert_allclose(theirs, model.model_["residuals"], rtol=1e-6, atol=1e-8)
        ours = np.empty(demand.size)
        follow_states(demand, *fit_states(demand, forecaster.starts(), forecaster.season, forecaster.damped), HORIZON, ours, mean)
        ratios.append(float((ours**2).sum() / (theirs**2).sum()))
    assert max(ratios) < 1.01
    assert float(np.median(ratios)) < 1.0005


def test_variance_grows_as_simulated_errors_do() -> None:
    """A hundred thousand futures of the model itself: the deviation of each day ahead, relative to the first."""
    from stockhub_forecasters.kernels.exponential import error_growth

    alpha, beta, gamma, phi, season = 0.4, 0.1, 0.2, 0.9, 3
    rng = np.random.default_rng(5)
    level, trend, seasonal = np.zeros(100_000), np.zeros(100_000), np.zeros((season, 100_000))
    deviations = []
    for day in range(8):
        error = rng.normal(size=100_000)
        ahead = level + phi * trend
        deviations.append(float((ahead + seasonal[day % season] + error).std()))
        level, trend = ahead + alpha * error, phi * trend + beta * error
        seasonal[day % season] += gamma * error
    np.testing.assert_allclose(
        error_growth(np.array([alpha, beta, gamma, phi]), season, 8), np.array(deviations) / deviations[0], rtol=0.01
    )


def test_weekdays_are_kept_over_closed_days_and_a_straight_line_goes_on(batch_of: BatchOf) -> None:
    weekday = np.array([1, 2, 3, 4, 5, 6, 27], np.float32)
    demand = np.tile(weekday, 12)
    observed = np.ones(84, np.bool_)
    observed[30:41] = False
    observed[5::7] = False
    mean = HoltWinters().forecast(batch_of(demand, observed=observed, horizon=14), {}).mean[0]
    np.testing.assert_allclose(np.delete(mean, [5, 12]), np.delete(np.tile(weekday, 2), [5, 12]), atol=0.05)
    # The Saturday that was never observed is an average day.
    assert mean[5] == pytest.approx(np.delete(weekday, 5).mean(), abs=0.5)
    line = HoltDamped(damped=False).forecast(batch_of(np.arange(1.0, 41.0), horizon=5), {})
    np.testing.assert_allclose(line.mean[0], [41, 42, 43, 44, 45], rtol=1e-4)


@pytest.mark.parametrize(("forecaster", "fewest"), [(HoltDamped(), 10), (HoltWinters(), 24)])
def test_h23_fewer_days_than_twice_the_fitted_numbers_are_a_short_history(
    forecaster: HoltDamped | HoltWinters, fewest: int, batch_of: BatchOf
) -> None:
    assert forecaster.fewest_days == forecaster.min_history_days == fewest
    for days, unfit in ((fewest - 1, {0: "SHORT_HISTORY"}), (fewest, {})):
        assert forecaster.forecast(batch_of(np.arange(days) % 5), {}).unfit == unfit
