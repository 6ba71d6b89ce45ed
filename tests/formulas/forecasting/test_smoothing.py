"""Averages and exponential smoothing."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.forecasting.averages import (
    moving_average,
    seasonal_naive,
    smoothed_history,
    weighted_average,
    weighted_moving_average,
)
from stockhub.formulas.forecasting.smoothing import (
    holt_state,
    holt_winters_state,
    season_forecast,
    ses_level,
    smoothed_level,
    trend_forecast,
)
from stockhub.values import Explanation

NAN = math.nan


def test_d14_the_weighted_average_and_smoothing_of_small_sellers() -> None:
    assert weighted_average([120.0, 100.0, 80.0]) == pytest.approx(106.0)
    assert weighted_moving_average(np.array([[80.0, 100.0, 120.0]])).tolist() == pytest.approx([106.0])
    assert smoothed_level(100.0, 120.0, 0.3) == pytest.approx(106.0)
    assert ses_level(np.array([[120.0]]), 0.3, 100.0).tolist() == pytest.approx([106.0])
    tree = weighted_average([Explanation.input(f"month_{i}", units, unit="unit") for i, units in enumerate((120.0, 100.0, 80.0))])
    assert tree.evaluate() == pytest.approx(106.0)


def test_an_average_of_what_there_is() -> None:
    series = np.array([[NAN, 4.0, NAN, 8.0], [NAN] * 4, [1.0, 2.0, 3.0, 4.0]])
    np.testing.assert_array_equal(moving_average(series, 3), [6.0, NAN, 3.0])
    np.testing.assert_array_equal(moving_average(series, 99), [6.0, NAN, 2.5])
    np.testing.assert_allclose(weighted_moving_average(series), [(0.5 * 8 + 0.2 * 4) / 0.7, NAN, 3.3])
    np.testing.assert_array_equal(smoothed_history(series, 2), [[NAN, 4.0, 4.0, 8.0], [NAN] * 4, [1.0, 1.5, 2.5, 3.5]])
    assert np.isnan(moving_average(np.zeros((2, 0)), 3)).all()


@pytest.mark.parametrize("weights", [(), (0.0, 1.0), (1.0, -0.5)])
def test_weights_that_are_none(weights: tuple[float, ...]) -> None:
    with pytest.raises(InvalidParameterError):
        weighted_moving_average(np.ones((1, 3)), weights)


def test_a_weight_for_each_period() -> None:
    for newest, weights in (([1.0], (0.5, 0.5)), ([1.0, 2.0], (0.0, 0.0)), ([], ())):
        with pytest.raises(InvalidParameterError):
            weighted_average(newest, weights)
    for window in (0, -1):
        with pytest.raises(InvalidParameterError):
            moving_average(np.ones((1, 1)), window)
        with pytest.raises(InvalidParameterError):
            smoothed_history(np.ones((1, 1)), window)


def test_the_last_season_again() -> None:
    series = np.array([[1.0, 2.0, 3.0, 4.0, 5.0], [1.0, 2.0, NAN, 4.0, NAN], [NAN] * 5])
    np.testing.assert_array_equal(seasonal_naive(series, 3, 4), [[3.0, 4.0, 5.0, 3.0], [NAN, 4.0, 2.0, NAN], [NAN] * 4])
    np.testing.assert_array_equal(seasonal_naive(series[:1], 7, 8), [[NAN, NAN, 1.0, 2.0, 3.0, 4.0, 5.0, NAN]])
    assert np.isnan(seasonal_naive(np.zeros((1, 0)), 2, 2)).all()
    with pytest.raises(InvalidParameterError):
        seasonal_naive(series, 0, 1)


def test_smoothing_starts_at_the_first_known_period_and_skips_the_missing() -> None:
    series = np.array([[NAN, 10.0, NAN, 20.0], [NAN] * 4, [5.0] * 4])
    np.testing.assert_array_equal(ses_level(series, 0.5), [15.0, NAN, 5.0])
    np.testing.assert_array_equal(ses_level(series, np.array([0.1, 0.5, 1.0])), [11.0, NAN, 5.0])
    np.testing.assert_array_equal(ses_level(np.zeros((1, 0)), 0.5, 3.0), [3.0])


@pytest.mark.parametrize("constant", [-0.1, 1.1, NAN])
def test_a_smoothing_constant_is_from_0_to_1(constant: float) -> None:
    with pytest.raises(InvalidParameterError, match="smoothing constant"):
        ses_level(np.ones((1, 2)), constant)
    with pytest.raises(InvalidParameterError, match="smoothing constant"):
        holt_state(np.ones((1, 2)), 0.1, constant, 1.0, 0.0)


@pytest.mark.parametrize("damping", [1.0, 0.85])
@pytest.mark.parametrize("seasonal", ["none", "add", "mul"])
def test_states_equal_statsmodels(damping: float, seasonal: str) -> None:
    rng = np.random.default_rng(3)
    y, season = rng.uniform(20, 80, (3, 30)), np.array([1.2, 0.8, 1.1, 0.9])
    fixed = {"smoothing_level": 0.3, "smoothing_trend": 0.2, "optimized": False}
    fixed |= {"damping_trend": damping} if damping < 1 else {}
    start = {"initial_level": 50.0, "initial_trend": 0.5, "initialization_method": "known", "trend": "add", "damped_trend": damping < 1}
    if seasonal == "none":
        plain = holt_state(y, 0.3, 0.2, 50.0, 0.5, damping)
        ahead = trend_forecast(plain, 6, damping)
    else:
        start |= {"seasonal": seasonal, "seasonal_periods": 4, "initial_seasonal": season}
        fixed |= {"smoothing_seasonal": 0.15}
        multiplies = seasonal == "mul"
        state = holt_winters_state(
            y,
            alpha=0.3,
            beta=0.2,
            gamma=0.15,
            initial_level=50.0,
            initial_trend=0.5,
            initial_season=season,
            phi=damping,
            multiplicative=multiplies,
        )
        ahead = season_forecast(state, 6, damping, multiplicative=multiplies)
    for row in range(3):
        with warnings.catch_warnings(action="ignore"):
            oracle = ExponentialSmoothing(y[row], **start).fit(**fixed)
        if seasonal != "none":
            np.testing.assert_allclose([state.level[row], state.trend[row]], [oracle.level[-1], oracle.trend[-1]], rtol=1e-9)
            # statsmodels 0.15 forecasts the last place of the season with the index from before its last observation.
            np.testing.assert_allclose(state.season[row], oracle.season[-4:], rtol=1e-9)
            keep = [0, 1, 2, 4, 5]
        else:
            keep = list(range(6))
        np.testing.assert_allclose(ahead[row, keep], oracle.forecast(6)[keep], rtol=1e-9)


def test_a_missing_period_moves_the_state_on_as_forecast() -> None:
    state = holt_state(np.array([[NAN, NAN]]), 0.3, 0.2, 10.0, 4.0, 0.5)
    assert (state.level.tolist(), state.trend.tolist()) == ([13.0], [1.0])
    seasons = holt_winters_state(
        np.array([[NAN]]), alpha=0.3, beta=0.2, gamma=0.1, initial_level=10.0, initial_trend=4.0, initial_season=np.array([1.0, 2.0])
    )
    assert season_forecast(seasons, 2).tolist() == [[20.0, 23.0]]


def test_a_multiplicative_season_of_nothing_is_missing() -> None:
    state = holt_winters_state(
        np.zeros((1, 4)),
        alpha=1.0,
        beta=0.0,
        gamma=0.5,
        initial_level=1.0,
        initial_trend=0.0,
        initial_season=np.array([1.0, 1.0]),
        multiplicative=True,
    )
    assert np.isnan(season_forecast(state, 1, multiplicative=True)).all()
