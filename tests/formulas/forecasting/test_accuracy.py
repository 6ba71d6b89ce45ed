"""Point measures."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.forecasting.accuracy import (
    bias,
    days_without_demand,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_absolute_scaled_error,
    root_mean_squared_error,
    root_mean_squared_scaled_error,
    symmetric_mean_absolute_percentage_error,
    symmetric_percentage_error,
    weighted_absolute_percentage_error,
)
from stockhub.formulas.forecasting.rolling_origin import rolling_origin

NAN = math.nan
MEASURES = (
    bias,
    mean_absolute_error,
    root_mean_squared_error,
    weighted_absolute_percentage_error,
    mean_absolute_percentage_error,
    symmetric_percentage_error,
)


def test_h24_a_backtest_reports_rmse_and_mape() -> None:
    actual, forecast = np.array([100.0, 120.0, 80.0]), np.array([110.0, 115.0, 90.0])
    assert float(root_mean_squared_error(actual, forecast)) == pytest.approx(8.660, abs=5e-4)
    assert float(mean_absolute_percentage_error(actual, forecast)) == pytest.approx(0.0889, abs=5e-5)


def test_h24_cross_validation_judges_each_window_by_what_it_could_know() -> None:
    series = np.array([[10.0, 20.0, 10.0, 20.0, 10.0, 24.0, 14.0, 20.0]])
    windows = [window.split(series) for window in rolling_origin(8, 2, windows=2)]
    forecasts = [train[:, -2:] for train, _ in windows]
    scores = [float(root_mean_squared_error(valid, f)[0]) for (_, valid), f in zip(windows, forecasts, strict=True)]
    assert scores == pytest.approx([math.sqrt(8.0), 4.0])


def test_percentages_leave_out_days_without_demand() -> None:
    actual, forecast = np.array([0.0, 4.0, 0.0]), np.array([1.0, 5.0, 0.0])
    assert float(mean_absolute_percentage_error(actual, forecast)) == 0.25
    assert int(days_without_demand(actual)) == 2
    assert float(symmetric_percentage_error(actual, forecast)) == pytest.approx((1 + 1 / 9 + 0) / 3)
    assert float(symmetric_mean_absolute_percentage_error(actual, forecast)) == pytest.approx(2 * (1 + 1 / 9) / 3)
    assert float(weighted_absolute_percentage_error(actual, forecast)) == 0.5


def test_nothing_asked_for_is_no_percentage() -> None:
    nothing = np.zeros(3)
    assert np.isnan(weighted_absolute_percentage_error(nothing, np.ones(3)))
    assert np.isnan(mean_absolute_percentage_error(nothing, np.ones(3)))
    assert float(symmetric_percentage_error(nothing, nothing)) == 0.0


def test_a_censored_day_is_no_truth_and_a_missing_forecast_no_excuse() -> None:
    actual = np.array([[1.0, NAN, 3.0], [1.0, 2.0, 3.0], [NAN, NAN, NAN]])
    forecast = np.array([[2.0, 50.0, 2.0], [NAN, 2.0, 3.0], [1.0, 1.0, 1.0]])
    np.testing.assert_array_equal(mean_absolute_error(actual, forecast), [1.0, NAN, NAN])
    np.testing.assert_array_equal(bias(actual, forecast), [0.0, NAN, NAN])


@pytest.mark.parametrize("measure", MEASURES)
def test_no_day_is_no_measure(measure: object) -> None:
    assert callable(measure)
    assert np.isnan(measure(np.zeros((2, 0)), np.zeros((2, 0)))).all()


def test_a_scale_needs_two_days_a_season_apart_that_differ() -> None:
    y, f = np.array([1.0, 2.0]), np.array([2.0, 2.0])
    train = np.array([1.0, 2.0, 4.0, 6.0])
    assert float(mean_absolute_scaled_error(y, f, train, 1)) == pytest.approx(0.5 / (5 / 3))
    assert float(root_mean_squared_scaled_error(y, f, train, 2)) == pytest.approx(math.sqrt(0.5 / 12.5))
    for short in (np.full(9, 5.0), np.ones(1), np.zeros(0)):
        assert np.isnan(mean_absolute_scaled_error(y, f, short, 1))
    assert np.isnan(root_mean_squared_scaled_error(y, f, train, 4))
    assert np.isnan(root_mean_squared_scaled_error(y, f, train, 9))
    with pytest.raises(InvalidParameterError):
        mean_absolute_scaled_error(y, f, train, 0)


counts = st.lists(st.integers(0, 50).map(float), min_size=4, max_size=12)


@settings(max_examples=60, deadline=None)
@given(actual=counts, forecast=counts, train=counts, scale=st.floats(0.01, 1000))
def test_wape_and_rmsse_do_not_depend_on_the_unit(actual: list[float], forecast: list[float], train: list[float], scale: float) -> None:
    h = min(len(actual), len(forecast))
    y, f, past = np.array(actual[:h]), np.array(forecast[:h]), np.array(train)
    np.testing.assert_allclose(
        weighted_absolute_percentage_error(y * scale, f * scale), weighted_absolute_percentage_error(y, f), rtol=1e-9
    )
    np.testing.assert_allclose(
        root_mean_squared_scaled_error(y * scale, f * scale, past * scale, 2), root_mean_squared_scaled_error(y, f, past, 2), rtol=1e-9
    )
